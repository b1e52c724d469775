"""What is forgotten, after how many days, and how: one rule for each thing that would grow for ever."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.models import Guesses, Notice, UserSession
from feed.models import (
    Act,
    Alert,
    Break,
    HealthMinute,
    LiveDifference,
    Recovery,
    RejectedMessage,
    UnknownCode,
    ViewingSpan,
    WebProcess,
)
from feed.store.sql.forgetting import forget_fixtures
from feed.store.sql.pruning import HeldByReaders, prune
from packages_admin.models import Package, PackageCall, QueueReading

from .pieces import Held, delete_in_pieces

HOUR = timedelta(hours=1)


class Rule(msgspec.Struct, frozen=True):
    """One thing. `setting` names the days that it is kept for, 0: for ever; `forget` yields how many are gone."""

    name: str
    setting: str
    forget: Callable[[datetime], Iterator[int]]

    def days(self) -> int:
        number: int = getattr(settings, self.setting)
        return number


def forget_history(before: datetime) -> Iterator[int]:
    """Prices and scores of whole days. Raises `Held` where somebody reads one all the time."""
    counts: dict[str, int] = {}
    try:
        prune(before.date(), lambda table, rows: counts.update({table: rows}))
    except HeldByReaders as error:
        raise Held(f"the day {error}") from None
    yield sum(counts.values())


def forget_sessions(before: datetime) -> Iterator[int]:
    """Sessions that have ended, and who was signed in by them."""
    yield from delete_in_pieces(Session.objects.filter(expire_date__lt=datetime.now(UTC)))
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    yield from delete_in_pieces(ended.filter(seen_at__lt=datetime.now(UTC) - HOUR))


def forget_calls(before: datetime) -> Iterator[int]:
    """But the last of each package, which its page shows."""
    last = Package.objects.exclude(last_call=None).values("last_call")
    yield from delete_in_pieces(PackageCall.objects.filter(asked_at__lt=before).exclude(pk__in=last))
    yield from delete_in_pieces(QueueReading.objects.filter(read_at__lt=min(before, datetime.now(UTC) - 24 * HOUR)))


def forget_acts(before: datetime) -> Iterator[int]:
    """What people did; the leaves of it stay."""
    yield from delete_in_pieces(Act.objects.filter(at__lt=before))


def forget_breaks(before: datetime) -> Iterator[int]:
    """Breaks, recoveries that have ended, and differences from lists of long ago."""
    yield from delete_in_pieces(Break.objects.filter(noticed_at__lt=before))
    yield from delete_in_pieces(Recovery.objects.filter(ended_at__lt=before))
    yield from delete_in_pieces(LiveDifference.objects.filter(since__lt=before))


def forget_sign_ins(before: datetime) -> Iterator[int]:
    """Tries to sign in, and what people have read of their own accounts."""
    yield from delete_in_pieces(Guesses.objects.filter(last_at__lt=before))
    yield from delete_in_pieces(Notice.objects.filter(at__lt=before).exclude(read_at=None))


def forget_processes(before: datetime) -> Iterator[int]:
    yield from delete_in_pieces(WebProcess.objects.filter(seen_at__lt=datetime.now(UTC) - HOUR))


def forget_viewings(before: datetime) -> Iterator[int]:
    """What was shown to whom, in spans of ten seconds of each web process."""
    yield from delete_in_pieces(ViewingSpan.objects.filter(begun_at__lt=before))


def forget_minutes(before: datetime) -> Iterator[int]:
    """How the desk fared, a row a minute."""
    yield from delete_in_pieces(HealthMinute.objects.filter(at__lt=before))


def forget_recordings(before: datetime) -> Iterator[int]:
    """Files of recordings in RECORDINGS, and no others there."""
    folder = Path(settings.RECORDINGS)
    for path in sorted(folder.glob("*.jsonl.zst")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < before.timestamp():
            path.unlink()
            yield 1


def forget_rejected(before: datetime) -> Iterator[int]:
    yield from delete_in_pieces(RejectedMessage.objects.filter(received_at__lt=before))


def forget_unknown(before: datetime) -> Iterator[int]:
    yield from delete_in_pieces(UnknownCode.objects.filter(last_seen_at__lt=before))


def forget_alerts(before: datetime) -> Iterator[int]:
    yield from delete_in_pieces(Alert.objects.filter(at__lt=before))


RULES = (
    Rule("history", "KEEP_HISTORY_DAYS", forget_history),
    Rule("fixtures", "KEEP_FIXTURES_DAYS", forget_fixtures),
    Rule("rejected", "KEEP_REJECTED_DAYS", forget_rejected),
    Rule("unknown", "KEEP_REJECTED_DAYS", forget_unknown),
    Rule("breaks", "KEEP_BREAKS_DAYS", forget_breaks),
    Rule("calls", "KEEP_CALLS_DAYS", forget_calls),
    Rule("acts", "KEEP_CALLS_DAYS", forget_acts),
    Rule("alerts", "KEEP_ALERTS_DAYS", forget_alerts),
    Rule("sessions", "KEEP_SIGN_INS_DAYS", forget_sessions),
    Rule("sign-ins", "KEEP_SIGN_INS_DAYS", forget_sign_ins),
    Rule("processes", "KEEP_SIGN_INS_DAYS", forget_processes),
    Rule("viewings", "KEEP_VIEWINGS_DAYS", forget_viewings),
    Rule("minutes", "KEEP_VIEWINGS_DAYS", forget_minutes),
    Rule("recordings", "KEEP_RECORDINGS_DAYS", forget_recordings),
)
