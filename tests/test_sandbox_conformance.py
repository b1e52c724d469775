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
from tests.lsports_shapes import HYPER, SHAPES, XML
from tests.shapes import misfits

START = datetime(2026, 1, 10, 15, tzinfo=UTC)


@cache
def made(dialect: str) -> list[Outgoing]:
    supplier = Supplier(seed=7, fixtures=14, start=START, speed=40.0, dialect=dialect, bookmakers=2)
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
