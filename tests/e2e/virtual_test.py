"""Virtual time: the same run folder as live, recomputed from the rules; the same bytes each time."""

import re
import signal
import unittest

from case import EndToEndCase
from programs import CONFIGS

import model

MESH = "{seed: 5, duration: 20s, engine: virtual, vms: {count: 4, clock_rate: {min: 1, max: 50}}}"


class VirtualTime(EndToEndCase):

    def files(self, folder):
        return {path.name: path.read_bytes() for path in (folder / "trial-1").iterdir()}

    def test_every_rule_is_kept(self):
        # Rules 1.2, 1.3, 2.1 to 2.6, 3.2, 4.1, 7.1, 7.2
        for changes in ([], ["ticks.phase=aligned"], ["clocks.stamp=before"],
                        ["network.topology=ring"], ["network.topology={random: 2}"],
                        ["vms.workload={draw: 2, actions: {1: all, 2: random}}"],
                        ["vms.overrides.vm2.clock_rate=0.7"], ["ticks.multiplier=1.5"],
                        ["vms.physical_clock={drift_ppb: 100000, offset: 3s}"]):
            with self.subTest(changes):
                sets = [word for change in changes for word in ("--set", change)]
                run = self.run_ok(MESH, *sets)
                self.assertEqual(run.run["engine"], "virtual")
                self.assertEqual(sorted(run.trials[0].traces), ["vm1", "vm2", "vm3", "vm4"])

    def test_a_shipped_scenario_runs_in_virtual_time_and_starts_nothing(self):
        folder = self.new_folder()
        finished = self.orchestrate(CONFIGS / "five_trials.yaml", "--virtual", "--seed", "7",
                                    "--output", folder, "--vm-program", "/nonexistent")
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        self.assertEqual(len(run.trials), 5)
        self.assertTrue(all(vm["missed_ticks"] == 0 for vm in run.trials[0].vms))
        self.assertIn("verdict: ok", finished.stdout)
        self.assert_nothing_left()

    def test_the_same_seed_gives_the_same_bytes(self):
        first, second = (self.run_ok(MESH) for _ in range(2))
        other = self.run_ok(MESH, "--seed", "6")
        self.assertEqual(self.files(first.path), self.files(second.path))
        self.assertNotEqual(self.files(first.path), self.files(other.path))
        again = self.new_folder()
        self.assert_status(self.orchestrate(first.path / "scenario.yaml", "--output", again), 0)
        self.assertEqual(self.files(first.path), self.files(again))

    def test_the_worked_example_of_the_documentation(self):
        text = (CONFIGS.parent / "docs" / "formats.md").read_text(encoding="utf-8")
        section = text.split("### The first second of three machines")[1].split("\n## ")[0]
        [scenario] = re.findall(r"`(\{seed: .*\})`", section.replace("\n", " "))
        run = self.run_ok(scenario)
        rows = [line for vm in ("vm1", "vm2", "vm3")
                for line in (run.path / "trial-1" / f"{vm}.csv").read_text().splitlines()[1:]]
        told = re.findall(r"word\((\d+), (\d), (\d+), (\d+)\) = (0x[0-9A-F]{16}) +(.*)", section)
        self.assertEqual(len(told), 2 * 3 + len(rows))
        vms = run.trials[0].vms
        for seed, stream, a, b, word, says in told:
            with self.subTest(says):
                asked = model.word(int(seed), int(stream), int(a), int(b))
                self.assertEqual(int(word, 16), asked)
                if int(stream) == model.RATE:
                    rate = vms[int(a) - 1]["clock_rate"]
                    self.assertEqual(says, f"rate of vm{a}: {rate} per second")
                elif int(stream) == model.PHASE:
                    self.assertEqual(says, f"phase of vm{a}: {vms[int(a) - 1]['phase_ns']} ns")
                else:
                    draw, row = says.split()
                    self.assertEqual(int(draw), 1 + model.uniform(asked, 10))
                    self.assertIn(row, rows)
                    self.assertTrue(row.startswith(f"vm{a},{b},"))
        self.assertIn(run.trials[0].record["hash"], section)

    def test_many_machines_share_one_trace_in_order_of_time(self):
        run = self.run_ok("{seed: 1, duration: 5s, engine: virtual, vms: {count: 300},"
                          " network: {topology: {random: 3}}}")
        self.assertEqual(sorted(self.files(run.path)), ["all.csv", "links.csv", "vms.csv"])
        self.assertEqual(len(run.trials[0].traces), 300)
        lines = (run.path / "trial-1" / "all.csv").read_text().splitlines()[1:]
        times = [int(line.split(",")[2]) for line in lines]
        self.assertEqual(times, sorted(times))

    def test_what_only_processes_can_do_is_refused(self):
        path = self.scenario(MESH)
        for key in ("vms.clock_rate", "vms.overrides.vm2.clock_rate"):
            with self.subTest(key):
                self.assert_bad_usage(path, "--set", f"{key}=unpaced",
                                      words=(f"{key}: ", "needs 'engine: live'"))

    def test_ctrl_c_ends_a_long_run_in_order(self):
        process, folder = self.start_run(
            "{seed: 1, duration: 20000h, engine: virtual, trace: none,"
            " vms: {count: 3, clock_rate: 1000}}")
        self.wait_while_running(process, lambda: (folder / "scenario.yaml").exists(), "it runs")
        process.send_signal(signal.SIGINT)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 128 + signal.SIGINT)
        self.assertIn("verdict: interrupted", finished.stdout)


if __name__ == "__main__":
    unittest.main()
