"""Laws for messages that are not as described: the smallest part is set aside, envelopes do not matter."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.wire import DecodeError, decode
from feed.wire.messages import Message

from .wire_messages import body

ODD = st.one_of(
    st.text(max_size=8),
    st.integers(),
    st.booleans(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["Id", "Name", "x"]), st.text(max_size=4), max_size=2),
)
PRICE = {"Id": 11, "Name": "1", "Status": 1, "Price": "2.00"}
MINOR_OF_BET = ["SuspensionReason", "Probability", "CalculatedMargin", "Order", "PlayerId", "PlayerName"]
MINOR_OF_BET += ["ProviderBetId", "PriceVolume", "StartPrice", "ParticipantId", "LastUpdate"]
MINOR_OF_FIXTURE = ["Venue", "Stage", "Round", "Season", "Subscription", "ExternalFixtureId", "StartDate", "LastUpdate"]
MINOR_OF_LEAGUE = ["Tour", "SportCategory", "AgeCategory", "Gender", "Type", "NumberOfPeriods", "Name"]
MINOR_OF_SIDE = ["Form", "Formation", "ShirtColor", "RotationId", "IsActive", "FixturePlayers", "ExtraData"]


def market(*bets: dict[str, Any], **fields: Any) -> bytes:
    return body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "Name": "1X2", "Bets": list(bets)} | fields]}]})


def decisive(message: Message) -> list[str]:
    return [part.place for part in message.set_aside if part.decides]


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(MINOR_OF_BET), ODD)
def test_a_field_that_decides_nothing_never_costs_a_bet(name: str, value: Any) -> None:
    message = decode(market(PRICE | {name: value}))

    (bet,) = message.events[0].markets[0].bets  # type: ignore[index, misc]
    assert (bet.id, str(bet.price), bet.status, bet.unreadable) == (11, "2.00", 1, False)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(["Fixture", "League", "Participants"]), st.data())
def test_a_field_that_decides_nothing_never_costs_a_fixture(where: str, data: st.DataObject) -> None:
    names = {"Fixture": MINOR_OF_FIXTURE, "League": MINOR_OF_LEAGUE, "Participants": MINOR_OF_SIDE}[where]
    odd = {data.draw(st.sampled_from(names)): data.draw(ODD)}
    sides = [{"Id": 1, "Name": "A", "Position": "1"} | (odd if where == "Participants" else {})]
    league = {"Id": 67} | (odd if where == "League" else {})
    fixture = {"Status": 2, "League": league, "Participants": sides} | (odd if where == "Fixture" else {})
    message = decode(body(1, {"Events": [{"FixtureId": 7, "Fixture": fixture}]}))

    found = message.events[0].fixture
    assert found is not None
    assert (found.status, found.league and found.league.id, found.unreadable) == (2, 67, False)
    assert [side.id for side in found.participants or ()] == [1]


@pytest.mark.parametrize("tour", ["12", 12, {"Id": 100, "Name": "Matchday 15"}, ["a"], True])
def test_a_tour_is_kept_in_whatever_form(tour: Any) -> None:
    league = decode(body(1, {"Events": [{"FixtureId": 7, "Fixture": {"League": {"Id": 1, "Tour": tour}}}]})).events[0]

    assert league.fixture is not None
    assert league.fixture.league is not None
    assert league.fixture.league.tour is not None


def test_a_player_is_kept_as_the_text_that_it_is() -> None:
    found = decode(market(PRICE | {"PlayerId": "646A9"}, PRICE | {"Id": 12, "PlayerId": 646189}))

    assert [bet.player_id for bet in found.events[0].markets[0].bets or ()] == ["646A9", "646189"]  # type: ignore[index]
    assert found.set_aside == []


@settings(deadline=None)
@given(st.sampled_from(["Price", "Status", "Settlement"]), st.sampled_from(["N/A", {}, ["x"], "1,5", True]))
def test_a_bet_that_cannot_be_read_is_marked_and_stands_beside_one_that_can(name: str, value: Any) -> None:
    if name != "Price" and value is True:
        return
    message = decode(market(PRICE | {"Status": 2}, PRICE | {"Id": 12, name: value}))

    good, bad = message.events[0].markets[0].bets  # type: ignore[index, misc]
    assert (good.status, good.unreadable, bad.id, bad.unreadable) == (2, False, 12, True)
    assert decisive(message) == [f"Body.Events[0].Markets[0].Bets[1].{name}"]


@pytest.mark.parametrize("lost", [{"Name": "X"}, {"Id": "x", "Name": "X"}, {"Id": 2**70, "Name": "X"}, "X", 5])
def test_a_bet_without_a_readable_id_leaves_its_name(lost: Any) -> None:
    message = decode(market(PRICE, lost))
    (found,) = message.events[0].markets or ()

    assert [bet.id for bet in found.bets or ()] == [11]
    assert found.lost_bets == ["X" if isinstance(lost, dict) else ""]


@pytest.mark.parametrize("status", ["closed", {}, 2**70])
def test_a_market_a_bookmaker_and_a_fixture_whose_status_cannot_be_read_are_marked(status: Any) -> None:
    bookmaker = {"Id": 8, "MarketStatus": status, "Bets": [PRICE]}
    (found,) = decode(market(PRICE, Status=status, ProviderMarkets=[bookmaker])).events[0].markets or ()
    fixture = decode(body(1, {"Events": [{"FixtureId": 7, "Fixture": {"Status": status}}]})).events[0].fixture

    assert found.unreadable
    assert found.provider_markets is not None
    assert found.provider_markets[0].unreadable
    assert fixture is not None
    assert fixture.unreadable


def test_one_bad_event_costs_no_other() -> None:
    message = decode(body(1, {"Events": [{"FixtureId": "x"}, {"FixtureId": 7, "FixtureName": "A"}]}))

    assert [event.fixture_id for event in message.events] == [7]
    assert decisive(message) == ["Body.Events[0].FixtureId"]


EVENTS = [{"FixtureId": 7, "Fixture": {"Status": 2}}, {"FixtureId": 8, "Fixture": {"Status": 3}}]
HEADER = {"Type": 36}
ENVELOPES: list[Any] = [
    {"Header": HEADER, "Body": {"Events": EVENTS}},
    {"Header": HEADER, "Body": EVENTS},
    {"Header": HEADER, "Events": EVENTS},
    {"Header": HEADER, "Body": {"Events": {"Events": EVENTS}}},
    {"Header": HEADER, "Body": {"Events": {"Event": EVENTS}}},
    {"Header": HEADER, "Body": {"Events": [{"Events": EVENTS}]}},
    {"Header": HEADER, "MessageBody": {"Events": EVENTS}},
    {"MessageHeader": HEADER, "Body": {"Events": EVENTS}},
    {"Header": HEADER, "Body": {"events": EVENTS}},
    {"Feed": {"Header": HEADER, "Body": {"Events": EVENTS}}},
    {"root": {"Header": HEADER, "Body": EVENTS}},
    {"a": {"Message": [{"Header": HEADER, "Body": EVENTS}]}},
    EVENTS,
]


@pytest.mark.parametrize("envelope", ENVELOPES, ids=lambda envelope: json.dumps(envelope)[:60])
def test_what_is_inside_decides_and_not_the_envelope(envelope: Any) -> None:
    events = decode(json.dumps(envelope).encode()).events

    assert [(event.fixture_id, event.fixture and event.fixture.status) for event in events] == [(7, 2), (8, 3)]


@pytest.mark.parametrize("root", ["Feed", "Message", "root", "Anything"])
@pytest.mark.parametrize("header", ["<Header><Type>36</Type></Header>", '<Header Type="36" CreationDate="2026"/>'])
def test_the_root_of_xml_may_have_any_name(root: str, header: str) -> None:
    event = '<Event FixtureId="7"><Fixture><Status>3</Status></Fixture></Event>'
    found = decode(f"<{root}>{header}<Body><Events>{event}</Events></Body></{root}>".encode())

    assert [event.fixture_id for event in found.events] == [7]


@pytest.mark.parametrize("inner", ["Events", "Competitions"])
def test_an_element_with_elements_is_a_node_of_the_tree(inner: str) -> None:
    race = {"FixtureId": 519, "OutrightFixture": {"Status": 1}}
    node = {"Id": 4620, "Name": "Fenmoor", "Type": 1, "Events": [race]}
    content = [node] if inner == "Events" else [{"Id": 9, "Type": 1, "Competitions": [node]}]
    (found,) = decode(body(36, content)).events

    path = [4620] if inner == "Events" else [9, 4620]
    assert (found.fixture_id, [step.id for step in found.competitions or ()]) == (519, path)


@pytest.mark.parametrize("name", ["ActiveEvents", "ActiveEvent", "activeEvents", "ACTIVEEVENT"])
def test_live_fixtures_are_read_under_every_name_and_as_texts(name: str) -> None:
    keep_alive = decode(body(31, {"KeepAlive": {name: ["1234", 1111]}})).keep_alive

    assert keep_alive is not None
    assert keep_alive.active_events == [1234, 1111]


@pytest.mark.parametrize(
    "listed",
    [{"ActiveEvent": ["1", 2]}, {"0": "1", "1": 2}, "1, 2", [{"FixtureId": 1}, {"Id": "2"}], ["1", 2, "2"]],
    ids=str,
)
def test_live_fixtures_are_read_however_they_are_listed(listed: Any) -> None:
    keep_alive = decode(body(31, {"KeepAlive": {"ActiveEvents": listed}})).keep_alive

    assert keep_alive is not None
    assert keep_alive.active_events == [1, 2]


def test_a_live_fixture_that_is_bare_text_in_xml_is_one() -> None:
    stated = "<KeepAlive><ActiveEvents> 12 </ActiveEvents></KeepAlive>"
    keep_alive = decode(f"<Message><Header><Type>31</Type></Header><Body>{stated}</Body></Message>".encode()).keep_alive

    assert keep_alive is not None
    assert keep_alive.active_events == [12]


@pytest.mark.parametrize("content", [{"Fixtures": [1]}, {"ActiveEvents": "none"}, {"ActiveEvents": [1, "x"]}, 5])
def test_a_keep_alive_that_is_not_recognised_never_says_that_nothing_is_live(content: Any) -> None:
    with pytest.raises(DecodeError):
        decode(body(31, {"KeepAlive": content}))


@pytest.mark.parametrize("event", [{"Odds": [1]}, {"markets": [{"Id": 1, "Prices": [1]}]}])
def test_an_event_that_is_not_recognised_is_not_read_as_nothing(event: dict[str, Any]) -> None:
    message = decode(body(3, {"Events": [{"FixtureId": 7} | event]}))

    assert decisive(message)
    assert message.events[0].unreadable or any(market.unreadable for market in message.events[0].markets or ())


def test_names_in_another_case_are_read_also_deep_within() -> None:
    bets = [{"id": 11, "price": "2.00", "status": 1}]
    (found,) = decode(body(3, {"Events": [{"FixtureId": 7, "Markets": [{"Id": 1, "bets": bets}]}]})).events

    assert [str(bet.price) for market in found.markets or () for bet in market.bets or ()] == ["2.00"]


def test_both_players_of_a_substitution_are_kept() -> None:
    players = {"Item1": [{"PlayerId": 7, "Name": "Moss A."}], "Item2": [{"PlayerId": "9", "Name": "Fern B."}]}
    periods = [{"Type": 20, "Incidents": [{"IncidentType": 40, "Players": players}]}]
    livescore = decode(body(2, {"Events": [{"FixtureId": 7, "Livescore": {"Periods": periods}}]})).events[0].livescore

    (incident,) = livescore.periods[0].incidents  # type: ignore[union-attr, index, misc]
    assert [(player.id, player.item) for player in incident.players] == [("7", 1), ("9", 2)]  # type: ignore[union-attr]


FIXTURE = {"Sport": {"Id": 6046}, "League": {"Id": 67}, "Status": 2, "StartDate": "2026-05-01T12:00:00Z"}


@pytest.mark.parametrize("content", [FIXTURE, {"Fixture": FIXTURE}], ids=["the fixture itself", "its parts"])
@pytest.mark.parametrize("is_bare", [False, True], ids=["Events", "a bare list"])
def test_what_lies_in_an_events_content_is_read(content: dict[str, Any], is_bare: bool) -> None:
    events = [{"CorrelationId": "a", "FixtureId": 7, "FixtureTypeId": 1, "Content": content}]
    described = [{"FixtureId": 7, "Fixture": FIXTURE}]
    found, wanted = (decode(body(1, given if is_bare else {"Events": given})) for given in (events, described))

    assert found.events == wanted.events


def test_a_content_without_anything_known_is_left_alone() -> None:
    (event,) = decode(body(1, {"Events": [{"FixtureId": 7, "Content": {"Weather": "rain"}}]})).events

    assert (event.fixture_id, event.fixture) == (7, None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_json_in_utf_16_is_read(encoding: str) -> None:
    assert decode(market(PRICE).decode().encode(encoding)) == decode(market(PRICE))
