#!/usr/bin/env python3
"""Recomputes a whole run folder and says what is wrong with it: `checker.py RUN_FOLDER...`.

Rates, phases, schedules, draws, clocks, queues, accounts and hash are computed anew from the
scenario and the rows; nothing is taken from the programs.
"""

import sys

import matching
import model
from clocks import check_clocks
from links import Links, check_arrivals, check_delays, check_mishaps
from replay import Expected, Replay
from run_folder import KINDS, RunFolder

SUMMED = ("ticks", "internal", "sent", "sent_copies", "received", "left", "dropped", "duplicated",
          "refused", "bad")

RECORDED_BAD_ROWS = 1000


def fold(row, ids):
    """The hash of one row (docs/formats.md, run.json)."""
    fields = [ids[row.vm], row.tick, row.time_us, KINDS.index(row.event) + 1, row.clock, row.queue,
              *([ids[peer] for peer in row.peers] or [0]), row.message or 0, row.stamp or 0]
    h = 0
    for value in fields:
        h = model.mix(h + value * model.GOLDEN)
    return h


def hash_of(traces, ids):
    rows = (row for trace in traces.values() for row in trace.rows)
    total = sum(fold(row, ids) for row in rows if row.event not in ("mark", "bad"))
    return f"{total & model.MASK:016x}"


class TrialCheck:
    """One trial of a run folder; `problems` says what is wrong with it."""

    def __init__(self, run, trial):
        self.run, self.trial, self.record = run, trial, trial.record
        self.names = model.names_of(run.scenario)
        self.ids = {name: id for id, name in enumerate(self.names, start=1)}
        self.seed = int(self.record["seed"])
        self.problems = []
        self.models = {name: model.vm_model(run.scenario, id, self.seed)
                       for name, id in self.ids.items()}
        self.crashed = {vm["name"] for vm in trial.vms if vm["exit"] != {"exited": 0}}
        self._seed()
        self._machines()
        if run.scenario["trace"] == "csv":
            self._rows()

    def _expect(self, what, found, expected):
        if found != expected:
            self.problems.append(f"{what} is {found}, expected {expected}")

    def _seed(self):
        asked = model.trial_seed(int(self.run.scenario["seed"]), self.record["trial"])
        self._expect("trial seed", self.seed, asked)

    def _machines(self):
        """Rules 1.1 to 1.3, from run.json alone."""
        self._expect("VMs", [(vm["id"], vm["name"]) for vm in self.trial.vms],
                     [(id, name) for name, id in self.ids.items()])
        for vm in self.trial.vms:
            asked = self.models[vm["name"]]
            rate = "unpaced" if asked.rate is None else float(asked.rate)
            found = vm["clock_rate"]
            self._expect(f"{vm['name']}: clock_rate",
                         found if found == "unpaced" else float(found), rate)
            self._expect(f"{vm['name']}: phase_ns", vm["phase_ns"], asked.phase_ns)

    def _rows(self):
        self._expect("traces", sorted(self.trial.traces), sorted(self.names))
        replays = {name: self._replay(name, trace) for name, trace in self.trial.traces.items()}
        for replay in replays.values():
            self.problems += replay.problems
        links = Links(self.run.scenario, self.seed)
        self.problems += matching.check_receives(replays, self.run.scenario["clocks"]["stamp"],
                                                 links.reorders)
        self._clocks(replays)
        self.problems += check_mishaps(links, replays, self.crashed)
        virtual = self.run.scenario["engine"] == "virtual"
        self.problems += check_arrivals(links, replays) if virtual else check_delays(links, replays)
        self._accounts(replays)
        for vm in self.trial.vms:
            if vm["name"] in replays:
                self._counters(vm, replays[vm["name"]])
        self._totals()
        if not self.crashed:
            self._expect("hash", self.record["hash"], hash_of(self.trial.traces, self.ids))

    def _replay(self, name, trace):
        if not trace.complete and name not in self.crashed:
            self.problems.append(f"{name}: the trace is not complete")
        whole = self.run.verdict == "ok" and name not in self.crashed
        duration = model.nanoseconds(self.run.scenario["duration"])
        return Replay(trace, self.models[name], Expected(
            self.names, self.seed, duration if whole else None, self.record["start_unix_us"],
            self.run.scenario["clocks"]["stamp"]))

    def _clocks(self, replays):
        """Rule 4.5: the clocks that the scenario keeps, and what they show."""
        clocks = self.run.scenario["clocks"]
        for name, replay in replays.items():
            if replay.trace.rows:
                self._expect(f"{name}: clocks", ["lamport", *replay.trace.clocks], clocks["keep"])
        self.problems += check_clocks(replays, self.names, clocks["stamp"])

    def _links(self):
        return [(name, self.names[id - 1]) for name in self.names for id in self.models[name].ring]

    def _accounts(self, replays):
        """Rule 7.2, and that run.json says the same as the rows."""
        counts, problems = matching.count_links(replays, self._links())
        self.problems += problems + matching.unaccounted(counts, self.crashed)
        told = {(link["from"], link["to"]): link for link in self.trial.links}
        self._expect("links", sorted(told), sorted(counts))
        for link, count in counts.items():
            said = {name: told.get(link, {}).get(name) for name in matching.LINK_COUNTS}
            self._expect(f"link {link[0]} to {link[1]}", said, count)

    def _counters(self, vm, replay):
        found = {
            "ticks": replay.ticks, "missed_ticks": replay.missed,
            "internal": replay.ticks - len(replay.sends) - len(replay.received),
            "sent": len(replay.sends),
            "sent_copies": sum(len(row.peers) for row in replay.sends.values()),
            "received": len(replay.received), "left": len(replay.left),
            "dropped": len(replay.dropped), "duplicated": len(replay.duplicated),
            "refused": len(replay.refused), "clock": replay.clock, "queue_max": replay.queue_max}
        for name, value in found.items():
            self._expect(f"{vm['name']}: {name}", vm[name], value)
        if vm["name"] not in self.crashed:
            self._expect(f"{vm['name']}: rows of 'bad'", replay.bad,
                         min(vm["bad"], RECORDED_BAD_ROWS))

    def _totals(self):
        for name in SUMMED:
            self._expect(f"total of {name}", self.record["totals"].get(name),
                         sum(vm[name] for vm in self.trial.vms))


def check_run(path):
    """Every problem of a run folder as a sentence; empty when it keeps all rules."""
    run = RunFolder(path)
    problems = []
    for trial in run.trials:
        number = trial.record["trial"]
        problems += [f"trial {number}: {text}" for text in TrialCheck(run, trial).problems]
    return problems


def main():
    wrong = False
    for path in sys.argv[1:]:
        for problem in check_run(path):
            wrong = True
            print(f"{path}: {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
