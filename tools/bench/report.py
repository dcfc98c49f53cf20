#!/usr/bin/env python3
"""How fast a report is in Chromium: from its opening to the first full picture, and a frame while one
pans, with 10^5 and 10^6 events. Prints a table.

Needs a build in build/, and what tools/packages.txt lists for `browser`.
"""

import argparse
import statistics
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "support"))

from browser import Browser  # noqa: E402
from programs import BUSTRACE, ORCHESTRATOR, Sandbox  # noqa: E402

SCENARIO = "{{engine: virtual, seed: 7, duration: 100s, vms: {{count: 3, clock_rate: {rate}}}}}"
RATES = {100_000: 334, 1_000_000: 3334}
FRAMES = 200

# Zooms in, then pans to and fro, once a frame. From a frame to the next is what a person waits for.
PAN = """
    const [zooms, count, done] = arguments;
    const canvas = document.querySelector('canvas.diagram');
    const press = (key) => canvas.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    for (let i = 0; i < zooms; ++i) press('+');
    const times = [];
    let before = 0;
    const step = (now) => {
      if (before) times.push(now - before);
      before = now;
      if (times.length === count) { done(times); return; }
      press(times.length % 40 < 20 ? 'ArrowRight' : 'ArrowLeft');
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
"""


def make_report(sandbox, events):
    scenario = sandbox.write(f"{events}.yaml", SCENARIO.format(rate=RATES[events]))
    folder = sandbox.work / f"run{events}"
    for command in ([ORCHESTRATOR, scenario, "-q", "--output", folder], [BUSTRACE, "report", folder]):
        finished = sandbox.finish(sandbox.start(command))
        if finished.status != 0:
            sys.exit(finished.stderr)
    return folder / "report.html"


def measure(path):
    """Seconds until the page is ready, and the 95th percentile of a frame, in ms: with all that the
    diagram shows as a density, and zoomed in until it draws each event."""
    with Browser() as browser:
        browser.open(path)
        browser.wait_for("return document.documentElement.dataset.ready === 'all'", "the report")
        ready = browser.run("return performance.getEntriesByName('ready')[0].startTime")
        dense, near = (browser.run_async(PAN, zooms, FRAMES) for zooms in (2, 14))
        return ready / 1000, percentile(dense), percentile(near)


def percentile(times):
    return statistics.quantiles(times, n=20)[-1]


def main():
    parser = argparse.ArgumentParser(prog="tools/bench/report.py", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds; the median counts (5)")
    rounds = parser.parse_args().runs
    print("events   bytes/event   ready, s   frame p95, ms   frame p95 near by, ms")
    with closing(Sandbox()) as sandbox:
        for events in RATES:
            path = make_report(sandbox, events)
            figures = [statistics.median(of) for of in zip(*(measure(path) for _ in range(rounds)))]
            print(f"{events:7}{path.stat().st_size / events:14.2f}{figures[0]:11.2f}"
                  f"{figures[1]:16.1f}{figures[2]:24.1f}", flush=True)


if __name__ == "__main__":
    main()
