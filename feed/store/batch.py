"""A batch of messages becomes rows, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from feed.changes import Change
from feed.models import FeedSource
from feed.wire.messages import Event, FixtureKind

from .arrival import Origin, Received, Rejected
from .book import Book, Pending
from .book_cache import CACHE
from .competitions import Tree
from .database import statements
from .fixtures import describe, fill_in, is_whole
from .hyper import apply_incident
from .livescores import apply_livescore
from .loading import Needs, open_books, says_something
from .markets import apply_markets
from .names import Names
from .outrights import apply_score, mark_outright
from .rejects import keep_rejected
from .sources import note_source
from .unknown import UnknownCodes
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
        names, tree, pending, codes = Names(), Tree(batch), Pending(), UnknownCodes()
        for received in batch:
            origin = Origin.of(received, source.pk)
            changed = {
                event.fixture_id
                for event in received.message.events
                if says_something(event) and apply(books[event.fixture_id], event, origin, pending, names, tree)
            }
            codes.count(received, changed)
        stored_at = datetime.now(UTC)
        changes = [change for book in books.values() if (change := book.close_batch(stored_at))]
        names.write()
        tree.write()
        codes.write()
        write(books.values(), pending, database)
        if rejected:
            keep_rejected(source, rejected)
        arrivals = [each.received_at for each in batch] + [each.delivery.received_at for each in rejected]
        note_source(source, batch, max(arrivals))
    CACHE.put(books.values())
    return changes


def apply(book: Book, event: Event, origin: Origin, pending: Pending, names: Names, tree: Tree) -> bool:
    """Apply all that one message says of a fixture. True if anything is different now."""
    before = book.touches
    if event.kind is not FixtureKind.MATCH:
        mark_outright(book, event, origin)
    if event.competitions:
        tree.place(book, event, origin)
    if event.fixture is not None:
        take = describe if origin.is_description or is_whole(event.fixture) else fill_in
        take(book, event, event.fixture, origin, pending, names)
    if event.livescore is not None:
        apply_livescore(book, event.livescore, origin, pending)
    if event.outright_score is not None:
        apply_score(book, event.outright_score, origin, pending)
    if event.incident is not None:
        apply_incident(book, event.incident, origin, pending)
    if event.markets:
        apply_markets(book, event.markets, origin, pending, names)
    return book.touches != before
