"""Runs in a row and at the same time: each ends well, with its own account, and leaves nothing."""

import os
import unittest

from case import EndToEndCase
from programs import scaled

BUSY = """
duration: {seconds}s
vms: {{count: 3, clock_rate: 500}}
log: {{events: false}}
network: {{transport: {transport}}}
"""


def busy(transport):
    return BUSY.format(seconds=scaled(1, 2), transport=transport)


class Repeat(EndToEndCase):

    def assert_in_a_row(self, transport):
        for number in range(scaled(3, 100)):
            with self.subTest(transport, run=number):
                run = self.run_ok(busy(transport))
                self.assertEqual(sum(link["lost"] for link in run.trials[0].links), 0)
        made = {f"run{i}" for i in range(1, self._runs + 1)}
        self.assertEqual(set(os.listdir(self.sandbox.work)),
                         made | {f"{name}.yaml" for name in made})

    def test_in_a_row_over_ipc(self):
        # Rules 1.3, 7.2
        self.assert_in_a_row("ipc")

    def test_in_a_row_over_tcp(self):
        # Rules 1.3, 7.2
        self.assert_in_a_row("tcp")


class Together(EndToEndCase):

    def test_ten_at_the_same_time(self):
        # Each finds a folder of its own, though all have one name and start in one second.
        path = self.scenario("{name: same, duration: 1s, vms: {count: 3, clock_rate: 50}}")
        running = [self.start(path, "-q") for _ in range(10)]
        for process in running:
            finished = self.sandbox.finish(process)
            self.assert_status(finished, 0)
            self.assertEqual(finished.stdout, "")
        folders = set(os.listdir(self.sandbox.work / "logs" / "same")) - {"latest"}
        self.assertEqual(len(folders), 10)
        for folder in folders:
            self.assert_checked(self.sandbox.work / "logs" / "same" / folder)
        self.assert_nothing_left()

    def test_one_folder_is_not_for_two_runs(self):
        # docs/formats.md: --output is new or empty
        run = self.run_ok("{duration: 200ms, vms: {count: 1}}")
        before = sorted(os.listdir(run.path))
        again = self.orchestrate(run.path / "scenario.yaml", "--output", run.path)
        self.assertIn(again.status, (2, 3))
        self.assertIn(run.path.name, again.stderr)
        self.assertEqual(sorted(os.listdir(run.path)), before)
        self.assert_checked(run.path)


if __name__ == "__main__":
    unittest.main()
