"""Chromium, driven over chromedriver's WebDriver protocol with nothing but the standard library.

No page that is opened here may reach the network: every name resolves to nowhere, and whatever is
asked for is in `requests()`.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE = 60

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"]

KEYS = {"left": "\ue012", "up": "\ue013", "right": "\ue014", "down": "\ue015", "tab": "\ue004",
        "escape": "\ue00c", "enter": "\ue007", "space": "\ue00d"}


class Browser:
    """A fresh profile, a window of a given size. A context: at its end nothing of it is left."""

    def __init__(self, width=1280, height=900):
        self._folder = Path(tempfile.mkdtemp(prefix="dbbrowser-"))
        self.downloads = self._folder / "downloads"
        self.downloads.mkdir()
        environment = os.environ | {"HOME": str(self._folder), "TMPDIR": str(self._folder)}
        self._driver = subprocess.Popen(
            [CHROMEDRIVER, "--port=0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env=environment)
        try:
            self._port = self._read_port()
            self._session = self._start(width, height)
            self.command("Browser.setDownloadBehavior", behavior="allow",
                         downloadPath=str(self.downloads))
            self._call("POST", "/url", {"url": "about:blank"})
            self.requests()  # Of the browser's own first page.
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if hasattr(self, "_session"):
            self._call("DELETE", "")
        self._driver.terminate()
        self._driver.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read_port(self):
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                return int(line.rstrip(".\n").split()[-1])
        raise AssertionError("chromedriver ended before it listened")

    def _start(self, width, height):
        options = {"binary": CHROMIUM,
                   "args": [*FLAGS, f"--user-data-dir={self._folder}/profile",
                            f"--window-size={width},{height}"]}
        wanted = {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}}
        self._session = ""
        return self._send("POST", "/session", wanted)["sessionId"]

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data, method=method,
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode(errors="replace")) from None

    def _call(self, method, path, body=None):
        return self._send(method, f"/session/{self._session}{path}", body)

    def open(self, path):
        self._call("POST", "/url", {"url": Path(path).resolve().as_uri()})

    def run(self, script, *arguments):
        """What a script returns; `arguments` is its parameter, as in WebDriver."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """What a script hands to its last argument, a function."""
        return self._call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def wait_for(self, script, what, patience=PATIENCE):
        """Waits until a script returns something true, and returns it."""
        deadline = time.monotonic() + patience
        while True:
            value = self.run(script)
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {patience} s in vain for {what}")
            time.sleep(0.02)

    def resize(self, width, height):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)

    def command(self, name, **parameters):
        """A command of the browser's own protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def element(self, selector):
        return self._call("POST", "/element", {"using": "css selector", "value": selector})

    def click(self, selector):
        self._call("POST", f"/element/{self.element(selector)[ELEMENT]}/click", {})

    def press(self, *keys):
        """Keys to whatever has the focus, by name or as they are."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._call("POST", "/actions", {"actions": [
            {"type": "key", "id": "keyboard", "actions": actions}]})

    def point(self, selector, x, y, *then):
        """Moves the mouse to a place in an element (from its top left), then does more actions."""
        left, top = self._place(selector)
        move = {"type": "pointerMove", "duration": 0, "x": round(left + x), "y": round(top + y)}
        self._call("POST", "/actions", {"actions": [
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
             "actions": [move, *then]}]})

    def _place(self, selector):
        """Where an element is once it was scrolled into view."""
        return self.run(
            "const e = document.querySelector(arguments[0]);"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const box = e.getBoundingClientRect(); return [box.left, box.top]", selector)

    def click_at(self, selector, x, y):
        self.point(selector, x, y, {"type": "pointerDown", "button": 0},
                   {"type": "pointerUp", "button": 0})

    def wheel(self, selector, x, y, down):
        left, top = self._place(selector)
        self._call("POST", "/actions", {"actions": [{"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "duration": 0, "x": round(left + x), "y": round(top + y),
             "deltaX": 0, "deltaY": down}]}]})

    def problems(self):
        """What the console says of warnings and errors."""
        entries = self._call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Every address that was asked for since the last call."""
        entries = self._call("POST", "/se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def picture(self, selector, path, height=None):
        """An element of the page, or the top of it, as a PNG file."""
        box = self.run("const box = document.querySelector(arguments[0]).getBoundingClientRect();"
                       "return {x: box.x + scrollX, y: box.y + scrollY, width: box.width,"
                       " height: box.height}", selector)
        box |= {"scale": 1, "height": min(height or box["height"], box["height"])}
        data = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip=box)
        Path(path).write_bytes(base64.b64decode(data["data"]))
