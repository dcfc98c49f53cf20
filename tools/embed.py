#!/usr/bin/env python3
"""Writes a C++ source that holds a file's text: embed.py FILE FUNCTION HEADER OUTPUT.

HEADER declares `std::string_view FUNCTION()` in namespace driftbus. Called by meson; the output
stays in the build folder.
"""

import pathlib
import sys


def main():
    source, function, header, output = sys.argv[1:]
    text = pathlib.Path(source).read_text(encoding="utf-8")
    pathlib.Path(output).write_text(
        f'#include "{header}"\n\n'
        "// A page is longer than what every compiler must take; ours take it.\n"
        "#pragma GCC diagnostic push\n"
        '#pragma GCC diagnostic ignored "-Woverlength-strings"\n\n'
        "// NOLINTNEXTLINE(readability-function-size)\n"
        f"std::string_view driftbus::{function}() {{\n"
        f'  return R"EMBEDDED({text})EMBEDDED";\n}}\n\n'
        "#pragma GCC diagnostic pop\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
