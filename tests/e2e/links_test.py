"""What links do to messages, in either engine: the rows are those that the words of the links give."""

import unittest

from case import EndToEndCase
from programs import CONFIGS, scaled

MESH = """
seed: 5
duration: 2s
vms: {count: 4, clock_rate: 100, workload: {draw: 4}}
network:
  delay: {uniform: [1ms, 20ms]}
  loss: 0.1
  duplicate: 0.1
  links:
    - {from: vm1, to: vm2, delay: 300ms, reorder: true}
    - {from: vm2, to: vm1, delay: {quantiles: [0, 1ms, 200ms]}, reorder: true}
    - {from: vm3, to: vm1, loss: 1}
    - {from: vm3, to: vm4, delay: 0, loss: 0, duplicate: 1}
"""

BOTH = ("engine=live", "engine=virtual")


class Links(EndToEndCase):

    def sums(self, run, name):
        links = run.trials[0].links
        return {(link["from"], link["to"]): link[name] for link in links if link[name] > 0}

    def test_every_rule_is_kept(self):
        # Rules 2.7, 5.2 to 5.4, 7.1, 7.2
        for engine in BOTH:
            with self.subTest(engine):
                run = self.run_ok(MESH, "--set", engine)
                dropped, sent = self.sums(run, "dropped"), self.sums(run, "sent")
                self.assertEqual(dropped["vm3", "vm1"], sent["vm3", "vm1"])
                self.assertNotIn(("vm3", "vm4"), dropped)
                self.assertEqual(self.sums(run, "duplicated")["vm3", "vm4"], sent["vm3", "vm4"])
                self.assertGreater(sum(dropped.values()), dropped["vm3", "vm1"])

    def test_messages_overtake_each_other_only_where_they_may(self):
        # Rule 5.3
        for engine in BOTH:
            with self.subTest(engine):
                run = self.run_ok(MESH, "--set", engine, "--set", "network.duplicate=0",
                                  "--duration", scaled("5s", "30s"))
                overtaken = set()
                for name, trace in run.trials[0].traces.items():
                    last = {}
                    for row in trace.rows:
                        if row.event in ("receive", "left"):
                            if row.message < last.get(row.peers[0], 0):
                                overtaken.add((row.peers[0], name))
                            last[row.peers[0]] = row.message
                self.assertEqual(overtaken, {("vm2", "vm1")})

    def test_a_delay_keeps_messages_from_the_receiver(self):
        for engine in BOTH:
            with self.subTest(engine):
                run = self.run_ok("{duration: 1s, vms: {count: 2, clock_rate: 50}, network:"
                                  " {delay: 1h}}", "--set", engine)
                totals = run.run["trials"][0]["totals"]
                self.assertEqual(totals["received"], 0)
                self.assertEqual(totals["left"], totals["sent_copies"])

    def test_the_account_holds_without_a_trace(self):
        # Rule 7.2
        for engine in BOTH:
            with self.subTest(engine):
                folder = self.new_folder()
                finished = self.orchestrate(self.scenario(MESH), "--set", engine, "--set",
                                            "trace=none", "--output", folder)
                self.assert_status(finished, 0)
                self.assertRegex(finished.stdout, r"copies sent \+ \d+ duplicated = .* \+ \d+ dropped")

    def test_the_shipped_example(self):
        folder = self.new_folder()
        self.assert_status(self.orchestrate(CONFIGS / "wan.yaml", "--virtual", "--output", folder), 0)
        run = self.assert_checked(folder)
        self.assertGreater(self.sums(run, "dropped")["vm1", "vm3"], 0)


if __name__ == "__main__":
    unittest.main()
