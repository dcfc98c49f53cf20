"""The workload in plain Python: a heap of ticks from heapq, and an inbox per machine. As in our own
engine a message is no event of the heap, but goes to its receiver with the time of its arrival."""

import gc
import platform
from heapq import heapify, heappop, heappush, heapreplace

import workload
from workload import DELAY_RANGE_S, DRAWS, SHORTEST_DELAY_S


def make(work):
    tally = workload.Tally()
    clocks = [0] * work.size
    inboxes = [[] for _ in range(work.size)]  # Heaps of (arrival, stamp).
    ticks = [(phase, vm) for vm, phase in enumerate(work.phases)]
    heapify(ticks)

    def run():
        periods, targets, end = work.periods, work.targets, work.seconds
        random = work.random.random
        internal = sends = copies = receives = 0
        now, vm = ticks[0]
        while now < end:
            inbox = inboxes[vm]
            if inbox and inbox[0][0] <= now:
                stamp = heappop(inbox)[1]
                clock = clocks[vm]
                clocks[vm] = (stamp if stamp > clock else clock) + 1
                receives += 1
            else:
                clocks[vm] = clock = clocks[vm] + 1
                draw = int(random() * DRAWS)
                if draw < 3:
                    # A machine sends at most once in 166 ms, so a link keeps its order by itself.
                    receivers = targets[vm][draw]
                    for receiver in receivers:
                        arrival = now + SHORTEST_DELAY_S + DELAY_RANGE_S * random()
                        heappush(inboxes[receiver], (arrival, clock))
                    sends += 1
                    copies += len(receivers)
                else:
                    internal += 1
            heapreplace(ticks, (now + periods[vm], vm))
            now, vm = ticks[0]
        tally.internal, tally.sends, tally.copies, tally.receives = (
            internal, sends, copies, receives)

    def add_up():
        tally.left = sum(map(len, inboxes))
        tally.clock_sum = sum(clocks)
        return tally

    gc.freeze()  # What lives as long as the run is not looked through again and again.
    return run, add_up


if __name__ == "__main__":
    workload.measure(__doc__, f"Python {platform.python_version()} heapq", make)
