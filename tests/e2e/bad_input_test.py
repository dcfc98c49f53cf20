"""What bustrace cannot read: a message with file and line, status 2, nothing on standard output.

A signal instead of a status would be a crash, and fails the test as any other status does.
"""

import json
import shutil
import unittest

from case import EndToEndCase
from programs import BUSTRACE

SCENARIO = "{seed: 5, engine: virtual, duration: 20s, vms: {count: 3, clock_rate: 5}}"
LONG = b"x" * 1_000_000
DEEP = b"[" * 1_000_000


class BadInputCase(EndToEndCase):

    def bustrace(self, *arguments):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, *arguments]))

    def assert_refused(self, words, *arguments):
        finished = self.bustrace(*arguments)
        self.assertEqual((finished.status, finished.stdout), (2, ""), finished.stderr[:1000])
        self.assertRegex(finished.stderr, words)
        self.assertLess(len(finished.stderr), 2000, "a message is for people")


class BadRun(BadInputCase):

    def setUp(self):
        super().setUp()
        self.folder = self.run_ok(SCENARIO).path
        self.trace = self.folder / "trial-1" / "vm2.csv"
        self.lines = self.trace.read_bytes().splitlines(keepends=True)

    def assert_trace_refused(self, lines, words):
        self.trace.write_bytes(b"".join(lines))
        self.assert_refused(words, "verify", self.folder)

    def change_row(self, column, value):
        """The trace with another value in a column of its tenth line."""
        fields = self.lines[9].split(b",")
        fields[column] = value
        return self.lines[:9] + [b",".join(fields)] + self.lines[10:]

    def test_no_run_folder(self):
        self.assert_refused("nothing", "verify", self.sandbox.work / "nothing")
        empty = self.new_folder()
        empty.mkdir()
        self.assert_refused("scenario.yaml", "verify", empty)

    def test_a_half_written_folder(self):
        for name in ("run.json", "scenario.yaml", "trial-1"):
            with self.subTest(name):
                half = self.new_folder()
                shutil.copytree(self.folder, half)
                path = half / name
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                self.assert_refused(name, "verify", half)

    def test_a_row_that_is_cut_or_garbage(self):
        self.assert_trace_refused([*self.lines[:-1], self.lines[-1][:-5]],
                                  f"vm2.csv:{len(self.lines)}:")
        self.assert_trace_refused([*self.lines[:20], b"garbage\n", *self.lines[20:]],
                                  "vm2.csv:21:1: error: expected 12 columns, found 1")
        self.assert_trace_refused([*self.lines[:20], bytes(range(256)), b"\n"], "vm2.csv:2[12]:")

    def test_columns_that_are_missing_or_unknown(self):
        for header in (b"vm,tick\n", self.lines[0][:-1] + b",colour\n", b"\n", b""):
            with self.subTest(header):
                self.assert_trace_refused([header, *self.lines[1:]],
                                          "vm2.csv:1:1: error: expected the header")
        self.assert_trace_refused(self.lines[:9] + [b"vm2,1,2\n"] + self.lines[10:],
                                  "vm2.csv:10:1: error: expected 12 columns, found 3")

    def test_fields_that_are_no_such_value(self):
        for column, value, words in ((0, LONG, "vm: expected a name"),
                                     (0, b"\xff\xfe", "vm: expected a name"),
                                     (1, b"9" * 40, "tick: expected a whole number from 0"),
                                     (2, b"9" * 40, "time_us: expected a whole number"),
                                     (5, b"sent", "event: expected a known event"),
                                     (6, b"-1", "clock: expected a whole number from 0"),
                                     (6, b"1e9", "clock: expected a whole number from 0")):
            with self.subTest(words, value=value[:10]):
                self.assert_trace_refused(self.change_row(column, value), f"vm2.csv:10:.*{words}")

    def test_numbers_that_no_run_has_break_rules_and_nothing_else(self):
        for column in (1, 2, 3, 6, 7):
            with self.subTest(column):
                self.trace.write_bytes(b"".join(self.change_row(column, b"9223372036854775807")))
                finished = self.bustrace("verify", self.folder)
                self.assert_status(finished, 1)
                self.assertIn("vm2.csv:10: ", finished.stdout)

    def assert_record_refused(self, words, **changes):
        record = self.folder / "run.json"
        before = record.read_text()
        record.write_text(json.dumps(json.loads(before) | changes, indent=2))
        self.assert_refused(words, "verify", self.folder)
        record.write_text(before)

    def test_a_record_that_is_another(self):
        self.assert_record_refused("run.json: error: format: expected 1, .*found 2", format=2)
        self.assert_record_refused("run.json: error: format: expected", format="x" * 10**6)
        self.assert_record_refused("run.json: error: trials: expected a list", trials={})
        self.assert_record_refused("run.json: error: verdict: expected", verdict="fine")
        trial = json.loads((self.folder / "run.json").read_text())["trials"][0]
        for key, value in (("seed", 1), ("seed", "1" * 30), ("start_unix_us", 1e30),
                           ("trial", 2**40), ("vms", []), ("duration_s", "long")):
            with self.subTest(key, value=value):
                self.assert_record_refused(f"run.json: error: trials.*{key}",
                                           trials=[trial | {key: value}])

    def test_a_record_that_is_no_json(self):
        record = self.folder / "run.json"
        text = record.read_bytes()
        for content, words in ((text[:1000], "run.json:[0-9]{2}: error: this is no JSON"),
                               (b"", "run.json:1: error: this is no JSON"),
                               (b"{\n\xff", "run.json:2: error: this is no JSON"),
                               (DEEP, "run.json: error: expected at most 32 levels")):
            with self.subTest(words):
                record.write_bytes(content)
                self.assert_refused(words, "verify", self.folder)


class BadLog(BadInputCase):

    HEADER = b"vm,event,clock,peer,stamp\n"

    def log(self, content):
        path = self.sandbox.work / "log.csv"
        path.write_bytes(content)
        return path

    def test_a_log_that_keeps_the_rules_and_one_that_does_not(self):
        log = self.log(b'what,"machine, by name",lamport_time,other,stamp\n'
                       b"BOOT,A,0,,\nSEND,A,1,B,\nRECV,B,2,A,1\n")
        words = ["--column", "event=what", "--column", "vm=machine, by name", "--column",
                 "clock=lamport_time", "--column", "peer=other", "--event", "send=SEND",
                 "--event", "receive=RECV", "--event", "ignore=BOOT"]
        finished = self.bustrace("verify", "--csv", log, *words)
        self.assert_status(finished, 0)
        self.assertIn("log.csv: ok, 1 trial, 2 rows\nnot checked: 4.1 ", finished.stdout)
        log = self.log(log.read_bytes().replace(b"RECV,B,2", b"RECV,B,1"))
        finished = self.bustrace("verify", "--csv", log, *words)
        self.assert_status(finished, 1)
        self.assertIn("log.csv:4: clock is 1, received with stamp 1", finished.stdout)

    def test_what_is_no_log(self):
        for content, words in ((b"", "log.csv:1: error: expected a line with the names"),
                               (b"a,b\n", "log.csv:1: error: expected a column 'vm'"),
                               (self.HEADER + b"A,internal,1\n", "log.csv:2: .*expected 5 fields"),
                               (self.HEADER + b"A,INT,1,,\n", "log.csv:2: error: event: "),
                               (self.HEADER + b"A,internal," + LONG + b",,\n", "log.csv:2: "),
                               (self.HEADER + b"A,internal,1" + b"0" * 30 + b",,\n",
                                "log.csv:2: error: clock: "),
                               (self.HEADER + b'A,internal,1,",\n', "log.csv:2: .*closing quote"),
                               (self.HEADER + b"A,internal,1,,\n\xff,internal,1,,\n",
                                "log.csv:3: error: expected UTF-8")):
            with self.subTest(words):
                self.assert_refused(words, "verify", "--csv", self.log(content))

    def test_usage(self):
        log = self.log(self.HEADER)
        self.assert_refused("RUN or --csv", "verify")
        self.assert_refused("--column: expected OURS=THEIRS", "verify", "--csv", log, "--column", "x")
        self.assert_refused("--event: expected internal, send", "verify", "--csv", log, "--event",
                            "left=GONE")
        self.assert_refused("--csv", "verify", self.sandbox.work, "--csv", log)


if __name__ == "__main__":
    unittest.main()
