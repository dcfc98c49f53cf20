"""tools/bench: what its tables say, and that the peers in Python do the workload. Nothing here is
timed."""

import json
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

BENCH = Path(__file__).resolve().parents[2] / "tools" / "bench"
sys.path.insert(0, str(BENCH))

import comparison  # noqa: E402
import instructions  # noqa: E402
import parts_of_a_tick  # noqa: E402
import reading  # noqa: E402
import session  # noqa: E402
from counterparts import Peer, all_peers, check_agreement, mix  # noqa: E402
from figures import Figures, Target, table  # noqa: E402
from harness import BenchFailed, Cost, Harness  # noqa: E402

TOTALS = {"vms": 2, "seconds": 10, "ticks": 100, "internal": 50, "sends": 20, "copies": 30,
          "receives": 30, "left": 0, "clock_sum": 120, "run_s": 1e-6}


class Tables(unittest.TestCase):
    def test_a_figure_has_median_bounds_and_verdict(self):
        figures = Figures()
        for value in (3, 1, 2):
            figures.add("(a)", "cost", "ns", value, Target.at_most(1))
        self.assertEqual(table(figures.all())[-2:],
                         ["(a)", "  cost  ns         2    1    3  <= 1    NO"])

    def test_a_remark_stands_among_the_figures_once(self):
        figures = Figures()
        for _ in range(2):
            figures.add("(a)", "cost", "ns", 1)
            figures.remark("(a)", "peer", "not installed: a package with a long name")
        self.assertEqual(table(figures.all())[-1],
                         "  peer  not installed: a package with a long name")
        self.assertEqual(len(figures.all()), 2)

    def test_a_remark_does_not_widen_the_columns(self):
        figures = Figures()
        figures.add("(a)", "cost", "ns", 1)
        narrow = table(figures.all())
        figures.remark("(a)", "peer", "x" * 100)
        self.assertEqual(table(figures.all())[:-1], narrow)


class Agreement(unittest.TestCase):
    def test_programs_agree_within_a_few_per_cent(self):
        theirs = TOTALS | {"receives": 29, "internal": 51}
        check_agreement("peer", mix(theirs), mix(TOTALS))

    def test_another_workload_is_found_out(self):
        for key, value in (("copies", 40), ("clock_sum", 140), ("ticks", 120), ("receives", 20)):
            with self.subTest(key), self.assertRaises(BenchFailed):
                check_agreement("peer", mix(TOTALS | {key: value}), mix(TOTALS))


class Bench:
    """Programs as the comparison asks for them, with answers made up."""

    def __init__(self, answer):
        self._answer = answer

    def run(self, _scenario, _timeout):
        return {}

    def folder(self):
        return FolderOfTest()

    def tool(self, *_, **__):
        return TOTALS | {"rates": [], "run_bytes": 2000, "link_counter_bytes": 80}

    def answer(self, _command, _timeout):
        return self._answer


class FolderOfTest:
    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        return Path(self._folder.name)

    def __exit__(self, *_):
        self._folder.cleanup()


class Comparing(unittest.TestCase):
    def lines(self, letter, peer, answer=None):
        """Name and value of each line of a round with one peer."""
        figures = Figures()
        compared = comparison.Comparison({"simgrid": peer})
        compared.measure(Bench(answer), figures, letter)
        return {line.name: getattr(line, "text", None) or line.median for line in figures.all()}

    def test_the_ratio_is_of_times_per_tick(self):
        theirs = TOTALS | {"program": "SimGrid 1", "run_s": 3e-6, "run_bytes": 1}
        lines = self.lines("a", Peer("SimGrid", "libsimgrid-dev", ["x"], True), theirs)
        self.assertAlmostEqual(lines["SimGrid 1: its time per tick / ours"], 3)

    def test_a_peer_that_is_not_installed_is_named(self):
        lines = self.lines("a", Peer("SimGrid", "libsimgrid-dev", ["x"], False))
        self.assertEqual(lines["SimGrid"], "not installed: libsimgrid-dev")

    def test_a_peer_that_cannot_is_named_with_the_reason(self):
        lines = self.lines("d", Peer("SimGrid", "libsimgrid-dev", ["x"], True))
        self.assertIn("cannot: ", lines["SimGrid"])

    def test_cost_grows_from_size_to_size_of_one_round(self):
        figures = Figures()
        compared = comparison.Comparison({})
        for letter in (comparison.FEWER, comparison.LARGEST):
            compared.measure(Bench(None), figures, letter)
        self.assertEqual(figures.all()[-1].name, "driftbus: ns per tick / with 1000 VMs")
        self.assertEqual(figures.all()[-1].median, 1)

    def test_sizes_have_names(self):
        self.assertEqual([comparison.NAMES[name] for name in ("3", "1000", "1e3", "1e5", "1e6")],
                         ["a", "b", "b", "c", "d"])


class Rounds(unittest.TestCase):
    def measure(self, parts):
        options = SimpleNamespace(build=Path("no-build"), runs=3, parts=list(parts))
        with redirect_stderr(StringIO()):
            return session.measure(options, parts)

    def test_a_part_that_fails_does_not_stop_the_others(self):
        def fail(_bench, _figures):
            raise BenchFailed("no such thing")

        figures, failures = self.measure(
            {"a": fail, "b": lambda _, figures: figures.add("(b)", "cost", "ns", 1)})
        self.assertEqual([figure.samples for figure in figures], [[1, 1, 1]])
        self.assertEqual(failures[0], "round 1, a: no such thing")
        self.assertEqual(len(failures), 3)

    def test_what_was_measured_before_an_interrupt_counts(self):
        def interrupt(_bench, figures):
            figures.add("(a)", "cost", "ns", 1)
            raise KeyboardInterrupt

        figures, failures = self.measure({"a": interrupt})
        self.assertEqual([figure.samples for figure in figures], [[1]])
        self.assertEqual(failures, ["interrupted in round 1 of 3"])


class Readings(unittest.TestCase):
    def test_a_profile_tells_its_instructions(self):
        self.assertEqual(instructions.count("fn=(1)\n16 3\n\nsummary: 1234\ntotals: 1234\n"), 1234)
        self.assertEqual(instructions.count("totals: 99\n"), 99)

    def test_google_benchmark_tells_times_in_several_units(self):
        for benchmark, expected in (({"cpu_time": 2.5, "time_unit": "ns"}, 2.5),
                                    ({"cpu_time": 2.5, "time_unit": "us"}, 2500),
                                    ({"cpu_time": 9, "time_unit": "ms", "per_tick": 3e-9}, 3)):
            self.assertAlmostEqual(parts_of_a_tick.cost_ns(benchmark), expected)


class Reading(unittest.TestCase):
    def test_the_ratio_is_of_seconds_and_memory_is_in_gib(self):
        figures = Figures()
        pandas = {"seconds": 12, "cpu_seconds": 6, "rows": 100}
        cost = Cost(seconds=2, cpu_seconds=2, peak_bytes=2**29)
        reading.add_ours(figures, reading.SIZES[0], "ours", cost, pandas)
        lines = {line.name: line.median for line in figures.all()}
        self.assertEqual(lines["ours: pandas / ours"], 6)
        self.assertEqual(lines["ours: the same of processor time"], 3)
        self.assertEqual(lines["ours: memory at most"], 0.5)
        self.assertEqual(lines["ours: rows"], 50)

    def test_a_command_costs_what_it_takes_itself(self):
        with Harness(Path("no-build")) as bench:
            small, large = (bench.cost([sys.executable, "-c", f"bytearray({size}) + b'x'"], 60)
                            for size in (1, 2**26))
            self.assertGreater(large.peak_bytes, small.peak_bytes + 2**25)

    def test_a_command_that_fails_is_no_figure(self):
        with Harness(Path("no-build")) as bench, self.assertRaises(BenchFailed):
            bench.cost([sys.executable, "-c", "raise SystemExit(3)"], 60)


class PythonPeers(unittest.TestCase):
    """Those that are installed."""

    def check(self, arguments, expect):
        """Calls expect(totals) for what each peer tells of a run."""
        for peer in all_peers(Path("no-build")).values():
            if peer.is_there:
                with self.subTest(peer.name):
                    done = subprocess.run([*peer.command, *arguments.split()], check=True,
                                          stdout=subprocess.PIPE, text=True)
                    expect(json.loads(done.stdout))

    def test_each_tick_does_one_thing(self):
        def expect(totals):
            self.assertEqual(totals["ticks"], 900)
            self.assertEqual(totals["internal"] + totals["sends"] + totals["receives"], 900)
            self.assertEqual(totals["copies"], totals["receives"] + totals["left"])

        self.check("--vms 3 --seconds 100 --rates 1,2,6", expect)

    def test_three_draws_of_ten_send(self):
        def expect(totals):
            draws = totals["internal"] + totals["sends"]
            self.assertAlmostEqual(totals["sends"] / draws, 0.3, delta=0.02)
            self.assertAlmostEqual(totals["copies"] / totals["sends"], 2, delta=0.1)

        self.check("--vms 50 --links 4 --seconds 200", expect)

    def test_a_clock_catches_up_with_a_faster_one(self):
        self.check("--vms 2 --seconds 1000 --rates 3,6",
                   lambda totals: self.assertGreater(totals["clock_sum"], 2 * 5900))


if __name__ == "__main__":
    unittest.main()
