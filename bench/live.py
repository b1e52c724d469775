"""The live side: what a delivered frame costs, whether one is lost, how long until it is painted, what sockets hold.

Everything goes the real way: LSports' bytes, the loop, PostgreSQL, an announcement over Redis, the hub of a Daphne
process, its sockets. The consumer, the sockets and the browser are processes of their own.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.live_sides import Sides, Sizes, in_words, quantile, say

from .live_desk import LiveDesk, live_desk
from .live_sockets import revision_of
from .side_by_side import row
from .worker import Worker

#: Goals of the live pages.
MOST_CPU, MOST_PAINTED_P50, MOST_PAINTED_P99, MOST_STALLED_MB, MOST_SLOWER = 0.35, 120.0, 300.0, 1.0, 1.3
#: Rows that a page shows in a window of 1080 px and near it.
ROWS_SEEN = 25


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
        """Server CPU for a delivered frame; which side begins changes from round to round."""
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
        """The memory of a socket that watches and is sent nothing, and of one of the reference's."""
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
        """Gaps and steps back in the revisions that each socket is sent, and what never came."""
        say(f"{self.sizes.many:,} sockets for {self.sizes.many_seconds:.0f} s")
        with self.sides() as sides, sides.pages(self.sizes.many):
            counted = sides.play("scores", self.sizes.many_turn, self.sizes.many_seconds)
        say(f"  {in_words(counted)}")
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
        """For the sockets that are never stalled: ms from the consumer's receipt until a frame is there."""
        counted = sides.play("scores", self.sizes.round_turn, self.sizes.round_seconds, apart=self.sizes.stalled)
        say(f"  {in_words(counted)}")
        return list(counted["milliseconds"])

    def painted_rows(self) -> list[dict[str, Any]]:
        """For each message on a fixture that Chromium shows: from its receipt until its change is on the screen."""
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
                took, never = until_painted(self.desk.feed.ask("received"), page.ask("paints"), rows)
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


def until_painted(
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
