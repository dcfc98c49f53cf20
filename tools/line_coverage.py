"""Which lines of the sources that ship the instrumented programs of a clang build have run."""

import json
from pathlib import Path

from builds import CORES, ROOT, GateFailed, capture, run

SHIPPED = ("src", "orchestrator")


def measure(folder, counts):
    """How many lines the programs of a build folder have run, and of how many; their counts lie in
    another folder. Says which files have most left out."""
    lines = [(path.relative_to(ROOT), file["summary"]["lines"]) for file in files_of(folder, counts)
             if is_shipped(path := Path(file["filename"]).resolve())]
    if not lines:
        raise GateFailed("no line of ours was counted")
    for path, each in sorted(lines, key=lambda line: line[1]["percent"])[:10]:
        print(f"{path}: {each['covered']} of {each['count']} lines")
    return tuple(sum(each[name] for _, each in lines) for name in ("covered", "count"))


def files_of(folder, counts):
    """What llvm-cov tells of each source."""
    merged = counts / "all.profdata"
    run(["llvm-profdata", "merge", "-sparse", "-o", str(merged),
         *map(str, counts.glob("*.profraw"))])
    objects = [word for path in programs(folder) for word in ("-object", str(path))]
    told = capture(["llvm-cov", "export", "-summary-only", f"-num-threads={CORES}",
                    f"-instr-profile={merged}", *objects[1:]])  # The first goes without -object.
    return json.loads("".join(told))["data"][0]["files"]


def programs(folder):
    """Ours and those of the tests."""
    return [folder / "orchestrator" / "orchestrator", folder / "src" / "live" / "vm",
            folder / "tools" / "bustrace" / "bustrace",
            *sorted((folder / "tests").glob("*/*_test"))]


def is_shipped(path):
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in SHIPPED
