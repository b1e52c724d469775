"""A batch of messages becomes rows, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from feed import tracing
from feed.changes import Change
from feed.models import FeedSource
from feed.store.apply.charge import apply_prices, decide_charge
from feed.store.apply.competitions import Tree
from feed.store.apply.fixtures import close_fixture, describe, fill_in, is_whole
from feed.store.apply.hyper import apply_incident
from feed.store.apply.livescores import apply_livescore
from feed.store.apply.names import Names
from feed.store.apply.outrights import apply_score, mark_outright
from feed.store.rows.fixture_rows import FixtureRows, Pending
from feed.store.rows.journaling import entries_of, record
from feed.store.rows.loading import Needs, open_fixture_rows, says_something
from feed.store.rows.row_cache import CACHE
from feed.store.rows.writing import write
from feed.store.sql.database import Statements, statements
from feed.store.statuses import Stated, agree_on_status, in_order
from feed.wire.messages import Event, FixtureKind, Message

from .arrival import Origin, Received, Rejected
from .epochs import EPOCHS_CACHE, Epochs, note_breaks, read_epochs
from .lease import NO_LEASE, Lease
from .leaves import marks, message_leaves, note_leaves
from .rejects import keep_rejected, set_aside
from .shares import note_share, read_share
from .sides import Sides
from .sources import SourceMoved, note_offsets, note_source
from .unknown import UnknownCodes


def store_batch(
    source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected] = (), lease: Lease = NO_LEASE
) -> list[Change]:
    """Store messages in the order in which they came, and keep those that were rejected, all or nothing.

    The messages are applied one by one to rows in memory, and each row that is different at the end is written once:
    so any split of messages into batches ends in the same rows. Applying a message again changes nothing. Returns one
    change for each fixture that is different now, in the order of their ids. Lets `django.db.Error` through, and raises
    `SourceTaken` where a `lease` is given and another consumer has it by now.
    """
    if not batch and not rejected:
        return []
    try:
        return store_once(source, batch, rejected, lease, EPOCHS_CACHE.take(source, lease.consumer))
    except SourceMoved:
        # Another process has changed the source since its epochs were cached: once more, with those of the database.
        return store_once(source, batch, rejected, lease, None)


def store_once(
    source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected], lease: Lease, known: Epochs | None
) -> list[Change]:
    """Store the batch once, with the `known` epochs of the source; None: they are read. Raises `SourceMoved` too."""
    database = statements()
    with transaction.atomic(durable=True):
        sides = Sides(source.side)
        due = sides.due() if any(received.message.heartbeat for received in batch) else set()
        fixture_rows = open_fixture_rows(Needs(batch, due), database)
        names, tree, pending, codes = Names(), Tree(batch), Pending(), UnknownCodes()
        epochs = known or epochs_of(source, lease, batch, database)
        for received in batch:
            origin = Origin.of(received, source.pk, epochs.take(received), sides)
            decide_due(received, due, fixture_rows, origin, pending)
            changed = apply_message(fixture_rows, received.message, origin, pending, names, tree)
            codes.count(received, changed, fixture_rows)
        stored_at = datetime.now(UTC)
        changes = [change for rows in fixture_rows.values() if (change := rows.close_batch(stored_at))]
        names.write()
        tree.write()
        codes.write()
        entries = entries_of(fixture_rows.values(), pending)
        record([*entries, *marks(source, batch, entries, stored_at)], database)
        write(fixture_rows.values(), pending, database)
        if aside := [*rejected, *set_aside(batch)]:
            keep_rejected(source, aside)
        note_offsets(source, batch, rejected)
        arrivals = [received.received_at for received in batch] + [message.delivery.received_at for message in rejected]
        note_breaks(source, epochs, lease.share)
        changes_of_source = epochs.changes() | counted(epochs, pending)
        if lease.share:
            note_share(source, lease, batch, max(arrivals), epochs, changes_of_source)
        else:
            note_source(source, batch, max(arrivals), lease.consumer, epochs, changes_of_source, database)
        note_leaves(message_leaves(source, batch, rejected), entries, stored_at, database)
        tracing.note("store")
    if not lease.share:
        EPOCHS_CACHE.put(source, lease.consumer, epochs)
    CACHE.put(fixture_rows.values())
    return changes


def epochs_of(source: FeedSource, lease: Lease, batch: Sequence[Received], database: Statements) -> Epochs:
    """The epochs of the source, or of this share where its feed is spread over several queues, read from the row."""
    return read_share(source, lease, batch, database) if lease.share else read_epochs(source, database)


def decide_due(
    received: Received, due: set[int], fixture_rows: dict[int, FixtureRows], origin: Origin, pending: Pending
) -> None:
    """At a heartbeat, decide which side is in charge of prices where no message of their fixture comes to decide it."""
    if received.message.heartbeat is not None:
        for number in due:
            decide_charge(fixture_rows[number], origin, pending)


def apply_message(
    fixture_rows: dict[int, FixtureRows], message: Message, origin: Origin, pending: Pending, names: Names, tree: Tree
) -> set[int]:
    """Apply all that a message says. The fixtures that are different now."""
    return {
        event.fixture_id
        for event in in_order(message.events)
        if says_something(event) and apply(fixture_rows[event.fixture_id], event, origin, pending, names, tree)
    }


def counted(epochs: Epochs, pending: Pending) -> dict[str, Any]:
    """The source's counts of numbered messages that this batch changed, by column."""
    counts: dict[str, Any] = {"hole_confirmed_at": datetime.now(UTC)} if pending.has_confirmed_hole else {}
    if pending.numbered:
        counts |= {"numbered": epochs.numbered + pending.numbered, "skips": epochs.skips + pending.skips}
    return counts


def is_unreadable(event: Event) -> bool:
    """Whether what the event says of the fixture's status could not be read."""
    scoreboard = event.livescore.scoreboard if event.livescore is not None else None
    parts = (event, event.fixture, event.livescore, scoreboard, event.outright_score)
    return any(part is not None and part.unreadable for part in parts)


def apply(rows: FixtureRows, event: Event, origin: Origin, pending: Pending, names: Names, tree: Tree) -> bool:
    """Apply all that one message says of a fixture. True if anything is different now."""
    before, stated = rows.touches, Stated.of(rows)
    origin = origin.as_late_as(rows.fixture.sent_at, rows.fixture.received_at) if origin.is_untimed else origin
    if event.kind is not FixtureKind.MATCH:
        mark_outright(rows, event, origin)
    if event.competitions:
        tree.place(rows, event, origin)
    if event.fixture is not None:
        take = describe if origin.is_description or is_whole(event.fixture) else fill_in
        take(rows, event, event.fixture, origin, pending, names)
    if event.livescore is not None:
        apply_livescore(rows, event.livescore, origin, pending)
    agree_on_status(rows, event, origin, stated)
    if event.outright_score is not None:
        apply_score(rows, event.outright_score, origin, pending)
    if event.incident is not None:
        apply_incident(rows, event.incident, origin, pending)
    decide_charge(rows, origin, pending)
    if event.markets or event.lost_markets:
        apply_prices(rows, event, origin, pending, names)
    if is_unreadable(event):
        close_fixture(rows, origin)
    return rows.touches != before
