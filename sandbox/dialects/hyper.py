"""Hyper Livescore JSON: whole fixtures, single incidents, no odds (docs/protocol.md, Hyper Livescore messages)."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from feed.codes import MessageType, SportId
from sandbox.bet import Moves
from sandbox.bookmakers import Bookmaker
from sandbox.contest import Contest, News, Topic
from sandbox.match import NO_CLOCK, Match
from sandbox.outgoing import Feed, Outgoing

from .envelope import Post, iso

encode = msgspec.json.Encoder().encode
#: Hyper's own message types: 1 is a fixture, 2 an incident.
FIXTURE, INCIDENT = MessageType.FIXTURE, MessageType.LIVESCORE
#: Hyper covers neither tennis nor races (docs/protocol.md, Hyper Livescore messages).
NOT_COVERED = frozenset({SportId.TENNIS})
GOAL_SPORTS = frozenset({SportId.FOOTBALL, SportId.ICE_HOCKEY, SportId.HANDBALL})
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th")
NAMED_PERIODS = {
    10: "1st Half", 20: "2nd Half", 30: "Overtime 1st Half", 35: "Overtime 2nd Half", 40: "Overtime",
    50: "Penalties", 80: "Break Time", 100: "Full Time", 101: "Full Time After Overtime",
    102: "Full Time After Penalties",
}  # fmt: skip


class Hyper:
    """`books` and odds are of no use here."""

    def __init__(self, post: Post, books: dict[int, Bookmaker] | None = None, odds: object = None) -> None:
        self.post = post
        self.incidents = 700_000
        #: The ids of incidents that may still be cancelled: by fixture, the last score.
        self.last_score: dict[int, int] = {}

    def heartbeat(self) -> Iterator[Outgoing]:
        """None is described for Hyper."""
        return iter(())

    def keep_alive(self, fixture_ids: list[int]) -> Iterator[Outgoing]:
        return iter(())

    def market(self, contest: Contest, moves: Moves, feeds: tuple[Feed, ...] | None = None) -> Iterator[Outgoing]:
        return iter(())

    def settlement(self, contest: Contest, moves: Moves) -> Iterator[Outgoing]:
        return iter(())

    def fixture(self, contest: Contest) -> Iterator[Outgoing]:
        if isinstance(contest, Match) and contest.card.sport.id not in NOT_COVERED:
            yield self.message(FIXTURE, contest, fixture_body(contest), Feed.FIXTURES)

    def livescore(self, contest: Contest, news: Iterable[News]) -> Iterator[Outgoing]:
        if not isinstance(contest, Match) or contest.card.sport.id in NOT_COVERED:
            return
        for happening in news:
            body = self.incident_body(contest, happening)
            yield self.message(INCIDENT, contest, body, Feed.INCIDENTS)

    def incident_body(self, match: Match, news: News) -> dict[str, Any]:
        """A cancelled score has the id of the score that it takes back."""
        fixture_id = match.card.fixture_id
        number = self.last_score.get(fixture_id) if news.cancelled else None
        if number is None:
            self.incidents += 1
            number = self.incidents
        if news.topic is Topic.SCORE:
            self.last_score[fixture_id] = number
        side = None if news.position is None else match.card.sides[news.position - 1]
        values = None if news.values is None else zip((1, 2), news.values, strict=True)
        return {
            "status": incident_status(news),
            "id": number,
            "fixtureId": fixture_id,
            "name": "Goal" if news.topic is Topic.SCORE and match.card.sport.id in GOAL_SPORTS else news.name,
            "kind": str(news.topic),
            "values": None if values is None else [{"position": place, "value": str(value)} for place, value in values],
            "scoreType": 1 if news.topic is Topic.SCORE else None,
            "initiatorPosition": news.position,
            "seconds": None if news.seconds == NO_CLOCK else news.seconds,
            "playerList": None
            if news.player is None or side is None
            else [{"id": news.player[0], "teamId": side.id, "name": news.player[1]}],
            "period": {"id": news.period, "name": period_name(news.period)},
            "confidence": round(0.99 - 0.2 * self.post.rng.random() ** 3, 2),
        }

    def message(self, kind: MessageType, contest: Match, body: dict[str, Any], feed: Feed) -> Outgoing:
        guid = self.post.guid()
        header = {"MessageId": guid, "Timestamp": iso(self.post.now), "MessageType": int(kind)}
        whole = encode({"header": header, "body": body})
        sent = self.post.outgoing(kind, whole, (feed,), guid, contest=contest)
        sent.headers["Fixtureid"] = str(contest.card.fixture_id)
        sent.headers["Leagueid"] = str(contest.card.league.id)
        sent.headers["Sportid"] = str(contest.card.sport.id)
        return sent


def fixture_body(match: Match) -> dict[str, Any]:
    card = match.card
    return {
        "fixtureId": card.fixture_id,
        "status": int(match.status),
        "startDate": iso(card.start),
        "sport": {"id": card.sport.id, "name": card.sport.name},
        "league": {"id": card.league.id, "name": card.league.name},
        "location": {"id": card.league.location.id, "name": card.league.location.name},
        "participants": [
            {"id": side.id, "name": side.name, "position": position} for position, side in enumerate(card.sides, 1)
        ],
    }


def incident_status(news: News) -> str | None:
    """Scores and statistics are Empty or Cancelled, periods Started or Finished, all else has none."""
    if news.topic is Topic.PERIOD:
        return "Finished" if news.finished else "Started"
    if news.topic in (Topic.SCORE, Topic.STATISTIC):
        return "Cancelled" if news.cancelled else "Empty"
    return None


def period_name(period: int) -> str:
    if 1 <= period <= 9:
        return f"{ORDINALS[period - 1]} Period"
    return NAMED_PERIODS.get(period, "Not Started" if period < 0 else f"Period {period}")
