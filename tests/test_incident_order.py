"""Which incident is the newest: by when it happened and the score after it, not by its place in the message."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed.models import Incident
from feed.pages.fixture.incidents import incident_lines
from feed.pages.order import newest_of, runs_down

GOAL, YELLOW = 9, 6


def goal(
    seconds: int | None, home: int, away: int, *, ordinal: int = 0, period: int = 10, revision: int = 1
) -> Incident:
    scores = {"1": str(home), "2": str(away)}
    return Incident(type=GOAL, seconds=seconds, scores=scores, ordinal=ordinal, period=period, revision=revision)


@pytest.mark.parametrize("order", [*permutations([(1, 0), (1, 1), (1, 2)])])
def test_of_several_within_one_second_the_highest_score_is_the_newest(order: tuple[tuple[int, int], ...]):
    goals = [goal(180, home, away, ordinal=place) for place, (home, away) in enumerate(order)]
    assert newest_of(goals).scores == {"1": "1", "2": "2"}
    assert [line.score for line in incident_lines(goals, 6046, is_down=False)] == ["1–0", "1–1", "1–2"]


@given(st.permutations(range(5)), st.booleans(), st.integers(0, 2))
def test_the_newest_is_the_one_with_all_goals_whichever_way_the_clock_runs(
    order: list[int], is_down: bool, per_second: int
):
    def second(n: int) -> int:
        passed = 60 + (n if not per_second else n // (per_second + 1)) * 10
        return 600 - passed if is_down else passed

    goals = [goal(second(n), n + 1, 0, ordinal=place) for place, n in enumerate(order)]
    assert runs_down(goals) == is_down
    assert newest_of(goals).scores["1"] == "5"


def test_a_corrected_time_makes_an_old_goal_no_newer():
    first, second = goal(175, 1, 0, revision=9), goal(600, 2, 0, ordinal=1, revision=2)
    assert newest_of([first, second]) is second


def test_a_goal_comes_after_the_card_of_the_same_second():
    card = Incident(type=YELLOW, seconds=180, ordinal=5, period=10)
    scored = goal(180, 1, 0)
    assert newest_of([scored, card]) is scored


def test_after_a_corrected_clock_goals_stand_in_the_order_of_the_score():
    goals = [
        goal(3000, 1, 0, period=20),
        goal(2990, 2, 0, ordinal=1, period=20),
        goal(3300, 2, 1, ordinal=2, period=20),
    ]
    card = Incident(type=YELLOW, seconds=3100, ordinal=5, period=20)
    lines = incident_lines([*goals, card], 6046, is_down=False)
    assert [line.score for line in lines] == ["1–0", "2–0", "", "2–1"]
