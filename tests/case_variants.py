"""Inputs of the kinds behind odd messages: what is sent, and why the prices that it is about are closed then."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from feed.ingest.loop import Ingest
from tests.feed_messages import ListTransport

from .test_case_kinds import (
    ABANDONED,
    CANCELLED,
    FINISHED,
    IN_PLAY,
    INTERRUPTED,
    SUSPENDED,
    Supplier,
)

Happening = Callable[[Supplier], object]

SUSPENDED_BET, MARKET, PROVIDER = ["bet_suspended"], ["market_suspended"], ["provider_suspended"]
OVER, PAUSED, UNREADABLE = ["fixture_over"], ["fixture_paused"], ["bet_suspended", "unreadable"]


def raw(body: bytes) -> Happening:
    return lambda supplier: Ingest(ListTransport([body]), supplier.source).run()


def market(**fields: Any) -> Happening:
    """The market without its bets."""
    return lambda supplier: supplier.send(3, {"Markets": [{"Id": 1, "Name": "1X2"} | fields]})


def bet(**fields: Any) -> Happening:
    return lambda supplier: supplier.offer(supplier.bet(**fields))


def book(bets: list[dict[str, Any]] | None = None, **fields: Any) -> Happening:
    return lambda supplier: supplier.book(*[supplier.bet(**(given | {"Id": 31})) for given in bets or [{}]], **fields)


def described(status: Any = IN_PLAY, **fields: Any) -> Happening:
    return lambda supplier: supplier.describe(status, **fields)


def scored(status: Any = IN_PLAY, **fields: Any) -> Happening:
    return lambda supplier: supplier.score(status, **fields)


def ahead(supplier: Supplier, seconds: float) -> str:
    return (supplier.sent_at + timedelta(seconds=seconds)).isoformat()


def inside(wrap: Callable[[dict[str, Any]], Any]) -> Happening:
    """The suspension of bet 11, in another envelope."""

    def send(supplier: Supplier) -> None:
        supplier.sent_at += timedelta(seconds=1)
        header = {"Type": 3, "ServerTimestamp": int(supplier.sent_at.timestamp() * 1000)}
        event = {"FixtureId": 7, "Markets": [{"Id": 1, "Name": "1X2", "Bets": [supplier.bet(Status=SUSPENDED)]}]}
        wrapped = wrap({"Header": header, "Body": {"Events": [event]}})
        raw(wrapped if isinstance(wrapped, bytes) else json.dumps(wrapped).encode())(supplier)

    return send


def xml(root: str, declaration: str = "") -> Happening:
    def send(supplier: Supplier) -> None:
        supplier.sent_at += timedelta(seconds=1)
        at = supplier.sent_at.isoformat()
        bets = f'<Bet Id="11" Name="1" Status="2" Price="2.00" LastUpdate="{at}"/>'
        event = (
            f'<Event FixtureId="7"><Markets><Market Id="1" Name="1X2"><Bets>{bets}</Bets></Market></Markets></Event>'
        )
        header = (
            f"<Header><Type>3</Type><ServerTimestamp>{int(supplier.sent_at.timestamp())}</ServerTimestamp></Header>"
        )
        end = root.split()[0]
        raw(f"{declaration}<{root}>{header}<Body><Events>{event}</Events></Body></{end}>".encode())(supplier)

    return send


#: What is sent after one open bet 11 (and, where `31` is expected, a bookmaker's), and why each is closed then.
VARIANTS: dict[str, tuple[list[Happening], dict[int, list[str]]]] = {
    # 01, 02: a field that decides nothing
    "a sport that is a text": ([described(Sport="Football"), bet(Status=2)], {11: SUSPENDED_BET}),
    "a league that is a text": ([described(ABANDONED, League="Vale League")], {11: OVER}),
    "a location that is a list": ([described(ABANDONED, Location=[1])], {11: OVER}),
    "participants by position": (
        [described(CANCELLED, Participants={"1": {"Id": 1, "Name": "A", "Position": "1"}})],
        {11: OVER},
    ),
    "participants that are a text": ([described(CANCELLED, Participants="A v B")], {11: OVER}),
    "a start in a form of .NET": ([described(CANCELLED, StartDate="/Date(1775000000000+0000)/")], {11: OVER}),
    "a start that is none": ([described(CANCELLED, StartDate="soon")], {11: OVER}),
    "a clock in minutes and stoppage": ([scored(INTERRUPTED, Time="45+2")], {11: PAUSED}),
    "a period that is a text": ([scored(INTERRUPTED, CurrentPeriod="First")], {11: PAUSED}),
    "results by position": ([scored(INTERRUPTED, Results={"1": "0", "2": "1"})], {11: PAUSED}),
    "results that are a text": ([scored(FINISHED, Results="0:1")], {11: OVER}),
    "periods that are no list": (
        [lambda s: s.send(2, {"Livescore": {"Scoreboard": {"Status": 3}, "Periods": "2", "Statistics": 5}})],
        {11: OVER},
    ),
    "extra data that is nested": (
        [lambda s: s.send(2, {"Livescore": {"Scoreboard": {"Status": 3}, "LivescoreExtraData": {"a": [{"b": None}]}}})],
        {11: OVER},
    ),
    "a bet whose name is a number": ([bet(Name=1, Status=2)], {11: SUSPENDED_BET}),
    "a bet whose name is none": ([bet(Name=None, Status=2)], {11: SUSPENDED_BET}),
    "a line that is an object": ([bet(Line={"a": 1}, BaseLine=[2], Status=2)], {11: SUSPENDED_BET}),
    "a participant that is an object": ([bet(ParticipantId={"Id": 1}, Status=2)], {11: SUSPENDED_BET}),
    "a market whose name is an object": (
        [lambda s: s.send(3, {"Markets": [{"Id": 1, "Name": {"en": "1X2"}, "Bets": [s.bet(Status=2)]}]})],
        {11: SUSPENDED_BET},
    ),
    "a bookmaker whose name is a number": ([book(Name=8, MarketStatus=2)], {11: [], 31: PROVIDER}),
    # 03: as closed as the most closed
    "a market's status as a text": ([market(Status="2")], {11: MARKET}),
    "a market's status in words": ([market(Status="Suspended")], {11: [*MARKET, "unreadable"]}),
    "a market's status in lower case": ([market(status=2)], {11: MARKET}),
    "a market's status by another name": ([market(MarketStatus=2)], {11: [*MARKET, "unreadable"]}),
    "a market's status of zero": ([market(Status=0)], {11: MARKET}),
    "a market's status that nobody knows": ([market(Status=9)], {11: MARKET}),
    "a market's status as a fraction": ([market(Status=2.0)], {11: MARKET}),
    "a market's status beside an open bet": ([lambda s: s.offer(s.bet(Price="2.5"), Status=2)], {11: MARKET}),
    "a bookmaker's status in words": ([book(MarketStatus="Suspended")], {11: [], 31: [*PROVIDER, "unreadable"]}),
    "a bookmaker's status by another name": ([book(Status=2)], {11: [], 31: PROVIDER}),
    "a bookmaker's status without its bets": ([book(), lambda s: s.book(MarketStatus=3)], {11: [], 31: PROVIDER}),
    "bookmakers by number": (
        [
            book(),
            lambda s: s.send(
                3,
                {
                    "Markets": [
                        {
                            "Id": 1,
                            "Name": "1X2",
                            "ProviderMarkets": {"8": {"Id": 8, "MarketStatus": 2, "LastUpdate": s.sent_at.isoformat()}},
                        }
                    ]
                },
            ),
        ],
        {11: [], 31: PROVIDER},
    ),
    "a bookmaker's market closed and opened by a settlement": (
        [
            book(MarketStatus=2),
            lambda s: s.send(
                35,
                {"Markets": [{"Id": 1, "ProviderMarkets": [{"Id": 8, "Bets": [s.bet(31, Status=3, Settlement=2)]}]}]},
            ),
        ],
        {11: [], 31: ["bet_settled", *PROVIDER]},
    ),
    # 04, 05: the newer of two statements
    "a status of a fixture as a text": ([described("7")], {11: OVER}),
    "a status of a fixture as a fraction": ([described(7.0)], {11: OVER}),
    "a status of a fixture in lower case": ([lambda s: s.send(1, {"Fixture": {"status": 7}})], {11: OVER}),
    "finished, and in play by a newer scoreboard": ([described(FINISHED), scored(IN_PLAY)], {11: []}),
    "abandoned, and in play by an older scoreboard": (
        [
            lambda s: (setattr(s, "sent_at", s.sent_at + timedelta(seconds=9)), s.describe(ABANDONED)),
            lambda s: (setattr(s, "sent_at", s.sent_at - timedelta(seconds=8)), s.score(IN_PLAY)),
        ],
        {11: OVER},
    ),
    "interrupted and finished in one message": (
        [
            lambda s: s.send(
                36,
                {
                    "Fixture": {"Status": 3, "LastUpdate": s.sent_at.isoformat()},
                    "Livescore": {"Scoreboard": {"Status": 3}},
                },
            )
        ],
        {11: OVER},
    ),
    # 06: a time ahead
    "a bet that is three hours ahead by its zone": (
        [lambda s: s.offer(s.bet(LastUpdate=s.sent_at.replace(tzinfo=None).isoformat() + "-03:00")), bet(Status=2)],
        {11: SUSPENDED_BET},
    ),
    "a bet that is ahead in a form of .NET": (
        [bet(LastUpdate="/Date(4070908800000)/"), bet(Status=2)],
        {11: SUSPENDED_BET},
    ),
    "a bet that is ahead as a number": ([bet(LastUpdate=4070908800), bet(Status=2)], {11: SUSPENDED_BET}),
    "a bookmaker that is three hours ahead": (
        [lambda s: s.book(s.bet(31, LastUpdate=ahead(s, 10800)), LastUpdate=ahead(s, 10800)), book(MarketStatus=2)],
        {11: [], 31: PROVIDER},
    ),
    "a bookmaker that is ahead, its bets alone": (
        [lambda s: s.book(s.bet(31, LastUpdate=ahead(s, 10800)), LastUpdate=ahead(s, 10800)), book([{"Status": 2}])],
        {11: [], 31: SUSPENDED_BET},
    ),
    "a settlement that is ahead and withdrawn": (
        [
            lambda s: s.send(
                35, {"Markets": [{"Id": 1, "Bets": [s.bet(Status=3, Settlement=2, LastUpdate=ahead(s, 7200))]}]}
            ),
            bet(Price="1.9"),
        ],
        {11: []},
    ),
    "a fixture that is ahead": (
        [described(IN_PLAY, LastUpdate="2099-01-01T00:00:00Z"), described(ABANDONED)],
        {11: OVER},
    ),
    "a fixture that is ahead, then a scoreboard": (
        [described(IN_PLAY, LastUpdate="2099-01-01T00:00:00Z"), scored(FINISHED)],
        {11: OVER},
    ),
    # 12: over, and open bets
    "open bets after the end": ([described(CANCELLED), bet(Price="2.2")], {11: OVER}),
    "open bets beside the end": (
        [
            lambda s: s.send(
                3, {"Fixture": {"Status": 4}, "Markets": [{"Id": 1, "Name": "1X2", "Bets": [s.bet(Price="2.4")]}]}
            )
        ],
        {11: OVER},
    ),
    "settled after the end": (
        [described(FINISHED), lambda s: s.send(35, {"Markets": [{"Id": 1, "Bets": [s.bet(Status=3, Settlement=2)]}]})],
        {11: ["bet_settled", *OVER]},
    ),
    # 17: opening prices
    "a start price that is none": ([bet(StartPrice="none", Status=2)], {11: SUSPENDED_BET}),
}
