"""tools/documents.py on little trees."""

import contextlib
import io
import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import documents  # noqa: E402

NOTHING = re.compile("(?!)")


class Documents(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text if isinstance(text, bytes) else text.encode())

    def check(self, path, text, *expected):
        self.write(path, text)
        self.assertEqual(documents.check(self.root, [path]), list(expected))

    def run_commands(self, text, leave_out=NOTHING):
        self.write("a.md", text)
        with contextlib.redirect_stdout(io.StringIO()):
            return documents.run_commands(self.root, ["a.md"], leave_out)

    def test_links_lead_to_files_and_headings(self):
        self.write("docs/b.md", "# B\n## Exit statuses, all\n```sh\n# no heading\n```\n")
        self.check("a.md", "[b](docs/b.md) [c](docs/b.md#exit-statuses-all) [d](#top)\n"
                           "[e](https://example.org/x) ![f](docs)\n# Top\n")
        self.check("a.md", "x\n[b](docs/c.md) [c](docs/b.md#no-heading)\n",
                   "a.md:2: 'docs/c.md' leads nowhere",
                   "a.md:2: 'docs/b.md#no-heading' leads nowhere")

    def test_private_text_is_found_in_any_file(self):
        for text, found, what in [
                ("see /" + "home/anna/x", "/" + "home/a", "a path of one machine"),
                ("at /" + "work/main", "/" + "work/m", "a path of one machine"),
                ("from pypi" + ".org", "pypi" + ".org", "a registry host"),
                ("-----BEGIN " + "PRIVATE KEY", "-----BEGIN " + "PRIVATE KEY", "a credential"),
                ("https:" + "//anna:secret@host", ":" + "//anna:secret@", "a credential")]:
            with self.subTest(text):
                self.check("a.cpp", f"x\n{text}\n", f"a.cpp:2: '{found}', {what}")

    def test_ordinary_text_and_bytes_are_no_private_text(self):
        self.check("a.cpp", "docs/work/x ../home/y /tmp/x https://zeromq.org:80/\n")
        self.check("a.bin", b"\xff\xfe/" + b"home/anna")

    def test_blocks_are_run_unless_they_say_why_not(self):
        text = ("# A\n\n```sh\ntouch one\n```\n\n<!-- not run: it asks -->\n```sh\ntouch two\n```\n"
                "```console\ntouch three\n```\n```sh\ntouch four\n```\n")
        self.assertEqual(self.run_commands(text), [])
        self.assertEqual(sorted(path.name for path in self.root.iterdir()), ["a.md", "four", "one"])

    def test_a_command_that_fails_is_a_problem_with_its_line(self):
        self.assertEqual(self.run_commands("a\n\n```sh\nfalse\ntouch one\n```\n"),
                         ["a.md:4: the commands end with 1"])
        self.assertFalse((self.root / "one").exists())

    def test_runs_that_commands_leave_do_not_stand_in_the_way_of_the_next_time(self):
        (self.root / "logs" / "mine").mkdir(parents=True)
        for _ in range(2):
            self.assertEqual(self.run_commands("```sh\nmkdir logs/a\n```\n"), [])
        self.assertEqual([path.name for path in (self.root / "logs").iterdir()], ["mine"])

    def test_lines_of_other_gates_are_left_out(self):
        text = "```sh\ntouch one\ntouch two\n```\n"
        self.assertEqual(self.run_commands(text, re.compile("touch one")), [])
        self.assertEqual(sorted(path.name for path in self.root.iterdir()), ["a.md", "two"])


if __name__ == "__main__":
    unittest.main()
