#!/usr/bin/env python3
"""Takes the pictures of docs/report.md: runs scenarios in virtual time, makes their reports, and has
Chromium draw what the page says of them. `tools/report_pictures.py` writes docs/pictures/report-*.png.

Needs a build in build/, and what tools/packages.txt lists for `browser`.
"""

import json
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from browser import Browser  # noqa: E402
from programs import BUSTRACE, ORCHESTRATOR, Sandbox  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SEED = "7"


def finish(sandbox, *command):
    finished = sandbox.finish(sandbox.start(command))
    if finished.status != 0:
        sys.exit(finished.stderr)


def make_report(sandbox, scenario):
    folder = sandbox.work / scenario
    finish(sandbox, ORCHESTRATOR, ROOT / "configs" / scenario, "--virtual", "-q", "--seed", SEED,
           "--output", folder)
    told = folder / "run.json"
    told.write_text(json.dumps(json.loads(told.read_text()) | {"host": ""}))  # It is nobody's business.
    finish(sandbox, BUSTRACE, "report", folder)
    return folder / "report.html"


def open_report(browser, path, width, dark=False):
    browser.resize(width, 900)
    browser.command("Emulation.setScrollbarsHidden", hidden=True)
    browser.command("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
    browser.open(path)
    browser.wait_for("return document.documentElement.dataset.ready === 'all'", "the report")


def main():
    with closing(Sandbox()) as sandbox, Browser() as browser:
        trials = make_report(sandbox, "five_trials.yaml")
        slow = make_report(sandbox, "slow_receiver.yaml")
        open_report(browser, trials, 1000)
        browser.picture("body", PICTURES / "report.png", height=642)
        browser.picture(".question", PICTURES / "report-trust.png")
        browser.picture("#drift", PICTURES / "report-slowest.png")
        browser.picture("#compared", PICTURES / "report-trials.png")
        browser.click(".question .show")
        browser.wait_for("return document.querySelector('.chosen').innerText", "the event")
        browser.picture("#diagram", PICTURES / "report-jump.png")
        open_report(browser, slow, 1000, dark=True)
        browser.picture("#queue", PICTURES / "report-queue.png")


if __name__ == "__main__":
    main()
