"""tools/tidy.py on little trees: each rule with a tree that keeps it and one that breaks it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).resolve().parents[2] / "tools" / "tidy.py"
HEADER = "// The role.\n#pragma once\n"
ROLE = "// The role.\n"


def problems(files):
    """What tidy says of a tree with these files (path: text), and its exit status."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            file = Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, TIDY, root], capture_output=True, text=True)
    assert run.stderr == "", run.stderr
    assert run.returncode == (1 if run.stdout else 0), run.returncode
    return run.stdout.splitlines()


class Tidy(unittest.TestCase):
    def check(self, files, *expected):
        """Each expected text starts one line of the output, and there are no other lines."""
        found = problems(files)
        self.assertEqual(len(found), len(expected), found)
        for line, start in zip(found, expected):
            self.assertTrue(line.startswith(start), f"{line!r} does not start with {start!r}")

    def test_a_clean_tree_has_no_problems(self):
        self.check({
            "src/wire/frame.hpp": HEADER + '#include <vector>\n#include "clock/lamport.hpp"\n',
            "src/wire/frame.cpp": '#include "wire/frame.hpp"\n',
            "tests/wire/frame_test.cpp": '#include "wire/frame.hpp"\n// Rule 2.4\n',
            "tools/setup.sh": "# The role.\n",
            "docs/model.md": "# Model\n- 2.4 A send.\n",
        })

    def test_a_folder_includes_only_what_its_row_allows(self):
        self.check({"src/clock/lamport.hpp": HEADER + '#include "wire/frame.hpp"\n'},
                   "src/clock/lamport.hpp:3: include of 'wire/frame.hpp', "
                   "src/clock may include only base")

    def test_live_does_not_include_engine(self):
        self.check({"src/live/vm.hpp": HEADER + '#include "engine/engine.hpp"\n'},
                   "src/live/vm.hpp:3: include of 'engine/engine.hpp'")

    def test_src_does_not_include_the_orchestrator(self):
        self.check({"src/live/vm.hpp": HEADER + '#include "orchestrator/child.hpp"\n'},
                   "src/live/vm.hpp:3: include of 'orchestrator/child.hpp'")

    def test_an_include_in_src_names_its_folder(self):
        self.check({"src/base/a.hpp": HEADER + '#include "b.hpp"\n'},
                   "src/base/a.hpp:3: include of 'b.hpp', write it with its folder")

    def test_a_folder_without_a_row_includes_nothing(self):
        self.check({"src/fresh/a.hpp": HEADER + '#include "base/ids.hpp"\n'},
                   "src/fresh/a.hpp:3: include of 'base/ids.hpp', src/fresh has no row")

    def test_the_orchestrator_includes_src_but_no_tests(self):
        self.check({"orchestrator/child.hpp": HEADER + '#include "live/vm.hpp"\n'
                                                       '#include "support/attack.hpp"\n'},
                   "orchestrator/child.hpp:4: include of 'support/attack.hpp'")

    def test_libraries_with_one_user(self):
        self.check({
            "src/bus/sockets.hpp": HEADER + "#include <zmq.hpp>\n",
            "src/live/vm.hpp": HEADER + "#include <zmq.h>\n",
            "src/scenario/tree.hpp": HEADER + "#include <yaml-cpp/yaml.h>\n",
            "orchestrator/child.hpp": HEADER + "#include <yaml-cpp/yaml.h>\n",
            "tests/support/attack.hpp": HEADER + "#include <zmq.hpp>\n",
        }, "orchestrator/child.hpp:3: include of 'yaml-cpp/yaml.h', src/scenario/ is its only user",
            "src/live/vm.hpp:3: include of 'zmq.h', src/bus/ is its only user")

    def test_a_header_with_a_better_one(self):
        self.check({"src/base/a.hpp": HEADER + "#include <fmt/format.h>\n#include <fmt/core.h>\n"},
                   "src/base/a.hpp:4: include of 'fmt/core.h', take fmt/format.h")

    def test_pure_folders_read_nothing_but_their_arguments(self):
        for text, found in [
                ("auto t = Clock::now();", "'::now(' reads a clock"),
                ("clock_gettime(CLOCK_MONOTONIC, &t);", "'clock_gettime(' reads a clock"),
                ("std::time(nullptr);", "'std::time(' reads a clock"),
                ("x = time(nullptr);", "'time(nullptr' reads a clock"),
                ('std::getenv("A");', "'getenv' reads the environment"),
                ("std::jthread worker;", "'std::jthread' starts a thread"),
                ("std::async(f);", "'std::async' starts a thread"),
                ("rand();", "'rand(' uses a global random source"),
                ("std::random_device d;", "'random_device' uses a global random source")]:
            with self.subTest(text):
                self.check({"src/machine/a.hpp": HEADER + text + "\n"},
                           f"src/machine/a.hpp:3: {found}, src/machine must depend on")

    def test_folders_that_are_not_pure_may_read_the_clock(self):
        self.check({"src/live/a.hpp": HEADER + "auto t = Clock::now();\n"})

    def test_comments_strings_and_members_are_no_clock_readings(self):
        self.check({"src/machine/a.hpp": HEADER + "// time(nullptr), ::now()\n/* rand(\n*/\n"
                                                  'auto s = "getenv";\nrow.time(0);\n'})

    def test_each_rule_has_a_test_that_cites_it(self):
        self.check({
            "docs/model.md": "# Model\n## 2. A tick\n- 2.1 Oldest.\n- 2.2 Draw.\n- **2.3** Ring.\n",
            "tests/a_test.cpp": "// Rule 2.1\n",
            "tests/e2e/a_test.py": '"""Role."""\n# Rules 2.3 and 2.1\n',
        }, "docs/model.md:4: rule 2.2 has no test")

    def test_a_rule_that_comes_later_needs_no_test(self):
        self.check({"docs/model.md": "# M\n- 3.4 (later) A bound.\n- **3.5** (later) B.\n"
                                     "## 6. Faults (later)\n- 6.1 Crash.\n## 7. End\n"})

    def test_a_citation_of_no_rule_is_a_problem(self):
        self.check({"docs/model.md": "# M\n- 2.1 Oldest.\n",
                    "tests/a_test.cpp": "// Rules 2.1, 2.9\n"},
                   "tests/a_test.cpp:1: rule 2.9, docs/model.md has no such rule")

    def test_each_source_has_a_test_file(self):
        self.check({"src/base/time.cpp": ROLE, "orchestrator/child.cpp": ROLE,
                    "orchestrator/main.cpp": ROLE, "tools/bench/raw.cpp": ROLE},
                   "orchestrator/child.cpp:1: no tests/orchestrator/child_test.cpp",
                   "src/base/time.cpp:1: no tests/base/time_test.cpp")

    def test_how_files_begin_and_end(self):
        self.check({
            "src/base/a.hpp": "#pragma once\n",
            "src/base/b.hpp": ROLE,
            "src/base/c.hpp": "",
            "src/base/d.hpp": HEADER + "int x; \n\tint y;\n",
            "src/base/e.hpp": HEADER + "int x;",
            "tools/f.py": "import os\n",
            "tools/run": "#!/bin/sh\nset -eu\n",
        }, "src/base/a.hpp:1: no comment on top",
            "src/base/b.hpp:1: no '#pragma once'",
            "src/base/c.hpp:1: empty file",
            "src/base/d.hpp:3: space at the end of the line",
            "src/base/d.hpp:4: tab",
            "src/base/e.hpp:3: no newline at the end of the file",
            "tools/f.py:1: no comment on top",
            "tools/run:1: no comment on top")

    def test_inputs_of_tests_are_left_as_they_are(self):
        self.check({"tests/scenario/bad/tab.yaml": "a:\t1", "tests/golden/a.txt": "x "})


if __name__ == "__main__":
    unittest.main()
