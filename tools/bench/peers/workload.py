"""What the Python peers of tools/bench/virtual share: the command line, the workload drawn with
Python's own random numbers, and the line of results. Nothing here runs while ticks are timed.

The workload is that of docs/model.md: each machine ticks at a rate of 1 to 6 per second, from a
phase of its own. A tick takes the oldest message from the inbox; when there is none it draws one of
ten values, of which one sends to the next peer, one to the one after it, one to all. Each copy is
under way for 1 to 5 ms. The clock is Lamport's."""

import argparse
import json
import resource
import time
from random import Random

DRAWS = 10  # Values that send nothing are those that have no target list.
SHORTEST_DELAY_S = 0.001
DELAY_RANGE_S = 0.004
MESH = 0


class Tally:
    """What happened. Left is what waited in inboxes, or was under way, at the end."""

    def __init__(self):
        self.internal = self.sends = self.copies = self.receives = self.left = self.clock_sum = 0

    @property
    def ticks(self):
        return self.internal + self.sends + self.receives


class Workload:
    """Machines by index: what is drawn before the first tick."""

    def __init__(self, options):
        self.random = Random(options.seed)
        self.seconds = options.seconds
        self.size = options.vms
        rates = options.rates or self.random.choices(range(1, 7), k=self.size)
        self.periods = [1 / rate for rate in rates]
        self.phases = [period * self.random.random() for period in self.periods]
        self.targets = [self._targets(vm, options.links) for vm in range(self.size)]

    def _targets(self, vm, links):
        """By draw, 0 to 2: who gets a copy."""
        others = range(self.size - 1) if links == MESH else self._sample(links)
        # Ring order: those after `vm` first.
        ring = [(vm + 1 + other) % self.size for other in sorted(others)]
        return (ring[0],), (ring[1 % len(ring)],), tuple(ring)

    def _sample(self, links):
        return self.random.sample(range(self.size - 1), links)


def read_command_line(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--vms", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="of virtual time")
    parser.add_argument("--links", type=int, default=MESH, help="random peers of each (0: a mesh)")
    parser.add_argument("--seed", type=int, default=2620)
    parser.add_argument("--rates", type=lambda text: [float(rate) for rate in text.split(",")],
                        help="ticks per second of each, instead of drawn ones")
    return parser.parse_args()


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def measure(description, program, make):
    """Makes the simulation, `make(workload)`, which gives its loop and what adds it up; runs it and
    prints what it did and cost, times in processor time."""
    options = read_command_line(description)
    begun = time.process_time()
    run, add_up = make(Workload(options))
    built = time.process_time()
    built_bytes = resident_bytes()
    run()
    ended = time.process_time()
    run_bytes = resident_bytes()
    tally = add_up()
    print(json.dumps(vars(tally) | {
        "program": program, "vms": options.vms, "seconds": options.seconds,
        "ticks": tally.ticks, "build_s": built - begun, "run_s": ended - built,
        "built_bytes": built_bytes, "run_bytes": run_bytes,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
