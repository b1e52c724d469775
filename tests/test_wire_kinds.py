"""Every kind of odd message that was ever refused or read wrongly, in the forms in which it might come next."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from feed.wire import DecodeError, decode
from feed.wire.messages import Event

from .wire_messages import body, events_of

BET = {"Id": 11, "Name": "1", "Status": 2, "Price": "2.00", "LastUpdate": "2026-05-01T12:00:00Z", "Settlement": 0}
BOOKMAKER = {"Id": 8, "Name": "North", "MarketStatus": 2, "Bets": [BET | {"Id": 31}]}
MARKET = {"Id": 1, "Name": "1X2", "Status": 2, "MainLine": "2.5", "Bets": [BET], "ProviderMarkets": [BOOKMAKER]}
BOARD = {"Status": 7, "Description": 1, "CurrentPeriod": 10, "Time": "60", "Results": [{"Position": "1", "Value": "1"}]}
LIVESCORE = {"Scoreboard": BOARD, "Periods": [{"Type": 10, "IsFinished": True}]}
SIDES = [{"Id": n, "Name": f"Team {n}", "Position": str(n)} for n in (1, 2)]
FIXTURE = {"Status": 4, "Sport": {"Id": 6046, "Name": "Football"}, "LastUpdate": "2026-05-01T12:00:00Z"}
FIXTURE |= {"Participants": SIDES, "League": {"Id": 67, "Name": "Vale League"}}
WHOLE = {"FixtureId": 7, "Fixture": FIXTURE, "Livescore": LIVESCORE, "Markets": [MARKET]}
OTHER_CASES: dict[str, Callable[[str], str]] = {
    "small": str.lower,
    "capitals": str.upper,
    "camel": lambda name: name[:1].lower() + name[1:],
}


def paths(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each field of a message lies."""
    if isinstance(plain, dict):
        for name, value in plain.items():
            yield (*path, name)
            yield from paths(value, (*path, name))
    elif isinstance(plain, list):
        for index, value in enumerate(plain):
            yield from paths(value, (*path, index))


def renamed(plain: Any, path: tuple[Any, ...], name: str) -> Any:
    """The message with the field at `path` under another name."""
    first, *rest = path
    if isinstance(plain, list):
        return [renamed(value, tuple(rest), name) if index == first else value for index, value in enumerate(plain)]
    if not rest:
        return {(name if key == first else key): value for key, value in plain.items()}
    return {key: renamed(value, tuple(rest), name) if key == first else value for key, value in plain.items()}


def place(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize("style", OTHER_CASES)
@pytest.mark.parametrize("path", list(paths(WHOLE)), ids=place)
def test_a_name_in_another_case_hides_nothing_wherever_it_stands(path: tuple[Any, ...], style: str) -> None:
    other = renamed(WHOLE, path, OTHER_CASES[style](path[-1]))

    assert events_of(body(36, {"Events": [other]})) == events_of(body(36, {"Events": [WHOLE]}))


@pytest.mark.parametrize(
    ("left_out", "path"),
    [
        (("Status",), ("Markets", 0, "Status")),
        (("Bets", "ProviderMarkets"), ("Markets", 0, "ProviderMarkets")),
        (("Bets",), ("Markets", 0, "ProviderMarkets", 0, "MarketStatus")),
        ((), ("Markets", 0, "Bets", 0, "Status")),
        ((), ("Markets", 0, "Bets", 0, "Price")),
    ],
    ids=str,
)
def test_of_a_market_alone_a_name_in_small_letters_hides_nothing(left_out: tuple[str, ...], path: tuple[Any, ...]):
    market = {name: value for name, value in MARKET.items() if name not in left_out} | {"Status": 2}
    event = {"FixtureId": 7, "Markets": [market | {"ProviderMarkets": [BOOKMAKER]}]}
    other = renamed(event, path, path[-1].lower())

    assert events_of(body(3, {"Events": [other]})) == events_of(body(3, {"Events": [event]}))


XML = """<Message><Header><Type>3</Type></Header><Body><Events>
<Event FixtureId="7"><Markets><Market Id="1" Name="1X2" Status="2"><Bets><Bet Id="11" Status="2" Price="2.0"/>
<Bet Id="12" Status="1" Price="3.0"/></Bets></Market><Market Id="2" Status="2"/></Markets></Event>
<Event FixtureId="8"><Markets><Market Id="1" Status="2"/></Markets></Event></Events></Body></Message>"""


@pytest.mark.parametrize(
    "written",
    [
        XML.lower(),
        XML.replace("<", "<ls:").replace("<ls:/", "</ls:"),
        XML.replace("<Message>", '<Message xmlns="urn:lsports">'),
        XML.replace("<Body>", "<MessageBody>").replace("</Body>", "</MessageBody>"),
        XML.replace("<Events>", "<Events><Events>").replace("</Events>", "</Events></Events>"),
    ],
    ids=["small letters", "a prefix", "a namespace", "MessageBody", "Events twice"],
)
def test_xml_says_the_same_however_its_elements_are_written(written: str) -> None:
    if "ls:" in written:
        written = written.replace("<ls:Message>", '<ls:Message xmlns:ls="urn:lsports">')

    def statements(text: str) -> list[Any]:
        markets = [
            (event.fixture_id, market) for event in decode(text.encode()).events for market in event.markets or ()
        ]
        return [(pk, market.id, market.status, [bet.status for bet in market.bets or ()]) for pk, market in markets]

    assert statements(written) == statements(XML) == [(7, 1, 2, [2, 1]), (7, 2, 2, []), (8, 1, 2, [])]


def test_an_element_that_stands_twice_is_not_read_as_the_second_alone() -> None:
    twice = XML.replace('<Market Id="2" Status="2"/>', '<Market Id="2"><Status>2</Status><Status>1</Status></Market>')
    (_, market) = decode(twice.encode()).events[0].markets or ()

    assert market.unreadable


def noisy(text: str) -> bytes:
    """A suspension beside a bet with one value that is not valid JSON."""
    return body(
        3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": [BET, BET | {"Id": 12, "Price": "@"}]}]}]}
    ).replace(b'"@"', text.encode())


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_a_bare_nan_costs_its_bet_and_not_the_suspension_beside_it(text: str) -> None:
    (market,) = decode(noisy(text)).events[0].markets or ()

    assert [(bet.status, bet.unreadable) for bet in market.bets or ()] == [(2, False), (2, True)]


@pytest.mark.parametrize(
    "text", [rb'"a\ud83d"', rb'"\udc00b"', b'"K\xf6ln"', b'"a\nb"', b'"a\tb"', b"NaN", b'"\xff\xfe"']
)
def test_a_text_that_is_no_text_costs_nothing_else(text: bytes) -> None:
    named = body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Bets": [BET | {"PlayerName": "@"}]}]}]})
    (market,) = decode(named.replace(b'"@"', text)).events[0].markets or ()

    assert [(bet.id, bet.status, bet.unreadable) for bet in market.bets or ()] == [(11, 2, False)]


HEADER = {"Type": 36}
STATED = [{"FixtureId": 7, "Fixture": {"Status": 3}}, {"FixtureId": 8, "Fixture": {"Status": 2}}]
WRAPPED: dict[str, Any] = {
    "seven deep": {"a": {"b": {"c": {"d": {"e": {"f": {"Header": HEADER, "Body": {"Events": STATED}}}}}}}},
    "a body in a body": {"Header": HEADER, "Body": {"Body": {"Events": STATED}}},
    "a message in a body": {"Header": HEADER, "Body": {"Message": {"Events": STATED}}},
    "Event for Events": {"Header": HEADER, "Body": {"Event": STATED}},
    "small letters beside the header": {"header": {"type": 36}, "events": STATED},
    "a list in a list": {"Header": HEADER, "Body": {"Events": [STATED]}},
    "by id": {"Header": HEADER, "Body": {"Events": {"7": STATED[0], "8": STATED[1]}}},
    "JSON in a text": {"Header": HEADER, "Body": json.dumps({"Events": STATED})},
    "another name": {"Header": HEADER, "Data": {"Events": STATED}},
    "no body, events beside it": {"Header": HEADER, "Body": None, "Events": STATED},
    "an object of several fields": {
        "ok": True,
        "id": "x",
        "result": {"Header": HEADER, "Body": STATED},
        "errors": [],
        "n": 5,
    },
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_is_wrapped_in_whatever_way_is_found(name: str) -> None:
    found = decode(json.dumps(WRAPPED[name]).encode()).events

    assert [(event.fixture_id, event.fixture and event.fixture.status) for event in found] == [(7, 3), (8, 2)]


ALIVE: list[Any] = [
    {"ActiveEvent": [{"FixtureId": 1}, {"FixtureId": "2"}]},
    {"ActiveEvents": {"ActiveEvent": {"Id": ["1", 2.0]}}},
    {"ActiveEvents": [], "ActiveEvent": [1, 2]},
    {"ActiveEvents": [1], "ActiveEvent": [2]},
    {"ActiveEvents": "1, 2"},
    [{"ProviderId": 8, "ActiveEvents": [1]}, {"ProviderId": 9, "activeEvents": ["2"]}],
]
NOT_ALIVE: list[Any] = [
    {"ActiveEvents": True},
    {"ActiveEvents": False},
    {"ActiveEvents": 0},
    {"ActiveEvents": [-5]},
    {"ActiveEvents": [None, None]},
    {"ActiveEvents": [1, ""]},
    {"ActiveEvents": [{"Name": "x"}]},
    {"Live": [1]},
    False,
]


@pytest.mark.parametrize("stated", ALIVE, ids=json.dumps)
def test_live_fixtures_are_found_in_whatever_form(stated: Any) -> None:
    keep_alive = decode(body(31, {"KeepAlive": stated})).keep_alive

    assert keep_alive is not None
    assert sorted(keep_alive.active_events) == [1, 2]


@pytest.mark.parametrize("stated", NOT_ALIVE, ids=json.dumps)
def test_what_names_no_fixture_never_says_that_nothing_is_live(stated: Any) -> None:
    with pytest.raises(DecodeError):
        decode(body(31, {"KeepAlive": stated}))


@pytest.mark.parametrize(
    "message",
    [
        {"Header": {"Type": 32}, "Body": {"feedInterrupted": [1]}},
        {"Header": {"Type": 32, "FeedInterrupted": [1]}},
        {"Header": {"Type": 32}, "feedinterrupted": 1},
        {"header": {"type": 32}, "body": {"FEEDINTERRUPTED": ["1"]}},
        {"Header": {"Type": 32}, "Body": [{"FeedInterrupted": [1]}]},
    ],
    ids=json.dumps,
)
def test_an_interruption_is_heard_wherever_a_heartbeat_says_so(message: dict[str, Any]) -> None:
    heartbeat = decode(json.dumps(message).encode()).heartbeat

    assert heartbeat is not None
    assert heartbeat.feed_interrupted == [1]


def event_of(kind: int, **parts: Any) -> Event:
    return decode(body(kind, {"Events": [{"FixtureId": 7} | parts]})).events[0]


@pytest.mark.parametrize("price", ["", " ", None, "null"])
@pytest.mark.parametrize("status", [1, "1", 1.0])
def test_an_open_bet_whose_price_is_left_empty_is_unreadable(price: Any, status: Any) -> None:
    (market,) = event_of(3, Markets=[{"Id": 1, "Bets": [BET | {"Status": status, "Price": price}]}]).markets or ()

    assert [bet.unreadable for bet in market.bets or ()] == [True]


def test_a_bet_that_is_not_open_needs_no_price() -> None:
    (market,) = event_of(3, Markets=[{"Id": 1, "Bets": [BET | {"Price": ""}]}]).markets or ()

    assert [(bet.status, bet.unreadable) for bet in market.bets or ()] == [(2, False)]


@pytest.mark.parametrize("name", ["Id", "id", "Name"])
@pytest.mark.parametrize("value", [None, "", "TBD", 2**70, [1]])
def test_a_side_is_kept_whatever_its_id(name: str, value: Any) -> None:
    sides = [{"Id": 5, "Name": "TBD", "Position": str(n)} for n in (1, 2)]
    sides = [{key: item for key, item in side.items() if key.lower() != name.lower()} | {name: value} for side in sides]
    fixture = event_of(1, Fixture={"Status": 1, "Participants": sides}).fixture

    assert fixture is not None
    assert [side.position for side in fixture.participants or ()] == [1, 2]


@pytest.mark.parametrize(
    "books",
    [
        {"ProviderMarkets": [{"Id": 8, "Status": 2}]},
        {"ProviderMarkets": [], "Providers": [{"Id": 8, "MarketStatus": "2"}]},
        {"ProviderMarkets": [{"Id": 9}], "Providers": [{"Id": 8, "MarketStatus": 2}]},
        {"Providers": {"8": {"Id": 8, "status": 2}}},
    ],
    ids=json.dumps,
)
def test_what_a_bookmaker_states_of_its_market_is_read_under_every_name(books: dict[str, Any]) -> None:
    (market,) = event_of(3, Markets=[{"Id": 1, **books}]).markets or ()

    assert {provider.id: provider.market_status for provider in market.provider_markets or ()}[8] == 2
