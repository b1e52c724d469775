"""A page in a browser: its complaints, long tasks, layout jumps and losses of focus are noted across its documents."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page

#: Layout jumps are added up within windows as web-vitals does: 1 s without one ends a window, and 5 s in any case.
WINDOW_GAP_MS, WINDOW_MS = 1000, 5000
NOTING = """
(() => {
  const document_ = Math.round(performance.timeOrigin);
  const note = (kind, value) => window.noted?.(kind, [document_, ...value]);
  let acted = -1e6;
  const place = () => location.pathname;
  const name = (node) => {
    const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return element ? `${element.localName}#${element.id}.${element.className}` : "?";
  };
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) note("long", [each.startTime, each.duration]);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration, scripts } of list.getEntries()) {
      const ran = scripts.map((script) => `${script.invoker} ${Math.round(script.duration)}`);
      note("frame", [startTime, duration, ran.join(" "), place()]);
    }
  }).observe({ type: "long-animation-frame", buffered: true });
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, startTime, value, sources } of list.getEntries())
      if (!hadRecentInput)
        note("shift", [startTime, value, sources.map(({ node }) => name(node)).join(" "), startTime - acted, place()]);
  }).observe({ type: "layout-shift", buffered: true });
  let held = null;
  for (const type of ["keydown", "pointerdown"]) addEventListener(type, () => (acted = performance.now()), true);
  setInterval(() => {
    const now = document.activeElement;
    if (held && now === document.body && performance.now() - acted > 500) note("lost", [performance.now(), name(held)]);
    held = now === document.body ? null : now;
  }, 50);
})();
"""
#: What one control is called, whatever the fixture, market or bookmaker that it belongs to.
NAME = """(control) => {
  const plain = (text) => (text ?? "").replace(/[0-9]+/g, "N");
  if (control.localName === "a") {
    if (control.getAttribute("href").startsWith("#")) return `a ${control.hash}`;
    const at = new URL(control.href);
    const words = [...new Set([...at.searchParams.keys()])].sort().join("&");
    return `a ${plain(control.id) || plain(at.pathname) + (words && "?" + words)}`;
  }
  const own = Object.keys(control.dataset).filter((key) => !key.startsWith("js")).join(" ");
  const known = [control.id, control.name, control.value && control.type === "submit" ? control.value : "", own];
  const group = control.closest("details, form, dialog, [id]");
  const words = known.map(plain).filter(Boolean).join(" ") || plain(control.className) || plain(group?.className);
  return `${control.localName} ${words}`;
}"""
CONTROLS = "a[href], button, input:not([type=hidden]), select, summary, textarea"
PRESENT = f"() => [...document.querySelectorAll('{CONTROLS}')].filter((one) => one.checkVisibility()).map({NAME})"


MOMENT = "() => [Math.round(performance.timeOrigin), performance.now()]"


@dataclass
class Watched:
    """The page, what was noted of it, the names of the controls that were there and of those that were used."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    noted: dict[str, list[list[Any]]] = field(default_factory=lambda: defaultdict(list))
    present: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    collected: list[tuple[float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.expose_binding("noted", lambda _source, kind, value: self.noted[kind].append(value))
        self.page.add_init_script(NOTING)
        self.devtools: CDPSession = self.page.context.new_cdp_session(self.page)
        self.devtools.send("Performance.enable")

    def on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({self.page.url})")

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.arrived()

    def arrived(self) -> None:
        """A page stands there, and is connected if it is one that lives."""
        self.page.wait_for_selector("main h1", state="attached", timeout=30_000)
        if self.page.locator("body[data-socket]").count():
            self.page.wait_for_selector("#socket[data-state=live]", timeout=30_000)
        self.note_controls()

    def note_controls(self) -> None:
        """Take note of the controls that can be seen."""
        self.present |= set(self.page.evaluate(PRESENT))

    def mark(self, control: Locator) -> Locator:
        """The control is used now."""
        self.used.add(control.evaluate(NAME))
        return control

    def click(self, control: str | Locator) -> None:
        self.mark(self.first(control)).click()

    def follow(self, control: str | Locator) -> None:
        """Click on what leads to another page."""
        with self.page.expect_navigation(timeout=30_000):
            self.click(control)
        self.arrived()

    def choose(self, control: str | Locator, place: int) -> None:
        """One of a list's choices, counted round."""
        found = self.mark(self.first(control))
        found.select_option(index=place % found.locator("option").count())

    def fill(self, control: str | Locator, text: str) -> None:
        self.mark(self.first(control)).fill(text)

    def first(self, control: str | Locator) -> Locator:
        return self.page.locator(control).first if isinstance(control, str) else control

    def rest(self, seconds: float) -> None:
        """Let frames come while nobody touches anything."""
        self.page.wait_for_timeout(seconds * 1000)

    def unused(self) -> list[str]:
        """The controls that were seen and never used."""
        return sorted(self.present - self.used)

    def longest_task(self) -> float:
        """In ms; no task is noted that took less than 50. The collections that `memory` asks for are not the page's."""
        return max((duration for _, _, duration in self.long_tasks()), default=0.0)

    def long_tasks(self) -> list[list[Any]]:
        """Document, ms since it began, ms that it took."""
        return [task for task in self.noted["long"] if not any(is_within(task, stretch) for stretch in self.collected)]

    def layout_shift(self, path: str, patience_ms: float = 0) -> float:
        """The greatest sum of the layout jumps of one document at `path` within a window (CLS).

        What moves within 500 ms of a click or key is no jump; with `patience_ms`, for a desk that has to wait for its
        processor, what moves so soon after one.
        """
        return max((sum(value for _, value in window) for window in self.windows(path, patience_ms)), default=0.0)

    def windows(self, path: str, patience_ms: float) -> list[list[tuple[float, float]]]:
        """Of each document at `path` the (time, value) of its jumps, cut into windows."""
        windows: list[list[tuple[float, float]]] = []
        by_document: dict[float, list[tuple[float, float]]] = defaultdict(list)
        for document, at, value, _what, since_acted, place in self.noted["shift"]:
            if since_acted >= patience_ms and place == path:
                by_document[document].append((at, value))
        for jumps in map(sorted, by_document.values()):
            windows.append(jumps[:1])
            for before, jump in pairwise(jumps):
                if jump[0] - before[0] > WINDOW_GAP_MS or jump[0] - windows[-1][0][0] > WINDOW_MS:
                    windows.append([])
                windows[-1].append(jump)
        return windows

    def memory(self) -> dict[str, float]:
        """What is left after a collection: MB of JavaScript, DOM nodes, listeners."""
        document, begun = self.page.evaluate(MOMENT)
        self.devtools.send("HeapProfiler.collectGarbage")
        self.collected.append((document, begun, self.page.evaluate(MOMENT)[1] - begun))
        metrics = {
            metric["name"]: metric["value"] for metric in self.devtools.send("Performance.getMetrics")["metrics"]
        }
        return {
            "mb": metrics["JSHeapUsedSize"] / 1e6,
            "nodes": metrics["Nodes"],
            "listeners": metrics["JSEventListeners"],
        }


def is_within(task: list[Any], other: Sequence[Any]) -> bool:
    """Whether a task ran while something else did: [document, ms since it began, ms that it took, ...]."""
    document, begun, took = task
    return document == other[0] and begun < other[1] + other[2] and begun + took > other[1]
