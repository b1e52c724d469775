"""Every message that the simulated supplier makes is of LSports' shape: protocol.md's, and field by field the samples'.

Forty minutes of fourteen fixtures is made once for each dialect, and every message is
held against `SHAPES`. The samples then show that `SHAPES` tells the truth: they fit too, and what all samples of a type
have, our messages have.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sandbox.outgoing import Feed, Outgoing
from sandbox.supplier import Supplier

START = datetime(2026, 1, 10, 15, tzinfo=UTC)
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?")
PRICE = re.compile(r"\d+(\.\d+)?")
SIGNED = re.compile(r"-?\d+(\.\d+)?")


@cache
def made(dialect: str) -> list[Outgoing]:
    supplier = Supplier(seed=7, fixtures=14, start=START, speed=40.0, dialect=dialect, bookmakers=2)
    return list(supplier.advance(START + timedelta(seconds=60)))


# Kinds of values. Each takes a value and says whether it is of the kind.


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def fraction(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def words(value: Any) -> bool:
    return isinstance(value, str)


def price(value: Any) -> bool:
    return isinstance(value, str) and PRICE.fullmatch(value) is not None


def signed(value: Any) -> bool:
    return isinstance(value, str) and SIGNED.fullmatch(value) is not None


def odds(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+/\d+", value) is not None


def side(value: Any) -> bool:
    return isinstance(value, str) and value.isdigit()


def guid(value: Any) -> bool:
    return isinstance(value, str) and GUID.fullmatch(value) is not None


def time(value: Any) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def nothing(value: Any) -> bool:
    return value is None


def number_or_digits(value: Any) -> bool:
    return whole(value) or side(value)


class Maybe:
    """A key that need not be there; or a value that may be null (`Maybe(x, null=True)` is always there)."""

    def __init__(self, shape: Any, *, null: bool = False) -> None:
        self.shape = shape
        self.null = null


class Either:
    def __init__(self, *shapes: Any) -> None:
        self.shapes = shapes


def misfits(value: Any, shape: Any, where: str) -> Iterator[str]:
    """What is wrong with a value: each with the path to it."""
    if isinstance(shape, Maybe):
        if not (shape.null and value is None):
            yield from misfits(value, shape.shape, where)
    elif isinstance(shape, Either):
        if all(any(misfits(value, each, where)) for each in shape.shapes):
            yield f"{where}: {value!r} fits none"
    elif isinstance(shape, dict):
        yield from dict_misfits(value, shape, where)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
        else:
            for each in value:
                yield from misfits(each, shape[0], f"{where}[]")
    elif not shape(value):
        yield f"{where}: {value!r} is not of the kind {shape.__name__}"


def dict_misfits(value: Any, shape: dict[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    for key, each in shape.items():
        if key in value:
            yield from misfits(value[key], each, f"{where}.{key}")
        elif not (isinstance(each, Maybe) and not each.null):
            yield f"{where}.{key} is missing"
    for key in value.keys() - shape.keys():
        yield f"{where}.{key} is unheard of"


NAMED = {"Id": whole, "Name": words}
DATA = [{"Name": words, "Value": words}]
RESULTS = [{"Position": side, "Value": words}]
SUBSCRIPTION = {"Type": whole, "Status": whole}
HEADER = {
    "Type": whole,
    "MsgSeq": whole,
    "MsgGuid": guid,
    "CreationDate": time,
    "SerializedCreationDate": Maybe(time),
    "ServerTimestamp": whole,
}
BARE_HEADER = {"Type": whole, "MsgGuid": guid, "ServerTimestamp": whole}
PARTICIPANTS = [{"Id": whole, "Name": words, "Position": side}]
VENUE = {
    "Id": whole,
    "Name": words,
    "Capacity": whole,
    "Attendance": Maybe(whole),
    "CourtSurfaceType": Maybe(words),
    "Environment": words,
    "Assignment": words,
    "Country": NAMED,
    "State": Maybe(NAMED),
    "City": NAMED,
}
FIXTURE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "League": {**NAMED, "Gender": Maybe(whole)},
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": PARTICIPANTS,
    "FixtureExtraData": Maybe(DATA),
    "Venue": Maybe(VENUE),
    "Stage": Maybe(NAMED),
    "Round": Maybe(NAMED),
    "Season": Maybe(NAMED),
}
SHORT_FIXTURE = {
    "Subscription": nothing,
    "Sport": NAMED,
    "Location": nothing,
    "League": nothing,
    "LastUpdate": time,
    "Participants": PARTICIPANTS,
}
INCIDENTS = Maybe(
    [
        {
            "Period": whole,
            "IncidentType": whole,
            "Seconds": whole,
            "ParticipantPosition": side,
            "PlayerId": Maybe(whole),
            "PlayerName": Maybe(words),
            "Results": RESULTS,
        }
    ],
    null=True,
)
LIVESCORE = {
    "Scoreboard": {
        "Status": whole,
        "Description": Maybe(whole),
        "CurrentPeriod": whole,
        "Time": signed,
        "Clock": Maybe({"Status": whole, "Seconds": whole}),
        "Results": RESULTS,
    },
    "Periods": [
        {
            "Type": whole,
            "IsFinished": truth,
            "IsConfirmed": truth,
            "Results": RESULTS,
            "Incidents": INCIDENTS,
            "SubPeriods": Maybe(nothing),
            "SequenceNumber": Maybe(whole),
        }
    ],
    "Statistics": Maybe([{"Type": whole, "Results": RESULTS, "Incidents": INCIDENTS}]),
    "LivescoreExtraData": Maybe(DATA),
}
PROVIDER_BET = {
    "Id": whole,
    "Name": words,
    "Line": Maybe(words),
    "BaseLine": Maybe(words),
    "Status": whole,
    "StartPrice": price,
    "Price": price,
    "Settlement": Maybe(whole),
    "SuspensionReason": Maybe(whole),
    "ParticipantId": Maybe(whole),
    "PlayerId": Maybe(side),
    "PlayerName": Maybe(words),
    "Order": Maybe(whole),
    "LastUpdate": time,
    "SerializedLastUpdate": Maybe(time),
}
BET = {
    **PROVIDER_BET,
    "StartPrice": Maybe(price),
    "Probability": Maybe(fraction),
    "CalculatedMargin": Maybe(fraction),
    "SerializedCalculatedMargin": Maybe(words),
    "ProviderBetId": side,
    "PriceIN": Maybe(signed),
    "PriceUS": Maybe(signed),
    "PriceUK": Maybe(odds),
    "PriceMA": Maybe(signed),
    "PriceHK": Maybe(signed),
}
PROVIDERS = Maybe(
    [
        {
            "Id": whole,
            "Name": words,
            "LastUpdate": time,
            "SerializedLastUpdate": Maybe(time),
            "MarketStatus": Maybe(whole),
            "Bets": [PROVIDER_BET],
        }
    ]
)


def market(bet: dict[str, Any]) -> list[Any]:
    return [{"Id": whole, "Name": words, "MainLine": Maybe(words), "Bets": [bet], "ProviderMarkets": PROVIDERS}]


def events(event: dict[str, Any]) -> dict[str, Any]:
    return {"Header": HEADER, "Body": {"Events": [{"FixtureId": whole, **event}]}}


def level(**below: Any) -> dict[str, Any]:
    return {"Id": whole, "Name": words, "Type": whole, "NextFixtureStartTime": Maybe(time), **below}


def in_race(event: dict[str, Any]) -> dict[str, Any]:
    """Right below the track, or (type 42's sample) one level deeper."""
    listed = [{"FixtureId": whole, **event}]
    shallow, deep = level(Events=listed), level(Competitions=[level(Events=listed)])
    return {"Header": HEADER, "Body": {"Competition": Either(shallow, deep)}}


def in_season(event: dict[str, Any]) -> dict[str, Any]:
    listed = [{"FixtureId": whole, "FixtureName": Maybe(words), "Livescore": nothing, **event}]
    return {"Header": HEADER, "Body": {"Competition": level(Competitions=[level(Events=listed)])}}


RUNNERS = [{"Id": whole, "Name": words, "Position": side, "IsActive": whole, "ExtraData": DATA}]
OUTRIGHT_FIXTURE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "StartDate": time,
    "LastUpdate": time,
    "Status": whole,
    "Participants": RUNNERS,
    "FixtureExtraData": Maybe(DATA),
}
OUTRIGHT_LEAGUE = {
    "Subscription": SUBSCRIPTION,
    "Sport": NAMED,
    "Location": NAMED,
    "LastUpdate": time,
    "Status": whole,
    "ExtraData": DATA,
    "EndDate": time,
}
PLACES = [{"ParticipantId": whole, "Name": words, "Result": whole}]
RACE_BET = {**BET, "Id": side, "ParticipantId": whole}
SEASON_BET = {**BET, "ParticipantId": whole}
SETTLED_BET = {**BET, "Settlement": whole}
SHAPES: dict[int, Any] = {
    1: events({"Fixture": FIXTURE, "Livescore": nothing, "Markets": nothing}),
    2: events({"Fixture": Maybe(SHORT_FIXTURE), "Livescore": LIVESCORE, "Markets": nothing}),
    3: events({"Livescore": nothing, "Markets": market(BET)}),
    31: {
        "Header": BARE_HEADER,
        "Body": {"KeepAlive": {"ActiveEvents": [whole], "ExtraData": Maybe(nothing), "ProviderId": Maybe(whole)}},
    },
    32: {"Header": BARE_HEADER},
    35: events({"Livescore": nothing, "Markets": market(SETTLED_BET)}),
    37: in_race({"OutrightFixture": OUTRIGHT_FIXTURE}),
    38: in_season({"OutrightLeague": OUTRIGHT_LEAGUE, "Markets": nothing}),
    39: in_race(
        {
            "Livescore": nothing,
            "Markets": nothing,
            "OutrightScore": {"ParticipantResults": PLACES, "Status": whole},
        }
    ),
    40: in_season({"Markets": market(SEASON_BET)}),
    41: in_race({"Livescore": nothing, "Markets": market(RACE_BET)}),
    42: in_race({"Livescore": nothing, "Markets": market({**RACE_BET, "Settlement": whole})}),
    43: in_season({"Markets": market({**SEASON_BET, "Settlement": whole})}),
}
#: Samples that are whole messages as a queue has them; of 2020 and before have `MsgId`, or no CreationDate.
SAMPLES = {
    "type01_fixture_baseball_cancelled_2023.json": 1,
    "type01_fixture_football_2023.json": 1,
    "type01_fixture_football_venue_2025.json": 1,
    "type02_livescore_football_finished_2023.json": 2,
    "type03_market_1x2_2025.json": 3,
    "type03_market_player_prop_2023.json": 3,
    "type03_market_under_over_2025.json": 3,
    "type31_keepalive_2022.json": 31,
    "type31_keepalive_empty_2019.json": 31,
    "type32_heartbeat_2019.json": 32,
    "type32_heartbeat_2022.json": 32,
    "type35_settlement_1x2_2025.json": 35,
    "type35_settlement_correct_score_2023.json": 35,
    "type37_outright_fixture_2024.json": 37,
    "type38_outright_league_fixture_2024.json": 38,
    "type39_outright_score_2024.json": 39,
    "type40_outright_league_market_2025.json": 40,
    "type42_outright_settlement_2025.json": 42,
}


def test_every_trade_message_is_of_its_types_shape() -> None:
    wrong = {}
    for outgoing in made("trade"):
        for each in misfits(json.loads(outgoing.body), SHAPES[outgoing.type], str(outgoing.type)):
            wrong[each.partition(": ")[0]] = each
    assert not wrong


def test_every_documented_type_is_made() -> None:
    assert {outgoing.type for outgoing in made("trade")} == set(SHAPES)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_of_the_same_shape(samples: Path, name: str) -> None:
    assert list(misfits(sample(samples, name), SHAPES[SAMPLES[name]], name)) == []


def sample(folder: Path, name: str) -> Any:
    message = json.loads((folder / name).read_text())
    return message[0] if isinstance(message, list) else message


def paths(value: Any, where: str = "") -> set[str]:
    """The path of every key in a message, without positions in lists."""
    if isinstance(value, list):
        return {path for each in value for path in paths(each, where)}
    if not isinstance(value, dict):
        return set()
    return {f"{where}.{key}" for key in value} | {
        path for key, each in value.items() for path in paths(each, f"{where}.{key}")
    }


#: What samples have and no document explains, or what a simulated supplier has no use for.
NOT_MADE = re.compile(r"Serialized|CalculatedMargin|Stage|State|Attendance|CourtSurface|ProviderId$")


@pytest.mark.parametrize("kind", sorted(set(SAMPLES.values())))
def test_we_make_each_key_that_the_samples_have(samples: Path, kind: int) -> None:
    ours = {path for outgoing in made("trade") if outgoing.type == kind for path in paths(json.loads(outgoing.body))}
    theirs = {path for name, each in SAMPLES.items() if each == kind for path in paths(sample(samples, name))}
    assert {path for path in theirs - ours if not NOT_MADE.search(path)} == set()


def test_headers_say_the_same_as_the_body() -> None:
    for outgoing in made("trade"):
        header = json.loads(outgoing.body)["Header"]
        assert outgoing.headers["MessageGuid"] == header["MsgGuid"]
        assert outgoing.headers["MessageType"] == str(header["Type"]) == str(outgoing.type)
        assert outgoing.headers.get("MessageSequence") == (str(header["MsgSeq"]) if "MsgSeq" in header else None)
        assert all(isinstance(value, str) for value in outgoing.headers.values())
        if outgoing.type in (31, 32):
            assert header["ServerTimestamp"] == outgoing.at // 1000
            assert not {"FixtureId", "MessageSequence"} & set(outgoing.headers)
        else:
            assert header["ServerTimestamp"] == outgoing.at == int(outgoing.headers["timestamp_in_ms"])
            assert outgoing.headers["FixtureId"] == str(outgoing.fixture_id)


HYPER_NAMED = {"id": whole, "name": words}
HYPER_FIXTURE = {
    "fixtureId": whole,
    "status": whole,
    "startDate": time,
    "sport": HYPER_NAMED,
    "league": HYPER_NAMED,
    "location": HYPER_NAMED,
    "participants": [{**HYPER_NAMED, "position": whole}],
}
HYPER_INCIDENT = {
    "status": Maybe(words, null=True),
    "id": whole,
    "fixtureId": whole,
    "name": words,
    "kind": words,
    "values": Maybe([{"position": whole, "value": signed}], null=True),
    "scoreType": Maybe(whole, null=True),
    "initiatorPosition": Maybe(whole, null=True),
    "seconds": Maybe(whole, null=True),
    "playerList": Maybe([{"id": whole, "teamId": whole, "name": words}], null=True),
    "period": HYPER_NAMED,
    "confidence": fraction,
}
HYPER_HEADER = {"MessageId": guid, "Timestamp": time, "MessageType": whole}
HYPER = {
    1: {"header": HYPER_HEADER, "body": HYPER_FIXTURE},
    2: {"header": HYPER_HEADER, "body": HYPER_INCIDENT},
}


def test_every_hyper_message_is_of_its_types_shape() -> None:
    wrong = {}
    for outgoing in made("hyper"):
        for each in misfits(json.loads(outgoing.body), HYPER[outgoing.type], str(outgoing.type)):
            wrong[each.partition(": ")[0]] = each
        assert outgoing.feeds == ((Feed.FIXTURES,) if outgoing.type == 1 else (Feed.INCIDENTS,))
    assert not wrong


@pytest.mark.parametrize(("name", "kind"), [("hyper_fixture.json", 1), ("hyper_incident_goal.json", 2)])
def test_hypers_samples_are_of_the_same_shape(samples: Path, name: str, kind: int) -> None:
    assert list(misfits(sample(samples, name), HYPER[kind], name)) == []
    ours = {path for outgoing in made("hyper") if outgoing.type == kind for path in paths(json.loads(outgoing.body))}
    assert paths(sample(samples, name)) == ours


def test_hypers_incidents_have_documented_kinds_statuses_and_confidence() -> None:
    by_kind: dict[str, set[str | None]] = {}
    for outgoing in made("hyper"):
        if outgoing.type == 2:
            body = json.loads(outgoing.body)["body"]
            by_kind.setdefault(body["kind"], set()).add(body["status"])
            assert 0 <= body["confidence"] <= 1
    assert by_kind["Score"] <= {"Empty", "Cancelled"}
    assert by_kind["Statistic"] <= {"Empty", "Cancelled"}
    assert by_kind["Period"] == {"Started", "Finished"}
    assert by_kind.keys() <= {
        "Score", "Period", "Statistic", "Player Statistic", "VAR", "Timer", "Possession", "Status Description",
        "Fixture Status",
    }  # fmt: skip
    assert all(statuses == {None} for kind, statuses in by_kind.items() if kind not in ("Score", "Statistic", "Period"))


def attributes(tree: ElementTree.Element) -> Iterator[tuple[str, frozenset[str]]]:
    for each in tree.iter():
        yield each.tag, frozenset(each.attrib)


#: Element to attributes: those it always has, those it may have.
XML = {
    "Message": ("", ""), "Header": ("", ""), "Body": ("", ""), "Type": ("", ""), "MsgId": ("", ""),
    "MsgGuid": ("", ""), "ServerTimestamp": ("", ""), "Events": ("", ""), "Event": ("FixtureId", ""),
    "Fixture": ("LastUpdate", "ExternalProviderId"), "Sport": ("Id Name", ""), "Location": ("Id Name", ""),
    "League": ("Id Name", ""), "StartDate": ("", ""), "Status": ("", ""), "Participants": ("", ""),
    "Participant": ("Id Name Position", "IsActive"), "ExtraData": ("", ""), "FixtureExtraData": ("", ""),
    "LivescoreExtraData": ("", ""), "Data": ("Name", ""), "Livescore": ("", ""),
    "Scoreboard": ("Status CurrentPeriod Time", "Description"), "Score": ("Position", ""), "Value": ("Position", ""),
    "Periods": ("", ""), "Period": ("Type IsFinished IsConfirmed", ""), "Incidents": ("", ""),
    "Incident": ("Period IncidentType Seconds ParticipantPosition", "PlayerName"), "Statistics": ("", ""),
    "Statistic": ("Type", ""), "Markets": ("", ""), "Market": ("Id Name", ""),
    "Provider": ("Id Name LastUpdate", ""),
    "Bet": ("Id Name Status Price LastUpdate", "Line BaseLine StartPrice Settlement ParticipantId"),
    "KeepAlive": ("", ""), "ActiveEvent": ("", ""), "Competitions": ("", ""), "Competition": ("Id Name Type", ""),
    "OutrightFixture": ("LastUpdate", ""), "OutrightLeague": ("LastUpdate", ""),
}  # fmt: skip


def xml_misfits(tree: ElementTree.Element) -> set[str]:
    wrong = set()
    for tag, has in attributes(tree):
        if tag not in XML:
            wrong.add(f"{tag} is unheard of")
            continue
        always, maybe = (set(each.split()) for each in XML[tag])
        if not always <= has <= always | maybe:
            wrong.add(f"{tag} has {sorted(has)}")
    return wrong


def test_every_xml_message_is_well_formed_and_of_the_seeds_elements() -> None:
    wrong = set()
    for outgoing in made("oddservice-xml"):
        tree = ElementTree.fromstring(outgoing.body)  # noqa: S314 - our own
        wrong |= xml_misfits(tree)
        assert [each.tag for each in tree] == (["Header"] if outgoing.type == 32 else ["Header", "Body"])
        assert tree.findtext("Header/Type") == str(outgoing.type)
        assert tree.findtext("Header/ServerTimestamp") == str(outgoing.at // 1000)
    assert wrong == set()
    assert {outgoing.type for outgoing in made("oddservice-xml")} == {1, 2, 3, 31, 32, 35}


@pytest.mark.parametrize(
    "name",
    [
        "seed_fixture_football.xml",
        "seed_heartbeat.xml",
        "seed_keepalive.xml",
        "seed_livescore_football_finished.xml",
        "seed_livescore_tennis_live.xml",
        "seed_markets_european_handicap_providers.xml",
        "seed_outright_league.xml",
    ],
)
def test_the_seeds_xml_has_no_element_that_we_have_not(samples: Path, name: str) -> None:
    tree = ElementTree.fromstring((samples / name).read_text())  # noqa: S314 - in the repository beside us
    assert xml_misfits(tree) == set()
