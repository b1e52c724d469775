"""However messages are split into batches, the rows and the history end the same as one message at a time."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feed import models
from feed.store import Received, store_batch
from feed.wire import messages as wire

from .journal_rows import all_prices, all_scores
from .received import (
    a_source,
    at,
    bet,
    fixture_message,
    livescore_message,
    market_message,
    received,
    results,
    settlement_message,
    side,
)

pytestmark = pytest.mark.usefixtures("either_database")

#: What depends on how messages were split, and is meant to.
PARTS = ("fixture", "scoreboard", "periods", "incidents", "statistics", "markets")
STAMPS = {"stored_at", "revision", *(f"{part}_revision" for part in PARTS)}
STAMPS |= {"keyframe_revision", "keyframe_at", "entries"}
ROWS = [
    models.Fixture,
    models.Participant,
    models.Scoreboard,
    models.Period,
    models.Incident,
    models.Statistic,
    models.Market,
    models.ProviderMarket,
    models.Bet,
    models.Sport,
    models.League,
    models.Provider,
]

moments = st.integers(0, 6)
fixtures = st.sampled_from([7, 8])


def bets() -> st.SearchStrategy[wire.Bet]:
    return st.builds(
        bet,
        st.integers(1, 2),
        st.sampled_from(["1.5", "2.1", "2.10", None]),
        st.none() | moments,
        status=st.sampled_from([1, 2, 3, None]),
        start_price=st.sampled_from([None, Decimal("1.0"), Decimal("3")]),
        settlement=st.sampled_from([None, 1, 2, -1]),
        name=st.sampled_from([None, "1", "X"]),
        line=st.sampled_from([None, "2.5"]),
    )


def market_messages(build: Any) -> st.SearchStrategy[Received]:
    return st.builds(
        lambda listed, **fields: build(*listed, **fields),
        st.lists(bets(), max_size=3),
        sent=moments,
        number=fixtures,
        provider=st.sampled_from([None, 8]),
        main_line=st.sampled_from([None, "2.5", "3.5"]),
    )  # fmt: skip


def livescores() -> st.SearchStrategy[Received]:
    goals = st.lists(st.builds(wire.Incident, incident_type=st.sampled_from([9, 27]), seconds=moments), max_size=2)
    values = st.builds(results, st.sampled_from(["0", "1", "2", None]), st.sampled_from(["0", "A"]))
    periods = st.lists(
        st.builds(wire.Period, type=st.sampled_from([10, 60]), results=values, incidents=goals), max_size=2
    )
    statistics = st.lists(
        st.builds(wire.Statistic, type=st.sampled_from([1, 4711]), results=values, incidents=goals), max_size=2
    )
    parts = st.fixed_dictionaries({"periods": periods, "statistics": statistics})
    return st.builds(
        lambda sent, home, parts, **fields: livescore_message(sent, home, "0", parts=parts, **fields),
        moments, st.sampled_from(["0", "1", "2"]), parts, status=st.sampled_from([0, 2, 3]), number=fixtures,
        seq=st.none() | moments, short=st.sampled_from([None, wire.Fixture(sport=wire.Named(id=1, name="Chess"))]),
    )  # fmt: skip


def descriptions() -> st.SearchStrategy[Received]:
    sides = st.lists(st.builds(side, st.integers(1, 3), st.sampled_from(["A", "B"]), st.integers(1, 2)), max_size=3)
    return st.builds(
        fixture_message,
        moments,
        sent=moments,
        number=fixtures,
        participants=sides,
        status=st.sampled_from([None, 1, 3]),
    )


def outrights() -> st.SearchStrategy[Received]:
    placed = st.builds(
        wire.ParticipantResult, participant_id=st.integers(1, 3), name=st.just("R"), result=st.sampled_from(["1", "2"])
    )
    path = st.lists(
        st.builds(wire.Competition, id=st.integers(1, 2), name=st.sampled_from(["Cup", "Track"])),
        min_size=1,
        max_size=2,
    )
    score = st.builds(
        wire.OutrightScore, status=st.sampled_from([2, 3]), participant_results=st.lists(placed, max_size=2)
    )
    event = st.builds(
        wire.Event,
        fixture_id=fixtures,
        kind=st.just(wire.FixtureKind.OUTRIGHT),
        competitions=path,
        outright_score=score,
    )
    return st.builds(received, event, sent=moments, type=st.just(39))


def incidents() -> st.SearchStrategy[Received]:
    incident = st.builds(
        wire.HyperIncident,
        id=st.integers(1, 3),
        name=st.just("Goal"),
        kind=st.just("Score"),
        values=st.none() | st.builds(results, st.sampled_from("012")),
        status=st.sampled_from([None, "Cancelled"]),
        period=st.sampled_from([None, wire.Named(id=10)]),
        confidence=st.just(1.0),
    )
    event = st.builds(wire.Event, fixture_id=fixtures, incident=incident)
    return st.builds(received, event, sent=moments, type=st.just(2))


messages = st.one_of(
    market_messages(market_message),
    market_messages(settlement_message),
    livescores(),
    descriptions(),
    outrights(),
    incidents(),
)


def clear() -> None:
    with connection.cursor() as cursor:
        for model in (*ROWS, models.JournalEntry, models.Competition, models.UnknownCode):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


def state() -> list[Any]:
    """All rows, the tree by its paths, and all history in its order, without what the split decides."""
    paths = dict(models.Competition.objects.values_list("id", "path"))
    rows = [[without_stamps(row, paths) for row in model.objects.order_by("pk").values()] for model in ROWS]
    tree = list(models.Competition.objects.order_by("path").values("path", "name", "type", "sent_at", "parent__path"))
    prices = sorted((replace(state, entry=0) for state in all_prices()), key=lambda state: state.bet)
    history = [prices, [scores._replace(entry=0) for scores in all_scores()]]
    unknown = list(models.UnknownCode.objects.order_by("kind", "code").values("kind", "code", "seen", "last_seen_at"))
    return [rows, tree, history, unknown]


def without_stamps(row: dict[str, Any], paths: dict[int, str]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in STAMPS}
    return shown | {"competition_id": paths.get(row.get("competition_id", 0))}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(messages, min_size=1, max_size=8), places=st.sets(st.integers(1, 7)))
def test_it_ends_the_same_however_messages_are_split(sent: list[Received], places: set[int]):
    source, ends = a_source(), []
    one_by_one, some, all_at_once = (
        range(1, len(sent)),
        sorted(place for place in places if place < len(sent)),
        (),
    )
    for split in (one_by_one, some, all_at_once):
        clear()
        for start, end in pairwise([0, *split, len(sent)]):
            store_batch(source, sent[start:end])
        ends.append(state())
    assert ends[0] == ends[1] == ends[2]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(messages, min_size=1, max_size=8), again=st.lists(st.integers(0, 7), max_size=5))
def test_it_changes_nothing_by_messages_delivered_again(sent: list[Received], again: list[int]):
    """Each message was sent at a moment of its own, as a feed's are."""
    source = a_source()
    clear()
    for n, message in enumerate(sent):
        message.message.header.sent_at = at(n)
    store_batch(source, sent)
    before = state(), list(models.Fixture.objects.order_by("id").values())
    changes = store_batch(source, [sent[n] for n in again if n < len(sent)])
    assert changes == []
    assert before == (state(), list(models.Fixture.objects.order_by("id").values()))
