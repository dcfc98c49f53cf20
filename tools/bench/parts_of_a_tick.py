"""(g): the parts of a tick, each by itself, by Google Benchmark (tools/bench/micro.cpp)."""

from harness import has_target

TITLE = "(g) parts of a tick, by Google Benchmark"
PROGRAM = "tools/bench/micro"
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def cost_ns(benchmark):
    """Processor time of one iteration, or of one tick where an iteration has many."""
    if "per_tick" in benchmark:
        return benchmark["per_tick"] * 1e9
    return benchmark["cpu_time"] * NANOSECONDS[benchmark["time_unit"]]


def measure(bench, figures):
    """One round."""
    if not has_target(bench.build_folder, PROGRAM):
        figures.remark(TITLE, "Google Benchmark", "not installed: libbenchmark-dev")
        return
    result = bench.tool("micro", "--benchmark_format=json", "--benchmark_min_time=0.1")
    for benchmark in result["benchmarks"]:
        name = benchmark["name"].split("/iterations")[0].replace("_", " ")
        figures.add(TITLE, name.replace("/", ", VMs: "), "ns", cost_ns(benchmark))
