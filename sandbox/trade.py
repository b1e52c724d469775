"""TRADE JSON: what LSports calls things (protocol.md section 3). Values, positions and prices are strings there."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec

from feed.codes import BetStatus

from .bookmakers import Bookmaker, formats
from .card import Card
from .match import NO_CLOCK, Incident, Match, Period, Statistic
from .offer import Bet, Moves

Json = dict[str, Any]
encode = msgspec.json.Encoder().encode


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def iso(milliseconds: int, finer: int = 0) -> str:
    """ISO 8601 in UTC; `finer` are the 4 digits after the milliseconds, as LSports writes 7 of them."""
    seconds, rest = divmod(milliseconds, 1000)
    if not rest and not finer:
        return f"{_second(seconds)}Z"
    return f"{_second(seconds)}.{f'{rest:03}{finer:04}'.rstrip('0')}Z"


def pair(values: Sequence[object]) -> list[Json]:
    return [{"Position": "1", "Value": str(values[0])}, {"Position": "2", "Value": str(values[1])}]


def data(extra: dict[str, str]) -> list[Json]:
    return [{"Name": name, "Value": value} for name, value in extra.items()]


def participants(card: Card) -> list[Json]:
    return [
        {"Id": side.id, "Name": side.name, "Position": str(position)} for position, side in enumerate(card.sides, 1)
    ]


def fixture_event(card: Card, status: int, subscription: int) -> Json:
    league = card.league
    fixture: Json = {
        "Subscription": {"Type": subscription, "Status": 1},
        "Sport": {"Id": card.sport.id, "Name": card.sport.name},
        "Location": {"Id": league.location.id, "Name": league.location.name},
        "League": {"Id": league.id, "Name": league.name},
        "StartDate": iso(card.start),
        "LastUpdate": iso(card.changed, 1181),
        "Status": int(status),
        "Participants": participants(card),
        "FixtureExtraData": data(card.extra),
    }
    return {"FixtureId": card.fixture_id, "Fixture": fixture, "Livescore": None, "Markets": None}


def livescore_event(match: Match) -> Json:
    card = match.card
    return {
        "FixtureId": card.fixture_id,
        "Fixture": {
            "Subscription": None,
            "Sport": {"Id": card.sport.id, "Name": card.sport.name},
            "Location": None,
            "League": None,
            "LastUpdate": iso(card.changed, 1181),
            "Participants": participants(card),
        },
        "Livescore": livescore(match),
        "Markets": None,
    }


def livescore(match: Match) -> Json:
    scoreboard: Json = {"Status": int(match.status)}
    if match.description:
        scoreboard["Description"] = int(match.description)
    scoreboard["CurrentPeriod"] = int(match.current)
    scoreboard["Time"] = str(int(match.clock))
    if match.clock != NO_CLOCK:
        scoreboard["Clock"] = {"Status": int(match.clock_status), "Seconds": int(match.clock)}
    scoreboard["Results"] = pair(match.score)
    return {
        "Scoreboard": scoreboard,
        "Periods": [period(each) for each in match.periods.values()],
        "Statistics": [statistic(each) for each in match.statistics.values()],
        "LivescoreExtraData": data(match.extra),
    }


def period(played: Period) -> Json:
    return {
        "Type": int(played.type),
        "IsFinished": played.finished,
        "IsConfirmed": played.confirmed,
        "Results": pair(played.texts or played.values),
        "Incidents": [incident(each) for each in played.incidents] or None,
        "SubPeriods": None,
        "SequenceNumber": 0,
    }


def statistic(counted: Statistic) -> Json:
    return {
        "Type": int(counted.type),
        "Results": pair(counted.values),
        "Incidents": [incident(each) for each in counted.incidents] or None,
    }


def incident(told: Incident) -> Json:
    body: Json = {
        "Period": int(told.period),
        "IncidentType": int(told.type),
        "Seconds": told.seconds,
        "ParticipantPosition": str(told.position),
    }
    if told.player is not None:
        body["PlayerId"], body["PlayerName"] = told.player
    body["Results"] = pair(told.values)
    return body


def market_event(fixture_id: int, moves: Moves, books: dict[int, Bookmaker]) -> Json:
    return {"FixtureId": fixture_id, "Livescore": None, "Markets": [market(moves, books)]}


def market(moves: Moves, books: dict[int, Bookmaker]) -> Json:
    body: Json = {"Id": moves.market.id, "Name": moves.market.name}
    if moves.main_line is not None:
        body["MainLine"] = moves.main_line
    body["Bets"] = [bet(each, 0) for each in moves.bets.get(0, ())]
    body["ProviderMarkets"] = [
        {
            "Id": book,
            "Name": books[book].name,
            "LastUpdate": iso(max(each.quotes[book].at for each in bets), 2547),
            "Bets": [bet(each, book) for each in bets],
        }
        for book, bets in moves.bets.items()
        if book
    ]
    return body


def bet(offered: Bet, book: int) -> Json:
    quote = offered.quotes[book]
    settled = quote.status == BetStatus.SETTLED
    body: Json = {"Id": quote.id, "Name": offered.name}
    if offered.line is not None:
        body["Line"], body["BaseLine"] = offered.label, offered.base
    body["Status"] = int(quote.status)
    body["StartPrice"] = "1.0" if settled else f"{quote.start:g}"
    body["Price"] = f"{quote.price:g}"
    if settled:
        body["Settlement"] = int(offered.settlement or 0)
    if quote.reason is not None:
        body["SuspensionReason"] = int(quote.reason)
    if not book:
        body["Probability"] = -1.0 if settled else round(quote.fair, 5)
        body["ProviderBetId"] = "0"
        body.update(formats(quote.price))
    body["LastUpdate"] = iso(quote.at, 9012 + offered.order)
    body["Order"] = offered.order
    if offered.participant is not None:
        body["ParticipantId"] = offered.participant
    return body


def keep_alive(fixture_ids: Iterable[int]) -> Json:
    return {"KeepAlive": {"ActiveEvents": list(fixture_ids), "ExtraData": None}}
