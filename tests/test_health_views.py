"""The health page and the metrics: who may see them, what they say."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from feed.live import running
from feed.live.hub.hub import Hub
from feed.live.latency import in_bucket
from feed.live.legs import Leg
from tests.rows import make_fixture, make_source

pytestmark = pytest.mark.django_db


def client_of(role: str) -> Client:
    client, user = Client(), User.objects.create_user(role)
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    return client


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub of this process, whose pages have painted one change."""
    loop = asyncio.new_event_loop()
    hub = running._hubs[loop] = Hub()
    for leg in Leg:
        hub.clocks.note([in_bucket(leg, 84.0)], time.monotonic())
    yield hub
    del running._hubs[loop]
    for lane in hub.lanes:
        lane.reader.close()
    loop.close()


@pytest.mark.parametrize("role", ["trader", "operator", "administrator"])
def test_every_role_sees_the_health_page(role: str):
    make_source()
    page = client_of(role).get("/health/").content.decode()
    for words in ("From LSports to the screen", "Connected now", "This browser", "in-play"):
        assert words in page


def test_a_user_without_a_role_does_not_see_the_health_page():
    assert client_of("nobody").get("/health/").status_code == 403


REASONS = {
    "down": {"state": "down", "state_reason": "The broker at b.example:5672 refuses the user ops or the password."},
    "off": {"off_since": timezone.now(), "off_reason": "Switched off by ops at b.example."},
}


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_a_trader_reads_no_name_of_a_broker_or_an_operator_on_any_page(reason: dict[str, Any], settings: Any):
    make_source(**reason)
    make_fixture()
    client = client_of("trader")
    pages = [client.get(path).content.decode() for path in ("/", "/fixtures/7/", "/health/", "/movers/", "/alerts/")]
    assert [word for page in pages for word in ("b.example", "ops") if word in page] == []
    assert "It is " in pages[2]


@pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
def test_an_operator_reads_the_whole_reason_on_the_health_page(reason: dict[str, Any]):
    make_source(**reason)
    assert "b.example" in client_of("operator").get("/health/").content.decode()


def test_metrics_are_for_operators():
    statuses = [client_of(role).get("/metrics").status_code for role in ("trader", "operator")]
    assert [Client().get("/metrics").status_code, *statuses] == [403, 403, 200]


@pytest.mark.parametrize(
    ("configured", "sent", "status"),
    [("a secret", "Bearer a secret", 200), ("a secret", "Bearer another", 403), ("", "Bearer ", 403)],
)
def test_metrics_are_for_whoever_has_the_token(settings: Any, configured: str, sent: str, status: int):
    settings.METRICS_TOKEN = configured
    assert Client().get("/metrics", headers={"authorization": sent}).status_code == status


def test_metrics_tell_what_is_off_from_what_is_down(hub: Hub):
    make_source("North", off_since=timezone.now(), off_reason="Switched off by olga.")
    make_source("South", state="down")
    text = client_of("operator").get("/metrics").content.decode()
    lines = [line for line in text.splitlines() if line.startswith(("desk_source_up{", "desk_source_off{"))]
    assert sorted(lines) == [
        'desk_source_off{source="North"} 1.0',
        'desk_source_off{source="South"} 0.0',
        'desk_source_up{source="North"} 0.0',
        'desk_source_up{source="South"} 0.0',
    ]


def test_metrics_can_be_read_by_prometheus(hub: Hub):
    make_source(last_message_at=timezone.now(), state_since=timezone.now())
    make_fixture(status=2)
    text = client_of("operator").get("/metrics").content.decode()
    found = {sample.name: sample for family in text_string_to_metric_families(text) for sample in family.samples}
    assert found["desk_source_up"].value == 1
    assert found["desk_source_off"].value == 0
    assert found["desk_fixtures_in_play"].value == 1
    assert found["desk_leg_seconds_count"].value == 1
    assert found["desk_leg_seconds_sum"].value == pytest.approx(0.084)
