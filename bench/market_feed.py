"""Market messages as a feed would send them: 24 bets of a market each, every price different from the one before."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

BETS = 24
#: Each fixture has this many markets of 24 bets: 288 bets.
MARKETS = 12
START = datetime(2026, 5, 1, 12, tzinfo=UTC)
#: The message numbers of each market of a fixture, counted as LSports counts them.
sequences: defaultdict[tuple[int, int], Iterator[int]] = defaultdict(lambda: itertools.count(1))


def messages(count: int, fixtures: int, seed: int = 1, first: int = 0) -> list[bytes]:
    """Messages on markets and fixtures drawn at random; numbered from `first`, so that a later call's are newer."""
    chosen = random.Random(seed + first)
    return [
        message(first + n, 1 + chosen.randrange(fixtures), 1 + chosen.randrange(MARKETS), chosen) for n in range(count)
    ]


def every_market(fixtures: int) -> Iterator[bytes]:
    """One message for each market of each fixture: after these, all bets exist."""
    chosen = random.Random(0)
    for fixture_id in range(1, fixtures + 1):
        for market_id in range(1, MARKETS + 1):
            yield message(-1, fixture_id, market_id, chosen)


def message(number: int, fixture_id: int, market_id: int, chosen: random.Random) -> bytes:
    sent = START + timedelta(milliseconds=number)
    bets = [bet(n, fixture_id, market_id, sent, chosen) for n in range(BETS)]
    markets = [{"Id": market_id, "Name": "Under/Over", "MainLine": "2.5", "Bets": bets}]
    header = {
        "Type": 3,
        "MsgSeq": next(sequences[fixture_id, market_id]),
        "MsgGuid": "d4ff197f-8fc1-4f2c-9148-47c5c0f55ed7",
        "CreationDate": written(sent),
        "ServerTimestamp": int(sent.timestamp() * 1000),
    }
    body = {"Events": [{"FixtureId": fixture_id, "Livescore": None, "Markets": markets}]}
    return msgspec.json.encode({"Header": header, "Body": body})


def bet(n: int, fixture_id: int, market_id: int, sent: datetime, chosen: random.Random) -> dict[str, object]:
    return {
        "Probability": 0.46462,
        "CalculatedMargin": 8.05,
        "Id": bet_id(n, fixture_id, market_id),
        "Name": "Over" if n % 2 else "Under",
        "Line": f"{n // 2}.5",
        "BaseLine": f"{n // 2}.5",
        "Status": 1,
        "StartPrice": "2.06",
        "Price": f"{1 + chosen.randrange(1, 9000) / 1000:.3f}",
        "ProviderBetId": "74",
        "LastUpdate": written(sent),
    }


def bet_id(n: int, fixture_id: int, market_id: int) -> int:
    """Above 2^53 and ending with the fixture's id, as LSports' are."""
    return (100_000_000 + market_id * 100 + n) * 100_000_000 + fixture_id


def written(moment: datetime) -> str:
    """A time with 7 digits of a second, as LSports writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}5Z"
