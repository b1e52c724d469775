"""Watching for faults: each becomes one alarm, with one message when it began and one when it is over."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db import Error, close_old_connections
from django.utils import timezone

from .checks import Check
from .checks.feeds import feed_faults, hole_faults, rejected_faults
from .checks.machine import CertificateEnds, disk_faults
from .checks.packages import package_faults, queue_faults
from .deliveries import deliver_due, plan, targets
from .fault import Fault
from .lost_database import LostDatabase
from .models import Alarm, Delivery
from .sending import Target

CHECK_SECONDS = 1.0
#: A fault that has been gone for this long is over; one that flickers raises no second alarm.
OVER = timedelta(seconds=10)

logger = logging.getLogger(__name__)


def all_checks() -> list[Check]:
    """All checks, in the order in which their messages go out."""
    feeds: list[Check] = [feed_faults, package_faults, queue_faults, rejected_faults, hole_faults]
    return [*feeds, disk_faults, CertificateEnds().faults]


class AlarmWatch:
    """Checks until stopped. What it must remember is in the database; `well_since` is for how long a fault is gone."""

    def __init__(self, checks: Sequence[Check], clock: Callable[[], datetime] = timezone.now) -> None:
        self.checks = checks
        self.clock = clock
        self.well_since: dict[int, datetime] = {}
        self.known: dict[int, Target] = {}
        self.lost_database = LostDatabase()

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set. A lost database is an alarm of its own, sent from what is remembered of destinations."""
        while not stop.wait(CHECK_SECONDS):
            try:
                close_old_connections()
                self.check()
            except Error as error:
                self.lost_database.note_lost(self.clock(), list(self.known.values()), error)

    def check(self) -> None:
        """Once: raise, end and send. Raises `django.db.Error` where the database is away."""
        now = self.clock()
        self.known = targets()
        self.lost_database.note_back(now, list(self.known.values()))
        faults = {fault.key: fault for fault in self.faults(now)}
        alarms = {(alarm.kind, alarm.about): alarm for alarm in Alarm.objects.filter(ended_at=None)}
        for key, fault in faults.items():
            if key in alarms:
                self.go_on(alarms[key], fault)
            elif fault.is_due(now):
                begin(fault, now)
        for key, alarm in alarms.items():
            if key not in faults:
                self.end(alarm, now)
        deliver_due(self.known, now)

    def faults(self, now: datetime) -> Iterator[Fault]:
        """The faults that every check finds. A check that fails is reported in the log and stops no other."""
        for check in self.checks:
            try:
                yield from check(now)
            except Error:
                raise
            except Exception:
                logger.exception("A check for alarms failed.")

    def go_on(self, alarm: Alarm, fault: Fault) -> None:
        self.well_since.pop(alarm.pk, None)
        if alarm.text != fault.text[:500]:
            Alarm.objects.filter(pk=alarm.pk).update(text=fault.text[:500])

    def end(self, alarm: Alarm, now: datetime) -> None:
        """Once the fault has been gone for long enough."""
        since = self.well_since.setdefault(alarm.pk, now)
        if now - since >= OVER and Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(ended_at=since):
            del self.well_since[alarm.pk]
            logger.info("Alarm over: %s", alarm.text)
            plan(alarm, Delivery.What.ENDED, now)


def begin(fault: Fault, now: datetime) -> None:
    """Raise an alarm, unless another process has just done so."""
    values = {"text": fault.text[:500], "began_at": fault.since}
    alarm, is_new = Alarm.objects.get_or_create(kind=fault.kind, about=fault.about, ended_at=None, defaults=values)
    if is_new:
        logger.warning("Alarm: %s", fault.text)
        plan(alarm, Delivery.What.BEGAN, now)
