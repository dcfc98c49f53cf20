"""What a person sees on a terminal: a live table on stderr, colour when it is wanted."""

import contextlib
import os
import pty
import threading
import unittest

from case import EndToEndCase

SCENARIO = "{seed: 1, duration: 1500ms, vms: {names: [alice, bob, carol], clock_rate: 20}}"
ESCAPE = "\x1b["


class Terminal:
    """A pseudo-terminal; `text` is all that was shown on it, once it is closed."""

    def __init__(self):
        self._master, self.file = pty.openpty()
        self.text = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        shown = b""
        with contextlib.suppress(OSError):  # the other side has been closed
            while part := os.read(self._master, 4096):
                shown += part
        self.text = shown.decode()

    def close(self):
        os.close(self.file)
        self._reader.join()
        os.close(self._master)


class TerminalTest(EndToEndCase):

    def on_terminal(self, *arguments, environment=None):
        """Runs with stderr on a terminal; returns what stdout and the terminal got."""
        terminal = Terminal()
        process, _ = self.start_run(SCENARIO, *arguments, stderr=terminal.file,
                                    environment={"TERM": "xterm"} | (environment or {}))
        finished = self.sandbox.finish(process)
        terminal.close()
        self.assert_status(finished, 0)
        return finished.stdout, terminal.text

    def test_a_terminal_shows_a_live_table(self):
        stdout, shown = self.on_terminal()
        for name in ("alice", "bob", "carol"):
            self.assertGreater(shown.count(name), 1, "the table is shown again and again")
        self.assertIn(ESCAPE, shown)
        self.assertIn("verdict: ok", stdout)
        self.assertNotIn(ESCAPE, stdout)

    def test_no_progress_shows_no_table(self):
        for option in ("--no-progress", "-q"):
            with self.subTest(option):
                # A loaded machine may warn of missed ticks, in colour: neither is a table.
                _, shown = self.on_terminal(option, "--color=never")
                self.assertNotIn("behind", shown)
                self.assertNotIn(ESCAPE, shown)

    def test_a_file_gets_no_escape_sequences(self):
        process, _ = self.start_run(SCENARIO)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assertNotIn("\x1b", finished.stdout + finished.stderr)

    def failing(self, *arguments, environment=None):
        """What a failing run shows on a terminal: its problems are what is coloured."""
        terminal = Terminal()
        bad = self.scenario("{vms: {count: 0}}", "bad.yaml")
        process = self.start(bad, *arguments, stderr=terminal.file,
                             environment={"TERM": "xterm"} | (environment or {}))
        finished = self.sandbox.finish(process)
        terminal.close()
        self.assert_status(finished, 2)
        return terminal.text

    def test_colour_is_for_terminals_and_can_be_refused(self):
        self.assertIn(ESCAPE, self.failing())
        self.assertNotIn(ESCAPE, self.failing(environment={"NO_COLOR": "1"}))
        self.assertNotIn(ESCAPE, self.failing("--color", "never"))
        self.assertIn(ESCAPE, self.failing("--color", "always", environment={"NO_COLOR": "1"}))

    def test_colour_can_be_forced_on_a_pipe(self):
        bad = self.scenario("{vms: {count: 0}}", "bad.yaml")
        self.assertNotIn(ESCAPE, self.orchestrate(bad).stderr)
        self.assertIn(ESCAPE, self.orchestrate(bad, "--color", "always").stderr)


if __name__ == "__main__":
    unittest.main()
