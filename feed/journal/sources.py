"""The sources as they stood at a moment.

Whoever writes a source's state, or whether anything is expected of it, calls `feed.store.sources.record_source`: an
entry of fixture 0 says how the row stands from then on. Silence is written by nobody while it lasts: readers see it in
the times of the last message and the last sign of life, which are other ones every second. So an entry follows when it
ends, and says in these two columns since when it was; in all other entries they are empty.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from feed.models import Break, FeedSource, JournalEntry, Recovery

from .entries import Entry, Key, newest
from .entries import moment as moment_of
from .rows import columns, row_type
from .states import part_rows

Part = JournalEntry.Part
#: Long lists that no page shows, and what is another every second: how old messages were and how many, that somebody
#: stands by.
LEFT_OUT = {
    *("keep_alives", "active_fixtures", "feed_interrupted", "age_ms", "supplier_age_ms", "wanted_at"),
    *("taken", "busy_ms"),
}
COLUMNS = tuple(name for name in (field.attname for field in columns(FeedSource)) if name not in LEFT_OUT)
#: The columns that an entry has.
COLUMNS_OF_ENTRY = (
    *("id", "name", "kind", "flow", "state", "state_reason", "state_since", "has_heartbeat", "snapshots"),
    *("doubted_since", "off_since", "off_reason", "off_is_wanted"),
)
#: A source that readers may have called gone; they ask only whether there was a consumer.
SOMEBODY = "somebody"
EVER = 2**63 - 1
#: An entry may say something else than a state, such as doubt: this many are read for each change that is wanted.
MOST_WITHOUT_CHANGE = 10


def silence_ended(before: datetime | None, after: datetime | None, seconds: float) -> datetime | None:
    """When a silence began that ended just now: `before`, where it was longer ago than readers put up with."""
    if before is None or after is None or after - before <= timedelta(seconds=seconds):
        return None
    return before


def sources_at(moment: datetime) -> list[Any]:
    """The sources' rows, as structs, as they stood: state, expectation and doubt, silence, breaks and recoveries.

    One of which the journal has nothing that old is as if it had been up (`are_sources_known`).
    """
    present = list(FeedSource.objects.order_by("pk").values(*COLUMNS))
    then = newest(keys_of([row["id"] for row in present]), moment)
    return [source_at(row, then.get(Key(0, Part.SOURCE, row["id"])), moment) for row in present]


def are_sources_known(moment: datetime) -> bool:
    """Whether the journal says of every source how it stood then. From any thread, also from one that reads a past."""
    ever_ran = FeedSource.objects.using("default").filter(state_since__isnull=False)
    keys = keys_of(list(ever_ran.values_list("pk", flat=True)))
    return len(newest(keys, moment)) == len(keys)


def keys_of(source_ids: Sequence[int]) -> list[Key]:
    return [Key(0, Part.SOURCE, source_id) for source_id in source_ids]


def columns_of(entry: Entry) -> dict[str, Any]:
    row = part_rows(Part.SOURCE, [entry])[0]
    return {name: getattr(row, name) for name in COLUMNS_OF_ENTRY}


def source_at(present: Mapping[str, Any], entry: Entry | None, moment: datetime) -> Any:
    known: dict[str, Any]
    if present["state_since"] is None:
        known = {}  # no consumer has run for it to this day
    elif entry is None:
        known = {"state": FeedSource.State.UP.value, "state_reason": "", "state_since": moment}
        known |= {"off_since": None, "off_reason": "", "doubted_since": None, "last_message_at": moment, "consumer": ""}
    else:
        known = columns_of(entry) | silence_at(present, moment)
    return row_type(FeedSource)(**{**present, **known, **breaks_at(present, moment)})


def silence_at(present: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """The last message and the last sign of life by then; where there was no silence, the moment itself."""
    heard_at = present["last_message_at"]
    seen_at = present["consumer_seen_at"] if present["consumer"] else None
    if heard_at is not None and heard_at > moment:
        heard_at = silent_since(present["id"], "last_message_at", moment) or moment
    if seen_at is None or seen_at > moment:
        seen_at = silent_since(present["id"], "consumer_seen_at", moment)
    return {"last_message_at": heard_at, "consumer": SOMEBODY if seen_at else "", "consumer_seen_at": seen_at}


def silent_since(source_id: int, column: str, moment: datetime) -> datetime | None:
    """Since when there was no message, or no sign of life, in a silence that ended after the moment."""
    entries = JournalEntry.objects.filter(fixture_id=0, part=Part.SOURCE, market_id=source_id)
    ended = entries.filter(committed_at__gt=moment, received_at__lte=moment).order_by("revision")
    fields = ("revision", "keyframe_revision", "received_at", "committed_at", "source_id", "blob")
    for values in ended.values_list(*fields):
        since: datetime | None = getattr(part_rows(Part.SOURCE, [Entry(*values)])[0], column)
        if since is not None and since <= moment:
            return since
    return None


def breaks_at(present: Mapping[str, Any], moment: datetime) -> dict[str, Any]:
    """What the rows of breaks and recoveries say of that moment."""
    breaks = Break.objects.filter(source_id=present["id"])
    later = breaks.filter(noticed_at__gt=moment).order_by("epoch").values_list("epoch", flat=True).first()
    recovery = under_way(present["id"], moment)
    newest_break = breaks.filter(noticed_at__lte=moment).order_by("-noticed_at")
    return {
        "epoch": present["epoch"] if later is None else later - 1,
        "broke_at": newest_break.values_list("noticed_at", flat=True).first(),
        "recovering_since": recovery and recovery.began_at,
        "recovery_words": recovery.reason if recovery else "",
    }


def under_way(source_id: int, moment: datetime) -> Recovery | None:
    begun = Recovery.objects.filter(source_id=source_id, began_at__lte=moment)
    return begun.filter(Q(ended_at=None) | Q(ended_at__gt=moment)).order_by("-began_at").first()


class Stood(NamedTuple):
    """A source was in this state from `at` on."""

    at: datetime
    source_id: int
    state: str


def stands_between(since: datetime, source_ids: Collection[int], most: int) -> list[Stood]:
    """The newest `most` changes of these sources' states that were written since then, oldest first."""
    written = JournalEntry.objects.filter(
        fixture_id=0, part=Part.SOURCE, market_id__in=source_ids, committed_at__gte=since
    )
    fields = ("market_id", "revision", "keyframe_revision", "received_at", "committed_at", "source_id", "blob")
    rows = list(written.order_by("-committed_at", "-revision").values_list(*fields)[: most * MOST_WITHOUT_CHANGE])
    before = newest(keys_of(sorted(source_ids)), since)
    states = {key.market_id: columns_of(entry)["state"] for key, entry in before.items()}
    found = []
    for source_id, *values in reversed(rows):
        entry = Entry(*values)
        state = columns_of(entry)["state"]
        if states.get(source_id) != state:
            found.append(Stood(moment_of(entry.committed_at), source_id, state))
        states[source_id] = state
    return found[-most:]
