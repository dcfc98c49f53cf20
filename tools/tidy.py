#!/usr/bin/env python3
"""Checks what no compiler checks: who may include whom, who reads no clock, that each rule of
docs/model.md has a test, that each source has one, and how a file begins and ends.

`tools/tidy.py [ROOT]` prints `file:line: what, why` for each problem; status 1 when there is one.
"""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

# What a folder of src/ may include beside itself: the brackets of the layout in ARCHITECTURE.md.
MODEL = {"base", "clock", "wire", "machine", "trace", "scenario", "link", "run"}
MAY_INCLUDE = {
    "base": set(),
    "clock": {"base"},
    "wire": {"base", "clock"},
    "machine": {"base", "clock", "wire"},
    "trace": {"base", "clock"},
    "scenario": {"base", "clock"},
    "link": {"base", "scenario"},
    "run": {"base", "scenario", "trace"},
    "control": {"base", "scenario"},
    "bus": {"base"},
    "engine": MODEL,
    "live": MODEL | {"control", "bus"},
    "analysis": MODEL,
    "export": MODEL | {"analysis"},
    "report": MODEL | {"analysis"},
}

# A library and the one folder of the product that uses it; tests and benchmarks may as well.
ONLY_USER = {"yaml-cpp/": "src/scenario", "zmq": "src/bus", "zlib.h": "src/report"}

# Headers with a better one.
INSTEAD = {"fmt/core.h": "take fmt/format.h: clang cannot link what this one leaves to gcc's libfmt"}

# Folders whose results depend on their arguments alone.
PURE = {"base", "clock", "wire", "machine", "link", "engine", "analysis", "export"}
IMPURE = [
    (r"::now\s*\(", "reads a clock"),
    (r"\b(?:clock_gettime|gettimeofday)\s*\(", "reads a clock"),
    (r"\bstd::time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0|&)", "reads a clock"),
    (r"\b(?:secure_)?getenv\b|\benviron\b", "reads the environment"),
    (r"\bstd::(?:jthread|thread|async)\b|\bpthread_create\b", "starts a thread"),
    (r"\bs?rand\s*\(|\brandom_device\b", "uses a global random source"),
]

# Sources without a test file of their own, and why.
UNTESTED = {
    "main.cpp": "wires the rest together; tests/e2e runs the program",
    "orchestrator/run_scenario.cpp": "a whole run; tests/e2e",
    "src/live/by_hand.cpp": "a whole process that a person starts; tests/e2e/by_hand_test.py",
    "src/live/supervised.cpp": "a whole process under an orchestrator; tests/e2e",
}

CODE = {".cpp", ".hpp"}
SCRIPT = {".ts", ".mjs"}
TEXT = CODE | {".py", ".sh", ".build", ".md", ".yaml", ".json", ".txt"} | SCRIPT
# Folders with nothing of ours in them.
OTHERS = {"__pycache__", "build", "node_modules"}
# Scripts that carry no suffix.
SCRIPTS = {"tools/run", "tools/test", "tools/check", ".ci/run"}
TOP = ["src", "orchestrator", "tests", "tools", "configs", "docs", ".ci"]
# Inputs and expected outputs of tests: their bytes are the point.
AS_THEY_ARE = re.compile(r"tests/(?:golden|scenario/(?:bad|good)|fuzz/corpus)/")


@dataclass(frozen=True, order=True)
class Problem:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Source:
    path: str  # From the root, with slashes.
    text: str

    @property
    def lines(self):
        return self.text.split("\n")

    @property
    def suffix(self):
        return Path(self.path).suffix

    @property
    def folder(self):
        """The folder of src/ that it belongs to, else None."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def check(root):
    """All problems of the tree under `root`, in the order of files and lines."""
    sources = read_sources(Path(root))
    problems = []
    paths = {source.path for source in sources}
    for source in sources:
        problems += check_text(source)
        if not starts_with_role(source, paths):
            problems.append(Problem(
                source.path, 1, "no comment on top, it states the role of the file"))
        if source.suffix in CODE:
            problems += check_includes(source) + check_purity(source)
    return sorted(problems + check_rules(sources) + check_tests(sources))


def read_sources(root):
    sources = []
    for top in TOP:
        for folder, folders, names in os.walk(root / top):
            folders[:] = sorted(name for name in folders if name not in OTHERS)
            for name in sorted(names):
                path = Path(folder, name)
                relative = path.relative_to(root).as_posix()
                if is_text(relative) and not AS_THEY_ARE.match(relative):
                    sources.append(Source(relative, path.read_text(encoding="utf-8")))
    for path in sorted(root.glob("*")):
        if path.is_file() and path.suffix in TEXT:
            sources.append(Source(path.name, path.read_text(encoding="utf-8")))
    return sources


def is_text(path):
    return Path(path).suffix in TEXT or path in SCRIPTS


def check_text(source):
    problems = []

    def problem(line, text):
        problems.append(Problem(source.path, line, text))

    for number, line in enumerate(source.lines, 1):
        if "\t" in line:
            problem(number, "tab, indent with spaces so that it looks the same everywhere")
        if line != line.rstrip():
            problem(number, "space at the end of the line, it only shows in diffs")
    if source.text and not source.text.endswith("\n"):
        problem(len(source.lines), "no newline at the end of the file, tools join it with the next")
    if not source.text.strip():
        problem(1, "empty file, delete it or fill it")
    elif source.suffix == ".hpp" and "#pragma once" not in source.lines:
        problem(1, "no '#pragma once', a header must bear to be included twice")
    return problems


def starts_with_role(source, paths):
    """A source tells its role in the header beside it, a test by its name; all others on top."""
    header = str(Path(source.path).with_suffix(".hpp"))
    if source.path.endswith("_test.cpp") or header in paths - {source.path} or not source.text:
        return True
    lines = source.lines
    first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
    if source.suffix in CODE | SCRIPT:
        return first.startswith("// ")
    if source.suffix == ".py":
        return first.startswith(('"""', "# "))
    if source.suffix in {".sh", ""}:
        return first.startswith("# ")
    return True


def check_includes(source):
    problems = []
    for number, line in enumerate(source.lines, 1):
        include = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if not include:
            continue
        kind, name = include.groups()
        reason = refuse_own(source, name) if kind == '"' else refuse_library(source, name)
        if reason:
            problems.append(Problem(source.path, number, f"include of '{name}', {reason}"))
    return problems


def refuse_own(source, name):
    """Why `source` may not include our header `name`, or None."""
    folder = name.split("/")[0] if "/" in name else None
    if source.folder is not None:
        if folder is None:
            return "write it with its folder, so that the layout can be checked"
        if source.folder not in MAY_INCLUDE:
            return f"src/{source.folder} has no row in tools/tidy.py that says what it may include"
        allowed = MAY_INCLUDE[source.folder]
        if folder != source.folder and folder not in allowed:
            return f"src/{source.folder} may include only {', '.join(sorted(allowed)) or 'nothing'}"
    elif source.path.startswith("orchestrator/"):
        if folder is not None and folder != "orchestrator" and folder not in MAY_INCLUDE:
            return "orchestrator/ includes itself and src/, nothing else"
    return None


def refuse_library(source, name):
    """Why `source` may not include the library header `name`, or None."""
    if name in INSTEAD:
        return INSTEAD[name]
    if not source.path.startswith(("src/", "orchestrator/")):
        return None
    for library, user in ONLY_USER.items():
        if name.startswith(library) and not source.path.startswith(user + "/"):
            return f"{user}/ is its only user"
    return None


def check_purity(source):
    if source.folder not in PURE:
        return []
    problems = []
    for number, line in enumerate(without_comments(source.text).split("\n"), 1):
        for pattern, what in IMPURE:
            match = re.search(pattern, line)
            if match:
                why = f"src/{source.folder} must depend on its arguments alone"
                problems.append(Problem(source.path, number, f"'{match[0]}' {what}, {why}"))
    return problems


def without_comments(text):
    """The text with comments and strings blanked, lines kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)


def check_rules(sources):
    """Each rule of docs/model.md is cited by a test, and each citation names a rule."""
    rules, later = read_rules(sources)
    if not rules:
        return []
    cited = set()
    problems = []
    for source in sources:
        if not source.path.startswith("tests/") or source.path.startswith("tests/tooling/") \
                or source.suffix not in CODE | {".py"}:
            continue
        for number, rule in citations(source):
            cited.add(rule)
            if rule not in rules:
                problems.append(
                    Problem(source.path, number, f"rule {rule}, docs/model.md has no such rule"))
    for rule, line in rules.items():
        if rule not in cited and rule not in later:
            problems.append(
                Problem("docs/model.md", line, f"rule {rule} has no test, cite it as '// Rule {rule}'"))
    return problems


def read_rules(sources):
    """The line of each rule, and the rules marked '(later)' themselves or by their section."""
    rules = {}
    later = set()
    section_is_later = False
    for source in sources:
        if source.path != "docs/model.md":
            continue
        for number, line in enumerate(source.lines, 1):
            if line.startswith("#"):
                section_is_later = "(later)" in line
            rule = re.match(r"[\s#*-]*(\d+\.\d+)\b[\s.*]*(\(later\))?", line)
            if rule:
                rules[rule[1]] = number
                if section_is_later or rule[2]:
                    later.add(rule[1])
    return rules, later


def citations(source):
    """Line and number of each rule cited in a comment: `// Rule 2.4`, `# Rules 2.2, 2.3`."""
    for number, line in enumerate(source.lines, 1):
        comment = re.search(r"(?://|#).*?\bRules? (\d+\.\d+(?:(?:, | and |, and )\d+\.\d+)*)", line)
        if comment:
            for rule in re.findall(r"\d+\.\d+", comment[1]):
                yield number, rule


def check_tests(sources):
    """src/x/y.cpp has tests/x/y_test.cpp, orchestrator/y.cpp has tests/orchestrator/y_test.cpp."""
    paths = {source.path for source in sources}
    problems = []
    for source in sources:
        inside = re.match(r"(?:src/)?((?:\w+/)+)(\w+)\.cpp$", source.path)
        if not inside or not source.path.startswith(("src/", "orchestrator/")):
            continue
        test = f"tests/{inside[1]}{inside[2]}_test.cpp"
        if test not in paths and source.path.split("/")[-1] not in UNTESTED \
                and source.path not in UNTESTED:
            problems.append(
                Problem(source.path, 1, f"no {test}, write it or give the reason in tools/tidy.py"))
    return problems


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    problems = check(root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
