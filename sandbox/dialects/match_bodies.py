"""The bodies of TRADE JSON (docs/protocol.md, TRADE messages). Values, positions and prices are strings there."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from feed.codes import BetStatus
from sandbox.bet import Bet, Moves, Quote
from sandbox.bookmakers import CALCULATED, EXCHANGE, PREDICTION_MARKET, WELL_SPOKEN, Bookmaker, formats
from sandbox.card import Card, League, Named, Side
from sandbox.contest import Contest, spoken
from sandbox.match import NO_CLOCK, Incident, Match, Period, Statistic
from sandbox.numbers import Happening

from .envelope import iso

Json = dict[str, Any]
GENERAL_DANGER = 1
DAY_MS = 86_400_000


def pair(values: Sequence[object]) -> list[Json]:
    return [{"Position": "1", "Value": str(values[0])}, {"Position": "2", "Value": str(values[1])}]


def named(thing: Named | League | Side) -> Json:
    return {"Id": thing.id, "Name": thing.name}


def data(extra: dict[str, str]) -> list[Json]:
    return [{"Name": name, "Value": value} for name, value in extra.items()]


def participants(card: Card) -> list[Json]:
    """The participants as the short fixture of a livescore names them."""
    return [
        {"Id": side.id, "Name": side.name, "Position": str(position)} for position, side in enumerate(card.sides, 1)
    ]


def livescore_event(match: Match) -> Json:
    card = match.card
    return {
        "FixtureId": card.fixture_id,
        "Fixture": {
            "Subscription": None,
            "Sport": named(card.sport),
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
    if match.shown_description:
        scoreboard["Description"] = int(match.shown_description)
    scoreboard["CurrentPeriod"] = int(match.current)
    scoreboard["Time"] = str(int(match.clock))
    if match.clock != NO_CLOCK:
        scoreboard["Clock"] = {"Status": int(match.clock_status), "Seconds": int(match.clock)}
    scoreboard["Results"] = pair(match.score)
    body: Json = {
        "Scoreboard": scoreboard,
        "Periods": [period(played_period) for played_period in match.periods.values()],
        "Statistics": [statistic(count) for count in match.statistics.values()],
        "LivescoreExtraData": data(match.extra),
    }
    if match.tallies:
        body["PlayerStatistics"] = player_statistics(match)
    if match.latest is not None:
        body["CurrentIncident"] = {
            "Id": int(match.latest.kind),
            "Name": spoken(Happening(match.latest.kind).name),
            "LastUpdate": iso(match.latest.at, 3310),
            "Confirmation": int(match.latest.confirmation),
        }
    if match.danger is not None:
        status, since = match.danger
        body["DangerTriggers"] = [{"Type": GENERAL_DANGER, "Status": int(status), "LastUpdate": iso(since, 3310)}]
    return body


def player_statistics(match: Match) -> list[Json]:
    """What each player who did anything did; a goal taken back leaves a 0."""
    return [
        {
            "PlayerId": player_id,
            "PlayerName": name,
            "TeamId": match.card.sides[position - 1].id,
            "HasPlayed": True,
            "Statistics": [
                {"Id": int(kind), "Name": spoken(Happening(kind).name), "Value": str(value)}
                for kind, value in done.items()
            ],
        }
        for (position, player_id, name), done in match.tallies.items()
    ]


def period(played: Period, number: int = 0) -> Json:
    """`number` counts the parts of a period."""
    return {
        "Type": int(played.type),
        "IsFinished": played.finished,
        "IsConfirmed": played.confirmed,
        "Results": pair(played.texts or played.values),
        "Incidents": [incident(happening) for happening in played.incidents] or None,
        "SubPeriods": [period(part, place) for place, part in enumerate(played.parts, 1)] or None,
        "SequenceNumber": number,
    }


def statistic(counted: Statistic) -> Json:
    return {
        "Type": int(counted.type),
        "Results": pair(counted.values),
        "Incidents": [incident(happening) for happening in counted.incidents] or None,
    }


def incident(happening: Incident) -> Json:
    body: Json = {
        "Period": int(happening.period),
        "IncidentType": int(happening.type),
        "Seconds": happening.seconds,
        "ParticipantPosition": str(happening.position),
    }
    if happening.player is not None:
        body["PlayerId"], body["PlayerName"] = happening.player
    body["Results"] = pair(happening.values)
    if happening.change is not None:
        body["Players"] = {
            f"Item{number}": [{"Id": player, "Name": name}] for number, (player, name) in enumerate(happening.change, 1)
        }
    return body


def has_status(contest: Contest) -> bool:
    """The markets of every other match, and of outrights, have a status of their own, as LSports has it since 2026."""
    return contest.card.fixture_id % 2 == 1 or not isinstance(contest, Match)


def market(moves: Moves, books: dict[int, Bookmaker], *, calculated: bool, providers: bool, has_status: bool) -> Json:
    """`calculated` bets are LSports' own; `providers` stand in ProviderMarkets (docs/protocol.md, Markets and bets).

    `has_status`: the market has one of its own.
    """
    body: Json = {"Id": moves.market.id, "Name": moves.market.name}
    if moves.main_line is not None:
        body["MainLine"] = moves.main_line
    if has_status:
        body["Status"] = int(moves.status())
    if calculated:
        body["Bets"] = [calculated_bet(offered, books) for offered in moves.bets.get(0, ())]
        if body["Bets"] and PREDICTION_MARKET in books:
            body["PredictionData"] = wagered(body["Bets"])
    if providers:
        body["ProviderMarkets"] = [
            provider_market(moves, books[book], bets) for book, bets in moves.bets.items() if book
        ]
    return body


def provider_market(moves: Moves, book: Bookmaker, bets: list[Bet]) -> Json:
    """Every other bookmaker's market has its status."""
    body: Json = {
        "Id": book.id,
        "Name": book.name,
        "LastUpdate": iso(max(offered.quotes[book.id].at for offered in bets), 2547),
        "Bets": [bet(offered, book.id) for offered in bets],
    }
    if book.id % 2:
        body["MarketStatus"] = int(moves.status(book.id))
    if book.id == PREDICTION_MARKET:
        body["PredictionData"] = wagered(body["Bets"])
    return body


def wagered(bets: list[Json]) -> Json:
    return {"Volume": sum(offered["PredictionData"]["Volume"] for offered in bets)}


def calculated_bet(offered: Bet, books: dict[int, Bookmaker]) -> Json:
    """LSports' own, with what it has of a prediction market and of an exchange where there is one."""
    body, quote = bet(offered, 0), offered.quotes[0]
    if PREDICTION_MARKET in books:
        body["PredictionData"] = prediction(quote)
    if EXCHANGE in books and quote.status != BetStatus.SETTLED:
        body["PriceVolume"] = exchanged(quote)["PriceVolume"]
    return body


def prediction(quote: Quote) -> Json:
    """What is wagered on a bet today: an invented amount that follows its price."""
    day = quote.at // DAY_MS * DAY_MS
    volume = quote.id % 9000 + round(quote.price * 100)
    return {"Volume": volume, "Liquidity": volume // 3, "StartDate": iso(day), "EndDate": iso(day + DAY_MS)}


def bet(offered: Bet, book: int) -> Json:
    """A calculated bet has its probability, its provider and the price in every format; of the bookmakers' bets one's
    have the probability and the formats."""
    quote = offered.quotes[book]
    settled = quote.status == BetStatus.SETTLED
    body: Json = {"Id": quote.id, "Name": offered.name}
    if offered.base is not None:
        body["Line"], body["BaseLine"] = offered.label, offered.base
    body["Status"] = int(quote.status)
    body["StartPrice"] = "1.0" if settled else price_text(quote.start)
    body["Price"] = price_text(quote.price)
    if settled:
        body["Settlement"] = int(offered.settlement or 0)
    if quote.reason is not None:
        body["SuspensionReason"] = int(quote.reason)
    if book in (CALCULATED.id, WELL_SPOKEN):
        body["Probability"] = -1.0 if settled else round(quote.fair, 5)
        body.update(formats(quote.price))
    if not book:
        body["CalculatedMargin"] = round(CALCULATED.margin * 100, 2)
        body["ProviderBetId"] = "0"
    body["LastUpdate"] = iso(quote.at, 9012 + offered.order)
    if offered.participant is not None:
        body["ParticipantId"] = offered.participant
    if offered.player is not None:
        body["PlayerId"], body["PlayerName"] = str(offered.player[0]), offered.player[1]
    body["Order"] = offered.order
    if book == PREDICTION_MARKET:
        body["PredictionData"] = prediction(quote)
    if book == EXCHANGE and not settled:
        body.update(exchanged(quote))
    return body


def exchanged(quote: Quote) -> Json:
    """What others lay a bet at, a little above its price, and invented amounts that wait at both."""
    waiting = quote.id % 700 + 20
    return {
        "LayPrice": price_text(round(quote.price * 1.02 + 0.01, 2)),
        "PriceVolume": f"{waiting}.50",
        "LayPriceVolume": f"{waiting // 2}.25",
    }


@lru_cache(maxsize=4096)
def price_text(price: float) -> str:
    return f"{price:g}"
