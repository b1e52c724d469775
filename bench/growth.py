"""What a message costs when the store is full: 10,000 fixtures and 3,000,000 bets beside 100 fixtures; and the memory.

Each store is a PostgreSQL database with a consumer process of its own; both take the same number of messages in turns.
Messages go to 100 fixtures in play (the others rest, as they really do), and, as the worst case, to all at random.
"""

import json
import subprocess
import sys
from contextlib import ExitStack
from time import monotonic
from typing import IO, Any, cast

import psycopg

from . import desk_side, market_feed
from .memory import megabytes
from .scratch import new_postgresql
from .side_by_side import in_turns, row

LITTLE, MUCH = 100, 10_417  # 288 bets each: 28,800 and 3,000,096
#: The number of the first message on all fixtures: these are newer than the messages on those in play.
LATER = 10**7
ROUNDS, MESSAGES = 12, 1500
WARM_UP = 3000
MOST_TIMES, MOST_MEGABYTES = 1.25, 250
#: Memory is flat if at the end it is at most this many times what it was after a tenth of the time.
FLAT = 1.05
#: How long the full store takes messages on all fixtures, to see whether its memory grows.
MEMORY_SECONDS = 600


def run() -> list[dict[str, Any]]:
    """Cost in play, cost on all fixtures, memory."""
    with ExitStack() as stack:
        urls = [stack.enter_context(new_postgresql()) for _ in range(2)]
        for url, fixtures in zip(urls, (LITTLE, MUCH), strict=True):
            desk_side.migrate(url)
            fill(url, fixtures)
        little, much, all_of_much = (
            stack.enter_context(Consumer(url, spread, first))
            for url, spread, first in ((urls[0], LITTLE, 0), (urls[1], LITTLE, 0), (urls[1], MUCH, LATER))
        )
        return [
            growth_row("per message, 3,000,000 bets, 100 in play", much, little),
            growth_row("per message, 3,000,000 bets, all in play", all_of_much, little),
            memory_row(all_of_much),
        ]


def fill(url: str, fixtures: int) -> None:
    """Rows as the store writes them, made in the database."""
    print(f"  filling a store with {fixtures:,} fixtures ...", file=sys.stderr)
    numbers = f"generate_series(1, {fixtures}) AS f, generate_series(1, {market_feed.MARKETS}) AS m"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO feed_fixture (id, kind, name, status, external_fixture_id, external_provider_id, extra_data,"
            " details, revision, fixture_revision, scoreboard_revision, periods_revision, incidents_revision,"
            " statistics_revision, markets_revision, stored_at)"
            f" SELECT f, 'match', 'Fixture ' || f, 2, '', '', '{{}}', '{{}}', 1, 0, 0, 0, 0, 0, 1, now()"
            f" FROM generate_series(1, {fixtures}) AS f"
        )
        connection.execute(
            "INSERT INTO feed_market (fixture_id, market_id, name, main_line, revision)"
            f" SELECT f, m, 'Under/Over', '2.5', 1 FROM {numbers}"
        )
        connection.execute(
            "INSERT INTO feed_bet (fixture_id, market_id, provider_id, bet_id, name, line, base_line, status,"
            " start_price, price, provider_bet_id, player_name, last_update, sent_at, moves, received_at, revision)"
            " SELECT f, m, 0, (100000000::bigint + m * 100 + n) * 100000000 + f,"
            " CASE n % 2 WHEN 1 THEN 'Over' ELSE 'Under' END, n / 2 || '.5', n / 2 || '.5', 1, 2.06, 2.06, '74', '',"
            f" '2026-04-30', '2026-04-30', 0, now(), 1 FROM {numbers}, generate_series(0, {market_feed.BETS - 1}) AS n"
        )
        connection.execute("VACUUM (ANALYZE) feed_bet, feed_market, feed_fixture")


def growth_row(what: str, full: "Consumer", little: "Consumer") -> dict[str, Any]:
    """The mean of the quicker half of the rounds: what else the machine does slows the others."""

    def prepare(_: int) -> None:
        full.make(MESSAGES)
        little.make(MESSAGES)

    mine, theirs = in_turns(lambda _: full.take(), lambda _: little.take(), ROUNDS, prepare)
    own, other = (sum(sorted(took)[: ROUNDS // 2]) / (ROUNDS // 2) / MESSAGES * 1e6 for took in (mine, theirs))
    return row(what, "us", own, other, own / other, f"<= {MOST_TIMES}", own / other <= MOST_TIMES)


def memory_row(consumer: "Consumer") -> dict[str, Any]:
    """The consumer's memory after a tenth of the time (reference) and at the end."""
    began, first = monotonic(), 0.0
    while (passed := monotonic() - began) < MEMORY_SECONDS:
        consumer.make(MESSAGES)
        consumer.take()
        first = first or (passed > MEMORY_SECONDS / 10 and consumer.megabytes()) or 0.0
    last = consumer.megabytes()
    holds = last <= MOST_MEGABYTES and last <= first * FLAT
    return row("memory of that consumer", "MB", last, first, last / first, f"<= {MOST_MEGABYTES} MB, flat", holds)


class Consumer:
    """A process that stores messages on the first `spread` fixtures of a database, numbered from `first`."""

    def __init__(self, url: str, spread: int, first: int) -> None:
        command = [sys.executable, "-m", "bench.growth", url, str(spread), str(first)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Consumer":
        self.make(WARM_UP)
        self.take()
        return self

    def __exit__(self, *exc: object) -> None:
        self.process.kill()
        self.process.communicate()

    def make(self, count: int) -> None:
        """Make the messages that `take` then stores: only the storing is timed."""
        self.ask("make", count)

    def take(self) -> None:
        self.ask("take")

    def megabytes(self) -> float:
        return float(self.ask("memory"))

    def ask(self, what: str, count: int = 0) -> str:
        requests, answers = cast(IO[str], self.process.stdin), cast(IO[str], self.process.stdout)
        print(json.dumps([what, count]), file=requests, flush=True)
        return answers.readline()


def serve(url: str, spread: int, number: int) -> None:
    """The consumer's own process: carries out each command, then says so."""
    desk_side.set_up(url)
    made: list[bytes] = []
    for line in sys.stdin:
        what, count = json.loads(line)
        answer: object = "done"
        if what == "make":
            made = market_feed.messages(count, spread, first=number)
            number += count
        elif what == "take":
            desk_side.ingest(made)
        else:
            answer = megabytes()
        print(answer, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
