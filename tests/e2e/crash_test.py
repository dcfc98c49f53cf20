"""VMs and orchestrators that are killed, stopped or end otherwise than expected."""

import os
import random
import signal
import unittest
from pathlib import Path

from case import EndToEndCase
from programs import scaled, wait_until

from run_folder import RunFolder, read_traces

LONG = """
duration: 1h
stop_timeout: {stop_timeout}
vms: {{count: {count}, clock_rate: {rate}}}
network: {{topology: {topology}}}
"""


def long_scenario(count=3, rate=100, topology="mesh", stop_timeout="3s"):
    return LONG.format(count=count, rate=rate, topology=topology, stop_timeout=stop_timeout)


def signal_pending(pid):
    """Whether a signal waits to be taken; a second one of its kind would be merged with it."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return any(line.startswith("ShdPnd") and int(line.split()[1], 16) for line in lines)


class CrashCase(EndToEndCase):

    def start_long(self, rows=12, **options):
        """Starts a run that does not end by itself and waits until every VM is at work."""
        process, folder = self.start_run(long_scenario(**options))
        self.wait_for_rows(process, folder, rows)
        return process, folder

    def named(self, folder, pid):
        """The name of the VM that had this pid."""
        vms = RunFolder(folder).trials[0].vms
        return next(vm["name"] for vm in vms if vm["pid"] == pid)

    def assert_others_whole(self, folder, dead):
        for name, trace in read_traces(folder / "trial-1").items():
            self.assertEqual(trace.complete, name != dead, name)


class KilledVm(CrashCase):

    def test_a_killed_vm_is_named_and_the_others_end_in_order(self):
        # Rules 7.2, 7.3
        for attempt in range(scaled(10, 50)):
            with self.subTest(attempt=attempt):
                self.kill_one(random.Random(attempt))
        self.assert_nothing_left()

    def kill_one(self, chance):
        process, folder = self.start_long(rows=chance.randrange(3, 150), rate=200)
        pid = chance.choice(self.sandbox.vms())
        os.kill(pid, signal.SIGKILL)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        run = self.assert_checked(folder)
        dead = self.named(folder, pid)
        problem = f"{dead}: killed by SIGKILL, expected exited 0"
        self.assertEqual(run.verdict, "failed")
        self.assertIn(problem, run.run["problems"])
        self.assertIn(problem, finished.stderr)
        self.assertIn("verdict: failed", finished.stdout)
        self.assertEqual(run.vm(dead)["exit"], {"signaled": "SIGKILL", "core": False})
        self.assert_others_whole(folder, dead)
        for link in run.trials[0].links:
            if dead not in (link["from"], link["to"]):
                self.assertEqual(link["lost"], 0, link)

    def test_a_vm_killed_while_it_starts(self):
        # The barrier must not be waited for: a killed VM will never be linked.
        process, folder = self.start_run(long_scenario(count=20))
        pid = self.wait_while_running(process, self.sandbox.vms, "a VM is started")[0]
        os.kill(pid, signal.SIGKILL)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        self.assertRegex(finished.stderr, r"vm\d+: killed by SIGKILL")
        self.assertNotEqual(RunFolder(folder).verdict, "ok")
        self.assert_nothing_left()

    def test_an_expected_kill_is_no_failure(self):
        # Rule 6.2
        process, folder = self.start_run(
            "{seed: 1, duration: 3s, vms: {count: 3, clock_rate: 50, overrides:"
            " {vm1: {expect: any}, vm2: {expect: any}, vm3: {expect: any}}}}")
        self.wait_for_rows(process, folder, 5)
        os.kill(self.sandbox.vms()[0], signal.SIGKILL)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assertEqual(RunFolder(folder).verdict, "ok")

    def test_a_vm_that_aborts_is_named(self):
        process, folder = self.start_long()
        pid = self.sandbox.vms()[0]
        os.kill(pid, signal.SIGABRT)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        self.assertIn(f"{self.named(folder, pid)}: killed by SIGABRT", finished.stderr)
        self.assert_others_whole(folder, self.named(folder, pid))
        self.assert_nothing_left()


class OtherCommand(CrashCase):

    def with_command(self, command):
        return ("{duration: 1h, stop_timeout: 3s, vms: {count: 3, overrides:"
                f" {{vm2: {{command: [/bin/sh, -c, '{command}']}}}}}}}}")

    def assert_ends_otherwise(self, command, statuses, text):
        process, folder = self.start_run(self.with_command(command), "--allow-commands")
        finished = self.sandbox.finish(process)
        self.assertIn(finished.status, statuses, finished.stderr)
        self.assertIn(text, finished.stderr)
        self.assertNotEqual(RunFolder(folder).verdict, "ok")
        self.assert_nothing_left()

    def test_a_vm_that_exits_with_another_status_is_named(self):
        self.assert_ends_otherwise("exit 5", (1,), "vm2: exited 5, expected exited 0")

    def test_a_vm_that_exits_3_is_named(self):
        # 3 is also how a VM says that its environment failed it.
        self.assert_ends_otherwise("exit 3", (1, 3), "vm2: exited 3, expected exited 0")

    def test_a_vm_that_never_registers_fails_the_barrier_by_name(self):
        # Rule 1.5
        text = self.with_command("sleep 600").replace("stop_timeout: 3s",
                                                      "stop_timeout: 1s, start_timeout: 2s")
        process, folder = self.start_run(text, "--allow-commands")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        self.assertIn("vm2", finished.stderr)
        self.assertNotEqual(RunFolder(folder).verdict, "ok")
        self.assert_nothing_left()

    def test_a_command_needs_leave(self):
        process, folder = self.start_run(self.with_command("touch spawned"))
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 2)
        self.assertIn("--allow-commands", finished.stderr)
        self.assertFalse(folder.exists())
        self.assertFalse((self.sandbox.work / "spawned").exists())


class StoppedVm(CrashCase):

    def test_a_stopped_vm_is_warned_of_and_killed_at_the_stop_timeout(self):
        # Rule 7.3
        process, folder = self.start_run(long_scenario(stop_timeout="2s").replace("1h", "4s"))
        self.wait_for_rows(process, folder, 12)
        pid = self.sandbox.vms()[0]
        os.kill(pid, signal.SIGSTOP)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        run = self.assert_checked(folder)
        name = self.named(folder, pid)
        self.assertRegex("\n".join(run.run["warnings"]), rf"{name}: silent for")
        self.assertRegex(finished.stderr, rf"orchestrator: warning: {name}: silent for")
        self.assertIn(f"{name}: killed by SIGKILL", finished.stderr)
        self.assert_others_whole(folder, name)
        self.assert_nothing_left()

    def test_a_vm_that_was_stopped_for_a_while_misses_ticks_and_goes_on(self):
        # Rule 1.4
        process, folder = self.start_run("{seed: 2, duration: 4s, vms: {count: 3,"
                                         " clock_rate: 100}}")
        self.wait_for_rows(process, folder, 12)
        pid = self.pause_first_vm(process, folder, 100)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        self.assertEqual(run.verdict, "ok")
        name = self.named(folder, pid)
        self.assertGreater(run.vm(name)["missed_ticks"], 0)
        self.assertRegex("\n".join(run.run["warnings"]), rf"{name}.*missed")
        self.assert_nothing_left()


class KilledOrchestrator(CrashCase):

    def assert_vms_die_too(self, count, **options):
        process, folder = self.start_long(count=count, **options)
        pids = self.sandbox.vms()
        self.assertEqual(len(pids), count)
        os.kill(pids[0], signal.SIGSTOP)
        process.kill()
        self.sandbox.finish(process)
        self.assert_no_process()
        self.assertFalse((folder / "run.json").exists())
        self.assertNotEqual(os.listdir(self.sandbox.temporary), [])
        self.run_ok("{duration: 200ms, vms: {count: 2}}")  # sweeps away what was left

    def test_with_three_vms_no_vm_stays_and_the_next_run_cleans_up(self):
        self.assert_vms_die_too(3)

    def test_with_a_hundred_vms_no_vm_stays_and_the_next_run_cleans_up(self):
        self.assert_vms_die_too(100, rate=5, topology="ring", rows=3)

    def test_the_folder_of_a_living_run_is_not_swept_away(self):
        process, folder = self.start_long()
        self.orchestrate(self.scenario("{duration: 200ms, vms: {count: 2}}"), "-q")
        self.assertEqual(len(os.listdir(self.sandbox.temporary)), 1)
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assert_checked(folder)
        self.assert_nothing_left()


class Interrupted(CrashCase):

    def test_once_ends_in_order(self):
        # Rule 7.3
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number.name):
                process, folder = self.start_long(rate=300)
                process.send_signal(number)
                finished = self.sandbox.finish(process)
                self.assert_status(finished, status)
                run = self.assert_checked(folder)
                self.assertEqual(run.verdict, "interrupted")
                self.assertIn("verdict: interrupted", finished.stdout)
                self.assert_others_whole(folder, dead=None)
                self.assert_nothing_left()

    def test_ctrl_c_in_a_terminal_reaches_the_vms_through_the_orchestrator_alone(self):
        # A terminal signals its whole process group: VMs in it would end before they are told.
        process, folder = self.start_run(long_scenario(), start_new_session=True)
        self.wait_for_rows(process, folder, 12)
        os.killpg(process.pid, signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assertEqual(self.assert_checked(folder).verdict, "interrupted")
        self.assert_others_whole(folder, dead=None)

    def test_no_further_trial_begins(self):
        process, folder = self.start_run(long_scenario(), "--trials", "3")
        self.wait_for_rows(process, folder, 12)
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assertEqual(len(self.assert_checked(folder).trials), 1)
        self.assertFalse((folder / "trial-2").exists())

    def test_a_vm_that_hangs_is_killed_at_the_stop_timeout(self):
        # Rule 7.3; 130 goes before 1 where both hold
        process, folder = self.start_long(stop_timeout="1s")
        pid = self.sandbox.vms()[0]
        os.kill(pid, signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 130)
        name = self.named(folder, pid)
        self.assertRegex(finished.stderr, rf"{name}: (killed by SIGKILL|did not end)")
        self.assert_checked(folder)
        self.assert_others_whole(folder, name)
        self.assert_nothing_left()

    def test_while_the_vms_start(self):
        process, folder = self.start_run(long_scenario(count=30, topology="ring"))
        self.wait_while_running(process, self.sandbox.vms, "a VM is started")
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assert_nothing_left()

    def test_twice_ends_at_once_with_traces_that_can_be_read(self):
        # Rule 7.3: one VM is stopped, so that only the second signal can end the run soon.
        process, folder = self.start_long(rate=300, stop_timeout="600s")
        os.kill(self.sandbox.vms()[0], signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        wait_until(lambda: not signal_pending(process.pid), "the first signal to be taken")
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        traces = read_traces(folder / "trial-1")
        self.assertEqual(sorted(traces), ["vm1", "vm2", "vm3"])
        for trace in traces.values():
            self.assertGreater(len(trace.rows), 0)
        if (folder / "run.json").exists():
            self.assertEqual(RunFolder(folder).verdict, "interrupted")
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
