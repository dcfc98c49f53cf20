"""What the benchmarks of this folder have in common: command line, rounds and report."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

import harness
import machine
from figures import Figures, table


def command_line(program, description, letters):
    """The options that every benchmark has; a caller adds its own."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("parts", nargs="*", metavar="|".join(letters),
                        help="what to measure (all)")
    parser.add_argument("--runs", type=int, default=5, help="rounds; the median counts (5)")
    parser.add_argument("--build", type=Path, default=harness.ROOT / "build-bench",
                        help="the build folder (build-bench), made if missing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write all numbers")
    return parser


def read_options(parser, letters, other_names=None):
    """The options, with the parts as sorted letters; `other_names` may stand for letters."""
    options = parser.parse_args()
    options.parts = [(other_names or {}).get(part, part) for part in options.parts]
    unknown = [part for part in options.parts if part not in letters]
    if unknown:
        parser.error(f"expected parts of {', '.join(letters)}, got '{unknown[0]}'")
    if options.runs < 1:
        parser.error("expected --runs of at least 1")
    options.parts = sorted(set(options.parts)) or list(letters)
    options.build = options.build.resolve()
    return options


def measure(options, parts):
    """Round after round over all parts, so that what disturbs the machine disturbs all alike. The
    figures, and what could not be measured; Ctrl+C leaves those that there are."""
    figures = Figures()
    failures = []
    try:
        with harness.Harness(options.build) as bench:
            for number in range(1, options.runs + 1):
                measure_round(bench, options, parts, number, figures, failures)
    except KeyboardInterrupt:
        failures.append(f"interrupted in round {number} of {options.runs}")
    return figures.all(), failures


def measure_round(bench, options, parts, number, figures, failures):
    """Calls part(bench, figures) for each."""
    for part in options.parts:
        print(f"round {number} of {options.runs}: {part}", file=sys.stderr, flush=True)
        try:
            parts[part](bench, figures)
        except harness.BenchFailed as failure:
            failures.append(f"round {number}, {part}: {failure}")
            print(failures[-1], file=sys.stderr)


def run(options, parts, **record):
    """Measures, and prints and writes the report, with `record` in the JSON; the exit status."""
    load_before = machine.load()
    figures, failures = measure(options, parts)
    described = machine.describe(options.build, tempfile.gettempdir())
    loads = {"load_before": load_before, "load_after": machine.load()}
    print("\n".join([*machine.lines(described, **loads), *table(figures)]))
    print(f"\nmedians of {options.runs}; a ratio is the median of the rounds' ratios")
    if failures:
        print("\n".join(["", "not measured:", *failures]))
    if options.json:
        record = {"machine": described, **loads, "runs": options.runs, **record,
                  "failures": failures, "figures": [figure.as_json() for figure in figures]}
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    return 1 if failures else 0


def main(program, body):
    """Runs a benchmark as a program: `body()` gives its exit status."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        sys.exit(body())
    except harness.BenchFailed as failure:
        sys.exit(f"{program}: {failure}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
