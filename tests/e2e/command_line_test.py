"""The command line: what goes where, with which status, and that nothing is written in vain."""

import json
import os
import unittest

from case import EndToEndCase
from programs import VM

from run_folder import RunFolder

SMALL = "{seed: 1, duration: 300ms, vms: {count: 2, clock_rate: 20}}"


class CommandLine(EndToEndCase):

    def test_help_and_version(self):
        for option, words in (("--help", ("--set", "--seed", "--output", "--check")),
                              ("--version", ("driftbus 0.1.0",))):
            with self.subTest(option):
                finished = self.orchestrate(option)
                self.assert_status(finished, 0)
                self.assertEqual(finished.stderr, "")
                for word in words:
                    self.assertIn(word, finished.stdout)

    def test_bad_usage(self):
        path = self.scenario(SMALL)
        for arguments, words in (
                ((), ("SCENARIO",)),
                ((path, "--sede", "3"), ("--sede",)),
                ((path, path), (path.name,)),
                ((path, "--seed"), ("--seed",)),
                ((path, "--seed", "-1"), ("seed",)),
                ((path, "--seed", str(2**63)), ("seed",)),
                ((path, "--duration", "fast"), ("duration", "'fast'")),
                ((path, "--trials", "0"), ("trials", "'0'")),
                ((path, "--color", "sometimes"), ("sometimes",)),
                ((path, "--set", "vms.count"), ("vms.count",)),
                ((path, "--set", "vms.cuont=3"), ("vms", "'cuont', did you mean 'count'?")),
                ((path, "--set", "vms.count=0"), ("vms.count", "'0'")),
                (("no_such_file.yaml",), ("no_such_file.yaml",)),
                ((self.sandbox.work,), (self.sandbox.work.name,))):
            with self.subTest(arguments[1:]):
                self.assert_bad_usage(*arguments, words=words)

    def test_what_is_not_there_yet_is_refused_by_name(self):
        path = self.scenario(SMALL)
        self.assert_bad_usage(path, "--set", "faults=[{at: 1s, fault: crash, vm: vm1}]",
                              words=("not available yet",))

    def test_a_bad_scenario_is_told_with_its_places(self):
        path = self.scenario("name: x\nvms:\n  cuont: 3\nduration: 5 parsecs\n")
        finished = self.orchestrate(path)
        self.assert_status(finished, 2)
        self.assertIn("scenario.yaml:3:3: error: ", finished.stderr)
        self.assertIn("scenario.yaml:4:11: error: duration: ", finished.stderr)
        self.assertIn("did you mean 'count'?", finished.stderr)
        self.assertIn("'5 parsecs'", finished.stderr)
        self.assertEqual(os.listdir(self.sandbox.work), ["scenario.yaml"])

    def test_check_says_nothing_wrong_and_writes_nothing(self):
        finished = self.orchestrate(self.scenario(SMALL), "--check")
        self.assert_status(finished, 0)
        self.assertEqual(os.listdir(self.sandbox.work), ["scenario.yaml"])

    def test_show_config_prints_a_scenario_that_loads_to_itself(self):
        shown = self.orchestrate(self.scenario(SMALL), "--show-config")
        self.assert_status(shown, 0)
        again = self.orchestrate(self.scenario(shown.stdout, "again.yaml"), "--show-config")
        self.assert_status(again, 0)
        unnamed = [line for line in shown.stdout.splitlines() if not line.startswith("#")]
        self.assertEqual(unnamed, [line for line in again.stdout.splitlines()
                                   if not line.startswith("#")])
        self.assertRegex(shown.stdout, r"(?m)^seed: '?1'?$")

    def test_print_schema_is_a_schema(self):
        finished = self.orchestrate("--print-schema")
        self.assert_status(finished, 0)
        schema = json.loads(finished.stdout)
        self.assertIn("draft-07", schema["$schema"])
        self.assertIn("vms", schema["properties"])


class Precedence(EndToEndCase):

    def shown(self, *arguments, environment=None):
        finished = self.orchestrate(self.scenario(SMALL), "--show-config", *arguments,
                                    environment=environment)
        self.assert_status(finished, 0)
        return finished

    def test_command_line_over_environment_over_file(self):
        environment = {"DRIFTBUS_VMS__COUNT": "5", "DRIFTBUS_DURATION": "7s"}
        finished = self.shown("--set", "vms.count=6", environment=environment)
        self.assertIn("count: 6", finished.stdout)
        self.assertIn("duration: 7s", finished.stdout)

    def test_set_lays_mappings_over(self):
        finished = self.shown("--set", "vms.overrides.vm2.clock_rate=2", "--set", "seed=99")
        self.assertRegex(finished.stdout, r"(?s)overrides:.*vm2:.*clock_rate: 2")
        self.assertRegex(finished.stdout, r"(?m)^seed: '?99'?$")

    def test_names_of_earlier_solutions(self):
        # docs/formats.md, section 8
        finished = self.shown(environment={"VM_NUM_MACHINES": "4", "VM_MIN_CLOCK_RATE": "2",
                                           "VM_MAX_CLOCK_RATE": "3"})
        self.assertIn("count: 4", finished.stdout)
        self.assertRegex(finished.stdout, r"min: 2\b")

    def test_an_unknown_name_in_the_environment_is_an_error(self):
        finished = self.orchestrate(self.scenario(SMALL), "--check",
                                    environment={"DRIFTBUS_VMS__CUONT": "5"})
        self.assert_status(finished, 2)
        self.assertIn("DRIFTBUS_VMS__CUONT", finished.stderr)

    def test_overrides_are_printed_and_recorded(self):
        process, folder = self.start_run(SMALL, "--seed", "42", "--trials", "2",
                                         environment={"DRIFTBUS_VMS__CLOCK_RATE": "30"})
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        run = self.assert_checked(folder)
        self.assertEqual(run.scenario["seed"], "42")
        self.assertEqual(run.vm("vm1", trial=2)["clock_rate"], 30)
        self.assertIn("DRIFTBUS_VMS__CLOCK_RATE", finished.stderr)
        recorded = json.dumps(run.run["overrides"], default=str)
        self.assertIn("DRIFTBUS_VMS__CLOCK_RATE", recorded)
        self.assertIn("seed", recorded)


class Output(EndToEndCase):

    def test_json_prints_one_object_and_nothing_else(self):
        process, folder = self.start_run(SMALL, "--json")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        printed = json.loads(finished.stdout)
        self.assertTrue((self.sandbox.work / printed.pop("folder")).samefile(folder))
        rows = [row for trace in RunFolder(folder).trials[0].traces.values() for row in trace.rows]
        self.assertEqual(printed.pop("verified"), {"rows": len(rows), "broken": 0})
        self.assertIsNone(printed.pop("report"))
        self.assertEqual(printed, json.loads((folder / "run.json").read_text()))

    def test_json_of_a_run_that_fails_is_still_one_object(self):
        process, folder = self.start_run(
            "{duration: 1h, stop_timeout: 2s, vms: {count: 2, overrides: {vm1: {command:"
            " [/bin/sh, -c, 'exit 9']}}}}", "--json", "--allow-commands")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 1)
        printed = json.loads(finished.stdout)
        self.assertEqual(printed["verdict"], "failed")
        self.assertIn("vm1: exited 9, expected exited 0", printed["problems"])

    def test_quiet_says_nothing_of_a_good_run(self):
        process, folder = self.start_run(SMALL, "-q")
        finished = self.sandbox.finish(process)
        self.assert_status(finished, 0)
        self.assertEqual((finished.stdout, finished.stderr), ("", ""))
        self.assertEqual(RunFolder(folder).verdict, "ok")

    def test_output_must_be_new_or_empty(self):
        folder = self.new_folder()
        folder.mkdir()
        path = self.scenario(SMALL)
        self.assert_status(self.orchestrate(path, "--output", folder), 0)
        self.assert_checked(folder)

    def test_relative_paths_are_of_the_working_directory(self):
        finished = self.orchestrate(self.scenario(SMALL, "a/b/deep.yaml"))
        self.assert_status(finished, 0)
        self.assertTrue((self.sandbox.work / "logs" / "deep" / "latest" / "run.json").exists())


class VmCommandLine(EndToEndCase):

    def vm(self, *arguments, **options):
        return self.sandbox.finish(self.sandbox.start([VM, *arguments], **options))

    def test_help_and_version(self):
        for option in ("--help", "--version"):
            finished = self.vm(option)
            self.assert_status(finished, 0)
            self.assertNotEqual(finished.stdout, "")

    def test_bad_usage(self):
        for arguments, word in ((("--id", "x"), "x"), (("--no-such-option",), "--no-such-option"),
                                (("--port", "99999"), "99999"), (("--port", "80x"), "80x"),
                                (("--port", "5001", "--rate", "-3"), "-3"),
                                (("--port", "5001", "--others", "5001"), "5001"),
                                (("--id", "1", "--bind", "tcp://127.0.0.1:0x"), "0x"),
                                (("--id", "1", "--peer", "2"), "2")):
            with self.subTest(arguments):
                finished = self.vm(*arguments)
                self.assert_status(finished, 2)
                self.assertIn(word, finished.stderr)
                self.assertEqual(os.listdir(self.sandbox.work), [])


if __name__ == "__main__":
    unittest.main()
