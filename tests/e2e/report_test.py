"""`bustrace report` from outside: where the file goes, and what happens when there is none to make.
What is seen in it is for tests/browser/report_test.py.
"""

import json
import os
import signal
import unittest

from case import EndToEndCase
from programs import BUSTRACE, wait_until

TEXT = "{seed: 5, engine: virtual, duration: 5s, vms: {count: 3}}"


class Report(EndToEndCase):

    def report(self, *arguments):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, "report", *arguments]))

    def test_it_goes_into_the_run_folder_and_its_path_is_printed(self):
        run = self.run_ok(TEXT)
        finished = self.report(run.path)
        self.assertEqual((finished.status, finished.stdout), (0, f"{run.path}/report.html\n"))
        page = (run.path / "report.html").read_text(encoding="utf-8")
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertTrue(page.rstrip().endswith("</html>"))
        self.assertEqual(page.count("data-trial"), 1)

    def test_it_goes_where_it_is_told(self):
        run = self.run_ok(TEXT)
        before = sorted(run.path.iterdir())
        finished = self.report(run.path, "--output", self.sandbox.work / "mine.html")
        self.assertEqual((finished.status, finished.stdout), (0, f"{self.sandbox.work}/mine.html\n"))
        self.assertTrue((self.sandbox.work / "mine.html").is_file())
        self.assertEqual(sorted(run.path.iterdir()), before)

    def test_a_sweep_has_one_report_with_all_its_points(self):
        process, folder = self.start_run(TEXT, "--set", "sweep={vms.clock_rate: [1, 2]}",
                                         "--trials", "2")
        self.assert_status(self.sandbox.finish(process), 0)
        self.assert_status(self.report(folder), 0)
        self.assertEqual((folder / "report.html").read_text().count("data-trial"), 4)

    def test_an_orchestrator_that_is_asked_for_it_makes_it_and_ends_with_its_path(self):
        process, folder = self.start_run(TEXT, "--report")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assertEqual(finished.stdout.splitlines()[-1], f"report: {folder}/report.html")
        by_itself = (folder / "report.html").read_bytes()
        self.assert_status(self.report(folder), 0)
        self.assertEqual((folder / "report.html").read_bytes(), by_itself)

    def test_an_orchestrator_makes_one_of_a_sweep_and_says_so_in_json(self):
        process, folder = self.start_run(TEXT, "--set", "sweep={vms.clock_rate: [1, 2]}", "--report",
                                         "--json")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assertEqual(json.loads(finished.stdout)["report"], f"{folder}/report.html")
        self.assertEqual((folder / "report.html").read_text().count("data-trial"), 2)

    def test_a_live_run_in_which_a_machine_was_killed_has_one(self):
        process, folder = self.start_run(TEXT.replace("virtual", "live"), "--duration", "60s")
        trace = folder / "trial-1" / "vm2.csv"
        wait_until(lambda: trace.exists() and trace.read_bytes().count(b"\n") > 5, "some rows")
        os.kill(self.sandbox.vms()[1], signal.SIGKILL)
        self.assert_status(self.sandbox.finish(process), 1)
        self.assert_status(self.report(folder), 0)

    def test_what_cannot_be_read_leaves_the_report_that_was_there(self):
        run = self.run_ok(TEXT)
        self.assert_status(self.report(run.path), 0)
        before = (run.path / "report.html").read_bytes()
        trace = run.path / "trial-1" / "vm2.csv"
        trace.write_bytes(trace.read_bytes()[:-5])
        finished = self.report(run.path)
        self.assert_status(finished, 2)
        self.assertRegex(finished.stderr, "trial-1/vm2.csv:[0-9:]+ error: ")
        self.assertEqual(finished.stdout, "")
        self.assertEqual((run.path / "report.html").read_bytes(), before)
        (run.path / "run.json").unlink()
        self.assertRegex(self.report(run.path).stderr, "run.json: error: there is no such file")

    def test_where_it_cannot_be_written_is_named(self):
        run = self.run_ok(TEXT)
        finished = self.report(run.path, "--output", self.sandbox.work / "nowhere" / "x.html")
        self.assert_status(finished, 3)
        self.assertIn("nowhere/x.html", finished.stderr)
        self.assert_status(self.report(self.sandbox.work / "nothing"), 2)


if __name__ == "__main__":
    unittest.main()
