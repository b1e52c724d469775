"""What was noted of a batch, and the library that makes spans of it once it is loaded."""

import logging
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .otel import Maker, SpanExporter

NOT_INSTALLED = "TRACES_URL is set, but OpenTelemetry is not installed: pip install -r requirements-tracing.txt"

logger = logging.getLogger(__name__)


@dataclass
class Noted:
    """What was noted of a batch: its steps with their ends, in nanoseconds since 1970. `trace_id` and `span_id` are
    its root's."""

    source: str
    received: int
    messages: int
    steps: list[tuple[str, int]]
    ids: list[str] = field(default_factory=list)
    trace_id: int = field(default_factory=lambda: secrets.randbits(128) or 1)
    span_id: int = field(default_factory=lambda: secrets.randbits(64) or 1)


class Library:
    """`maker` is None until OpenTelemetry is loaded, and for good where it is not installed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.opening: threading.Thread | None = None
        self.maker: Maker | None = None
        #: In place of the exporter to TRACES_URL, in tests.
        self.exporter: SpanExporter | None = None

    def is_ready(self) -> bool:
        """Whether spans can be made. The first call begins to load the library, in a thread of its own."""
        with self.lock:
            if self.opening is None:
                self.opening = threading.Thread(target=self.open, name="traces", daemon=True)
                self.opening.start()
        return self.maker is not None

    def open(self) -> None:
        try:
            self.maker = import_module("feed.tracing.otel").Maker(self.exporter)
        except ImportError:
            logger.error(NOT_INSTALLED)


LIBRARY = Library()


def parent_text(noted: Noted) -> str:
    """The root as a W3C traceparent."""
    return f"00-{noted.trace_id:032x}-{noted.span_id:016x}-01"


def finish(noted: Noted) -> None:
    """Make the spans of a batch."""
    if LIBRARY.maker is not None:
        LIBRARY.maker.make_batch(noted)


def add(parent: str, name: str, began: int, ended: int, attributes: Mapping[str, Any]) -> None:
    """A span of a trace that began elsewhere; times in nanoseconds since 1970. Nothing while it cannot be made."""
    if LIBRARY.is_ready() and LIBRARY.maker is not None:
        LIBRARY.maker.make(parent, name, began, ended, attributes)
