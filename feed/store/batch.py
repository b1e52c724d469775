"""A batch of messages becomes rows, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from feed.changes import Change
from feed.models import FeedSource
from feed.wire.messages import Event

from .arrival import Origin, Received, Rejected
from .book import Book, Pending
from .database import statements
from .fixtures import describe, fill_in
from .livescores import apply_livescore
from .loading import Needs, open_books
from .markets import apply_markets
from .names import Names
from .rejects import keep_rejected
from .sources import note_source
from .writing import write


def store_batch(source: FeedSource, batch: Sequence[Received], rejected: Sequence[Rejected] = ()) -> list[Change]:
    """Store messages in the order in which they came, and keep those that were rejected, all or nothing.

    The messages are applied one by one to rows in memory, and each row that is different at the end is written once:
    so any split of messages into batches ends in the same rows. Applying a message again changes nothing. Returns one
    change for each fixture that is different now, in the order of their ids. Raises `django.db.Error` as it comes.
    """
    if not batch and not rejected:
        return []
    database = statements()
    with transaction.atomic(durable=True):
        books = open_books(Needs(batch), database)
        pending, names = Pending(), Names()
        for received in batch:
            origin = Origin.of(received, source.pk)
            for event in received.message.events:
                apply(books[event.fixture_id], event, origin, pending, names)
        stored_at = datetime.now(UTC)
        changes = [change for book in books.values() if (change := book.close_batch(stored_at))]
        names.write()
        write(books.values(), pending, database)
        if rejected:
            keep_rejected(source, rejected)
        arrivals = [each.received_at for each in batch] + [each.delivery.received_at for each in rejected]
        note_source(source, batch, max(arrivals))
    return changes


def apply(book: Book, event: Event, origin: Origin, pending: Pending, names: Names) -> None:
    """Apply all that one message says of a fixture."""
    if event.fixture is not None:
        take = describe if event.livescore is None else fill_in
        take(book, event, event.fixture, origin, pending, names)
    if event.livescore is not None:
        apply_livescore(book, event.livescore, origin, pending)
    if event.markets:
        apply_markets(book, event.markets, origin, pending, names)
