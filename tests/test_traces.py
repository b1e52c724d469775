"""Traces: from a message's receipt to the push, where they are wanted, and nobody waits for them."""

import gzip
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from feed import tracing
from feed.ingest.loop import Ingest
from feed.live import announce
from feed.live.hub.traces import MOST_HINTED, Traces
from feed.live.hub.watched import WatchedTopic
from feed.live.parts.registry import parse_topic
from feed.models import FeedSource
from feed.tracing import spans
from feed.tracing.otel import MOST_WAITING
from feed.transport import Delivery
from livescore_site.environment import env_address
from tests.feed_messages import market

STEPS = ["wait", "decode", "store", "commit", "ack"]
PARENT = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[spans.Library]:
    """A library of this test's own; nothing that was traced before."""
    made = spans.Library()
    monkeypatch.setattr(spans, "LIBRARY", made)
    monkeypatch.setattr(tracing, "LIBRARY", made)
    monkeypatch.setattr(tracing, "_next_at", 0.0)
    settings.TRACES_URL = "http://127.0.0.1:9/v1/traces"
    settings.TRACES_PER_SECOND = 1000
    yield made
    if made.maker is not None:
        made.maker.provider.shutdown()


@pytest.fixture
def exported(library: spans.Library) -> InMemorySpanExporter:
    library.exporter = InMemorySpanExporter()
    library.open()
    return library.exporter


class Once:
    """A transport of one message."""

    trouble = ""

    def __iter__(self) -> Iterator[Delivery | None]:
        yield Delivery(body=market(7, "2.5"), received_at=datetime.now(UTC), tag=1)

    def ack(self, last: Delivery) -> None: ...

    def close(self) -> None: ...


class Listening:
    """Takes announcements as the channel layer would carry them."""

    def __init__(self) -> None:
        self.announcer = announce.Announcer()
        self.messages: list[dict[str, Any]] = []
        self.announcer.send = self.messages.append  # type: ignore[method-assign]

    def changed(self, changes: Any) -> None:
        self.announcer.changed(changes)

    def state_changed(self, source_id: int) -> None: ...


def ingest() -> list[dict[str, Any]]:
    listening = Listening()
    source, _ = FeedSource.objects.get_or_create(name="North", kind=FeedSource.Kind.QUEUE)
    Ingest(Once(), source, listening).run()
    return [message for message in listening.messages if "changes" in message]


def by_name(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


@pytest.mark.django_db(transaction=True)
def test_a_message_is_one_trace_from_its_receipt_to_the_push(exported: InMemorySpanExporter):
    (message,) = ingest()
    hub = Traces()
    hub.note_hint(message)
    now = time.monotonic()
    hub.note_sent([WatchedTopic(parse_topic("row:7"))], "quick", now - 0.002, now - 0.001)
    found = by_name(exported)
    root = found.pop("batch")
    assert list(found) == [*STEPS, "hub wait", "hub read", "push"]
    assert {span.context.trace_id for span in found.values()} == {root.context.trace_id}
    assert {span.parent.span_id for span in found.values() if span.parent} == {root.context.span_id}
    assert root.attributes is not None
    assert (root.attributes["feed.source"], root.attributes["feed.messages"]) == ("North", 1)
    ends = [found[step].end_time or 0 for step in STEPS]
    assert ends == sorted(ends)
    assert [found[step].start_time for step in STEPS[1:]] == ends[:-1]
    assert (found["wait"].start_time, ends[-1]) == (root.start_time, root.end_time)


@pytest.mark.django_db(transaction=True)
def test_off_nothing_is_traced_or_loaded(library: spans.Library, settings: Any):
    settings.TRACES_URL = ""
    assert all("trace" not in message for message in ingest())
    assert library.opening is None


@pytest.mark.django_db(transaction=True)
def test_of_many_batches_in_a_second_one_is_traced(exported: InMemorySpanExporter, settings: Any):
    settings.TRACES_PER_SECOND = 1
    for _ in range(3):
        ingest()
    assert [span.name for span in exported.get_finished_spans()].count("batch") == 1


def trace_one() -> None:
    tracing.begin("North", time.time(), 1)
    tracing.note("store")
    tracing.end()


class Collector:
    """A collector on loopback; it answers once `may_answer` is set."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.may_answer = threading.Event()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.may_answer.wait(10)
                collector.bodies.append((self.path, gzip_or_plain(self.headers.get("Content-Encoding", ""), body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1/traces"

    def close(self) -> None:
        self.may_answer.set()
        self.server.shutdown()
        self.server.server_close()


def gzip_or_plain(encoding: str, body: bytes) -> bytes:
    return gzip.decompress(body) if encoding == "gzip" else body


@pytest.fixture
def collector(settings: Any) -> Iterator[Collector]:
    made = Collector()
    settings.TRACES_URL = made.url
    yield made
    made.close()


def test_a_collector_gets_them(library: spans.Library, collector: Collector):
    collector.may_answer.set()
    library.open()
    trace_one()
    assert library.maker is not None
    library.maker.provider.force_flush()
    ((path, body),) = collector.bodies
    assert path == "/v1/traces"
    for word in (b"livescore-desk", b"batch", b"store"):
        assert word in body


def test_a_collector_that_hangs_holds_nobody_up_and_fills_no_memory(
    library: spans.Library, collector: Collector, monkeypatch: pytest.MonkeyPatch
):
    library.open()
    begun = time.monotonic()
    for _ in range(MOST_WAITING):
        monkeypatch.setattr(tracing, "_next_at", 0.0)
        trace_one()
    assert time.monotonic() - begun < 4
    (processor,) = library.maker.provider._active_span_processor._span_processors  # type: ignore[union-attr]
    assert len(processor._batch_processor._queue) <= MOST_WAITING  # type: ignore[attr-defined]
    collector.may_answer.set()


def test_the_first_batch_does_not_wait_for_the_library(library: spans.Library):
    trace_one()
    assert library.opening is not None
    library.opening.join()
    assert library.is_ready()


def test_without_the_library_a_sentence_says_what_to_install(
    library: spans.Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(spans, "import_module", missing)
    for _ in range(2):
        trace_one()
    assert library.opening is not None
    library.opening.join()
    assert [record.message for record in caplog.records] == [spans.NOT_INSTALLED]
    spans.add(PARENT, "hub read", 1, 2, {})


def missing(name: str) -> None:
    raise ImportError


def test_a_hub_remembers_few_hints():
    hub = Traces()
    hub.note_hint({"changes": [[pk, 1, [], [], False] for pk in range(2 * MOST_HINTED)], "trace": PARENT})
    assert len(hub.hinted) == MOST_HINTED


@pytest.mark.parametrize("text", ["collector:4318", "ftp://collector/", "http://", "http://[::1/"])
def test_an_address_that_is_none_stops_the_start(text: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRACES_URL", text)
    with pytest.raises(ImproperlyConfigured, match="TRACES_URL must be an address"):
        env_address("TRACES_URL")
