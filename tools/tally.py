"""Counts test cases from the testlog.json that `meson test` leaves, down to the cases that doctest
and unittest tell of: a test program counts as what it ran, not as one."""

import json
import re
from dataclasses import dataclass, field

DOCTEST = re.compile(
    r"test cases:\s+\d+ \|\s+(\d+) passed \|\s+(\d+) failed \|\s+(\d+) skipped")
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:OK|FAILED)(?: \((.*)\))?", re.MULTILINE)


@dataclass
class Tally:
    """Cases so far, and what was wrong with those that did not pass."""

    passed: int = 0
    failed: int = 0
    problems: list = field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems


def read(log, prefix="", may_skip=False):
    """The tally of a testlog.json, or of the tests in it whose names begin so. A skipped case is a
    problem unless the caller knows a reason, and so is no test at all: none is left out unseen."""
    tally = Tally()
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    tests = [json.loads(line) for line in lines]
    tests = [test for test in tests if own_name(test).startswith(prefix)]
    for test in tests:
        passed, failed, skipped = cases(test)
        tally.passed += passed
        tally.failed += failed
        if failed or (skipped and not may_skip):
            tally.problems.append(f"{test['name']}: {failed} failed, {skipped} skipped")
    if not tests:
        tally.problems.append("no test ran")
    return tally


def own_name(test):
    """The name that meson.build gives a test: the log has `project:suite+suite / name`."""
    return test["name"].split(" / ", 1)[-1]


def cases(test):
    """Passed, failed and skipped cases of one test of the log; one that tells nothing is one case."""
    output = (test.get("stdout") or "") + (test.get("stderr") or "")
    if test["result"] == "SKIP":
        return 0, 0, 1
    is_ok = test["result"] == "OK"
    doctest = DOCTEST.search(output)
    unittest = UNITTEST.search(output)
    if doctest:
        passed, failed, skipped = map(int, doctest.groups())
    elif unittest:
        counts = dict(re.findall(r"(\w+)=(\d+)", unittest[2] or ""))
        failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
        skipped = int(counts.get("skipped", 0))
        passed = int(unittest[1]) - failed - skipped
    else:
        passed, failed, skipped = int(is_ok), 0, 0
    # A test that crashed or hung has failed, whatever it told before.
    return passed, failed if is_ok else max(failed, 1), skipped
