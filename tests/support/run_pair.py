"""A live and a virtual run of one scenario and seed: their figures, and the rows that are equal.

All machines tick at the same rate, each at a phase of its own, and links have no delay.
"""

import model
from replay import TICK_EVENTS

VM_FIGURES = ("internal", "sent", "received")


def figures(run):
    """What a run came to, in whole numbers."""
    trial = run.trials[0]
    clocks = {f"clock of {vm['name']}": vm["clock"] for vm in trial.vms}
    queues = [row.queue for trace in trial.traces.values() for row in trace.rows
              if row.event in TICK_EVENTS]
    return {**clocks, "spread of clocks": max(clocks.values()) - min(clocks.values()),
            **{name: sum(vm[name] for vm in trial.vms) for name in VM_FIGURES},
            "sum of queues": sum(queues), "longest queue": max(queues)}


def holds_its_rate(run):
    """Whether hardly any tick was late by half a period, and none was missed."""
    return all(vm["missed_ticks"] == 0 and vm["lateness_us"]["p99"] * vm["clock_rate"] < 10**6 / 2
               for vm in run.trials[0].vms)


class RunPair:
    """The rows of both runs. Precondition: the live one missed no tick."""

    def __init__(self, live, virtual):
        self.live, self.virtual = live.trials[0], virtual.trials[0]
        names = model.names_of(live.scenario)
        self.models = {name: model.vm_model(live.scenario, id, int(self.live.record["seed"]))
                       for id, name in enumerate(names, start=1)}

    def due_ns(self, row):
        return self.models[row.vm].due_ns(row.tick)

    def smallest_gap_ns(self):
        """The shortest time between the ticks of two machines."""
        machines = list(self.models.values())
        period = machines[0].due_ns(2) - machines[0].due_ns(1)
        phases = sorted(machine.phase_ns for machine in machines)
        following = phases[1:] + [phases[0] + period]
        return min(after - before for before, after in zip(phases, following))

    def same_order_until_ns(self):
        """Up to when the live run must do the same as the virtual one.

        Between two ticks, of different machines, that are due is at least the smallest gap. While
        no tick and no message comes as late as that, counted from when it was due and from when its
        send was due, each message meets the same ticks as when nothing takes time.
        """
        gap = self.smallest_gap_ns()
        ticks = [row for trace in self.live.traces.values() for row in trace.rows
                 if row.event in TICK_EVENTS]
        late = [self.due_ns(row) for row in ticks
                if (row.time_us + 1) * 1000 - self.due_ns(row) >= gap]
        sent = {(row.vm, row.message): self.due_ns(row) for row in ticks if row.event == "send"}
        for trace in self.live.traces.values():
            for row in trace.rows:
                if row.event in ("receive", "left"):
                    due = sent[row.peers[0], row.message]
                    late += [due] * ((row.arrived_us + 1) * 1000 - due >= gap)
        return min(late, default=None)

    def rows_before(self, trial, end_ns):
        """What each machine did at the ticks due before a time, without when that was."""
        return {name: [(row.tick, row.event, row.clock, row.queue, row.peers, row.message,
                        row.stamp) for row in trace.rows if row.event in TICK_EVENTS
                       and (end_ns is None or self.due_ns(row) < end_ns)]
                for name, trace in trial.traces.items()}
