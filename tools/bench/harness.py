"""What every measurement needs: the programs built, a folder that goes away, children that end."""

import contextlib
import itertools
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What a child gets to end in order, once it has been asked to.
PATIENCE_S = 15


class BenchFailed(Exception):
    """A measurement that could not be made, as a person reads it."""


def build(folder, targets, optional=()):
    """Configures the release build unless it is there, and brings the targets up to date; of the
    optional ones those whose libraries were found."""
    if not (folder / "build.ninja").exists():
        run_step(["meson", "setup", str(folder), "-Dbench=true", "-Dtests=false"])
    run_step(["ninja", "-C", str(folder), *targets])
    there = [target for target in optional if has_target(folder, target)]
    if there:
        run_step(["ninja", "-C", str(folder), *there])


def run_step(command):
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError as error:
        raise BenchFailed(f"'{command[0]}' is missing; tools/test installs it") from error
    if done.returncode != 0:
        raise BenchFailed(f"'{' '.join(command)}' failed:\n{done.stdout}")


def has_target(folder, target):
    """Whether the build, configured, can make it."""
    return subprocess.run(["ninja", "-C", str(folder), "-t", "query", target],
                          stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


@dataclass(frozen=True)
class Cost:
    """What a process took of the machine."""

    seconds: float
    cpu_seconds: float  # The kernel's share included.
    peak_bytes: int  # Resident at most.


@dataclass(frozen=True)
class Run:
    """A live run that ended well."""

    folder: Path
    record: dict  # run.json

    @property
    def trial(self):
        return self.record["trials"][0]


def end(process):
    """Ends a child and whatever it started: in order if it can, else at once."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def usage_at_end(process, timeout):
    """What the child used of the machine; it has ended then, unless the time was over before."""
    descriptor = os.pidfd_open(process.pid)
    try:
        ended, _, _ = select.select([descriptor], [], [], timeout)
    finally:
        os.close(descriptor)
    if not ended:
        raise BenchFailed(f"{process.args[0]} did not end within {timeout:.0f} s")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used


class Harness:
    """Runs programs of a build in a temporary folder. A context: leaving it removes the folder."""

    def __init__(self, build_folder):
        self.build_folder = build_folder
        self._numbers = itertools.count(1)

    def __enter__(self):
        self._temporary = tempfile.TemporaryDirectory(prefix="bench-")
        return self

    def __exit__(self, *_):
        self._temporary.cleanup()

    @contextlib.contextmanager
    def folder(self):
        """A new folder, short enough for the path of a socket; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix=f"{next(self._numbers)}-",
                                         dir=self._temporary.name) as name:
            yield Path(name)

    def program(self, target):
        return str(self.build_folder / target)

    @contextlib.contextmanager
    def started(self, command, output):
        """A child whose two outputs go to the file `output`; it has ended when the context has."""
        known = {name: value for name, value in os.environ.items()
                 if not name.startswith(("DRIFTBUS_", "VM_"))}
        with open(output, "wb") as file:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file,
                                       stderr=file, env=known | {"TZ": "UTC"},
                                       start_new_session=True)
        try:
            yield process
        finally:
            end(process)

    def await_success(self, process, output, timeout):
        name = Path(process.args[0]).name
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired as error:
            raise BenchFailed(f"{name} did not end within {timeout:.0f} s") from error
        if status != 0:
            raise BenchFailed(f"{name} ended with status {status}:\n{output.read_text()}")

    def tool(self, name, *arguments, timeout=60):
        """What a program of tools/bench prints, a JSON value."""
        return self.answer([self.program(f"tools/bench/{name}"), *arguments], timeout)

    def answer(self, command, timeout):
        """What a command prints, a JSON value."""
        with self.folder() as folder, \
                self.started(list(map(str, command)), folder / "out") as process:
            self.await_success(process, folder / "out", timeout)
            return json.loads((folder / "out").read_text())

    def cost(self, command, timeout):
        """What a command costs that ends with status 0, from its start to its end."""
        with self.folder() as folder:
            begun = time.monotonic()
            with self.started(list(map(str, command)), folder / "out") as process:
                used = usage_at_end(process, timeout)
                seconds = time.monotonic() - begun
                self.await_success(process, folder / "out", timeout)
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)

    @contextlib.contextmanager
    def orchestrator(self, scenario, folder):
        """A run of the scenario (YAML) in the folder, under way."""
        (folder / "scenario.yaml").write_text(scenario)
        command = [self.program("orchestrator/orchestrator"), str(folder / "scenario.yaml"),
                   "--output", str(folder / "run"), "--quiet", "--no-progress", "--no-verify"]
        with self.started(command, folder / "out") as process:
            yield process

    def result(self, process, folder, timeout):
        """The run of orchestrator(), when it has ended well."""
        self.await_success(process, folder / "out", timeout)
        return Run(folder / "run", json.loads((folder / "run" / "run.json").read_text()))

    def run(self, scenario, timeout=120):
        """What run.json says of a run of the scenario; its files are gone by then."""
        with self.folder() as folder, self.orchestrator(scenario, folder) as process:
            return self.result(process, folder, timeout)
