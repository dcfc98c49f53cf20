"""Many machines: what fits runs and is accounted for, what does not is refused with the reason."""

import os
import unittest

from case import EndToEndCase
from programs import CONFIGS, scaled

from run_folder import RunFolder

# Sanitized, a process starts ten times as slowly and takes ten times the memory; counting coverage
# without optimisation, the orchestrator cannot read what a thousand VMs tell it four times a second.
MANY = 300 if "DRIFTBUS_INSTRUMENTED" in os.environ else 1000
PATIENT = "start_timeout: 300s, stop_timeout: 300s"


class Scale(EndToEndCase):

    def test_a_full_mesh_of_many(self):
        # Rules 1.5, 7.2
        count = scaled(100, 200)
        run = self.run_ok(f"{{seed: 3, duration: 3s, {PATIENT}, vms: {{count: {count}}}}}")
        self.assertEqual(len(run.trials[0].links), count * (count - 1))

    def test_many_with_four_peers_each(self):
        # Rules 5.1, 7.2; docs/formats.md: above 256 VMs in vms.csv and links.csv
        finished = self.orchestrate(CONFIGS / "random_1000.yaml", "--output", "run",
                                    "--duration", scaled("2s", "10s"),
                                    "--set", f"vms.count={MANY}", "--set", "start_timeout=300s",
                                    "--set", "stop_timeout=300s")
        self.assert_status(finished, 0)
        run = self.assert_checked(self.sandbox.work / "run")
        self.assertNotIn("vms", run.run["trials"][0])
        self.assertNotIn("links", run.run["trials"][0])
        self.assertEqual(len(run.trials[0].vms), MANY)
        self.assertEqual(len(run.trials[0].links), 4 * MANY)
        self.assert_nothing_left()

    def test_a_full_mesh_of_a_thousand_is_refused_with_numbers(self):
        process, folder = self.start_run("{duration: 1s, vms: {count: 1000}}")
        finished = self.sandbox.finish(process)
        self.assertIn(finished.status, (2, 3), finished.stderr)
        self.assertRegex(finished.stderr, r"999[ ',]?000|999")
        self.assertRegex(finished.stderr, r"GB|GiB|MiB|MB|\bfiles\b|sockets")
        self.assertEqual(list(folder.glob("trial-1/*.csv")), [])
        self.assert_nothing_left()

    def test_256_vms_stand_in_run_json_and_257_in_tables(self):
        for count in scaled((257,), (256, 257)):
            with self.subTest(count=count):
                run = self.run_ok(f"{{duration: 500ms, {PATIENT}, vms: {{count: {count}}},"
                                  " network: {topology: ring}}")
                self.assertEqual("vms" in run.run["trials"][0], count == 256)
                self.assertEqual(RunFolder(run.path).vm("vm256")["exit"], {"exited": 0})


if __name__ == "__main__":
    unittest.main()
