"""Programs of the same workload beside ours, as far as they are installed: how each is run, and
whether it did the same."""

import shutil
import subprocess
from dataclasses import dataclass

from harness import ROOT, BenchFailed, has_target

# The interpreter that the packages of the system are for, whatever `python3` is.
PYTHON = "/usr/bin/python3"
FOLDER = ROOT / "tools" / "bench" / "peers"
SIMGRID = "tools/bench/simgrid_actors"
# Peers draw with random numbers of their own, so they do the same by and large only.
TOLERANCE = 0.05
TIMEOUT_S = 600


@dataclass(frozen=True)
class Peer:
    """A program; `package` is what it needs, as Debian calls it."""

    name: str
    package: str
    command: list
    is_there: bool


def all_peers(build_folder):
    """By the name that the command line has for each."""
    has_python = shutil.which(PYTHON) is not None
    has_simpy = has_python and subprocess.run(
        [PYTHON, "-c", "import simpy"], capture_output=True).returncode == 0
    return {
        "heapq": Peer("Python heapq", "python3", [PYTHON, "-B", FOLDER / "python_heapq.py"],
                      has_python),
        "simpy": Peer("SimPy", "python3-simpy3", [PYTHON, "-B", FOLDER / "simpy_processes.py"],
                      has_simpy),
        "simgrid": Peer("SimGrid", "libsimgrid-dev", [build_folder / SIMGRID],
                        has_target(build_folder, SIMGRID)),
    }


def arguments(size, seconds, rates):
    """What every peer is asked. Few VMs get the rates that ours drew: what they do depends on
    them. Many VMs draw their own."""
    few = ["--rates", ",".join(f"{rate:g}" for rate in rates)] if rates else []
    return ["--vms", size.vms, "--links", size.links, "--seconds", seconds, *few]


def run_peer(bench, peer, size, seconds, rates):
    """What the peer did, and what it cost."""
    return bench.answer([*peer.command, *arguments(size, seconds, rates)], TIMEOUT_S)


def mix(totals):
    """What happened in a run, in numbers that do not depend on its length."""
    ticks = totals["ticks"]
    return {
        "ticks per VM and second": ticks / totals["vms"] / totals["seconds"],
        "internal": totals["internal"] / ticks,
        "send": totals["sends"] / ticks,
        "receive": totals["receives"] / ticks,
        "copies per send": totals["copies"] / max(1, totals["sends"]),
        "clock per second": totals["clock_sum"] / totals["vms"] / totals["seconds"],
    }


def describe(numbers):
    """A mix as a line of the table."""
    return ", ".join(f"{name} {number:.3f}" for name, number in numbers.items())


def check_agreement(name, theirs, ours):
    """Throws when two mixes are not of the same workload."""
    for key, number in ours.items():
        if abs(theirs[key] - number) > TOLERANCE * number:
            raise BenchFailed(f"{name} does not do the same as ours: {key} is {theirs[key]:.3f}, "
                              f"ours {number:.3f}")
