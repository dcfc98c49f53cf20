"""The exercise itself: three machines at rates of their own, every row recomputed from the seed."""

import os
import re
import unittest

from case import EndToEndCase
from programs import CONFIGS, scaled

import model
from run_folder import RunFolder


class Exercise(EndToEndCase):

    def test_three_machines_keep_every_rule(self):
        # Rules 1.2, 1.3, 1.4, 2.1 to 2.6, 3.2, 4.1, 7.1, 7.2
        seconds = scaled(6, 60)
        finished = self.orchestrate(CONFIGS / "three_vms.yaml", "--seed", "7",
                                    "--duration", f"{seconds}s", "--output", "run")
        self.assert_status(finished, 0)
        run = self.assert_checked(self.sandbox.work / "run")
        self.assertEqual(run.scenario["seed"], "7")
        for id, vm in enumerate(run.trials[0].vms, start=1):
            rate = 1 + model.uniform(model.word(7, model.RATE, id, 0), 6)
            self.assertEqual(vm["clock_rate"], rate)
            self.assertEqual(vm["ticks"] + vm["missed_ticks"], seconds * rate)
        self.assertRegex(finished.stdout, r"(?m)^verdict: ok$")
        self.assertRegex(finished.stdout, r"(?m)^run folder: run$|^run folder: .*/run$")
        for name in ("vm1", "vm2", "vm3"):
            self.assertIn(name, finished.stdout)
        self.assert_nothing_left()

    def test_the_scenario_of_a_run_folder_runs_again_to_the_same_draws(self):
        # Rule 2.6
        first = self.run_ok("vms: {count: 3, clock_rate: {min: 5, max: 50}}", "--duration", "1s")
        again = self.new_folder()
        finished = self.orchestrate(first.path / "scenario.yaml", "--output", again)
        self.assert_status(finished, 0)
        second = self.assert_checked(again)
        drawn = [[(vm["clock_rate"], vm["phase_ns"]) for vm in run.trials[0].vms]
                 for run in (first, second)]
        self.assertEqual(drawn[0], drawn[1])
        self.assertEqual(first.scenario["seed"], second.scenario["seed"])

    def test_a_seed_that_nobody_gave_is_drawn_printed_and_recorded(self):
        process, folder = self.start_run("vms: {count: 2}", "--duration", "200ms")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        seed = RunFolder(folder).scenario["seed"]
        self.assertIn(str(seed), finished.stdout + finished.stderr)
        self.assertRegex((folder / "scenario.yaml").read_text(), rf"(?m)^seed: '?\"?{seed}\b")

    def test_every_shipped_scenario_is_sound(self):
        paths = sorted(CONFIGS.glob("*.yaml"))
        self.assertGreaterEqual(len(paths), 11)
        for path in paths:
            with self.subTest(path.name):
                self.assert_status(self.orchestrate(path, "--check"), 0)
        self.assertEqual(os.listdir(self.sandbox.work), [])

    def test_the_folder_of_a_run_holds_what_is_promised(self):
        # docs/formats.md, run folder
        path = self.scenario("{name: tidy, duration: 300ms, vms: {names: [alice, bob]}}")
        self.assert_status(self.orchestrate(path), 0)
        logs = self.sandbox.work / "logs" / "tidy"
        latest = os.readlink(logs / "latest")
        self.assertRegex(latest, r"^(.*/)?\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$")
        folder = logs / latest
        self.assertEqual(sorted(os.listdir(folder)),
                         ["orchestrator.log", "run.json", "scenario.yaml", "trial-1"])
        self.assertEqual(sorted(os.listdir(folder / "trial-1")),
                         ["alice.csv", "alice.log", "bob.csv", "bob.log"])
        self.assert_checked(folder)

    def test_the_human_log_tells_each_event(self):
        run = self.run_ok("{seed: 3, vms: {count: 3, clock_rate: 40}}", "--duration", "1s")
        for name, trace in run.trials[0].traces.items():
            log = (run.path / "trial-1" / f"{name}.log").read_text()
            for event in ("internal", "send", "receive"):
                rows = sum(row.event == event for row in trace.rows)
                lines = len(re.findall(rf"\b{event}", log))
                self.assertGreaterEqual(lines, rows, f"{name}: {event}")


class Scenarios(EndToEndCase):
    """Short runs of everything that a scenario may ask of a live run; the checker does the rest."""

    def test_trials_have_seeds_of_their_own(self):
        # Rule 1.2; docs/formats.md: trial t > 1 runs with word(seed, 0, t, 0) >> 1
        run = self.run_ok("{seed: 11, trials: 3, duration: 400ms, vms: {count: 3}}")
        self.assertEqual([trial.record["seed"] for trial in run.trials],
                         [str(model.trial_seed(11, t)) for t in (1, 2, 3)])

    def test_topologies(self):
        # Rule 5.1
        for topology in ("mesh", "ring", "line", "star", "{random: 2}",
                         "{edges: [[vm1, vm2], [vm2, vm1], [vm1, vm4], [vm5, vm1]]}"):
            with self.subTest(topology):
                self.run_ok("{seed: 5, duration: 600ms, vms: {count: 5, clock_rate: 60},"
                            f" network: {{topology: {topology}}}}}")

    def test_tcp(self):
        self.run_ok("{seed: 5, duration: 600ms, vms: {count: 4, clock_rate: 100},"
                    " network: {transport: tcp}}")

    def test_targets_of_a_draw(self):
        # Rules 2.2, 2.3
        self.run_ok("{seed: 6, duration: 1s, vms: {count: 4, clock_rate: 100, workload:"
                    " {draw: 6, actions: {1: random, 2: vm3, 3: all, 4: after_next}}}}")

    def test_one_vm_alone(self):
        # Rule 2.3: without a peer the draw is an internal event
        run = self.run_ok("{seed: 6, duration: 500ms, vms: {count: 1, clock_rate: 50}}")
        self.assertEqual(run.vm("vm1")["internal"] + run.vm("vm1")["missed_ticks"], 25)

    def test_two_vms_send_next_and_after_next_to_the_same(self):
        # Rule 2.3
        self.run_ok("{seed: 6, duration: 500ms, vms: {count: 2, clock_rate: 100}}")

    def test_stamp_before(self):
        # Rule 2.4
        self.run_ok("{seed: 8, duration: 1s, clocks: {stamp: before},"
                    " vms: {count: 3, clock_rate: 80}}")

    def test_decimal_rates_and_multiplier_are_exact(self):
        # Rules 1.2, 1.3
        run = self.run_ok("{seed: 9, duration: 1200ms, ticks: {multiplier: 1.5},"
                          " vms: {count: 3, clock_rate: 33.333333,"
                          " overrides: {vm2: {clock_rate: 2.5}, vm3: {clock_rate: 100}}}}")
        self.assertEqual(run.vm("vm2")["clock_rate"], 3.75)

    def test_aligned_machines_start_together(self):
        # Rule 1.3
        run = self.run_ok("{seed: 9, duration: 500ms, ticks: {phase: aligned},"
                          " vms: {count: 3, clock_rate: 20}}")
        self.assertEqual([vm["phase_ns"] for vm in run.trials[0].vms], [0, 0, 0])
        self.assertEqual([vm["ticks"] + vm["missed_ticks"] for vm in run.trials[0].vms], [10] * 3)

    def test_unpaced(self):
        # Rule 1.2
        run = self.run_ok("{seed: 9, duration: 50ms, log: {events: false},"
                          " vms: {count: 3, clock_rate: unpaced}}")
        for vm in run.trials[0].vms:
            self.assertEqual(vm["clock_rate"], "unpaced")
            self.assertGreater(vm["ticks"], 0)

    def test_a_clock_of_its_own_shows_in_the_logged_time(self):
        # Rule 4.4
        self.run_ok("{seed: 4, duration: 500ms, vms: {count: 2, clock_rate: 40, overrides:"
                    " {vm2: {physical_clock: {drift_ppb: 50000000, offset: -90s}}}}}")

    def test_a_trace_that_is_not_written_is_still_hashed(self):
        run = self.run_ok("{seed: 4, duration: 500ms, trace: hash, vms: {count: 2}}")
        self.assertRegex(run.trials[0].record["hash"], r"^[0-9a-f]{16}$")
        self.assertEqual(run.trials[0].traces, {})

    def test_no_trace_no_hash(self):
        run = self.run_ok("{seed: 4, duration: 500ms, trace: none, vms: {count: 2}}")
        self.assertIsNone(run.trials[0].record["hash"])
        self.assertEqual(run.trials[0].traces, {})

    def test_files_named_by_pattern(self):
        run = self.run_ok("{seed: 4, duration: 300ms, log: {file: 'node-{id}-of-{trial}'},"
                          " vms: {count: 2}}")
        self.assertTrue((run.path / "trial-1" / "node-2-of-1.csv").exists())


if __name__ == "__main__":
    unittest.main()
