"""Livescores are whole each time; scores may go back and are marked; a late one changes nothing."""

import pytest

from feed.changes import Aspect
from feed.models import Fixture, Incident, Period, PlayerStatistic, Scoreboard, Statistic
from feed.store import store_batch
from feed.wire import messages as wire

from .journal_rows import all_scores
from .received import a_source, at, livescore_message, results

pytestmark = pytest.mark.usefixtures("either_database")


def the_scoreboard() -> Scoreboard:
    return Scoreboard.objects.get()


def goal(seconds: int, *scores: str, **fields: object) -> wire.Incident:
    return wire.Incident(incident_type=27, seconds=seconds, participant_position=1, results=results(*scores), **fields)


def half(
    *incidents: wire.Incident, type: int = 10, score: tuple[str, str] = ("1", "0"), **fields: object
) -> wire.Period:
    return wire.Period(type=type, results=results(*score), incidents=list(incidents), **fields)


def test_it_stores_all_that_a_scoreboard_says():
    message = livescore_message(
        5, "1", "0", seq=4, status=2, period=80, description=1, seconds=2700, clock=wire.Clock(status=1, seconds=2701),
        parts={
            "livescore_extra_data": [wire.ExtraData(name="Turn", value="1")],
            "current_incident": wire.CurrentIncident(id=9, name="Goal", last_update=at(4), confirmation=1),
            "danger_triggers": [wire.DangerTrigger(type=1, status=2)],
        },
    )  # fmt: skip
    (change,) = store_batch(a_source(), [message])
    row = the_scoreboard()
    assert (row.status, row.description, row.current_period, row.time) == (2, 1, 80, 2700)
    assert (row.clock_status, row.clock_seconds, row.scores, row.extra_data) == (
        1,
        2701,
        {"1": "1", "2": "0"},
        {"Turn": "1"},
    )
    assert row.current_incident == {"id": 9, "name": "Goal", "last_update": at(4).isoformat(), "confirmation": 1}
    assert row.danger_triggers == [{"type": 1, "status": 2}]
    assert (row.source, row.sent_at, row.seq, row.received_at, row.revision) == (a_source(), at(5), 4, at(5.1), 1)
    assert change.aspects == {Aspect.SCOREBOARD, Aspect.FIXTURE}


def test_it_stores_periods_incidents_and_statistics():
    periods = [half(goal(180, "1", "0", player_name="N. Orth", players=[wire.IncidentPlayer(id="4", name="N. Orth")]),
                    goal(190, "2", "0"), is_finished=True, sequence_number=3)]  # fmt: skip
    card = wire.Incident(period=10, incident_type=6, seconds=-1, participant_position=2)
    statistics = [wire.Statistic(type=6, results=results("0", "1"), incidents=[card]), wire.Statistic(type=9999)]
    players = [wire.PlayerStatistic(player_id="4", player_name="N. Orth", team_id=901, has_played=True,
                                    statistics=[wire.PlayerStatisticValue(id=1, name="Shots", value="3")])]  # fmt: skip
    parts = {"periods": periods, "statistics": statistics, "player_statistics": players}
    (change,) = store_batch(a_source(), [livescore_message(5, "2", "0", parts=parts)])
    period = Period.objects.get()
    assert (period.type, period.is_finished, period.is_confirmed, period.sequence) == (10, True, False, 3)
    assert period.scores == {"1": "1", "2": "0"}
    first, second, third = Incident.objects.order_by("parent", "ordinal")
    assert (first.parent, first.parent_type, first.ordinal, first.period, first.type, first.seconds) == (
        "period",
        10,
        0,
        10,
        27,
        180,
    )
    assert (first.player_name, first.players, second.scores) == (
        "N. Orth",
        [{"id": "4", "name": "N. Orth"}],
        {"1": "2", "2": "0"},
    )
    assert (third.parent, third.parent_type, third.position, third.seconds) == ("statistic", 6, 2, -1)
    assert list(Statistic.objects.values_list("type", "values")) == [(6, {"1": "0", "2": "1"}), (9999, {})]
    assert PlayerStatistic.objects.get().values == {"1": {"name": "Shots", "value": "3"}}
    assert {Aspect.PERIODS, Aspect.INCIDENTS, Aspect.STATISTICS} <= change.aspects


def test_it_keeps_sub_periods_with_their_incidents():
    inner = wire.Period(type=65, results=results("1", "0"), incidents=[goal(9, "1", "0")])
    store_batch(a_source(), [livescore_message(5, parts={"periods": [half(sub_periods=[inner])]})])
    (stored,) = Period.objects.get().sub_periods
    assert (stored["type"], stored["scores"], stored["incidents"][0]["seconds"]) == (65, {"1": "1", "2": "0"}, 9)


def test_it_removes_period_60_when_a_newer_livescore_has_none():
    source = a_source()
    game = wire.Period(type=60, results=results("40", "30"))
    store_batch(source, [livescore_message(1, "0", "1", parts={"periods": [half(type=1), game]})])
    (change,) = store_batch(source, [livescore_message(2, "0", "1", parts={"periods": [half(type=1)]})])
    assert list(Period.objects.values_list("type", "revision")) == [(1, 1)]
    assert Aspect.PERIODS in change.aspects
    assert Fixture.objects.get().periods_revision == 2


def test_it_takes_a_period_removed_and_brought_back_within_a_batch():
    game = wire.Period(type=60, results=results("40", "30"))
    batch = [livescore_message(n, parts={"periods": periods}) for n, periods in enumerate([[game], [], [game]])]
    store_batch(a_source(), batch)
    assert Period.objects.get().scores == {"1": "40", "2": "30"}
    store_batch(
        a_source(), [livescore_message(3, parts={"periods": []}), livescore_message(4, parts={"periods": [game]})]
    )
    assert Period.objects.count() == 1


def test_it_removes_incidents_and_statistics_that_are_gone():
    source = a_source()
    parts = {"periods": [half(goal(1, "1", "0"), goal(2, "2", "0"))], "statistics": [wire.Statistic(type=1)]}
    store_batch(source, [livescore_message(1, parts=parts)])
    (change,) = store_batch(source, [livescore_message(2, parts={"periods": [half(goal(1, "1", "0"))]})])
    assert (Incident.objects.count(), Statistic.objects.count()) == (1, 0)
    assert {Aspect.INCIDENTS, Aspect.STATISTICS} <= change.aspects


@pytest.mark.parametrize("apart", [True, False])
def test_it_drops_a_scoreboard_older_than_the_stored_one(apart: bool):
    newer, older = livescore_message(9, "2", "0"), livescore_message(5, "1", "0", parts={"periods": [half()]})
    for batch in [[newer], [older]] if apart else [[newer, older]]:
        store_batch(a_source(), batch)
    assert the_scoreboard().scores == {"1": "2", "2": "0"}
    assert (the_scoreboard().corrected_at, Period.objects.count(), len(all_scores())) == (None, 0, 1)


def test_it_orders_scoreboards_of_one_moment_by_their_sequence():
    store_batch(a_source(), [livescore_message(5, "2", "0", seq=8), livescore_message(5, "1", "0", seq=7)])
    assert the_scoreboard().scores["1"] == "2"


def test_it_changes_nothing_by_a_livescore_delivered_twice():
    message = livescore_message(5, "1", "0", seq=1, parts={"periods": [half(goal(1, "1", "0"))]})
    store_batch(a_source(), [message])
    before = Scoreboard.objects.values().get(), Fixture.objects.values().get()
    message.received_at = at(60)
    assert store_batch(a_source(), [message]) == []
    assert before == (Scoreboard.objects.values().get(), Fixture.objects.values().get())


def test_it_shows_and_marks_a_score_that_goes_back():
    store_batch(a_source(), [livescore_message(5, "1", "1")])
    store_batch(a_source(), [livescore_message(9, "1", "0")])
    row = the_scoreboard()
    assert (row.scores, row.corrected_from, row.corrected_at) == ({"1": "1", "2": "0"}, {"1": "1", "2": "1"}, at(9.1))
    store_batch(a_source(), [livescore_message(12, "2", "0")])
    assert the_scoreboard().corrected_at == at(9.1)


@pytest.mark.parametrize(("before", "after"), [("9", "10"), ("A", "40"), ("1", "")])
def test_it_does_not_take_a_score_that_rises_or_is_no_number_for_a_correction(before: str, after: str):
    store_batch(a_source(), [livescore_message(5, before, "0"), livescore_message(6, after, "0")])
    assert the_scoreboard().corrected_at is None


def test_it_lets_the_clock_go_back():
    store_batch(a_source(), [livescore_message(5, seconds=2700), livescore_message(6, seconds=2690)])
    assert the_scoreboard().time == 2690


def test_it_takes_an_incident_after_the_final_status():
    store_batch(a_source(), [livescore_message(5, "1", "0", status=3, period=100, parts={"periods": [half()]})])
    parts = {"periods": [half(goal(180, "1", "0"))]}
    (change,) = store_batch(a_source(), [livescore_message(99, "1", "0", status=3, period=100, parts=parts)])
    assert Incident.objects.get().seconds == 180
    assert Aspect.INCIDENTS in change.aspects


def test_it_stores_numbers_that_nobody_knows():
    parts = {"periods": [half(type=4711)], "statistics": [wire.Statistic(type=4712)]}
    store_batch(a_source(), [livescore_message(5, status=88, period=4711, description=999, parts=parts)])
    assert (the_scoreboard().status, the_scoreboard().current_period) == (88, 4711)


def test_it_keeps_the_score_when_a_livescore_has_no_scoreboard():
    store_batch(a_source(), [livescore_message(5, "1", "0")])
    silent = livescore_message(6, parts={"periods": [half()]})
    silent.message.events[0].livescore.scoreboard = None
    store_batch(a_source(), [silent])
    assert (the_scoreboard().scores, the_scoreboard().sent_at) == ({"1": "1", "2": "0"}, at(6))
    assert Period.objects.count() == 1


def test_it_keeps_every_distinct_scoreboard_within_a_batch():
    states = [("0", 2, 10), ("0", 2, 40), ("1", 2, 50), ("0", 2, 60), ("0", 3, 60)]
    batch = [livescore_message(n, home, "0", status=status, seconds=s) for n, (home, status, s) in enumerate(states)]
    store_batch(a_source(), batch)
    history = [(scores.at, scores.status, scores.scores, scores.time) for scores in all_scores()]
    assert history == [(at(n), states[n][1], {"1": states[n][0], "2": "0"}, states[n][2]) for n in (0, 2, 3, 4)]


def test_a_time_far_ahead_keeps_out_no_right_one():
    source, two_hours = a_source(), 7200.0
    wrong = livescore_message(two_hours, "1", "0")
    wrong.received_at = at(0.1)
    store_batch(source, [wrong])
    store_batch(source, [livescore_message(30, "2", "0", status=3)])
    store_batch(source, [livescore_message(20, "9", "9")])
    assert the_scoreboard().scores == {"1": "2", "2": "0"}
    assert Fixture.objects.get().status == 3


def test_of_two_times_far_ahead_the_one_received_later_wins():
    source = a_source()
    for sent, score in ((7260.0, "2"), (7200.0, "1")):
        message = livescore_message(sent, score, "0")
        message.received_at = at(0.1)
        store_batch(source, [message])
    assert the_scoreboard().scores == {"1": "1", "2": "0"}
