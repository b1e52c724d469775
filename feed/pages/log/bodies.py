"""Messages as they came, where they are kept: in the recordings, or among those that were refused."""

import time
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from feed.models import RejectedMessage
from feed.proof.bundle import BEGUN
from feed.proof.leaves import base64_text
from feed.transport.recorded import Line, format_of, open_recording

from .messages import Logged

#: A line's beginning has its time of receipt.
HEAD_BYTES = 64
#: The time in a line, as the recorder writes it.
WRITTEN = msgspec.json.Encoder().encode
#: Lines read between two looks at the clock.
LINES = 1000
MINUTE = timedelta(minutes=1)


class TookTooLong(Exception):
    """The recordings of that time are too large to be read for one request."""


def bodies_of(
    messages: Collection[Logged], folder: Path, seconds: float, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[Logged, bytes]]:
    """The messages whose bodies are stored, each with its body, checked by its digest. Raises `TookTooLong` after so
    many seconds."""
    wanted = {message.leaf.digest: message for message in messages}
    digests = [b64decode(digest).hex() for digest in wanted]
    for refused in RejectedMessage.objects.filter(digest__in=digests).iterator(100):
        body = bytes(refused.body)
        if (message := wanted.pop(base64_text(sha256(body).digest()), None)) is not None:
            yield message, body
    if not wanted or not folder.is_dir():
        return
    times = {WRITTEN(message.received_at) for message in wanted.values()}
    first, last = (choose(message.received_at for message in wanted.values()) for choose in (min, max))
    until = clock() + seconds
    for path in recordings_of(folder, first, last):
        for body in recorded(path, times, until, clock):
            if (message := wanted.pop(base64_text(sha256(body).digest()), None)) is not None:
                yield message, body
            if not wanted:
                return


def recordings_of(folder: Path, first: datetime, last: datetime) -> list[Path]:
    """The files that may have what came then, by their names and when they were last written."""
    found = []
    for path in sorted(folder.glob("*.jsonl*")):
        begun = BEGUN.search(path.name)
        begins_later = begun is not None and datetime.strptime(begun[1], "%Y%m%dT%H%M%S%z") > last + MINUTE
        try:
            is_over = path.stat().st_mtime < (first - MINUTE).timestamp()
            if not begins_later and not is_over and format_of(path) == ".jsonl":
                found.append(path)
        except OSError:
            continue  # it was forgotten meanwhile
    return found


def recorded(path: Path, times: Collection[bytes], until: float, clock: Callable[[], float]) -> Iterator[bytes]:
    """The bodies of lines that were received at one of these times. Other lines are not decoded."""
    try:
        with open_recording(path) as file:
            for place, line in enumerate(file):
                if place % LINES == 0 and clock() > until:
                    raise TookTooLong
                if time_in(line) in times:
                    body = msgspec.json.decode(line, type=Line).content()
                    if body is not None:
                        yield body
    except (OSError, msgspec.DecodeError, ValueError):
        return  # broken off, or forgotten meanwhile


def time_in(line: bytes) -> bytes:
    """The time of receipt, in its quotes, with which a line of a recording begins."""
    head = line[:HEAD_BYTES]
    start = head.find(b':"') + 1
    return head[start : head.find(b'"', start + 1) + 1]
