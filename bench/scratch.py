"""Databases for processes that fuzz, one for each, and the store on them."""

import os
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg
from django.core.management import call_command

from exam.databases import POSTGRESQL_URL, new_postgresql
from feed.wire.messages import Message

BATCH = 100


@contextmanager
def scratch_databases(count: int) -> Iterator[list[str]]:
    """Addresses of `count` new databases: SQLite and, where one answers, PostgreSQL in turns. Dropped at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="desk-fuzz-")))
        urls = [f"sqlite:///{folder / f'{number}.sqlite3'}" for number in range(count)]
        if postgresql_answers():
            urls[1::2] = [stack.enter_context(new_postgresql()) for _ in urls[1::2]]
        yield urls


def postgresql_answers() -> bool:
    try:
        psycopg.connect(POSTGRESQL_URL, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


class Scratch:
    """The store on an empty database. Sets Django up, so a process can have one only."""

    def __init__(self, url: str) -> None:
        os.environ |= {"DATABASE_URL": url, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "livescore_site.settings"}
        django.setup()
        call_command("migrate", verbosity=0)
        from feed.models import FeedSource  # Django is set up only now

        self.source = FeedSource.objects.create(name="fuzz", kind=FeedSource.Kind.RECORDING)

    def store(self, taken: Sequence[tuple[bytes, Message]]) -> list[tuple[bytes, str]]:
        """Store messages in batches. Returns those that the store fails on, and what came out."""
        failures = []
        for start in range(0, len(taken), BATCH):
            batch = taken[start : start + BATCH]
            if together := self.failure([message for _, message in batch]):
                alone = [(body, what) for body, message in batch if (what := self.failure([message]))]
                failures += alone or [(b"\n".join(body for body, _ in batch), together)]
        return failures

    def failure(self, messages: list[Message]) -> str:
        """What comes out of the store; empty where it takes them all."""
        from feed.store import Received, store_batch  # Django is set up only now

        try:
            store_batch(self.source, [Received(message=message, received_at=datetime.now(UTC)) for message in messages])
        except Exception:
            return traceback.format_exc()
        return ""
