"""tools/run and tools/test on a made-up system: a checkout in a temporary folder, and a PATH with
commands of ours for the package managers, the compiler and the build, which write down each call."""

import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
REAL = ["awk", "cat", "dirname", "env", "flock", "grep", "mkdir", "rm", "sh", "sort", "touch"]
MODULES = {"fmt": "libfmt-dev", "spdlog": "libspdlog-dev", "libzmq": "libzmq3-dev",
           "yaml-cpp": "libyaml-cpp-dev", "nlohmann_json": "nlohmann-json3-dev",
           "CLI11": "libcli11-dev", "zlib": "zlib1g-dev"}
HEADERS = {"zmq.hpp": "cppzmq-dev", "doctest/doctest.h": "doctest-dev"}
PACKAGES = [*MODULES.values(), *HEADERS.values()]


class System:
    """A checkout, a PATH and the packages that count as installed there."""

    def __init__(self, root):
        self.checkout = root / "a checkout"
        self.bin = root / "bin"
        self.installed = root / "installed"
        self.calls = root / "calls"
        for folder in [self.checkout / "tools", self.checkout / "configs", self.bin,
                       self.installed, self.checkout / "build" / "orchestrator"]:
            folder.mkdir(parents=True)
        self.calls.touch()
        for name in ["run", "test", "setup.sh", "packages.txt"]:
            shutil.copy(TOOLS / name, self.checkout / "tools" / name)
        for name in REAL:
            (self.bin / name).symlink_to(shutil.which(name))
        self.install(*PACKAGES)
        self.command("uname", "echo Linux")
        self.command("id", "echo 0")
        self.command("python3", "")
        self.command("c++", f"read -r line; {self.lookup(HEADERS, '$line')}")
        self.command("pkg-config", self.lookup(MODULES, "$2"))
        self.command("meson", f'[ "$1" != --version ] || {{ echo 1.0.1; exit; }}\n{self.record()}\n'
                              '[ "$1" != setup ] || touch "$2/build.ninja"')
        self.command("ninja", self.record())
        self.command("orchestrator", 'echo "$$|$*"; exit 7',
                     self.checkout / "build" / "orchestrator")

    def command(self, name, script, folder=None):
        path = (folder or self.bin) / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def lookup(self, table, asked):
        """Shell that succeeds when the package of what is asked for is installed."""
        cases = " ".join(f"*{name}*) package={package};;" for name, package in table.items())
        return f'package=none; case "{asked}" in {cases} esac; [ -e "{self.installed}/$package" ]'

    def record(self, name="${0##*/}"):
        return f'echo "{name} $*" >>"{self.calls}"'

    def install(self, *packages):
        for package in packages:
            (self.installed / package).touch()

    def remove(self, *packages):
        for package in packages:
            (self.installed / package).unlink()

    def apt(self, known=()):
        """apt, with these packages in its lists, all of which it can install."""
        self.command("apt-get", f'{self.record()}\n[ "$1" = install ] || exit 0\nshift\n'
                                f'for word do case $word in *-dev) touch "{self.installed}/$word";;'
                                f' esac; done\necho chatter')
        names = " | ".join(known) or "none"
        self.command("apt-cache", f"case $2 in {names}) ;; *) exit 100;; esac")

    def call(self, name, *arguments, folder=None):
        return subprocess.run([self.checkout / "tools" / name, *arguments], cwd=folder or self.bin,
                              env={"PATH": str(self.bin)}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)

    def called(self, *names):
        """The calls of these commands so far."""
        lines = self.calls.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.split()[0] in names]


class Setup(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.system = System(Path(temporary.name).resolve())

    def test_a_complete_system_is_left_alone(self):
        self.system.apt()
        done = self.system.call("run", "a.yaml", "--seed", "7")
        self.assertEqual(self.system.called("apt-get"), [])
        self.assertEqual(done.stdout.split("|")[1], "a.yaml --seed 7\n")

    def test_the_exit_status_is_the_orchestrators(self):
        self.assertEqual(self.system.call("run").returncode, 7)

    def test_the_orchestrator_replaces_the_script_so_that_signals_reach_it(self):
        script = self.system.checkout / "tools" / "run"
        with subprocess.Popen([script], env={"PATH": str(self.system.bin)}, text=True,
                              stdout=subprocess.PIPE) as process:
            printed = process.stdout.read()
        self.assertEqual(printed, f"{process.pid}|\n")

    def test_build_is_configured_once(self):
        self.assertIn("tools/run: configuring ", self.system.call("run").stderr)
        self.assertEqual(self.system.call("run").stderr, "")
        build = self.system.checkout / "build"
        self.assertEqual(self.system.called("meson"), [f"meson setup {build} {build.parent}"])
        self.assertEqual(len(self.system.called("ninja")), 2)

    def test_a_failed_build_ends_with_3(self):
        for command in ["ninja", "meson"]:
            with self.subTest(command):
                self.system.command(command, "[ $1 = --version ] && echo 1.0.1")
                done = self.system.call("run")
                self.assertEqual(done.returncode, 3)
                self.assertEqual(done.stdout, "")
                self.assertIn("tools/run: the build failed", done.stderr)

    def test_only_missing_packages_are_installed_after_an_update(self):
        self.system.apt(["cppzmq-dev"])
        self.system.remove("libfmt-dev", "cppzmq-dev")
        done = self.system.call("run")
        update, install = self.system.called("apt-get")
        self.assertEqual(update, "apt-get update")
        self.assertTrue(install.startswith("apt-get install -y "), install)
        self.assertTrue(install.endswith(" libfmt-dev cppzmq-dev"), install)
        self.assertEqual(done.stdout.split("|")[1], "\n")
        self.assertIn("tools/run: missing: fmt >= 8.1, zmq.hpp\n", done.stderr)
        self.assertIn("tools/run: running: apt-get update\n", done.stderr)
        self.assertIn("running: env DEBIAN_FRONTEND=noninteractive apt-get install", done.stderr)

    def test_a_second_run_installs_nothing(self):
        self.system.apt()
        self.system.remove("libfmt-dev")
        self.system.call("run")
        self.system.call("test")
        self.assertEqual(len(self.system.called("apt-get")), 2)

    def test_an_older_release_has_another_package(self):
        self.system.apt(known=[])
        self.system.remove("cppzmq-dev")
        self.system.call("run")
        self.assertTrue(self.system.called("apt-get")[1].endswith(" libzmq3-dev"))

    def test_what_is_missing_after_the_installation_is_named(self):
        self.system.apt()
        self.system.command("meson", "echo 0.53.2")
        done = self.system.call("run")
        self.assertEqual(done.returncode, 3)
        self.assertIn("still missing or too old after the installation: meson >= 0.61",
                      done.stderr)

    def test_without_root_sudo_is_used_and_asks_nothing_without_a_terminal(self):
        self.system.apt()
        self.system.remove("libfmt-dev")
        self.system.command("id", "echo 1000")
        self.system.command("sudo", f'{self.system.record()}\nshift\nexec "$@"')
        done = self.system.call("run")
        self.assertEqual(done.returncode, 7, done.stderr)
        self.assertEqual(self.system.called("sudo")[0], "sudo -n apt-get update")
        self.assertIn("running: sudo -n apt-get update", done.stderr)

    def test_without_root_and_sudo_the_command_is_named(self):
        self.system.apt()
        self.system.remove("libfmt-dev")
        self.system.command("id", "echo 1000")
        done = self.system.call("run")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self.system.called("apt-get"), [])
        self.assertIn("needs root for 'apt-get update', and there is no sudo", done.stderr)

    def test_dnf_and_pacman_have_names_of_their_own(self):
        for manager, call in [("dnf", "dnf install -y fmt-devel"),
                              ("pacman", "pacman -S --needed --noconfirm fmt")]:
            with self.subTest(manager):
                self.system.install(*PACKAGES)
                self.system.remove("libfmt-dev")
                self.system.command(manager, f'{self.system.record()}; '
                                             f'touch "{self.system.installed}/libfmt-dev"')
                done = self.system.call("run")
                self.assertEqual(self.system.called(manager), [call])
                self.assertIn("not tested", done.stderr)
                (self.system.bin / manager).unlink()

    def test_without_a_package_manager_what_is_missing_is_named(self):
        self.system.remove("libfmt-dev")
        done = self.system.call("run")
        self.assertEqual(done.returncode, 3)
        self.assertIn("missing: fmt >= 8.1\n", done.stderr)
        self.assertIn("neither apt-get, dnf nor pacman", done.stderr)

    def test_other_systems_than_linux_are_refused(self):
        self.system.command("uname", "echo Darwin")
        for script in ["run", "test"]:
            done = self.system.call(script)
            self.assertEqual(done.returncode, 3)
            self.assertIn("driftbus runs on Linux only", done.stderr)
            self.assertIn("'Darwin'", done.stderr)

    def test_a_scenario_is_looked_for_here_and_then_in_the_checkout(self):
        in_checkout = self.system.checkout / "configs" / "a.yaml"
        in_checkout.touch()
        (self.system.bin / "b.yaml").touch()
        (self.system.checkout / "b.yaml").touch()
        for argument, expected in [("configs/a.yaml", str(in_checkout)), ("b.yaml", "b.yaml"),
                                   ("c.yaml", "c.yaml"), ("configs", "configs"),
                                   (str(in_checkout), str(in_checkout))]:
            with self.subTest(argument):
                done = self.system.call("run", argument)
                self.assertEqual(done.stdout.split("|")[1], f"{expected}\n")
                self.assertEqual("taking" in done.stderr, argument != expected)

    def test_arguments_of_test_go_to_meson_test(self):
        self.system.call("test", "--suite", "unit")
        call = self.system.called("meson")[-1]
        self.assertTrue(call.startswith("meson test -C "), call)
        self.assertTrue(call.endswith(" --suite unit"), call)


if __name__ == "__main__":
    unittest.main()
