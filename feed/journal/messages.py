"""Rows of a match as messages that say the same, in LSports' words (TRADE JSON): what is played from the journal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from feed.codes import BetStatus, MessageType
from feed.models import League, Location, Provider, Sport
from feed.models.market import CALCULATED

#: The columns of a bet whose words a message has, and what LSports calls them.
OF_BET = {
    "name": "Name",
    "line": "Line",
    "base_line": "BaseLine",
    "status": "Status",
    "start_price": "StartPrice",
    "price": "Price",
    "lay_price": "LayPrice",
    "price_volume": "PriceVolume",
    "lay_price_volume": "LayPriceVolume",
    "settlement": "Settlement",
    "suspension_reason": "SuspensionReason",
    "probability": "Probability",
    "calculated_margin": "CalculatedMargin",
    "provider_bet_id": "ProviderBetId",
    "participant_id": "ParticipantId",
    "player_id": "PlayerId",
    "player_name": "PlayerName",
    "order": "Order",
    "last_update": "LastUpdate",
}
NOTATIONS = {
    "american": "PriceUS",
    "fractional": "PriceUK",
    "hong_kong": "PriceHK",
    "malay": "PriceMA",
    "indonesian": "PriceIN",
}


def message(type: int, fixture_id: int, sent_at: datetime, seq: int | None = None, **parts: Any) -> bytes:
    """A message about one fixture."""
    header = {"Type": int(type), "MsgSeq": seq, "CreationDate": sent_at.astimezone(UTC)}
    return msgspec.json.encode({"Header": header, "Body": {"Events": [{"FixtureId": fixture_id, **parts}]}})


def pascal(value: Any) -> Any:
    """What a row holds as JSON, under LSports' names."""
    if isinstance(value, dict):
        return {"".join(map(str.capitalize, name.split("_"))): pascal(item) for name, item in value.items()}
    return [pascal(item) for item in value] if isinstance(value, list) else value


def pairs(extra_data: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in extra_data.items()]


def results(scores: dict[str, str]) -> list[dict[str, str]]:
    return [{"Position": position, "Value": value} for position, value in scores.items()]


class Names:
    """What sports, locations, leagues and bookmakers are called today; read once for each."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, int], dict[str, Any]] = {}

    def of(self, model: Any, number: int | None) -> dict[str, Any] | None:
        """As a message names it; None where there is none."""
        if number is None:
            return None
        if (model, number) not in self.known:
            row = model.objects.filter(pk=number).first()
            named = {"Id": number, "Name": row.name if row is not None else None}
            self.known[model, number] = named | (pascal(row.details) if isinstance(row, League) else {})
        return self.known[model, number]


def description(row: Any, participants: Iterable[Any], names: Names) -> Iterator[bytes]:
    """A fixture's description; of one that was never described, what its livescores told of it."""
    described = {
        "FixtureName": row.name or None,
        "Sport": names.of(Sport, row.sport_id),
        "Location": names.of(Location, row.location_id),
        "League": names.of(League, row.league_id),
        "StartDate": row.start_at,
        "EndDate": row.end_at,
        "LastUpdate": row.last_update,
        "FixtureExtraData": pairs(row.extra_data),
        "ExternalFixtureId": row.external_fixture_id or None,
        "ExternalProviderId": row.external_provider_id or None,
        "Participants": [participant(one) for one in participants],
        **pascal(row.details),
    }
    if row.described_at is not None:
        yield message(MessageType.FIXTURE, row.id, row.described_at, Fixture=described)
    elif row.sent_at is not None:
        yield message(MessageType.LIVESCORE, row.id, row.sent_at, Fixture=described)


def status_message(row: Any) -> Iterator[bytes]:
    """A fixture's status, as it was last stated."""
    if row.status_at is not None:
        yield message(MessageType.LIVESCORE, row.id, row.status_at, Fixture={"Status": row.status})


def participant(row: Any) -> dict[str, Any]:
    return {
        "Id": row.participant_id,
        "Name": row.name,
        "Position": row.position,
        "RotationId": row.rotation_id,
        "IsActive": int(row.is_active),
        "ExtraData": pairs(row.extra_data),
        **pascal(row.details),
    }


class Play(msgspec.Struct):
    """A fixture's rows that a livescore is made of."""

    periods: Sequence[Any] = ()
    incidents: Sequence[Any] = ()
    statistics: Sequence[Any] = ()
    players: Sequence[Any] = ()

    def message(self, board: Any) -> bytes:
        """The livescore with this scoreboard, whole as LSports sends it."""
        clock = {"Status": board.clock_status, "Seconds": board.clock_seconds}
        scoreboard = {
            "Status": board.status,
            "Description": board.description,
            "CurrentPeriod": board.current_period,
            "Time": board.time,
            "Clock": clock if any(value is not None for value in clock.values()) else None,
            "Results": results(board.scores),
        }
        livescore = {
            "Scoreboard": scoreboard,
            "Periods": [period(row) | {"Incidents": self.incidents_of("period", row.type)} for row in self.periods],
            "Statistics": [
                {
                    "Type": row.type,
                    "Results": results(row.values),
                    "Incidents": self.incidents_of("statistic", row.type),
                }
                for row in self.statistics
            ],
            "PlayerStatistics": [player_statistic(row) for row in self.players],
            "LivescoreExtraData": pairs(board.extra_data),
            "CurrentIncident": pascal(board.current_incident),
            "DangerTriggers": pascal(board.danger_triggers),
        }
        sent_at = board.sent_at or board.received_at
        return message(MessageType.LIVESCORE, board.fixture_id, sent_at, board.seq, Livescore=livescore)

    def incidents_of(self, parent: str, type: int) -> list[dict[str, Any]]:
        rows = [row for row in self.incidents if (row.parent, row.parent_type) == (parent, type)]
        return [incident(row) for row in sorted(rows, key=lambda row: row.ordinal)]


def period(row: Any) -> dict[str, Any]:
    return {
        "Type": row.type,
        "IsFinished": row.is_finished,
        "IsConfirmed": row.is_confirmed,
        "SequenceNumber": row.sequence,
        "Results": results(row.scores),
        "SubPeriods": [sub_period(part) for part in row.sub_periods],
    }


def sub_period(part: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": part["type"],
        "IsFinished": part["is_finished"],
        "IsConfirmed": part["is_confirmed"],
        "SequenceNumber": part["sequence"],
        "Results": results(part["scores"]),
        "Incidents": pascal(part["incidents"]),
        "SubPeriods": [sub_period(inner) for inner in part["sub_periods"]],
    }


def incident(row: Any) -> dict[str, Any]:
    return {
        "Period": row.period,
        "IncidentType": row.type,
        "Seconds": row.seconds,
        "ParticipantPosition": row.position,
        "PlayerId": row.player_id or None,
        "PlayerName": row.player_name or None,
        "Results": results(row.scores),
        "Players": pascal(row.players),
    }


def player_statistic(row: Any) -> dict[str, Any]:
    values = [{"Id": number, "Name": of["name"], "Value": of["value"]} for number, of in row.values.items()]
    return {
        "PlayerId": row.player_id,
        "PlayerName": row.player_name,
        "TeamId": row.team_id,
        "HasPlayed": row.has_played,
        "Statistics": values,
    }


def market_message(
    market: Any, sent_at: datetime, providers: Iterable[Any], bets: Iterable[Any], names: Names
) -> bytes:
    """What these rows say of a market, with its main line and status where they were stated at that time."""
    own: list[dict[str, Any]] = []
    about: dict[int, dict[str, Any]] = {row.provider_id: provider_market(row, names) for row in providers}
    is_settlement = False
    for row in bets:
        is_settlement |= row.status == BetStatus.SETTLED
        if row.provider_id == CALCULATED:
            own.append(bet(row))
        else:
            named = names.of(Provider, row.provider_id)
            about.setdefault(row.provider_id, {**(named or {}), "Bets": []})["Bets"].append(bet(row))
    stated = {"MainLine": market.main_line, "Status": market.status} if market.sent_at == sent_at else {}
    content = {"Id": market.market_id, "Name": market.name, **stated, "Bets": own}
    type = MessageType.SETTLEMENT if is_settlement else MessageType.MARKET
    markets = [{**content, "ProviderMarkets": list(about.values())}]
    return message(type, market.fixture_id, sent_at, Markets=markets)


def provider_market(row: Any, names: Names) -> dict[str, Any]:
    return {
        **(names.of(Provider, row.provider_id) or {}),
        "MarketStatus": row.status,
        "LastUpdate": row.last_update,
        "ProviderFixtureId": row.provider_fixture_id,
        "ProviderLeagueId": row.provider_league_id,
        "ProviderMarketId": row.provider_market_id,
        "Bets": [],
    }


def bet(row: Any) -> dict[str, Any]:
    """A bet's row. Its id is text, since there are programs that read numbers inexactly."""
    words = {theirs: getattr(row, ours) for ours, theirs in OF_BET.items() if getattr(row, ours) not in (None, "")}
    extra = msgspec.json.decode(row.extra) if row.extra else {}
    words |= {NOTATIONS[name]: text for name, text in extra.get("prices", {}).items()}
    if figures := extra.get("prediction"):
        renamed = {"start_at": "start_date", "end_at": "end_date"}
        words["PredictionData"] = pascal({renamed.get(name, name): value for name, value in figures.items()})
    return {"Id": row.bet_id, **words}
