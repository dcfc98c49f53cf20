"""`bustrace stats` prints what docs/metrics.md defines, to the last digit.

The figures are computed a second time by tests/support/metrics.py, which shares nothing with the
programs; its own results on a trace of nine rows are worked out by hand below.
"""

import csv
import json
import operator
import signal
import unittest
from fractions import Fraction
from math import isclose

from case import EndToEndCase
from programs import BUSTRACE

from metrics import Number, over_trials, stats, student_quantile, sweep_row
from model import names_of
from run_folder import HEADER, RunFolder

MESH = "{{seed: 5, engine: {engine}, duration: {duration}, vms: {{count: {count}}}}}"

LINKS = """{delay: {uniform: [1ms, 80ms]}, loss: 0.1, duplicate: 0.1, links: [
    {from: vm1, to: vm2, delay: 300ms, reorder: true},
    {from: vm2, to: vm1, delay: {quantiles: [0, 1ms, 200ms]}, reorder: true},
    {from: vm3, to: vm1, loss: 1}, {from: vm2, to: vm3, delay: 0, loss: 0, duplicate: 1}]}"""

BUSY = "vms.workload={draw: 2, actions: {1: all, 2: random}}"

# name: count of VMs, duration, a part of it, what is changed
VIRTUAL = {
    "one VM": (1, "20s", ("5s", "12s"), ()),
    "two VMs of one rate": (2, "20s", ("5s", "12s"), ("vms.clock_rate=5",)),
    "the exercise": (3, "60s", ("5s", "55s"), ("trials=5",)),
    "two trials of five VMs": (5, "20s", ("1234567us", "30s"), ("trials=2", "ticks.phase=aligned")),
    "stamped before": (3, "20s", ("0s", "10s"), ("clocks.stamp=before", "trials=3")),
    "delays and losses": (3, "30s", ("10s", "29s"), (f"network={LINKS}", "vms.clock_rate=20")),
    "reordered": (4, "10s", ("2s", "9s"), ("network={delay: {uniform: [0, 2s]}, reorder: true}",
                                           "vms.clock_rate={min: 1, max: 20}")),
    "one much slower": (3, "60s", ("20s", "50s"), ("vms.clock_rate=6", BUSY,
                                                   "vms.overrides.vm2.clock_rate=0.7")),
    "saturated": (4, "10s", ("1s", "10s"), (
        "vms.clock_rate=15.3", "trials=2", "vms.workload={draw: 1, actions: {1: all}}",
        "vms.overrides.vm4.clock_rate={min: 3, max: 16}")),
    "an hour": (3, "3600.000005s", ("1000.000005s", "3599.999995s"), (
        "vms.clock_rate=0.9", "vms.overrides.vm1.clock_rate=0.3333", "trials=2",
        "network.delay={uniform: [0, 40s]}")),
    "a star": (8, "20s", ("3s", "7s"), ("network.topology=star", BUSY)),
    "a ring": (6, "20s", ("3s", "7s"), ("network.topology=ring", "ticks.multiplier=1.7")),
    "random peers": (7, "10s", ("1ms", "9999ms"), ("network.topology={random: 2}", "trials=4")),
    "equal microseconds": (3, "500us", ("101us", "377us"), ("ticks.multiplier=1000000",)),
    "seventeen VMs": (17, "5s", ("1s", "4s"), ("network={loss: 0.5, duplicate: 0.5}",)),
    "all in one file": (260, "200ms", ("50ms", "150ms"), ()),
}


def read_json(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def label(item, index):
    """How a list's item is named to a person."""
    for key in ("trial", "vm", "vms"):
        if isinstance(item, dict) and key in item:
            return f"{key} {item[key]}"
    if isinstance(item, dict) and {"from", "to"} <= item.keys():
        return f"{item['from']} to {item['to']}"
    return str(index)


def differences(found, expected, place=""):
    """One sentence for each number, name or item that is not the same in both."""
    if isinstance(found, dict) and isinstance(expected, dict):
        problems = [f"{place}: {key} is missing" for key in expected if key not in found]
        problems += [f"{place}: {key} is too much" for key in found if key not in expected]
        for key in expected:
            if key in found:
                problems += differences(found[key], expected[key], f"{place}, {key}")
        return problems
    if isinstance(found, list) and isinstance(expected, list):
        labels = [[label(item, index) for index, item in enumerate(items)]
                  for items in (found, expected)]
        if labels[0] != labels[1]:
            return [f"{place}: there are {labels[0]}, expected {labels[1]}"]
        return [problem for name, one, other in zip(labels[1], found, expected)
                for problem in differences(one, other, f"{place}, {name}")]
    if type(found) is not type(expected) or found != expected:
        return [f"{place} is {found!r}, expected {expected!r}"]
    return []


class StatsCase(EndToEndCase):

    def stats(self, *arguments):
        return self.sandbox.finish(self.sandbox.start([BUSTRACE, "stats", *arguments]))

    def stats_json(self, folder, *arguments):
        finished = self.stats(folder, "--json", *arguments)
        self.assert_status(finished, 0)
        return read_json(finished.stdout)

    def run_scenario(self, text, *changes):
        sets = [word for change in changes for word in ("--set", change)]
        process, folder = self.start_run(text, *sets)
        self.assert_status(self.sandbox.finish(process), 0)
        return RunFolder(folder)

    def run_mesh(self, *changes, engine="virtual", count=3, duration="5s"):
        return self.run_scenario(MESH.format(engine=engine, count=count, duration=duration),
                                 *changes)

    def assert_same(self, found, expected, place):
        problems = differences(found, expected, place)
        self.assertEqual(problems[:20], [], f"{len(problems)} differences in all")

    def assert_stats(self, name, run, *window):
        """Every number of --json and --csv is that of the second computation."""
        options = [word for pair in zip(("--from", "--to"), window) for word in pair]
        bounds = [None if text is None else microseconds(text) for text in window]
        expected = stats(run, *bounds)
        place = f"{name} {' '.join(options)}".rstrip()
        self.assert_same(self.stats_json(run.path, *options), expected, place)
        finished = self.stats(run.path, "--csv", *options)
        self.assert_status(finished, 0)
        rows = [{"trial": trial["trial"], **vm} for trial in expected["trials"]
                for vm in trial["vms"]]
        rows = [{key: value or "" for key, value in row.items()} for row in rows]
        self.assert_same(read_csv(finished.stdout, rows[0]), rows, f"{place} --csv")


def microseconds(text):
    number, unit = text.rstrip("mus"), text.lstrip("0123456789.")
    return int(Fraction(number) * {"us": 1, "ms": 10**3, "s": 10**6}[unit])


def read_csv(text, like):
    """Its rows; a field is a number where that of `like` is one."""
    rows = list(csv.DictReader(text.splitlines()))
    names = {key for key, value in like.items() if not isinstance(value, Number) and value}
    return [{key: value if key in names or not value else Number(value)
             for key, value in row.items()} for row in rows]


class Agreement(StatsCase):
    """Twenty runs, each over its whole length and over a part of it."""

    def assert_both(self, name, run, window):
        with self.subTest(name, window="all"):
            self.assert_stats(name, run)
        with self.subTest(name, window=window):
            self.assert_stats(name, run, *window)

    def test_sixteen_runs_in_virtual_time(self):
        for name, (count, duration, window, changes) in VIRTUAL.items():
            run = self.run_mesh(*changes, count=count, duration=duration)
            self.assert_both(name, run, window)

    def test_a_live_run(self):
        run = self.run_mesh("vms.clock_rate=60", f"network={LINKS}", engine="live", duration="3s")
        self.assert_both("live", run, ("500ms", "2500ms"))

    def test_a_live_run_with_a_machine_without_a_schedule(self):
        run = self.run_mesh("vms.overrides.vm2.clock_rate=unpaced", "vms.clock_rate=100",
                            engine="live", duration="60ms")
        self.assert_both("unpaced", run, ("20ms", "50ms"))

    def test_a_live_run_with_a_machine_that_was_stopped_for_a_while(self):
        process, folder = self.start_run(
            MESH.format(engine="live", count=3, duration="3s"), "--set", "vms.clock_rate=100")
        self.wait_for_rows(process, folder, 20)
        self.pause_first_vm(process, folder, 50)
        self.assert_status(self.sandbox.finish(process), 0)
        run = RunFolder(folder)
        self.assertTrue(any(vm["missed_ticks"] for vm in run.trials[0].vms))
        self.assert_both("stopped", run, ("250ms", "2s"))

    def test_a_live_run_that_was_interrupted(self):
        process, folder = self.start_run(
            MESH.format(engine="live", count=3, duration="60s"), "--set", "vms.clock_rate=100")
        self.wait_for_rows(process, folder, 100)
        process.send_signal(signal.SIGINT)
        self.assert_status(self.sandbox.finish(process), 130)
        self.assert_both("interrupted", RunFolder(folder), ("100ms", "600ms"))


ALICE = """
alice,1,0,0,,internal,1,0,,,,
alice,2,500000,0,,send,2,1,bob,1,,
alice,3,1000000,0,100000,receive,3,1,bob,1,1,
alice,4,1500003,0,800000,receive,5,0,bob,2,4,
"""

BOB = """
bob,1,0,0,,send,1,0,alice,1,,
bob,2,250000,0,,internal,2,0,,,,
bob,3,500000,0,,internal,3,0,,,,
bob,4,750000,0,,send,4,0,alice,2,,
bob,5,1000000,0,900000,receive,5,0,alice,1,2,
"""

# Worked out by hand, as all below: alice should tick twice a second, bob four times; 2 s.
ALICE_FIGURES = """
ticks 4 internal 1 sent 1 received 2 sent_to_one 1 sent_to_all 0 sent_copies 1 dropped 0
duplicated 0 left 0 clock 5 nominal_rate 2 measured_rate 2 rate_ratio 1
jump_n 4 jump_min 1 jump_max 2 jump_mean 1.25 jump_median 1 jump_p95 2 jump_p99 2 jump_mode 1
jump_sd 0.5 jump_share_of_one 0.75 jump_share_of_more 0.25
gap_n 2 gap_min -1 gap_max 1 gap_mean 0 gap_median -1 gap_p95 1 gap_p99 1 gap_mode -1
gap_sd 1.41421356237
staleness_us_n 2 staleness_us_min 750003 staleness_us_max 1000000 staleness_us_mean 875001.5
staleness_us_median 750003 staleness_us_p95 1000000 staleness_us_p99 1000000
staleness_us_sd 176774.573976
residence_us_n 2 residence_us_min 700003 residence_us_max 900000 residence_us_mean 800001.5
residence_us_median 700003 residence_us_p95 900000 residence_us_p99 900000
residence_us_sd 141419.234917
lateness_us_n 4 lateness_us_min 0 lateness_us_max 3 lateness_us_mean 0.75 lateness_us_median 0
lateness_us_p95 3 lateness_us_p99 3 lateness_us_sd 1.5
queue_mean 0.5000015 queue_max 1 queue_final 0 queue_p95 1 queue_slope_per_s 2.25000675e-06
against_mean_mean -0.5000015 against_mean_max 1 against_mean_final 0
against_rate_mean 0.749997 against_rate_max 1.999994 against_rate_final 1
against_fastest_mean 1.000003 against_fastest_max 2 against_fastest_final 0
against_system_time_mean -0.31250075 against_system_time_max 0.750003
against_system_time_final -0.75
arrivals_per_s 1 load 0.5 saturation_predicted_s - saturation_seen_s -
"""

BOB_FIGURES = """
ticks 5 internal 2 sent 2 received 1 sent_to_one 2 sent_copies 2 clock 5 nominal_rate 4
measured_rate 2.5 rate_ratio 0.625 jump_n 5 jump_mean 1 jump_sd 0 gap_n 1 gap_mean 2 gap_sd -
staleness_us_mean 500000 residence_us_max 100000 queue_mean 0 queue_slope_per_s 0
against_mean_mean 0.5000015 against_rate_mean -0.25 against_rate_max 3 against_rate_final -3
against_fastest_mean 0 against_fastest_max 0 load 0.125
"""

# From 0.5 s to 1.2 s: 2 and 3 of alice's rows, 3 to 5 of bob's.
PART_OF_ALICE = """
ticks 2 internal 0 sent 1 received 1 left - clock 3 measured_rate 2.85714285714
rate_ratio 1.42857142857 jump_n 2 jump_mean 1 jump_sd 0 gap_n 1 gap_mean 1 gap_sd -
queue_mean 1 queue_slope_per_s 0 queue_p95 1
against_rate_mean 0.585714285714 against_rate_max 1 against_rate_final 0.6
against_fastest_mean 1.64285714286 against_fastest_max 2 against_fastest_final 2
arrivals_per_s 1.42857142857 load 0.714285714286
"""


def figures_in(text):
    words = text.split()
    return {name: None if value == "-" else Number(value)
            for name, value in zip(words[::2], words[1::2], strict=True)}


class ByHand(StatsCase):
    """Figures that were worked out on paper, against both computations."""

    def setUp(self):
        super().setUp()
        self.path = self.run_scenario(
            "{engine: virtual, duration: 2s, seed: 1, ticks: {phase: aligned}, vms:"
            " {names: [alice, bob], clock_rate: 2, overrides: {bob: {clock_rate: 4}}}}").path
        self.write("alice", ALICE)
        self.write("bob", BOB)

    def write(self, name, rows):
        (self.path / "trial-1" / f"{name}.csv").write_text(f"{HEADER}\n{rows.lstrip()}")

    def both(self, *window):
        """The first trial as both computations have it."""
        options = [word for pair in zip(("--from", "--to"), window) for word in pair]
        yield stats(RunFolder(self.path), *map(microseconds, window))["trials"][0]
        yield self.stats_json(self.path, *options)["trials"][0]

    def assert_figures(self, found, text, place):
        expected = figures_in(text)
        self.assert_same({name: found.get(name) for name in expected}, expected, place)

    def test_every_figure_of_nine_rows(self):
        for trial in self.both():
            alice, bob = trial["vms"]
            self.assert_figures(alice, ALICE_FIGURES, "alice")
            self.assert_figures(bob, BOB_FIGURES, "bob")
            self.assertEqual(set(alice) - {"vm"}, set(figures_in(ALICE_FIGURES)))
            self.assert_figures(trial, "trial 1 from_s 0 to_s 2 spread_mean 1.000003 spread_max 2"
                                       " spread_final 0", "trial")
            self.assertEqual(trial["pairs"], [{"vms": ["alice", "bob"], "mean": "-1.000003",
                                               "max": "2", "final": "0"}])
            self.assertEqual(trial["links"], [
                {"from": "alice", "to": "bob", "sent": "1", "received": "1", "excess": "0"},
                {"from": "bob", "to": "alice", "sent": "2", "received": "2", "excess": "1"}])

    def test_a_part_of_them(self):
        for trial in self.both("500ms", "1.2s"):
            self.assert_figures(trial["vms"][0], PART_OF_ALICE, "alice")
            self.assert_figures(trial, "from_s 0.5 to_s 1.2", "trial")

    def test_of_rows_at_one_microsecond_the_last_counts(self):
        self.write("bob", "bob,1,0,0,,internal,1,0,,,,\n"
                          "bob,2,1000000,0,500000,receive,9,7,alice,1,8,\n"
                          "bob,3,1000000,0,500000,receive,11,2,alice,2,10,\n")
        for trial in self.both():
            self.assert_figures(trial["vms"][1], "queue_max 2 queue_mean 1 jump_max 8 gap_min -7"
                                                 " gap_max -1 against_mean_max 4", "bob")

    def test_a_machine_that_is_saturated(self):
        rows = [f"bob,{k},{k * 100000},0,5000,receive,{k + 5},{13 - k},alice,{k},2,\n"
                for k in range(2, 13)]
        self.write("bob", "bob,1,100000,0,,internal,6,0,,,,\n" + "".join(rows))
        # 11 arrivals in 2 s, 4 of which it can take in a second: 5.5 / (5.5 - 4)^2.
        for trial in self.both():
            self.assert_figures(trial["vms"][1], "arrivals_per_s 5.5 load 1.375 saturation_seen_s"
                                " 0.2 saturation_predicted_s 2.44444444444 staleness_us_n 0", "bob")
        # The series may begin before the window; it must go on in it, and be long enough.
        for window, seen in ((("500ms",), "0.2"), (("600ms", "1150ms"), "0.2"), (("1.3s",), "-"),
                             (("0s", "1050ms"), "-")):
            for trial in self.both(*window):
                self.assert_figures(trial["vms"][1], f"saturation_seen_s {seen}", window)

    def test_a_late_tick_makes_the_window_longer(self):
        self.write("alice", ALICE + "alice,5,2000006,0,,internal,6,0,,,,\n")
        for trial in self.both():
            self.assert_figures(trial, "to_s 2.000007", "trial")

    def test_what_nothing_is_in(self):
        for trial in self.both("5s"):
            self.assert_figures(trial["vms"][0], "ticks 0 clock 5 jump_n 0 jump_mean - left 0"
                                " nominal_rate 2 measured_rate - queue_mean - queue_p95 - load -"
                                " against_mean_max - against_rate_final -", "alice")
            self.assert_figures(trial, "spread_mean - spread_max - spread_final -", "trial")
            self.assertEqual(trial["links"], [])

    def test_students_quantiles(self):
        for degrees, quantile in ((1, 12.706204736), (2, 4.30265272970), (3, 3.18244630528),
                                  (4, 2.77644510520), (29, 2.04522964213), (30, 2.04227245630)):
            self.assertTrue(isclose(student_quantile(degrees), quantile, rel_tol=1e-10), degrees)
        # 1, 2, 3 with 12.7 and 4.3: 2 -+ 4.30265273 / sqrt(3)
        found = over_trials([1, None, 2, 3])
        self.assertEqual((found["n"], found["mean"], found["sd"]), (3, 2, 1))
        self.assertTrue(isclose(found["high"], 4.48413771, rel_tol=1e-8), float(found["high"]))
        self.assertEqual(found["low"] + found["high"], 4)


class Sweep(StatsCase):

    def test_a_row_for_each_point(self):
        process, folder = self.start_run(
            MESH.format(engine="virtual", count=3, duration="10s"), "--set", "trials=3", "--set",
            "sweep={vms.clock_rate: [2, 5.5], network.loss: [0, 0.5]}")
        self.assert_status(self.sandbox.finish(process), 0)
        expected = []
        for point in json.loads((folder / "run.json").read_text(), parse_int=Number,
                                parse_float=Number)["points"]:
            expected.append({"point": point["point"], **point["values"], "trials": Number(3),
                             **sweep_row(RunFolder(folder / f"point-{point['point']}"))})
        finished = self.stats(folder, "--csv")
        self.assert_status(finished, 0)
        self.assert_same(read_csv(finished.stdout, {}), expected, "sweep")


COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
               "==": operator.eq, "!=": operator.ne}


class Checks(StatsCase):
    """--check, for continuous integration."""

    def setUp(self):
        super().setUp()
        self.run_folder = self.run_mesh("vms.overrides.vm3.clock_rate=2", "vms.clock_rate=5",
                                        "trials=2", duration="10s")

    def check(self, *checks):
        words = [word for check in checks for word in ("--check", check)]
        return self.stats(self.run_folder.path, *words)

    def assert_holds(self, *checks):
        self.assert_status(self.check(*checks), 0)

    def assert_fails(self, *checks):
        finished = self.check(*checks)
        self.assert_status(finished, 1)
        return finished

    def test_what_holds(self):
        ticks = stats(self.run_folder)["trials"][0]["vms"][2]["ticks"]
        self.assertEqual(ticks, "20")
        for comparison, holds in COMPARISONS.items():
            for number in ("19", "20", "21", "19.5", "20.0"):
                with self.subTest(comparison, number=number):
                    finished = self.check(f"vm3.ticks {comparison} {number}")
                    self.assert_status(finished, 0 if holds(20, float(number)) else 1)

    def test_every_one_of_several_must_hold_in_every_trial(self):
        self.assert_holds("vm3.ticks == 20", "*.ticks >= 20", "spread_max > 0", "*.load < 5")
        self.assert_fails("vm3.ticks == 20", "*.ticks > 20")
        first, second = (trial["spread_mean"] for trial in stats(self.run_folder)["trials"])
        self.assertNotEqual(float(first), float(second))
        self.assert_fails(f"spread_mean < {max(first, second, key=float)}")

    def test_what_is_absent_fails(self):
        for comparison in ("<", ">", "!="):
            self.assert_fails(f"vm1.saturation_predicted_s {comparison} 1")

    def test_the_message_names_what_does_not_hold(self):
        finished = self.assert_fails("vm3.ticks >= 21")
        for word in ("vm3.ticks >= 21", "20", "trial 1"):
            self.assertIn(word, finished.stdout + finished.stderr)

    def test_a_figure_or_text_that_does_not_exist(self):
        for check, words in (("vm3.queu_max <= 5", "queue_max"), ("vm9.ticks > 1", "vm9"),
                             ("spread_maxi < 4", "spread_max"), ("vm3.ticks", ""),
                             ("vm3.ticks => 3", ""), ("vm3.ticks < many", "many"),
                             ("vm3.ticks < ", ""), ("", ""), ("vm3.vm == 1", "")):
            with self.subTest(check):
                finished = self.check(check)
                self.assert_status(finished, 2)
                self.assertIn(words, finished.stderr)
                self.assertEqual(finished.stdout, "")
        self.assertIn("did you mean", self.check("vm3.queu_max <= 5").stderr)


class BadInput(StatsCase):

    def assert_bad(self, *arguments, words=""):
        finished = self.stats(*arguments)
        self.assert_status(finished, 2)
        self.assertIn(words, finished.stderr)
        self.assertEqual(finished.stdout, "")

    def test_no_run_folder(self):
        self.assert_bad(self.sandbox.work / "nothing", words="nothing")
        self.assert_bad(self.sandbox.work)
        self.assert_bad()

    def test_a_window_that_is_none(self):
        run = self.run_mesh(duration="1s")
        for option in ("--from", "--to"):
            for text in ("5", "s", "-1s", "many", "1e3s"):
                with self.subTest(option, text=text):
                    self.assert_bad(run.path, f"{option}={text}", words=text)

    def test_a_trace_that_cannot_be_read(self):
        run = self.run_mesh(duration="1s")
        trace = run.path / "trial-1" / "vm2.csv"
        text = trace.read_text()
        for change in ((",internal,", ",eternal,"), ("\nvm2,1,", "\nvm2,0,")):
            trace.write_text(text.replace(*change))
            self.assert_bad(run.path, words="vm2.csv:")


class Table(StatsCase):

    def test_what_is_printed_by_default_names_every_machine_and_trial(self):
        run = self.run_mesh("trials=2")
        finished = self.stats(run.path)
        self.assert_status(finished, 0)
        for word in (*names_of(run.scenario), "trial 1", "trial 2"):
            self.assertIn(word, finished.stdout)


if __name__ == "__main__":
    unittest.main()
