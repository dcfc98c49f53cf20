"""The workload in SimPy: each machine is a process that waits for its next tick; a message is a
timeout whose callback puts it into the inbox of its receiver, which is lighter than a process or a
store for each link."""

import gc
from collections import deque

import simpy
import workload
from workload import DELAY_RANGE_S, DRAWS, SHORTEST_DELAY_S


class Machines:
    """The state of all machines, and their processes."""

    def __init__(self, work):
        self.work = work
        self.tally = workload.Tally()
        self.clocks = [0] * work.size
        self.inboxes = [deque() for _ in range(work.size)]
        # What a timeout calls when a message arrives; it passes itself, the stamp is its value.
        self.arrive = [inbox.append for inbox in self.inboxes]
        self.environment = simpy.Environment()
        for vm in range(work.size):
            self.environment.process(self.machine(vm))

    def machine(self, vm):
        timeout, period, inbox = self.environment.timeout, self.work.periods[vm], self.inboxes[vm]
        clock, tally, random = 0, self.tally, self.work.random.random
        yield timeout(self.work.phases[vm])
        while True:
            if inbox:
                stamp = inbox.popleft().value
                clock = (stamp if stamp > clock else clock) + 1
                tally.receives += 1
            else:
                clock += 1
                draw = int(random() * DRAWS)
                if draw < 3:
                    self.send(self.work.targets[vm][draw], clock)
                else:
                    tally.internal += 1
            self.clocks[vm] = clock
            yield timeout(period)

    def send(self, receivers, clock):
        timeout, random = self.environment.timeout, self.work.random.random
        for receiver in receivers:
            event = timeout(SHORTEST_DELAY_S + DELAY_RANGE_S * random(), clock)
            event.callbacks.append(self.arrive[receiver])
        self.tally.sends += 1
        self.tally.copies += len(receivers)

    def run(self):
        self.environment.run(until=self.work.seconds)

    def add_up(self):
        self.tally.left = self.tally.copies - self.tally.receives  # Some may be under way.
        self.tally.clock_sum = sum(self.clocks)
        return self.tally


def make(work):
    machines = Machines(work)
    gc.freeze()
    return machines.run, machines.add_up


if __name__ == "__main__":
    workload.measure(__doc__, f"SimPy {simpy.__version__}", make)
