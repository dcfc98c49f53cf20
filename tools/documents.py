"""Checks the documentation against the tree: that links lead somewhere, that the commands shown
work, and that no tracked file holds what belongs to one machine or one person.

Every ```sh block of a Markdown file is run, in the checkout, with the programs on PATH and runs
cut to 2 s. A block that cannot be run here has `<!-- not run: REASON -->` on the line before it;
what only looks like a shell (output shown too) is a ```console block.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"(?P<before>[^\n]*)\n+```sh\n(?P<commands>.*?)^```$", re.DOTALL | re.MULTILINE)
NOT_RUN = re.compile(r"<!-- not run: .+ -->")
TIMEOUT_S = 600

# Written so that this file does not match itself.
PRIVATE = [
    (re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w"), "a path of one machine"),
    (re.compile(r"\b(?:pypi|npmjs|crates|rubygems)\.(?:org|com|io)\b|\bproxy\.golang\.org\b"
                r"|\b(?:deb|security)\.debian\.org\b|\barchive\.ubuntu\.com\b"), "a registry host"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30}|\bAKIA[0-9A-Z]{16}\b"
                r"|://[^/\s:@\"']+:[^/\s:@\"']+@"), "a credential"),
]


def check(root, paths):
    """Problems as `file:line: what` of links in Markdown, and of private text in all files."""
    problems = []
    for path in paths:
        try:
            lines = (root / path).read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # An input of a test.
        for number, line in enumerate(lines, 1):
            problems += [f"{path}:{number}: '{match[0]}', {what}"
                         for pattern, what in PRIVATE for match in pattern.finditer(line)]
        if path.endswith(".md"):
            problems += [f"{path}:{number}: '{target}' leads nowhere"
                         for number, target in broken_links(root, path, lines)]
    return problems


def broken_links(root, path, lines):
    """Line and target of each relative link without its file or heading."""
    for number, line in enumerate(lines, 1):
        for target in LINK.findall(line):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, heading = target.partition("#")
            there = (root / path).parent / file if file else root / path
            if not there.exists() or (heading and heading not in headings(there)):
                yield number, target


def headings(file):
    """The anchors of a Markdown file, as code hosts make them from its headings."""
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(text):
    """Line and commands of each block that is to be run."""
    for match in BLOCK.finditer("\n" + text):
        if not NOT_RUN.search(match["before"]):
            yield text[:match.start("commands") - 1].count("\n") + 1, match["commands"]


def run_commands(root, paths, leave_out):
    """Problems of the blocks whose commands do not end with status 0. Lines that `leave_out`
    matches are not run: another gate has them. Runs that they leave are removed, or the next time
    their folders would be taken."""
    logs = Path(root) / "logs"
    before = set(logs.glob("*"))
    programs = f"{root}/build/orchestrator:{root}/build/src/live"
    env = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}", "DRIFTBUS_DURATION": "2s"}
    problems = []
    for path in paths:
        for line, text in commands((root / path).read_text(encoding="utf-8")):
            script = "\n".join(command for command in text.splitlines()
                               if not leave_out.match(command))
            if not script.strip():
                continue
            print(f"{path}:{line}:\n{script}", flush=True)
            status = run(script, root, env)
            if status != 0:
                problems.append(f"{path}:{line}: the commands end with {status}")
    for left in set(logs.glob("*")) - before:
        shutil.rmtree(left)
    return problems


def run(script, root, env):
    """The exit status of a script, or `a timeout`."""
    try:
        return subprocess.run(["sh", "-eu", "-c", script], cwd=Path(root), env=env,
                              stdin=subprocess.DEVNULL, timeout=TIMEOUT_S).returncode
    except subprocess.TimeoutExpired:
        return "a timeout"
