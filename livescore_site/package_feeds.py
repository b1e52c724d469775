"""Packages as feeds: which queues are to be consumed, how full they are, and a watch over the packages."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, close_old_connections, connection
from django.db.models import QuerySet

from feed.ingest.consumers import Feed
from feed.models import FeedShare
from feed.transport.address import amqp_url
from packages_admin.broker_addresses import broker_addresses
from packages_admin.models import Package, PackageQueue, QueueReading
from packages_admin.secrets import SealBroken
from packages_admin.watch import check_packages

WATCH_SECONDS = 10.0
LOG_AGAIN_SECONDS = 600.0
SEALED = "The password of {package} cannot be used: {error}."
#: Printed while nothing is to be consumed.
NO_PACKAGE = (
    "There is no package yet, and neither AMQP_URL nor --url names a queue. "
    "Waiting for a package to be added and activated in the admin."
)
NONE_ACTIVE = "Waiting for a package to be activated, in the admin or by `manage.py package activate ID`. {states}."
STATES: dict[str, str] = {Package.State.UNKNOWN: "not activated yet", Package.State.INACTIVE: "inactive"}

logger = logging.getLogger(__name__)


class PackageFeeds:
    """The queues of the packages that are active, or of those with the given LSports ids."""

    def __init__(self, package_ids: Sequence[int] = ()) -> None:
        self.package_ids = package_ids
        self.sealed: set[int] = set()

    def must_be_usable(self) -> None:
        """Raises `CommandError` for an id that is no package's and a password that cannot be read."""
        known = set(Package.objects.values_list("package_id", flat=True))
        if unknown := [str(number) for number in self.package_ids if number not in known]:
            raise CommandError(f"There is no package {', '.join(unknown)}; the admin lists them.")
        for package in self.packages():
            try:
                package.reveal_password()
            except SealBroken as error:
                raise CommandError(SEALED.format(package=package, error=error)) from None

    def packages(self) -> list[Package]:
        return list(self.chosen(Package.objects.consumable()))

    def chosen(self, packages: QuerySet[Package]) -> QuerySet[Package]:
        """The packages with the given ids; all of them where no ids were given."""
        return packages.filter(package_id__in=self.package_ids) if self.package_ids else packages

    def wanted(self) -> list[Feed]:
        """A feed for each queue. One whose password cannot be read is left out, which is logged once."""
        feeds = [] if self.package_ids else [own_queue(share) for share in shares_without_package()]
        for package in self.packages():
            try:
                feeds += feeds_of(package)
            except SealBroken as error:
                if package.pk not in self.sealed:
                    logger.error(SEALED.format(package=package, error=error))
                self.sealed.add(package.pk)
            else:
                self.sealed.discard(package.pk)
        return feeds

    def awaited(self) -> str:
        """What a consumer without any queue waits for; empty where a package is active all the same."""
        listed = list(self.chosen(Package.objects.all()))
        if not listed:
            return NO_PACKAGE
        if any(package.state == Package.State.ACTIVE for package in listed):
            return ""
        states = "; ".join(f"{package}: {STATES[package.state]}" for package in listed)
        return NONE_ACTIVE.format(states=states)


def feeds_of(package: Package) -> list[Feed]:
    """One for each of its queues, or of our own broker's where it is spread.

    Raises `SealBroken` where the password cannot be read.
    """
    if spread := shares_of([queue.source_name for queue in package.queues()]):
        return [own_queue(share) for share in spread]
    password = package.reveal_password()
    return [
        Feed(
            source_name=queue.source_name,
            url=amqp_url(
                host=queue.host,
                port=queue.port,
                tls=queue.tls,
                virtual_host=queue.virtual_host,
                user_name=queue.user_name,
                password=password,
            ),
            queue=queue.queue,
            prefetch=queue.prefetch,
            resolve=broker_addresses,
        )
        for queue in package.queues()
    ]


def shares_of(source_names: Sequence[str]) -> list[FeedShare]:
    """The queues of our own broker over which these sources are spread."""
    return list(FeedShare.objects.filter(source__name__in=source_names).select_related("source"))


def shares_without_package() -> list[FeedShare]:
    """The queues of sources that no package has."""
    packaged = PackageQueue.objects.values("source")
    return list(FeedShare.objects.exclude(source__in=packaged).select_related("source"))


def own_queue(share: FeedShare) -> Feed:
    """A queue of our own broker, AMQP_URL, which every consumer may take."""
    prefetch = settings.FEED_PREFETCH
    name = share.source.name
    return Feed(source_name=name, url=settings.AMQP_URL, queue=share.queue, prefetch=prefetch, share=share.pk)


def note_depth(source_name: str, waiting: int) -> None:
    """Store how many messages wait, for the operations pages; only the queues of packages have such readings."""
    queue = PackageQueue.objects.filter(source__name=source_name).first()
    if queue is not None:
        QueueReading.objects.note(queue, datetime.now(UTC), waiting, None, None)


class PackageWatch:
    """Looks after the packages in a thread: asks about silent ones, brings back what LSports switched off."""

    def __init__(self) -> None:
        self.logged_at: dict[str, float] = {}
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="package watch", daemon=True)
        self.thread.start()

    def run(self) -> None:
        while not self.ending.wait(WATCH_SECONDS):
            close_old_connections()
            try:
                for sentence in check_packages():
                    self.log_rarely(sentence)
            except Error as error:
                logger.warning("The packages cannot be checked while the database is not available: %s", error)
            except Exception:  # a failed check must not stop consumption; the next check tries again
                logger.exception("Checking the packages failed.")
        connection.close()

    def log_rarely(self, sentence: str) -> None:
        """Log it, unless it was logged in the last ten minutes: each check finds a lasting fault again."""
        now = time.monotonic()
        self.logged_at = {text: at for text, at in self.logged_at.items() if at > now - LOG_AGAIN_SECONDS}
        if sentence not in self.logged_at:
            self.logged_at[sentence] = now
            logger.warning(sentence)

    def stop(self) -> None:
        self.ending.set()
