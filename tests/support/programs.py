"""Runs the programs under test, each in a fresh temporary folder, and tells what is left.

Where the programs are: DRIFTBUS_ORCHESTRATOR, DRIFTBUS_VM and DRIFTBUS_BUSTRACE, else build/ of the
checkout. Those and every other DRIFTBUS_* or VM_* name are kept from the programs: to them they are
keys.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CONFIGS = CHECKOUT / "configs"

# Generous: a time-out means that something hangs, not that it is slow.
PATIENCE = 120

# Below those that the kernel gives to whoever connects, in blocks that one test process owns.
FIRST_PORT, LAST_PORT, PORT_BLOCK = 21000, 32000, 20


def program(variable, built):
    return Path(os.environ.get(variable) or CHECKOUT / "build" / built).resolve()


ORCHESTRATOR = program("DRIFTBUS_ORCHESTRATOR", "orchestrator/orchestrator")
VM = program("DRIFTBUS_VM", "src/live/vm")
BUSTRACE = program("DRIFTBUS_BUSTRACE", "tools/bustrace/bustrace")


def soak():
    """Whether the counts of the issue are asked for, and not the quick ones."""
    return os.environ.get("DRIFTBUS_SOAK") == "1"


def scaled(quick, full):
    return full if soak() else quick


@dataclass
class Finished:
    status: int  # -n when signal n ended the program itself
    stdout: str
    stderr: str


def wait_until(happens, what, patience=PATIENCE):
    """Waits for `happens()` to be true and returns what it gave. Fails by name when it never is."""
    deadline = time.monotonic() + patience
    while True:
        outcome = happens()
        if outcome:
            return outcome
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s in vain for {what}")
        time.sleep(0.02)


_kept_ports = []  # Locks of the port blocks that this process has been given.


def free_ports(count):
    """A base such that base + 1 .. base + count can be bound on tcp. Nobody else who asks here, in
    this process or another, is given any of them while this process lives."""
    assert count <= PORT_BLOCK
    for base in range(FIRST_PORT, LAST_PORT - PORT_BLOCK + 1, PORT_BLOCK):
        # A name that the kernel frees with the process, whatever becomes of it: no file to leave.
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0driftbus-test-ports-{base}")
            for port in range(base + 1, base + count + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _kept_ports.append(lock)
        return base
    raise AssertionError(f"no {count} free ports in a row")


def read_bytes(path):
    try:
        return path.read_bytes()
    except OSError:  # the process has ended, or is a stranger
        return b""


def state_of(pid):
    """The letter that /proc gives for the process's state; empty when there is none."""
    stat = read_bytes(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return stat[0].decode() if stat else ""


class Sandbox:
    """A working directory, a TMPDIR and an environment that nobody else has."""

    def __init__(self):
        # The path is short, since that of an ipc socket has at most 107 bytes.
        self.root = Path(tempfile.mkdtemp(prefix="dbe2e-", dir="/tmp"))
        self.work = self.root / "work"
        self.temporary = self.root / "tmp"
        self.work.mkdir()
        self.temporary.mkdir()
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("DRIFTBUS_", "VM_", "PEERS", "PORT",
                                                    "TICK_RATE", "DURATION", "NO_COLOR"))}
        self.environment["TMPDIR"] = str(self.temporary)
        self._started = []

    def close(self):
        """Ends whatever this sandbox still runs, and removes it."""
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.root)

    def write(self, name, text):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def start(self, arguments, environment=None, **options):
        """A process with pipes on stdout and stderr; read them with finish()."""
        process = subprocess.Popen(
            [str(argument) for argument in arguments], cwd=self.work, stdin=subprocess.DEVNULL,
            env=self.environment | (environment or {}), encoding="utf-8", errors="replace",
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options)
        self._started.append(process)
        return process

    def finish(self, process, patience=PATIENCE):
        """Waits for the end of the process; its output is read meanwhile."""
        try:
            stdout, stderr = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
            raise AssertionError(f"did not end within {patience} s: {process.args}\n{stderr}")
        return Finished(process.returncode, stdout or "", stderr or "")

    def processes(self, program_path=None):
        """The living processes that inherited this sandbox, or those among them of one program."""
        mark = f"TMPDIR={self.temporary}\0".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit() or mark not in read_bytes(folder / "environ"):
                continue
            if state_of(folder.name) in ("Z", "X", ""):
                continue
            if program_path is None or runs(folder, program_path):
                found.append(int(folder.name))
        return sorted(found)

    def vms(self):
        return self.processes(VM)


def runs(folder, program_path):
    try:
        return Path(os.readlink(folder / "exe")) == program_path
    except OSError:
        return False
