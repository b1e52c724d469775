"""The example client of the stream, running beside a test."""

import asyncio
import threading
from types import TracebackType
from typing import Any

from tests.followers import example


class RunningFollower:
    """docs/examples/stream_client.py's `Follower` in a thread of its own, from `with` to its end."""

    def __init__(self, url: str, token: str, **wanted: Any) -> None:
        self.follower = example.Follower(url, token, **wanted)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> "RunningFollower":
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(20)
        self.loop.close()
        assert self.task.cancelled(), "the example client ended by itself"

    def run(self) -> None:
        self.task = self.loop.create_task(self.follower.run())
        self.loop.run_until_complete(asyncio.wait([self.task]))

    def states(self) -> dict[int, dict[str, Any]]:
        """Its states now; what ended it is raised here."""
        if self.task.done():
            self.task.result()
        return dict(self.follower.states)
