"""Sockets from outside: what one is sent after its first message, until it closes or falls silent."""

import json
import re
from contextlib import suppress
from typing import Any, NamedTuple

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

#: As pages carry them.
TOPIC = re.compile(r'data-topic="([^"]+)"')
#: A socket that has been sent nothing new for this long has been sent all; beats come each 5 s.
QUIET_SECONDS = 1.5
MOST_FRAMES = 60


class Got(NamedTuple):
    """The frames with content, and how the socket was closed (0: it was not)."""

    frames: list[str]
    code: int
    reason: str


def topics_of(page: str) -> list[str]:
    """What a page's socket follows."""
    return [topic.replace("&amp;", "&") for topic in TOPIC.findall(page)]


def page_socket(address: str, cookie: str, message: Any, *, source: str, origin: str = "") -> Got:
    """What a page is sent for this message."""
    headers = {"Cookie": cookie, "Origin": origin or address}
    return talk(f"{address.replace('http', 'ws', 1)}/ws/v1/pages/", headers, message, source)


def program_socket(address: str, token: str, message: Any, *, source: str) -> Got:
    """What a program is sent for this message."""
    headers = {"Authorization": f"Bearer {token}"}
    return talk(f"{address.replace('http', 'ws', 1)}/ws/v1/stream", headers, message, source)


def talk(url: str, headers: dict[str, str], message: Any, source: str) -> Got:
    frames: list[str] = []
    try:
        with connect(url, additional_headers=headers, source_address=(source, 0), max_size=None) as socket:
            socket.send(message if isinstance(message, str) else json.dumps(message))
            with suppress(TimeoutError):
                while len(frames) < MOST_FRAMES:
                    frames.append(str(socket.recv(timeout=QUIET_SECONDS)))
        code, reason = 0, ""
    except ConnectionClosed as closed:
        code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
    except InvalidHandshake as refused:
        code, reason = 403, str(refused)
    return Got([frame for frame in frames if is_content(frame)], code, reason)


def is_content(frame: str) -> bool:
    """Neither a beat nor how the connection fares."""
    parsed = json.loads(frame)
    return "content" in parsed or parsed.get("type") in ("snapshot", "changes")
