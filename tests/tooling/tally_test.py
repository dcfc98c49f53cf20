"""tools/tally.py on logs as meson, doctest and unittest write them."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import tally  # noqa: E402

DOCTEST = "[doctest] test cases:  {} | {} passed | {} failed | {} skipped\n[doctest] assertions: 9\n"


def entry(result="OK", stdout="", stderr="", name="a"):
    return {"name": name, "result": result, "stdout": stdout, "stderr": stderr}


class Cases(unittest.TestCase):
    def check(self, test, *expected):
        """`expected`: passed, failed, skipped."""
        self.assertEqual(tally.cases(test), expected)

    def test_a_test_that_tells_nothing_is_one_case(self):
        self.check(entry(), 1, 0, 0)
        self.check(entry("FAIL"), 0, 1, 0)
        self.check(entry("SKIP"), 0, 0, 1)

    def test_doctest_tells_its_cases(self):
        self.check(entry(stdout=DOCTEST.format(7, 7, 0, 0)), 7, 0, 0)
        self.check(entry("FAIL", stdout=DOCTEST.format(7, 5, 2, 1)), 5, 2, 1)

    def test_a_crash_after_passed_cases_is_a_failure(self):
        self.check(entry("FAIL", stdout=DOCTEST.format(7, 7, 0, 0)), 7, 1, 0)
        self.check(entry("TIMEOUT"), 0, 1, 0)

    def test_unittest_tells_its_cases(self):
        script = ("import unittest\nclass T(unittest.TestCase):\n"
                  " def test_a(self): pass\n def test_b(self): pass\n def test_c(self): pass\n"
                  " def test_d(self): self.fail()\n def test_e(self): 1 / 0\n"
                  " def test_f(self): self.skipTest('x')\n"
                  "unittest.main(argv=['t', *{names}])\n")
        for names, result, expected in [([], "FAIL", (3, 2, 1)), (["T.test_a"], "OK", (1, 0, 0)),
                                        (["T.test_a", "T.test_f"], "OK", (1, 0, 1))]:
            with self.subTest(names):
                done = subprocess.run([sys.executable, "-c", script.format(names=names)],
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode == 0, result == "OK")
                self.check(entry(result, stderr=done.stderr), *expected)


class Read(unittest.TestCase):
    def read(self, *entries, **options):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "testlog.json")
            if entries:
                log.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
            return tally.read(log, **options)

    def test_cases_add_up(self):
        found = self.read(entry(stdout=DOCTEST.format(2, 2, 0, 0)), entry())
        self.assertEqual((found.passed, found.failed, found.problems), (3, 0, []))

    def test_failures_and_skips_are_problems(self):
        self.assertEqual(self.read(entry("FAIL")).problems, ["a: 1 failed, 0 skipped"])
        self.assertEqual(self.read(entry("SKIP")).problems, ["a: 0 failed, 1 skipped"])
        self.assertEqual(self.read(entry("SKIP"), may_skip=True).problems, [])

    def test_a_log_without_tests_is_a_problem(self):
        self.assertEqual(self.read().problems, ["no test ran"])
        self.assertEqual(self.read(entry(), prefix="e2e-").problems, ["no test ran"])

    def test_some_tests_of_a_log_can_be_read(self):
        found = self.read(entry(), entry("FAIL", name="e2e-a"), prefix="e2e-")
        self.assertEqual((found.passed, found.failed), (0, 1))

    def test_the_log_of_a_real_project_can_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "meson.build").write_text(
                "project('p')\n"
                "test('unit-a', find_program('false'), suite: 'unit')\n"
                "test('e2e-a', find_program('true'), suite: ['e2e', 'soak'])\n"
                "test('e2e-b', find_program('true'), suite: 'e2e')\n")
            for command in [["meson", "setup", "b"], ["meson", "test", "-C", "b"]]:
                subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
            log = Path(folder, "b", "meson-logs", "testlog.json")
            found = tally.read(log, prefix="e2e-")
            self.assertEqual((found.passed, found.failed, found.problems), (2, 0, []))
            self.assertEqual((tally.read(log).passed, tally.read(log).failed), (2, 1))


if __name__ == "__main__":
    unittest.main()
