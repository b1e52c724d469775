"""A keep-alive's list is read in every way in which lists are written; what is not recognised never means "nothing"."""

import json
from typing import Any

import pytest

from feed.wire import DecodeError, decode

IDS = [8066615, 8067007]


def keep_alive(body: Any, **header: Any) -> bytes:
    return json.dumps({"Header": {"Type": 31, "ServerTimestamp": 1775000000} | header, "Body": body}).encode()


def listed(body: bytes) -> list[int]:
    found = decode(body).keep_alive
    assert found is not None
    return found.active_events


BODIES: dict[str, Any] = {
    "as documented": {"KeepAlive": {"ActiveEvents": IDS}},
    "as the documents have it": {"KeepAlive": {"ActiveEvent": list(map(str, IDS))}},
    "in one text": {"KeepAlive": {"ActiveEvents": "8066615,8067007"}},
    "in one text with blanks": {"KeepAlive": {"ActiveEvents": "8066615 8067007"}},
    "in one text with semicolons": {"KeepAlive": {"ActiveEvents": " 8066615; 8067007 "}},
    "in one text of JSON": {"KeepAlive": {"ActiveEvents": "[8066615, 8067007]"}},
    "in lists of lists": {"KeepAlive": {"ActiveEvents": [[8066615], ["8067007"]]}},
    "in objects with another id": {"KeepAlive": {"ActiveEvents": [{"Id": 1, "FixtureId": number} for number in IDS]}},
    "in objects by id": {"KeepAlive": {"ActiveEvents": {str(number): {"Status": 2} for number in IDS}}},
    "as names of what is true": {"KeepAlive": {"ActiveEvents": {str(number): True for number in IDS}}},
    "in objects by number": {"KeepAlive": {"ActiveEvents": {str(n): number for n, number in enumerate(IDS)}}},
    "in another spelling": {"keep_alive": {"active_events": IDS}},
    "in lower case": {"keepalive": {"activeevents": IDS}},
    "in the body": {"ActiveEvents": IDS},
    "in the body, as the documents have it": {"ActiveEvent": list(map(str, IDS))},
    "as the body": IDS,
    "as the keep-alive": {"KeepAlive": IDS},
    "as a text in its place": {"KeepAlive": "8066615,8067007"},
    "twice, in two spellings": {"KeepAlive": {"ActiveEvents": IDS[:1], "activeevents": IDS}},
    "twice, by two names": {"KeepAlive": {"ActiveEvents": [], "ActiveEvent": IDS}},
    "with a null": {"KeepAlive": {"ActiveEvents": [None, *IDS, None]}},
    "with one twice": {"KeepAlive": {"ActiveEvents": [*IDS, "8066615"]}},
    "with blanks": {"KeepAlive": {"ActiveEvents": [" 8066615 ", "8067007\n"]}},
    "with a fraction": {"KeepAlive": {"ActiveEvents": [8066615.0, "8067007.0"]}},
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("kind", [31, "31", "KeepAlive"])
def test_the_fixtures_are_found(name: str, kind: Any) -> None:
    assert listed(keep_alive(BODIES[name], Type=kind)) == IDS


NOTHING = [None, {}, "", " ", [], {"ActiveEvents": None}, {"ActiveEvents": []}, {"ActiveEvents": {}}]
NOTHING += [
    {"ActiveEvents": ""},
    {"ActiveEvents": [], "ExtraData": None},
    {"ProviderId": 8},
    {"ActiveEvents": [], "New": 1},
]


@pytest.mark.parametrize("stated", NOTHING, ids=str)
def test_an_empty_one_says_that_nothing_is_live(stated: Any) -> None:
    assert listed(keep_alive({"KeepAlive": stated})) == []


UNKNOWN: list[Any] = [{"Fixtures": IDS}, {"Events": []}, {"ActiveEvents": [], "Fixtures": IDS}, "alive", True, 5, ["x"]]
UNKNOWN += [{"ActiveEvents": ["x", 5]}, {"ActiveEvents": [0]}, {"ActiveEvents": [-5]}, {"ActiveEvents": [None]}]
UNKNOWN += [
    {"ActiveEvents": [10**20]},
    {"ActiveEvents": [True]},
    {"ActiveEvents": ["", 5]},
    {"ActiveEvents": [{"A": 1}]},
]


@pytest.mark.parametrize("stated", UNKNOWN, ids=str)
def test_what_is_not_recognised_is_refused(stated: Any) -> None:
    with pytest.raises(DecodeError):
        decode(keep_alive({"KeepAlive": stated}))


@pytest.mark.parametrize("body", [None, {}, [], "", "alive", 5, {"Events": []}, {"Foo": IDS}], ids=str)
def test_a_body_without_one_is_refused(body: Any) -> None:
    with pytest.raises(DecodeError):
        decode(keep_alive(body))


@pytest.mark.parametrize(
    "inside",
    [
        "<ActiveEvents>8066615,8067007</ActiveEvents>",
        "<ActiveEvents><Event>8066615</Event><Event>8067007</Event></ActiveEvents>",
        '<ActiveEvents><Event FixtureId="8066615"/><Event FixtureId="8067007"/></ActiveEvents>',
        "<ActiveEvents><int>8066615</int><int>8067007</int></ActiveEvents>",
    ],
)
def test_xml_has_them_too(inside: str) -> None:
    header, body = "<Header><Type>31</Type></Header>", f"<Body><KeepAlive>{inside}</KeepAlive></Body>"

    assert listed(f"<Message>{header}{body}</Message>".encode()) == IDS


def test_xml_says_that_there_is_none() -> None:
    nil = '<KeepAlive xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'

    assert listed(f"<Message><Header><Type>31</Type></Header><Body>{nil}</Body></Message>".encode()) == []
