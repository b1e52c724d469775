"""More inputs of the kinds behind odd messages, by wire and store to what REST and the page say of the price."""

# ruff: noqa: F811 - tests ask for the fixtures that are imported

import json

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from feed.models import FeedSource

from .case_twice_variants import TWICE
from .case_variants import OVER, SUSPENDED_BET, UNREADABLE, VARIANTS, Happening, bet, book, inside, xml
from .test_case_kinds import (
    BOOKMAKER,
    Supplier,
    supplier,  # noqa: F401 - a fixture
    trader,  # noqa: F401 - a fixture
)

pytestmark = pytest.mark.django_db

#: Parts that cannot be read, and envelopes.
UNREAD: dict[str, tuple[list[Happening], dict[int, list[str]]]] = {
    # 07, 20: the smallest part
    "a price with a comma": ([bet(Price="2,00")], {11: UNREADABLE}),
    "a price in other digits": ([bet(Price="\u0662.00")], {11: UNREADABLE}),
    "a price with a unit": ([bet(Price="2.00x")], {11: UNREADABLE}),
    "a price that is a list": ([bet(Price=["2.00"])], {11: UNREADABLE}),
    "a price that is endless": ([bet(Price="Infinity")], {11: UNREADABLE}),
    "a price below zero": ([bet(Price="-2")], {11: ["no_price"]}),
    "a price with blanks": ([bet(Price=" 1.80 ")], {11: []}),
    "a price as a number": ([bet(Price=1.8)], {11: []}),
    "a status of a bet in words": ([bet(Status="Open")], {11: UNREADABLE}),
    "a status of a bet as a fraction": ([bet(Status=1.5)], {11: UNREADABLE}),
    "a bet without a status": (
        [lambda s: s.offer({"Id": 11, "Name": "1", "Price": "1.9", "LastUpdate": s.sent_at.isoformat()})],
        {11: []},
    ),
    "an unreadable market beside a suspension": (
        [
            lambda s: s.send(
                3, {"Markets": [{"Id": "x", "Name": "?"}, {"Id": 1, "Name": "1X2", "Bets": [s.bet(Status=2)]}]}
            )
        ],
        {11: SUSPENDED_BET},
    ),
    "an unreadable bookmaker beside a suspension": (
        [
            lambda s: s.send(
                3,
                {
                    "Markets": [
                        {
                            "Id": 1,
                            "Name": "1X2",
                            "ProviderMarkets": [{"Id": None, "Bets": [s.bet(31)]}],
                            "Bets": [s.bet(Status=2)],
                        }
                    ]
                },
            )
        ],
        {11: SUSPENDED_BET},
    ),
    "an unreadable period beside the end": (
        [
            lambda s: s.send(
                2,
                {
                    "Livescore": {
                        "Scoreboard": {"Status": 3},
                        "Periods": [{"Type": "x"}, 5, {"Type": 10, "Results": [{"Position": "?", "Value": "?"}]}],
                    }
                },
            )
        ],
        {11: OVER},
    ),
    "an unreadable event beside the end": (
        [lambda s: s.send(1, {"FixtureId": 7, "Fixture": {"Status": 3}, "Livescore": 5, "Markets": "none"})],
        {11: ["bet_suspended", "fixture_over", "unreadable"]},
    ),
    "a bookmaker's bet whose id is a text": (
        [book([{"Name": "X"}]), lambda s: s.book({"Id": "b-31", "Name": "X", "Status": 1, "Price": "3"})],
        {11: [], 31: UNREADABLE},
    ),
    "a bookmaker's bet whose id is null": (
        [book([{"Name": "X"}]), lambda s: s.book({"Id": None, "Name": "X", "Status": 1, "Price": "3"})],
        {11: [], 31: UNREADABLE},
    ),
    "a bet of nobody": (
        [book([{"Name": "X"}]), lambda s: s.book({"Status": 1, "Price": "3"})],
        {11: [], 31: UNREADABLE},
    ),
    # 08: envelopes
    "a Feed": ([inside(lambda m: {"Feed": m})], {11: SUSPENDED_BET}),
    "data in data": ([inside(lambda m: {"data": {"data": m}})], {11: SUSPENDED_BET}),
    "a list of one message": ([inside(lambda m: [m])], {11: SUSPENDED_BET}),
    "a body that is a text": ([inside(lambda m: m | {"Body": json.dumps(m["Body"])})], {11: SUSPENDED_BET}),
    "a message that is a text": ([inside(lambda m: json.dumps(json.dumps(m)).encode())], {11: SUSPENDED_BET}),
    "a mark of its order of bytes": ([inside(lambda m: b"\xef\xbb\xbf" + json.dumps(m).encode())], {11: SUSPENDED_BET}),
    "blanks around it": ([inside(lambda m: b"\r\n " + json.dumps(m).encode() + b"\n\0")], {11: SUSPENDED_BET}),
    "a header that comes last": ([inside(lambda m: {"Body": m["Body"], "Header": m["Header"]})], {11: SUSPENDED_BET}),
    "its body in capitals": ([inside(lambda m: {"HEADER": m["Header"], "BODY": m["Body"]})], {11: SUSPENDED_BET}),
    "events by number": (
        [inside(lambda m: m | {"Body": {"Events": {"0": m["Body"]["Events"][0]}}})],
        {11: SUSPENDED_BET},
    ),
    "one event without a list": (
        [inside(lambda m: m | {"Body": {"Event": m["Body"]["Events"][0]}})],
        {11: SUSPENDED_BET},
    ),
    "an event as the body": ([inside(lambda m: m | {"Body": m["Body"]["Events"][0]})], {11: SUSPENDED_BET}),
    "XML with a namespace": ([xml('Feed xmlns="urn:lsports"')], {11: SUSPENDED_BET}),
    "XML with a declaration": ([xml("Message", '<?xml version="1.0" encoding="utf-8"?>\n')], {11: SUSPENDED_BET}),
    "XML with a comment before": ([xml("Message", "<!-- a -->")], {11: SUSPENDED_BET}),
}
ALL = VARIANTS | UNREAD | TWICE


@pytest.mark.parametrize("name", ALL)
def test_a_variant_is_as_closed_as_it_says(supplier: Supplier, trader: Client, name: str) -> None:
    happenings, wanted = ALL[name]
    for happen in happenings:
        happen(supplier)
    now = timezone.now()
    FeedSource.objects.update(state="up", state_since=now, last_message_at=now)
    state = trader.get("/api/v1/fixtures/7/").json()
    bets = {
        int(pk): found for book in state["markets"]["1"]["providers"].values() for pk, found in book["bets"].items()
    }
    assert {pk: found["closed_because"] for pk, found in bets.items()} == wanted
    page = lxml.html.fromstring(trader.get("/fixtures/7/").content)
    for pk, why in wanted.items():
        (cell,) = page.xpath(f'//td[@data-bet="{BOOKMAKER if pk == 31 else 0}/{pk}"]')
        assert ("px--open" in cell.get("class").split()) == (not why)
