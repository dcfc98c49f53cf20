"""VMs started by hand, as in three terminals (docs/formats.md, sections 7 and 8)."""

import itertools
import signal
import socket
import unittest
from fractions import Fraction

from case import EndToEndCase
from programs import BUSTRACE, VM, free_ports, wait_until

import matching
import model
from replay import Expected, Replay
from run_folder import read_traces

SCENARIO = """
seed: 31
duration: 2s
vms: {{count: 3, clock_rate: {{min: 20, max: 60}}}}
network: {{transport: tcp, base_port: {base}}}
"""


class ByHand(EndToEndCase):

    def vm(self, *arguments, **options):
        return self.sandbox.start([VM, *arguments], **options)

    def finish_all(self, running):
        def over():
            ended = [process.poll() for process in running]
            return None not in ended or any(ended)
        wait_until(over, "every VM to end")
        for process in running:
            if process.poll() is None:  # it waits for one that has failed
                process.kill()
        for process in running:
            self.assert_status(self.sandbox.finish(process), 0)
        self.assert_nothing_left()

    def models(self, names, rates):
        return {name: model.VmModel(id, name, rate, 0, [], 10, {}, 0, 0)
                for (name, id), rate in zip(names.items(), rates)}

    def assert_traces(self, models, folder=None, **expected):
        """Each trace is complete, keeps the rules, and all agree on who sent what."""
        names = [vm.name for vm in models.values()]
        traces = read_traces(folder or self.sandbox.work)
        self.assertEqual(sorted(traces), sorted(names))
        replays = {name: Replay(traces[name], models[name], Expected(names, **expected))
                   for name in names}
        for name, replay in replays.items():
            self.assertEqual(replay.problems, [])
            self.assertTrue(traces[name].complete, name)
        self.assertEqual(matching.check_receives(replays, "after"), [])
        links = list(itertools.permutations(names, 2))
        counts, problems = matching.count_links(replays, links)
        self.assertEqual(problems + matching.unaccounted(counts, set()), [])
        verified = self.sandbox.finish(
            self.sandbox.start([BUSTRACE, "verify", folder or self.sandbox.work]))
        self.assert_status(verified, 0)
        rows = sum(len(trace.rows) for trace in traces.values())
        self.assertRegex(verified.stdout, f": ok, 1 trial, {rows} rows\n")
        self.assertIn("not checked: 4.4 wall clocks", verified.stdout)
        return replays

    def test_three_terminals_in_any_order(self):
        # Rules 1.5, 2.1 to 2.5, 3.2, 4.1, 7.2
        for order in ((1, 2, 3), (3, 1, 2)):
            with self.subTest(order):
                self.three_terminals(order)

    def three_terminals(self, order):
        base = free_ports(3)
        address = {id: f"tcp://127.0.0.1:{base + id}" for id in (1, 2, 3)}
        folder = self.new_folder()
        running = []
        for id in order:
            peers = [option for other in (1, 2, 3) if other != id
                     for option in ("--peer", f"{other}={address[other]}")]
            running.append(self.vm("--id", id, "--bind", address[id], *peers, "--rate", 40,
                                   "--duration", "2s", "--output", folder))
            self.wait_while_running(running[-1], (folder / f"vm{id}.csv").exists,
                                    f"vm{id} has a trace")
        self.finish_all(running)
        models = self.models({f"vm{id}": id for id in (1, 2, 3)}, [Fraction(40)] * 3)
        for vm in models.values():
            vm.rate = None  # the phase of a VM by hand is its own
        replays = self.assert_traces(models, folder)
        for replay in replays.values():
            self.assertEqual(replay.ticks + replay.missed, 80)
        self.assertGreater(sum(len(replay.received) for replay in replays.values()), 0)

    def test_the_incremental_way(self):
        # Only the later VM knows the earlier ones; they dial it back, and it joins their ring.
        base = free_ports(3)
        ports = [base + 1, base + 2, base + 3]
        running = []
        for count, port in enumerate(ports):
            others = ["--others", *ports[:count]] if count else []
            running.append(self.vm("--port", port, *others, "--rate", 50, "--duration", "4s"))
            self.wait_while_running(running[-1], lambda port=port: self.ticks(port) > 0,
                                    f"vm{port} ticks")
        self.finish_all(running)
        models = self.models({f"vm{port}": port for port in ports}, [None] * 3)
        replays = self.assert_traces(models)
        for name, replay in replays.items():
            self.assertEqual(replay.ticks + replay.missed, 200, name)
            met = {peer for row in replay.sends.values() for peer in row.peers}
            self.assertEqual(met, set(models) - {name}, name)
        for first, second in itertools.permutations(replays, 2):
            heard = [row for row in matching.arrivals(replays[first]) if row.peers == [second]]
            self.assertGreater(len(heard), 0, f"{first} from {second}")

    def ticks(self, port, folder=None):
        trace = read_traces(folder or self.sandbox.work).get(f"vm{port}")
        return sum(row.tick > 0 for row in trace.rows) if trace else 0

    def test_old_spellings(self):
        base = free_ports(2)
        running = [self.vm("-port", base + 1, "-overridefreq", 10, "--duration", "1s"),
                   self.vm("-port", base + 2, "-others", base + 1, "-overridefreq", 10,
                           "--duration", "1s")]
        self.finish_all(running)
        self.assertEqual(len(read_traces(self.sandbox.work)), 2)

    def test_a_scenario_and_an_id(self):
        # Rules 1.2, 1.3, 2.6: the same draws as under the orchestrator
        base = free_ports(3)
        path = self.scenario(SCENARIO.format(base=base))
        folder = self.new_folder()
        self.finish_all([self.vm("--scenario", path, "--id", id, "--output", folder)
                         for id in (1, 2, 3)])
        scenario = {"seed": 31, "ticks": {"multiplier": 1, "phase": "staggered"},
                    "network": {"topology": "mesh"},
                    "vms": {"count": 3, "clock_rate": {"min": 20, "max": 60},
                            "physical_clock": {"drift_ppb": 0, "offset": "0s"},
                            "workload": {"draw": 10, "actions": {1: "next", 2: "after_next",
                                                                 3: "all"}}}}
        models = {f"vm{id}": model.vm_model(scenario, id, 31) for id in (1, 2, 3)}
        self.assert_traces(models, folder, seed=31, duration_ns=2 * 10**9)

    def test_names_of_the_environment(self):
        base = free_ports(2)
        running = []
        for id in (1, 2):
            running.append(self.vm(environment={
                "VM_ID": str(id), "PORT": str(base + id), "TICK_RATE": "30", "DURATION": "2",
                "PEERS": f'{{"{3 - id}": {base + 3 - id}}}'}))
        self.finish_all(running)
        traces = read_traces(self.sandbox.work)
        self.assertEqual(sorted(traces), ["vm1", "vm2"])

    def test_a_taken_port_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            finished = self.sandbox.finish(self.vm("--port", port, "--duration", "1s"))
        self.assert_status(finished, 3)
        self.assertIn(str(port), finished.stderr)

    def test_interrupted_it_ends_in_order(self):
        # Rule 7.3
        port = free_ports(1) + 1
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number.name):
                folder = self.new_folder()
                process = self.vm("--port", port, "--rate", 50, "--output", folder)
                self.wait_while_running(process, lambda: self.ticks(port, folder) > 5, "it ticks")
                process.send_signal(number)
                self.assert_status(self.sandbox.finish(process), status)
                self.assertTrue(read_traces(folder)[f"vm{port}"].complete)


if __name__ == "__main__":
    unittest.main()
