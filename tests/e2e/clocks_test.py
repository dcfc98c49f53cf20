"""Vector and hybrid clocks, in either engine: every row shows what the rows before it give."""

import os
import re
import signal
import unittest

from case import EndToEndCase
from programs import VM, free_ports

import attack
from clocks import check_clocks
from checker import check_run
from model import VmModel
from replay import Expected, Replay
from run_folder import HEADER, read_traces

MESH = """
seed: 5
duration: 2s
clocks: {keep: [lamport, vector, hybrid]}
vms:
  count: 4
  clock_rate: 100
  workload: {draw: 4}
  physical_clock: {drift_ppb: 50000}
  overrides: {vm2: {physical_clock: {offset: 300ms}}, vm3: {physical_clock: {offset: -1s}}}
"""

LOSSY = """
network:
  delay: {uniform: [1ms, 20ms]}
  loss: 0.1
  duplicate: 0.1
  links: [{from: vm1, to: vm2, delay: 300ms, reorder: true}]
"""

BOTH = ("engine=live", "engine=virtual")


def header(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().rstrip("\n")


def rows(run):
    return [row for trace in run.trials[0].traces.values() for row in trace.rows]


class Clocks(EndToEndCase):

    def test_every_rule_is_kept(self):
        # Rules 2.4, 2.7, 4.2 to 4.5
        for engine in BOTH:
            for stamp in ("after", "before"):
                with self.subTest(engine=engine, stamp=stamp):
                    run = self.run_ok(MESH, "--set", engine, "--set", f"clocks.stamp={stamp}")
                    self.assertTrue(any(row.event == "receive" for row in rows(run)))

    def test_every_rule_is_kept_on_links_that_lose_double_and_reorder(self):
        # Rules 2.7, 5.2, 5.3
        for engine in BOTH:
            for stamp in ("after", "before"):
                with self.subTest(engine=engine, stamp=stamp):
                    run = self.run_ok(MESH + LOSSY, "--set", engine, "--set",
                                      f"clocks.stamp={stamp}")
                    kinds = {row.event for row in rows(run)}
                    self.assertLessEqual({"drop", "duplicate", "left"}, kinds)

    def test_columns_stand_where_they_are_kept_and_in_their_order(self):
        # Rule 4.5
        for engine in BOTH:
            for keep, more in (("[]", ""), ("[vector]", ",vector"), ("[hybrid]", ",hybrid"),
                               ("[hybrid, vector]", ",vector,hybrid")):
                with self.subTest(engine=engine, keep=keep):
                    run = self.run_ok(MESH, "--set", engine, "--set", f"clocks.keep={keep}",
                                      "--duration", "500ms")
                    self.assertEqual(header(run.path / "trial-1" / "vm1.csv"), HEADER + more)

    def test_unpaced_machines_keep_them_too(self):
        run = self.run_ok(MESH, "--set", "vms.clock_rate=unpaced", "--duration", "100ms")
        self.assertTrue(any(row.event == "receive" for row in rows(run)))

    def test_other_clocks_change_neither_the_hash_nor_anything_else(self):
        # docs/formats.md, trace hash
        with_them = self.run_ok(MESH + LOSSY, "--virtual")
        without = self.run_ok(MESH + LOSSY, "--virtual", "--set", "clocks.keep=[lamport]")
        hashed = self.run_ok(MESH + LOSSY, "--virtual", "--set", "trace=hash")
        self.assertEqual(with_them.trials[0].record, without.trials[0].record)
        self.assertEqual(with_them.trials[0].record, hashed.trials[0].record)
        for name in ("vm1", "vm4"):
            lines, shorter = ((run.path / "trial-1" / f"{name}.csv").read_text().splitlines()
                              for run in (with_them, without))
            cut = [re.sub(",[^,]*,[^,]*$", "", line) for line in lines]
            self.assertEqual(cut, shorter)

    def test_many_machines_share_one_trace(self):
        run = self.run_ok("{seed: 1, duration: 3s, engine: virtual, vms: {count: 260}, network:"
                          " {topology: {random: 3}}, clocks: {keep: [vector, hybrid]}}")
        self.assertEqual(header(run.path / "trial-1" / "all.csv"), HEADER + ",vector,hybrid")
        self.assertEqual({len(row.vector) for row in rows(run)}, {260})

    def test_frames_that_are_longer_than_a_hello_go_over(self):
        # 40 entries are more bytes than a hello's endpoint may have.
        run = self.run_ok("{seed: 1, duration: 1s, vms: {count: 40, clock_rate: 5}, network:"
                          " {topology: ring}, clocks: {keep: [vector, hybrid]}, trace: csv}")
        self.assertTrue(any(row.event == "receive" for row in rows(run)))

    def test_more_than_the_memory_is_refused_with_the_number(self):
        for engine in BOTH:
            with self.subTest(engine):
                path = self.scenario("{vms: {count: 1000000}, network: {topology: ring}, clocks:"
                                     " {keep: [vector]}}")
                finished = self.orchestrate(path, "--set", engine)
                self.assert_status(finished, 3)
                if engine == "engine=virtual":  # As processes they are too many anyway.
                    self.assertRegex(finished.stderr, r"needs about \d+\.\d GiB, \d+\.\d GiB are")
        self.assert_nothing_left()

    def test_the_trace_of_a_machine_that_crashed_is_read_with_them(self):
        process, folder = self.start_run(MESH, "--duration", "1h")
        self.wait_for_rows(process, folder, 20)
        os.kill(min(self.sandbox.vms()), signal.SIGKILL)
        self.assert_status(self.sandbox.finish(process), 1)
        run = self.assert_checked(folder)
        self.assertEqual(sum("signaled" in vm["exit"] for vm in run.trials[0].vms), 1)

    def test_by_hand_as_a_scenario_says(self):
        base = free_ports(3)
        text = (f"{{seed: 31, duration: 1s, vms: {{count: 3, clock_rate: 50}}, network:"
                f" {{transport: tcp, base_port: {base}}}, clocks: {{keep: [vector, hybrid]}}}}")
        path = self.scenario(text)
        running = [self.sandbox.start([VM, "--scenario", path, "--id", str(id)])
                   for id in (1, 2, 3)]
        for process in running:
            self.assert_status(self.sandbox.finish(process), 0)
        names = ["vm1", "vm2", "vm3"]
        traces = read_traces(self.sandbox.work)
        replays = {name: Replay(traces[name], VmModel(id, name, None, 0, [], 10, {}, 0, 0),
                                Expected(names)) for id, name in enumerate(names, start=1)}
        self.assertEqual(traces["vm1"].clocks, ("vector", "hybrid"))
        self.assertEqual(check_clocks(replays, names, "after"), [])
        self.assertTrue(any(replay.received for replay in replays.values()))


class AttackedClocks(EndToEndCase):

    def test_ten_thousand_bad_frames_change_no_clock(self):
        # docs/formats.md, bad frames
        base = free_ports(3)
        text = (MESH.replace("count: 4", "count: 3").replace("duration: 2s", "duration: 1h")
                + f"network: {{transport: tcp, base_port: {base}}}\nlog: {{events: false}}\n")
        process, folder = self.start_run(text)
        self.wait_for_rows(process, folder, 20)
        for port in (base + 1, base + 2, base + 3):
            attack.send_mutated(port, 10000, seed=port, clocks=5)
        process.terminate()
        self.assert_status(self.sandbox.finish(process), 143)
        run = self.assert_checked(folder)
        self.assertEqual(run.run["problems"], [])
        for vm in run.trials[0].vms:
            self.assertGreater(vm["bad"], 5000, vm["name"])
            self.assertGreater(vm["received"], 0, vm["name"])


class CheckerOfClocks(EndToEndCase):
    """A clock that is wrong anywhere is found: else the tests above would show nothing."""

    def problems_with(self, run, change):
        """What the checker says when one receive of vm1 is changed."""
        path = run.path / "trial-1" / "vm1.csv"
        lines = path.read_text().splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if ",receive," in line and i > 20)
        changed = lines[:at] + [change(lines[at])] + lines[at + 1:]
        path.write_text("".join(changed))
        try:
            return check_run(run.path)
        finally:
            path.write_text("".join(lines))

    def test_a_wrong_entry_is_found(self):
        run = self.run_ok(MESH, "--virtual")

        def entry(line):
            head, vector, hybrid = line.rsplit(",", 2)
            first, rest = vector.split(";", 1)
            return f"{head},{int(first) + 1};{rest},{hybrid}"

        def logical(line):
            head, count = line.rstrip("\n").rsplit(";", 1)
            return f"{head};{int(count) + 1}\n"

        def time(line):
            head, hybrid = line.rsplit(",", 1)
            us, rest = hybrid.split(";")
            return f"{head},{int(us) + 1};{rest}"

        self.assertEqual(self.problems_with(run, lambda line: line), [])
        for change, word in ((entry, "vector is"), (logical, "hybrid is"), (time, "hybrid is")):
            with self.subTest(change.__name__):
                self.assertRegex(self.problems_with(run, change)[0], word)

    def test_clocks_that_the_scenario_does_not_keep_are_found(self):
        run = self.run_ok(MESH, "--virtual")
        text = (run.path / "run.json").read_text()
        kept = re.sub(r'"lamport",\s*"vector",\s*"hybrid"', '"lamport"', text)
        self.assertNotEqual(kept, text)
        (run.path / "run.json").write_text(kept)
        self.assertIn("vm1: clocks", check_run(run.path)[0])


if __name__ == "__main__":
    unittest.main()
