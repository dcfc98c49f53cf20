"""`bustrace export` from outside: what each format asks for, of runs of both engines.

That the programs which the formats are made for take them is in tests/viewers.
"""

import json
import re
import unittest

from case import EndToEndCase
from programs import BUSTRACE

SCENARIO = """{{seed: 5, engine: {engine}, duration: 1s,
    clocks: {{keep: [lamport, vector, hybrid]}},
    vms: {{names: [alice, bob, carol, dave], clock_rate: 100,
           workload: {{draw: 4, actions: {{1: next, 2: after_next, 3: all}}}}}},
    network: {{delay: {{uniform: [1ms, 20ms]}}, loss: 0.1, duplicate: 0.1, reorder: true}}}}"""

ENGINES = ("live", "virtual")

TICKS = ("internal", "send", "receive")


class ExportCase(EndToEndCase):

    def run_mesh(self, engine):
        return self.run_ok(SCENARIO.format(engine=engine))

    def bustrace(self, *arguments, **options):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, *arguments], **options))

    def export(self, run, format_name, *arguments):
        finished = self.bustrace("export", run.path, "--format", format_name, *arguments)
        self.assert_status(finished, 0)
        self.assertEqual(finished.stderr, "")
        return finished.stdout

    def rows(self, run):
        """All rows of trial 1, by time, then VM, then as they were written."""
        traces = [run.trials[0].traces[name] for name in ("alice", "bob", "carol", "dave")]
        return sorted((row for trace in traces for row in trace.rows), key=lambda row: row.time_us)


class JsonLines(ExportCase):

    def test_every_row_with_all_columns_in_order_of_time(self):
        for engine in ENGINES:
            with self.subTest(engine):
                run = self.run_mesh(engine)
                found = [json.loads(line) for line in self.export(run, "jsonl").splitlines()]
                expected = [
                    {"vm": row.vm, "tick": row.tick, "time_us": row.time_us, "wall_us": row.wall_us,
                     "arrived_us": row.arrived_us, "event": row.event, "clock": row.clock,
                     "queue": row.queue, "peer": row.peers, "message": row.message,
                     "stamp": row.stamp, "detail": row.detail, "vector": list(row.vector),
                     "hybrid": list(row.hybrid)} for row in self.rows(run)]
                self.assertGreater(len(expected), 300)
                self.assertEqual(found, expected)

    def test_a_part_of_the_time(self):
        run = self.run_mesh("virtual")
        found = self.export(run, "jsonl", "--from", "250ms", "--to", "0.5s").splitlines()
        expected = [row for row in self.rows(run) if 250_000 <= row.time_us < 500_000]
        self.assertEqual([json.loads(line)["time_us"] for line in found],
                         [row.time_us for row in expected])


class ShiViz(ExportCase):

    def test_clocks_are_those_that_the_machines_kept(self):
        # Rule 4.2
        names = ["alice", "bob", "carol", "dave"]
        for engine in ENGINES:
            with self.subTest(engine):
                run = self.run_mesh(engine)
                expression, delimiter, *lines = self.export(run, "shiviz").splitlines()
                self.assertEqual(delimiter, "")
                # Python spells named groups with a P.
                pattern = re.compile(expression.replace("(?<", "(?P<"))
                found = {name: [] for name in names}
                for line in lines:
                    match = pattern.fullmatch(line)
                    clock = json.loads(match["clock"])
                    found[match["host"]].append(tuple(clock.get(name, 0) for name in names))
                for name, trace in run.trials[0].traces.items():
                    self.assertEqual(found[name],
                                     [row.vector for row in trace.rows if row.event in TICKS])


class Perfetto(ExportCase):

    def test_slices_and_arrows(self):
        for engine in ENGINES:
            with self.subTest(engine):
                run = self.run_mesh(engine)
                events = json.loads(self.export(run, "perfetto"))["traceEvents"]
                counts = {phase: sum(event["ph"] == phase for event in events) for phase in "XsfC"}
                rows = self.rows(run)
                ticks = sum(row.event in TICKS for row in rows)
                received = sum(row.event == "receive" for row in rows)
                self.assertGreater(received, 50)
                self.assertEqual(counts, {"X": ticks, "s": received, "f": received, "C": 2 * ticks})


class Output(ExportCase):

    def test_a_file_is_written_whole(self):
        run = self.run_mesh("virtual")
        for name in ("shiviz", "perfetto", "paje", "jsonl"):
            with self.subTest(name):
                expected = self.export(run, name)
                path = self.sandbox.work / f"out.{name}"
                self.assertEqual(self.export(run, name, "--output", path), "")
                self.assertEqual(path.read_text(), expected)
                self.assertEqual(list(self.sandbox.work.glob("*.part")), [])

    def test_a_trial_of_several(self):
        process, folder = self.start_run(SCENARIO.format(engine="virtual"), "--trials", "2")
        self.assert_status(self.sandbox.finish(process), 0)
        texts = {self.bustrace("export", folder, "--format", "jsonl", "--trial", trial).stdout
                 for trial in (1, 2)}
        self.assertEqual(len(texts), 2)

    def test_a_reader_that_leaves_early_is_no_error(self):
        run = self.run_mesh("virtual")
        script = '"$0" export "$1" --format jsonl; echo "status $?" >&2'
        finished = self.sandbox.finish(self.sandbox.start(
            ["sh", "-c", f"({script}) | head -n 1", BUSTRACE, run.path]))
        self.assertEqual(finished.stderr, "status 0\n")
        self.assertEqual(len(finished.stdout.splitlines()), 1)

    def test_a_warning_where_shiviz_would_take_long(self):
        process, folder = self.start_run(SCENARIO.format(engine="virtual"), "--duration", "30s")
        self.assert_status(self.sandbox.finish(process), 0)
        finished = self.bustrace("export", folder, "--format", "shiviz")
        self.assert_status(finished, 0)
        self.assertRegex(finished.stderr, "^bustrace: warning: 12000 events: .*--from and --to\n$")

    def test_what_cannot_be_written_is_named_and_leaves_nothing(self):
        run = self.run_mesh("virtual")
        finished = self.bustrace("export", run.path, "--format", "jsonl", "--output", "no/file")
        self.assertEqual((finished.status, finished.stderr),
                         (3, "bustrace: error: write no/file.part: No such file or directory\n"))
        with open("/dev/full", "w", encoding="utf-8") as full:
            finished = self.bustrace("export", run.path, "--format", "jsonl", stdout=full)
        self.assertEqual(finished.status, 3)
        self.assertEqual(finished.stderr,
                         "bustrace: error: write to standard output: No space left on device\n")


class BadUsage(ExportCase):

    def test_each_is_one_message_and_status_2(self):
        run = self.run_mesh("virtual")
        good = ("--format", "jsonl")
        for arguments, words in (
                (("--format", "svg"), "--format: svg not in"),
                ((*good, "--from", "5"), "command line: error: --from: must have a unit"),
                ((*good, "--to", "soon"), "command line: error: --to: must be a duration"),
                ((*good, "--from", "5s", "--to", "5s"),
                 "command line: error: --to: must be later than --from, got '5s'"),
                ((*good, "--trial", "2"), "there is no trial 2, expected 1 to 1"),
                ((*good, "--output", self.sandbox.work), "--output: expected a file, '/"),
                ((*good, "--output", "/dev/null"), "--output: expected a file, '/dev/null'")):
            with self.subTest(arguments):
                self.assert_refused(run.path, arguments, words)
        (run.path / "trial-1" / "bob.csv").unlink()
        self.assert_refused(run.path, good, "bob.csv: error: there is no such file")
        process, folder = self.start_run(SCENARIO.format(engine="virtual"), "--set", "trace=hash")
        self.assert_status(self.sandbox.finish(process), 0)
        self.assert_refused(folder, good, "expected a run with traces, it ran with 'trace: hash'")

    def assert_refused(self, folder, arguments, words):
        finished = self.bustrace("export", folder, *arguments)
        self.assert_status(finished, 2)
        self.assertIn(words, finished.stderr)
        self.assertEqual(finished.stdout, "")


if __name__ == "__main__":
    unittest.main()
