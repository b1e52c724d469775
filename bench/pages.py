"""How long the server takes for the two pages that stand open all day, at their full size: `python -m bench.pages`.

A board of 500 fixtures, 40 in play, and a fixture of 300 markets at five bookmakers, on SQLite. Prints the median and
the worst of 20 requests; tests/test_desk_pages.py holds the number of queries.
"""

import os
import statistics
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from feed.models import Bet, Market  # noqa: E402
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source  # noqa: E402

FIXTURES, IN_PLAY, MARKETS, BOOKMAKERS, TIMES = 500, 40, 300, 5, 20
OUTCOMES = {1: ("1", "X", "2"), 2: ("Over", "Under"), 3: ("1", "2")}


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
            markets.append(Market(fixture_id=pk, market_id=market_id, name=f"Market {market_id}", revision=1))
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


def measure(client: Client, address: str) -> None:
    client.get(address)
    size = len(client.get(address).content)
    took = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - begun) * 1000)
    print(f"{address}: median {statistics.median(took):.0f} ms, worst {max(took):.0f} ms, {size:,} bytes")


def main() -> None:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    fill()
    client = Client()
    ann = User.objects.create_user("ann")
    ann.groups.set(Group.objects.filter(name="trader"))
    client.force_login(ann)
    for address in ("/", "/fixtures/2/"):
        measure(client, address)


if __name__ == "__main__":
    main()
