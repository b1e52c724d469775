"""OpenTelemetry: spans from noted times, and their export. Loaded only where traces are wanted."""

import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from .spans import Noted, parent_text

#: Spans that wait to be exported at most, and seconds that one export may take.
MOST_WAITING, EXPORT_SECONDS = 2048, 5
OUTAGE, ENDED = "Traces are lost: %s takes none.", "Traces arrive again."

logger = logging.getLogger(__name__)


class Ids(RandomIdGenerator):
    """The root of a batch has the ids that were announced before its span was made; all others are random."""

    root: tuple[int, int] | None = None

    def generate_trace_id(self) -> int:
        return self.root[0] if self.root else super().generate_trace_id()

    def generate_span_id(self) -> int:
        return self.root[1] if self.root else super().generate_span_id()


class Exporter(OTLPSpanExporter):
    """Says once that nobody takes its spans, and once that somebody does again."""

    is_lost = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        is_lost = result is not SpanExportResult.SUCCESS
        if is_lost and not self.is_lost:
            logger.warning(OUTAGE, settings.TRACES_URL)
        elif self.is_lost and not is_lost:
            logger.warning(ENDED)
        self.is_lost = is_lost
        return result


class Maker:
    """Makes spans, for `exporter` or else for TRACES_URL."""

    def __init__(self, exporter: SpanExporter | None) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it complains of every export
        self.lock = threading.Lock()
        self.ids = Ids()
        resource = Resource.create({"service.name": "livescore-desk", "service.version": settings.VERSION})
        self.provider = TracerProvider(resource=resource, id_generator=self.ids)
        self.provider.add_span_processor(SimpleSpanProcessor(exporter) if exporter else processor())
        self.tracer = self.provider.get_tracer("feed")

    def make_batch(self, noted: Noted) -> None:
        """The spans of a batch: the whole way, and its steps one after another."""
        attributes: dict[str, Any] = {"feed.source": noted.source, "feed.messages": noted.messages}
        if noted.ids:
            attributes["feed.message_ids"] = noted.ids
        with self.lock:
            self.ids.root = noted.trace_id, noted.span_id
            root = self.tracer.start_span("batch", context=Context(), start_time=noted.received, attributes=attributes)
            self.ids.root = None
        began = noted.received
        for step, ended in noted.steps:
            self.make(parent_text(noted), step, began, ended, {})
            began = ended
        root.end(end_time=began)

    def make(self, parent: str, name: str, began: int, ended: int, attributes: Mapping[str, Any]) -> None:
        context = TraceContextTextMapPropagator().extract({"traceparent": parent}, Context())
        with self.lock:
            span = self.tracer.start_span(name, context=context, start_time=began, attributes=attributes)
        span.end(end_time=ended)


def processor() -> BatchSpanProcessor:
    exporter = Exporter(endpoint=settings.TRACES_URL, timeout=EXPORT_SECONDS)
    return BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING, export_timeout_millis=EXPORT_SECONDS * 1000)
