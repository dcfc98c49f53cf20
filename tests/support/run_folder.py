"""Reads a run folder: run.json, vms.csv, links.csv and the traces (docs/formats.md)."""

import csv
import json
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

# Then `vector` and `hybrid`, where they are kept.
HEADER = "vm,tick,time_us,wall_us,arrived_us,event,clock,queue,peer,message,stamp,detail"

HEADERS = {",".join((HEADER, *clocks)): clocks
           for clocks in ((), ("vector",), ("hybrid",), ("vector", "hybrid"))}

KINDS = ["internal", "send", "receive", "left", "drop", "duplicate", "refuse", "bad", "mark"]

NOT_TRACES = {"vms.csv", "links.csv"}


class Unreadable(Exception):
    """A file of a run folder that breaks its format."""


def optional_int(text):
    return int(text) if text else None


@dataclass
class Row:
    vm: str
    tick: int
    time_us: int
    wall_us: int
    arrived_us: int | None
    event: str
    clock: int
    queue: int
    peers: list
    message: int | None
    stamp: int | None
    detail: str
    vector: tuple | None = None
    hybrid: tuple | None = None  # (microseconds, logical)

    @staticmethod
    def read(fields, clocks=()):
        (vm, tick, time, wall, arrived, event, clock, queue, peer, message, stamp, detail,
         *more) = fields
        kept = {name: tuple(map(int, text.split(";")))
                for name, text in zip(clocks, more, strict=True)}
        if len(kept.get("hybrid", (0, 0))) != 2:
            raise ValueError("a hybrid time is two numbers")
        if event not in KINDS:
            raise ValueError(f"unknown event '{event}'")
        return Row(vm, int(tick), int(time), int(wall), optional_int(arrived), event, int(clock),
                   int(queue), peer.split(";") if peer else [], optional_int(message),
                   optional_int(stamp), detail, **kept)


@dataclass
class Trace:
    """The rows of one VM; `cut` when the last line has no end."""

    path: Path
    rows: list
    cut: bool = False
    marked: bool = True  # Live: its first and last row are marks. In virtual time there are none.
    clocks: tuple = ()  # The names of those besides Lamport's.

    @property
    def vm(self):
        return self.rows[0].vm if self.rows else self.path.stem

    @property
    def complete(self):
        """Whether the file says of itself that nothing is missing."""
        rows = self.rows
        return not self.cut and (not self.marked or (
            len(rows) >= 2 and is_mark(rows[0], "started") and is_mark(rows[-1], "ended")))


def is_mark(row, detail):
    return row.event == "mark" and row.detail == detail


def read_trace(path):
    """All whole lines of a trace. Raises Unreadable with the place of what it cannot read."""
    text = Path(path).read_bytes().decode("utf-8")
    whole, _, rest = text.rpartition("\n")
    if not whole and any(header.startswith(rest) for header in HEADERS):
        return Trace(Path(path), [], cut=True)  # Killed before it had written the header.
    lines = whole.split("\n")
    clocks = HEADERS.get(lines[0])
    if clocks is None:
        raise Unreadable(f"{path}:1: the header is '{lines[0]}'")
    rows = []
    for number, fields in enumerate(csv.reader(lines[1:], strict=True), start=2):
        try:
            rows.append(Row.read(fields, clocks))
        except ValueError as error:
            raise Unreadable(f"{path}:{number}: {error}: {fields}") from error
    return Trace(Path(path), rows, cut=bool(rest), clocks=clocks)


def read_table(path):
    """vms.csv or links.csv as run.json would hold it: numbers as numbers, objects as objects."""
    def value(text):
        try:
            return json.loads(text, parse_float=Fraction)
        except ValueError:
            return text or None
    with open(path, newline="", encoding="utf-8") as file:
        return [{key: value(text) for key, text in row.items()} for row in csv.DictReader(file)]


@dataclass
class Trial:
    folder: Path
    record: dict  # its entry in run.json
    traces: dict = field(default_factory=dict)  # by the VM's name

    @property
    def vms(self):
        return self._table("vms")

    @property
    def links(self):
        return self._table("links")

    def _table(self, name):
        if name in self.record:
            return self.record[name]
        return read_table(self.folder / f"{name}.csv")


def read_traces(folder, marked=True):
    """The traces in a folder, by the name of their VM."""
    paths = [path for path in sorted(Path(folder).glob("*.csv")) if path.name not in NOT_TRACES]
    traces = []
    for path in paths:
        trace = read_trace(path)
        by_vm = {trace.vm: []} if path.name != "all.csv" else {}
        for row in trace.rows:
            by_vm.setdefault(row.vm if path.name == "all.csv" else trace.vm, []).append(row)
        traces += [Trace(path, rows, trace.cut, marked, trace.clocks) for rows in by_vm.values()]
    return {trace.vm: trace for trace in traces}


class RunFolder:
    """A finished run: without its run.json there is nothing to read (docs/formats.md)."""

    def __init__(self, path):
        self.path = Path(path)
        text = (self.path / "run.json").read_text(encoding="utf-8")
        self.run = json.loads(text, parse_float=Fraction)
        self.scenario = self.run["scenario"]
        self.verdict = self.run["verdict"]
        self.trials = [self._trial(record) for record in self.run["trials"]]

    def _trial(self, record):
        folder = self.path / f"trial-{record['trial']}"
        marked = self.run["engine"] == "live"
        return Trial(folder, record, read_traces(folder, marked) if folder.is_dir() else {})

    def vm(self, name, trial=1):
        """What run.json says of one VM."""
        return next(vm for vm in self.trials[trial - 1].vms if vm["name"] == name)
