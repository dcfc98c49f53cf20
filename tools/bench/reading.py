"""What it costs to read a trace after its run: bustrace beside pandas, on the same files.

Times of ours are those of whole processes, as a person waits for them; those of pandas begin when it
is imported, which is to its advantage."""

import re
import subprocess
from dataclasses import dataclass

from counterparts import FOLDER, PYTHON, TIMEOUT_S
from figures import Target
from harness import BenchFailed

BUSTRACE = "tools/bustrace/bustrace"
HISTORY = "tools/bench/trace_history"
PANDAS = FOLDER / "pandas_groupby.py"

SCENARIO = """
name: bench_trace
seed: 2620
engine: virtual
duration: {seconds:.3f}s
ticks: {{multiplier: 1000}}
vms: {{count: {vms}}}
network: {{{network}}}
log: {{events: false}}
"""


@dataclass(frozen=True)
class Size:
    """A number of VMs, and how many rows a second of theirs has."""

    letter: str
    vms: int
    network: str
    rows_per_second: float
    title: str

    def scenario(self, rows):
        return SCENARIO.format(seconds=rows / self.rows_per_second, vms=self.vms,
                               network=self.network)


SIZES = (
    Size("a", 3, "topology: mesh", 13_000, "(a) 3 VMs, a file each"),
    # Links that do everything, so that all kinds of rows are there.
    Size("b", 300, "topology: {random: 4}, delay: {uniform: [1ms, 5ms]}, loss: 0.01, "
                   "duplicate: 0.01", 1_110_000, "(b) 300 VMs, one file"),
)
FASTER = Target.at_least(3)
GIB = Target.at_most(1)


def measure(bench, figures, size, rows):
    """One round."""
    with bench.folder() as folder:
        with bench.orchestrator(size.scenario(rows), folder) as process:
            run = bench.result(process, folder, TIMEOUT_S)
        files = sorted((run.folder / "trial-1").glob("*.csv"))
        files = [file for file in files if file.stem not in ("vms", "links")]
        figures.add(size.title, "bytes of CSV", "B", sum(file.stat().st_size for file in files))
        pandas = run_pandas(bench, figures, size, files)
        for name, command in commands(bench.program(BUSTRACE), bench.program(HISTORY)).items():
            add_ours(figures, size, name, bench.cost([*command, run.folder], TIMEOUT_S), pandas)


def commands(bustrace, history):
    """What is measured: the commands that the program has, and what comes first in each of them
    that explains a run."""
    told = subprocess.run([bustrace, "--help"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    there = re.findall(r"^  (verify|stats) ", told, re.MULTILINE)
    return {f"bustrace {name}": [bustrace, name] for name in there} | {"its history": [history]}


def run_pandas(bench, figures, size, files):
    """What pandas told, or nothing where it is not installed."""
    if subprocess.run([PYTHON, "-c", "import pandas"], capture_output=True).returncode != 0:
        figures.remark(size.title, "pandas", "not installed: python3-pandas")
        return None
    told = bench.answer([PYTHON, "-B", PANDAS, *files], TIMEOUT_S)
    name = told["program"]
    figures.add(size.title, "rows", "", told["rows"])
    figures.add(size.title, f"{name}: read_csv and groupby", "s", told["seconds"])
    figures.add(size.title, f"{name}: memory at most", "GiB", told["peak_bytes"] / 2**30)
    return told


def add_ours(figures, size, name, cost, pandas):
    figures.add(size.title, f"{name}: from start to end", "s", cost.seconds)
    figures.add(size.title, f"{name}: memory at most", "GiB", cost.peak_bytes / 2**30, GIB)
    if pandas is None:
        return
    figures.add(size.title, f"{name}: rows", "1/s", pandas["rows"] / cost.seconds)
    figures.add(size.title, f"{name}: pandas / ours", "ratio", pandas["seconds"] / cost.seconds,
                FASTER)
    figures.add(size.title, f"{name}: the same of processor time", "ratio",
                pandas["cpu_seconds"] / cost.cpu_seconds)
