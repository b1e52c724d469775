"""A thread that reads the database for the event loop, with a deadline for each reading."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper

#: A reading that takes longer is cancelled at the database; the next one begins with a new connection.
READ_SECONDS = 5.0
#: Threads whose reading did not end in time and that may still hang; once there are this many, nothing more is begun.
MOST_HANGING = 3
#: How long to wait for the database to take a cancellation.
CANCEL_SECONDS = 2.0

Value = TypeVar("Value")
Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]

logger = logging.getLogger(__name__)


class ReaderThread(threading.Thread):
    """Runs jobs one after another until it is ended. As a daemon it never keeps the process from ending."""

    def __init__(self) -> None:
        super().__init__(name="hub-reader", daemon=True)
        self.jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        #: Django's connection while a job uses it.
        self.database: BaseDatabaseWrapper | None = None
        self.start()

    def run(self) -> None:
        while (job := self.jobs.get()) is not None:
            future, read, args = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self.with_connection(read, *args))
            except BaseException as error:
                future.set_exception(error)
            finally:
                self.database = None
        connections.close_all()

    def with_connection(self, read: Callable[..., Value], *args: Any) -> Value:
        """A connection that was lost, or is too old, is replaced first."""
        close_old_connections()
        self.database = connections["default"]
        return read(*args)

    def cancel(self) -> None:
        """Stop the query that runs now, where the database answers at all."""
        connection: Any = getattr(self.database, "connection", None)
        try:
            if hasattr(connection, "cancel_safe"):
                connection.cancel_safe(timeout=CANCEL_SECONDS)
            elif hasattr(connection, "interrupt"):
                connection.interrupt()
        except Exception as error:
            logger.info("A query could not be cancelled (%r)", error)


class Reader:
    """Runs one reading after another, off the event loop."""

    def __init__(self) -> None:
        self.thread: ReaderThread | None = None
        self.hanging: list[ReaderThread] = []

    async def read(self, read: Callable[..., Value], *args: Any) -> Value:
        """What `read` returns, over a usable connection. TimeoutError if it, or a reading before it, hangs."""
        thread = self.usable_thread()
        future: Future[Value] = Future()
        thread.jobs.put((future, read, args))
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if thread is self.thread:
                self.give_up(thread)
            raise

    def usable_thread(self) -> ReaderThread:
        """The thread that reads now, or a new one. TimeoutError while too many hang."""
        self.hanging = [thread for thread in self.hanging if thread.is_alive()]
        if self.thread is None:
            if len(self.hanging) >= MOST_HANGING:
                raise TimeoutError("the database answers none of the readings that were begun")
            self.thread = ReaderThread()
        return self.thread

    def give_up(self, thread: ReaderThread) -> None:
        """Cancel its query and let it end; what waits behind it is still run."""
        self.thread = None
        self.hanging.append(thread)
        thread.jobs.put(None)
        threading.Thread(target=thread.cancel, name="hub-cancel", daemon=True).start()

    def close(self) -> None:
        """End the thread once its readings are done; none is cancelled, since that would end the task that waits."""
        if self.thread is not None:
            self.thread.jobs.put(None)
            self.thread = None
