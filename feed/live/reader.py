"""The one thread in which the hub touches the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import close_old_connections, connections

#: A reading that takes longer has lost its database; the next one begins with a new connection.
READ_SECONDS = 10.0

Read = TypeVar("Read")


class Reader:
    """Runs one reading after another, off the event loop."""

    def __init__(self) -> None:
        self.thread = new_thread()

    async def read(self, read: Callable[..., Read], *args: Any) -> Read:
        """The answer of `read`, with a connection that is fit to use. TimeoutError if it, or one before it, hangs."""
        thread = self.thread
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(thread, with_connection, read, *args)
        except TimeoutError:
            if thread is self.thread:
                self.close()
                self.thread = new_thread()
            raise

    def close(self) -> None:
        """Whatever hangs is left to itself; nobody's reading is cancelled, for that would end whoever waits for it."""
        self.thread.submit(connections.close_all)
        self.thread.shutdown(wait=False)


def new_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="hub-reader")


def with_connection(read: Callable[..., Read], *args: Any) -> Read:
    """In the thread: a connection that was lost, or is too old, is replaced first."""
    close_old_connections()
    return read(*args)
