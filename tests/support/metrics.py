"""What `bustrace stats` prints, computed a second time from docs/metrics.md alone.

Exact and slow. A figure is an int, a Fraction (something was divided or rooted: it is rounded when
it is printed), or None where it is absent. Functions of time are evaluated for every VM on every
segment of the window in which no clock of any VM changes.
"""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import atan, cos, isqrt, pi, sin, sqrt

from model import VmModel, names_of, nanoseconds, vm_model

TICKS = ("internal", "send", "receive")
SECOND = 10**6  # in microseconds
MOST_PAIRED = 16

SWEPT_MAXIMA = ("jump_mean", "jump_max", "queue_max", "queue_final", "load")
SPREADS = ("spread_mean", "spread_max", "spread_final")


class Number(str):
    """A number as it is printed, to the last digit; no other text is equal to it."""


def printed(figure, digits=12):
    """With so many significant digits where something was divided or rooted."""
    if figure is None:
        return None
    return Number(figure if isinstance(figure, int) else f"%.{digits}g" % float(figure))


def all_printed(value):
    """The same object with every figure in it as it is printed."""
    if isinstance(value, dict):
        return {key: all_printed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [all_printed(inner) for inner in value]
    return value if isinstance(value, str) else printed(value)


def ratio(above, below):
    """None where one of them is absent, or nothing can be divided."""
    return None if above is None or not below else Fraction(above) / below


def root(square):
    """Exact for the square of a fraction, else to 60 decimals at least."""
    scale = 10**60
    product = square.numerator * square.denominator * scale**2
    return Fraction(isqrt(product), square.denominator * scale)


def deviation(values):
    """The standard deviation of a sample."""
    n = len(values)
    if n < 2:
        return None
    squares = n * sum(value**2 for value in values) - sum(values)**2
    return root(Fraction(squares, n * (n - 1)))


# Samples


def percentile(values, p):
    """Nearest rank: the ceil(p * n / 100)-th smallest."""
    return sorted(values)[-(-p * len(values) // 100) - 1]


def mode(values):
    if not values:
        return None
    counts = Counter(values)
    return min(values, key=lambda value: (-counts[value], value))


SAMPLE = {
    "min": min, "max": max, "mean": lambda values: Fraction(sum(values), len(values)),
    "median": lambda values: percentile(values, 50), "p95": lambda values: percentile(values, 95),
    "p99": lambda values: percentile(values, 99), "sd": deviation}


def sample(name, values):
    figures = {f"{name}_n": len(values)}
    for figure, of in SAMPLE.items():
        figures[f"{name}_{figure}"] = of(values) if values else None
    return figures


# Functions of time


@dataclass
class Segment:
    """A part of the window in which every VM's clock and queue stay as they are."""

    start: int
    end: int
    clocks: list  # by VM, as are the queues
    queues: list

    @cached_property
    def mean_clock(self):
        return Fraction(sum(self.clocks), len(self.clocks))


def over_time(segments, f):
    """Mean, maximum and end of f(segment, t), which is constant or a line within each segment."""
    if not segments:
        return {"mean": None, "max": None, "final": None}
    length = segments[-1].end - segments[0].start
    ends = [(f(segment, segment.start), f(segment, segment.end)) for segment in segments]
    area = sum(Fraction((first + last) * (segment.end - segment.start), 2)
               for segment, (first, last) in zip(segments, ends))
    return {"mean": area / length, "max": max(abs(value) for both in ends for value in both),
            "final": ends[-1][1]}


def with_name(name, figures):
    return {f"{name}_{figure}": value for figure, value in figures.items()}


def queue_figures(segments, index):
    figures = with_name("queue", over_time(segments, lambda segment, _: segment.queues[index]))
    if not segments:
        return figures | {"queue_p95": None, "queue_slope_per_s": None}
    start, end = segments[0].start, segments[-1].end
    during = Counter()
    moment = 0  # The integral of (2t - F - T) * Q(t).
    for segment in segments:
        a, b, queue = segment.start, segment.end, segment.queues[index]
        during[queue] += b - a
        moment += queue * (b**2 - a**2 - (start + end) * (b - a))

    def share(most):
        return Fraction(sum(time for queue, time in during.items() if queue <= most), end - start)
    return figures | {
        "queue_p95": min(queue for queue in during if share(queue) >= Fraction(95, 100)),
        "queue_slope_per_s": Fraction(6 * moment, (end - start)**3) * SECOND}


# One trial


@dataclass
class Vm:
    """Its rows of all the trial; `ticks` are pairs of the clock before and the row."""

    model: VmModel
    rows: list
    ticks: list

    @staticmethod
    def of(model, rows):
        ticks = [row for row in rows if row.event in TICKS]
        clocks = [0, *(row.clock for row in ticks)]
        return Vm(model, rows, list(zip(clocks, ticks)))

    @property
    def name(self):
        return self.model.name

    @property
    def rate(self):
        return self.model.rate


class TrialMetrics:
    """The figures of one trial of a RunFolder in a window; F and T may be None."""

    def __init__(self, run, trial, from_us=None, to_us=None):
        seed = int(trial.record["seed"])
        self.record = trial.record
        self.vms = []
        for id, name in enumerate(names_of(run.scenario), start=1):
            rows = trial.traces[name].rows if name in trial.traces else []
            self.vms.append(Vm.of(vm_model(run.scenario, id, seed), rows))
        self.has_end = to_us is not None
        self.start = from_us or 0
        self.end = to_us if self.has_end else self._end(run)
        self.sends = {(vm.name, row.message): row for vm in self.vms for _, row in vm.ticks
                      if row.event == "send"}
        self.segments = self._segments()
        self.fastest = self._fastest()

    @property
    def length(self):
        return max(0, self.end - self.start)

    def _end(self, run):
        after = max((row.time_us + 1 for vm in self.vms for _, row in vm.ticks), default=0)
        if self.record["duration_s"] * 10**9 < nanoseconds(run.scenario["duration"]):
            return after
        return max(after, nanoseconds(run.scenario["duration"]) // 1000)

    def _inside(self, time_us):
        return self.start <= time_us < self.end

    def _segments(self):
        if not self.length:
            return []
        times = [[row.time_us for _, row in vm.ticks] for vm in self.vms]
        cuts = {self.start, self.end, *(time for of_vm in times for time in of_vm
                                        if self._inside(time))}

        def last(vm, of_vm, time, figure):
            seen = bisect_right(of_vm, time)
            return getattr(vm.ticks[seen - 1][1], figure) if seen else 0
        cuts = sorted(cuts)
        return [Segment(a, b, *([last(vm, of_vm, a, figure) for vm, of_vm in zip(self.vms, times)]
                                for figure in ("clock", "queue")))
                for a, b in zip(cuts, cuts[1:])]

    def _ticks(self, vm, *events):
        return [(before, row) for before, row in vm.ticks
                if self._inside(row.time_us) and row.event in (events or TICKS)]

    def _measured_rate(self, vm):
        return ratio(len(self._ticks(vm)) * SECOND, self.length)

    def _fastest(self):
        """Its index among the VMs."""
        rates = [vm.rate for vm in self.vms]
        if None in rates:
            rates = [self._measured_rate(vm) or 0 for vm in self.vms]
        return rates.index(max(rates))

    def figures(self):
        """As in --json, before anything is rounded."""
        spread = over_time(self.segments,
                           lambda segment, _: max(segment.clocks) - min(segment.clocks))
        return {
            "trial": self.record["trial"], "from_s": Fraction(self.start, SECOND),
            "to_s": Fraction(self.end, SECOND), **with_name("spread", spread),
            "vms": [self.vm_figures(index) for index in range(len(self.vms))],
            "links": self.links(), "pairs": self.pairs()}

    def vm_figures(self, index):
        vm = self.vms[index]
        return {"vm": vm.name, **self.counts(vm), **self.samples(vm), **self.rates(vm),
                **queue_figures(self.segments, index), **self.drift(index), **self.load(vm)}

    def counts(self, vm):
        rows = [row for _, row in self._ticks(vm)]
        events = Counter(row.event for row in rows)
        copies = [len(row.peers) for row in rows if row.event == "send"]
        others = Counter(row.event for row in vm.rows if self._inside(row.time_us))
        return {
            "ticks": len(rows), "internal": events["internal"], "sent": events["send"],
            "received": events["receive"], "sent_to_one": copies.count(1),
            "sent_to_all": sum(count > 1 for count in copies), "sent_copies": sum(copies),
            "dropped": others["drop"], "duplicated": others["duplicate"],
            "left": None if self.has_end else sum(row.event == "left" for row in vm.rows),
            "clock": next((row.clock for _, row in reversed(vm.ticks) if row.time_us < self.end),
                          0)}

    def samples(self, vm):
        ticks, receives = self._ticks(vm), self._ticks(vm, "receive")
        jumps = [row.clock - before for before, row in ticks]
        sent = [(row, self.sends.get((row.peers[0], row.message))) for _, row in receives]
        late = [] if vm.rate is None else [row.time_us - vm.model.due_ns(row.tick) // 1000
                                           for _, row in ticks]
        gaps = [before - row.stamp for before, row in receives]
        return {
            **sample("jump", jumps),
            "jump_mode": mode(jumps),
            "jump_share_of_one": ratio(jumps.count(1), len(jumps)),
            "jump_share_of_more": ratio(sum(jump > 1 for jump in jumps), len(jumps)),
            **sample("gap", gaps),
            "gap_mode": mode(gaps),
            **sample("staleness_us", [row.time_us - send.time_us for row, send in sent if send]),
            **sample("residence_us", [row.time_us - row.arrived_us for _, row in receives]),
            **sample("lateness_us", late)}

    def rates(self, vm):
        measured = self._measured_rate(vm)
        return {"nominal_rate": vm.rate, "measured_rate": measured,
                "rate_ratio": ratio(measured, vm.rate)}

    def drift(self, index):
        fastest, rate = self.fastest, self.vms[index].rate
        system_rate = self.vms[fastest].rate
        meanings = {
            "against_mean": lambda segment, _: segment.clocks[index] - segment.mean_clock,
            "against_rate": rate and (
                lambda segment, t: segment.clocks[index] - rate * t / SECOND),
            "against_fastest": lambda segment, _: (
                segment.clocks[fastest] - segment.clocks[index]),
            "against_system_time": system_rate and (
                lambda segment, t: segment.clocks[index] / system_rate - Fraction(t, SECOND))}
        figures = {}
        for name, f in meanings.items():
            figures |= with_name(name, over_time(self.segments if f else [], f))
        return figures

    def load(self, vm):
        arrived = sum(row.event in ("receive", "left") and self._inside(row.arrived_us)
                      for row in vm.rows)
        arrivals = ratio(arrived * SECOND, self.length)
        rate = self._measured_rate(vm) if vm.rate is None else vm.rate
        load = ratio(arrivals, rate)
        predicted = arrivals / (arrivals - rate)**2 if load is not None and load > 1 else None
        return {"arrivals_per_s": arrivals, "load": load, "saturation_predicted_s": predicted,
                "saturation_seen_s": self.saturation_seen(vm)}

    def saturation_seen(self, vm):
        series = []
        for _, row in reversed(vm.ticks):
            if row.time_us >= self.end:
                continue
            if row.event != "receive":
                break
            series.append(row)
        if len(series) < 10 or series[0].queue < 1 or not self._inside(series[0].time_us):
            return None
        first = series[-1].time_us
        return Fraction(first, SECOND) if 10 * (self.end - first) >= self.length else None

    def links(self):
        links = {}
        names = [vm.name for vm in self.vms]
        for both in ((source, to) for source in names for to in names):
            links[both] = {"sent": 0, "received": 0, "excess": 0}
        for vm in self.vms:
            for before, row in self._ticks(vm, "send", "receive"):
                for peer in row.peers:
                    if row.event == "send":
                        links[vm.name, peer]["sent"] += 1
                    else:
                        links[peer, vm.name]["received"] += 1
                        links[peer, vm.name]["excess"] += row.clock - before - 1
        return [{"from": source, "to": to, **counts} for (source, to), counts in links.items()
                if any(counts.values())]

    def pairs(self):
        if len(self.vms) > MOST_PAIRED:
            return []
        return [{"vms": [self.vms[a].name, self.vms[b].name],
                 **over_time(self.segments, lambda segment, _, a=a, b=b: (
                     segment.clocks[a] - segment.clocks[b]))}
                for a, b in combinations(range(len(self.vms)), 2)]


# Over trials


def student_share(t, degrees):
    """The probability that Student's t lies within -t .. t: the finite series in its angle."""
    angle = atan(t / sqrt(degrees))
    odd = degrees % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for k in range(2 if odd else 1, degrees, 2):
        total += term
        term *= cos(angle)**2 * k / (k + 1)
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def student_quantile(degrees):
    """The 0.975 quantile, by bisection."""
    low, high = 0.0, 16.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if student_share(middle, degrees) < 0.95 else (low, middle)
    return Fraction(middle)


def over_trials(values):
    """Of the values of one figure in all trials, None where it is absent: each is rounded first."""
    values = [Fraction(float(value)) for value in values if value is not None]
    n = len(values)
    figures = {"n": n, "mean": ratio(sum(values), n), "sd": deviation(values), "low": None,
               "high": None}
    if n > 1:
        half = student_quantile(n - 1) * root(figures["sd"]**2 / n)
        figures |= {"low": figures["mean"] - half, "high": figures["mean"] + half}
    return figures


def over_trials_printed(values):
    return {name: printed(figure, 9) for name, figure in over_trials(values).items()}


def trial_figures(run, from_us=None, to_us=None):
    return [TrialMetrics(run, trial, from_us, to_us).figures() for trial in run.trials]


def stats(run, from_us=None, to_us=None):
    """What `bustrace stats --json` prints of a RunFolder, with numbers as they are printed."""
    trials = trial_figures(run, from_us, to_us)
    result = {"run": str(run.path), "trials": trials}
    if len(trials) > 1:
        vms = {
            vm["vm"]: {figure: over_trials_printed([trial["vms"][index][figure]
                                                    for trial in trials])
                       for figure in vm if figure != "vm"}
            for index, vm in enumerate(trials[0]["vms"])}
        result["over_trials"] = {"vms": vms} | {
            name: over_trials_printed([trial[name] for trial in trials]) for name in SPREADS}
    return all_printed(result)


def sweep_row(run, from_us=None, to_us=None):
    """What the row of a sweep's point says besides the point's values."""
    trials = trial_figures(run, from_us, to_us)
    columns = {name: [trial[name] for trial in trials] for name in SPREADS}
    for name in SWEPT_MAXIMA:
        columns[name] = [max((vm[name] for vm in trial["vms"] if vm[name] is not None),
                             default=None) for trial in trials]
    return {name: over_trials_printed(values)["mean"] for name, values in columns.items()}
