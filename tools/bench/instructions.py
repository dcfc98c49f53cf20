"""(f): instructions per tick, counted by callgrind: two runs of different length, so that starting
and drawing the trial cancel out. The count does not depend on what else the machine does."""

import re
import shutil

from comparison import SIZES
from figures import Target

MOST = Target.at_most(200)
TITLE = "(f) instructions, by callgrind"
# Virtual seconds of the shorter run; the other is twice as long.
SECONDS = {"a": 20_000, "b": 100}
TIMEOUT_S = 600


def count(profile):
    """The instructions that a profile of callgrind sums up."""
    return int(re.search(r"^(?:summary|totals): (\d+)", profile, re.MULTILINE)[1])


def run(bench, scenario):
    """Ticks and instructions of a run."""
    with bench.folder() as folder:
        (folder / "scenario.yaml").write_text(scenario)
        totals = bench.answer(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/profile",
             f"--log-file={folder}/log", bench.program("tools/bench/virtual_loop"),
             folder / "scenario.yaml", "--folder", folder], TIMEOUT_S)
        return totals["ticks"], count((folder / "profile").read_text())


def measure(bench, figures):
    """One round."""
    if shutil.which("valgrind") is None:
        figures.remark(TITLE, "callgrind", "not installed: valgrind")
        return
    for letter, seconds in SECONDS.items():
        size = SIZES[letter]
        (short_ticks, short), (long_ticks, long) = (
            run(bench, size.scenario(seconds * factor)) for factor in (1, 2))
        figures.add(TITLE, f"{size.vms} VMs", "1/tick",
                    (long - short) / (long_ticks - short_ticks), MOST)
