#!/usr/bin/env python3
"""The gates that a change must pass, run by tools/check. The last line is `N passed, N failed`: test
cases and gates. Status 1 when one failed."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import documents
import line_coverage
import tally
import tidy
from builds import (ROOT, GateFailed, build, build_release, capture, configure, in_parallel,
                    install, run, sources)

LINE_COVERAGE = 90  # Per cent of the lines of src/ and orchestrator/.
GCC = {"CC": "gcc", "CXX": "g++"}
CLANG = {"CC": "clang", "CXX": "clang++"}
SANITIZER_ERROR = 86  # Exit status of a program in which a sanitizer found an error.
VALGRIND_ERROR = 87
UNCOUNTED = {"LLVM_PROFILE_FILE": os.devnull}  # Else counts lie where a program is started.
PROGRAM = "orchestrator/orchestrator"
# Instrumented programs are too slow for tests of the engines' distributions, whose ticks must come
# in time; they run in the release build.
NOT_TIMELY = ["--no-suite", "timely"]
INSTRUMENTED = {"DRIFTBUS_INSTRUMENTED": "1"}
TESTS_LOG = ROOT / "build" / "meson-logs" / "testlog.json"
# Each fuzzer and the inputs that it starts from.
SEEDS = {
    "foreign_log_fuzzer": [],
    "frame_fuzzer": ["tests/fuzz/corpus/frame_fuzzer"],
    "messages_fuzzer": ["tests/fuzz/corpus/messages_fuzzer"],
    "loader_fuzzer": ["configs", "tests/scenario/good", "tests/scenario/bad"],
    "overrides_fuzzer": [],
    "run_reader_fuzzer": ["tests/fuzz/corpus/run_reader_fuzzer"],
    "trace_reader_fuzzer": [],
}
# What a lock file names, and none of the scripts in it.
NPM_CI = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
# Commands of the documents that other gates run, or that would run the gates within a gate.
RUN_ELSEWHERE = re.compile(r"(?:\./)?tools/(?:test|check)\b|meson test -C build\b")


@dataclass
class Context:
    """What the gates of one run share."""

    tally: tally.Tally
    tested: int | None  # What tools/test ended with, once it has run.
    has_counted_lines: bool = False  # Whether the instrumented tests have run, just now.


def meson_test(context, folder, *arguments, env=None):
    """Runs tests of a build folder and counts their cases; a failure or a skip fails the gate."""
    log = folder / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    command = ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs", *arguments]
    print("+", " ".join(command), flush=True)
    status = subprocess.run(command, cwd=ROOT, env=os.environ | (env or {}),
                            stdin=subprocess.DEVNULL).returncode
    count_tests(context, log, status)


def count_tests(context, log, status):
    # Some tests need root, say for a disk that is full; root has no reason to skip one.
    found = tally.read(log, may_skip=os.geteuid() != 0)
    context.tally.add(found)
    if status != 0:
        found.problems.append(f"status {status}")
    if found.problems:
        raise GateFailed("; ".join(found.problems))


def gate_tests(context):
    """all tests pass in the release build, as tools/test runs them"""
    if context.tested is None:
        command = [ROOT / "tools" / "test"]
        context.tested = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    count_tests(context, TESTS_LOG, context.tested)


def gate_format(context):
    """C++ is formatted by .clang-format"""
    install("format")
    run(["clang-format", "--dry-run", "--Werror", *sources(".cpp", ".hpp")])


def gate_tidy(context):
    """layout, purity, rules with tests, how files begin and end: tools/tidy.py"""
    problems = tidy.check(ROOT)
    for problem in problems:
        print(problem)
    if problems:
        raise GateFailed(f"{len(problems)} problems")


def gate_lint(context):
    """clang-tidy and shellcheck find nothing"""
    install("lint")
    run(["shellcheck", "-x", "tools/run", "tools/test", "tools/check", "tools/setup.sh", ".ci/run"])
    folder = build(configure_clang(), "generated")
    database = json.loads((folder / "compile_commands.json").read_text())
    ours = {"src", "orchestrator", "tools"}

    def place(file):
        """In the checkout, or in the folder: what meson made of a target's sources."""
        path = (folder / file).resolve()
        return path.relative_to(folder if path.is_relative_to(folder) else ROOT)

    files = sorted(entry["file"] for entry in database if place(entry["file"]).parts[0] in ours)
    components = {Path(path).parts[:2] for path in sources(".cpp") if path.startswith("src/")}
    if unread := components - {place(file).parts[:2] for file in files}:
        raise GateFailed(f"no source in {', '.join('/'.join(parts) for parts in sorted(unread))}")

    def lint(file):
        done = subprocess.run(["clang-tidy", "--quiet", "-p", str(folder), str(folder / file)],
                              cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        print(f"lint {file}\n{done.stdout}", end="", flush=True)
        return done.returncode

    failed = [str(file) for file, status in zip(files, in_parallel(lint, files)) if status != 0]
    if failed:
        raise GateFailed("see above: " + ", ".join(failed))


def configure_clang():
    """A build with clang, its sanitizers and its counts of lines that were run, which do not change
    its warnings. Gates share it: it takes minutes."""
    install("clang")
    return configure("clang", "-Dwerror=true", "-Db_sanitize=address,undefined",
                     "-Db_lundef=false", "-Doptimization=1",
                     "-Dcpp_args=-gline-tables-only -D_GLIBCXX_ASSERTIONS "
                     "-fprofile-instr-generate -fcoverage-mapping",
                     "-Dcpp_link_args=-fprofile-instr-generate", env=CLANG | UNCOUNTED)


def gate_clang(_):
    """clang builds everything without a warning; sanitizers runs the tests of that build"""
    build(configure_clang())


def gate_gcc_werror(context):
    """g++ builds everything without a warning"""
    commands = ROOT / "build" / "compile_commands.json"
    if commands.exists() and {"g++", "-Werror"} <= set(compile_command(commands)):
        build_release()  # Continuous integration makes that one strict, and so builds once.
    else:
        build(configure("gcc-werror", "-Dunity=off", "-Dwerror=true", env=GCC))


def compile_command(commands):
    """The words of the first command, with c++ as what it stands for."""
    words = json.loads(commands.read_text())[0]["command"].split()
    return ["g++" if word == "c++" and is_gcc() else word for word in words]


def is_gcc():
    return "Free Software Foundation" in "".join(capture(["c++", "--version"]))


def gate_sanitizers(context):
    """all tests pass under AddressSanitizer and UBSan, in the processes they start too"""
    folder = build(configure_clang())
    # A log per process: a child's error counts also where a test expects that child to die.
    logs = folder / "sanitizer-logs"
    logs.mkdir(exist_ok=True)
    counts = folder / "counts"
    counts.mkdir(exist_ok=True)
    for old in [*logs.iterdir(), *counts.iterdir()]:
        old.unlink()
    context.has_counted_lines = True
    common = f"log_path={logs}/log:exitcode={SANITIZER_ERROR}"
    env = INSTRUMENTED | {
        # Processes of one program that end at once add theirs to one of four files.
        "LLVM_PROFILE_FILE": f"{counts}/%4m.profraw",
        "ASAN_OPTIONS": f"{common}:detect_leaks=1:detect_stack_use_after_return=1",
        "UBSAN_OPTIONS": f"{common}:halt_on_error=1:print_stacktrace=1"}
    try:
        meson_test(context, folder, "--timeout-multiplier", "4", *NOT_TIMELY, env=env)
    finally:
        found = sorted(logs.iterdir())
        for log in found[:10]:
            print(log.read_text(errors="replace"))
    if found:
        raise GateFailed(f"sanitizer errors in {len(found)} processes, in {logs}")


def configure_threads():
    return configure("threads", "--buildtype=plain", "-Dcpp_args=-g1", "-Db_sanitize=thread",
                     "-Db_lundef=false", env=GCC)


def gate_threads(context):
    """ThreadSanitizer finds no race in the only threads of ours, trials in virtual time"""
    tests, program = "tests/orchestrator/orchestrator_test", PROGRAM
    folder = build(configure_threads(), tests, program)
    env = {"TSAN_OPTIONS": f"halt_on_error=1:exitcode={SANITIZER_ERROR}:"
                           "ignore_noninstrumented_modules=1"}
    with tempfile.TemporaryDirectory() as temporary:
        run([str(folder / tests), "--test-suite=virtual trials"], env)
        run([str(folder / program), "configs/experiments/exercise.yaml", "--virtual", "-q",
             "--output", f"{temporary}/run"], env)


def gate_valgrind(context):
    """valgrind finds no error and no leak in a 2 s run, in no process of it"""
    install("valgrind")
    folder = build_release()
    with tempfile.TemporaryDirectory() as temporary:
        shim = f"{temporary}/pidfd_for_valgrind.so"
        run(["c++", "-std=c++20", "-O2", "-shared", "-fPIC", "-o", shim,
             "tests/support/pidfd_for_valgrind.cpp"])
        command = ["valgrind", "--quiet", "--trace-children=yes", "--leak-check=full",
                   "--errors-for-leak-kinds=definite,indirect,possible",
                   f"--error-exitcode={VALGRIND_ERROR}", f"--log-file={temporary}/%p.log",
                   "env", f"LD_PRELOAD={shim}", str(folder / "orchestrator" / "orchestrator"),
                   "configs/smoke.yaml", "--output", f"{temporary}/run"]
        try:
            run(command)
        finally:
            logs = sorted(Path(temporary).glob("*.log"))
            found = "".join(log.read_text(errors="replace") for log in logs)
            print(found, end="")
    if found:
        raise GateFailed("valgrind has something to say, see above")
    if len(logs) < 2:
        raise GateFailed(f"valgrind saw {len(logs)} processes, expected the VMs too")


def gate_coverage(context):
    """the tests, as the gate sanitizers runs them, run 90 % of the lines of src/ and orchestrator/"""
    if not context.has_counted_lines:
        gate_sanitizers(context)
    folder = configure_clang()
    covered, count = line_coverage.measure(folder, folder / "counts")
    percent = 100 * covered / count
    print(f"all: {percent:.1f} % ({covered} of {count} lines)")
    if percent < LINE_COVERAGE:
        raise GateFailed(f"{percent:.1f} % of lines are run, expected {LINE_COVERAGE}")


def gate_bytes(context):
    """virtual time gives the same bytes built by gcc and clang, optimised and not"""
    folders = [build_release(), *(build(configured(), PROGRAM) for configured in
                                  (configure_clang, configure_threads))]
    runs = {"few": ["configs/wan.yaml", "--trials", "3"],
            # So many that ticks are worked through in batches.
            "many": ["configs/million.yaml", "--set", "vms.count=12000", "--set", "trace=csv",
                     "--duration", "1s"]}
    with tempfile.TemporaryDirectory() as temporary:
        traces = []
        for folder in folders:
            output = Path(temporary) / folder.name
            output.mkdir()
            for name, arguments in runs.items():
                run([str(folder / PROGRAM), *arguments, "--virtual", "--seed", "7", "-q",
                     "--output", str(output / name)], UNCOUNTED)
            traces.append({str(path.relative_to(output)): path.read_bytes()
                           for path in output.glob("*/trial-*/*.csv")})
    if len(traces[0]) != 9 + 3:  # Of each of many VMs' runs: all.csv, vms.csv, links.csv.
        raise GateFailed(f"{len(traces[0])} files, expected 12")
    for folder, found in zip(folders, traces):
        if found != traces[0]:
            raise GateFailed(f"{folder.name} gives other bytes than {folders[0].name}")


def gate_e2e(context):
    """the end-to-end tests pass in the release build: real processes, real sockets"""
    if context.tested is None:
        meson_test(context, build_release(), "--suite", "e2e")
        return
    # They ran among the tests, and were counted there.
    problems = tally.read(TESTS_LOG, "e2e-").problems
    if problems:
        raise GateFailed("; ".join(problems))


def run_cases(context, file):
    """Runs a test program outside of meson, and counts its cases."""
    command = ["/usr/bin/python3", file]
    print("+", " ".join(command), flush=True)
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout, end="", flush=True)
    result = "OK" if done.returncode == 0 else "FAIL"
    passed, failed, skipped = tally.cases({"result": result, "stdout": done.stdout})
    context.tally.passed += passed
    context.tally.failed += failed
    if failed or skipped:
        raise GateFailed(f"{failed} failed, {skipped} skipped")


def gate_viewers(context):
    """programs that exports are made for take them: pj_dump, Chrome's trace viewer"""
    install("viewers", "page")
    run(NPM_CI, folder=ROOT / "tests" / "viewers")
    build_release()
    run_cases(context, "tests/viewers/viewers_test.py")


def gate_page(context):
    """the report's page has right types, and the committed one is what its source gives"""
    install("page")
    folder = ROOT / "src" / "report" / "page"
    run(NPM_CI, folder=folder)
    run(["npm", "run", "check"], folder=folder)
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary) / "page.html"
        run(["node", "build.mjs", str(built)], folder=folder)
        if built.read_bytes() != (folder / "built" / "page.html").read_bytes():
            raise GateFailed("src/report/page/built/page.html is not what the source gives: run "
                             "`npm run build` in src/report/page and commit it")


def gate_browser(context):
    """the report does in Chromium what a person asks of it"""
    install("browser")
    build_release()
    run_cases(context, "tests/browser/report_test.py")


def gate_fuzz(context):
    """each fuzzer runs for FUZZ_SECONDS (60) and finds nothing"""
    install("fuzz")
    folder = configure("fuzz", "-Dfuzzers=true", "-Dtests=false", "-Doptimization=1",
                       "-Dcpp_args=-gline-tables-only", "-Db_lundef=false", env=CLANG)
    build(folder, "fuzzers")
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    fuzzers = [folder / "tests" / "fuzz" / name for name in SEEDS]

    def fuzz(fuzzer):
        # New inputs go to a corpus that outlives the run; the tracked ones are only read.
        corpus = folder / "corpus" / fuzzer.name
        corpus.mkdir(parents=True, exist_ok=True)
        tracked = [ROOT / path for path in SEEDS[fuzzer.name]]
        dictionary = ROOT / "tests" / "fuzz" / fuzzer.name.replace("_fuzzer", ".dict")
        done = subprocess.run(
            [fuzzer, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
             "-max_len=8192", "-print_final_stats=1", f"-artifact_prefix={folder}/{fuzzer.name}-",
             *([f"-dict={dictionary}"] if dictionary.exists() else []), corpus, *tracked],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        lines = done.stdout.splitlines()
        print(f"{fuzzer.name}:", *lines[-40 if done.returncode else -8:], sep="\n  ", flush=True)
        return done.returncode

    failed = [fuzzer.name for fuzzer, status in zip(fuzzers, in_parallel(fuzz, fuzzers)) if status]
    if failed:
        raise GateFailed(f"{', '.join(failed)}: the input is in {folder.name}/")


def gate_docs(context):
    """links lead somewhere, documented commands run, no file holds what belongs to one machine"""
    install("docs")
    problems = documents.check(ROOT, sources())
    build_release()
    problems += documents.run_commands(ROOT, sources(".md"), RUN_ELSEWHERE)
    for problem in problems:
        print(problem)
    if problems:
        raise GateFailed(f"{len(problems)} problems")


def gate_run(context):
    """tools/run runs a scenario, from another folder too, and the second time builds nothing"""
    with tempfile.TemporaryDirectory() as elsewhere:
        for folder in [ROOT, Path(elsewhere)]:
            command = [str(ROOT / "tools" / "run"), "configs/smoke.yaml", "--output",
                       f"{elsewhere}/{folder.name}"]
            print("+", " ".join(command), flush=True)
            done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, text=True,
                                  stderr=subprocess.PIPE)
            print(done.stderr, end="")
            if done.returncode != 0:
                raise GateFailed(f"tools/run ended with status {done.returncode} in {folder}")
        if "no work to do" not in done.stderr:
            raise GateFailed("the second tools/run built something")


GATES = {
    "tests": gate_tests, "format": gate_format, "tidy": gate_tidy, "run": gate_run,
    "docs": gate_docs, "clang": gate_clang, "lint": gate_lint, "gcc-werror": gate_gcc_werror,
    "sanitizers": gate_sanitizers, "threads": gate_threads, "valgrind": gate_valgrind,
    "coverage": gate_coverage, "bytes": gate_bytes, "e2e": gate_e2e, "viewers": gate_viewers,
    "fuzz": gate_fuzz, "page": gate_page, "browser": gate_browser,
}


def main():
    parser = argparse.ArgumentParser(prog="tools/check", description="Runs all gates, or those named.",
                                     epilog="The last line counts test cases and gates.")
    parser.add_argument("gates", nargs="*", metavar="GATE", help=", ".join(GATES))
    parser.add_argument("--list", action="store_true", help="say what each gate checks")
    parser.add_argument("--tested", type=int, metavar="STATUS",
                        help="tools/test has just run and ended so: take its results over")
    arguments = parser.parse_args()
    for name in arguments.gates:
        if name not in GATES:
            parser.error(f"no gate '{name}', there are: {', '.join(GATES)}")
    if arguments.list:
        for name, gate in GATES.items():
            print(f"{name:12}{gate.__doc__}")
        return 0
    return run_gates(arguments.gates or list(GATES), Context(tally.Tally(), arguments.tested))


def run_gates(names, context):
    """Runs the gates one after the other, all of them whatever fails; the exit status."""
    outcomes = []
    for name in names:
        print(f"\n== {name}: {GATES[name].__doc__}", flush=True)
        started = time.monotonic()
        problem = run_gate(GATES[name], context)
        outcomes.append((name, time.monotonic() - started, problem))
        print(f"== {name}: {problem or 'passed'}", flush=True)
    print()
    for name, seconds, problem in outcomes:
        print(f"{name:12}{seconds:7.1f} s  {'FAILED: ' + problem if problem else 'passed'}")
    failed = sum(problem is not None for _, _, problem in outcomes)
    passed = context.tally.passed + len(outcomes) - failed
    failed += context.tally.failed
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def run_gate(gate, context):
    """What is wrong, or None."""
    try:
        gate(context)
    except (GateFailed, OSError, subprocess.CalledProcessError) as problem:
        return str(problem)
    return None


if __name__ == "__main__":
    sys.exit(main())
