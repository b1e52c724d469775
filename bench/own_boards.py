"""Pages that each show a board of their own: what they cost a web process, beside pages that all show the same.

As in `live`: one Daphne, PostgreSQL, Redis, sockets in a process of their own that do on the wire what a browser does.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from .live_desk import live_desk
from .live_sides import PAGES, Sides, Sizes, quantile, say
from .side_by_side import row
from .worker import Worker

MOST_IDLE, MOST_CPU, MOST_SLOWER, MOST_MS = 0.05, 1.5, 1.3, 400.0
NOTATIONS = ("decimal", "american", "fractional", "malay")
TRADERS = 10
#: After that what a page asks for at first has been sent; and Daphne has ended the applications of closed sockets.
PAINTED_SECONDS, CLOSING_SECONDS = 4.0, 1.5
TABS = ("", "show=in_play", "show=today", "sport=6046")


@dataclass(frozen=True)
class Pages:
    """How much is measured."""

    fixtures: int = 500
    idle: int = 500
    busy: int = 200
    rows: int = 25
    favourites: int = 6
    rounds: int = 3
    seconds: float = 15.0
    rate: float = 300.0


def run(sizes: Pages | None = None) -> list[dict[str, Any]]:
    sizes = sizes or Pages()
    with live_desk(sizes.fixtures) as desk, desk.served() as web, Worker("live_sockets") as sockets:
        sides = Sides(Sizes(), desk, web, sockets)
        return [idle_row(sizes, sides), *busy_rows(sizes, sides)]


def own(sizes: Pages, number: int, notations: Sequence[str] = ("decimal",), tabs: Sequence[str] = ("",)) -> list[str]:
    """What a page of its own favourites watches, with one of these notations and filters."""
    notation, tab = notations[number % len(notations)], tabs[number // len(notations) % len(tabs)]
    odds = f"odds={notation}" if notation != "decimal" else ""
    first = number * 7 % sizes.fixtures
    shown = [1 + (first + place) % sizes.fixtures for place in range(sizes.rows)]
    pins = "pins=" + ",".join(map(str, shown[: sizes.favourites]))
    words = "&".join(filter(None, (tab, pins, odds)))
    return ["feed", f"board?{words}", *(f"row:{pk}{'?' if odds else ''}{odds}" for pk in shown)]


def alike(sizes: Pages, number: int) -> list[str]:
    """What a page without a choice of its own watches, scrolled as far as the others."""
    return ["feed", "board", *(topic for topic in own(sizes, number) if topic.startswith("row:"))]


def idle_row(sizes: Pages, sides: Sides) -> dict[str, Any]:
    """CPU of the web process for a second in which nothing changes, and the same for pages that are alike."""
    mine, theirs = in_turns(sizes, sides, sizes.idle, own_pages(sizes, sizes.idle), lambda: time.sleep(sizes.seconds))
    cpu = median(one["cpu"] for one in mine)
    what = f"{sizes.idle} pages of own favourites, nothing changes"
    reference = median(one["cpu"] for one in theirs)
    return row(what, "% of core", cpu * 100, reference * 100, cpu / reference, "<= 5 %", cpu <= MOST_IDLE)


def own_pages(sizes: Pages, count: int, notations: Sequence[str] = ("decimal",), tabs: Sequence[str] = ("",)) -> Any:
    return [own(sizes, number, notations, tabs) for number in range(count)]


def busy_rows(sizes: Pages, sides: Sides) -> list[dict[str, Any]]:
    """CPU and delay at the rate of `sizes`, of pages with filters and notations of their own, and of others."""

    def play() -> None:
        sides.desk.feed.ask("mixed", fixtures=sizes.fixtures, rate=sizes.rate, seconds=sizes.seconds)

    pages = own_pages(sizes, sizes.busy, NOTATIONS, TABS)
    mine, theirs = in_turns(sizes, sides, sizes.busy, pages, play)
    cpu, slower = (ratio_of(mine, theirs, name) for name in ("cpu", "p99"))
    late = median(one["p99"] for one in mine)
    what = f"{sizes.busy} pages, own filters and odds, {sizes.rate:.0f}/s"
    figures = [(median(one[name] for one in side)) for name in ("cpu", "p99") for side in (mine, theirs)]
    return [
        row(f"{what}: CPU", "% of core", figures[0] * 100, figures[1] * 100, cpu, f"<= {MOST_CPU}", cpu <= MOST_CPU),
        row(
            f"{what}: p99 to the socket",
            "ms",
            *figures[2:],
            slower,
            f"<= {MOST_SLOWER}, {MOST_MS:.0f} ms",
            slower <= MOST_SLOWER and late <= MOST_MS,
        ),
    ]


def ratio_of(mine: list[dict[str, float]], theirs: list[dict[str, float]], name: str) -> float:
    return median(one[name] / other[name] for one, other in zip(mine, theirs, strict=True))


def in_turns(
    sizes: Pages, sides: Sides, count: int, pages: Sequence[Sequence[str]], play: Any
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """What the web process costs with these pages, and with as many alike; who begins changes from round to round."""
    same = [alike(sizes, number) for number in range(count)]
    noted: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    for number in range(sizes.rounds):
        both = [(pages, noted[0]), (same, noted[1])]
        for watched, figures in both if number % 2 else reversed(both):
            with connected(sides, watched):
                figures.append(measured(sides, play))
            say(f"  {'alike' if watched is same else 'own'}: {figures[-1]}")
    return noted


@contextmanager
def connected(sides: Sides, pages: Sequence[Sequence[str]]) -> Iterator[None]:
    """These pages, of several traders: one alone may not follow so much."""
    for trader in range(TRADERS):
        cookie, mine = sides.desk.feed.ask("sign_in", name=f"bench{trader}"), pages[trader::TRADERS]
        where = {"address": sides.web.address, "cookie": cookie, "paths": PAGES}
        sides.sockets.ask("open", **where, count=len(mine), watched=mine)
    yield
    sides.sockets.ask("close")
    time.sleep(CLOSING_SECONDS)


def measured(sides: Sides, play: Any) -> dict[str, float]:
    """CPU (1: a whole core) and the p99 of frames (ms from receipt), once the first paint is over."""
    time.sleep(PAINTED_SECONDS)
    sides.sockets.ask("reset")
    began, cpu = time.monotonic(), sides.web.cpu_seconds()
    play()
    seconds = time.monotonic() - began
    used = (sides.web.cpu_seconds() - cpu) / seconds
    counted = sides.sockets.ask("tell")
    took = counted["milliseconds"]
    return {"cpu": used, "p99": quantile(took, 0.99) if took else 0.0, "frames": counted["frames"]}
