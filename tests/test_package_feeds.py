"""Packages as feeds: which queues are consumed, and who looks after the packages."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import OperationalError
from django.utils import timezone

from livescore_site.package_feeds import PackageFeeds, PackageWatch, note_depth
from packages_admin.models import Package, PackageQueue, QueueReading
from tests.polling import poll

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def package(settings: Any) -> Package:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    package = Package(
        name="Meadow", product="trade_in_play", package_id=123, user_name="desk", amqp_host="b.lsports.eu"
    )  # fmt: skip
    package.set_password("p:@", timezone.now())
    package.state = Package.State.ACTIVE
    package.save()
    return package


def test_an_active_package_is_a_feed_for_each_of_its_queues(package: Package) -> None:
    (one,) = PackageFeeds().wanted()
    assert one.url == "amqp://desk:p%3A%40@b.lsports.eu:5672/StmInPlay"
    assert (one.source_name, one.queue, one.prefetch) == ("Meadow", "_123_", 200)
    package.product = "hyper"
    package.set_password("p:@", timezone.now())
    package.save()
    assert [feed.url.rpartition("/")[2] for feed in PackageFeeds().wanted()] == ["Fixtures", "Incidents"]
    assert {feed.url.partition(":")[0] for feed in PackageFeeds().wanted()} == {"amqps"}


def test_a_package_that_is_not_active_is_not_consumed(package: Package) -> None:
    Package.objects.update(state=Package.State.INACTIVE)
    assert PackageFeeds().wanted() == []


def test_only_the_asked_packages_are_consumed(package: Package) -> None:
    assert PackageFeeds([124]).wanted() == []
    assert len(PackageFeeds([123]).wanted()) == 1


def test_a_password_that_cannot_be_read_is_never_sent(
    package: Package, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CREDENTIAL_KEYS = [Fernet.generate_key().decode()]
    feeds = PackageFeeds()
    assert feeds.wanted() == feeds.wanted() == []
    assert caplog.text.count("The password of Meadow (TRADE in-play 123) cannot be used: no key") == 1


def test_the_depth_of_a_packages_queue_is_kept_for_the_operations_pages(package: Package) -> None:
    (link,) = package.link_sources()
    note_depth("Meadow", 42)
    note_depth("another", 43)
    reading = QueueReading.objects.get()
    assert isinstance(link, PackageQueue)
    assert (reading.queue, reading.waiting) == (link, 42)


def test_the_watch_tells_what_it_sees_and_survives_what_goes_wrong(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults = iter([OperationalError("the server is not there"), RuntimeError("an odd answer")])

    def check() -> Iterator[str]:
        if fault := next(faults, None):
            raise fault
        yield "The queue of Meadow: 5,000 of 10,000 waiting"

    monkeypatch.setattr("livescore_site.package_feeds.WATCH_SECONDS", 0.01)
    monkeypatch.setattr("livescore_site.package_feeds.check_packages", check)
    watch = PackageWatch()
    poll(lambda: "The queue of Meadow: 5,000 of 10,000 waiting" in caplog.text)
    watch.stop()
    assert "while the database is not available: the server is not there" in caplog.text
    assert "RuntimeError: an odd answer" in caplog.text
    poll(lambda: not watch.thread.is_alive())


def test_what_lasts_is_said_once_in_ten_minutes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    checks = []

    def check() -> list[str]:
        checks.append(len(checks))
        return ["North was switched off.", f"Check {len(checks)}."]

    monkeypatch.setattr("livescore_site.package_feeds.WATCH_SECONDS", 0.01)
    monkeypatch.setattr("livescore_site.package_feeds.check_packages", check)
    watch = PackageWatch()
    poll(lambda: "Check 3." in caplog.text)
    assert caplog.text.count("North was switched off.") == 1
    monkeypatch.setattr("livescore_site.package_feeds.LOG_AGAIN_SECONDS", 0)
    poll(lambda: caplog.text.count("North was switched off.") > 1)
    watch.stop()
    poll(lambda: not watch.thread.is_alive())
