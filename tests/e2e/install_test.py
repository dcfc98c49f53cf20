"""What `meson install` puts in place: programs that find each other, scenarios, documentation."""

import subprocess
import unittest

from case import EndToEndCase
from programs import ORCHESTRATOR


class Install(EndToEndCase):

    def test_the_installed_program_runs_an_installed_scenario(self):
        build = ORCHESTRATOR.parent.parent
        destination = self.sandbox.work / "destination"
        done = subprocess.run(
            ["meson", "install", "-C", str(build), "--no-rebuild", "--destdir", str(destination)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        [program] = destination.rglob("bin/orchestrator")
        prefix = program.parent.parent
        self.assertTrue((prefix / "share/doc/driftbus/docs/model.md").is_file())
        self.assertTrue((prefix / "share/doc/driftbus/README.md").is_file())
        finished = self.sandbox.finish(self.sandbox.start(
            [program, prefix / "share/driftbus/configs/smoke.yaml", "--duration", "200ms",
             "--output", self.new_folder()]))
        self.assert_status(finished, 0)
        self.assertIn("verdict: ok", finished.stdout)
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
