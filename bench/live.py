"""The live side: what a delivered frame costs, whether one is lost, how long until it is painted, what sockets hold.

Everything goes the true way: LSports' bytes, the loop, PostgreSQL, an announcement over Redis, the hub of a Daphne
process, its sockets. The consumer, the sockets and the browser are processes of their own.
"""

import sys
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from .live_desk import LiveDesk, Served, live_desk
from .live_sockets import revision_of
from .side_by_side import row
from .worker import Worker

#: Goals of the live pages.
MOST_CPU, MOST_PAINTED_P50, MOST_PAINTED_P99, MOST_STALLED_MB, MOST_SLOWER = 0.35, 120.0, 300.0, 1.0, 1.3
#: Each socket watches the scoreboards of so many fixtures; goals fall in turns, so that none falls twice within a pace.
TURNS = 5
#: What is on its way at the end of a play has come by then.
ARRIVAL_SECONDS = 5.0
#: Rows that a page shows in a window of 1080 px and near it.
ROWS_SEEN = 25
PAGES = ["/ws/v1/pages/"]


@dataclass(frozen=True)
class Sizes:
    """How much is measured. A `turn` is in seconds: a socket is told one frame in each."""

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


def run(sizes: Sizes | None = None) -> list[dict[str, Any]]:
    sizes = sizes or Sizes()
    with live_desk(max(sizes.fixtures, sizes.in_play)) as desk:
        bench = Bench(sizes, desk)
        return [
            bench.cpu_row(),
            bench.memory_row(),
            bench.many_row(),
            *bench.stalled_rows(),
            *bench.painted_rows(),
        ]


class Bench:
    """The measurements, on one desk."""

    def __init__(self, sizes: Sizes, desk: LiveDesk) -> None:
        self.sizes = sizes
        self.desk = desk

    @contextmanager
    def sides(self) -> Iterator["Sides"]:
        """A web process that has served sockets of both kinds already, and the process that holds sockets."""
        with self.desk.served() as web, Worker("live_sockets") as sockets:
            sides = Sides(self.sizes, self.desk, web, sockets)
            sides.warm_up()
            yield sides

    def cpu_row(self) -> dict[str, Any]:
        """Server CPU for a delivered frame; who begins changes from round to round."""
        mine: list[float] = []
        theirs: list[float] = []
        with self.sides() as sides:
            for number in range(self.sizes.rounds):
                say(f"CPU for a frame, round {number + 1}")
                costs = [(sides.hub_cost, mine), (sides.group_cost, theirs)]
                for cost, noted in costs if number % 2 else reversed(costs):
                    noted.append(cost())
        ratio = median(own / other for own, other in zip(mine, theirs, strict=True))
        what = f"server CPU for a frame, {self.sizes.sockets:,} sockets"
        return row(what, "us", median(mine), median(theirs), ratio, f"<= {MOST_CPU}", ratio <= MOST_CPU)

    def memory_row(self) -> dict[str, Any]:
        """What a socket holds that watches and is told nothing, and one of the reference's."""
        say("memory of a socket")
        mine, theirs = self.held(lambda sides: sides.pages), self.held(lambda sides: sides.groups)
        what = f"memory of a socket, {self.sizes.sockets:,} that watch"
        return row(what, "kB", mine * 1024, theirs * 1024, mine / theirs if theirs else None)

    def held(self, kind: Callable[["Sides"], Callable[[int], Any]]) -> float:
        """MB for each socket, in a new process."""
        with self.sides() as sides:
            before = sides.web.megabytes()
            with kind(sides)(self.sizes.sockets):
                time.sleep(self.sizes.settle_seconds)
                return (sides.web.megabytes() - before) / self.sizes.sockets

    def many_row(self) -> dict[str, Any]:
        """Gaps and steps back in the revisions that each socket is told, and what never came."""
        say(f"{self.sizes.many:,} sockets for {self.sizes.many_seconds:.0f} s")
        with self.sides() as sides, sides.pages(self.sizes.many):
            counted = sides.play("scores", self.sizes.many_turn, self.sizes.many_seconds)
        say(f"  {told(counted)}")
        wrong = counted["lost"] + counted["behind"] + counted["disordered"]
        figures = {name: counted[name] for name in ("frames", "lost", "behind", "disordered", "closed", "cpu_seconds")}
        what = f"lost or disordered, {self.sizes.many:,} x {1 / self.sizes.many_turn:.0f}/s"
        return row(what, "frames", wrong, goal="0", holds=not wrong and not counted["closed"], **figures)

    def stalled_rows(self) -> list[dict[str, Any]]:
        """Some sockets neither read nor acknowledge: the others' latency with them and without, and what they hold."""
        awake: list[float] = []
        asleep: list[float] = []
        held: list[float] = []
        heavy, others = self.sizes.stalled, self.sizes.sockets - self.sizes.stalled
        with self.sides() as sides, sides.pages(heavy, [sides.rows("")]), sides.pages(others):
            for number in range(self.sizes.stalled_rounds):
                say(f"{heavy} stalled of {self.sizes.sockets}, round {number + 1}")
                awake += self.latencies(sides)
                before = sides.web.megabytes()
                sides.sockets.ask("stall", count=heavy)
                asleep += self.latencies(sides)
                held.append((sides.web.megabytes() - before) / heavy)
                sides.sockets.ask("wake")
                time.sleep(self.sizes.settle_seconds)
        own, other = quantile(asleep, 0.99), quantile(awake, 0.99)
        what, slower = f"p99 of the others, {heavy} of {self.sizes.sockets} stalled", own / other
        return [
            row(what, "ms", own, other, slower, f"<= {MOST_SLOWER}", slower <= MOST_SLOWER),
            row("memory of a stalled socket", "kB", max(held) * 1024, goal="< 1 MB", holds=max(held) < MOST_STALLED_MB),
        ]

    def latencies(self, sides: "Sides") -> list[float]:
        """Of the sockets that are never stalled, ms from the consumer's receipt until a frame is there."""
        counted = sides.play("scores", self.sizes.round_turn, self.sizes.round_seconds, apart=self.sizes.stalled)
        say(f"  {told(counted)}")
        return list(counted["milliseconds"])

    def painted_rows(self) -> list[dict[str, Any]]:
        """Of each message on a fixture that Chromium shows: from its receipt until what it changed is on the screen."""
        say(f"painted at {self.sizes.rate:.0f} messages/s")
        with self.sides() as sides, Worker("live_page") as page:
            seen = page.ask("open", address=sides.web.address, cookie=self.desk.cookie)
            rows = [topic for topic in seen if topic.startswith("row:")]
            words = rows[0].partition("?")[2]
            shown = sides.rows(f"?{words}" if words else "")
            windows = [shown[first : first + ROWS_SEEN] for first in range(0, len(shown), ROWS_SEEN)]
            with sides.pages(self.sizes.watching, windows):
                page.ask("paints")
                sides.sockets.ask("reset")
                cpu = sides.web.cpu_seconds()
                self.desk.feed.ask(
                    "mixed", fixtures=self.sizes.in_play, rate=self.sizes.rate, seconds=self.sizes.painting_seconds
                )
                time.sleep(1)
                busy = (sides.web.cpu_seconds() - cpu) / self.sizes.painting_seconds
                sent = sides.sockets.ask("tell")["frames"] / self.sizes.painting_seconds
                took, never = painted(self.desk.feed.ask("received"), page.ask("paints"), rows)
        say(
            f"  {len(rows)} rows seen, {len(took)} messages painted, {never} never; {sent:.0f} frames/s, CPU {busy:.0%}"
        )
        figures = {"messages": len(took), "rows": len(rows), "never": never, "frames_per_second": sent, "cpu": busy}
        return [
            row(
                f"received to painted, {name}",
                "ms",
                cut,
                goal=f"<= {most:.0f}",
                holds=cut <= most and not never,
                **figures,
            )
            for name, share, most in (("p50", 0.5, MOST_PAINTED_P50), ("p99", 0.99, MOST_PAINTED_P99))
            for cut in [quantile(took, share)]
        ]


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
        """So many pages that watch these topics in turns, scoreboards unless told otherwise."""
        scoreboards = [[scoreboard(pk) for pk in fixtures] for fixtures in self.bundles()]
        yield from self.connected(count, PAGES, watched or scoreboards)

    @contextmanager
    def groups(self, count: int) -> Iterator[None]:
        """So many of the reference's sockets, each in the groups of the fixtures that a page watches."""
        paths = [f"/group_send/{'-'.join(map(str, fixtures))}/" for fixtures in self.bundles()]
        yield from self.connected(count, paths, None)

    def connected(self, count: int, paths: Sequence[str], watched: Sequence[Sequence[str]] | None) -> Iterator[None]:
        where = {"address": self.web.address, "cookie": self.desk.cookie}
        self.sockets.ask("open", **where, count=count, paths=paths, watched=watched)
        yield
        self.sockets.ask("close")
        time.sleep(1.5)  # Daphne ends the applications of closed sockets each second

    def play(self, what: str, turn: float, seconds: float, apart: int = 0) -> dict[str, Any]:
        """Goals by turns for so long, over the hub ("scores") or "groups": what sockets counted, and the CPU used."""
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
        """Code is loaded and connections are open: what that takes is no socket's."""
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
        say(f"  {what}: {told(counted)}")
        return float(counted["cpu_seconds"] / counted["frames"] * 1e6)


def scoreboard(fixture_id: int) -> str:
    return f"scoreboard:{fixture_id}"


def painted(
    received: Sequence[tuple[int, int, float]], paints: Sequence[tuple[str, str, float]], seen: Sequence[str]
) -> tuple[list[float], int]:
    """ms from each message's receipt to the first paint of its fixture's row at its revision, and how many had none."""
    revisions: dict[int, list[int]] = defaultdict(list)
    moments: dict[int, list[float]] = defaultdict(list)
    for topic, version, at in paints:
        if topic in seen:
            revisions[of_row(topic)].append(revision_of(topic, version))
            moments[of_row(topic)].append(at)
    took, never, shown = [], 0, {of_row(topic) for topic in seen}
    for fixture_id, revision, at in received:
        if fixture_id not in shown:
            continue
        place = bisect_left(revisions[fixture_id], revision)
        if place < len(revisions[fixture_id]):
            took.append(moments[fixture_id][place] - at)
        else:
            never += 1
    return took, never


def of_row(topic: str) -> int:
    return int(topic.partition("?")[0].partition(":")[2])


def quantile(took: Sequence[float], share: float) -> float:
    """What so great a share of all took at most."""
    return sorted(took)[min(len(took) - 1, int(share * len(took)))]


def told(counted: dict[str, Any]) -> str:
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
