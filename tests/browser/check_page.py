"""
The planning page as a browser draws it: nothing too wide, nothing missing, nothing too pale, all of it reachable.

    agir demo --out demo
    agir --at 2012-04-02 plan examples/charenton/dossier.toml --json > plan.json
    python tests/browser/check_page.py demo/planning.html plan.json

Headless Chromium over its DevTools pipe, the standard library alone. At 1280 and 390 pixels: no horizontal
overflow, no message on the console, each meeting of the plan with its title; its mark in the chart where its day
is (1280), its day in the list (390); contrast of at least 4.5 for every text; every link reached by Tab, in the
order of the page; at most three pages on paper. Exit 1 with what failed; 0 with «skipped: no chromium» where
there is none and none can be had.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import itertools
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

WIDE, NARROW = 1280, 390
CONTRAST = 4.5
PAGES = 3
PATIENCE = 60.0

MEASURE = r"""
(() => {
  const seen = r => r.width > 1 && r.height > 1;
  const shown = e => { const s = getComputedStyle(e); return s.visibility === 'visible' && s.display !== 'none' && e.getClientRects().length > 0; };
  const words = t => t.replace(/\s+/g, ' ').trim();
  const root = document.documentElement, out = {};
  out.lang = root.lang;
  out.width = root.clientWidth; out.scroll = Math.max(root.scrollWidth, document.body.scrollWidth);
  out.wide = [...document.body.querySelectorAll('*')].filter(e => shown(e) && seen(e.getBoundingClientRect()) && !e.closest('svg *'))
    .filter(e => e.getBoundingClientRect().right > root.clientWidth + 0.5).map(e => `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className} to ${e.getBoundingClientRect().right.toFixed(1)} px`).slice(0, 8);
  const marks = [...document.querySelectorAll('svg [data-address][data-day]')].filter(shown);
  out.marks = marks.map(m => { const c = (m.querySelector('circle') || m).getBoundingClientRect(); return {address: m.dataset.address, day: m.dataset.day, x: c.left + c.width / 2}; });
  const chart = document.querySelector('svg [data-address]')?.closest('section');
  out.times = [...document.querySelectorAll('time[datetime]')].filter(t => shown(t) && seen(t.getBoundingClientRect()))
    .map(t => ({day: t.getAttribute('datetime').slice(0, 10), listed: !!chart && chart.contains(t), text: words(t.textContent), near: words((t.closest('li, tr, dd, p') || t.parentElement).textContent)}));
  out.text = words(document.body.innerText);

  const parse = c => { const m = c.match(/^rgba?\(([^)]+)\)/); if (!m) return null; const p = m[1].split(/[ ,\/]+/).map(Number); return [p[0], p[1], p[2], p[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2]; };
  const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const behind = e => { let layers = []; for (let n = e; n; n = n.parentElement) { const c = parse(getComputedStyle(n).backgroundColor); if (c && c[3] > 0) { layers.push(c); if (c[3] === 1) break; } }
    return layers.reduceRight((b, c) => over(c, b), [255, 255, 255, 1]); };
  const drawn = e => {  // what lies under a text of a drawing: its own halo, else the topmost filled shape, else the page
    const s = getComputedStyle(e);
    if (s.paintOrder.startsWith('stroke') && s.stroke !== 'none' && parseFloat(s.strokeWidth) >= 2) return parse(s.stroke);
    e.scrollIntoView({block: 'center', behavior: 'instant'});
    const r = e.getBoundingClientRect();
    const here = document.elementsFromPoint(r.left + r.width / 2, r.top + r.height / 2), top = here.findIndex(n => n === e || e.contains(n));
    if (top < 0) return null;
    for (const n of here.slice(top)) {
      if (n === e || n.closest('text') || !(n instanceof SVGElement) || n instanceof SVGSVGElement) continue;
      const st = getComputedStyle(n), f = parse(st.fill);
      if (f && f[3] * parseFloat(st.fillOpacity) * parseFloat(st.opacity) > 0.99) return f;
    }
    return behind(e);
  };
  out.pale = []; out.texts = 0; out.lowest = 99;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement;
    if (!words(node.textContent) || e.closest('style, script, title, template, noscript') || !shown(e)) continue;
    const range = document.createRange(); range.selectNodeContents(node);
    const clipped = [e, e.parentElement].some(n => n && getComputedStyle(n).clipPath !== 'none');
    if (clipped || ![...range.getClientRects()].some(seen)) continue;
    const svg = e.closest('svg'), s = getComputedStyle(e), ground = svg ? drawn(e) : behind(e);
    let ink = parse(svg ? s.fill : s.color), alpha = svg ? parseFloat(s.fillOpacity) : 1;
    for (let n = e; n; n = n.parentElement) alpha *= parseFloat(getComputedStyle(n).opacity);
    if (!ink || !ground) { out.pale.push(`«${words(node.textContent).slice(0, 40)}»: what lies under it cannot be told`); continue; }
    ink = over([ink[0], ink[1], ink[2], ink[3] * alpha], ground);
    const found = ratio(ink, ground); out.texts++; out.lowest = Math.min(out.lowest, found);
    if (found < LEAST) out.pale.push(`«${words(node.textContent).slice(0, 40)}» ${found.toFixed(2)} (rgb ${ink.slice(0, 3).map(Math.round)} on ${ground.slice(0, 3).map(Math.round)})`);
  }
  scrollTo({top: 0, behavior: 'instant'});
  return out;
})()
""".replace("LEAST", str(CONTRAST))

OPEN = "document.querySelectorAll('details').forEach(d => d.open = true)"
# What Tab must reach: each link, summary and control that is drawn; numbered in the order of the page.
NUMBER = r"""
(() => {
  const shown = e => { const s = getComputedStyle(e); return s.visibility === 'visible' && e.getClientRects().length > 0; };
  const all = [...document.querySelectorAll('a, summary, button, input, select, textarea, [tabindex]')].filter(shown).filter(e => e.tabIndex >= 0 || e.tagName.toLowerCase() === 'a');
  all.forEach((e, n) => e.dataset.tab = n);
  if (document.activeElement) document.activeElement.blur();
  return all.map(e => `${e.tagName.toLowerCase()} «${(e.getAttribute('aria-label') || e.textContent).replace(/\s+/g, ' ').trim().slice(0, 40)}» ${e.getAttribute('href') ?? e.getAttribute('xlink:href') ?? ''}`);
})()
"""
FOCUSED = "document.activeElement && document.activeElement.dataset ? (document.activeElement.dataset.tab ?? null) : null"
DANGLING = r"""
[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')).filter(h => h.length > 1 && !document.getElementById(decodeURIComponent(h.slice(1))))
"""


class Browser:
    """Headless Chromium on two pipes: JSON messages that end with a zero byte, no port and no web socket."""

    def __init__(self, binary: str, home: str) -> None:
        import fcntl  # Unix alone has it; the file can be read anywhere

        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # Above 9, so that neither is overwritten when the child's ends become 3 and 4.
        read, write = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (theirs_in, theirs_out))

        def wire() -> None:
            os.dup2(read, 3)
            os.dup2(write, 4)

        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                 "--remote-debugging-pipe", f"--user-data-dir={home}", "about:blank"]  # fmt: skip
        self.process = subprocess.Popen([binary, *flags], preexec_fn=wire, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in {theirs_in, theirs_out, read, write}:
            os.close(fd)
        self.inlet, self.outlet = ours_in, ours_out
        self.pending, self.number, self.session = b"", 0, ""
        self.console: list[str] = []
        self.events: list[str] = []

    def _message(self, until: float) -> dict[str, Any]:
        while b"\0" not in self.pending:
            if not select.select([self.inlet], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError("chromium does not answer")
            part = os.read(self.inlet, 1 << 16)
            if not part:
                raise EOFError("chromium has ended")
            self.pending += part
        one, _, self.pending = self.pending.partition(b"\0")
        return dict(json.loads(one))

    def _heard(self, message: dict[str, Any]) -> None:
        name, params = message.get("method", ""), message.get("params", {})
        self.events.append(name)
        if name == "Runtime.consoleAPICalled":
            self.console.append(f"{params['type']}: " + " ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif name == "Runtime.exceptionThrown":
            self.console.append(f"exception: {params['exceptionDetails'].get('text')}")
        elif name == "Log.entryAdded":
            entry = params["entry"]
            self.console.append(f"{entry['level']}: {entry['text']} {entry.get('url', '')}")

    def call(self, method: str, **params: object) -> dict[str, Any]:
        self.number += 1
        asked: dict[str, object] = {"id": self.number, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        data = json.dumps(asked).encode() + b"\0"
        while data:
            data = data[os.write(self.outlet, data) :]
        until = time.monotonic() + PATIENCE
        while True:
            message = self._message(until)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
            self._heard(message)

    def wait(self, event: str) -> None:
        until = time.monotonic() + PATIENCE
        while event not in self.events:
            self._heard(self._message(until))

    def show(self, url: str, width: int) -> None:
        """A new tab of that width with the page in it, its console listened to from before it loads."""
        self.session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.events.clear()
        self.console.clear()
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def ask(self, script: str) -> Any:
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"])
        return found["result"].get("value")

    def tab(self) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9, nativeVirtualKeyCode=9)

    def close(self) -> None:
        self.session = ""
        with contextlib.suppress(OSError, EOFError, TimeoutError, RuntimeError):
            self.call("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.inlet)
        os.close(self.outlet)


def chromium() -> str | None:
    """The browser, installed where it is missing and that is allowed (three tries)."""
    for attempt in range(4):
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if found := shutil.which(name):
                return found
        if attempt == 3 or os.geteuid() != 0 or not shutil.which("apt-get"):
            return None
        subprocess.run(["apt-get", "install", "-y", "chromium"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return None


# -- the checks: each gives what failed, as sentences with their measurements ------------------------------------


def too_wide(found: dict[str, Any]) -> list[str]:
    if found["scroll"] <= found["width"] and not found["wide"]:
        return []
    return [f"horizontal overflow: {found['scroll']} px in {found['width']}; {'; '.join(found['wide'])}"]


def untitled(found: dict[str, Any], meetings: list[dict[str, Any]]) -> list[str]:
    lang = "fr" if found["lang"].startswith("fr") else "en"
    return [f"{m['address']} ({m['day']}): its title «{m['title'][lang]}» is not on the page" for m in meetings if m["title"][lang] not in found["text"]]


def _ordinal(day: str) -> int:
    return dt.date.fromisoformat(day).toordinal()


def off_the_line(found: dict[str, Any], meetings: list[dict[str, Any]]) -> list[str]:
    """Each mark against the line through all marks (medians of slopes and offsets), within the width of a day."""
    marks = {m["address"]: m for m in found["marks"]}
    out = [f"{m['address']}: no mark in the chart" for m in meetings if m["address"] not in marks]
    out += [f"{m['address']}: the mark says {marks[m['address']]['day']}, the plan {m['day']}" for m in meetings if m["address"] in marks and marks[m["address"]]["day"] != m["day"]]
    here = [(m["address"], _ordinal(m["day"]), marks[m["address"]]["x"]) for m in meetings if m["address"] in marks]
    slopes = [(b[2] - a[2]) / (b[1] - a[1]) for a in here for b in here if b[1] > a[1]]
    if not slopes:
        return out
    slope = median(slopes)
    offset = median(x - slope * day for _, day, x in here)
    if slope <= 0:
        return [*out, f"the chart does not run from left to right: {slope:.3f} px a day"]
    for address, day, x in here:
        if abs(x - (slope * day + offset)) > slope:
            out.append(f"{address}: its mark is at {x:.1f} px, its day at {slope * day + offset:.1f} px, a day is {slope:.2f} px wide")
    return out


def undated(found: dict[str, Any], meetings: list[dict[str, Any]]) -> list[str]:
    """In the list that takes the place of the chart each meeting stands beside its day, written out."""
    lang = "fr" if found["lang"].startswith("fr") else "en"
    out = []
    for m in meetings:
        beside = [t for t in found["times"] if t["listed"] and t["day"] == m["day"] and m["title"][lang] in t["near"]]
        if not any(_says(t["text"], t["day"]) for t in beside):
            out.append(f"{m['address']}: «{m['title'][lang]}» stands beside no {m['day']}")
    return out


def _says(text: str, day: str) -> bool:
    """Whether a text names the day of the month, as a number of its own."""
    return re.search(rf"(?<!\d){int(day[8:])}(?!\d)", text) is not None


def unreached(browser: Browser) -> list[str]:
    wanted: list[str] = browser.ask(NUMBER)
    met: list[int] = []
    for _ in range(len(wanted) + 3):
        browser.tab()
        at = browser.ask(FOCUSED)
        if at is not None and int(at) not in met:
            met.append(int(at))
    out = [f"Tab never reaches {wanted[n]}" for n in range(len(wanted)) if n not in met]
    out += [f"Tab goes from {wanted[a]} back to {wanted[b]}" for a, b in itertools.pairwise(met) if b < a]
    return out + [f"a link leads nowhere on the page: {h}" for h in browser.ask(DANGLING)]


def pages(pdf: bytes) -> int:
    if shutil.which("pdfinfo"):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            told = subprocess.run(["pdfinfo", file.name], capture_output=True, text=True, check=False).stdout
        if found := re.search(r"(?m)^Pages:\s+(\d+)", told):
            return int(found[1])
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def check(browser: Browser, url: str, meetings: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """What failed, and what was measured."""
    failed: list[str] = []
    told: list[str] = []
    for width in (WIDE, NARROW):
        browser.show(url, width)
        closed = browser.ask(MEASURE)
        browser.ask(OPEN)
        found = browser.ask(MEASURE)
        out = too_wide(closed) + [f"with all details open: {f}" for f in too_wide(found)]
        out += untitled(closed, meetings)
        out += off_the_line(closed, meetings) if width == WIDE else undated(closed, meetings)
        out += [f"contrast: {p}" for p in dict.fromkeys([*closed["pale"], *found["pale"]])]
        out += unreached(browser)
        out += [f"console: {c}" for c in browser.console]
        failed += [f"{width} px: {f}" for f in out]
        told.append(f"{width} px: {found['scroll']} px wide, {len(meetings)} meetings, {len(closed['marks'])} marks, {len(closed['times'])} dates, "
                    f"{found['texts']} texts with a contrast of at least {found['lowest']:.2f}, {len(browser.ask(NUMBER))} stops of Tab")  # fmt: skip
    browser.show(url, WIDE)
    pdf = base64.b64decode(browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
    count = pages(pdf)
    told.append(f"paper: {count} pages, {len(pdf)} bytes")
    if not 1 <= count <= PAGES:
        failed.append(f"paper: {count} pages, {PAGES} at most")
    return failed, told


def main(page: str, plan: str) -> int:
    binary = chromium()
    if binary is None:
        print("skipped: no chromium")
        return 0
    meetings = json.loads(Path(plan).read_text(encoding="utf-8"))["meetings"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = Browser(binary, home)
        try:
            failed, told = check(browser, Path(page).resolve().as_uri(), meetings)
        finally:
            browser.close()
    print(*told, sep="\n")
    print(*(f"FAILED {f}" for f in failed), sep="\n", end="\n" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python tests/browser/check_page.py PAGE.html PLAN.json")
    sys.exit(main(*sys.argv[1:]))
