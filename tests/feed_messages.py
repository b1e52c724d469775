"""TRADE messages of invented fixtures, and a transport that holds them."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from feed.transport import Delivery

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def message(kind: int, body: Any = None, *, sent_at: datetime = NOON, seq: int | None = None) -> bytes:
    """A TRADE message; `sent_at` in whole milliseconds."""
    header = {"Type": kind, "MsgSeq": seq, "MsgGuid": "g", "ServerTimestamp": int(sent_at.timestamp() * 1000)}
    return json.dumps({"Header": header} | ({} if body is None else {"Body": body})).encode()


def heartbeat(sent_at: datetime = NOON, interrupted: list[int] | None = None) -> bytes:
    return message(32, {"FeedInterrupted": interrupted} if interrupted else None, sent_at=sent_at)


def fixture(fixture_id: int, *, status: int = 2, sent_at: datetime = NOON) -> bytes:
    home, away = ({"Id": fixture_id * 10 + n, "Name": f"Team {n}", "Position": str(n)} for n in (1, 2))
    described = {
        "Sport": {"Id": 6046, "Name": "Football"},
        "Location": {"Id": 142, "Name": "Spain"},
        "League": {"Id": 8363, "Name": "Meadow League"},
        "StartDate": "2026-11-20T12:00:00Z",
        "LastUpdate": sent_at.isoformat(),
        "Status": status,
        "Participants": [home, away],
    }
    events = [{"FixtureId": fixture_id, "Fixture": described, "Livescore": None, "Markets": None}]
    return message(1, {"Events": events}, sent_at=sent_at, seq=1)


def livescore(fixture_id: int, home: int, away: int, *, seconds: int = 0) -> bytes:
    """A scoreboard, sent `seconds` after noon."""
    results = [{"Position": "1", "Value": str(home)}, {"Position": "2", "Value": str(away)}]
    scoreboard = {"Status": 2, "CurrentPeriod": 10, "Time": str(seconds), "Results": results}
    events = [{"FixtureId": fixture_id, "Livescore": {"Scoreboard": scoreboard, "Periods": [], "Statistics": []}}]
    return message(2, {"Events": events}, sent_at=NOON + timedelta(seconds=seconds), seq=seconds + 1)


def market(fixture_id: int, price: str, *, seconds: int = 0) -> bytes:
    """One 1X2 price, last updated `seconds` after noon."""
    at = NOON + timedelta(seconds=seconds)
    bet = {"Id": 9_007_199_254_740_993, "Name": "1", "Status": 1, "Price": price, "LastUpdate": at.isoformat()}
    events = [{"FixtureId": fixture_id, "Markets": [{"Id": 1, "Name": "1X2", "Bets": [bet]}]}]
    return message(3, {"Events": events}, sent_at=at, seq=seconds + 1)


def hyper_fixture(fixture_id: int, *, sent_at: datetime = NOON) -> bytes:
    """A fixture in the words of Hyper Livescore."""
    header = {"MessageId": f"m{fixture_id}", "Timestamp": sent_at.isoformat(), "MessageType": 1}
    sides = [{"id": fixture_id * 10 + n, "name": f"Team {n}", "position": n} for n in (1, 2)]
    body = {
        "fixtureId": fixture_id,
        "status": 1,
        "startDate": "2026-11-20T14:00:00Z",
        "sport": {"id": 6046, "name": "Football"},
        "location": {"id": 142, "name": "Spain"},
        "league": {"id": 8363, "name": "Meadow League"},
        "participants": sides,
    }
    return json.dumps({"header": header, "body": body}).encode()


class ListTransport:
    """Yields the given bodies, None where one is None, and remembers what was acknowledged."""

    def __init__(self, bodies: Iterable[bytes | None], *, trouble: str = "") -> None:
        self.bodies = list(bodies)
        self.trouble = trouble
        self.acked: list[int] = []
        self.is_closed = False

    def __iter__(self) -> Iterator[Delivery | None]:
        for tag, body in enumerate(self.bodies, start=1):
            if self.is_closed:
                return
            yield None if body is None else Delivery(body=body, received_at=datetime.now(UTC), tag=tag, queue="_123_")

    def ack(self, last: Delivery) -> None:
        self.acked.append(last.tag)

    def close(self) -> None:
        self.is_closed = True
