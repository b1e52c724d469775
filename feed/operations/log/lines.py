"""The log's lines, for the page and for files: what is known of a message, beside what came between messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec
from django.utils.translation import gettext

from feed.live.hub.shown import SHOWN, Seen
from feed.models import Break, FeedSource, Recovery
from feed.pages.log.changed import Changed, changes_of, key_of
from feed.pages.log.messages import Batch, Logged
from feed.proof.leaves import AGAIN, ANSWER

from .form import type_name

NOTHING = Changed([], [])
NOT_SEEN: Seen | tuple[None, None] = (None, None)


class LogLine(msgspec.Struct):
    """A message; without one, what the desk did or noted by itself, in `words`."""

    at: datetime
    changed: Changed = NOTHING
    message: Logged | None = None
    pushed_at: datetime | None = None
    painted_at: datetime | None = None
    words: str = ""
    is_marked: bool = False

    @property
    def type_name(self) -> str:
        return type_name(self.message.details.type) if self.message is not None else ""

    @property
    def kind(self) -> str:
        """How it came, where that was not simply from the queue."""
        kinds = {ANSWER: gettext("answer to a snapshot"), AGAIN: gettext("tried again")}
        return kinds.get(self.message.leaf.kind, "") if self.message is not None else ""


def lines_of(
    fixture_id: int, batches: Sequence[Batch], marked: datetime | None = None, *, with_breaks: bool = True
) -> list[LogLine]:
    """Newest first; of a batch that is marked all lines are."""
    changes = changes_of(fixture_id, batches)
    seen = SHOWN.of(fixture_id, (batch.committed_at for batch in batches))
    lines = [line for batch in batches for line in lines_of_batch(batch, changes, seen)]
    for line in lines:
        line.is_marked = line.at == marked
    if with_breaks:
        lines += between(lines)
        lines.sort(key=lambda line: line.at, reverse=True)
    return lines


def lines_of_batch(batch: Batch, changes: dict[int, Changed], seen: dict[datetime, Seen]) -> Iterable[LogLine]:
    at = batch.committed_at
    if not batch.messages:
        words = gettext("The desk changed this by itself: no message of the fixture came with it.")
        yield LogLine(at, changes.get(key_of(batch), NOTHING), words=words)
    for message in reversed(batch.shown):
        changed = changes.get(message.number, NOTHING)
        pushed, painted = seen.get(at, NOT_SEEN) if changed.words else NOT_SEEN
        yield LogLine(at, changed, message, pushed, painted)


def between(lines: Sequence[LogLine]) -> list[LogLine]:
    """Breaks and recoveries of the sources that the messages came from, in that time: three queries."""
    if not lines:
        return []
    named = {line.message.source for line in lines if line.message is not None}
    sources = {source.pk: source for source in FeedSource.objects.only("name") if quote(source.name, safe="") in named}
    last, first = max(line.at for line in lines), min(line.at for line in lines)
    breaks = Break.objects.filter(source_id__in=sources, noticed_at__range=(first, last))[: len(lines)]
    recoveries = Recovery.objects.filter(source_id__in=sources, began_at__range=(first, last))[: len(lines)]
    found = [LogLine(row.noticed_at, words=break_words(row, sources[row.source_id].name)) for row in breaks]
    return found + [LogLine(row.began_at, words=recovery_words(row, sources[row.source_id].name)) for row in recoveries]


def break_words(row: Break, source: str) -> str:
    return gettext("Break of %(source)s: %(reason)s") % {"source": source, "reason": row.reason}


def recovery_words(row: Recovery, source: str) -> str:
    words = gettext("LSports was asked for what %(source)s missed: %(outcome)s")
    return words % {"source": source, "outcome": row.outcome or row.reason}
