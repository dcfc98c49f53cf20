"""(d): from the start of the orchestrator to the barrier, and the memory of a VM.

The barrier is reached when the orchestrator has heard that every link is up and says so in its
log, to the microsecond; the VMs start a little later, at `start_unix_us`, so that all know the time
before it comes. That lead is shown by itself. Beside it: as many processes of the same program,
spawned one after the other, that print their version and exit."""

import re
import time
from datetime import datetime, timezone
from pathlib import Path

from figures import Target
from harness import BenchFailed

SCENARIO = """
name: bench_startup
seed: 2620
duration: {seconds}s
start_timeout: {timeout}s
vms: {{count: {vms}, clock_rate: 1}}
network: {{transport: ipc, topology: {topology}}}
log: {{events: false}}
"""
# VMs, topology, and the seconds in which the memory of all of them can be read.
SIZES = ((3, "mesh", 2), (100, "{random: 4}", 3), (1000, "{random: 4}", 10))
JUDGED = 1000  # The size that has a target.
TIMEOUT_S = 120
ALL_UP = re.compile(r"^(\S+ \S+) \[info\] .* all up$", re.MULTILINE)


def barrier_time(log):
    """When the log says that the barrier was reached, in Unix time; None before it does. The
    orchestrator runs with TZ=UTC."""
    found = ALL_UP.search(log.read_text()) if log.exists() else None
    if found is None:
        return None
    when = datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S.%f")
    return when.replace(tzinfo=timezone.utc).timestamp()


def await_barrier(process, log):
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if (reached := barrier_time(log)) is not None:
            return reached
        time.sleep(0.02)
    raise BenchFailed(f"the barrier was not reached; {process.args[0]} said:\n"
                      + (log.parent.parent / "out").read_text())


def pss_kib(pid):
    """The proportional set size of a process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB$", text, re.MULTILINE)[1])


def memory_of_vms(process, vms):
    """KiB of PSS per VM while all of them run."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    if len(children) != vms:
        raise BenchFailed(f"expected {vms} processes of VMs, found {len(children)}")
    return sum(map(pss_kib, children)) / vms


def measure_size(harness, vms, topology, seconds):
    """Seconds to the barrier, seconds from there to the start, KiB per VM."""
    scenario = SCENARIO.format(seconds=seconds, vms=vms, topology=topology, timeout=TIMEOUT_S)
    with harness.folder() as folder:
        begun = time.time()
        with harness.orchestrator(scenario, folder) as process:
            reached = await_barrier(process, folder / "run" / "orchestrator.log")
            time.sleep(max(0.0, reached + 0.5 - time.time()))  # The first ticks need memory, too.
            memory = memory_of_vms(process, vms)
            trial = harness.result(process, folder, TIMEOUT_S).trial
        return reached - begun, trial["start_unix_us"] * 1e-6 - reached, memory


def measure(harness, figures):
    """One round."""
    vm_program = harness.program("src/live/vm")
    for vms, topology, seconds in SIZES:
        bare = harness.tool("spawn_loop", vms, vm_program, "--version")["ended_s"]
        barrier, lead, memory = measure_size(harness, vms, topology, seconds)
        section = f"(d) start of {vms} VMs, {2 if vms == 3 else 4} peers each"
        figures.add(section, "start to barrier", "s", barrier)
        figures.add(section, "barrier to first tick", "s", lead)
        figures.add(section, "bare spawning, exit at once", "s", bare)
        figures.add(section, "barrier / bare spawning", "ratio", barrier / bare,
                    Target.at_most(3) if vms == JUDGED else None)
        figures.add(section, "PSS per VM", "KiB", memory)
