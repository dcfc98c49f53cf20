"""`bustrace explain` from outside: the chain of events behind a clock value."""

import json
import unittest

from case import EndToEndCase
from programs import BUSTRACE

# A fast machine whose clock reaches the others one after the other: each is behind the one before.
SCENARIO = """{{seed: 5, engine: {engine}, duration: 2s, clocks: {{stamp: {stamp}}},
    vms: {{names: [alice, bob, carol, dave], clock_rate: 20,
           workload: {{draw: 2, actions: {{1: next}}}},
           overrides: {{alice: {{clock_rate: 100, workload: {{draw: 8, actions: {{1: next}}}}}}}}}},
    network: {{topology: ring, delay: {{uniform: [1ms, 20ms]}}}}}}"""


class ExplainCase(EndToEndCase):

    def explain(self, folder, *arguments):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, "explain", folder, *arguments]))

    def explained(self, run, tick):
        finished = self.explain(run.path, tick, "--json")
        self.assert_status(finished, 0)
        return json.loads(finished.stdout)


class Explain(ExplainCase):

    def test_the_events_add_up_to_the_clock_and_the_messages_were_sent(self):
        # Rule 4.1
        for engine in ("live", "virtual"):
            for stamp in ("after", "before"):
                with self.subTest(engine=engine, stamp=stamp):
                    self.check_chains(self.run_ok(SCENARIO.format(engine=engine, stamp=stamp)))

    def check_chains(self, run):
        traces = run.trials[0].traces
        sends = {(row.vm, row.message): row for trace in traces.values() for row in trace.rows
                 if row.event == "send"}
        jumps = 0
        for name, trace in traces.items():
            row = [row for row in trace.rows if row.tick > 0][-1]
            found = self.explained(run, f"{name}:{row.tick}")
            self.assertEqual((found["clock"], found["time_us"]), (row.clock, row.time_us))
            self.assertEqual(sum(part["events"] for part in found["chain"]), row.clock)
            self.assertIsNone(found["chain"][-1]["received"])
            for part, before in zip(found["chain"], found["chain"][1:]):
                message = part["received"]
                send = sends[message["sender"], message["message"]]
                self.assertEqual(before["vm"], send.vm)
                self.assertEqual(message["sent_us"], send.time_us)
                self.assertEqual(message["stale_us"], part["first"]["time_us"] - send.time_us)
                self.assertEqual(message["stale_us"],
                                 message["in_link_us"] + message["in_inbox_us"])
                self.assertEqual(message["own_clock"] + message["jump"], part["first"]["clock"])
                jumps += 1
        self.assertGreater(jumps, 5)

    def test_the_table_has_a_line_for_each_part(self):
        run = self.run_ok(SCENARIO.format(engine="virtual", stamp="after"))
        found = self.explained(run, "dave:40")
        finished = self.explain(run.path, "dave:40")
        self.assert_status(finished, 0)
        summary, empty, titles, *lines = finished.stdout.splitlines()
        self.assertEqual(summary, found["summary"])
        self.assertRegex(summary, r"^The clock of dave at tick 40 is \d+, since \d+ events in a "
                                  r"row lead to it: \d+ on alice, .*, joined by \d+ messages; dave "
                                  r"itself has run 40 ticks\.$")
        self.assertEqual(empty, "")
        self.assertEqual(titles.split()[:5], ["VM", "ticks", "time", "clock", "events"])
        self.assertEqual([line.split()[0] for line in lines],
                         [part["vm"] for part in found["chain"]])

    def test_of_a_long_chain_the_table_has_the_end(self):
        run = self.run_ok("{seed: 5, engine: virtual, duration: 60s, vms: {count: 3,"
                          " clock_rate: 20, workload: {draw: 2, actions: {1: next}}}}")
        chain = self.explained(run, "vm2:1200")["chain"]
        self.assertGreater(len(chain), 100)
        finished = self.explain(run.path, "vm2:1200")
        self.assert_status(finished, 0)
        *lines, rest = finished.stdout.splitlines()[3:]
        self.assertEqual([line.split()[0] for line in lines], [part["vm"] for part in chain[:40]])
        self.assertEqual(rest, f"... and {len(chain) - 40} before them (--json has all)")


class BadUsage(ExplainCase):

    def test_each_is_one_message_with_what_there_is(self):
        run = self.run_ok(SCENARIO.format(engine="virtual", stamp="after"))
        for arguments, words in (
                (("erin:1",),
                 "VM:TICK: there is no VM 'erin', expected one of alice, bob, carol, dave"),
                (("bob:41",), "VM:TICK: bob ran no tick 41, expected 1 to 40, but for those"),
                (("bob",),
                 "VM:TICK: expected a VM and one of its ticks, such as alice:1, got 'bob'"),
                (("bob:1", "--trial", "7"), "there is no trial 7, expected 1 to 1")):
            with self.subTest(arguments):
                finished = self.explain(run.path, *arguments)
                self.assert_status(finished, 2)
                self.assertIn(words, finished.stderr)
                self.assertEqual(len(finished.stderr.splitlines()), 1)
                self.assertEqual(finished.stdout, "")

    def test_a_trace_that_breaks_the_rule_is_not_explained_away(self):
        run = self.run_ok(SCENARIO.format(engine="virtual", stamp="after"))
        path = run.path / "trial-1" / "alice.csv"
        lines = path.read_text().splitlines()
        del lines[10]
        path.write_text("\n".join(lines) + "\n")
        finished = self.explain(run.path, "alice:90")
        self.assert_status(finished, 2)
        self.assertRegex(finished.stderr, "the clock .* does not follow .*'bustrace verify'")


if __name__ == "__main__":
    unittest.main()
