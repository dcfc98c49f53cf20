"""A VM on tcp under attack: it lives, records what is bad, and its own messages are unharmed."""

import unittest

from case import EndToEndCase
from programs import VM, free_ports, wait_until

import attack
from model import VmModel
from replay import Expected, Replay
from run_folder import read_trace

FRAMES = 10000
CONNECTIONS = 1000
MEMORY_KIB = 64 * 1024

SCENARIO = """
seed: 12
duration: 1h
vms: {{count: 3, clock_rate: 100}}
network: {{transport: tcp, base_port: {base}}}
log: {{events: false}}
"""


class AttackedRun(EndToEndCase):

    def resident_kib(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    def attack_everything(self, port):
        attack.send_mutated(port, FRAMES, seed=port)
        attack.send_multipart(port, FRAMES)
        attack.send_too_long(port)
        for seed in range(5):
            attack.declare_huge(port)
            attack.speak_http(port)
            attack.speak_tls(port)
            attack.send_noise(port, seed)
            attack.reset_after_ping(port)
        taken = attack.crowd(port, CONNECTIONS)
        self.assertGreater(taken, 0)

    def test_three_machines_under_attack_go_on(self):
        # docs/formats.md, wire: bad frames are counted, recorded and ignored. Rule 7.2
        base = free_ports(3)
        process, folder = self.start_run(SCENARIO.format(base=base))
        self.wait_for_rows(process, folder, 20)
        pids = self.sandbox.vms()
        before = {pid: self.resident_kib(pid) for pid in pids}
        for port in (base + 1, base + 2, base + 3):
            self.attack_everything(port)
        self.assertEqual(self.sandbox.vms(), pids)
        after = {pid: self.resident_kib(pid) for pid in pids}
        process.terminate()
        self.assert_status(self.sandbox.finish(process), 143)
        run = self.assert_checked(folder)
        self.assertEqual(run.run["problems"], [])
        for vm in run.trials[0].vms:
            self.assertGreater(vm["bad"], FRAMES // 2, vm["name"])
            self.assertGreater(vm["received"], 0, vm["name"])
            self.assertLess(after[vm["pid"]] - before[vm["pid"]], MEMORY_KIB, vm["name"])
        self.assert_nothing_left()

    def test_an_attack_while_the_machines_link(self):
        # A flood of hellos from nobody must not pass for the links that the barrier waits for.
        base = free_ports(12)
        text = SCENARIO.format(base=base).replace("count: 3", "count: 12").replace("1h", "1s")
        process, folder = self.start_run(text)
        self.wait_while_running(process, lambda: self.flood(base + 1), "vm1 listens")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        self.assertEqual(run.verdict, "ok")

    def flood(self, port):
        try:
            attack.push(port, [attack.hello(id, "tcp://127.0.0.1:1", tag=7)
                               for id in range(20)] * 20)
            return True
        except OSError:
            return False


class AttackedByAPeer(EndToEndCase):
    """The attacker has the right id and tag: a VM started by hand takes it for its peer."""

    def setUp(self):
        super().setUp()
        self.peer = attack.Peer(2)
        self.addCleanup(self.peer.close)
        self.port = free_ports(1) + 1
        self.vm = self.sandbox.start(
            [VM, "--id", "1", "--bind", f"tcp://127.0.0.1:{self.port}", "--peer",
             f"2={self.peer.endpoint}", "--rate", "200", "--duration", "1h"])
        self.wait_while_running(self.vm, lambda: self.send(self.peer.hello()), "it listens")
        self.trace = self.sandbox.work / "vm1.csv"
        self.wait_while_running(self.vm, lambda: any(row.tick for row in self.rows()),
                                "it ticks")

    def send(self, *frames):
        try:
            attack.push(self.port, frames)
            return True
        except OSError:
            return False

    def rows(self, event=None):
        rows = read_trace(self.trace).rows if self.trace.exists() else []
        return [row for row in rows if event in (None, row.event)]

    def received(self):
        return [row.message for row in self.rows("receive")]

    def expect_bad(self, count, *frames):
        """Each of the frames is recorded as bad and none is received."""
        before, received = len(self.rows("bad")), self.received()
        self.assertTrue(self.send(*frames))
        wait_until(lambda: len(self.rows("bad")) >= before + count, f"{count} bad frames")
        self.assertEqual(len(self.rows("bad")), before + count)
        self.assertEqual(self.received(), received)

    def expect_received(self, *numbers):
        wait_until(lambda: self.received() == list(numbers), f"messages {numbers}")

    def test_only_the_next_link_number_is_taken(self):
        self.send(self.peer.data(1))
        self.expect_received(1)
        self.expect_bad(3, self.peer.data(1), self.peer.data(5), self.peer.data(2, number=0))
        self.send(self.peer.data(2))
        self.expect_received(1, 2)

    def test_a_wrong_tag_or_sender_is_bad(self):
        self.expect_bad(3, self.peer.data(1, tag=1), self.peer.data(1, sender=3),
                        self.peer.data(1, sender=0))
        self.send(self.peer.data(1))
        self.expect_received(1)

    def test_a_stamp_out_of_range_is_bad_and_costs_no_tick(self):
        # Rule 4.5
        for stamp in (2**53, 2**64 - 1, 2**52):
            with self.subTest(stamp=stamp):
                self.expect_bad(1, self.peer.data(1, stamp=stamp))
        self.send(self.peer.data(1, stamp=2**47))
        self.expect_received(1)
        self.assertEqual(self.rows("receive")[0].clock, 2**47 + 1)

    def test_more_than_1000_bad_frames_are_only_counted(self):
        self.send(*[b"not a frame"] * 1500, self.peer.data(1))
        self.expect_received(1)
        self.assertEqual(len(self.rows("bad")), 1000)

    def test_the_trace_of_an_attacked_vm_keeps_the_rules(self):
        # Rules 2.1, 3.2, 4.1
        attack.send_mutated(self.port, 500, seed=1)
        self.send(*[self.peer.data(number) for number in range(1, 51)])
        self.expect_received(*range(1, 51))
        self.send(self.peer.end(50))
        self.vm.terminate()
        self.sandbox.finish(self.vm)
        trace = read_trace(self.trace)
        model = VmModel(1, "vm1", None, 0, [2], 10, {}, 0, 0)
        self.assertEqual(Replay(trace, model, Expected(["vm1", "vm2"])).problems, [])
        self.assertTrue(trace.complete)


if __name__ == "__main__":
    unittest.main()
