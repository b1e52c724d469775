"""10,000 alert rules at 300 messages a second: what a check costs, beside every rule seeing every price."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Any

import msgspec

from exam.databases import new_postgresql

from . import desk_side
from .market_feed import BETS, MARKETS, bet_id, written
from .side_by_side import row

RULES, TRADERS, FIXTURES, RATE, CHECKS = 10_000, 200, 200, 300, 12
#: Prices that the reference sees; its cost is multiplied up to all.
SAMPLE = 40
MOST_CPU, MOST_SECONDS = 0.1, 1.0
PROVIDERS = 8
#: Checks before the first that counts.
WARM = 2
every = range(PROVIDERS)
chosen = random.Random(4)
prices: dict[int, float] = {}


def run() -> list[dict[str, Any]]:
    with new_postgresql() as url:
        desk_side.set_up(url)
        return rows()


def rows() -> list[dict[str, Any]]:
    from django.utils import timezone

    from feed.alerts import watch as watching

    desk_side.ingest([message(pk, market, every) for pk in range(1, FIXTURES + 1) for market in range(1, MARKETS + 1)])
    make_rules()
    watch = watching.AlertWatch(timezone.now())
    watch.check(timezone.now())
    share, late = checked(watch, lambda: [chosen.randrange(PROVIDERS)])
    whole, _ = checked(watch, lambda: every)
    reference = every_rule_sees_everything(watch)
    what, late = f"{RULES:,} alert rules, {RATE} messages/s", late + watching.CHECK_SECONDS
    more = {"goal": "<= 10 %", "holds": share <= MOST_CPU}
    of_message = BETS // PROVIDERS
    return [
        row(what, "% of core", share * 100, reference * of_message * 100, share / reference / of_message, **more),
        row(
            f"the same, {BETS} prices in each",
            "% of core",
            whole * 100,
            reference * BETS * 100,
            whole / reference / BETS,
        ),
        row("alert stored within", "s", late, goal=f"<= {MOST_SECONDS:.0f}", holds=late <= MOST_SECONDS),
    ]


def checked(watch: Any, books: Callable[[], Sequence[int]]) -> tuple[float, float]:
    """CPU of the checks, each after the messages since the last (1: a whole core), and the longest one's seconds."""
    from django.utils import timezone

    from feed.alerts.watch import CHECK_SECONDS

    cpu, took = [], []
    for _ in range(CHECKS):
        places = [(chosen.randint(1, FIXTURES), chosen.randint(1, MARKETS)) for _ in range(int(RATE * CHECK_SECONDS))]
        desk_side.ingest([message(*place, books()) for place in places])
        began, used = time.monotonic(), time.process_time()
        watch.check(timezone.now())
        cpu.append(time.process_time() - used)
        took.append(time.monotonic() - began)
    return median(cpu[WARM:]) / CHECK_SECONDS, max(took[WARM:])


def every_rule_sees_everything(watch: Any) -> float:
    """Seconds of CPU for one price in each message of a second."""
    from feed.alerts.facts import price_facts, price_rows
    from feed.models import JournalEntry

    watches = list(watch.watches.of_rules.values())
    newest = list(JournalEntry.objects.order_by("-pk").values_list("pk", flat=True)[: SAMPLE // BETS + 1])
    facts = price_facts(price_rows(JournalEntry.objects.filter(pk__in=newest)))[:SAMPLE]
    began = time.process_time()
    for fact in facts:
        for one in watches:
            one.see(fact)
    return (time.process_time() - began) / len(facts) * RATE


def make_rules() -> None:
    from django.contrib.auth.models import User

    from feed.models import AlertRule, Desk

    traders = User.objects.bulk_create([User(username=f"trader{number}") for number in range(TRADERS)])
    Desk.objects.bulk_create(
        [Desk(user=trader, favourites=chosen.sample(range(1, FIXTURES + 1), 6)) for trader in traders]
    )
    AlertRule.objects.bulk_create([AlertRule(user=traders[n % TRADERS], **fields(n)) for n in range(RULES)])


def fields(number: int) -> dict[str, Any]:
    """Most rules are for prices of one market; a trader has two for their favourites; one of 500 is for everything."""
    kind = ("price_passes", "price_passes", "price_moves", "bookmakers_move", "suspended", "incident")[number % 6]
    mine = {"name": str(number), "kind": kind, "amount": Decimal(9), "made_at": datetime.now(UTC)}
    if number % 500 == 0:
        return mine
    if number % 25 == 0:
        return {**mine, "only_favourites": True}
    mine |= {"fixture_id": chosen.randint(1, FIXTURES), "market_id": chosen.randint(1, MARKETS)}
    outcome = {"outcome": chosen.choice(["Over", "Under"]), "line": f"{chosen.randrange(BETS // 2)}.5"}
    provider = {"provider_id": chosen.randint(1, PROVIDERS)} if number % 2 else {}
    return {**mine, **outcome, **provider}


def message(fixture_id: int, market_id: int, books: Sequence[int]) -> bytes:
    """Prices of a market move a little, at these of its eight bookmakers."""
    now = datetime.now(UTC)
    own = list(bets(fixture_id, market_id, now))
    providers = [{"Id": 1 + book, "Name": f"Book {book}", "Bets": own[book::PROVIDERS]} for book in books]
    markets = [{"Id": market_id, "Name": "Under/Over", "ProviderMarkets": providers}]
    header = {"Type": 3, "MsgGuid": "g", "ServerTimestamp": int(now.timestamp() * 1000)}
    return msgspec.json.encode({"Header": header, "Body": {"Events": [{"FixtureId": fixture_id, "Markets": markets}]}})


def bets(fixture_id: int, market_id: int, now: datetime) -> Iterator[dict[str, Any]]:
    for n in range(BETS):
        pk = bet_id(n, fixture_id, market_id)
        prices[pk] = min(8.0, max(1.1, prices.get(pk, 1.5 + chosen.random() * 2) * (0.98 + 0.04 * chosen.random())))
        line = f"{n // 2}.5"
        own = {"Id": pk, "Name": "Over" if n % 2 else "Under", "Line": line, "BaseLine": line, "Status": 1}
        yield {**own, "Price": f"{prices[pk]:.3f}", "LastUpdate": written(now)}
