"""Every message of the simulated supplier has LSports' shape: that of docs/protocol.md, field by field the samples'.

Forty minutes of fourteen fixtures and a race are made once for each dialect, and every message is held against
`SCHEMAS`. The samples then show that `SCHEMAS` tells the truth: they fit too, and so what they have is either made here
or set apart there as `Unmade`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sandbox.bookmakers import PREDICTION_MARKET
from sandbox.course import Fate
from sandbox.outgoing import Feed, Outgoing
from sandbox.schedule import RACE, SEASON
from sandbox.supplier import Supplier
from tests.lsports_other_schemas import ATTRIBUTES, HYPER, XML, XML_PARENTS
from tests.lsports_schemas import SCHEMAS
from tests.schemas import keys_with_values, misfits, missing_keys

START = datetime(2026, 1, 10, 15, tzinfo=UTC)


@cache
def made(dialect: str) -> list[Outgoing]:
    supplier = Supplier(seed=9, fixtures=14, start=START, speed=40.0, dialect=dialect, bookmakers=2)
    race = supplier.schedule.make(RACE, supplier.start + 20_000, supplier.start, Fate.NORMAL)
    supplier.cover(race, supplier.start + 10)
    return list(supplier.advance(START + timedelta(seconds=60)))


@cache
def many_bookmakers() -> list[Outgoing]:
    """Football, races and seasons at ten bookmakers, of whom one is a betting exchange and one a prediction market."""
    supplier = Supplier(seed=9, fixtures=0, start=START, speed=40.0, dialect="trade", bookmakers=10)
    for slot in (0, RACE, SEASON) * 6:
        kicks_off = supplier.start + 20_000
        supplier.cover(supplier.schedule.make(slot, kicks_off, supplier.start, Fate.NORMAL), supplier.start + 10)
    return list(supplier.advance(START + timedelta(seconds=60)))


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


def test_every_trade_message_is_of_its_types_schema() -> None:
    wrong = {}
    for outgoing in made("trade"):
        for misfit in misfits(json.loads(outgoing.body), SCHEMAS[outgoing.type], str(outgoing.type)):
            wrong[misfit.partition(": ")[0]] = misfit
    assert not wrong


def test_one_bookmaker_is_a_prediction_market() -> None:
    supplier = Supplier(seed=9, fixtures=6, start=START, speed=40.0, dialect="trade", bookmakers=10)
    figures = []
    for outgoing in supplier.advance(START + timedelta(seconds=5)):
        assert not list(misfits(json.loads(outgoing.body), SCHEMAS[outgoing.type], str(outgoing.type)))
        for event in json.loads(outgoing.body).get("Body", {}).get("Events", ()):
            books = [book for market in event.get("Markets") or () for book in market.get("ProviderMarkets", ())]
            figures += [(book["Id"], "PredictionData" in book, bet) for book in books for bet in book["Bets"]]
    assert {number for number, is_one, _ in figures if is_one} == {PREDICTION_MARKET}
    assert {number for number, _, bet in figures if "PredictionData" in bet} == {PREDICTION_MARKET}


def test_every_documented_type_is_made() -> None:
    assert {outgoing.type for outgoing in made("trade")} == set(SCHEMAS)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_of_the_same_shape(samples: Path, name: str) -> None:
    assert list(misfits(sample(samples, name), SCHEMAS[SAMPLES[name]], name)) == []


def sample(folder: Path, name: str) -> Any:
    message = json.loads((folder / name).read_text())
    return message[0] if isinstance(message, list) else message


@pytest.mark.parametrize(("dialect", "kind"), [*(("trade", kind) for kind in SCHEMAS), ("hyper", 1), ("hyper", 2)])
def test_every_key_that_lsports_has_is_made_with_a_value(dialect: str, kind: int) -> None:
    schema = (SCHEMAS if dialect == "trade" else HYPER)[kind]
    ours = {
        path
        for outgoing in (*made(dialect), *(many_bookmakers() if dialect == "trade" else ()))
        if outgoing.type == kind
        for path in keys_with_values(json.loads(outgoing.body))
    }
    assert missing_keys(schema, ours) == set()


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


def test_every_hyper_message_is_of_its_types_schema() -> None:
    wrong = {}
    for outgoing in made("hyper"):
        for misfit in misfits(json.loads(outgoing.body), HYPER[outgoing.type], str(outgoing.type)):
            wrong[misfit.partition(": ")[0]] = misfit
        assert outgoing.feeds == ((Feed.FIXTURES,) if outgoing.type == 1 else (Feed.INCIDENTS,))
    assert not wrong


@pytest.mark.parametrize(("name", "kind"), [("hyper_fixture.json", 1), ("hyper_incident_goal.json", 2)])
def test_hypers_samples_are_of_the_same_shape(samples: Path, name: str, kind: int) -> None:
    assert list(misfits(sample(samples, name), HYPER[kind], name)) == []


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


def xml_misfits(tree: ElementTree.Element) -> set[str]:
    return {wrong for parent in tree.iter() for wrong in (*misplaced(parent), *element_misfits(parent))}


def misplaced(parent: ElementTree.Element) -> Iterator[str]:
    for element in parent:
        if parent.tag not in XML_PARENTS.get(element.tag, "").split():
            yield f"{element.tag} in {parent.tag}"


def element_misfits(element: ElementTree.Element) -> Iterator[str]:
    """What is wrong with the attributes and the text of one element."""
    if element.tag not in XML:
        yield f"{element.tag} is unheard of"
        return
    always, maybe, text = XML[element.tag]
    allowed = f"{always} {maybe}".replace("(", "").replace(")", "").split()
    if not set(always.split()) <= set(element.attrib) <= set(allowed):
        yield f"{element.tag} has {sorted(element.attrib)}"
    for name, value in element.attrib.items():
        if not ATTRIBUTES.get(name, integer)(value):
            yield f"{element.tag} {name}={value!r}"
    content = (element.text or "").strip()
    if bool(content) != (text is not None) or (text is not None and not text(content)):
        yield f"{element.tag} says {content!r}"


def integer(value: str) -> bool:
    return value.removeprefix("-").isdigit()


def missing_from_xml(trees: list[ElementTree.Element]) -> set[str]:
    """The elements and attributes that none of our messages has."""
    ours = {tag for tree in trees for tag in names(tree)}
    known = {f"{tag} {name}" for tag, (always, maybe, _) in XML.items() for name in f"{always} {maybe}".split()}
    return {path for path in known | set(XML) if "(" not in path} - ours


def names(tree: ElementTree.Element) -> Iterator[str]:
    for element in tree.iter():
        yield element.tag
        yield from (f"{element.tag} {name}" for name in element.attrib)


def test_every_xml_message_is_well_formed_and_of_the_seeds_elements() -> None:
    wrong, trees = set(), []
    for outgoing in made("oddservice-xml"):
        tree = ElementTree.fromstring(outgoing.body)  # noqa: S314 - our own
        trees.append(tree)
        wrong |= xml_misfits(tree)
        assert [element.tag for element in tree] == (["Header"] if outgoing.type == 32 else ["Header", "Body"])
        assert tree.findtext("Header/Type") == str(outgoing.type)
        assert tree.findtext("Header/ServerTimestamp") == str(outgoing.at // 1000)
    assert wrong == set()
    assert missing_from_xml(trees) == set()
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
