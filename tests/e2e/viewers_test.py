"""Exports in the programs that they are made for: pj_dump, of pajeng, reads the Paje format.

Run by the gate `viewers`, which installs what it needs; the other tests need none of it.
"""

import collections
import subprocess
import unittest

from case import EndToEndCase
from programs import BUSTRACE

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


class Paje(EndToEndCase):

    def export(self, run, *arguments):
        path = self.sandbox.work / "run.trace"
        process = self.sandbox.start([BUSTRACE, "export", run.path, "--format", "paje",
                                      "--output", path, *arguments])
        self.assert_status(self.sandbox.finish(process), 0)
        return path

    def test_every_received_copy_is_a_link_and_every_tick_a_state(self):
        for engine in ("live", "virtual"):
            with self.subTest(engine):
                run = self.run_ok(SCENARIO.format(engine=engine))
                dumped = pj_dump(self.export(run))
                rows = [row for trace in run.trials[0].traces.values() for row in trace.rows]
                sent = {(row.vm, row.message): row.time_us for row in rows if row.event == "send"}
                expected = sorted(
                    Link(sent[row.peers[0], row.message] / 1e6, row.time_us / 1e6, row.peers[0],
                         row.vm) for row in rows if row.event == "receive")
                self.assertGreater(len(expected), 100)
                self.assertEqual(links(dumped), expected)
                ticks = sum(row.event in ("internal", "send", "receive") for row in rows)
                self.assertEqual(sum(fields[0] == "State" for fields in dumped), ticks)

    def test_a_part_of_the_time(self):
        run = self.run_ok(SCENARIO.format(engine="virtual"))
        found = links(pj_dump(self.export(run, "--from", "500ms", "--to", "1s")))
        whole = links(pj_dump(self.export(run)))
        self.assertEqual(found, [link for link in whole if link.start >= 0.5 and link.end < 1])
        self.assertGreater(len(found), 10)


if __name__ == "__main__":
    unittest.main()
