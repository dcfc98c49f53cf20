"""Sweeps and trials: a run folder for each point, and one table over all."""

import csv
import json
import signal
import statistics
import unittest

from case import EndToEndCase
from programs import CONFIGS

from run_folder import RunFolder

SWEEP = """
seed: 5
duration: {duration}
trials: 3
engine: {engine}
vms: {{count: 2, clock_rate: 50}}
sweep:
  vms.count: [2, 3]
  network.loss: [0, 0.5]
"""

SUMMED = ("ticks", "missed_ticks", "internal", "sent", "sent_copies", "received", "left",
          "dropped", "duplicated", "refused", "bad", "clock", "queue_max")


class Sweep(EndToEndCase):

    def run_sweep(self, text, *arguments):
        process, folder = self.start_run(text, *arguments)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assert_nothing_left()
        return folder, finished

    def assert_table(self, folder):
        """sweep.csv says what the run.json of the points say, recomputed."""
        with open(folder / "sweep.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        expected = []
        for path in sorted(folder.glob("point-*"), key=lambda path: int(path.name[6:])):
            run = self.assert_checked(path)
            self.assertEqual(run.verdict, "ok")
            for name in [vm["name"] for vm in run.trials[0].vms]:
                expected.append((path.name[6:], name, [run.vm(name, trial.record["trial"])
                                                       for trial in run.trials]))
        self.assertEqual([(row["point"], row["vm"]) for row in rows],
                         [(point, name) for point, name, _ in expected])
        for row, (_, _, vms) in zip(rows, expected):
            self.assertEqual(int(row["trials"]), len(vms))
            for key in SUMMED + ("clock_rate",):
                values = [float(vm[key]) for vm in vms]
                self.assertAlmostEqual(float(row[f"{key}_mean"]), statistics.mean(values))
                self.assertAlmostEqual(float(row[f"{key}_sd"]), statistics.stdev(values))
        return rows

    def test_every_point_is_a_run_of_its_own(self):
        for engine, duration in (("virtual", "20s"), ("live", "300ms")):
            with self.subTest(engine):
                folder, finished = self.run_sweep(SWEEP.format(engine=engine, duration=duration))
                rows = self.assert_table(folder)
                self.assertEqual([(row["vms.count"], row["network.loss"]) for row in rows],
                                 [("2", "0")] * 2 + [("2", "0.5")] * 2 + [("3", "0")] * 3
                                 + [("3", "0.5")] * 3)
                self.assertEqual(finished.stdout.count("\n"), 1 + 10 + 1 + 3)
                run = json.loads((folder / "run.json").read_text())
                self.assertEqual(run["verdict"], "ok")
                self.assertEqual([point["values"] for point in run["points"]],
                                 [{"vms.count": count, "network.loss": loss}
                                  for count in (2, 3) for loss in (0, 0.5)])

    def test_a_point_is_what_its_scenario_alone_gives(self):
        folder, _ = self.run_sweep(SWEEP.format(engine="virtual", duration="5s"))
        point = folder / "point-4"
        again = self.new_folder()
        self.assert_status(self.orchestrate(point / "scenario.yaml", "--output", again), 0)
        for trace in point.glob("trial-*/*.csv"):
            self.assertEqual(trace.read_bytes(),
                             (again / trace.relative_to(point)).read_bytes(), trace)

    def test_a_sweep_runs_again_from_its_run_folder(self):
        folder, _ = self.run_sweep(SWEEP.format(engine="virtual", duration="5s"))
        again = self.new_folder()
        self.assert_status(self.orchestrate(folder / "scenario.yaml", "--output", again), 0)
        self.assertEqual((folder / "sweep.csv").read_bytes(), (again / "sweep.csv").read_bytes())

    def test_engines_can_be_swept_too(self):
        folder, _ = self.run_sweep("{seed: 5, duration: 300ms, vms: {count: 2, clock_rate: 50},"
                                   " sweep: {engine: [virtual, live, virtual]}}")
        engines = [RunFolder(folder / f"point-{point}").run["engine"] for point in (1, 2, 3)]
        self.assertEqual(engines, ["virtual", "live", "virtual"])

    def test_the_programme_of_the_exercise(self):
        folder = self.new_folder()
        finished = self.orchestrate(CONFIGS / "experiments" / "exercise.yaml", "--virtual",
                                    "--seed", "7", "--output", folder)
        self.assert_status(finished, 0)
        rows = self.assert_table(folder)
        self.assertEqual(len(rows), 4 * 3)
        self.assertTrue(all(row["trials"] == "5" for row in rows))
        minutes = list(folder.glob("point-*/trial-*/vm1.csv"))
        self.assertEqual(len(minutes), 20)

    def test_a_failed_point_fails_the_sweep_and_leaves_the_others(self):
        path = self.scenario("{duration: 1s, engine: virtual, vms: {count: 2},"
                             " sweep: {vms.expect: [{exited: 0}, {exited: 5}, {exited: 0}]}}")
        folder = self.new_folder()
        finished = self.orchestrate(path, "--output", folder)
        self.assert_status(finished, 1)
        self.assertIn("point 2: vm1: exited 0, expected exited 5", finished.stderr)
        verdicts = [RunFolder(folder / f"point-{point}").verdict for point in (1, 2, 3)]
        self.assertEqual(verdicts, ["ok", "failed", "ok"])

    def test_an_interrupted_sweep_ends_in_order(self):
        for engine in ("virtual", "live"):
            with self.subTest(engine):
                process, folder = self.start_run(
                    SWEEP.format(engine=engine, duration="20000h"), "--set", "trace=none")
                self.wait_while_running(process, lambda: (folder / "point-1" / "trial-1").exists(),
                                        "the first trial to begin")
                process.send_signal(signal.SIGINT)
                finished = self.sandbox.finish(process)
                self.assert_status(finished, 128 + signal.SIGINT)
                self.assertIn("points 2 to 4 were not run", finished.stderr)
                run = json.loads((folder / "run.json").read_text())
                self.assertEqual(run["verdict"], "interrupted")
                self.assertEqual([point["verdict"] for point in run["points"]], ["interrupted"])
                self.assertTrue((folder / "sweep.csv").exists())
                self.assert_nothing_left()

    def test_trials_end_with_a_table_over_all(self):
        folder = self.new_folder()
        finished = self.orchestrate(self.scenario("{seed: 5, trials: 11, duration: 10s, engine:"
                                                  " virtual, vms: {count: 2}}"), "--output", folder)
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        clocks = [vm["clock"] for trial in run.trials for vm in trial.vms if vm["name"] == "vm1"]
        self.assertIn("11 trials, mean ± standard deviation", finished.stdout)
        self.assertIn(f"{statistics.mean(clocks):.1f} ± {statistics.stdev(clocks):.1f}",
                      finished.stdout)
        self.assertNotIn("trial 1 of 11", finished.stdout)


if __name__ == "__main__":
    unittest.main()
