"""The journal played as messages: whoever reads them has the same scores, markets and statistics at the end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feed import models
from feed.codes import BetStatus
from feed.journal.playing import played
from feed.store import Received, store_batch
from feed.store.rows.row_cache import CACHE
from feed.transport import Delivery
from feed.wire import decode
from sandbox.supplier import Supplier

from .received import a_source, fixture_message, livescore_message
from .test_journal import batches, names, stored
from .test_store_batch import clear, descriptions, livescores, market_message, market_messages, settlement_message

pytestmark = pytest.mark.usefixtures("either_database")
#: What the desk makes of messages, beside what they say.
OWN = {"revision", "received_at", "source_id", "unreadable", "side", "epoch", "moves", "previous_price"}
OWN_OF: dict[Any, set[str]] = {
    models.Fixture: {"status_from", "charge", "has_two_sides", "sent_at", "stored_at", "placed_at", "competition_id"},
    models.Scoreboard: {"corrected_from", "corrected_at"},
    models.Market: set(names(models.Market)) - {"fixture_id", "market_id", "name", "main_line", "status", "sent_at"},
}
START = datetime(2026, 1, 10, 15, tzinfo=UTC)
TIME_ENOUGH = timedelta(days=1)
matches = st.one_of(market_messages(market_message), market_messages(settlement_message), livescores(), descriptions())


def as_decoded(received: Received) -> Received:
    """Nothing that was settled is on offer: decoding says so of each bet (`feed.wire.fields.normalise`)."""
    for event in received.message.events:
        for market in event.markets or ():
            for part in (market, *(market.provider_markets or ())):
                for bet in part.bets or ():
                    if bet.settlement and bet.status in (None, BetStatus.OPEN):
                        bet.status = BetStatus.SETTLED
    return received


def empty() -> None:
    clear()
    models.PlayerStatistic.objects.all().delete()
    CACHE.clear()


def words() -> dict[int, Any]:
    """Of each match, by its id, what LSports' words are in its rows."""
    found = {}
    for fixture in models.Fixture.objects.filter(kind=models.Fixture.Kind.MATCH):
        rows = {model.__name__: [own(model, row) for row in of] for model, of in stored(fixture.pk).items()}
        found[fixture.pk] = rows
    return found


def own(model: Any, row: dict[str, Any]) -> dict[str, Any]:
    left_out = OWN | OWN_OF.get(model, set())
    return {name: value for name, value in row.items() if name not in left_out and not name.endswith("_revision")}


def read_anew(deliveries: Sequence[Delivery], rng: Random) -> dict[int, Any]:
    """What a desk has that knew nothing and read these, in batches of any size."""
    empty()
    source = a_source("journal")
    arrived = [Received(delivery=delivery, message=decode(delivery.body)) for delivery in deliveries]
    while arrived:
        size = rng.randint(1, 20)
        store_batch(source, arrived[:size])
        arrived = arrived[size:]
    return words()


def differences(ours: dict[int, Any], theirs: dict[int, Any]) -> list[Any]:
    """Fixture, model, column, ours, theirs: where rows differ; or the rows, where there are not as many."""
    assert ours.keys() == theirs.keys()
    found: list[Any] = []
    for fixture, tables in ours.items():
        for model, rows in tables.items():
            others = theirs[fixture][model]
            if len(rows) != len(others):
                found.append((fixture, model, rows, others))
            for one, other in zip(rows, others, strict=False):
                found += [(fixture, model, name, one[name], other[name]) for name in one if one[name] != other[name]]
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    batch_messages=st.lists(matches.map(as_decoded), min_size=1, max_size=14),
    ends_at=st.sets(st.integers(1, 13)),
    first=st.integers(0, 13),
    seed=st.integers(0, 1000),
)
def test_whoever_reads_what_is_played_has_the_same_words(
    batch_messages: list[Received], ends_at: set[int], first: int, seed: int
):
    empty()
    source, commits = a_source(), []
    for batch in batches(batch_messages, ends_at):
        store_batch(source, batch)
        commits.append(timezone.now())
    recorded = words()
    begin = commits[first % len(commits)]
    deliveries = list(played(begin, commits[-1] + TIME_ENOUGH))
    assert not differences(read_anew(deliveries, Random(seed)), recorded)


@pytest.mark.parametrize("seed", [1, 2])
def test_so_it_is_with_the_matches_of_a_supplier(seed: int):
    rng, supplier, source, now = (
        Random(seed),
        Supplier(seed=seed, fixtures=4, start=START, speed=20.0, bookmakers=1),
        a_source(),
        START,
    )
    moments: list[tuple[datetime, Any]] = []
    for step in range(6):
        now += timedelta(seconds=rng.uniform(1, 5))
        bodies = [outgoing.body for outgoing in supplier.advance(now)]
        arrived = [Received(delivery=Delivery(body=body, received_at=now), message=decode(body)) for body in bodies]
        store_batch(source, arrived)
        if step in (2, 5):
            moments.append((timezone.now(), words()))
    (begin, _), (end, recorded) = moments
    deliveries = list(played(begin, end))
    assert not differences(read_anew(deliveries, rng), recorded)


def replay(*arguments: object) -> str:
    output = StringIO()
    call_command("replay_feed", *map(str, arguments), stdout=output)
    return output.getvalue()


WINDOW = ("--from", "2026-01-01T00:00:00", "--to", "2100-01-01T00:00:00")


def test_a_recording_made_of_the_journal_is_played_like_any_other(tmp_path: Path):
    empty()
    store_batch(a_source(), [fixture_message(number=7), fixture_message(number=8), livescore_message(5, "1", "0")])
    recorded, file = words(), tmp_path / "journal.jsonl"
    assert replay("--from-journal", file, *WINDOW) == f"5 messages of the journal in {file}\n"
    empty()
    assert replay("--speed", "max", file).splitlines()[1] == "5 understood, 0 rejected"
    assert not differences(words(), recorded)


def test_one_fixture_alone_can_be_played():
    empty()
    store_batch(a_source(), [fixture_message(number=7), fixture_message(number=8)])
    deliveries = list(played(START, timezone.now() + TIME_ENOUGH, [8]))
    assert deliveries
    assert read_anew(deliveries, Random(1)).keys() == {8}


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path):
    file = tmp_path / "journal.jsonl"
    file.write_text("precious")
    with pytest.raises(CommandError, match="File exists"):
        replay("--from-journal", file, *WINDOW)
    assert file.read_text() == "precious"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["x.jsonl"], "takes --from and a later --to, and no PATH"),
        (["x.jsonl", "--from", "2026-01-02", "--to", "2026-01-01"], "takes --from and a later --to"),
        (["x.jsonl", "match.json", *WINDOW], "and no PATH"),
        (["x.txt", *WINDOW], r"x\.txt: a recording's name ends in \.jsonl"),
        (["x.jsonl", "--fixture", "0", *WINDOW], "'0' is not a number that LSports gives"),
        (["x.jsonl", "--from", "2999-01-01", "--to", "2999-01-02"], "nobody knows yet how all will stand"),
        (["x.jsonl", "--from", "0001-01-01T00:00+14:00", "--to", "2026-01-01"], "is not a time such as"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(arguments: list[str], reason: str):
    with pytest.raises(CommandError, match=reason):
        replay("--from-journal", *arguments)
