"""Work that can wait lets the reading of changes go first before each of its queries, and never waits for long."""

import threading
import time
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse

from feed.live.hub.lane import lanes
from feed.live.right_of_way import CHANGES_FIRST, RightOfWay
from feed.models import Fixture
from livescore_site.edge.callers import GIVES_WAY, Meter

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened, in order. A query that waits adds "waits", and with that the right of way ends."""
    happened: list[str] = []

    def wait(seconds: float) -> bool:
        if not CHANGES_FIRST.is_free.is_set():
            happened.append("waits")
            CHANGES_FIRST.is_free.set()
        return True

    monkeypatch.setattr(CHANGES_FIRST.is_free, "wait", wait)
    return happened


def test_the_queries_of_a_request_that_gives_way_wait_while_changes_are_read(order: list[str]):
    def page(request: Any) -> HttpResponse:
        Fixture.objects.count()
        return HttpResponse()

    for gives_way in (False, True):
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], GIVES_WAY: gives_way}
        with CHANGES_FIRST:
            Meter(page)(ASGIRequest(scope, None))
        order.append(f"{gives_way} done")
    assert order == ["False done", "waits", "True done"]


def test_a_first_reading_gives_way_to_what_is_followed(order: list[str]):
    quick, slow, fresh = lanes()
    for lane in (quick, slow):
        lane.in_turn(lambda: fresh.in_turn(Fixture.objects.count))
    assert order == ["waits", "waits"]
    slow.in_turn(lambda: quick.in_turn(Fixture.objects.count))
    assert order == ["waits", "waits"]


def test_the_way_is_free_when_the_last_of_several_has_passed():
    way = RightOfWay()
    with way:
        with way:
            pass
        assert not way.is_free.is_set()
    assert way.is_free.is_set()


def test_whoever_holds_what_others_wait_for_gives_way_to_nobody(order: list[str]):
    with CHANGES_FIRST, CHANGES_FIRST.given():
        with CHANGES_FIRST.not_given():
            Fixture.objects.count()
        order.append("now")
        Fixture.objects.count()
    assert order == ["now", "waits"]


def test_long_work_waits_at_each_step_and_for_a_stated_time_in_all():
    way = RightOfWay(most_seconds=0.01)
    with way:
        way.let_pass()  # whoever does not give it does not wait
        with way.given():
            way.of_thread.seconds_between = 0.015
            begun = time.monotonic()
            for _ in range(1000):
                way.let_pass()
            took = time.monotonic() - begun
    assert 0.015 <= took < 1


def test_nobody_waits_longer_than_stated_for_whoever_never_ends():
    way = RightOfWay(most_seconds=0.01)
    begun = time.monotonic()
    with way, way.given():
        Fixture.objects.count()
    assert time.monotonic() - begun >= 0.01


def test_a_query_goes_on_at_once_when_the_way_is_free_again():
    way = RightOfWay(most_seconds=60.0)
    with way:
        threading.Timer(0.01, way.is_free.set).start()
        with way.given():
            Fixture.objects.count()
