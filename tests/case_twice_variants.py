"""Inputs that say one thing twice, or say it with what .NET writes for nothing, and why prices are closed then."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

from .case_variants import OVER, SUSPENDED_BET, UNREADABLE, Happening, book, described, raw, scored
from .test_case_kinds import ABANDONED, CANCELLED, FINISHED, FOOTBALL, IN_PLAY, OPEN, SUSPENDED, Supplier

SETTLED, SETTLED_BET = 3, ["bet_settled"]
X = {"Id": 31, "Name": "X", "Status": OPEN, "Price": "2.5"}


def written(kind: int, event: Callable[[Supplier], dict[str, Any]], before: str, after: str) -> Happening:
    """An event whose JSON is written otherwise, as no dict can be."""

    def send(supplier: Supplier) -> None:
        supplier.sent_at += timedelta(seconds=1)
        header = {"Type": kind, "ServerTimestamp": int(supplier.sent_at.timestamp() * 1000)}
        body = json.dumps({"Header": header, "Body": {"Events": [{"FixtureId": 7, **event(supplier)}]}})
        assert before in body
        raw(body.replace(before, after).encode())(supplier)

    return send


def events(kind: int, *given: dict[str, Any]) -> Happening:
    """Several events of the same fixture in one message."""

    def send(supplier: Supplier) -> None:
        supplier.sent_at += timedelta(seconds=1)
        header = {"Type": kind, "ServerTimestamp": int(supplier.sent_at.timestamp() * 1000)}
        message = {"Header": header, "Body": {"Events": [{"FixtureId": 7, **event} for event in given]}}
        raw(json.dumps(message).encode())(supplier)

    return send


def markets(*given: dict[str, Any]) -> Happening:
    return lambda supplier: supplier.send(3, {"Markets": [{"Id": 1, "Name": "1X2"} | market for market in given]})


def offered(*given: dict[str, Any], kind: int = 3) -> Happening:
    """Bets, each stated as it is here; bet 11 where it says no other."""

    def send(supplier: Supplier) -> None:
        at = supplier.sent_at.isoformat()
        bets = [{"Id": 11, "Name": "1", "LastUpdate": at} | bet for bet in given]
        supplier.send(kind, {"Markets": [{"Id": 1, "Name": "1X2", "Bets": bets}]})

    return send


def books(*given: dict[str, Any], market: int = 1) -> Happening:
    """Bookmakers' markets, of bookmaker 8 where they say no other."""

    def send(supplier: Supplier) -> None:
        at = supplier.sent_at.isoformat()
        providers = [{"Id": 8, "Name": "North", "LastUpdate": at} | provider for provider in given]
        supplier.send(3, {"Markets": [{"Id": market, "Name": "1X2", "ProviderMarkets": providers}]})

    return send


def suspension(supplier: Supplier) -> dict[str, Any]:
    return {"Markets": [{"Id": 1, "Name": "1X2", "Bets": [supplier.bet(Status=SUSPENDED)]}]}


def market_state() -> dict[str, Any]:
    return {"Markets": [{"Id": 1, "Name": "1X2", "Status": SUSPENDED}]}


def book_state(supplier: Supplier) -> dict[str, Any]:
    book = {"Id": 8, "Name": "North", "LastUpdate": supplier.sent_at.isoformat(), "MarketStatus": SUSPENDED}
    return {"Markets": [{"Id": 1, "Name": "1X2", "ProviderMarkets": [book]}]}


def joined_again(supplier: Supplier, part: str) -> None:
    """The suspension of bet 11 in a list, after which the same name stands there again with another list."""
    others = {
        "Bets": [],
        "Markets": [{"Id": 2, "Bets": [{"Id": 12, "Status": OPEN, "Price": "3"}]}],
        "Events": [{"FixtureId": 8, "Markets": [{"Id": 2, "Bets": [{"Id": 12, "Status": OPEN, "Price": "3"}]}]}],
    }
    header = {"Type": 3, "ServerTimestamp": int(supplier.sent_at.timestamp() * 1000)}
    events = [{"FixtureId": 7, **suspension(supplier)}]
    body = json.dumps({"Header": header, "Body": {"Events": events}})
    end = {"Bets": "}]}]}}", "Markets": "}]}}", "Events": "}}"}[part]
    assert body.endswith(end)
    raw(f'{body.removesuffix(end)}, "{part}": {json.dumps(others[part])}{end}'.encode())(supplier)


#: What is sent after one open bet 11, and why each is closed then.
TWICE: dict[str, tuple[list[Happening], dict[int, list[str]]]] = {}
for first, second in permutations((OPEN, SUSPENDED)):
    TWICE |= {
        f"a market that is {first} and {second}": (
            [markets({"Status": first}, {"Status": second})],
            {11: ["market_suspended"]},
        ),
        f"a bet that is {first} and {second}": (
            [offered(*({"Status": status, "Price": "2.1"} for status in (first, second)))],
            {11: SUSPENDED_BET},
        ),
        f"a bet that is {first} and {second} in two parts of its market": (
            [markets(*({"Bets": [{"Id": 11, "Status": status, "Price": "2.1"}]} for status in (first, second)))],
            {11: SUSPENDED_BET},
        ),
        f"a bookmaker that is {first} and {second}": (
            [book(), books({"MarketStatus": first}, {"MarketStatus": second})],
            {11: [], 31: ["provider_suspended"]},
        ),
        f"a bet whose status is written as {first} and {second}": (
            [written(3, suspension, '"Status": 2', f'"Status": {first}, "status": {second}')],
            {11: UNREADABLE},
        ),
    }
    TWICE |= {
        f"a bet of one status written as {first} and {second}": (
            [written(3, suspension, '"Status": 2', f'"Status": {first}, "Status": {second}')],
            {11: UNREADABLE},
        ),
        f"a market of one status written as {first} and {second}": (
            [written(3, lambda s: market_state(), '"Status": 2', f'"Status": {first}, "Status": {second}')],
            {11: ["market_suspended", "unreadable"]},
        ),
        f"a bookmaker of one status written as {first} and {second}": (
            [
                books({"Bets": [X]}),
                written(3, book_state, '"MarketStatus": 2', f'"MarketStatus": {first}, "MarketStatus": {second}'),
            ],
            {11: [], 31: ["provider_suspended", "unreadable"]},
        ),
    }
for part in ("Bets", "Markets", "Events"):
    TWICE[f"{part} that stand there twice"] = (
        [lambda s, part=part: joined_again(s, part)],
        {11: SUSPENDED_BET},
    )
for name, stated in {
    "a description": (1, {"Fixture": {"Status": 2}}),
    "a scoreboard": (2, {"Livescore": {"Scoreboard": {"Status": 2}}}),
}.items():
    for first, second in permutations((IN_PLAY, ABANDONED)):
        TWICE[f"{name} of one status written as {first} and {second}"] = (
            [
                written(
                    stated[0], lambda s, given=stated[1]: given, '"Status": 2', f'"Status": {first}, "Status": {second}'
                )
            ],
            {11: ["unreadable"]},
        )
for status in (FINISHED, CANCELLED, ABANDONED):
    for first, second in permutations(({"Fixture": {"Status": status}}, {"Fixture": {"Status": IN_PLAY}})):
        TWICE[f"two descriptions, {first} and {second}"] = [events(1, first, second)], {11: OVER}
    for first, second in permutations(
        ({"Fixture": {"Status": status}}, {"Livescore": {"Scoreboard": {"Status": IN_PLAY}}})
    ):
        TWICE[f"two parts, {first} and {second}"] = [events(36, first, second)], {11: OVER}
    TWICE[f"a status that is not set after {status}"] = [described(status), described(0)], {11: OVER}
    TWICE[f"a status that is not set after a scoreboard's {status}"] = [scored(status), described(0)], {11: OVER}
    TWICE[f"a status that is not set beside {status}"] = (
        [events(36, {"Fixture": {"Status": 0}, "Livescore": {"Scoreboard": {"Status": status}}})],
        {11: OVER},
    )
for settlement in (1, 2, "2", 5, -1, 99):
    for kind in (3, 35, 36):
        for stated in ({}, {"Status": OPEN, "Price": "2.1"}, {"Status": None}, {"Status": SETTLED}):
            given = stated | {"Settlement": settlement}
            TWICE[f"settled as {given} by {kind}"] = [offered(given, kind=kind)], {11: SETTLED_BET}
TWICE |= {
    "settled as nothing": ([offered({"Status": OPEN, "Price": "2.1", "Settlement": 0})], {11: []}),
    "settled, and offered again": (
        [offered({"Settlement": 2}, kind=35), offered({"Status": OPEN, "Price": "2.1"})],
        {11: []},
    ),
}
for number in (0, -31, "0", "-1", 0.0):
    TWICE |= {
        f"a bookmaker's bet of id {number!r}": (
            [books({"Bets": [X]}), books({"Bets": [X | {"Id": number}]})],
            {11: [], 31: UNREADABLE},
        ),
        f"a bet of id {number!r}": ([offered({"Id": number, "Status": SUSPENDED})], {11: UNREADABLE}),
        f"a bookmaker of id {number!r}": (
            [books({"Bets": [X]}), books({"Id": number, "Bets": [X | {"Id": 11, "Price": "9.9"}]})],
            {11: [], 31: UNREADABLE},
        ),
        f"a market of id {number!r}": ([books({"Bets": [X]}, market=number)], {11: UNREADABLE}),
    }
#: Words that LSports does not use, each with a value that closes and one that does not.
WORDS: list[tuple[str, Any, Any]] = [
    *((name, SUSPENDED, OPEN) for name in ("State", "status_id", "StatusId", "TradingStatus", "BetStatus")),
    *((name, True, False) for name in ("IsSuspended", "Suspended", "isSuspended", "Closed", "IsLocked")),
    *((name, "false", "true") for name in ("IsOpen", "IsActive", "isEnabled")),
    ("State", "halted", "1"),
    ("IsSuspended", "perhaps", ""),
]
for name, closing, opening in WORDS:
    for value, is_open in ((closing, False), (opening, True), (None, True)):
        known = {"Status": OPEN, "Price": "2.1"}
        TWICE |= {
            f"a bet with {name!r} {value!r}": ([offered(known | {name: value})], {11: [] if is_open else UNREADABLE}),
            f"a market with {name!r} {value!r}": (
                [markets({"Bets": [known | {"Id": 11}], name: value})],
                {11: [] if is_open else ["market_suspended", "unreadable"]},
            ),
            f"a bookmaker with {name!r} {value!r}": (
                [books({"Bets": [X]}), books({"Bets": [X], name: value})],
                {11: [], 31: [] if is_open else ["provider_suspended", "unreadable"]},
            ),
        }
for name in ("FixtureStatus", "State", "status-id", "MatchStatus"):
    for status in (ABANDONED, "Abandoned", IN_PLAY):
        TWICE |= {
            f"a fixture with {name} {status}": (
                [lambda s, name=name, status=status: s.send(1, {"Fixture": {"Sport": FOOTBALL, name: status}})],
                {11: ["unreadable"]},
            ),
            f"a scoreboard with {name} {status}": (
                [
                    lambda s, name=name, status=status: s.send(
                        2, {"Livescore": {"Scoreboard": {"Time": "9", name: status}}}
                    )
                ],
                {11: ["unreadable"]},
            ),
        }
for name in ("Status ", "status", "STATUS"):
    TWICE |= {
        f"a market with {name!r}": (
            [markets({"Bets": [{"Id": 11, "Status": OPEN}], name: 2})],
            {11: ["market_suspended"]},
        ),
        f"a bookmaker with {name!r}": ([books({"Bets": [X]}), books({name: 2})], {11: [], 31: ["provider_suspended"]}),
        f"a bet with {name!r}": ([offered({name: 2, "Price": "2.1"})], {11: SUSPENDED_BET}),
    }
for name, value, why in (
    ("Suspended", True, ["unreadable"]),
    ("IsSuspended", "yes", ["unreadable"]),
    ("Closed", "perhaps", ["unreadable"]),
    ("Suspended", False, []),
    ("Status", "Suspended", ["unreadable"]),
    ("Status", SUSPENDED, ["unreadable"]),
    ("Status", OPEN, []),
    ("MarketsStatus", None, []),
):
    for stated in ({}, {"Markets": []}, {"Markets": [{"Id": 1, "Bets": [{"Id": 11, "Status": OPEN, "Price": "2"}]}]}):
        if stated or why:
            TWICE[f"an event with {name} {value!r} and {stated}"] = [events(3, {name: value, **stated})], {11: why}
for name in ("Odds", "CurrentPrice", "DecimalOdds"):
    TWICE[f"a price called {name}"] = [offered({"Status": OPEN, name: "9.9"})], {11: UNREADABLE}
    TWICE[f"a price beside {name}"] = [offered({"Status": OPEN, "Price": "2.1", name: "9.9"})], {11: []}
