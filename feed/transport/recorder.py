"""Recording what arrives, as it arrives: rotating `.jsonl.zst` files that `recording` plays.

A thread packs and writes, so that the consumer only hands over. What was written a second ago can be read even when the
process is killed: the compressor's block is flushed then, and its frame ended now and then.
"""

import base64
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard

from . import Delivery, Transport
from .recorded import Line

FLUSH_SECONDS = 1.0
FRAME_SECONDS = 60.0
#: A file is ended at this many packed bytes, and at the end of the hour.
MOST_BYTES = 256 * 1024 * 1024
#: Messages that may wait for the disk; the consumer matters more than a complete recording.
MOST_WAITING = 10_000
#: Seconds between tries of a disk that does not take what must be recorded.
AGAIN_SECONDS = 0.5
#: How long what is stored may still be recorded, when the transport is to end.
CLOSE_SECONDS = 2.0
#: Messages packed in one go.
CHUNK = 500

logger = logging.getLogger(__name__)


class RecordingWriter:
    """Writes deliveries to files in `folder`. `write` never waits; `lost` counts what a bad disk could not take.

    Where it `must_have_all`, nothing is lost: what the disk does not take is tried again, `trouble` says so meanwhile,
    and `written` is how many can be read by now.
    """

    def __init__(
        self, folder: Path, *, name: str = "feed", most_bytes: int = MOST_BYTES, must_have_all: bool = False
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.name = name
        self.most_bytes = most_bytes
        self.must_have_all = must_have_all
        self.lost = self.given = self.written = 0
        self.trouble = ""
        self.closing = threading.Event()
        self.counting = threading.Lock()
        self.waiting: queue.SimpleQueue[Delivery | threading.Event | None] = queue.SimpleQueue()
        self.file: RecordingFile | None = None
        self.thread = threading.Thread(target=self.write_on, name="recorder", daemon=True)
        self.thread.start()

    def write(self, delivery: Delivery) -> int:
        """Returns how many were given so far, this one included."""
        with self.counting:
            self.given += 1
            if self.must_have_all or self.waiting.qsize() < MOST_WAITING:
                self.waiting.put(delivery)
            else:
                self.note_loss(1, "the disk is too slow")
            return self.given

    def flush(self, seconds: float | None = None) -> None:
        """Wait, at most `seconds`, until everything written before is in the file and can be read."""
        done = threading.Event()
        self.waiting.put(done)
        done.wait(seconds)

    def close(self) -> None:
        """Write what waits, end the file."""
        self.closing.set()
        self.waiting.put(None)
        self.thread.join()

    def write_on(self) -> None:
        """The thread."""
        is_open = True
        while is_open:
            chunk, is_open, flushes = self.next_chunk()
            self.write_or_lose(chunk, at_once=bool(flushes) or not is_open or self.must_have_all)
            for done in flushes:
                done.set()
        if self.file is not None:
            self.file.close()

    def write_or_lose(self, chunk: list[Delivery], *, at_once: bool) -> None:
        """Write a chunk; where all must be had, as often as it takes."""
        while True:
            try:
                self.write_chunk(chunk, at_once=at_once)
            except OSError as error:
                self.file = None
                if not self.must_have_all or self.closing.is_set():
                    self.note_loss(len(chunk), str(error))
                    return
                self.note_trouble(f"The recording cannot be written: {error.strerror or error}.")
                self.closing.wait(AGAIN_SECONDS)
            else:
                self.written += len(chunk)
                self.note_trouble("")
                return

    def note_trouble(self, trouble: str) -> None:
        if trouble != self.trouble:
            logger.error("%s Nothing is acknowledged meanwhile.", trouble) if trouble else None
            self.trouble = trouble

    def next_chunk(self) -> tuple[list[Delivery], bool, list[threading.Event]]:
        """What waits (for at most `FLUSH_SECONDS`), whether there may be more, events to set when it is written."""
        chunk: list[Delivery] = []
        flushes: list[threading.Event] = []
        try:
            item = self.waiting.get(timeout=FLUSH_SECONDS)
            while item is not None:
                if isinstance(item, Delivery):
                    chunk.append(item)
                else:
                    flushes.append(item)
                if flushes or len(chunk) >= CHUNK:
                    break
                item = self.waiting.get_nowait()
        except queue.Empty:
            return chunk, True, flushes
        return chunk, item is not None, flushes

    def write_chunk(self, chunk: list[Delivery], *, at_once: bool) -> None:
        if chunk:
            if self.file is not None and self.file.is_over(chunk[-1].received_at, self.most_bytes):
                self.file.close()
                self.file = None
            if self.file is None:
                self.file = RecordingFile(self.folder, self.name, chunk[0].received_at)
            self.file.write(b"".join(map(as_line, chunk)))
        if self.file is not None:
            self.file.flush(at_once=at_once)

    def note_loss(self, messages: int, why: str) -> None:
        if not self.lost:
            logger.error("Messages are missing from the recording in %s: %s.", self.folder, why)
        self.lost += messages


class RecordingFile:
    """One file, of one hour."""

    def __init__(self, folder: Path, name: str, begin: datetime) -> None:
        self.hour = hour_of(begin)
        self.raw = new_file(folder, f"{name}-{begin.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        self.packed = zstandard.ZstdCompressor(level=1).stream_writer(self.raw)
        self.flushed_at = self.frame_at = time.monotonic()
        self.is_dirty = False

    def is_over(self, received_at: datetime, most_bytes: int) -> bool:
        return hour_of(received_at) != self.hour or self.raw.tell() >= most_bytes

    def write(self, lines: bytes) -> None:
        self.packed.write(lines)
        self.is_dirty = True

    def flush(self, *, at_once: bool) -> None:
        """Flush what was written to the disk, if it is time."""
        now = time.monotonic()
        if not self.is_dirty or (not at_once and now < self.flushed_at + FLUSH_SECONDS):
            return
        ends_frame = now >= self.frame_at + FRAME_SECONDS
        self.packed.flush(zstandard.FLUSH_FRAME if ends_frame else zstandard.FLUSH_BLOCK)
        self.raw.flush()
        self.flushed_at = now
        self.frame_at = now if ends_frame else self.frame_at
        self.is_dirty = False

    def close(self) -> None:
        self.packed.close()


class Tap:
    """A transport whose deliveries are also recorded."""

    def __init__(self, transport: Transport, writer: RecordingWriter) -> None:
        self.transport = transport
        self.writer = writer

    @property
    def trouble(self) -> str:
        return self.transport.trouble

    def __iter__(self) -> Iterator[Delivery | None]:
        for delivery in self.transport:
            if delivery is not None:
                self.writer.write(delivery)
            yield delivery

    def ack(self, last: Delivery) -> None:
        self.transport.ack(last)

    def close(self) -> None:
        self.transport.close()


class RecordedFirst(Tap):
    """A transport of which a delivery is acknowledged once it is stored and can be read in the recording.

    So a killed process loses nothing, and a full disk stops the feed: what cannot be recorded stays in the queue.
    """

    def __init__(self, transport: Transport, writer: RecordingWriter) -> None:
        super().__init__(transport, writer)
        self.given: deque[tuple[int, Delivery]] = deque()
        self.stored: deque[tuple[int, Delivery]] = deque()

    @property
    def trouble(self) -> str:
        return self.writer.trouble or self.transport.trouble

    def __iter__(self) -> Iterator[Delivery | None]:
        for delivery in self.transport:
            self.acknowledge()
            if delivery is not None:
                self.given.append((self.writer.write(delivery), delivery))
            yield delivery

    def ack(self, last: Delivery) -> None:
        while self.given:
            number, delivery = self.given.popleft()
            if delivery is last:
                self.stored.append((number, last))
                break
        self.acknowledge()

    def acknowledge(self) -> None:
        """What is stored, as far as it is recorded."""
        last = None
        while self.stored and self.stored[0][0] <= self.writer.written:
            _, last = self.stored.popleft()
        if last is not None:
            self.transport.ack(last)

    def close(self) -> None:
        self.writer.flush(CLOSE_SECONDS)
        self.acknowledge()
        self.transport.close()


def as_line(delivery: Delivery) -> bytes:
    """The delivery as a line of a `.jsonl` recording, with its end."""
    line = Line(delivery.received_at, delivery.queue, delivery.headers)
    try:
        line.body = delivery.body.decode()
    except UnicodeDecodeError:
        line.body_base64 = base64.b64encode(delivery.body).decode()
    return msgspec.json.encode(line) + b"\n"


def hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def new_file(folder: Path, name: str) -> BinaryIO:
    """A file that was not there before; its number keeps the order of files that begin in the same second."""
    number = 1
    while True:
        try:
            return (folder / f"{name}-{number:02}.jsonl.zst").open("xb")
        except FileExistsError:
            number += 1
