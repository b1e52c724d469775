"""One recovery, step by step: ask, count what is confirmed, end. What it did stands in its row for operators."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from feed.models import FeedSource, Recovery

from .plan import Plan, count_unconfirmed
from .supplier import Supplier, Wanted

#: After this many calls without an answer the source is UP, its remainder closed; LSports is asked on, less often, but
#: so that it heals within ten seconds of what the calls cost once LSports answers again.
FAILURES_TO_WAIT = 3
LONGEST_PAUSE_SECONDS = 5.0
#: Seconds until a call that could not be sent yet is tried again.
TOO_SOON_SECONDS = 0.5

PROGRESS = gettext_noop("Catching up after a break: %(confirmed)s of %(total)s prices confirmed (%(share)s %%).")
NOTHING_OPEN = gettext_noop("Catching up after a break.")
ALL_CONFIRMED = gettext_noop("Every price is confirmed.")
LEFT = gettext_noop("%(left)s prices stay unconfirmed: LSports did not name them.")
TIMED_OUT = gettext_noop("Ended after %(minutes)s min with %(left)s prices unconfirmed. The last call: %(last)s")
TRIGGERED = gettext_noop(
    "LSports resends all that has not started; what is in play may lack incidents until LSports sends it again."
)

logger = logging.getLogger(__name__)


class Recovering:
    """The open recovery of a source. `on_change` is called with the source's id when its row differs."""

    def __init__(self, recovery: Recovery, supplier: Supplier, on_change: Callable[[int], None]) -> None:
        self.recovery = recovery
        self.source = recovery.source
        self.supplier = supplier
        self.on_change = on_change
        self.plan = Plan(recovery)
        self.total = count_unconfirmed(self.source)
        self.failures = 0
        self.due_at = 0.0
        self.last_sentence = gettext("none")
        self.written: dict[str, object] = {}
        self.show_progress()

    def take_step(self) -> bool:
        """Ask for what is next, where it is time to. False once it has ended."""
        if datetime.now(UTC) > self.recovery.began_at + timedelta(seconds=settings.FEED_RECOVERY_SECONDS):
            return self.end(self.timed_out())
        if time.monotonic() < self.due_at:
            return True
        if self.source.snapshots == FeedSource.Snapshots.TRIGGERED:
            return self.end(gettext(TRIGGERED)) if self.ask(Wanted()) else True
        wanted = self.plan.next()
        if wanted is None:
            return self.end(self.outcome())
        if self.ask(wanted):
            self.plan.done(wanted)
        self.show_progress()
        return True

    def ask(self, wanted: Wanted) -> bool:
        reply = self.supplier.ask(self.source.pk, wanted)
        if not reply.was_sent:
            self.due_at = time.monotonic() + TOO_SOON_SECONDS
            return False
        self.last_sentence = reply.sentence
        self.recovery.calls += 1
        self.recovery.answers += reply.is_answered
        self.recovery.save(update_fields=["calls", "answers"])
        if reply.is_answered:
            self.failures = 0
            return True
        self.failures += 1
        self.plan.failed(wanted)
        self.due_at = time.monotonic() + min(LONGEST_PAUSE_SECONDS, 2.0 ** (self.failures - 1))
        logger.warning("[%s] LSports does not bring what was missed: %s", self.source, reply.sentence)
        if self.failures == FAILURES_TO_WAIT:
            self.write(recovering_since=None, recovery_words="")
        return False

    def show_progress(self) -> None:
        if self.failures >= FAILURES_TO_WAIT:
            return
        confirmed = self.confirmed(count_unconfirmed(self.source))
        Recovery.objects.filter(pk=self.recovery.pk).update(confirmed=confirmed)
        counts = {"confirmed": f"{confirmed:,}", "total": f"{self.total:,}"}
        share = confirmed * 100 // self.total if self.total else 0
        self.write(
            recovery_words=gettext(PROGRESS) % {**counts, "share": share} if self.total else gettext(NOTHING_OPEN)
        )

    def confirmed(self, left: int) -> int:
        return max(0, self.total - left)

    def outcome(self) -> str:
        left = count_unconfirmed(self.source)
        return gettext(LEFT) % {"left": f"{left:,}"} if left else gettext(ALL_CONFIRMED)

    def timed_out(self) -> str:
        minutes, left = settings.FEED_RECOVERY_SECONDS // 60, count_unconfirmed(self.source)
        return gettext(TIMED_OUT) % {"minutes": minutes, "left": f"{left:,}", "last": self.last_sentence}

    def end(self, outcome: str) -> bool:
        """Unless another break came meanwhile, which has a recovery of its own."""
        left = count_unconfirmed(self.source)
        with transaction.atomic():
            is_ours = Recovery.objects.filter(pk=self.recovery.pk, ended_at=None).update(
                ended_at=datetime.now(UTC), confirmed=self.confirmed(left), left_over=left, outcome=outcome[:300]
            )
            if is_ours:
                self.write(recovering_since=None, recovery_words="")
        logger.info("[%s] The recovery has ended: %s", self.source, outcome)
        return False

    def write(self, **columns: object) -> None:
        """Write to the source's row, while this recovery is the source's."""
        if columns == self.written:
            return
        self.written = columns
        FeedSource.objects.filter(pk=self.source.pk, epoch=self.source.epoch).update(**columns)
        self.on_change(self.source.pk)
