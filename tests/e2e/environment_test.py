"""What the machine may refuse: ports, folders, programs, files, disk space. Status 3, and what to
do about it."""

import os
import resource
import shutil
import socket
import subprocess
import unittest

from case import EndToEndCase
from programs import VM, free_ports

from checker import check_run
from run_folder import read_traces

SMALL = "{duration: 300ms, vms: {count: 3, clock_rate: 20}}"


class Refused(EndToEndCase):

    def spying_vm(self):
        """A VM program that leaves a file when it is started."""
        self.spawned = self.sandbox.work / "spawned"
        script = self.sandbox.write("spy", f'#!/bin/sh\n: > {self.spawned}\nexec {VM} "$@"\n')
        script.chmod(0o755)
        return script

    def assert_refused(self, finished, *words):
        """Status 3, each word said, nothing started or left."""
        self.assert_status(finished, 3)
        for word in words:
            self.assertIn(word, finished.stderr)
        self.assertRegex(finished.stderr, r"orchestrator: error: ")
        self.assertFalse(self.spawned.exists())
        self.assert_nothing_left()

    def test_the_spy_sees_a_vm_that_is_started(self):
        self.run_ok(SMALL, "--vm-program", self.spying_vm())
        self.assertTrue(self.spawned.exists())

    def test_a_taken_port_is_named_before_any_vm_starts(self):
        base = free_ports(3)
        with socket.create_server(("127.0.0.1", base + 2)):
            process, _ = self.start_run(
                f"{{vms: {{count: 3}}, network: {{transport: tcp, base_port: {base}}}}}",
                "--vm-program", self.spying_vm())
            self.assert_refused(self.sandbox.finish(process), str(base + 2))

    def test_a_port_can_be_had_again_at_once(self):
        base = free_ports(3)
        for _ in range(3):
            self.run_ok(SMALL[:-1] + f", network: {{transport: tcp, base_port: {base}}}}}")

    def test_a_file_in_place_of_the_log_folder(self):
        self.sandbox.write("logs", "in the way")
        finished = self.orchestrate(self.scenario(SMALL), "--vm-program", self.spying_vm())
        self.assert_refused(finished, "logs")

    def test_a_log_folder_that_cannot_be_made(self):
        finished = self.orchestrate(self.scenario(SMALL), "--set", "log.directory=/proc/driftbus",
                                    "--vm-program", self.spying_vm())
        self.assert_refused(finished, "/proc/driftbus")

    def test_a_missing_vm_program_is_named(self):
        self.spying_vm()
        for path in ("no/such/vm", str(self.sandbox.work)):
            with self.subTest(path):
                process, _ = self.start_run(SMALL, "--vm-program", path)
                self.assert_refused(self.sandbox.finish(process), path)

    def test_too_few_open_files_are_told_with_the_limit(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
        process, _ = self.start_run(SMALL.replace("count: 3", "count: 20"), "--vm-program",
                                    self.spying_vm(), preexec_fn=limit)
        self.assert_refused(self.sandbox.finish(process), "open files", "40")

    def test_a_soft_limit_is_raised_by_the_program_itself(self):
        def limit():
            _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        self.run_ok(SMALL.replace("count: 3", "count: 30"), preexec_fn=limit)


class FullDisk(EndToEndCase):

    def setUp(self):
        super().setUp()
        self.disk = self.sandbox.work / "disk"
        self.disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(self.disk)]
        mounted = subprocess.run(mount, capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("only root can mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(self.disk)], check=True)

    def assert_told(self, text):
        path = self.scenario(text)
        folder = self.disk / "run"
        finished = self.orchestrate(path, "--output", folder)
        self.assert_status(finished, 3)
        self.assertIn("No space left on device", finished.stderr)
        if (folder / "run.json").exists():
            self.assertNotIn('"verdict": "ok"', (folder / "run.json").read_text())
        self.assertNotIn("verdict: ok", finished.stdout)
        self.assert_nothing_left()
        return folder

    def test_a_disk_that_fills_up_during_the_run_is_told(self):
        # Each VM writes about 2000 rows of 50 bytes a second: the disk is full within seconds.
        folder = self.assert_told("{duration: 1h, stop_timeout: 5s, log: {level: none},"
                                  " vms: {count: 3, clock_rate: 2000}}")
        traces = read_traces(folder / "trial-1")
        self.assertIn(False, [trace.complete for trace in traces.values()])
        for trace in traces.values():
            self.assertFalse(trace.cut, f"{trace.path} ends within a row")
        if (folder / "run.json").exists():
            wrong = [text for text in check_run(folder) if "the trace is not complete" not in text]
            self.assertEqual(wrong, [])

    def test_a_disk_that_fills_up_in_virtual_time_is_told(self):
        for more in ("", "trials: 20,", "trials: 2, sweep: {vms.workload.draw: [4, 10]},"):
            with self.subTest(more):
                folder = self.assert_told(f"{{duration: 10h, engine: virtual, {more}"
                                          " vms: {count: 3}}")
                self.assertFalse((folder / "run.json").exists())
                self.assertFalse((folder / "sweep.csv").exists())
                shutil.rmtree(folder)

    def test_a_disk_that_the_human_logs_fill_is_told_or_the_logs_alone_suffer(self):
        self.sandbox.work.joinpath("disk", "ballast").write_bytes(bytes(500 * 1024))
        self.assert_told("{duration: 1h, stop_timeout: 5s, vms: {count: 3, clock_rate: 500}}")

    def test_a_disk_without_room_for_the_start(self):
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while ballast.write(bytes(4096)):
                    pass
            except OSError:
                pass
        self.assert_told(SMALL)
        self.assertEqual([path.name for path in self.disk.rglob("*.csv")
                          if path.stat().st_size > 0], [])


if "DRIFTBUS_INSTRUMENTED" not in os.environ:  # Sanitizers map far more than any limit.

    class FullMemory(EndToEndCase):

        def test_memory_that_ends_in_virtual_time_is_told(self):
            process, folder = self.start_run(
                "{engine: virtual, vms: {count: 2000000}, network: {topology: ring}}",
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20)))
            finished = self.sandbox.finish(process)
            self.assert_status(finished, 3)
            self.assertIn("out of memory", finished.stderr)
            self.assertFalse((folder / "run.json").exists())


class FullTemporaryFolder(EndToEndCase):

    def test_a_temporary_folder_that_is_missing_is_told(self):
        os.rmdir(self.sandbox.temporary)
        process, _ = self.start_run(SMALL)
        finished = self.sandbox.finish(process)
        os.mkdir(self.sandbox.temporary)
        self.assert_status(finished, 3)
        self.assertIn(str(self.sandbox.temporary), finished.stderr)


if __name__ == "__main__":
    unittest.main()
