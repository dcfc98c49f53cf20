"""(a) to (d): what a tick in virtual time costs with 3 VMs to a million, against programs of the
same workload, and what a VM takes of memory. Nothing is traced or hashed.

Times are processor time: everything here has one thread that never waits. A program's cost is that
of its ticks alone; what it does before the first of them is not timed."""

import time
from dataclasses import dataclass

from counterparts import TIMEOUT_S, check_agreement, describe, mix, run_peer
from figures import Target

SCENARIO = """
name: bench_virtual
seed: 2620
engine: virtual
duration: {seconds:g}s
vms: {{count: {vms}}}
network: {{topology: {topology}, delay: {{uniform: [1ms, 5ms]}}}}
log: {{events: false}}
trace: {trace}
"""
OURS = "driftbus"


@dataclass(frozen=True)
class Size:
    """A number of VMs, and how long each program simulates them: enough ticks to time, and few
    enough for the slow ones. Where a peer has a text instead, it cannot, for that reason."""

    letter: str
    vms: int
    links: int  # Random peers of each; 0: a mesh.
    seconds: dict  # Of virtual time, by program.
    targets: dict  # At least how many times as long as ours a tick takes, by program.

    @property
    def title(self):
        topology = "in a mesh" if self.links == 0 else f"with {self.links} random peers each"
        return f"({self.letter}) {self.vms} VMs {topology}"

    @property
    def is_large(self):
        """Whether a program's memory is that of its VMs."""
        return self.vms >= 100_000

    def scenario(self, seconds, trace="none"):
        topology = "mesh" if self.links == 0 else f"{{random: {self.links}}}"
        return SCENARIO.format(seconds=seconds, vms=self.vms, topology=topology, trace=trace)


SIZES = {size.letter: size for size in (
    Size("a", 3, 0, {OURS: 200_000, "heapq": 200_000, "simpy": 200_000, "simgrid": 200_000},
         {"simgrid": 100, "heapq": 20}),
    Size("b", 1000, 4, {OURS: 600, "heapq": 600, "simpy": 600, "simgrid": 600},
         {"simgrid": 60, "heapq": 20}),
    Size("c", 100_000, 4, {OURS: 10, "heapq": 2, "simpy": 2, "simgrid": 2},
         {"simgrid": 500, "heapq": 80}),
    Size("d", 1_000_000, 4,
         {OURS: 10, "heapq": 1, "simpy": 0.5, "simgrid": "its actors would need about 19 GB"}, {}),
)}
# What else the command line takes for a letter.
NAMES = {name: letter for letter, size in SIZES.items()
         for name in (str(size.vms), f"1e{len(str(size.vms)) - 1}")}
# Cost is held to grow little from the one to the other.
FEWER = "b"
LARGEST = "d"
GROWTH = Target.at_most(3)
BYTES_PER_VM = Target.at_most(200)


def run_ours(bench, scenario):
    """What tools/bench/virtual_loop tells of a scenario."""
    with bench.folder() as folder:
        (folder / "scenario.yaml").write_text(scenario)
        return bench.tool("virtual_loop", folder / "scenario.yaml", "--folder", folder,
                          timeout=TIMEOUT_S)


def ns_per_tick(totals):
    return totals["run_s"] * 1e9 / totals["ticks"]


class Comparison:
    """Measures sizes round after round; remembers within a round how cost grows."""

    def __init__(self, chosen):
        self._peers = chosen  # By name.
        self._fewer_ns = None  # Of ours in this round, with fewer VMs.

    def measure(self, bench, figures, letter):
        """One round of one size: ours, then each peer with ours beside it, both for the same
        virtual time."""
        size = SIZES[letter]
        begun = time.monotonic()
        bench.run(size.scenario(size.seconds[OURS]), TIMEOUT_S)
        figures.add(size.title, "driftbus: whole run, from start to end", "s",
                    time.monotonic() - begun)
        ours = run_ours(bench, size.scenario(size.seconds[OURS]))
        self._add_ours(figures, size, ours)
        for key, peer in self._peers.items():
            self._measure_peer(bench, figures, size, key, peer)
        self._add_growth(figures, size, ns_per_tick(ours))

    def _add_growth(self, figures, size, ns):
        if size.letter == FEWER:
            self._fewer_ns = ns
        elif size.letter == LARGEST and self._fewer_ns is not None:
            figures.add(size.title, f"driftbus: ns per tick / with {SIZES[FEWER].vms} VMs",
                        "ratio", ns / self._fewer_ns, GROWTH)
            self._fewer_ns = None

    def _add_ours(self, figures, size, ours):
        figures.add(size.title, "driftbus: processor time per tick", "ns", ns_per_tick(ours))
        figures.add(size.title, "driftbus: ticks", "1/s", 1e9 / ns_per_tick(ours))
        figures.remark(size.title, "driftbus: what it did", describe(mix(ours)))
        if size.is_large:
            self._add_memory(figures, size, OURS, ours)
            without_counters = (ours["run_bytes"] - ours["link_counter_bytes"]) / size.vms
            figures.add(size.title, "driftbus: the same without link counters", "bytes",
                        without_counters, BYTES_PER_VM if size.letter == LARGEST else None)

    @staticmethod
    def _add_memory(figures, size, name, totals):
        figures.add(size.title, f"{name}: memory of a VM", "bytes",
                    totals["run_bytes"] / size.vms)

    def _measure_peer(self, bench, figures, size, key, peer):
        if not peer.is_there:
            figures.remark(size.title, peer.name, f"not installed: {peer.package}")
            return
        seconds = size.seconds[key]
        if isinstance(seconds, str):
            figures.remark(size.title, peer.name, f"cannot: {seconds}")
            return
        ours = run_ours(bench, size.scenario(seconds))
        theirs = run_peer(bench, peer, size, seconds, ours["rates"])
        name = theirs["program"]
        figures.remark(size.title, f"{name}: what it did", describe(mix(theirs)))
        check_agreement(name, mix(theirs), mix(ours))
        figures.add(size.title, f"{name}: processor time per tick", "ns", ns_per_tick(theirs))
        if size.is_large:
            self._add_memory(figures, size, name, theirs)
        least = size.targets.get(key)
        figures.add(size.title, f"{name}: its time per tick / ours", "ratio",
                    ns_per_tick(theirs) / ns_per_tick(ours),
                    None if least is None else Target.at_least(least))
