"""A feed without heartbeats: every time without a consumer that is longer than its queue lived is a break."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from feed.ingest.absence import Absence
from feed.ingest.lease import SourceLease
from feed.models import FeedSource
from feed.store.epochs import NOT_EXPECTED

from .received import a_source

pytestmark = pytest.mark.django_db
State = FeedSource.State


@pytest.fixture
def hyper(settings: Any) -> FeedSource:
    settings.FEED_QUEUE_SECONDS = 600
    source = a_source("Hyper")
    FeedSource.objects.update(has_heartbeat=False)
    source.refresh_from_db()
    return source


def ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def due_after(source: FeedSource, **columns: object) -> str:
    """Why a break is due when a consumer starts that finds the row like this."""
    FeedSource.objects.update(**columns)
    absence = Absence(SourceLease(source))
    absence.recall()
    absence.end()
    return FeedSource.objects.get().break_due


def test_a_consumer_that_was_killed_was_away_since_its_last_sign_of_life(hyper: FeedSource) -> None:
    row = {"state": State.UP, "state_since": ago(90_000)}
    assert due_after(hyper, **row, consumer_seen_at=ago(590)) == ""
    assert due_after(hyper, **row, consumer_seen_at=ago(610)).startswith("Nobody consumed this feed from ")


def test_a_consumer_without_a_connection_was_away_since_it_lost_it(hyper: FeedSource) -> None:
    row = {"state": State.DOWN, "consumer_seen_at": ago(1)}
    assert due_after(hyper, **row, state_since=ago(590)) == ""
    assert due_after(hyper, **row, state_since=ago(610)) != ""


def test_a_first_start_was_no_absence(hyper: FeedSource) -> None:
    assert due_after(hyper, state=State.DOWN, state_since=None, consumer_seen_at=None) == ""


def test_heartbeats_prove_more_than_the_time(hyper: FeedSource) -> None:
    FeedSource.objects.update(has_heartbeat=True)
    hyper.refresh_from_db()
    assert due_after(hyper, state=State.UP, consumer_seen_at=ago(90_000)) == ""


def test_a_lost_connection_counts_from_its_loss(hyper: FeedSource, settings: Any) -> None:
    settings.FEED_QUEUE_SECONDS = 0
    absence = Absence(SourceLease(hyper))
    absence.end()
    assert FeedSource.objects.get().break_due == ""
    absence.begin()
    since = absence.since
    absence.begin()
    assert absence.since == since
    absence.end()
    assert FeedSource.objects.get().break_due != ""


def test_a_feed_that_is_expected_again_comes_after_a_break(admin_client: Client) -> None:
    on, off = a_source("on"), a_source("off")
    FeedSource.objects.filter(pk=off.pk).update(off_since=ago(10))
    choice = {"action": "expect_again", "_selected_action": [on.pk, off.pk]}
    admin_client.post("/admin/feed/feedsource/", choice)
    assert dict(FeedSource.objects.values_list("name", "break_due")) == {"on": "", "off": NOT_EXPECTED}
