"""The checker of run folders itself: it accepts a sound one and finds every way to break it.

Without this, the end-to-end tests could pass because their checker looks at nothing.
"""

import csv
import json
import tempfile
import unittest
from pathlib import Path

import case  # noqa: F401: adds tests/support to the path

import checker
import matching
import model
from run_folder import HEADER, RunFolder, Row, Trace, Unreadable, read_trace

DURATION_NS = 4 * 10**9
START_US = 1_700_000_000_000_000
SEED = 2620
DELAY_US = 20

SCENARIO = {
    "seed": str(SEED), "duration": "4s", "engine": "live", "trace": "csv",
    "clocks": {"keep": ["lamport"], "stamp": "after"},
    "ticks": {"phase": "staggered", "catch_up": "100ms", "multiplier": 1},
    "vms": {"count": 3, "clock_rate": {"min": 1, "max": 6},
            "workload": {"draw": 5, "actions": {"1": "next", "2": "after_next", "3": "all"}},
            "physical_clock": {"drift_ppb": 0, "offset": "0s"}},
    "network": {"topology": "mesh", "delay": f"{DELAY_US}us", "loss": 0, "duplicate": 0,
                "reorder": False, "links": []}}

NAMES = ["vm1", "vm2", "vm3"]


class Machine:
    """A VM of the made-up run: the plainest reading of the rules."""

    def __init__(self, id):
        self.model = model.vm_model(SCENARIO, id, SEED)
        self.rows, self.inbox, self.clock, self.sent = [], [], 0, 0
        self.mark(0, "started")

    def row(self, event, time, *, tick=0, queue=0, **fields):
        empty = {"arrived_us": None, "peers": [], "message": None, "stamp": None, "detail": ""}
        self.rows.append(Row(vm=self.model.name, tick=tick, time_us=time, wall_us=START_US + time,
                             event=event, clock=self.clock, queue=queue, **empty | fields))

    def mark(self, time, detail):
        self.row("mark", time, detail=detail)

    def tick(self, k, time, machines):
        ready = [message for message in self.inbox if message["arrived_us"] <= time]
        if ready:
            oldest = self.inbox.pop(0)
            self.clock = max(self.clock, oldest["stamp"]) + 1
            self.row("receive", time, tick=k, queue=len(ready) - 1, **oldest)
            return
        self.clock += 1
        ids = model.receivers(self.model, NAMES, SEED, k)
        if not ids:
            self.row("internal", time, tick=k)
            return
        self.sent += 1
        self.row("send", time, tick=k, message=self.sent, peers=[NAMES[id - 1] for id in ids])
        for id in ids:
            machines[id - 1].inbox.append(
                {"peers": [self.model.name], "message": self.sent, "stamp": self.clock,
                 "arrived_us": time + DELAY_US})

    def end(self):
        for number, message in enumerate(self.inbox, start=1):
            self.row("left", DURATION_NS // 1000, queue=len(self.inbox) - number, **message)
        self.mark(DURATION_NS // 1000, "ended")


def simulate():
    machines = [Machine(id) for id in (1, 2, 3)]
    due = [(m.model.due_ns(k), m.model.id, k) for m in machines
           for k in range(1, m.model.due_before(DURATION_NS) + 1)]
    for time, id, k in sorted(due):
        machines[id - 1].tick(k, time // 1000, machines)
    for machine in machines:
        machine.end()
    return machines


def record(machine):
    rows = machine.rows
    sends = [row for row in rows if row.event == "send"]
    ticks = [row for row in rows if row.tick]
    count = {event: sum(row.event == event for row in rows) for event in
             ("internal", "receive", "left")}
    return {"id": machine.model.id, "name": machine.model.name,
            "clock_rate": float(machine.model.rate), "phase_ns": machine.model.phase_ns,
            "ticks": len(ticks), "missed_ticks": 0, "internal": count["internal"],
            "sent": len(sends), "sent_copies": sum(len(row.peers) for row in sends),
            "received": count["receive"], "left": count["left"], "dropped": 0, "duplicated": 0,
            "refused": 0, "bad": 0, "clock": machine.clock,
            "queue_max": max(row.queue for row in ticks), "exit": {"exited": 0}, "ok": True}


def links(machines):
    found = []
    for source in machines:
        for to in machines:
            if source is to:
                continue
            here, there = source.model.name, to.model.name
            sent = sum(there in row.peers for row in source.rows if row.event == "send")
            count = {event: sum(row.event == event and row.peers == [here] for row in to.rows)
                     for event in ("receive", "left")}
            found.append({"from": here, "to": there, "sent": sent, "duplicated": 0,
                          "received": count["receive"], "left": count["left"], "dropped": 0,
                          "refused": 0, "lost": 0})
    return found


def write_run(folder, machines, scenario=SCENARIO):
    vms = [record(machine) for machine in machines]
    traces = {m.model.name: Trace(Path(m.model.name), m.rows) for m in machines}
    ids = {name: id for id, name in enumerate(NAMES, start=1)}
    trial = {"trial": 1, "seed": str(SEED), "start_unix_us": START_US, "vms": vms,
             "hash": checker.hash_of(traces, ids), "links": links(machines),
             "totals": {name: sum(vm[name] for vm in vms) for name in checker.SUMMED}}
    run = {"engine": "live", "scenario": scenario, "verdict": "ok", "problems": [],
           "trials": [trial]}
    (folder / "trial-1").mkdir()
    (folder / "run.json").write_text(json.dumps(run))
    for machine in machines:
        write_trace(folder / "trial-1" / f"{machine.model.name}.csv", machine.rows)


def write_trace(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        lines = csv.writer(file, lineterminator="\n")
        for row in rows:
            fields = dict(vars(row))
            fields["peers"] = ";".join(row.peers)
            for clock in ("vector", "hybrid"):  # Not kept here: clocks_test.py has runs with them.
                assert fields.pop(clock) is None
            lines.writerow(fields.values())


class Checker(unittest.TestCase):

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.machines = simulate()

    def problems(self, **network):
        scenario = SCENARIO | {"network": SCENARIO["network"] | network}
        write_run(self.folder, self.machines, scenario)
        return checker.check_run(self.folder)

    def first(self, event, where=lambda row: True):
        return next(row for machine in self.machines for row in machine.rows
                    if row.event == event and where(row))

    def test_the_examples_of_the_formats(self):
        # docs/formats.md, random words
        self.assertEqual(model.word(2620, 1, 1, 1), 0x7A598838623102CA)
        self.assertEqual([1 + model.uniform(model.word(2620, model.RATE, id, 0), 6)
                          for id in (1, 2, 3)], [6, 3, 4])

    def test_a_sound_run_passes(self):
        self.assertEqual(self.problems(), [])
        rows = [row.event for machine in self.machines for row in machine.rows]
        for event in ("internal", "send", "receive"):
            self.assertIn(event, rows)

    def test_each_change_of_a_row_is_found(self):
        changes = {
            "clock": lambda row: row.clock + 1, "queue": lambda row: row.queue + 1,
            "tick": lambda row: row.tick + 1, "wall_us": lambda row: row.wall_us + 5,
            "stamp": lambda row: row.stamp + 1, "message": lambda row: row.message + 1,
            "arrived_us": lambda row: row.time_us + 1, "peers": lambda row: ["vm2", "vm3"],
            "time_us": lambda row: row.time_us - 10**6}
        for name, change in changes.items():
            with self.subTest(name):
                self.machines = simulate()
                row = self.first("receive", lambda row: row.stamp > 2)
                setattr(row, name, change(row))
                with tempfile.TemporaryDirectory() as folder:
                    write_run(Path(folder), self.machines)
                    self.assertNotEqual(checker.check_run(folder), [])

    def test_a_draw_that_the_seed_does_not_give_is_found(self):
        row = self.first("send", lambda row: len(row.peers) == 1)
        row.peers = [name for name in NAMES if name not in (row.vm, row.peers[0])]
        self.assertIn("peer is", " ".join(self.problems()))

    def test_a_row_that_is_missing_is_found(self):
        self.machines[0].rows.remove(self.first("internal", lambda row: row.vm == "vm1"))
        self.assertIn("tick is", " ".join(self.problems()))

    def test_ticks_that_are_missing_at_the_end_are_found(self):
        rows = self.machines[1].rows
        rows.remove([row for row in rows if row.tick][-1])
        self.assertIn("ticks run and missed", " ".join(self.problems()))

    def test_a_receive_without_a_send_is_found(self):
        row = self.first("send")
        row.event, row.peers, row.message = "internal", [], None
        self.assertIn("never sent", " ".join(self.problems()))

    def test_a_lost_message_is_found(self):
        row = self.first("receive")
        row.event, row.peers, row.message = "internal", [], None
        row.arrived_us = row.stamp = None
        self.assertIn("unaccounted", " ".join(self.problems()))

    def test_losses_and_duplicates_that_the_words_do_not_give_are_found(self):
        # Rules 2.7, 5.3
        row = self.first("send")
        copy = Row(**vars(row) | {"event": "drop", "peers": row.peers[:1]})
        rows = self.machines[NAMES.index(row.vm)].rows
        rows.insert(rows.index(row) + 1, copy)
        self.assertIn(f"{row.vm}: dropped are", " ".join(self.problems()))

    def test_losses_that_the_words_give_are_missed(self):
        self.assertIn("vm1: dropped are [], expected", " ".join(self.problems(loss=0.5)))

    def test_duplicates_that_the_words_give_are_missed(self):
        own = {"from": "vm1", "to": "vm2", "duplicate": 1}
        self.assertIn("vm1: duplicated are [], expected [('vm2',",
                      " ".join(self.problems(links=[own])))

    def test_an_arrival_before_its_delay_is_over_is_found(self):
        # Rule 5.4
        self.assertEqual(self.problems(), [])
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.assertIn("arrived at", " ".join(self.problems(delay=f"{DELAY_US + 1}us")))

    def test_a_trace_without_its_end_is_found(self):
        self.machines[2].rows.pop()
        self.assertIn("vm3: the trace is not complete", " ".join(self.problems()))

    def test_each_number_of_run_json_is_checked(self):
        write_run(self.folder, self.machines)
        path = self.folder / "run.json"
        sound = json.loads(path.read_text())
        trial = sound["trials"][0]
        counters = ["clock", "queue_max", "missed_ticks", "dropped", "phase_ns", "clock_rate",
                    *checker.SUMMED]
        parts = [(trial["vms"][1], counters), (trial["links"][2], list(matching.LINK_COUNTS)),
                 (trial["totals"], list(checker.SUMMED)), (trial, ["hash", "seed"])]
        for part, names in parts:
            for name in names:
                with self.subTest(name):
                    kept = part[name]
                    part[name] = kept + 1 if isinstance(kept, (int, float)) else "77"
                    path.write_text(json.dumps(sound))
                    self.assertNotEqual(checker.check_run(self.folder), [])
                    part[name] = kept
        path.write_text(json.dumps(sound))
        self.assertEqual(checker.check_run(self.folder), [])

    def test_a_cut_line_is_seen(self):
        write_run(self.folder, self.machines)
        path = self.folder / "trial-1" / "vm1.csv"
        path.write_bytes(path.read_bytes()[:-5])
        self.assertTrue(RunFolder(self.folder).trials[0].traces["vm1"].cut)
        self.assertNotEqual(checker.check_run(self.folder), [])

    def test_a_trace_of_a_vm_killed_before_its_header_is_cut(self):
        write_run(self.folder, self.machines)
        path = self.folder / "trial-1" / "vm1.csv"
        for start in ["", HEADER[:20], HEADER]:
            path.write_text(start)
            trace = read_trace(path)
            self.assertEqual((trace.vm, trace.rows, trace.cut), ("vm1", [], True))
        path.write_text("vm,time")
        self.assertRaises(Unreadable, read_trace, path)


if __name__ == "__main__":
    unittest.main()
