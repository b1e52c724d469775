"""Outrights: competition trees of any shape become a path for each fixture (docs/protocol.md, Outrights)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.wire import decode, decode_piece
from feed.wire.messages import Competition, Event, FixtureKind

from .wire_messages import body, trouble

OUTRIGHT, LEAGUE, MATCH = FixtureKind.OUTRIGHT, FixtureKind.OUTRIGHT_LEAGUE, FixtureKind.MATCH


def events(kind: int, content: Any) -> list[Event]:
    return decode(body(kind, content)).events


def paths(found: list[Event]) -> dict[int, list[int]]:
    return {event.fixture_id: [step.id for step in event.competitions or ()] for event in found}


def test_a_tree_may_have_fixtures_and_branches_at_every_node() -> None:
    tree = {
        "Id": 1,
        "Events": [{"FixtureId": 10}],
        "Competitions": [
            {"Id": 2, "Events": [{"FixtureId": 20}, {"FixtureId": 21}], "Competitions": [{"Id": 3, "Events": None}]},
            {"Id": 4, "Competitions": [{"Id": 5, "Events": [{"FixtureId": 50}]}]},
        ],
    }

    assert paths(events(37, {"Competition": tree})) == {10: [1], 20: [1, 2], 21: [1, 2], 50: [1, 4, 5]}


@pytest.mark.parametrize(
    "content",
    [
        {"Competition": {"Id": 1, "Events": [{"FixtureId": 10}]}},
        {"Competition": [{"Id": 1, "Events": [{"FixtureId": 10}]}]},
        {"Competitions": [{"Id": 1, "Events": [{"FixtureId": 10}]}]},
        [{"Competition": {"Id": 1, "Events": [{"FixtureId": 10}]}}],
        [{"Competitions": [{"Id": 1, "Events": [{"FixtureId": 10}]}]}],
    ],
)
def test_a_tree_is_found_wherever_it_stands(content: Any) -> None:
    assert paths(events(36, content)) == {10: [1]}


def test_a_step_of_the_path_keeps_all_that_the_node_says_of_itself() -> None:
    node = {"Id": 67, "Name": "League_67", "Type": 3, "NextFixtureStartTime": "2026-05-29T17:44:55+03:00"}

    assert events(40, {"Competition": node | {"Events": [{"FixtureId": 10}]}})[0].competitions == [
        Competition(
            id=67,
            name="League_67",
            type=3,
            next_fixture_start_time=datetime(2026, 5, 29, 14, 44, 55, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "part", "fixture_kind"),
    [
        (37, {"OutrightFixture": {"Status": 1}}, OUTRIGHT),
        (38, {"OutrightLeague": {"Status": 1}}, LEAGUE),
        (1, {"OutrightFixture": {"Status": 1}}, OUTRIGHT),
        (1, {"OutrightLeague": {"Status": 1}}, LEAGUE),
        (36, {"OutrightLeague": {"Status": 1}}, LEAGUE),
        (39, {"OutrightScore": {"Status": 3}}, OUTRIGHT),
        (40, {"Markets": []}, LEAGUE),
        (41, {"Markets": []}, OUTRIGHT),
        (42, {"Markets": []}, OUTRIGHT),
        (43, {"Markets": []}, LEAGUE),
    ],
)
def test_a_fixture_is_told_apart_by_its_parts_and_else_by_the_type(
    kind: int, part: Any, fixture_kind: FixtureKind
) -> None:
    tree = {"Id": 1, "Type": 4, "Events": [{"FixtureId": 10} | part]}

    assert [event.kind for event in events(kind, {"Competition": tree})] == [fixture_kind]


@pytest.mark.parametrize(("node_type", "fixture_kind"), [(4, LEAGUE), (1, OUTRIGHT), (None, OUTRIGHT)])
def test_a_snapshot_of_markets_alone_is_told_by_the_node_above(
    node_type: int | None, fixture_kind: FixtureKind
) -> None:
    tree = {"Id": 1, "Type": node_type, "Events": [{"FixtureId": 10, "Markets": []}]}

    assert [event.kind for event in events(36, {"Competition": tree})] == [fixture_kind]


def test_a_fixture_without_a_tree_is_a_match() -> None:
    assert [(event.kind, event.competitions) for event in events(1, {"Events": [{"FixtureId": 10}]})] == [(MATCH, None)]


def test_an_outright_fixture_is_told_in_the_same_words_as_a_match() -> None:
    described = {"Status": 1, "Participants": [{"Id": 5, "Position": "13", "IsActive": 0}]}
    outright = events(37, {"Competition": {"Id": 1, "Events": [{"FixtureId": 10, "OutrightFixture": described}]}})

    assert outright[0].fixture == events(1, {"Events": [{"FixtureId": 10, "Fixture": described}]})[0].fixture


def test_a_fixture_without_an_id_in_a_tree_is_refused_with_its_place() -> None:
    tree = {"Id": 8, "Events": [{"FixtureId": 10}, {"Markets": []}]}

    assert trouble(body(41, {"Competition": tree})) == ("shape", "Body.Competition[0].Events[1] has no FixtureId")


def test_a_result_is_text_whether_it_was_a_number_or_not() -> None:
    results = [{"ParticipantId": 1, "Result": 3}, {"ParticipantId": 2, "Result": "PU"}, {"ParticipantId": 3}]
    tree = {"Id": 1, "Events": [{"FixtureId": 10, "OutrightScore": {"Status": 3, "ParticipantResults": results}}]}
    score = events(39, {"Competition": tree})[0].outright_score

    assert score is not None
    assert [result.result for result in score.participant_results or ()] == ["3", "PU", None]


@pytest.mark.parametrize(
    ("piece", "message_type"),
    [
        ({"Fixture": {}}, 1),
        ({"Livescore": {"Periods": []}}, 2),
        ({"Markets": [{"Id": 1, "Bets": [{"Id": 1, "Status": 1}]}]}, 3),
        ({"Markets": [{"Id": 1, "Bets": [{"Id": 1, "Settlement": 2}]}]}, 35),
        ({"Markets": [{"Id": 1, "Providers": [{"Id": 8, "Bets": [{"Id": 1, "Settlement": 2}]}]}]}, 35),
        ({"OutrightFixture": {"Status": 1}}, 37),
        ({"OutrightLeague": {"Status": 1}}, 38),
        ({"OutrightScore": {"Status": 1}}, 39),
        ({"Competition": {"Id": 1, "Type": 4, "Events": [{"FixtureId": 1, "Markets": []}]}}, 40),
        ({"Competition": {"Id": 1, "Type": 1, "Events": [{"FixtureId": 1, "Markets": []}]}}, 41),
        ({"KeepAlive": {"ActiveEvents": [1]}}, 31),
        ({"Events": []}, 36),
        ([], 36),
        ({"Body": {"Events": [{"FixtureId": 1, "Livescore": {"Periods": []}}]}}, 2),
    ],
)
def test_a_piece_has_the_type_that_a_message_of_it_would_have(piece: Any, message_type: int) -> None:
    assert decode_piece(json.dumps(piece).encode()).header.type == message_type


TREES = st.recursive(
    st.fixed_dictionaries({"Events": st.integers(0, 2)}),
    lambda below: st.fixed_dictionaries({"Events": st.integers(0, 2), "Competitions": st.lists(below, max_size=3)}),
    max_leaves=20,
)


@settings(deadline=None)
@given(TREES)
def test_every_fixture_of_every_tree_comes_with_its_path(tree: dict[str, Any]) -> None:
    by_fixture: dict[int, list[int]] = {}

    def numbered(node: dict[str, Any], above: list[int]) -> dict[str, Any]:
        number = sum(map(len, by_fixture.values())) + len(above) + 1
        path = [*above, number]
        fixtures = [len(by_fixture) + 1 + index for index in range(node["Events"])]
        by_fixture.update(dict.fromkeys(fixtures, path))
        below = [numbered(child, path) for child in node.get("Competitions", ())]
        return {"Id": number, "Events": [{"FixtureId": fixture_id} for fixture_id in fixtures], "Competitions": below}

    content = {"Competition": numbered(tree, [])}

    assert paths(events(37, content)) == by_fixture
