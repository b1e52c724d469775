"""Simulated matches keep their sport's rules, whatever the seed.

`SANDBOX_MATCHES` says how many matches are played for each law (see `tests.sandbox_matches`).
"""

from itertools import pairwise

import pytest

from feed.codes import FixtureStatus, PeriodType
from sandbox.course import Fate, draw_fate
from sandbox.match import Match
from sandbox.numbers import Description, Happening
from sandbox.sport import Sport
from tests.sandbox_matches import FINAL, GAME, MATCHES, TIE_BREAK, every_sport, make_match, played, sport_named, steps

#: Protocol.md section 4, life cycle; a postponed fixture was seen to be cancelled after.
NEXT_STATUSES = {
    FixtureStatus.NOT_STARTED: set(FixtureStatus),
    FixtureStatus.ABOUT_TO_START: {FixtureStatus.IN_PROGRESS, FixtureStatus.LOST_COVERAGE, FixtureStatus.CANCELLED},
    FixtureStatus.IN_PROGRESS: {
        FixtureStatus.LOST_COVERAGE,
        FixtureStatus.FINISHED,
        FixtureStatus.ABANDONED,
        FixtureStatus.INTERRUPTED,
    },
    FixtureStatus.LOST_COVERAGE: {FixtureStatus.IN_PROGRESS, FixtureStatus.FINISHED, FixtureStatus.ABANDONED},
    FixtureStatus.INTERRUPTED: {
        FixtureStatus.IN_PROGRESS,
        FixtureStatus.ABANDONED,
        FixtureStatus.FINISHED,
        FixtureStatus.LOST_COVERAGE,
    },
    FixtureStatus.POSTPONED: {FixtureStatus.CANCELLED},
    FixtureStatus.FINISHED: set(),
    FixtureStatus.ABANDONED: set(),
    FixtureStatus.CANCELLED: set(),
}


def check_sum_of_periods(match: Match) -> None:
    if match.counts_sets:
        won = [values for number, values in played(match).items() if match.periods[number].finished]
        assert match.score == [sum(home > away for home, away in won), sum(away > home for home, away in won)]
    else:
        assert match.score == [sum(values[side] for values in played(match).values()) for side in (0, 1)]


def check_sum_of_incidents(match: Match) -> None:
    """Each incident says the score after it; a period's incidents lead from the score before it to that after."""
    before = (0, 0)
    for number, values in played(match).items():
        incidents = match.periods[number].incidents
        for incident in incidents:
            assert sum(incident.values) > sum(before)
            assert incident.values[2 - incident.position] == before[2 - incident.position], "only one side scores"
            assert incident.period == number
            before = incident.values
        reached = incidents[-1].values if incidents else before
        assert reached == before
        assert [reached[side] - values[side] for side in (0, 1)] == start_of(match, number)


def start_of(match: Match, period: int) -> list[int]:
    earlier = [values for number, values in played(match).items() if order(match, number) < order(match, period)]
    return [sum(values[side] for values in earlier) for side in (0, 1)]


def order(match: Match, period: int) -> int:
    return list(match.periods).index(period)


@every_sport
def test_the_score_is_the_sum_of_its_periods_and_incidents_at_every_moment(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            check_sum_of_periods(match)
        if match.tells_incidents:
            check_sum_of_incidents(match)


@every_sport
def test_a_last_period_tells_the_final_score(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            pass
        finals = FINAL & set(match.periods)
        assert len(finals) == (1 if match.over else 0)
        for final in finals:
            assert match.periods[final].values == match.score
            assert match.periods[final].finished
            assert match.current == final


@pytest.mark.parametrize("name", ["Basketball", "American Football", "Volleyball", "Table Tennis", "Badminton"])
def test_statistics_add_up_to_the_score(name: str) -> None:
    sport = sport_named(name)
    worth = {
        "Basketball": {Happening.FREE_THROWS: 1, Happening.TWO_POINTS: 2, Happening.THREE_POINTS: 3},
        "American Football": {Happening.TOUCHDOWNS: 6, Happening.FIELD_GOALS: 3, Happening.EXTRA_POINTS: 1},
    }.get(name)
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            values = {kind: match.statistics[kind].values for kind in match.statistics}
            for side in (0, 1):
                if worth is not None:
                    counted = sum(values.get(kind, [0, 0])[side] * points for kind, points in worth.items())
                    assert counted == match.score[side]
                else:
                    points = sum(period[side] for period in played(match).values())
                    assert values.get(Happening.POINTS_SCORED, [0, 0])[side] == points


@every_sport
def test_statuses_change_as_documented_whatever_becomes_of_the_fixture(sport: Sport) -> None:
    for seed in range(MATCHES):
        for fate in (draw_fate(make_match(sport, seed).rng), list(Fate)[seed % len(Fate)]):
            match = make_match(sport, seed)
            statuses = [FixtureStatus(match.status)]
            for _ in steps(match, sport.minutes, fate):
                if match.status != statuses[-1]:
                    statuses.append(FixtureStatus(match.status))
            for before, after in pairwise(statuses):
                assert after in NEXT_STATUSES[before], f"{sport.name} {seed} {fate}: {statuses}"
            assert not NEXT_STATUSES[statuses[-1]], "a fixture ends"


@every_sport
def test_each_fate_comes_to_its_own_end(sport: Sport) -> None:
    seen = {}
    for fate in Fate:
        match = make_match(sport, 3)
        seen[fate] = [FixtureStatus(match.status)]
        for _ in steps(match, sport.minutes, fate):
            if match.status != seen[fate][-1]:
                seen[fate].append(FixtureStatus(match.status))
    assert seen[Fate.POSTPONED][-2:] == [FixtureStatus.POSTPONED, FixtureStatus.CANCELLED]
    assert seen[Fate.CANCELLED][-1] == FixtureStatus.CANCELLED
    assert seen[Fate.ABANDONED][-2:] == [FixtureStatus.INTERRUPTED, FixtureStatus.ABANDONED]
    assert FixtureStatus.INTERRUPTED in seen[Fate.INTERRUPTED]
    assert FixtureStatus.LOST_COVERAGE in seen[Fate.LOST]
    assert seen[Fate.LOST][-1] == seen[Fate.INTERRUPTED][-1] == FixtureStatus.FINISHED


@every_sport
def test_every_break_says_which_it_is(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        for _ in steps(match, sport.minutes):
            if match.current == PeriodType.BREAK:
                assert match.description != Description.NONE
                assert all(
                    period.finished for number, period in match.periods.items() if number not in (GAME, TIE_BREAK)
                )


@every_sport
def test_clocks_run_as_the_sport_has_them(sport: Sport) -> None:
    for seed in range(MATCHES):
        match = make_match(sport, seed)
        before = None
        for _ in steps(match, sport.minutes):
            if before is not None and before[0] == match.current and match.clock != -1:
                change = int(match.clock) - before[1]
                assert change <= 0 if match.clock_runs_down else change >= 0
            before = match.current, int(match.clock)
            if sport.name in ("Tennis", "Baseball", "Volleyball", "Table Tennis", "Badminton"):
                assert match.clock == -1
