"""Exports in the programs that they are made for: pj_dump, of pajeng, reads the Paje format, and
Chrome's trace viewer, from npm, its own.

Run by the gate `viewers`, which installs what it needs; the other tests need none of it.
"""

import collections
import json
import subprocess
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "e2e")]

from case import EndToEndCase  # noqa: E402
from programs import BUSTRACE  # noqa: E402

CHROME_TRACE = Path(__file__).with_name("chrome_trace.js")
TICKS = ("internal", "send", "receive")

SCENARIO = """{{seed: 5, engine: {engine}, duration: 2s, vms: {{count: 4, clock_rate: 100}},
    network: {{delay: {{uniform: [1ms, 20ms]}}, loss: 0.1, duplicate: 0.1, reorder: true}}}}"""

# pj_dump names a link's ends after its two times and its duration.
Link = collections.namedtuple("Link", "start end sender receiver")


def pj_dump(path):
    """The fields of each line that pj_dump prints; it must take the trace without a word."""
    done = subprocess.run(["pj_dump", "--float-precision=6", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [line.split(", ") for line in done.stdout.splitlines()]


def links(dumped):
    return sorted(Link(float(fields[3]), float(fields[4]), fields[7], fields[8])
                  for fields in dumped if fields[0] == "Link")


def chrome_trace(path):
    """The model that Chrome's trace viewer makes of it; it must have nothing to warn of."""
    done = subprocess.run(["node", CHROME_TRACE, path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    model = json.loads(done.stdout)
    assert model["warnings"] == [], model["warnings"]
    return model


def microseconds(milliseconds):
    return round(milliseconds * 1000)


def rows_of(run):
    return [row for trace in run.trials[0].traces.values() for row in trace.rows]


class ExportCase(EndToEndCase):

    def export(self, run, *arguments):
        path = self.sandbox.work / "run.trace"
        process = self.sandbox.start([BUSTRACE, "export", run.path, "--format", self.FORMAT,
                                      "--output", path, *arguments])
        self.assert_status(self.sandbox.finish(process), 0)
        return path


class Chrome(ExportCase):
    FORMAT = "perfetto"

    def test_every_tick_is_a_slice_and_every_received_copy_an_arrow(self):
        for engine in ("live", "virtual"):
            with self.subTest(engine):
                run = self.run_ok(SCENARIO.format(engine=engine))
                self.check_model(chrome_trace(self.export(run)), rows_of(run))

    def check_model(self, model, rows):
        slices = [(thread["name"], microseconds(each["start"]), each["title"].split()[0],
                   each["args"]["clock"], each["args"]["queue"])
                  for thread in model["threads"] for each in thread["slices"]
                  if each["title"].split()[0] in TICKS]  # Others are marks.
        self.assertEqual(sorted(slices), sorted(
            (row.vm, row.time_us, row.event, row.clock, row.queue) for row in rows
            if row.event in TICKS))
        sent = {(row.vm, row.message): row.time_us for row in rows if row.event == "send"}
        arrows = [tuple((flow[end]["thread"], microseconds(flow[end]["start"]))
                        for end in ("from", "to")) for flow in model["flows"]]
        self.assertGreater(len(arrows), 100)
        self.assertEqual(sorted(arrows), sorted(
            ((row.peers[0], sent[row.peers[0], row.message]), (row.vm, row.time_us))
            for row in rows if row.event == "receive"))
        curves = {(counter["name"], microseconds(time), value)
                  for counter in model["counters"] for time, value in counter["samples"]}
        self.assertEqual(curves, {(f"{row.vm} {name}", row.time_us, getattr(row, name))
                                  for row in rows if row.event in TICKS
                                  for name in ("clock", "queue")})

    def test_a_part_of_the_time(self):
        run = self.run_ok(SCENARIO.format(engine="virtual"))
        model = chrome_trace(self.export(run, "--from", "500ms", "--to", "1s"))
        starts = [microseconds(each["start"]) for thread in model["threads"]
                  for each in thread["slices"]]
        self.assertEqual(sorted(starts), sorted(
            row.time_us for row in rows_of(run)
            if row.event in TICKS and 500000 <= row.time_us < 1000000))
        self.assertTrue(all(flow["from"] and flow["to"] for flow in model["flows"]))


class Paje(ExportCase):
    FORMAT = "paje"

    def test_every_received_copy_is_a_link_and_every_tick_a_state(self):
        for engine in ("live", "virtual"):
            with self.subTest(engine):
                run = self.run_ok(SCENARIO.format(engine=engine))
                dumped = pj_dump(self.export(run))
                rows = rows_of(run)
                sent = {(row.vm, row.message): row.time_us for row in rows if row.event == "send"}
                expected = sorted(
                    Link(sent[row.peers[0], row.message] / 1e6, row.time_us / 1e6, row.peers[0],
                         row.vm) for row in rows if row.event == "receive")
                self.assertGreater(len(expected), 100)
                self.assertEqual(links(dumped), expected)
                ticks = sum(row.event in TICKS for row in rows)
                self.assertEqual(sum(fields[0] == "State" for fields in dumped), ticks)

    def test_a_part_of_the_time(self):
        run = self.run_ok(SCENARIO.format(engine="virtual"))
        found = links(pj_dump(self.export(run, "--from", "500ms", "--to", "1s")))
        whole = links(pj_dump(self.export(run)))
        self.assertEqual(found, [link for link in whole if link.start >= 0.5 and link.end < 1])
        self.assertGreater(len(found), 10)


if __name__ == "__main__":
    unittest.main()
