"""What Prometheus reads, and that the rules and the dashboard in `deploy/` ask for nothing else."""

import json
import re
import shutil
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from alarms.models import Alarm
from exam.processes import free_port
from feed.database.timing import Statements
from feed.ingest.consumers import Consumers, Feed
from feed.ingest.loop import Ingest, Silent
from feed.models import FeedShare, FeedSource
from feed.operations.consumer_metrics import ConsumerCollector, serve_metrics
from packages_admin.models import Package, QueueReading
from tests.conftest import missing
from tests.feed_messages import ListTransport, fixture
from tests.packages import make_call

from .rows import make_source
from .test_health_views import hub  # noqa: F401 - a fixture

DEPLOY = Path(__file__).resolve().parent.parent / "deploy" / "prometheus"
NOW = timezone.now()


class Ran:
    """A consumer that has consumed."""

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest


def consumers_of(*bodies: bytes) -> Consumers:
    source, _ = FeedSource.objects.get_or_create(name="Meadow", defaults={"kind": "queue"})
    ingest = Ingest(ListTransport(list(bodies)), source)
    ingest.run()
    consumers = Consumers(list, lambda feed: ListTransport([]), Silent())
    running: Any = consumers.running
    running[Feed(source_name="Meadow", url="amqp://h/", queue="_1_", prefetch=1)] = Ran(ingest)
    return consumers


def consumer_text() -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ConsumerCollector(consumers_of(fixture(1), b"odd")))
    return generate_latest(registry).decode()


@pytest.fixture
def web_text(settings: Any, hub: Any) -> str:  # noqa: F811
    settings.METRICS_TOKEN = "token"
    source = make_source("Meadow", age_ms=900, supplier_age_ms=400, last_message_at=timezone.now())
    FeedShare.objects.create(source=source, queue="q1", waiting=5)
    package = Package.objects.create(name="North", product="trade_in_play", package_id=1)
    link = package.link_sources()[0]
    now = timezone.now()
    QueueReading.objects.note(link, now - timedelta(seconds=60), 100, None, 1)
    QueueReading.objects.note(link, now, 500, None, 1)
    make_call(asked_at=now, action="status")
    Alarm.objects.create(kind="disk", about="x", text="x", began_at=NOW)
    return Client().get("/metrics", headers={"authorization": "Bearer token"}).content.decode()


def values(text: str) -> dict[str, dict[str, float]]:
    """Of each metric its samples: their labels, as text, and the value."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[" ".join(sorted(sample.labels.values()))] = sample.value
    return found


@pytest.mark.django_db(transaction=True)
def test_a_consumer_counts_messages_refusals_batches_and_their_time():
    found = values(consumer_text())
    assert found["desk_messages_total"] == {"Meadow _1_": 2}
    assert found["desk_messages_rejected_total"] == {"Meadow _1_": 1}
    assert found["desk_consumer_active"] == {"Meadow _1_": 1}
    assert found["desk_store_seconds_count"] == {"Meadow _1_": 1}
    assert found["desk_store_seconds_sum"]["Meadow _1_"] > 0
    assert found["desk_decode_seconds_total"]["Meadow _1_"] > 0


@pytest.mark.django_db(transaction=True)
def test_a_consumer_serves_them_on_loopback_and_goes_on_where_the_port_is_taken():
    port = free_port()
    server = serve_metrics(consumers_of(fixture(1)), port)
    assert server is not None
    with closing(server.socket):
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert serve_metrics(consumers_of(), port) is None
        server.shutdown()
    assert {"desk_messages_total", "process_cpu_seconds_total", "desk_build_info"} <= values(text).keys()


@pytest.mark.django_db(transaction=True)
def test_a_consumer_is_ready_once_each_queue_is_consumed_or_stood_by_for():
    port, consumers = free_port(), consumers_of(fixture(1))
    (consumer,) = consumers.running.values()
    server = serve_metrics(consumers, port)
    assert server is not None

    def ready() -> tuple[int, str]:
        answer = httpx.get(f"http://127.0.0.1:{port}/readyz")
        return answer.status_code, answer.text

    with closing(server.socket):
        assert ready() == (503, "It is starting.\n")
        consumers.has_begun = True
        assert ready() == (200, "ready\n")
        consumer.ingest.transport.trouble = "Connecting."
        assert ready() == (503, "Meadow: Connecting.\n")
        consumer.ingest.standing_by_for = "process 17"
        assert ready() == (200, "ready\n")
        consumers.stop()
        assert ready() == (503, "It is ending.\n")
        server.shutdown()


@pytest.mark.django_db
def test_a_web_process_says_how_queues_packages_alarms_and_reading_stand(web_text: str):
    found = values(web_text)
    assert found["desk_queue_waiting"] == {"North": 500}
    assert found["desk_queue_limit"] == {"North": 10_000}
    assert found["desk_queue_seconds_left"]["North"] == pytest.approx(1425, rel=0.01)
    assert found["desk_share_waiting"] == {"Meadow q1": 5}
    assert found["desk_source_age_seconds"] == {"Meadow supplier": 0.4, "Meadow own": 0.5}
    assert found["desk_alarms_open"] == {"disk": 1}
    assert sum(found["desk_calls_last_hour"].values()) == 1
    assert found["desk_polls_total"].keys() == {"quick", "slow", "fresh"}
    assert found["desk_database_statements_total"][""] > 0
    assert found["process_resident_memory_bytes"][""] > 0


@pytest.mark.django_db
def test_statements_to_the_database_are_counted_with_their_time_and_failures():
    counted = Statements()
    with connection.execute_wrapper(counted.note), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with pytest.raises(ZeroDivisionError):
            counted.note(lambda *args: 1 / 0, "", (), False, {})
    assert (counted.number, counted.failed, counted.seconds > 0) == (2, 1, True)


@pytest.mark.django_db(transaction=True)
def test_rules_and_dashboard_ask_only_for_what_there_is(web_text: str):
    there = values(web_text).keys() | values(consumer_text()).keys() | {"desk_store_seconds_bucket"}
    for name in ("rules.yml", "dashboard.json"):
        wanted = set(re.findall(r"\b(?:desk|process)_\w+", (DEPLOY / name).read_text()))
        assert len(wanted) > 10
        assert wanted <= there, name


def test_the_dashboard_is_one():
    board = json.loads((DEPLOY / "dashboard.json").read_text())
    assert {panel["type"] for panel in board["panels"]} == {"timeseries"}
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)
    assert all(
        target["expr"].count("(") == target["expr"].count(")") for p in board["panels"] for target in p["targets"]
    )


@pytest.mark.parametrize(
    "words", [["check", "rules", "rules.yml"], ["test", "rules", "rules_test.yml"]], ids=["form", "firing"]
)
def test_promtool_accepts_the_rules(words: list[str]):
    promtool = shutil.which("promtool") or missing("promtool")
    done = subprocess.run([promtool, *words], cwd=DEPLOY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_promtool_accepts_the_configuration():
    promtool = shutil.which("promtool") or missing("promtool")
    command = [promtool, "check", "config", "--syntax-only", "prometheus.yml"]
    done = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
