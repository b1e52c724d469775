"""A rolling restart of everything, watched and counted (`bench.rolling`)."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg

from exam.count import Window, departures, open_spans
from exam.page import chromium
from exam.processes import desk, until
from exam.rows import Balance, balance
from exam.sample import Span, View, spans_of
from exam.services import Services
from exam.states import StateWatch
from exam.truth import Key, Truth
from feed.models import FeedSource

from .rolling_desk import Restart, RollingDesk
from .rolling_watch import Board, Line, Program, StateRequests, end_program, longest_gap, not_up
from .scratch import new_postgresql
from .side_by_side import row

REDIS_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379/15")
AMQP_URL = os.environ.get("AMQP_TEST_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")
ORDER = ("consumer 1", "consumer 2", "web 1", "web 2")
OLDEST_SECONDS = 3.0
DRAIN_SECONDS = 60.0
FIRST_SECONDS = 60.0


class Sizes(NamedTuple):
    """`steady` and `between` are seconds, before the first restart and after each."""

    rate: int = 100
    fixtures: int = 40
    in_play: int = 20
    steady: float = 15.0
    between: float = 4.0

    @property
    def supply(self) -> tuple[str, ...]:
        numbers = {"--rate": self.rate, "--fixtures": self.fixtures, "--in-play": self.in_play}
        return tuple(str(word) for pair in numbers.items() for word in pair)


class Found(NamedTuple):
    """What everybody saw, and what the database has in the end."""

    truth: Truth
    balance: Balance
    restarts: list[Restart]
    steady: Window
    rolling: Window
    spans: list[Span]
    lines: dict[str, list[Line]]
    program: Program
    complaints: list[str]
    refused: list[str]


def run(sizes: Sizes) -> list[dict[str, Any]]:
    """A row for each thing that a rolling restart must not do."""
    with new_postgresql() as database, chromium() as browser, ExitStack() as stack:
        services = Services(database, REDIS_URL, AMQP_URL)
        settings = {"DATABASE_URL": database, "REDIS_URL": REDIS_URL, "AMQP_URL": "", "REDIS_PREFIX": "desk-rolling"}
        made = stack.enter_context(desk(**settings, PYTHONUNBUFFERED="1"))
        found = watched(RollingDesk(made, services, stack, sizes.supply), Board, browser, sizes)
    print(*restarts_in_words(found), *found.complaints, *found.refused, sep="\n", file=sys.stderr)
    return rows(found, sizes)


def watched(rig: RollingDesk, board_of: type[Board], browser: Any, sizes: Sizes) -> Found:
    """Restart one process after the other while everybody watches."""
    board = board_of(browser, rig.front.address)
    stream = f"{rig.front.address.replace('http', 'ws')}/ws/v1/stream"
    program = rig.made.start("-m", "bench.rolling_program", stream, DESK_TOKEN=rig.token)
    asking = StateRequests(rig.front.address, rig.token, rig.front.trusted)
    states = StateWatch(rig.services.database)
    with closing(asking), closing(states):
        until(lambda: ", true]" in rig.made.log(program), FIRST_SECONDS, "what the program may use")
        steady_from = time.time()
        board.rest(sizes.steady)
        restarts = []
        for name in ORDER:
            restarts.append(rig.restart(name))
            board.rest(sizes.between)
        rolled = time.time()
    rig.end_supply(DRAIN_SECONDS)
    board.rest(3)
    views, lines, ends = board.seen()
    truth = rig.truth()
    with psycopg.connect(rig.services.database) as server:
        final = balance(truth, server)
    followed = end_program(program, rig.made.log_path(program))
    found = sorted(Line(at, after) for (_, after), times in states.seen.items() for at in times)
    stored = [Line(0.0, FeedSource.State.UP), *found]  # as the board had it before
    return Found(
        truth=truth,
        balance=final,
        restarts=restarts,
        steady=Window(steady_from, restarts[0].begin),
        rolling=Window(restarts[0].begin, rolled),
        spans=list(spans_of(named(views, truth), ends)),
        lines={"page": lines, "REST": asking.lines, "stream": followed.lines, "database": stored},
        program=followed,
        complaints=board.complaints,
        refused=asking.refused,
    )


def named(views: Sequence[tuple[float, str, str | None]], truth: Truth) -> Iterator[View]:
    """The board's views with the full keys of their bets; a cell names only fixture, provider and bet."""
    keys = {(key.fixture, key.provider, bet): key for key, bet in truth.ids.items()}
    for at, cell, text in views:
        fixture, provider, bet = map(int, cell.split("/"))
        if key := keys.get((fixture, provider, bet)):
            yield View(at, key, text)


def ages(spans: Sequence[Span], truth: Truth, window: Window) -> Iterator[tuple[float, Key]]:
    """How long each painted open price stayed after LSports had sent a newer state of its bet."""
    for span in spans:
        if span.price is None or span.key in truth.ambiguous:
            continue
        for states, end in departures(span.price, truth, span.key):
            since = max(states[0].at, truth.sent.get(states[0].guid, 0.0))
            last = min(span.end, end, window.end)
            if last > max(span.begin, window.begin, since):
                yield last - since, span.key


def closed(spans: Sequence[Span], truth: Truth, window: Window) -> float:
    """The longest time that an open price looked closed, not counting its first two seconds."""
    shut = [window.overlap(begin, end) for begin, end, looks_open in open_spans(spans, truth) if not looks_open]
    return max(shut, default=0.0)


def oldest(found: Found, window: Window) -> float:
    return max((age for age, _ in ages(found.spans, found.truth, window)), default=0.0)


def away(found: Found, window: Window) -> float:
    """The longest time in which the program's states were never current."""
    return longest_gap((at for at, is_current in found.program.current if is_current), *window)


def differing(program: Program, truth: Truth) -> int:
    """How many of the bets that LSports sent the program lacks, or holds in another state than the last one sent."""
    sent = {ids: last for ids, last in truth.rows.items() if last.guid in truth.sent}
    held = {ids: (program.bets[ids], last) for ids, last in sent.items() if ids in program.bets}
    same = sum(
        status == last.status and price is not None and Decimal(price) == last.price
        for (status, price), last in held.values()
    )
    return len(sent) - same


def painted(found: Found) -> int:
    """How often a price was painted anew while everything was restarted."""
    return sum(found.rolling.begin <= span.begin <= found.rolling.end for span in found.spans)


def restarts_in_words(found: Found) -> Iterator[str]:
    for one in found.restarts:
        window = Window(one.begin, one.ready + 2)
        yield (
            f"{one.name}: ended after {one.ended - one.begin:.1f} s, ready after {one.ready - one.begin:.1f} s; "
            f"page at most {oldest(found, window):.1f} s old, program {away(found, window):.1f} s without"
        )
    for who, lines in found.lines.items():
        yield f"{who} read: {not_up(lines, *found.rolling) or 'up'}"


def rows(found: Found, sizes: Sizes) -> list[dict[str, Any]]:
    truth, steady, rolling = found.truth, found.steady, found.rolling
    sent = sum(rolling.begin <= at <= rolling.end for at in truth.sent_at) / (rolling.end - rolling.begin)
    news = found.program.news
    states = [
        none(
            f"seconds that {who} had another state than UP", "s", sum(seconds for _, seconds in not_up(lines, *rolling))
        )
        for who, lines in found.lines.items()
    ]
    return [
        row(
            "sent while everything was restarted",
            "messages/s",
            sent,
            goal=f">= {sizes.rate * 0.9:g}",
            holds=sent >= sizes.rate * 0.9,
        ),
        none(f"of {found.balance.bets} bets lost", "bets", found.balance.lost),
        none(f"of {found.balance.words} statements not in the history", "", found.balance.forgotten),
        none("states twice in a row in the history", "", found.balance.doubled),
        none(f"of {found.balance.bets} bets lost or different at the program", "bets", differing(found.program, truth)),
        *states,
        row("prices painted anew", "", painted(found), goal=">= 100", holds=painted(found) >= 100),
        at_most("oldest price on the page", oldest(found, rolling), oldest(found, steady)),
        at_most("longest without news, program", longest_gap(news, *rolling), longest_gap(news, *steady)),
        at_most("longest not current, program", away(found, rolling), away(found, steady)),
        row(
            "longest that an open price looked closed",
            "s",
            closed(found.spans, truth, rolling),
            closed(found.spans, truth, steady),
        ),
        none("REST requests that failed", "", len(found.refused)),
        none("errors on the page", "", len(found.complaints)),
    ]


def none(what: str, unit: str, ours: float) -> dict[str, Any]:
    return row(what, unit, ours, goal="0", holds=not ours)


def at_most(what: str, ours: float, steady: float) -> dict[str, Any]:
    """In seconds, beside the same while nothing was restarted."""
    return row(what, "s", ours, steady, goal=f"<= {OLDEST_SECONDS:g}", holds=ours <= OLDEST_SECONDS)
