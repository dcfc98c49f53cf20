"""`bustrace verify` from outside: the runs of both engines keep all rules, and changed ones do not.

It replays traces through step() (decision 0001), and shares with the drivers only what they share
with each other.
"""

import csv
import os
import signal
import unittest

from case import EndToEndCase
from programs import CONFIGS, BUSTRACE, scaled

from run_folder import HEADER, RunFolder

MESH = "{{seed: 5, engine: {engine}, duration: {duration}, vms: {{count: 4, clock_rate: 100}}}}"

LINKS = """{delay: {uniform: [1ms, 20ms]}, loss: 0.1, duplicate: 0.1, links: [
    {from: vm1, to: vm2, delay: 300ms, reorder: true},
    {from: vm2, to: vm1, delay: {quantiles: [0, 1ms, 200ms]}, reorder: true},
    {from: vm3, to: vm1, loss: 1}, {from: vm3, to: vm4, delay: 0, loss: 0, duplicate: 1}]}"""

WORKLOADS = ("vms.workload={draw: 6, actions: {1: random, 2: all, 3: vm3, 4: after_next}}",
             "vms.overrides.vm2.workload={draw: 2, actions: {1: random, 2: vm1}}")

# What a run may differ in: clocks, links, peers, workloads, rates, trials.
CHANGES = {
    "as it is": (),
    "delays and losses": (f"network={LINKS}",),
    "the literal stamp": ("clocks.stamp=before",),
    "random peers": ("network.topology={random: 2}", "trials=2"),
    "no peer for some draws": ("network.topology=ring", *WORKLOADS),
    "all targets, delays and losses": (*WORKLOADS, f"network={LINKS}"),
    "a busy inbox": ("vms.workload={draw: 1, actions: {1: all}}", "clocks.stamp=before"),
    "files of other names": ("log.file=trace-{id}-of-{trial}", "vms.names=[d, c, b, a]",
                             "vms.overrides.a.clock_rate=7.3"),
}

ENGINES = ("live", "virtual")


class VerifyCase(EndToEndCase):

    def verify(self, *folders):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, "verify", *folders]))

    def assert_verified(self, run):
        """All rows of the run keep all rules, and all were seen."""
        finished = self.verify(run.path)
        rows = sum(len(trace.rows) for trial in run.trials for trace in trial.traces.values())
        self.assertGreater(rows, 100)
        trials = "1 trial" if len(run.trials) == 1 else f"{len(run.trials)} trials"
        self.assertEqual((finished.status, finished.stdout),
                         (0, f"{run.path}: ok, {trials}, {rows} rows\n"))

    def run_mesh(self, engine, *changes, duration="1s"):
        sets = [word for change in changes for word in ("--set", change)]
        return self.run_ok(MESH.format(engine=engine, duration=duration), *sets)


class Verify(VerifyCase):

    def test_runs_of_both_engines_keep_all_rules(self):
        # Rules 2.1 to 2.7, 4.1, 5.3
        for engine in ENGINES:
            for name, changes in CHANGES.items():
                with self.subTest(name, engine=engine):
                    duration = scaled("1s", "30s")
                    self.assert_verified(self.run_mesh(engine, *changes, duration=duration))

    def test_live_runs_of_many_seeds(self):
        for seed in range(scaled(3, 50)):
            with self.subTest(seed=seed):
                changes = list(CHANGES.values())[seed % len(CHANGES)]
                self.assert_verified(self.run_mesh("live", f"seed={seed}", *changes))

    def test_that_of_the_shipped_examples(self):
        for name in ("three_vms", "wan", "random_1000"):
            with self.subTest(name):
                folder = self.new_folder()
                finished = self.orchestrate(CONFIGS / f"{name}.yaml", "--virtual", "--seed", "7",
                                            "--duration", "20s", "--output", folder)
                self.assert_status(finished, 0)
                self.assert_verified(RunFolder(folder))

    def test_that_of_machines_without_a_schedule(self):
        # Rule 1.2
        for changes in ((), WORKLOADS, ("network.loss=0.3",)):
            with self.subTest(changes):
                self.assert_verified(self.run_mesh("live", "vms.clock_rate=unpaced", *changes,
                                                   duration="50ms"))

    def test_that_of_a_machine_which_missed_ticks(self):
        # Rule 1.4
        process, folder = self.start_run(MESH.format(engine="live", duration="2s"),
                                         "--set", "ticks.catch_up=10ms")
        self.wait_for_rows(process, folder, 10)
        self.pause_first_vm(process, folder, 30)
        self.assert_status(self.sandbox.finish(process), 0)
        run = self.assert_checked(folder)
        marks = [row.detail for trace in run.trials[0].traces.values() for row in trace.rows]
        self.assertRegex(" ".join(marks), r"missed \d+\.\.\d+")
        self.assert_verified(run)


class Ended(VerifyCase):
    """Runs that ended otherwise than by their duration keep the rules as well."""

    def start_mesh(self):
        process, folder = self.start_run(MESH.format(engine="live", duration="60s"), "--set",
                                         f"network={LINKS}")
        self.wait_for_rows(process, folder, 100)
        return process, folder

    def test_a_run_in_which_a_machine_was_killed(self):
        process, folder = self.start_mesh()
        os.kill(self.sandbox.vms()[1], signal.SIGKILL)
        self.assert_status(self.sandbox.finish(process), 1)
        self.assert_verified(RunFolder(folder))

    def test_a_run_that_was_interrupted(self):
        process, folder = self.start_mesh()
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assert_verified(RunFolder(folder))


class AtTheEnd(VerifyCase):
    """The orchestrator verifies what it has run."""

    def run_tampered(self, *arguments):
        """A live run during which a clock is changed in a row that is written already."""
        process, folder = self.start_run(MESH.format(engine="live", duration="2s"), *arguments)
        self.wait_for_rows(process, folder, 20)
        with open(folder / "trial-1" / "vm2.csv", "r+b") as trace:
            trace.readline()
            row = trace.tell()
            fields = trace.readline().split(b",")
            self.assertEqual(len(fields[6]), 1)
            fields[6] = b"9"
            trace.seek(row)
            trace.write(b",".join(fields))
        return self.sandbox.finish(process), folder

    def test_a_broken_rule_fails_the_run(self):
        finished, folder = self.run_tampered()
        self.assert_status(finished, 1)
        problem = r"rule 4.1 is broken: trial-1/vm2.csv:2: clock is 9, expected \d"
        self.assertRegex(finished.stderr, problem)
        self.assertRegex(finished.stdout, r"(?m)^verified: rules are broken \d+ times, in \d+ rows$")
        run = RunFolder(folder)
        self.assertEqual(run.verdict, "failed")
        self.assertRegex(run.run["problems"][0], problem)

    def test_unless_it_is_told_not_to_look(self):
        finished, folder = self.run_tampered("--no-verify")
        self.assert_status(finished, 0)
        self.assertNotIn("verified", finished.stdout)
        self.assert_status(self.verify(folder), 1)

    def test_what_has_no_traces_is_not_spoken_of(self):
        for engine in ENGINES:
            for trace in ("hash", "none"):
                process, _ = self.start_run(MESH.format(engine=engine, duration="300ms"), "--set",
                                            f"trace={trace}")
                finished = self.sandbox.finish(process)
                self.assert_status(finished, 0)
                self.assertNotIn("verified", finished.stdout)

    def test_every_trial_and_every_point(self):
        process, folder = self.start_run(MESH.format(engine="virtual", duration="5s"), "--trials",
                                         "2", "--set", "sweep={vms.clock_rate: [10, 20]}")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        rows = sum(path.read_bytes().count(b"\n") - 1 for path in folder.glob("point-*/*/vm*.csv"))
        self.assertIn(f"\nverified: {rows} rows keep all rules\n", finished.stdout)


class Changes(VerifyCase):
    """A trace in which something was changed does not pass."""

    def setUp(self):
        super().setUp()
        run = self.run_mesh("virtual", *WORKLOADS, f"network={LINKS}")
        self.folder = run.path
        self.trace = self.folder / "trial-1" / "vm1.csv"
        with open(self.trace, newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))

    def assert_found(self, rows, index, words):
        """The changed row, which is now the one at `index`, is reported with its line."""
        with open(self.trace, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, HEADER.split(","), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        finished = self.verify(self.folder)
        self.assert_status(finished, 1)
        self.assertRegex(finished.stdout, f"vm1.csv:{index + 2}: (?:{words})")

    def index(self, **wanted):
        """Of the tenth row with these fields, so that some come before."""
        found = [index for index, row in enumerate(self.rows) if wanted.items() <= row.items()]
        return found[min(9, len(found) - 1)]

    def assert_change_found(self, index, words, **change):
        rows = [dict(row) for row in self.rows]
        rows[index].update(change)
        self.assert_found(rows, index, words)

    def test_a_changed_clock(self):
        for event in ("internal", "send", "receive", "left", "drop", "duplicate"):
            with self.subTest(event):
                index = self.index(event=event)
                clock = int(self.rows[index]["clock"])
                self.assert_change_found(index, f"clock is {clock + 1}, expected {clock}",
                                         clock=clock + 1)

    def test_a_changed_peer(self):
        for event in ("send", "drop", "duplicate"):
            with self.subTest(event):
                index = self.index(event=event, peer="vm3")
                self.assert_change_found(index, "peer is vm2, expected vm3", peer="vm2")
        index = self.index(event="receive", peer="vm2")
        self.assert_change_found(index, "nobody sent message|stamp is", peer="vm4")
        self.assert_change_found(index, "there is no VM 'nobody'", peer="nobody")

    def test_a_changed_kind(self):
        index = self.index(event="internal")
        self.assert_change_found(index, "event is send, expected internal", event="send",
                                 peer="vm2", message=1)
        index = self.index(event="send")
        self.assert_change_found(index, "event is internal, expected send", event="internal",
                                 peer="", message="")
        index = self.index(event="drop")
        self.assert_change_found(index, "event is duplicate, expected drop", event="duplicate")

    def test_a_changed_message_stamp_or_queue(self):
        index = self.index(event="send")
        message = int(self.rows[index]["message"])
        self.assert_change_found(index, f"message is {message + 1}, ", message=message + 1)
        index = self.index(event="receive")
        self.assert_change_found(index, "clock is .*, expected .*", stamp=10**6)
        self.assert_change_found(index, "stamp is 0, sent with ", stamp=0)
        index = self.index(event="internal")
        self.assert_change_found(index, "queue is 1, expected 0", queue=1)

    def test_a_row_too_few_or_too_many(self):
        for event in ("drop", "duplicate"):
            index = self.index(event=event)
            with self.subTest(event, rows="too few"):
                peer = self.rows[index]["peer"]
                self.assert_found(self.rows[:index] + self.rows[index + 1:], index,
                                  f"before it, a {event} at {peer} is missing")
            with self.subTest(event, rows="too many"):
                self.assert_found(self.rows[:index] + self.rows[index - 1:], index,
                                  f"before it, a {event} at .* is missing")
        index = self.index(event="receive")
        self.assert_found(self.rows[:index + 1] + self.rows[index:], index + 1,
                          "nobody sent message|clock is")


class Several(VerifyCase):

    def test_a_line_for_each_run_and_the_worst_status(self):
        good, bad = self.run_mesh("virtual"), self.run_mesh("virtual")
        trace = bad.path / "trial-1" / "vm2.csv"
        trace.write_text("".join(trace.read_text().splitlines(keepends=True)[:-1]))
        finished = self.verify(good.path, bad.path)
        self.assert_status(finished, 1)
        first, second = finished.stdout.splitlines()
        self.assertRegex(first, f"^{good.path}: ok, 1 trial, ")
        self.assertRegex(second, f"^{bad.path}: [0-9]+ broken, 1 trial, ")

    def test_a_run_without_traces_has_nothing_to_verify(self):
        run = self.run_mesh("virtual", "trace=hash")
        finished = self.verify(run.path)
        self.assertEqual((finished.status, finished.stdout),
                         (0, f"{run.path}: 1 trial without traces: nothing to verify\n"))


class Unreadable(VerifyCase):

    def test_what_cannot_be_read_is_no_success(self):
        run = self.run_mesh("virtual")
        trace = run.path / "trial-1" / "vm2.csv"
        trace.write_bytes(trace.read_bytes()[:-5])
        self.assert_unreadable(run.path, "vm2.csv:")
        trace.unlink()
        self.assert_unreadable(run.path, "vm2.csv: error: there is no such file")
        record = run.path / "run.json"
        record.write_text(record.read_text()[:1000])
        self.assert_unreadable(run.path, "run.json:[0-9]+: error: this is no JSON, or was cut off")
        record.unlink()
        self.assert_unreadable(run.path, "run.json: error: there is no such file")
        self.assert_unreadable(self.sandbox.work, "scenario.yaml")
        process, sweep = self.start_run(MESH.format(engine="virtual", duration="1s"), "--set",
                                        "sweep={vms.clock_rate: [1, 2]}")
        self.assert_status(self.sandbox.finish(process), 0)
        self.assert_unreadable(sweep, "is a sweep, expected a run: .*point-1")
        self.assert_unreadable(self.sandbox.work / "nothing", "nothing")

    def assert_unreadable(self, folder, words):
        finished = self.verify(folder)
        self.assert_status(finished, 2)
        self.assertRegex(finished.stderr, words)
        self.assertEqual(finished.stdout, "")


if __name__ == "__main__":
    unittest.main()
