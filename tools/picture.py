#!/usr/bin/env python3
"""Runs a command on a terminal of its own and draws what stands there as an SVG: once in the middle
of the run, once at its end. The pictures of the documentation are made by it:

tools/picture.py docs/pictures/run.svg 30 orchestrator configs/three_vms.yaml --seed 7
"""

import argparse
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from html import escape
from pathlib import Path

ROWS, COLUMNS = 30, 100
WIDTH, HEIGHT, MARGIN = 8.4, 19, 16  # Of a character, a line and the border, in pixels.
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "1": "#ffffff"}
ESCAPE = re.compile(r"\x1b\[(\d*)([A-Za-z])")


class Screen:
    """As much of a terminal as the orchestrator asks for: lines, cursor up, erase below, colour."""

    def __init__(self):
        self.lines = [[]]  # Each a list of (text, colour).
        self.row = 0
        self.colour = None

    def feed(self, text):
        while text:
            match = ESCAPE.search(text)
            self.put(text[:match.start()] if match else text)
            if not match:
                return
            self.obey(match[1], match[2])
            text = text[match.end():]

    def put(self, text):
        for number, line in enumerate(text.replace("\r", "").split("\n")):
            if number > 0:
                self.row += 1
            while len(self.lines) <= self.row:
                self.lines.append([])
            if line:
                self.lines[self.row].append((line, self.colour))

    def obey(self, number, letter):
        if letter == "A":
            self.row -= int(number or 1)
        elif letter == "J":
            del self.lines[self.row:]
            self.lines.append([])
        elif letter == "m":
            self.colour = COLOURS.get(number)
        else:
            raise ValueError(f"the terminal of {sys.argv[0]} does not know ESC[{number}{letter}")


def watch(command, seconds):
    """Runs the command; the screen's lines after so many seconds, and at the end."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm"
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execvp(command[0], command)
    screen, middle = Screen(), None
    started = time.monotonic()
    while True:
        ready = select.select([terminal], [], [], 0.02)[0]
        # A picture is taken between two redraws, never of half a table.
        if not ready and middle is None and time.monotonic() - started >= seconds:
            middle = [list(line) for line in screen.lines]
        if ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # The other end is closed.
                break
            screen.feed(data.decode())
    os.waitpid(process, 0)
    return middle or screen.lines, screen.lines


def draw(lines):
    rows = list(lines)
    while rows and not rows[-1]:
        rows.pop()
    width = MARGIN * 2 + WIDTH * max(sum(len(text) for text, _ in row) for row in rows)
    height = MARGIN * 2 + HEIGHT * len(rows)
    svg = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
           f'viewBox="0 0 {width:.0f} {height}" font-family="monospace" font-size="14">',
           '<rect width="100%" height="100%" rx="8" fill="#161b22"/>']
    for number, row in enumerate(rows):
        column = 0
        for text, colour in row:
            # The length is fixed, so that columns stand straight in any font.
            svg.append(f'<text x="{MARGIN + WIDTH * column:.1f}" '
                       f'y="{MARGIN + HEIGHT * (number + 0.75):.1f}" xml:space="preserve" '
                       f'textLength="{WIDTH * len(text):.1f}" lengthAdjust="spacingAndGlyphs" '
                       f'fill="{colour or "#c9d1d9"}">{escape(text)}</text>')
            column += len(text)
    return "\n".join([*svg, "</svg>\n"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0] + ".")
    parser.add_argument("picture", type=Path)
    parser.add_argument("seconds", type=float, help="when the first of the two is taken")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    prompt = [("$ ", COLOURS["32"]), (" ".join(arguments.command), COLOURS["1"])]
    middle, end = watch(arguments.command, arguments.seconds)
    gap = [[], [("at the end:", "#8b949e")], []]
    while middle and not middle[-1]:
        middle.pop()
    arguments.picture.write_text(draw([prompt, *middle, *gap, *end]), encoding="utf-8")


if __name__ == "__main__":
    main()
