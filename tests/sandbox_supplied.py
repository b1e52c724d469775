"""A simulated supplier without a broker, and what its messages hold, for tests."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.course import Fate, course
from sandbox.coverage import Coverage
from sandbox.outgoing import Outgoing
from sandbox.sports import SPORTS
from sandbox.supplier import Supplier, milliseconds
from tests.sandbox_matches import make_match, make_offer

START = datetime(2026, 1, 10, 15, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def make_supplier(**settings: Any) -> Supplier:
    return Supplier(**{"fixtures": 24, "start": START, **settings})


def events(outgoing: Outgoing) -> list[dict[str, Any]]:
    return json.loads(outgoing.body)["Body"].get("Events", [])


def bets_of(outgoing: Outgoing) -> list[tuple[int, int, dict[str, Any]]]:
    """(market, provider or 0, bet) of a market or settlement message of a match."""
    found = []
    for market in events(outgoing)[0]["Markets"]:
        found += [(market["Id"], 0, bet) for bet in market.get("Bets", ())]
        for provider in market.get("ProviderMarkets", ()):
            found += [(market["Id"], provider["Id"], bet) for bet in provider["Bets"]]
    return found


def cover(supplier: Supplier, fate: Fate, wait: float = 0.0) -> Coverage:
    """A football match that begins in `wait` of its seconds, with a fate."""
    match = make_match(SPORTS[0], 1)
    match.card.start = milliseconds(START) + int(wait * 1000 / supplier.speed)
    steps = course(match, wait, 112, fate)
    coverage = Coverage(slot=0, contest=match, offer=make_offer(SPORTS[0], match), course=steps, halts=(12.0, 40.0))
    supplier.cover(coverage, milliseconds(START) + 10)
    return coverage
