"""Which machine, system and compiler the figures are from."""

import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path


def processor():
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def first_line(command):
    if shutil.which(command[0]) is None:
        return "unknown"
    return subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.split("\n")[0]


def compiler(build_folder):
    """The compiler of the build, and how it was told to compile."""
    commands = json.loads((build_folder / "compile_commands.json").read_text())
    words = commands[0]["command"].split()
    name = next(word for word in words if "ccache" not in word)
    flags = [word for word in words if word.startswith(("-O", "-flto"))]
    return f"{first_line([name, '--version'])} {' '.join(flags)}"


def file_system(folder):
    """The type of the file system that holds the folder."""
    words = first_line(["findmnt", "-n", "-o", "FSTYPE", "--target", str(folder)])
    return words or "unknown"


def describe(build_folder, temporary):
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": compiler(build_folder),
        "libzmq": first_line(["pkg-config", "--modversion", "libzmq"]),
        "file_system": file_system(temporary),
    }


def load():
    """How many threads wanted a core in the last minute."""
    return os.getloadavg()[0]


def lines(machine, load_before, load_after):
    return [
        f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gib']} GiB, "
        f"{machine['kernel']}",
        f"{machine['compiler']}, libzmq {machine['libzmq']}, traces on {machine['file_system']}",
        f"load average {load_before:.1f} before, {load_after:.1f} after"
        + ("; other work was running: trust ratios, not rates"
           if load_before > 0.5 * machine["cores"] else ""),
    ]
