"""The feeds as they stood at a moment, without any fixture."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from feed.journal.sources import sources_at
from feed.models import FeedSource

from .database import opened


@contextmanager
def feeds_opened(moment: datetime) -> Iterator[None]:
    """Inside, this thread reads the sources as they were."""
    with opened(moment, "feeds", lambda: {FeedSource: sources_at(moment)}):
        yield
