"""LSports' numbers: every one that is known has a name for people, every other keeps its number."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed import codes
from feed.codes import KNOWN, SPORTS, FixtureStatus, SportId, period_label
from feed.codes.markets import MARKETS
from feed.codes.statistics import INCIDENTS, STATISTICS
from feed.codes.table import table

LABELS: dict[str, Callable[[int | None], str]] = {
    name: getattr(codes, name) for name in codes.__all__ if name.endswith("_label") and name != "period_label"
}
INT64 = st.integers(-(2**63), 2**63 - 1)


@pytest.mark.parametrize(
    ("label", "code", "name"),
    [
        ("status_label", 9, "About to start"),
        ("status_label", 8, "Coverage lost"),
        ("description_label", 1, "Half-time"),
        ("description_label", 72, "Bottom of the inning"),
        ("description_label", 0, ""),
        ("statistic_label", 6, "Yellow cards"),
        ("statistic_label", 2446, "Hit by pitch"),
        ("incident_label", 6, "Yellow card"),
        ("incident_label", 27, "Score"),
        ("settlement_label", -1, "Cancelled"),
        ("settlement_label", 1, "Lost"),
        ("settlement_label", 2, "Won"),
        ("suspension_label", 5, "by a mandatory bookmaker"),
        ("bet_status_label", 2, "Suspended"),
        ("market_label", 1, "1X2"),
        ("market_label", 1967, "Goal Kick Handicap"),
        ("competition_type_label", 4, "Season"),
        ("message_type_label", 43, "Outright league settlement"),
        ("clock_label", 2, "Paused"),
        ("confirmation_label", 1, "To be decided"),
        ("danger_label", 3, "Corners"),
        ("danger_status_label", 2, "Danger"),
        ("gender_label", 3, "Mixed"),
        ("age_category_label", 1, "Youth"),
        ("player_state_label", 3, "Missing"),
        ("participant_type_label", 7, "Doubles"),
        ("player_type_label", 2, "Coach"),
        ("subscription_type_label", 2, "Pre-match"),
        ("subscription_status_label", 0, "Not set"),
        ("subscription_status_label", 3, "Unsubscribed"),
        ("outright_score_label", 0, "Unknown"),
        ("outright_score_label", 3, "Completed"),
    ],
)
def test_a_number_has_a_name_for_people(label: str, code: int, name: str) -> None:
    assert LABELS[label](code) == name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("status_label", "Status 99"),
        ("description_label", "Description 99"),
        ("statistic_label", "Statistic 99"),
        ("incident_label", "Incident 99"),
        ("settlement_label", "Settlement 99"),
        ("suspension_label", "Reason 99"),
        ("market_label", "Market 10"),
        ("competition_type_label", "Competition type 99"),
        ("subscription_status_label", "Status 99"),
        ("outright_score_label", "Status 99"),
    ],
)
def test_a_number_without_a_name_keeps_its_number(label: str, name: str) -> None:
    assert LABELS[label](int(name.rpartition(" ")[2])) == name


@pytest.mark.parametrize("label", LABELS)
def test_no_number_has_no_name(label: str) -> None:
    assert LABELS[label](None) == ""


@settings(deadline=None)
@given(INT64)
def test_no_label_ever_fails(code: int) -> None:
    assert all(label(code) for name, label in LABELS.items() if (name, code) != ("description_label", 0))
    assert period_label(code, code)


@pytest.mark.parametrize(
    ("sport", "code", "name"),
    [
        (SportId.FOOTBALL, 10, "1st half"),
        (SportId.SNOOKER, 10, "10th frame"),
        (SportId.SNOOKER, 22, "22nd frame"),
        (SportId.BOXING, 11, "11th round"),
        (SportId.CRICKET, 10, "1st innings home"),
        (SportId.CRICKET, 80, "Super over"),
        (SportId.FOOTBALL, 80, "Break"),
        (SportId.TENNIS, 60, "Game"),
        (SportId.FOOTBALL, 60, "Period 60"),
        (SportId.BASKETBALL, 1, "1st quarter"),
        (SportId.BASKETBALL, 20, "2nd half"),
        (SportId.AUDL, 301, "4th quarter"),
        (SportId.PADEL, 312, "3rd set"),
        (SportId.FOOTBALL, 102, "After penalties"),
        (SportId.GOLF, 100, "Full time"),
        (None, -1, "Not started"),
        (None, 61, "Period 61"),
        (424242, 10, "Period 10"),
        (SportId.FOOTBALL, None, ""),
    ],
)
def test_a_period_means_what_its_sport_says(sport: int | None, code: int | None, name: str) -> None:
    assert period_label(sport, code) == name


@pytest.mark.parametrize(
    ("number_of", "least", "most"),
    [("court surface", 0, 3), ("venue environment", 0, 1), ("venue assignment", 0, 2), ("subscription status", 0, 4)],
)
def test_what_the_sdks_list_is_known(number_of: str, least: int, most: int) -> None:
    assert KNOWN[number_of] == set(range(least, most + 1))


def test_every_sport_with_periods_has_a_table() -> None:
    assert {sport.id for sport in SPORTS.values() if not sport.periods} == {SportId.HORSE_RACING, SportId.GOLF}


def test_the_tables_are_whole() -> None:
    assert (len(STATISTICS), len(MARKETS)) == (309, 457)
    assert [len(KNOWN[kind]) for kind in ("status", "description", "suspension reason")] == [10, 73, 16]
    assert INCIDENTS.keys() == STATISTICS.keys()


def test_names_are_for_people() -> None:
    names = [*STATISTICS.values(), *MARKETS.values(), *INCIDENTS.values()]

    assert [name for name in names if not name or name != name.strip() or "  " in name or "_" in name] == []
    assert [name for name in STATISTICS.values() if not (name[0].isupper() or name[0].isdigit())] == []


def test_a_fixture_is_in_play_or_upcoming_or_over() -> None:
    over = {"FINISHED", "CANCELLED", "POSTPONED", "ABANDONED"}

    assert codes.IN_PLAY.isdisjoint(codes.UPCOMING)
    assert {status.name for status in FixtureStatus if status not in codes.IN_PLAY | codes.UPCOMING} == over


def test_a_table_is_read_from_its_text() -> None:
    assert table("-1 A b | 2 C/d\n3 1X2") == {-1: "A b", 2: "C/d", 3: "1X2"}
