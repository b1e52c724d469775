"""Hyper Livescore tells incidents one by one; scores are per period, a retraction takes one back."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feed.models import Fixture, Incident, Period, Scoreboard, Statistic, UnknownCode
from feed.store import Received, store_batch
from feed.wire import messages as wire

from .received import FIXTURE, a_source, at, fixture_message, livescore_message, received, results

pytestmark = pytest.mark.usefixtures("either_database")

PERIODS = {10: "1st Half", 20: "2nd Half"}


def incident(
    sent: float,
    number: int,
    kind: str,
    name: str,
    *values: str,
    period: int | None = 10,
    fixture: int = FIXTURE,
    **fields: object,
) -> Received:
    incident = wire.HyperIncident(
        id=number, name=name, kind=kind, values=results(*values) or None,
        period=wire.Named(id=period, name=PERIODS.get(period)) if period else None, confidence=0.94, **fields,
    )  # fmt: skip
    return received(wire.Event(fixture_id=fixture, incident=incident), sent=sent, type=2)


def goal(sent: float, number: int, *values: str, **fields: object) -> Received:
    return incident(sent, number, "ScoreChange", "Goal", *values, **fields)


def score() -> dict[str, str]:
    return Scoreboard.objects.get().scores


def store(messages: Sequence[Received]) -> None:
    store_batch(a_source(), messages)


def test_it_keeps_an_incident_with_all_it_says():
    players = [wire.HyperPlayer(id="501", team_id=901, name="N. Orth")]
    store([goal(1, 777001, "1", "0", seconds=625, initiator_position=1, players=players)])
    row = Incident.objects.get()
    assert (row.parent, row.parent_type, row.ordinal, row.period) == ("hyper", 10, 777001, 10)
    assert (row.name, row.kind, row.type, row.seconds, row.position) == ("Goal", "ScoreChange", 9, 625, 1)
    assert (row.player_id, row.player_name, row.scores, row.confidence) == (
        "501",
        "N. Orth",
        {"1": "1", "2": "0"},
        0.94,
    )
    assert (row.is_cancelled, row.sent_at) == (False, at(1))


def test_it_counts_the_sets_where_sets_are_played():
    volleyball = wire.Named(id=154830, name="Volleyball")
    first = [goal(1, 1, "24", "25", period=1), goal(2, 2, "25", "25", period=1), goal(3, 3, "25", "27", period=1)]
    store([fixture_message(sport=volleyball), *first])
    assert score() == {"1": "0", "2": "0"}
    store([incident(4, 4, "Period", "1st Set", period=1, status="Finished")])
    assert score() == {"1": "0", "2": "1"}
    store([goal(5, 5, "25", "20", period=2), goal(6, 6, "0", "1", period=3)])
    assert score() == {"1": "1", "2": "1"}
    store([goal(7, 7, "13", "25", period=3), incident(8, 8, "Fixture Status", "Finished", "3", period=None)])
    assert score() == {"1": "1", "2": "2"}


def test_it_adds_up_the_scores_of_the_periods():
    store([goal(1, 1, "1", "0"), goal(2, 2, "2", "0"), goal(3, 3, "0", "1", period=20)])
    assert score() == {"1": "2", "2": "1"}
    assert dict(Period.objects.values_list("type", "scores")) == {10: {"1": "2", "2": "0"}, 20: {"1": "0", "2": "1"}}
    assert (Scoreboard.objects.get().current_period, Fixture.objects.get().status) == (20, 2)


def test_it_stores_a_score_of_thousands_of_digits_and_adds_it_to_nothing():
    store_batch(a_source(), [goal(1, 1, "9" * 5000, "1")])
    assert Scoreboard.objects.get().scores == {"2": "1"}


def test_it_adds_up_the_same_where_an_id_names_all_goals():
    store([goal(1, 9, "1", "0"), goal(2, 9, "2", "0"), goal(3, 9, "0", "1", period=20)])
    assert score() == {"1": "2", "2": "1"}


@pytest.mark.parametrize("values", [(), ("2", "0"), ("1", "0")])
def test_it_takes_back_a_goal(values: tuple[str, ...]):
    store([goal(1, 1, "1", "0"), goal(2, 2, "2", "0")])
    store([goal(3, 2, *values, status="Cancelled")])
    assert score() == {"1": "1", "2": "0"}
    assert Incident.objects.get(ordinal=2).is_cancelled
    assert Scoreboard.objects.get().corrected_from == {"1": "2", "2": "0"}


def test_it_takes_back_the_only_goal():
    store([goal(1, 1, "0", "1"), goal(3, 1, status="cancelled")])
    assert score() == {"1": "0", "2": "0"}


def test_it_believes_the_values_of_a_retraction_that_corrects():
    store([goal(1, 1, "1", "0"), goal(2, 2, "1", "1"), goal(3, 1, "0", "1", status="Cancelled")])
    assert score() == {"1": "0", "2": "1"}


def test_it_finds_the_goal_that_a_retraction_with_another_id_means():
    store([goal(1, 1, "1", "0", initiator_position=1), goal(2, 2, "1", "1", initiator_position=2)])
    store([goal(3, 3, status="Cancelled", initiator_position=2)])
    assert score() == {"1": "1", "2": "0"}
    assert sorted(Incident.objects.filter(is_cancelled=True).values_list("ordinal", flat=True)) == [2, 3]
    store([goal(2, 2, "1", "1", initiator_position=2)])
    assert score() == {"1": "1", "2": "0"}


def test_it_does_not_revive_a_goal_that_comes_after_its_retraction():
    store([goal(3, 1, "1", "0", status="Cancelled")])
    store([goal(1, 1, "1", "0")])
    assert score() == {"1": "0", "2": "0"}


@pytest.mark.parametrize("kind", ["Score", "score change", "SCORE_CHANGE", "ScoreChange"])
def test_it_knows_a_kind_however_it_is_written(kind: str):
    store([incident(1, 1, kind, "Goal", "1", "0")])
    assert score() == {"1": "1", "2": "0"}


def test_it_keeps_a_kind_that_nobody_knows():
    store([incident(1, 1, "Weather", "Rain", status="Heavy")])
    row = Incident.objects.get()
    assert (row.kind, row.name, row.state) == ("Weather", "Rain", "Heavy")
    assert score() == {}
    words = UnknownCode.objects.order_by("kind").values_list("kind", "word", "seen", "last_fixture_id")
    assert list(words) == [("incident kind", "Weather", 1, FIXTURE), ("incident status", "Heavy", 1, FIXTURE)]


def test_it_follows_periods_and_statuses():
    store([incident(1, 1, "Period", "1st Half", status="Started")])
    assert (Scoreboard.objects.get().current_period, Scoreboard.objects.get().status) == (10, 2)
    store(
        [
            incident(2, 1, "Period", "1st Half", status="Finished"),
            incident(3, 2, "Status Description", "Half Time", period=None),
        ]
    )
    assert Period.objects.get().is_finished
    store([incident(4, 3, "Period", "2nd Half", status="Started", period=20)])
    assert Scoreboard.objects.get().description is None
    store([incident(9, 4, "Fixture Status", "Finished", period=None)])
    assert (Scoreboard.objects.get().status, Fixture.objects.get().status) == (3, 3)


def test_it_counts_statistics_and_keeps_the_newest_of_what_repeats():
    store([incident(1, 1, "Statistic", "Corners", "3", "1"), incident(2, 2, "Statistic", "Yellow Cards", "0", "1")])
    for n in range(3):
        store(
            [
                incident(3 + n, 50 + n, "Timer", "Timer", seconds=60 + n),
                incident(4 + n, 90 + n, "Possession", "Possession", "55", str(45 + n)),
            ]
        )
    assert dict(Statistic.objects.values_list("type", "values")) == {
        1: {"1": "3", "2": "1"}, 6: {"1": "0", "2": "1"}, 11: {"1": "55", "2": "47"},
    }  # fmt: skip
    assert (Incident.objects.count(), Scoreboard.objects.get().time) == (4, 62)


def test_it_takes_back_a_statistic():
    store([incident(1, 1, "Statistic", "Corners", "1", "0"), incident(2, 2, "Statistic", "Corners", "2", "0")])
    store([incident(3, 2, "Statistic", "Corners", status="Cancelled")])
    assert Statistic.objects.get().values == {"1": "1", "2": "0"}


@pytest.mark.parametrize("fixture_first", [True, False])
def test_it_joins_fixture_and_incidents_in_either_order(fixture_first: bool):
    messages = [fixture_message(0), goal(1, 1, "1", "0")]
    for message in messages if fixture_first else reversed(messages):
        store([message])
    row = Fixture.objects.get()
    assert (row.name, row.scoreboard.scores, row.status) == ("Harbour Town v Northgate", {"1": "1", "2": "0"}, 2)


def test_it_keeps_hyper_incidents_beside_a_livescore():
    store([goal(1, 1, "1", "0"), livescore_message(2, "1", "0")])
    assert Incident.objects.count() == 1


def test_it_changes_nothing_by_an_incident_delivered_twice():
    batch = [goal(1, 1, "1", "0"), goal(2, 1, status="Cancelled"), goal(3, 3, status="Cancelled", period=20)]
    store(batch)
    before = Fixture.objects.values().get()
    assert store_batch(a_source(), batch) == []
    assert Fixture.objects.values().get() == before


HAPPENINGS = [
    goal(1, 1, "1", "0"), goal(2, 2, "1", "1"), goal(3, 3, "1", "2"), goal(4, 2, status="Cancelled"),
    incident(5, 7, "Period", "1st Half", status="Started"), incident(6, 7, "Period", "1st Half", status="Finished"),
    goal(7, 4, "0", "1", period=20), incident(8, 8, "Statistic", "Corners", "1", "0"),
    incident(9, 9, "Timer", "Timer", seconds=9), goal(10, 11, status="Cancelled"),
]  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(HAPPENINGS))
def test_it_ends_the_same_in_whatever_order_incidents_come(order: list[Received]):
    states = []
    for number, messages in enumerate([HAPPENINGS, order], 100):
        Fixture.objects.filter(pk=number).delete()
        for message in messages:
            event = message.message.events[0]
            store(
                [
                    received(
                        wire.Event(fixture_id=number, incident=event.incident),
                        sent=(message.received_at - at(0.1)).total_seconds(),
                        type=2,
                    )
                ]
            )
        board = Scoreboard.objects.get(fixture_id=number)
        states.append((board.scores, board.status, board.current_period, board.time, board.sent_at,
                       list(Period.objects.filter(fixture_id=number).values_list("type", "scores", "is_finished")),
                       list(Statistic.objects.filter(fixture_id=number).values_list("type", "values"))))  # fmt: skip
    assert states[0] == states[1]
