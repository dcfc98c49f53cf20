"""The report of a run in a real Chromium: what it shows is what the traces say, and it does what a
person asks of it. A gate of its own (tools/check browser), since Chromium is a large thing to
install; without it these tests fail.
"""

import hashlib
import json
import re
import struct
import sys
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "e2e")]

from browser import Browser  # noqa: E402
from programs import BUSTRACE, CONFIGS, ORCHESTRATOR, Sandbox, wait_until  # noqa: E402
from run_folder import read_trace  # noqa: E402

NASTY = "</script><script>window.harm = 1</script><img src=x onerror='window.harm = 2'>"
PICTURES = {"diagram": "#diagram canvas.diagram", "clocks": "#clocks canvas", "drift": "#drift canvas",
            "queue": "#queue canvas", "jumps": "#jumps canvas", "mix": "#mix canvas"}
DIAGRAM = PICTURES["diagram"]


class ReportCase(unittest.TestCase):
    """A sandbox with runs, and a browser for each test."""

    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)
        self.browser = Browser()
        self.addCleanup(self.browser.close)

    def finish(self, *command):
        finished = self.sandbox.finish(self.sandbox.start(command))
        self.assertEqual(finished.status, 0, finished.stderr)
        return finished

    def run_folder(self, scenario, *arguments, name="run"):
        folder = self.sandbox.work / name
        self.finish(ORCHESTRATOR, scenario, "-q", "--seed", "7", "--output", folder, *arguments)
        return folder

    def open_report(self, folder):
        """Makes the report and opens it; all trials are read then."""
        finished = self.finish(BUSTRACE, "report", folder)
        self.assertEqual(finished.stdout, f"{folder}/report.html\n")
        self.browser.open(folder / "report.html")
        self.browser.wait_for("return document.documentElement.dataset.ready === 'all'",
                              "the report to be read")
        return folder

    def five_trials(self):
        return self.open_report(self.run_folder(CONFIGS / "five_trials.yaml", "--virtual"))

    def text(self, selector):
        return self.browser.run("return document.querySelector(arguments[0]).innerText", selector)

    def question(self, words):
        """The answer to the question with these words in it."""
        return self.browser.run(
            "return [...document.querySelectorAll('.question')].find("
            "card => card.querySelector('h2').innerText.includes(arguments[0]))"
            ".querySelector('p').innerText", words)

    def table(self, index):
        """The cells of one of the tables, row by row."""
        rows = self.browser.run(
            "return [...document.querySelectorAll('#tables table')[arguments[0]].tBodies[0].rows]"
            ".map(row => [...row.cells].map(cell => cell.innerText))", index)
        return [[cell.replace("\u202f", "") for cell in row] for row in rows]

    def picture(self, selector):
        """What a canvas shows, to tell two pictures apart."""
        data = self.browser.run("return document.querySelector(arguments[0]).toDataURL()", selector)
        return hashlib.sha256(data.encode()).hexdigest()

    def range(self):
        """From when to when the pictures show, in seconds."""
        self.frame()
        return tuple(map(float, re.findall(r"[\d.]+", self.text(".range"))))

    def frame(self):
        """Waits until what was asked for is drawn."""
        self.browser.run("window.drawn = false; requestAnimationFrame(() => "
                         "requestAnimationFrame(() => window.drawn = true))")
        self.browser.wait_for("return window.drawn", "the next frame")

    def chosen(self):
        self.frame()
        return self.text("#diagram .chosen")

    def assert_quiet(self, folder):
        self.assertEqual(self.browser.problems(), [])
        self.assertEqual(self.browser.requests(), [(folder / "report.html").as_uri()])


def rows_of(folder, trial=1):
    """All rows of a trial but marks, by VM and in order."""
    traces = [read_trace(path) for path in sorted((folder / f"trial-{trial}").glob("*.csv"))]
    return {trace.vm: [row for row in trace.rows if row.event != "mark"] for trace in traces}


def cone_sizes(rows, vm, index):
    """How many events happened before this one and how many after it: by reachability."""
    sends = {(name, row.message): (name, i) for name, of in rows.items()
             for i, row in enumerate(of) if row.event == "send"}
    before, after = {}, {}
    for name, of in rows.items():
        for i, row in enumerate(of):
            causes = [(name, i - 1)] if i > 0 else []
            if row.event == "receive":
                causes.append(sends[row.peers[0], row.message])
            before[name, i] = causes
            for cause in causes:
                after.setdefault(cause, []).append((name, i))

    def reach(edges):
        seen, todo = set(), [(vm, index)]
        while todo:
            for event in edges.get(todo.pop(), ()):
                if event not in seen:
                    seen.add(event)
                    todo.append(event)
        return len(seen)
    return reach(before), reach(after)


def rounded(number):
    """With at most one digit behind the point, as the page shows it."""
    return f"{number:.1f}".removesuffix(".0")


def largest_jump(rows):
    return max(row.clock - of[i - 1].clock for of in rows.values()
               for i, row in enumerate(of) if i > 0 and row.event == "receive")


class Page(ReportCase):

    def test_it_loads_without_an_error_or_a_request_and_every_picture_is_drawn(self):
        folder = self.five_trials()
        for name, selector in PICTURES.items():
            with self.subTest(name):
                inked = self.browser.run("""
                    const canvas = document.querySelector(arguments[0]);
                    const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                    const colours = new Set();
                    let inked = 0;
                    for (let i = 0; i < data.length; i += 4) {
                      if (data[i + 3] > 0) { inked++; colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]); }
                    }
                    return [inked, colours.size]""", selector)
                self.assertGreater(inked[0], 1000)
                self.assertGreater(inked[1], 5)
        self.assert_quiet(folder)

    def test_what_a_run_says_stays_text(self):
        folder = self.run_folder(CONFIGS / "three_vms.yaml", "--virtual")
        run = json.loads((folder / "run.json").read_text())
        run |= {"host": NASTY, "problems": [NASTY], "warnings": [NASTY], "verdict": "failed"}
        (folder / "run.json").write_text(json.dumps(run))
        trace = folder / "trial-1" / "vm2.csv"
        trace.write_text(trace.read_text() + f'vm2,0,60000000,60000000,,mark,0,0,,,,"{NASTY}"\n')
        self.open_report(folder)
        self.assertIsNone(self.browser.run("return window.harm ?? null"))
        self.assertEqual(self.browser.run("return document.querySelectorAll('img').length"), 0)
        self.assertEqual(self.text("header").count(NASTY), 3)
        self.assertIn(NASTY, self.text("#tables"))
        self.assertIn("failed", self.text(".verdict"))
        self.assert_quiet(folder)

    def test_it_fits_a_phone_and_follows_the_wish_for_dark(self):
        self.five_trials()
        light = self.picture(DIAGRAM)
        colour = "return getComputedStyle(document.body).backgroundColor"
        before = self.browser.run(colour)
        self.browser.click("[aria-label='Light or dark']")
        self.frame()
        self.assertNotEqual(self.browser.run(colour), before)
        self.assertNotEqual(self.picture(DIAGRAM), light)
        self.browser.click("[aria-label='Light or dark']")
        self.browser.command("Emulation.setEmulatedMedia", media="", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])
        self.browser.resize(360, 740)
        self.browser.command("Page.reload")
        self.browser.wait_for("return document.documentElement.dataset.ready === 'all'", "it again")
        self.assertNotEqual(self.browser.run(colour), before)
        self.frame()
        self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 360)

    def test_a_picture_is_saved_as_png(self):
        self.five_trials()
        for name in PICTURES:
            self.browser.click(f"[data-png={name}]")
            file = self.browser.downloads / f"five_trials-trial-1-{name}.png"
            wait_until(lambda: file.exists() and file.stat().st_size > 24, f"{name} to be saved")
            data = file.read_bytes()
            self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
            width, height = struct.unpack(">II", data[16:24])
            self.assertGreater(width, 400)
            self.assertGreater(height, 150)

    def test_more_events_than_can_be_told_apart_are_a_density_that_says_so(self):
        self.open_report(self.run_folder(CONFIGS / "three_vms.yaml", "--virtual", "--set",
                                         "vms.clock_rate=200"))
        self.assertIn("36\u202f000 events in view are too many", self.text("#diagram .note"))
        self.assertIn("least and the largest value of each pixel", self.text("#clocks .note"))
        self.browser.click(DIAGRAM)
        for _ in range(12):
            self.browser.press("+")
        self.frame()
        self.assertRegex(self.text("#diagram .note"), r"^\d+ events and \d+ messages in view")
        self.assertIn("Every value in view is drawn", self.text("#clocks .note"))

    def test_a_run_without_traces_says_so(self):
        folder = self.open_report(self.run_folder(CONFIGS / "three_vms.yaml", "--virtual", "--set",
                                                  "trace=hash"))
        self.assertIn("kept no traces", self.question("slowest"))
        self.assertIn("vm3", self.text("#tables"))
        self.assert_quiet(folder)


class Events(ReportCase):

    def test_pointing_at_an_event_shows_its_row(self):
        rows = rows_of(self.five_trials())
        self.browser.run("document.querySelector('.bar [aria-label^=\"Zoom in\"]').click()")
        self.frame()
        found = 0
        for x in range(100, 1100, 90):
            self.browser.point(DIAGRAM, x, 60)
            self.frame()
            if self.browser.run("return document.querySelector('.tip').hidden"):
                continue
            found += 1
            tip = self.text(".tip")
            vm, tick, event = re.match(r"(\w+), tick (\d+): (\w+)", tip).groups()
            [row] = [row for row in rows[vm] if row.tick == int(tick)]
            self.assertEqual(row.event, event)
            shown = dict(zip(*[iter(tip.split("\n")[1:])] * 2))
            self.assertEqual(shown["time"], f"{row.time_us / 1e6:.6f} s")
            self.assertEqual(shown["clock"].split()[0], str(row.clock))
            self.assertEqual(shown["queue"], str(row.queue))
            if event == "receive":
                self.assertEqual([shown["from"], shown["message"], shown["stamp"]],
                                 [row.peers[0], str(row.message), str(row.stamp)])
        self.assertGreater(found, 5)

    def test_a_click_lights_up_past_and_future(self):
        rows = rows_of(self.five_trials())
        plain = self.picture(DIAGRAM)
        for _ in range(3):
            self.browser.run("document.querySelector('.bar [aria-label^=\"Zoom in\"]').click()")
        self.frame()
        before = self.picture(DIAGRAM)
        self.assertNotEqual(before, plain)
        text = ""
        for x in range(500, 600, 20):
            self.browser.click_at(DIAGRAM, x, 60)
            text = self.chosen()
            if text:
                break
        self.assertNotEqual(self.picture(DIAGRAM), before)
        vm, tick = re.match(r"(\w+), tick (\d+)", text).groups()
        index = next(i for i, row in enumerate(rows[vm]) if row.tick == int(tick))
        past, future = cone_sizes(rows, vm, index)
        others = sum(map(len, rows.values())) - 1 - past - future
        self.assertIn(f"{past} events could have caused it, it could have caused {future}, "
                      f"and {others} happened independently", text.replace("\u202f", ""))
        self.browser.press("escape")
        self.assertEqual(self.chosen(), "")

    def test_the_keyboard_does_it_all(self):
        self.five_trials()
        for _ in range(40):
            self.browser.press("tab")
            if self.browser.run("return document.activeElement.className === 'diagram'"):
                break
        else:
            self.fail("the tab key does not come to the diagram")
        outline = self.browser.run("return getComputedStyle(document.activeElement).outlineStyle")
        self.assertNotEqual(outline, "none")
        self.assertEqual(self.range(), (0, 60))
        self.browser.press("+", "+")
        low, high = self.range()
        self.assertLess(high - low, 31)
        self.browser.press("right")
        self.assertGreater(self.range()[0], low)
        self.browser.press("left", "-")
        self.assertGreater(self.range()[1] - self.range()[0], high - low)
        self.browser.press("0")
        self.assertEqual(self.range(), (0, 60))
        self.browser.press("n")
        self.assertRegex(self.chosen(), "^vm1, tick 1: ")
        self.browser.press("n", "n", "p")
        self.assertRegex(self.chosen(), "^vm1, tick 2: ")
        self.browser.press("down")
        self.assertRegex(self.chosen(), "^vm2, ")
        self.browser.press("escape")
        self.assertEqual(self.chosen(), "")


class Times(ReportCase):

    def test_all_pictures_share_the_window_of_time(self):
        self.five_trials()
        pictures = {name: self.picture(PICTURES[name]) for name in ("diagram", "clocks", "drift", "queue")}
        self.browser.click(DIAGRAM)
        self.browser.wheel(DIAGRAM, 500, 100, -400)
        low, high = self.range()
        self.assertLess(high - low, 40)
        for name, before in pictures.items():
            self.assertNotEqual(self.picture(PICTURES[name]), before, name)
        self.browser.point(DIAGRAM, 800, 100, {"type": "pointerDown", "button": 0},
                           {"type": "pointerMove", "duration": 0, "origin": "pointer", "x": -200, "y": 0},
                           {"type": "pointerUp", "button": 0})
        self.assertGreater(self.range()[0], low)
        self.browser.click("[aria-label^='Show the whole trial']")
        self.assertEqual(self.range(), (0, 60))
        self.browser.point("#clocks .u-over", 200, 50, {"type": "pointerDown", "button": 0},
                           {"type": "pointerMove", "duration": 0, "origin": "pointer", "x": 300, "y": 0},
                           {"type": "pointerUp", "button": 0})
        low, high = self.range()
        self.assertTrue(5 < low < 20 and 20 < high < 40, (low, high))

    def test_a_mark_is_on_every_time_axis(self):
        folder = self.run_folder(CONFIGS / "three_vms.yaml", "--virtual")
        self.open_report(folder)
        plain = {name: self.picture(PICTURES[name]) for name in ("diagram", "clocks", "drift", "queue")}
        trace = folder / "trial-1" / "vm2.csv"
        trace.write_text(trace.read_text() + "vm2,0,30000000,30000000,,mark,0,0,,,,missed 3..5\n")
        self.open_report(folder)
        for name, before in plain.items():
            self.assertNotEqual(self.picture(PICTURES[name]), before, name)
        self.assertIn("missed 3..5", self.text("#tables"))

    def test_another_trial_is_shown_when_it_is_chosen(self):
        folder = self.five_trials()
        before = {name: self.picture(selector) for name, selector in PICTURES.items()}
        self.browser.run("""
            const select = document.querySelector('.bar select');
            select.selectedIndex = 3;
            select.dispatchEvent(new Event('change'))""")
        self.browser.wait_for("return [...document.querySelectorAll('.link')].findIndex("
                              "link => link.ariaPressed === 'true') === 3", "trial 4")
        self.frame()
        for name, selector in PICTURES.items():
            self.assertNotEqual(self.picture(selector), before[name], name)
        told = json.loads((folder / "run.json").read_text())["trials"][3]["vms"]
        for row, vm in zip(self.table(0), told, strict=True):
            self.assertEqual([row[0], *map(int, [row[2], row[5], row[6], row[8], row[12]])],
                             [vm["name"], vm["ticks"], vm["sent"], vm["received"], vm["clock"],
                              vm["queue_max"]])
        self.assert_quiet(folder)


class Answers(ReportCase):

    def test_of_a_run_over_links_that_do_everything_every_row_is_decoded(self):
        folder = self.open_report(self.run_folder(CONFIGS / "wan.yaml", "--virtual"))
        count = sum(map(len, rows_of(folder).values()))
        answer = self.question("trusted").replace("\u202f", "")
        self.assertIn(f"recomputed the clock and the message of all {count} rows: "
                      "each is as the rules say", answer)

    def test_the_five_questions_are_answered_from_the_traces(self):
        folder = self.five_trials()
        run = json.loads((folder / "run.json").read_text())
        rates = {vm["name"]: vm["clock_rate"] for vm in run["trials"][0]["vms"]}
        slow, fast = min(rates, key=rates.get), max(rates, key=rates.get)
        self.assertRegex(self.question("slowest"), f"^{slow} is the slowest, with {rates[slow]:.0f} ticks a "
                         f"second against {rates[fast]:.0f} of {fast}")
        jump = largest_jump(rows_of(folder))
        self.assertIn(f"a jump of {jump},", self.question("largest jump"))
        self.assertIn("No inbox saturates", self.question("saturate"))
        self.assertRegex(self.question("differ"), "^Yes: 5 of 5 hashes differ")
        self.assertRegex(self.question("trusted"), "^Yes: verdict ok")
        self.browser.click(".question .show")
        self.assertIn(f"jump of {jump}", self.question("largest jump"))
        self.assertRegex(self.chosen(), "receive .*stamp .* ahead of")

    def test_the_figures_are_those_of_stats(self):
        folder = self.open_report(self.run_folder(CONFIGS / "wan.yaml", "--virtual"))
        [trial] = json.loads(self.finish(BUSTRACE, "stats", "--json", folder).stdout)["trials"]
        rows = self.table(1)
        self.assertEqual(rows[0][4:7], [rounded(trial["spread_mean"]), str(trial["spread_max"]),
                                        str(trial["spread_final"])])
        for row, vm in zip(self.table(0), trial["vms"], strict=True):
            self.assertEqual(row[9], rounded(vm["against_fastest_mean"]))
            self.assertEqual(row[10], str(vm["jump_max"]))
            self.assertEqual(row[12], str(vm["queue_max"]))

    def test_an_inbox_that_saturates_is_named(self):
        folder = self.open_report(self.run_folder(CONFIGS / "slow_receiver.yaml", "--virtual"))
        stats = json.loads(self.finish(BUSTRACE, "stats", "--json", folder).stdout)["trials"][0]
        slow = stats["vms"][2]
        self.assertIn(f"saturates at {slow['saturation_seen_s']:.3f} s", self.question("saturate"))
        self.assertIn(f"{slow['arrivals_per_s']:.0f} messages a second come in", self.question("saturate"))
        self.assertRegex(self.question("saturate"), r"^slow's inbox saturates at 0\.\d+ s: .* it grows by 9\d"
                         r".* Why: 10\d.* messages a second come in, and it takes one at each of its ticks, 5 a second")

    def test_trials_that_are_the_same_are_told(self):
        folder = self.run_folder(CONFIGS / "five_trials.yaml", "--virtual", "--trials", "2")
        run = json.loads((folder / "run.json").read_text())
        run["trials"][1] = run["trials"][0] | {"trial": 2}
        (folder / "run.json").write_text(json.dumps(run))
        for path in (folder / "trial-1").iterdir():
            (folder / "trial-2" / path.name).write_bytes(path.read_bytes())
        self.open_report(folder)
        self.assertRegex(self.question("differ"), "^No: all 2 trials have the hash")

    def test_a_changed_row_makes_a_run_one_not_to_trust(self):
        folder = self.run_folder(CONFIGS / "three_vms.yaml", "--virtual")
        trace = folder / "trial-1" / "vm2.csv"
        lines = trace.read_text().splitlines(keepends=True)
        fields = lines[50].split(",")
        fields[6] = str(int(fields[6]) + 1)
        lines[50] = ",".join(fields)
        trace.write_text("".join(lines))
        self.open_report(folder)
        self.assertRegex(self.question("trusted"), r"^No: \d+ rows that break the clock rules")

    def test_vms_by_hand_are_shown_without_a_verdict(self):
        run = self.run_folder(CONFIGS / "smoke.yaml", "--duration", "1s")
        folder = self.sandbox.work / "hand"
        (run / "trial-1").rename(folder)
        self.open_report(folder)
        self.assertRegex(self.question("trusted"), "^With care: its VMs were started by hand, .*"
                         "each is as the rules say")
        self.assertEqual(self.text(".verdict"), "by hand")

    def test_a_trace_that_runs_backwards_is_shown_to_its_latest_tick(self):
        folder = self.run_folder(CONFIGS / "three_vms.yaml", "--virtual")
        run = json.loads((folder / "run.json").read_text())
        run["trials"][0]["duration_s"] = 30  # It was cut short, so its rows say how long it was.
        (folder / "run.json").write_text(json.dumps(run))
        trace = folder / "trial-1" / "vm2.csv"
        lines = trace.read_text().splitlines(keepends=True)
        fields = lines[50].split(",")
        fields[2] = "120000000"  # Twice as late as the last row.
        lines[50] = ",".join(fields)
        trace.write_text("".join(lines))
        self.open_report(folder)
        self.assertEqual(self.range(), (0, 120))
        [trial] = json.loads(self.finish(BUSTRACE, "stats", "--json", folder).stdout)["trials"]
        busiest = max(trial["vms"], key=lambda vm: vm["queue_max"])
        self.assertIn(f"at each of its ticks, {round(busiest['measured_rate'], 1):g} a second",
                      self.question("saturate"))

    def test_a_sweep_shows_its_points_side_by_side(self):
        folder = self.open_report(self.run_folder(CONFIGS / "experiments" / "exercise.yaml", "--virtual"))
        panels = self.browser.run("return document.querySelector('#compared .panels').children.length")
        self.assertEqual(panels, 4)
        before = self.picture(DIAGRAM)
        self.browser.click("#compared .panels button:nth-child(2)")
        self.browser.wait_for("return document.querySelector('h1').innerText.includes('draw 4')", "point 2")
        self.frame()
        self.assertNotEqual(self.picture(DIAGRAM), before)
        self.assert_quiet(folder)


if __name__ == "__main__":
    unittest.main()
