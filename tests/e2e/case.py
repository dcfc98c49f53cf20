"""What every end-to-end test starts from: a sandbox, the programs, and a check of what they left.

Run one file by hand with `python3 tests/e2e/exercise_test.py`; DRIFTBUS_SOAK=1 asks for the full
counts.
"""

import os
import signal
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from checker import check_run  # noqa: E402
from programs import ORCHESTRATOR, VM, Sandbox, state_of, wait_until  # noqa: E402
from run_folder import RunFolder  # noqa: E402


class EndToEndCase(unittest.TestCase):
    """A test in a sandbox. No process may outlive it, and no file may stay in TMPDIR."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        for path in (ORCHESTRATOR, VM):
            assert path.exists(), f"{path} is missing: build first"

    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)
        self._runs = 0

    def orchestrate(self, *arguments, **options):
        """Runs the orchestrator to its end."""
        return self.sandbox.finish(self.start(*arguments, **options))

    def start(self, *arguments, **options):
        return self.sandbox.start([ORCHESTRATOR, *arguments], **options)

    def scenario(self, text, name="scenario.yaml"):
        return self.sandbox.write(name, text)

    def new_folder(self):
        """The path of a run folder that does not exist yet."""
        self._runs += 1
        return self.sandbox.work / f"run{self._runs}"

    def start_run(self, text, *arguments, **options):
        """Starts a scenario; returns the process and its run folder."""
        folder = self.new_folder()
        path = self.scenario(text, f"{folder.name}.yaml")
        return self.start(path, "--output", folder, *arguments, **options), folder

    def run_ok(self, text, *arguments, **options):
        """Runs a scenario that must end well, and checks every row of it."""
        process, folder = self.start_run(text, *arguments, **options)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        self.assertEqual(run.verdict, "ok")
        self.assertEqual(run.run["problems"], [])
        self.assert_nothing_left()
        return run

    def assert_bad_usage(self, *arguments, words=(), **options):
        """Status 2, the words said on stderr, nothing on stdout, nothing written."""
        before = sorted(os.listdir(self.sandbox.work))
        finished = self.orchestrate(*arguments, **options)
        self.assert_status(finished, 2)
        self.assertEqual(finished.stdout, "")
        for word in words:
            self.assertIn(word, finished.stderr)
        self.assertEqual(sorted(os.listdir(self.sandbox.work)), before)
        self.assert_nothing_left()

    def assert_status(self, finished, status):
        self.assertEqual(finished.status, status, f"{finished.stdout}\n{finished.stderr}")

    def assert_checked(self, folder):
        """Every row, count and hash of the run folder keeps the rules; returns it."""
        problems = check_run(folder)
        self.assertEqual(problems[:20], [], f"{len(problems)} problems in all")
        return RunFolder(folder)

    def assert_no_process(self):
        wait_until(lambda: not self.sandbox.processes(), "the processes of the run to end")

    def assert_nothing_left(self):
        """No process, and nothing in the place for temporary files."""
        self.assert_no_process()
        self.assertEqual(os.listdir(self.sandbox.temporary), [])

    def wait_while_running(self, process, happens, what):
        """Waits until `happens()` is true; fails at once when the process ends before."""
        def happened():
            outcome = happens()
            if not outcome and process.poll() is not None:
                finished = self.sandbox.finish(process)
                self.fail(f"status {finished.status} before {what}:\n{finished.stderr}")
            return outcome
        return wait_until(happened, what)

    def pause_first_vm(self, process, folder, rows):
        """Stops a VM until two traces have grown by so many lines; returns its pid."""
        pid = self.sandbox.vms()[0]
        os.kill(pid, signal.SIGSTOP)
        self.wait_while_running(process, lambda: state_of(pid) == "T", "the VM has stopped")

        def lengths():
            return {path: path.read_bytes().count(b"\n")
                    for path in (folder / "trial-1").glob("*.csv")}
        before = lengths()

        def both_ticked():
            return sum(lines >= before[path] + rows for path, lines in lengths().items()) >= 2
        self.wait_while_running(process, both_ticked, "the others tick on")
        os.kill(pid, signal.SIGCONT)
        return pid

    def wait_for_rows(self, process, folder, rows):
        """Waits until there are traces and each has at least so many lines."""
        traces = folder / "trial-1"

        def enough():
            paths = list(traces.glob("*.csv"))
            return paths and all(path.read_bytes().count(b"\n") >= rows for path in paths)
        self.wait_while_running(process, enough, f"{rows} rows in each trace of {traces}")
