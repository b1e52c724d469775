"""The journal has every state that ever was: what is folded from it equals the rows that were recorded then."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from django.db.models import Model
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feed import models
from feed.journal.rows import columns, row_type
from feed.journal.states import fixture_at
from feed.store import Received, store_batch
from feed.store.rows import journaling, tables
from feed.store.rows.row_cache import CACHE

from .received import FIXTURE, MARKET, a_source, fixture_message
from .test_holes import gaps, numbered, store
from .test_store_batch import clear, messages

pytestmark = pytest.mark.usefixtures("either_database")

#: What the journal has of a fixture.
ROWS: list[type[Model]] = [
    models.Fixture,
    models.Participant,
    models.Scoreboard,
    models.Period,
    models.Incident,
    models.Statistic,
    models.PlayerStatistic,
    models.Market,
    models.ProviderMarket,
    models.Bet,
]


def stored(fixture_id: int) -> dict[type[Model], list[dict[str, Any]]]:
    """The rows of a fixture as the database has them."""
    return {model: in_order(model, list(rows_of(model, fixture_id).values(*names(model)))) for model in ROWS}


def rows_of(model: type[Model], fixture_id: int) -> Any:
    key = {"pk" if model in (models.Fixture, models.Scoreboard) else "fixture_id": fixture_id}
    return model._default_manager.filter(**key)


def names(model: type[Model]) -> list[str]:
    return [field.attname for field in columns(model)]


def in_order(model: type[Model], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: [str(row[name]) for name in names(model)])


def past(fixture_id: int, until: datetime | int) -> dict[type[Model], list[dict[str, Any]]]:
    """The same from the journal."""
    found = fixture_at(fixture_id, until)
    return {model: in_order(model, [msgspec.structs.asdict(row) for row in found[model]]) for model in ROWS}


def differences(ours: Any, theirs: Any) -> list[Any]:
    """Model, column, ours, theirs: where rows differ; or the rows, where there are not as many."""
    found: list[Any] = []
    for model in ROWS:
        if len(ours[model]) != len(theirs[model]):
            found.append((model, ours[model], theirs[model]))
        for one, other in zip(ours[model], theirs[model], strict=False):
            found += [(model, name, one[name], other[name]) for name in one if one[name] != other[name]]
    return found


def batches(batch_messages: list[Received], ends_at: set[int]) -> list[list[Received]]:
    ends = [0, *sorted(cut for cut in ends_at if cut < len(batch_messages)), len(batch_messages)]
    return [batch_messages[start:end] for start, end in pairwise(ends)]


TABLES = [table for table in vars(tables).values() if isinstance(table, tables.Table) and table.model in ROWS]


@pytest.mark.parametrize("table", [table for table in TABLES if table is not tables.LOCKED], ids=repr)
def test_what_an_entry_leaves_out_is_read_as_the_store_meant_it(table: tables.Table):
    ours = {field.name: default(field) for field in msgspec.structs.fields(row_type(table.model))}
    theirs = {field.name: default(field) for field in msgspec.structs.fields(table.row)}
    assert [name for name, value in theirs.items() if value is not msgspec.NODEFAULT and ours[name] != value] == []


def default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@pytest.mark.parametrize(("most_entries", "few_rows"), [(64, 16), (3, 0)])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    batch_messages=st.lists(messages, min_size=1, max_size=14),
    ends_at=st.sets(st.integers(1, 13)),
    forgets=st.booleans(),
)
def test_the_state_at_any_revision_is_what_was_recorded_then(
    most_entries: int, few_rows: int, batch_messages: list[Received], ends_at: set[int], forgets: bool
):
    source = a_source()
    clear()
    recorded: dict[tuple[int, datetime | int], Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journaling, "MOST_ENTRIES", most_entries)
        patch.setattr(journaling, "FEW_ROWS", few_rows)
        for batch in batches(batch_messages, ends_at):
            for change in store_batch(source, batch):
                now = models.Fixture.objects.get(pk=change.fixture_id)
                assert now.stored_at is not None
                rows = stored(change.fixture_id)
                recorded |= {(now.pk, change.revision): rows, (now.pk, now.stored_at): rows}
            if forgets:
                CACHE.clear()
    for (fixture_id, until), rows in recorded.items():
        assert not differences(past(fixture_id, until), rows)


def test_a_gap_that_opens_between_messages_is_in_the_journal():
    store(numbered(1, 1, 1, 2), numbered(3, 2, 1), fixture_message(3))
    assert gaps(30) == [MARKET]
    fixture = models.Fixture.objects.get(pk=FIXTURE)
    assert fixture.stored_at is not None
    recorded, then = stored(FIXTURE), (fixture.revision, fixture.stored_at)
    store(numbered(4, 40, 2))
    assert [differences(past(FIXTURE, until), recorded) for until in then] == [[], []]
    assert not differences(past(FIXTURE, fixture.revision + 1), stored(FIXTURE))
