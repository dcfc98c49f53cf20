"""(e): what a row of a trace costs, in processor time and bytes."""

from figures import Target

# The time between two rows, which decides how many digits change: of a VM that never sleeps, and of
# one at 1 kHz.
SPACINGS = {"unpaced": 300, "1 kHz": 1_000_000}
NS = Target.at_most(80)
BYTES = Target.at_most(80)


def measure(harness, figures):
    """One round."""
    for name, tick_ns in SPACINGS.items():
        section = f"(e) a trace row, {name}"
        with harness.folder() as folder:
            cost = harness.tool("trace_rows", "--folder", folder, "--tick-ns", tick_ns)
        figures.add(section, "written", "ns", cost["ns_per_row"], NS)
        figures.add(section, "written and hashed", "ns", cost["ns_per_row_hashed"])
        figures.add(section, "size", "bytes", cost["bytes_per_row"], BYTES)
