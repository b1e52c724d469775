"""The two sides of the live benchmark: pages of the hub, and the reference, sockets in groups of the channel layer."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .live_desk import LiveDesk, Served
from .worker import Worker

#: Fixtures whose scoreboards each socket watches; goals fall in turns, so that none falls twice within a pace.
TURNS = 5
#: By then everything that was on its way at the end of a play has arrived.
ARRIVAL_SECONDS = 5.0
PAGES = ["/ws/v1/pages/"]


@dataclass(frozen=True)
class Sizes:
    """How much is measured. A `turn` is in seconds: a socket is sent one frame in each."""

    sockets: int = 500
    fixtures: int = 50
    rounds: int = 3
    round_seconds: float = 6.0
    round_turn: float = 0.2
    many: int = 1000
    many_seconds: float = 60.0
    many_turn: float = 0.1
    stalled: int = 50
    stalled_rounds: int = 8
    watching: int = 200
    in_play: int = 100
    rate: float = 300.0
    painting_seconds: float = 30.0
    settle_seconds: float = 3.0


class Sides:
    """A web process and its sockets: pages on our side, members of groups on the reference's."""

    def __init__(self, sizes: Sizes, desk: LiveDesk, web: Served, sockets: Worker) -> None:
        self.sizes = sizes
        self.desk = desk
        self.web = web
        self.sockets = sockets

    def bundles(self) -> list[range]:
        """The fixtures that one socket watches, each with its goals in another turn."""
        return [range(first, first + TURNS) for first in range(1, self.sizes.fixtures + 1, TURNS)]

    def rows(self, words: str) -> list[str]:
        """Rows of a board."""
        return [f"row:{pk}{words}" for pk in range(1, self.sizes.in_play + 1)]

    @contextmanager
    def pages(self, count: int, watched: Sequence[Sequence[str]] | None = None) -> Iterator[None]:
        """`count` pages that watch the topics of `watched` in turns, or scoreboards by default."""
        scoreboards = [[scoreboard(pk) for pk in fixtures] for fixtures in self.bundles()]
        yield from self.connected(count, PAGES, watched or scoreboards)

    @contextmanager
    def groups(self, count: int) -> Iterator[None]:
        """`count` sockets of the reference, each in the groups of the fixtures that a page watches."""
        paths = [f"/group_send/{'-'.join(map(str, fixtures))}/" for fixtures in self.bundles()]
        yield from self.connected(count, paths, None)

    def connected(self, count: int, paths: Sequence[str], watched: Sequence[Sequence[str]] | None) -> Iterator[None]:
        where = {"address": self.web.address, "cookie": self.desk.cookie}
        self.sockets.ask("open", **where, count=count, paths=paths, watched=watched)
        yield
        self.sockets.ask("close")
        time.sleep(1.5)  # Daphne ends the applications of closed sockets each second

    def play(self, what: str, turn: float, seconds: float, apart: int = 0) -> dict[str, Any]:
        """Goals by turns for `seconds`, over the hub ("scores") or "groups": what sockets counted, and the CPU used."""
        self.sockets.ask("reset", apart=apart)
        cpu = self.web.cpu_seconds()
        steps = max(TURNS, round(seconds / turn))
        played = self.desk.feed.ask(what, fixtures=self.sizes.fixtures, phases=TURNS, seconds=turn, steps=steps)
        counted = self.arrived({scoreboard(int(pk)): revision for pk, revision in played["newest"].items()})
        return {**counted, "cpu_seconds": self.web.cpu_seconds() - cpu, "late_ms": played["late_ms"]}

    def arrived(self, newest: dict[str, int]) -> dict[str, Any]:
        """The sockets' counts, once all have the newest revisions, or time is up."""
        until = time.monotonic() + ARRIVAL_SECONDS
        while (counted := self.sockets.ask("tell", newest=newest))["behind"] and time.monotonic() < until:
            time.sleep(0.1)
        return dict(counted)

    def warm_up(self) -> None:
        """Load the code and open the connections, so that their memory is not counted for a socket."""
        few, seconds = min(20, self.sizes.sockets), 5 * self.sizes.round_turn
        with self.pages(few):
            self.play("scores", self.sizes.round_turn, seconds)
        with self.groups(few):
            self.play("groups", self.sizes.round_turn, seconds)

    def hub_cost(self) -> float:
        with self.pages(self.sizes.sockets):
            return self.cost("scores")

    def group_cost(self) -> float:
        with self.groups(self.sizes.sockets):
            return self.cost("groups")

    def cost(self, what: str) -> float:
        """us of the web process for each delivered frame."""
        counted = self.play(what, self.sizes.round_turn, self.sizes.round_seconds)
        say(f"  {what}: {in_words(counted)}")
        return float(counted["cpu_seconds"] / counted["frames"] * 1e6)


def scoreboard(fixture_id: int) -> str:
    return f"scoreboard:{fixture_id}"


def in_words(counted: dict[str, Any]) -> str:
    """What was counted, for who looks on."""
    took, size = counted["milliseconds"], counted["bytes"] / max(1, counted["frames"])
    return (
        f"{counted['frames']:,} frames of {size:.0f} bytes, lost {counted['lost']},"
        f" behind {counted['behind']}, disordered {counted['disordered']}, closed {counted['closed']};"
        f" {counted['cpu_seconds'] / max(1, counted['frames']) * 1e6:.0f} us of CPU each;"
        f" p50 {quantile(took, 0.5):.0f} ms, p99 {quantile(took, 0.99):.0f} ms;"
        f" consumer late by {counted['late_ms']:.0f} ms at most, sockets' process busy by {counted['cpu']:.0%}"
    )


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr)


def quantile(took: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(took)[min(len(took) - 1, int(share * len(took)))]
