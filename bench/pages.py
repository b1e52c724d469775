"""The server's work for the two pages that are open all day, at their full size: `python -m bench pages`.

One is a board of 500 fixtures, 40 of them in play; the other a fixture of 300 markets at five bookmakers, as it first
opens, with the usual groups open, and with all of them. On SQLite, compressed. Each figure is the median of 20 requests
in CPU time, since waiting says more about the machine than about the desk.
"""

import os
import statistics
import time
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from feed.models import Bet, Market  # noqa: E402
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source  # noqa: E402

from .side_by_side import row  # noqa: E402

FIXTURES, IN_PLAY, MARKETS, BOOKMAKERS, TIMES = 500, 40, 300, 5, 20
OUTCOMES = {1: ("1", "X", "2"), 2: ("Over", "Under"), 3: ("1", "2")}
#: The markets take these names in turn, so that a fixture's groups are alike in size.
NAMES = ("Under/Over Goals", "Asian Handicap", "1st Half Result", "Player to score", "Corners")
#: The page, its address, the CPU time in ms and the queries that it may take.
PAGES = (
    ("board of 500 fixtures", "/", 120, 12),
    ("fixture of 300 markets", "/fixtures/2/", 150, 15),
    ("the same, main, goals and handicap open", "/fixtures/2/?open=main,goals,handicap", 150, 15),
    ("the same, all groups open", "/fixtures/2/?open=main,goals,handicap,halves,players,other", 150, 15),
)


def fill() -> None:
    """The fixtures; each has the three main markets at five bookmakers, the first one 300 markets."""
    source = make_source(state_since=NOW)
    make_bet(make_market(make_fixture(1), 1), "1", "2.0")
    markets, bets = [], []
    for pk in range(2, FIXTURES + 1):
        fixture = make_fixture(pk, f"Home {pk}", f"Away {pk}", status=2 if pk <= IN_PLAY else 1)
        if pk <= IN_PLAY:
            make_scoreboard(fixture)
        numbers = range(1, MARKETS + 1) if pk == 2 else OUTCOMES
        for market_id in numbers:
            markets.append(
                Market(fixture_id=pk, market_id=market_id, name=f"{NAMES[market_id % 5]} {market_id}", revision=1)
            )
            for provider in range(8, 8 + BOOKMAKERS):
                for place, name in enumerate(OUTCOMES.get(market_id, ("1", "2"))):
                    bets.append(
                        Bet(
                            fixture_id=pk,
                            market_id=market_id,
                            provider_id=provider,
                            bet_id=len(bets) + 1,
                            name=name,
                            status=1,
                            price=f"{1.8 + place / 10:.2f}",
                            source=source,
                            received_at=NOW,
                            last_update=NOW,
                        )
                    )
    Market.objects.bulk_create(markets)
    Bet.objects.bulk_create(bets, batch_size=2000)


def run() -> list[dict[str, Any]]:
    """Rows of each page: the CPU time that the server takes for it, and the number of its queries."""
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    fill()
    client = Client(headers={"accept-encoding": "gzip"})
    ann = User.objects.create_user("ann")
    ann.groups.set(Group.objects.filter(name="trader"))
    client.force_login(ann)
    return [line for what, address, most_ms, most in PAGES for line in rows(client, what, address, most_ms, most)]


def rows(client: Client, what: str, address: str, most_ms: float, most_queries: int) -> list[dict[str, Any]]:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        size = len(client.get(address).content)
        count = len(queries)
    worked, waited = [], []
    for _ in range(TIMES):
        begun, begun_to_work = time.perf_counter(), time.process_time()
        client.get(address)
        worked.append((time.process_time() - begun_to_work) * 1000)
        waited.append((time.perf_counter() - begun) * 1000)
    ours = statistics.median(worked)
    more = {"waited_ms": statistics.median(waited), "bytes": size}
    return [
        row(what, "ms of CPU", ours, goal=f"<= {most_ms:g}", holds=ours <= most_ms, **more),
        row("its queries", "", count, goal=f"<= {most_queries}", holds=count <= most_queries),
    ]
