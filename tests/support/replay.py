"""Walks one trace row by row and collects every place where it breaks a rule of docs/model.md."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import model
from run_folder import is_mark

TICK_EVENTS = ("internal", "send", "receive")
COPY_EVENTS = ("drop", "duplicate", "refuse")

MISSED = re.compile(r"missed (\d+)\.\.(\d+)")


@dataclass
class Expected:
    """What a trace is held against; None where it is not known, as for VMs started by hand."""

    names: list
    seed: int | None = None
    duration_ns: int | None = None  # set when every tick due must have been run or missed
    start_unix_us: int | None = None
    stamp: str = "after"


class Replay:
    """One VM's trace. `problems` says what is wrong; the counters say what was found."""

    def __init__(self, trace, vm, expected):
        self.trace, self.vm, self.expected = trace, vm, expected
        self.problems = []
        self.clock = 0
        self.ticks = 0
        self.missed = 0
        self.sends = {}  # message number -> its row
        self.duplicated = []  # (receiver, message)
        self.dropped = []
        self.refused = []
        self.received = []  # rows
        self.left = []
        self.bad = 0
        self.queue_max = 0
        self._last_send = None
        self._last_time = None
        for number, row in enumerate(trace.rows, start=2):
            self._line = number
            self._row(row)
        self._queue_lengths()
        self._inbox_order()
        self._end()

    def _fail(self, text):
        self.problems.append(f"{self.trace.path.name}:{self._line}: {text}")

    def _expect(self, what, found, expected):
        if found != expected:
            self._fail(f"{what} is {found}, expected {expected}")

    def _row(self, row):
        self._expect("vm", row.vm, self.vm.name)
        if row.event in TICK_EVENTS:
            self._tick_row(row)
        elif row.event in COPY_EVENTS:
            self._copy_row(row)
        else:
            self._other_row(row)
        if self.expected.start_unix_us is not None and row.event not in ("mark", "bad"):
            self._wall(row)  # marks and bad frames may come before the barrier

    def _wall(self, row):
        """Rule 4.4; the floors of start and time lose up to two microseconds."""
        asked = self.vm.wall_us(self.expected.start_unix_us, row.time_us)
        if not 0 <= row.wall_us - asked <= 2:
            self._fail(f"wall_us is {row.wall_us}, expected {asked}")

    def _tick_row(self, row):
        self._expect("tick", row.tick, self.ticks + self.missed + 1)
        self.ticks += 1
        self._not_early(row)
        self.queue_max = max(self.queue_max, row.queue)
        if row.event == "receive":
            self._receive_row(row)
        else:
            self._draw(row)
            self._expect("clock", row.clock, self.clock + 1)  # Rule 4.1
        self.clock = row.clock

    def _not_early(self, row):
        """Rules 1.3, 1.4: a tick may be late, never early; time does not run backwards."""
        if self._last_time is not None and row.time_us < self._last_time:
            self._fail(f"time runs backwards from {self._last_time} to {row.time_us}")
        self._last_time = row.time_us
        if self.vm.rate is not None and row.time_us < self.vm.due_ns(row.tick) // 1000:
            self._fail(f"tick {row.tick} ran at {row.time_us} us, before it was due")
        if not self.trace.marked:  # In virtual time nothing is late.
            self._expect("time_us", row.time_us, self.vm.due_ns(row.tick) // 1000)

    def _receive_row(self, row):
        """Rules 2.1, 4.1."""
        if row.stamp is None or row.message is None or len(row.peers) != 1:
            self._fail("a receive lacks its sender, message or stamp")
            return
        self._expect("clock", row.clock, max(self.clock, row.stamp) + 1)
        if row.arrived_us is None or row.arrived_us > row.time_us:
            self._fail(f"received at {row.time_us}, but arrived at {row.arrived_us}")
        self.received.append(row)

    def _draw(self, row):
        """Rules 2.2, 2.3, 2.5, 2.6: the row does what the tick's word says."""
        if self.expected.seed is not None:
            ids = model.receivers(self.vm, self.expected.names, self.expected.seed, row.tick)
            names = [self.expected.names[id - 1] for id in ids]
            self._expect("event", row.event, "send" if names else "internal")
            self._expect("peer", row.peers, names)
        if row.event == "internal":
            self._expect("message", row.message, None)
            return
        self._expect("message", row.message, len(self.sends) + 1)
        self.sends[row.message] = row
        self._last_send = row

    def _copy_row(self, row):
        """Rule 2.7."""
        send = self._last_send
        if send is None or not set(row.peers) <= set(send.peers):
            self._fail(f"a {row.event} of a copy that nobody sent")
            return
        for name in ("tick", "time_us", "clock", "queue", "message"):
            self._expect(name, getattr(row, name), getattr(send, name))
        copies = {"drop": self.dropped, "duplicate": self.duplicated, "refuse": self.refused}
        copies[row.event].append((row.peers[0], row.message))

    def _other_row(self, row):
        self._expect("tick", row.tick, 0)
        self._expect("clock", row.clock, self.clock)
        missed = MISSED.fullmatch(row.detail)
        if row.event == "mark" and missed:
            self._missed(int(missed[1]), int(missed[2]))
        elif row.event == "left":
            self.left.append(row)
        elif row.event == "bad":
            self.bad += 1

    def _missed(self, first, last):
        """Rule 1.4: numbering goes on with the schedule."""
        self._expect("first missed tick", first, self.ticks + self.missed + 1)
        self.missed += last - first + 1

    def _queue_lengths(self):
        """Rules 3.1, 3.2: what arrived up to the row's microsecond and was not yet received.

        Of a VM that crashed, the messages that died with it are not known: it may have had more.
        """
        arrivals = sorted(row.arrived_us for row in self.received + self.left
                          if row.arrived_us is not None)
        received = 0
        for self._line, row in enumerate(self.trace.rows, start=2):
            if row.event not in TICK_EVENTS:
                continue
            received += row.event == "receive"
            known = bisect_right(arrivals, row.time_us) - received
            least = known
            if not self.trace.marked:  # In virtual time a microsecond holds much.
                least = bisect_left(arrivals, row.time_us) - received
            if row.queue < least or (self.trace.complete and row.queue > known):
                self._fail(f"queue is {row.queue}, expected {known}")

    def _inbox_order(self):
        """Rules 3.1, 7.1: oldest first, and what is left counts down to nothing."""
        self._line = len(self.trace.rows) + 1
        inbox = self.received + self.left
        times = [row.arrived_us for row in inbox]
        if None in times or times != sorted(times):
            self._fail("messages were not taken oldest first")
        counted = [row.queue for row in self.left]
        if self.trace.complete:
            self._expect("queue of the left rows", counted, list(range(len(counted)))[::-1])

    def _end(self):
        self._line = len(self.trace.rows) + 1
        begins = self.trace.rows and is_mark(self.trace.rows[0], "started")
        if self.trace.marked and not begins:
            self._fail("the trace does not begin with 'started'")
        if self.expected.duration_ns is not None and self.vm.rate is not None:
            due = self.vm.due_before(self.expected.duration_ns)
            self._expect("ticks run and missed", self.ticks + self.missed, due)
