"""(e): what a trace costs on top, per row: the same trials with and without one, in processor time,
the kernel's share of writing included."""

from comparison import OURS, SIZES, run_ours
from figures import Target

CSV = Target.at_most(100)
# Few VMs have a file each, many one together.
MEASURED = ("a", "b")


def measure(bench, figures):
    """One round."""
    for letter in MEASURED:
        size = SIZES[letter]
        bare, hashed, written = (run_ours(bench, size.scenario(size.seconds[OURS], trace))
                                 for trace in ("none", "hash", "csv"))
        for name, traced, target in (("hash", hashed, None), ("CSV and hash", written, CSV)):
            figures.add(f"(e) a trace on top, {size.vms} VMs", name, "ns/row",
                        (traced["run_s"] - bare["run_s"]) * 1e9 / traced["ticks"], target)
