"""Tiles of the health page from the row that is kept for each minute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from django.utils.translation import gettext, ngettext

from feed.models import HealthMinute, Provider

from .tiles import MINUTE, MINUTES, Tile, chart

#: Fewer messages than this share of the hour's median are no pause between two goals.
LEAST_SHARE = 0.25
#: From receipt until stored, p95: above it messages wait for the consumer. Then LSports' part, and the screens'.
MOST_OWN_MS, MOST_SUPPLIER_MS, MOST_SCREEN_MS = 500, 2000, 1100
#: A queue whose consumer works for more of the time than this has little room for a busy evening.
MOST_BUSY = 50
#: A bookmaker is silent after this many times its longest silence but one of the hour, within these bounds.
TIMES, LEAST_SILENT, MOST_SILENT = 3, 60, 1800
#: Minutes that it takes to know how often a bookmaker speaks.
LEAST_KNOWN = 5
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Hour:
    """The rows of the last minutes and of the one before them, the oldest first; None where a minute has none."""

    rows: Sequence[HealthMinute | None]

    @property
    def newest(self) -> HealthMinute | None:
        """That of this minute, or of the one before where this one has none yet."""
        return self.rows[-1] or self.rows[-2]

    def column(self, name: str) -> list[int]:
        """A column by minute; 0 where it is not known."""
        return [getattr(row, name) or 0 if row else 0 for row in self.rows[1:]]

    def grown(self, place: int) -> list[Mapping[str, int] | None]:
        """By how much the counts in that place of each queue grew by the next minute; None: not known. Of a queue that
        begins or starts anew nothing is known."""
        return [growth_of(before, row, place) if before and row else None for before, row in pairwise(self.rows)]


def growth_of(before: HealthMinute, row: HealthMinute, place: int) -> Mapping[str, int] | None:
    """By how much the counts in that place grew from one row to the next, by queue; None where no queue is in both."""
    both = {
        key: (before.queues[key][place], counts[place]) for key, counts in row.queues.items() if key in before.queues
    }
    return {key: later - sooner for key, (sooner, later) in both.items() if later >= sooner} or None


def read_hour(now: datetime) -> Hour:
    """One query."""
    end = now.replace(second=0, microsecond=0)
    rows = HealthMinute.objects.in_bulk([end - MINUTE * back for back in range(MINUTES + 1)])
    return Hour([rows.get(end - MINUTE * back) for back in range(MINUTES, -1, -1)])


def work_tiles(hour: Hour) -> tuple[Tile, Tile]:
    """How many messages come a minute, and how much room the busiest consumer has left."""
    taken = [None if grown is None else sum(grown.values()) for grown in hour.grown(0)]
    known = [count for count in taken if count is not None]
    usual, last = median(known or [0]), last_known(taken)
    words = {"least": f"{int(usual * LEAST_SHARE):,}", "usual": f"{usual:,.0f}"}
    normal = gettext("The hour's median is %(usual)s. Normal: %(least)s or more, a quarter of it.") % words
    if not known:
        normal = gettext("Counted from the second minute on in which a page or a program is connected.")
    is_normal = last is None or last >= int(usual * LEAST_SHARE)
    messages = Tile(gettext("Messages a minute"), number_text(last), normal, is_normal, *chart(zeros(taken)))
    busy = [None if grown is None else min(100, max(grown.values(), default=0) // 600) for grown in hour.grown(1)]
    free = last_known(busy)
    normal = gettext("Time that the busiest consumer has left; bars: time it works. Normal: %(most)s %% or more left.")
    text = "–" if free is None else f"{100 - free} %"
    is_normal = free is None or free <= MOST_BUSY
    bars = chart(zeros(busy), "%s %%")
    return messages, Tile(gettext("Headroom"), text, normal % {"most": 100 - MOST_BUSY}, is_normal, *bars)


def lag_tiles(hour: Hour, own_ms: int | None, supplier_ms: int | None) -> tuple[Tile, Tile]:
    """How old messages are when they are stored, by whose part it is."""
    own = gettext("From receipt until stored, p95 of the last minute. Normal: under %(most)s.")
    theirs = gettext("From LSports' sending to our receipt, p95 of the last minute. Normal: under %(most)s.")
    return (
        lag_tile(gettext("Our lag"), own_ms, own, MOST_OWN_MS, hour.column("own_ms")),
        lag_tile(gettext("LSports' lag"), supplier_ms, theirs, MOST_SUPPLIER_MS, hour.column("supplier_ms")),
    )


def lag_tile(title: str, lag: int | None, normal: str, most: int, counts: Sequence[int]) -> Tile:
    unit = gettext("%(number)s ms")
    text = "–" if lag is None else unit % {"number": f"{lag:,}"}
    words = {"most": unit % {"number": f"{most:,}"}}
    bars = chart([max(0, count) for count in counts], unit.replace("%(number)s", "%s"))
    return Tile(title, text, normal % words, lag is None or lag < most, *bars)


def waiting_tile(hour: Hour, waiting: int | None) -> Tile:
    """What waits in our own queues; LSports' cannot be looked into from here."""
    if waiting is None:
        words = gettext("The feed is not spread over queues of ours; what waits at LSports shows as LSports' lag.")
        return Tile(gettext("Backlog"), "–", words, True)
    counts = hour.column("waiting")
    usual = max(100, round(3 * median(counts[:-1])))
    normal = gettext("Messages that wait in our own queues. Normal: under %(most)s.") % {"most": f"{usual:,}"}
    return Tile(gettext("Backlog"), f"{waiting:,}", normal, waiting < usual, *chart(counts))


def book_tile(hour: Hour) -> Tile:
    """How many bookmakers speak, each by its own rhythm of this hour; those that are silent are named."""
    title, newest = gettext("Bookmakers heard"), hour.newest
    speaking = [sum(age < LEAST_SILENT for age in row.books.values()) if row else 0 for row in hour.rows[1:]]
    if newest is None or not newest.books:
        return Tile(title, "–", gettext("No bookmaker prices a main market in play."), True, *chart(speaking))
    silent = [key for key, age in newest.books.items() if age > silent_after(key, hour)]
    text = f"{len(newest.books) - len(silent)} / {len(newest.books)}"
    normal = gettext("Bars: heard within that minute. Normal: all, by each one's own rhythm of the hour.")
    if silent:
        named = Provider.objects.filter(pk__in=silent[:MOST_NAMED]).order_by("name").values_list("name", flat=True)
        silence = gettext("Silent: %(names)s.") % {"names": ", ".join(named)}
        normal = f"{silence} {normal}"
    return Tile(title, text, normal, not silent, *chart(speaking))


def silent_after(key: str, hour: Hour) -> int:
    """Seconds of silence after which a bookmaker is silent; for ever, where its rhythm is not known."""
    ages = sorted(row.books[key] for row in hour.rows[:-2] if row and key in row.books)
    if len(ages) < LEAST_KNOWN:
        return MOST_SILENT
    return min(MOST_SILENT, max(LEAST_SILENT, TIMES * ages[len(ages) * 3 // 4]))


def screen_tiles(hour: Hour) -> tuple[Tile, Tile]:
    """Who is connected to the web processes, and how soon a change is on the screens."""
    newest, sockets = hour.newest, hour.column("sockets")
    number, processes = (newest.sockets, newest.processes) if newest else (0, 0)
    usual = median([count for count in sockets if count] or [0])
    words = ngettext("%(num)s web process", "%(num)s web processes", processes) % {"num": processes}
    normal = gettext("Pages and programs at %(processes)s. Normal: half of the hour's median (%(usual)s) or more.")
    values = {"processes": words, "usual": f"{usual:,.0f}"}
    is_normal = number >= usual / 2
    connected = Tile(gettext("Sockets"), f"{number:,}", normal % values, is_normal, *chart(sockets))
    pace = [push + show for push, show in zip(hour.column("pushing_ms"), hour.column("display_ms"), strict=True)]
    is_known = newest is not None and newest.pushing_ms is not None
    normal = gettext("From stored to displayed, p95 of five minutes. Normal: under %(most)s.")
    return connected, lag_tile(gettext("Screens"), pace[-1] or pace[-2] if is_known else None, normal,
        MOST_SCREEN_MS, pace)  # fmt: skip


def zeros(counts: Sequence[int | None]) -> list[int]:
    return [count or 0 for count in counts]


def last_known(counts: Sequence[int | None]) -> int | None:
    """That of the last minute, or of the one before: the row of a minute is written within it."""
    return counts[-1] if counts[-1] is not None else counts[-2]


def number_text(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"
