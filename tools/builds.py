"""What the gates of tools/check are made of: commands, packages, and builds, each in a build-* folder
of its own, so that a second run is short."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))


class GateFailed(Exception):
    """What a gate found wrong, as a person reads it."""


def run(command, env=None, folder=ROOT):
    """Runs a command, its output with ours; a status other than 0 fails the gate."""
    print("+", " ".join(map(str, command)), flush=True)
    status = subprocess.run(command, cwd=folder, env=os.environ | (env or {}),
                            stdin=subprocess.DEVNULL).returncode
    if status != 0:
        raise GateFailed(f"'{Path(command[0]).name}' ended with status {status}")


def capture(command, folder=ROOT):
    """The lines that a command prints on stdout; its status must be 0."""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()


def install(*words):
    """Installs what tools/packages.txt lists for these words."""
    script = 'program=tools/check; root=$1; shift; . "$root/tools/setup.sh"; install_for "$@"'
    status = subprocess.run(["sh", "-eu", "-c", script, "sh", str(ROOT), *words]).returncode
    if status != 0:
        raise GateFailed(f"the packages for {', '.join(words)} are not all there")


def configure(name, *options, env=None):
    """The folder build-<name>, configured with these options unless it is there. Unless they say
    otherwise, all sources of a target are compiled as one: most of the time would go into reading
    the same headers again (docs/decisions/0011)."""
    folder = ROOT / f"build-{name}"
    if not (folder / "build.ninja").exists():
        run(["meson", "setup", str(folder), "-Dunity=on", "-Dunity_size=1000", *options], env)
    return folder


def build(folder, *targets):
    """Builds the targets (none: all) of a configured folder."""
    run(["ninja", "-C", str(folder), *targets])
    return folder


def build_release():
    """build/ as tools/test leaves it, up to date."""
    folder = ROOT / "build"
    if not (folder / "build.ninja").exists():
        run(["meson", "setup", str(folder)])
    return build(folder)


def sources(*suffixes):
    """Files of ours with these suffixes (none: all): tracked, or about to be."""
    listed = capture(["git", "ls-files", "--cached", "--others", "--exclude-standard"])
    return [path for path in listed if path.endswith(suffixes or "") and (ROOT / path).exists()]


def in_parallel(function, items):
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(function, items))
