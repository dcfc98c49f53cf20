"""`bustrace diff` from outside: what differs between two runs, and the exit status."""

import unittest

from case import EndToEndCase
from programs import BUSTRACE

SCENARIO = """{{seed: 5, engine: {engine}, duration: 1s, trials: 2,
    vms: {{count: 3, clock_rate: 50}}, network: {{loss: 0.1}}}}"""


class Diff(EndToEndCase):

    def run_mesh(self, *changes, engine="virtual"):
        sets = [word for change in changes for word in ("--set", change)]
        return self.run_ok(SCENARIO.format(engine=engine), "--set", "name=diff", *sets).path

    def diff(self, first, second, status):
        finished = self.sandbox.finish(self.sandbox.start([BUSTRACE, "diff", first, second]))
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

    def test_one_changed_field(self):
        first, second = self.run_mesh(), self.run_mesh()
        path = second / "trial-2" / "vm3.csv"
        lines = path.read_text().splitlines()
        fields = lines[20].split(",")
        old, fields[6] = fields[6], "77777"
        lines[20] = ",".join(fields)
        path.write_text("\n".join(lines) + "\n")
        self.assertEqual(
            [line.split() for line in self.diff(first, second, 1).stdout.splitlines() if line],
            [["the", "first", "row", "that", "differs:", "trial", "2,", "vm3"],
             ["column", "trial-2/vm3.csv:21", "trial-2/vm3.csv:21"], ["clock", old, "77777"]])

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
