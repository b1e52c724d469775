"""Many sockets in one process: pages that do on the wire what a browser does, or plain listeners of the reference.

A page says what it watches, and acknowledges what it has painted as live.js does: after a second, 8 frames or 128 kB.
Every fragment names its topic and version, so that a gap or a step back is seen.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import quantiles
from typing import Any, cast

import msgspec
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.http11 import Response
from websockets.uri import parse_uri

SHOWN = re.compile(r'data-topic="([\w:]+)[^"]*" data-version="([\d.]+)')
#: As in live.js; painting takes a frame of a screen of 60 Hz.
ACK_SECONDS, ACK_FRAMES, ACK_BYTES = 1.0, 8, 128 * 1024
PAINT_MS = 16.7
#: A number from here on in a row's version is no revision: it is the time when the row was heard.
FIRST_EPOCH_MS = 10**12
#: Connections under way at once.
CONNECTING = 50
OPEN_SECONDS = 60.0
#: How many decoded frames are kept for the other sockets that they come to.
CACHED_FRAMES = 32


class ServerMessage(msgspec.Struct):
    """A frame, or one of the notices beside them. `shown` are the topics in it, each with its revision."""

    content: str | None = None
    at: list[int | None] = []
    current: bool = False
    closing: str | None = None
    shown: list[tuple[str, int]] = []


decoder = msgspec.json.Decoder(ServerMessage)


@lru_cache(CACHED_FRAMES)
def decode(data: bytes) -> ServerMessage:
    """Decode a frame once for all the sockets that it comes to: that leaves the cores to the desk."""
    message = decoder.decode(data)
    message.shown = [(topic, revision_of(topic, version)) for topic, version in SHOWN.findall(message.content or "")]
    return message


class Counts:
    """What came since the last reset: frames, bytes, gaps, steps back, ms from receipt by the consumer to here."""

    def __init__(self) -> None:
        self.frames = self.bytes = self.lost = self.disordered = self.closed = 0
        self.milliseconds: list[float] = []

    def as_json(self) -> dict[str, Any]:
        """The latencies as quantiles: at most 1,000 numbers, which can be joined with those of other rounds."""
        few = len(self.milliseconds) < 2
        return {**vars(self), "milliseconds": self.milliseconds if few else quantiles(self.milliseconds, n=1001)}


class Socket(asyncio.Protocol):
    """One socket. `watched` is what it says it shows; None for a listener, which says nothing."""

    def __init__(self, uri: str, cookie: str, watched: Sequence[str] | None, counts: "Counts") -> None:
        parsed = parse_uri(uri)
        self.ws = ClientProtocol(parsed, origin=cast(Any, f"http://{parsed.host}:{parsed.port}"), max_size=None)
        self.cookie = cookie
        self.watched = watched
        self.counts = counts
        self.revisions: dict[str, int] = {}
        self.owed: list[float] = []
        self.owed_bytes = self.acked = 0
        self.owing: asyncio.TimerHandle | None = None
        self.is_asleep = False
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        request = self.ws.connect()
        request.headers["Cookie"] = self.cookie
        self.ws.send_request(request)
        self.flush()

    def data_received(self, data: bytes) -> None:
        self.ws.receive_data(data)
        for event in self.ws.events_received():
            if isinstance(event, Response):
                self.opened(event)
            elif isinstance(event, Frame):
                self.take(event)
        self.flush()

    def connection_lost(self, error: Exception | None) -> None:
        self.counts.closed += 1
        if not self.ready.done():
            self.ready.set_exception(error or ConnectionError("closed before it was current"))

    def opened(self, response: Response) -> None:
        if response.status_code != 101:
            self.ready.set_exception(ConnectionError(f"refused: {response.status_code}"))
        elif self.watched is None:
            self.ready.set_result(None)
        else:
            self.say({"watch": dict.fromkeys(self.watched, "")})

    def take(self, frame: Frame) -> None:
        if frame.opcode not in (frame.opcode.TEXT, frame.opcode.CLOSE):
            return
        if frame.opcode is frame.opcode.CLOSE or (message := decode(bytes(frame.data))).closing is not None:
            self.counts.closed += 1
        elif message.content is not None:
            self.note(message, len(frame.data))
        elif message.current and not self.ready.done():
            self.ready.set_result(None)

    def note(self, message: ServerMessage, size: int) -> None:
        self.counts.frames += 1
        self.counts.bytes += size
        if (received_at := message.at[1]) is not None:
            self.counts.milliseconds.append(time.time() * 1000 - received_at)
        for topic, revision in message.shown:
            self.note_version(topic, revision)
        if self.watched is not None:
            self.owe(size)

    def note_version(self, topic: str, revision: int) -> None:
        """Each revision of a part is sent, in order: a number that is more than one ahead is a loss."""
        if (before := self.revisions.get(topic)) is not None:
            if revision <= before:
                self.counts.disordered += 1
                return
            self.counts.lost += revision - before - 1
        self.revisions[topic] = revision

    def owe(self, size: int) -> None:
        self.owed.append(time.monotonic() + PAINT_MS / 1000)
        self.owed_bytes += size
        if len(self.owed) >= ACK_FRAMES or self.owed_bytes >= ACK_BYTES:
            self.acknowledge()
        elif self.owing is None:
            self.owing = asyncio.get_running_loop().call_later(ACK_SECONDS, self.acknowledge)

    def acknowledge(self) -> None:
        if self.owing is not None:
            self.owing.cancel()
            self.owing = None
        if self.owed and not self.is_asleep and self.ws.state is self.ws.state.OPEN:
            self.acked += len(self.owed)
            held = [max(0.0, round((time.monotonic() - at) * 1000, 1)) for at in self.owed]
            self.owed, self.owed_bytes = [], 0
            self.say({"ack": self.acked, "paint": [PAINT_MS] * len(held), "held": held})

    def say(self, message: Any) -> None:
        self.ws.send_text(msgspec.json.encode(message))
        self.flush()

    def flush(self) -> None:
        if data := b"".join(self.ws.data_to_send()):
            self.transport.write(data)

    def sleep(self) -> None:
        """Read and acknowledge nothing."""
        self.is_asleep = True
        self.transport.pause_reading()

    def wake(self) -> None:
        self.is_asleep = False
        self.transport.resume_reading()
        self.acknowledge()


def revision_of(topic: str, version: str) -> int:
    """A version holds the revisions of what is shown; a row's also when it was heard and which sources vouch for it."""
    numbers = [int(part) for part in version.split(".") if part.isdigit()]
    return max(number for number in numbers if number < FIRST_EPOCH_MS) if topic.startswith("row:") else max(numbers)


class Sockets:
    """The sockets of this process; its public methods are the commands that the process is sent."""

    def __init__(self) -> None:
        self.sockets: list[Socket] = []
        self.counts = Counts()
        self.began = time.process_time(), time.monotonic()

    async def open(
        self, address: str, cookie: str, count: int, paths: Sequence[str], watched: Sequence[Sequence[str]] | None
    ) -> int:
        """Open `count` more sockets, taking paths and topics in turns; answers when all are current."""
        gate = asyncio.Semaphore(CONNECTING)
        host, _, port = address.removeprefix("http://").partition(":")

        async def connect(number: int) -> Socket:
            uri = f"ws://{host}:{port}{paths[number % len(paths)]}"
            topics = watched[number % len(watched)] if watched is not None else None
            async with gate:
                make = asyncio.get_running_loop().create_connection
                _, socket = await make(lambda: Socket(uri, cookie, topics, self.counts), host, int(port))
                await socket.ready
            return socket

        async with asyncio.timeout(OPEN_SECONDS):
            self.sockets += await asyncio.gather(*(connect(number) for number in range(count)))
        return len(self.sockets)

    def reset(self, apart: int = 0) -> None:
        """Count from here on; what the first `apart` sockets take is left out."""
        self.counts = Counts()
        for socket in self.sockets:
            socket.counts = self.counts
        for socket in self.sockets[:apart]:
            socket.counts = Counts()
        self.began = time.process_time(), time.monotonic()

    def tell(self, newest: dict[str, int] | None = None) -> dict[str, Any]:
        """What was counted. `newest` are the revisions that every watcher of a topic must have by now."""
        behind = sum(
            max(0, revision - socket.revisions[topic])
            for topic, revision in (newest or {}).items()
            for socket in self.sockets
            if topic in socket.revisions and not socket.is_asleep
        )
        cpu = (time.process_time() - self.began[0]) / (time.monotonic() - self.began[1])
        return {**self.counts.as_json(), "behind": behind, "cpu": cpu}

    def stall(self, count: int) -> None:
        """The first `count` sockets fall asleep."""
        for socket in self.sockets[:count]:
            socket.sleep()

    def wake(self) -> None:
        for socket in self.sockets:
            if socket.is_asleep:
                socket.wake()

    async def close(self) -> None:
        for socket in self.sockets:
            socket.transport.abort()
        self.sockets = []
        await asyncio.sleep(0.1)


async def main() -> None:
    """Like `worker.serve`, on the loop that also holds the sockets."""
    sockets = Sockets()
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        what, arguments = json.loads(line)
        does: Callable[..., Any] = getattr(sockets, what)
        answer = does(**arguments)
        print(json.dumps(await answer if asyncio.iscoroutine(answer) else answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
