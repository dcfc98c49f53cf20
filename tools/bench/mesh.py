"""(a), (b): how many messages three VMs that never sleep exchange, against bare ZeroMQ.

The raw mesh spends all its time on messages. A VM spends much of its time on ticks that send
nothing: with a scenario's default workload a tick that draws sends 0.4 copies, so 0.29 of all
events take a message in. That workload is what the targets are for. A second one, in which every
draw sends, shows what a message costs when there is little else."""

from figures import Target

SCENARIO = """
name: bench_mesh
seed: 2620
duration: {seconds}s
vms: {{count: 3, clock_rate: unpaced, workload: {workload}}}
network: {{transport: ipc}}
log: {{events: false}}
trace: {trace}
"""
WORKLOADS = {
    "default workload": "{draw: 10, actions: {1: next, 2: after_next, 3: all}}",
    "every draw sends": "{draw: 3, actions: {1: next, 2: after_next, 3: all}}",
}
COMPARED = "default workload"
TITLES = {"csv": "(a) full trace, unpaced mesh of 3 VMs", "none": "(b) no trace, the same mesh"}
TARGETS = {"csv": Target.at_least(0.40), "none": Target.at_least(0.75)}


def measure_raw(harness, seconds):
    with harness.folder() as folder:
        return harness.tool("raw_mesh", "--seconds", seconds, "--folder", folder)


def measure_vms(harness, workload, trace, seconds):
    """What the VMs did, in the terms of the table. What was under way at the end is no part of the
    messages per second, but it cost processor time."""
    trial = harness.run(
        SCENARIO.format(seconds=seconds, workload=WORKLOADS[workload], trace=trace)).trial
    totals = trial["totals"]
    taken_in = totals["received"] + totals["left"]
    return {
        "messages": totals["received"] / trial["duration_s"],
        "events": totals["ticks"] / trial["duration_s"],
        "left": totals["left"] / taken_in,
        "cpu_ns": totals["cpu_s"] * 1e9 / taken_in,
    }


def measure(harness, figures, trace, seconds):
    """One round: each workload between two raw meshes, whose mean it is held against."""
    section = TITLES[trace]
    before = measure_raw(harness, seconds)
    for workload in WORKLOADS:
        ours = measure_vms(harness, workload, trace, seconds)
        after = measure_raw(harness, seconds)
        raw = (before["messages_per_s"] + after["messages_per_s"]) / 2
        raw_cpu = (before["cpu_ns_per_message"] + after["cpu_ns_per_message"]) / 2
        before = after
        target = TARGETS[trace] if workload == COMPARED else None
        for name, unit, value in (
                ("messages", "1/s", ours["messages"]),
                ("events", "1/s", ours["events"]),
                ("raw mesh beside it", "1/s", raw),
                ("messages / raw", "ratio", ours["messages"] / raw),
                ("left at the end", "share", ours["left"]),
                ("CPU per message", "ns", ours["cpu_ns"]),
                ("raw CPU per message", "ns", raw_cpu),
                ("raw CPU / CPU", "ratio", raw_cpu / ours["cpu_ns"])):
            figures.add(section, f"{workload}: {name}", unit, value,
                        target if name == "messages / raw" else None)
