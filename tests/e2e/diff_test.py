"""`bustrace diff` from outside: what differs between two runs, and the exit status."""

import json
import unittest

from case import EndToEndCase
from programs import BUSTRACE

SCENARIO = """{{seed: 5, engine: {engine}, duration: 1s, trials: 2,
    vms: {{count: 3, clock_rate: 50}}, network: {{loss: 0.1}}}}"""


class Diff(EndToEndCase):

    def run_mesh(self, *changes, engine="virtual"):
        sets = [word for change in changes for word in ("--set", change)]
        return self.run_ok(SCENARIO.format(engine=engine), "--set", "name=diff", *sets).path

    def diff(self, first, second, status, *options):
        finished = self.sandbox.finish(
            self.sandbox.start([BUSTRACE, "diff", first, second, *options]))
        self.assert_status(finished, status)
        return finished

    def test_the_same_scenario_and_seed(self):
        first, second = self.run_mesh(), self.run_mesh()
        rows = sum(path.read_bytes().count(b"\n") - 1 for path in first.glob("trial-*/vm*.csv"))
        self.assertEqual(self.diff(first, second, 0).stdout,
                         f"no difference: 2 trials, {rows} rows\n")

    def test_another_seed(self):
        found = self.diff(self.run_mesh(), self.run_mesh("seed=6"), 1).stdout
        self.assertRegex(found, r"(?m)^seed +5 +6$")
        self.assertRegex(found, r"(?m)^the first row that differs: trial 1, vm[123]$")
        self.assertRegex(found, r"(?m)^column +trial-1/vm[123]\.csv:2 +trial-1/vm[123]\.csv:2$")
        self.assertRegex(found, r"(?m)^vm[123] +1 +internal +\d+ +\d+ +[+-]\d+$")
        self.assertRegex(found, r"(?m)^vm[123] +1 +jump_mean +[\d.]+ +[\d.]+ +[+-][\d.]+$")
        self.assertRegex(found, r"(?m)^all +1 +spread_mean +[\d.]+ +[\d.]+ +[+-][\d.]+$")

    def test_metrics_are_those_of_stats(self):
        runs = self.run_mesh(), self.run_mesh("seed=6")
        difference = json.loads(self.diff(*runs, 1, "--json").stdout)
        self.assertFalse(difference["same"])
        self.assertEqual(difference["scenario"], [{"key": "seed", "first": "5", "second": "6"}])
        found = {(metric["trial"], metric["vm"], metric["metric"]):
                 (metric["first"], metric["second"]) for metric in difference["metrics"]}
        values = [self.figures(run) for run in runs]
        expected = {key: (values[0][key], values[1][key]) for key in values[0]
                    if values[0][key] != values[1][key]}
        self.assertGreater(len(expected), 50)
        self.assertEqual(found.keys(), expected.keys())
        for key, both in expected.items():
            for one, other in zip(found[key], both):
                if one is None or other is None:
                    self.assertEqual(one, other, key)
                else:
                    self.assertAlmostEqual(one, other, delta=1e-9 * abs(other), msg=key)

    def figures(self, run):
        finished = self.sandbox.finish(self.sandbox.start([BUSTRACE, "stats", run, "--json"]))
        self.assert_status(finished, 0)
        figures = {}
        for trial in json.loads(finished.stdout)["trials"]:
            number = trial["trial"]
            for name in ("spread_mean", "spread_max", "spread_final"):
                figures[number, None, name] = trial[name]
            for vm in trial["vms"]:
                figures.update({(number, vm["vm"], name): value for name, value in vm.items()
                                if name != "vm"})
        return figures

    def test_json_of_the_same_run(self):
        run = self.run_mesh()
        found = json.loads(self.diff(run, run, 0, "--json").stdout)
        self.assertTrue(found["same"])
        self.assertIsNone(found["row"])
        self.assertEqual(found["scenario"] + found["outcome"] + found["counts"] +
                         found["metrics"], [])

    def test_one_changed_field(self):
        first, second = self.run_mesh(), self.run_mesh()
        path = second / "trial-2" / "vm3.csv"
        lines = path.read_text().splitlines()
        fields = lines[20].split(",")
        old, fields[6] = fields[6], "77777"
        lines[20] = ",".join(fields)
        path.write_text("\n".join(lines) + "\n")
        found = [line.split() for line in self.diff(first, second, 1).stdout.splitlines() if line]
        self.assertEqual(
            found[:3],
            [["the", "first", "row", "that", "differs:", "trial", "2,", "vm3"],
             ["column", "trial-2/vm3.csv:21", "trial-2/vm3.csv:21"], ["clock", old, "77777"]])
        # What is left is what comes of it: run.json, and so the counts, are the same.
        self.assertEqual(found[3], ["VM", "trial", "metric", "first", "second", "change"])
        self.assertEqual({line[1] for line in found[4:]}, {"2"})

    def test_live_runs_are_compared_without_times(self):
        """With no message between them, all machines do the same in every run."""
        lonely = ("network.topology={edges: [[vm1, vm2]]}", "network.loss=1",
                  "ticks.catch_up=60s")
        first, second = (self.run_mesh(*lonely, engine="live") for _ in range(2))
        self.assertRegex(self.diff(first, second, 0).stdout,
                         r"^no difference: 2 trials, \d+ rows\n$")
        found = self.diff(first, self.run_mesh(*lonely), 1).stdout
        self.assertRegex(found, r"(?m)^engine +live +virtual$")
        self.assertNotIn("differs", found)

    def test_what_cannot_be_read(self):
        run = self.run_mesh()
        for other, words in ((self.sandbox.work, "scenario.yaml"), ("nothing", "nothing")):
            finished = self.diff(run, other, 2)
            self.assertIn(words, finished.stderr)
            self.assertEqual(finished.stdout, "")


if __name__ == "__main__":
    unittest.main()
