"""The loop over messages that a test has made."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from feed.changes import Change
from feed.ingest.loop import Ingest
from feed.models import FeedSource
from tests.feed_messages import ListTransport


class Announced:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.states: list[str] = []

    def changed(self, changes: Sequence[Change]) -> None:
        self.changes += changes

    def state_changed(self, source_id: int) -> None:
        self.states.append(FeedSource.objects.get(pk=source_id).state)


@pytest.fixture
def source(either_database: str) -> FeedSource:
    return FeedSource.objects.create(name="Meadow in-play", kind=FeedSource.Kind.QUEUE)


def ingest(source: FeedSource, *bodies: bytes | None, **options: Any) -> Ingest:
    loop = Ingest(ListTransport(bodies), source, **options)
    loop.run()
    return loop


def acked(loop: Ingest) -> list[int]:
    assert isinstance(loop.transport, ListTransport)
    return loop.transport.acked


def raising(error: Exception) -> Callable[..., None]:
    def fail(*args: object, **options: object) -> None:
        raise error

    return fail
