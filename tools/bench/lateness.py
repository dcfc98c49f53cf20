"""(c): how late ticks are, against a loop that does nothing but sleep, both at the same time."""

import json
from statistics import median

from figures import Target
from harness import BenchFailed

SCENARIO = """
name: bench_lateness
seed: 2620
duration: {seconds}s
vms: {{count: 3, clock_rate: {rate}}}
network: {{transport: ipc}}
log: {{events: false}}
"""
SEED = 2620
RATES = (6, 1000, 10000)
# So that there are a hundred ticks at 6 Hz.
LEAST_S = {6: 6}
QUIET_RATE = 1000  # At which no tick may be missed.

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
PHASE_STREAM = 6


def mix(z):
    z ^= z >> 30
    z = z * 0xBF58476D1CE4E5B9 & MASK
    z ^= z >> 27
    z = z * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def phase_ns(vm, rate):
    """The phase that a run draws for the VM (docs/formats.md, random words)."""
    word = mix(mix(mix((SEED + PHASE_STREAM * GOLDEN) & MASK) + vm * GOLDEN & MASK))
    return word * (1_000_000_000 // rate) >> 64


def side_by_side(harness, rate, seconds):
    """What each process of either kind tells, at the same time."""
    phases = [phase_ns(vm, rate) for vm in (1, 2, 3)]
    bare = [harness.program("tools/bench/timer_loop"), "--rate", str(rate),
            "--seconds", str(seconds), "--phase-ns", *map(str, phases)]
    scenario = SCENARIO.format(seconds=seconds, rate=rate)
    timeout = seconds + 60
    with harness.folder() as folder, \
            harness.orchestrator(scenario, folder) as ours, \
            harness.started(bare, folder / "bare") as loop:
        harness.await_success(loop, folder / "bare", timeout)
        vms = harness.result(ours, folder, timeout).trial["vms"]
        if [vm["phase_ns"] for vm in vms] != phases:
            raise BenchFailed("the run drew other phases than the timer loop was given")
        return vms, json.loads((folder / "bare").read_text())


def measure(harness, figures, seconds):
    """One round. A process's p50 and p99; of the three the middle p50 and the worst p99."""
    for rate in RATES:
        vms, loops = side_by_side(harness, rate, max(seconds, LEAST_S.get(rate, 0)))
        section = f"(c) lateness, 3 VMs at {rate} Hz, a bare timerfd loop beside each"
        p50 = {}
        for name, processes in (("VMs", vms), ("bare", loops)):
            late = [process["lateness_us"] for process in processes]
            p50[name] = median(each["p50"] for each in late)
            figures.add(section, f"{name}: p50", "us", p50[name])
            figures.add(section, f"{name}: p99", "us", max(each["p99"] for each in late))
            missed = sum(process["missed_ticks"] for process in processes)
            target = Target.at_most(0) if (name, rate) == ("VMs", QUIET_RATE) else None
            figures.add(section, f"{name}: missed ticks", "ticks", missed, target)
        figures.add(section, "p50, VMs / bare", "ratio", p50["VMs"] / max(p50["bare"], 1),
                    Target.at_most(1.5))
