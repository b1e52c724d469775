"""Calls for several packages side by side, so that all are answered while a proxy still waits for the page."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from django.db import connections

from packages_admin.models import Package
from packages_admin.outcome import Kind, Outcome

AT_ONCE = 8
#: All of them together; proxies wait for 60 s.
WAIT_SECONDS = 50.0
NOT_ENDED = "No answer after {:.0f} s. It goes on: the record of calls says how it ends."
NOT_BEGUN = "The calls before it took too long. Nothing was sent: ask again."

#: What came of a package's call, and how many seconds it took.
Answer = tuple[Outcome, float]


def side_by_side(packages: Sequence[Package], call: Callable[[Package], Outcome]) -> list[Answer]:
    """What `call` returns for each package, in their order, after WAIT_SECONDS at the latest. Raises what it raises.

    Each call has a thread and a database connection of its own; one that has not ended goes on.
    """
    if len(packages) == 1:
        return [timed(packages[0], call)]
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="package-call")
    futures = [pool.submit(in_thread, package, call) for package in packages]
    until = time.monotonic() + WAIT_SECONDS
    try:
        for future in futures:
            wait_for(future, until)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [answer_of(future) for future in futures]


def timed(package: Package, call: Callable[[Package], Outcome]) -> Answer:
    began = time.monotonic()
    return call(package), time.monotonic() - began


def in_thread(package: Package, call: Callable[[Package], Outcome]) -> Answer:
    try:
        return timed(package, call)
    finally:
        connections.close_all()


def wait_for(future: Future[Answer], until: float) -> None:
    try:
        future.exception(max(0.0, until - time.monotonic()))
    except TimeoutError:
        return


def answer_of(future: Future[Answer]) -> Answer:
    try:
        return future.result(0)
    except CancelledError:
        return Outcome(kind=Kind.BUSY, sentence=NOT_BEGUN), 0.0
    except TimeoutError:
        return Outcome(kind=Kind.TIME_OUT, sentence=NOT_ENDED.format(WAIT_SECONDS)), WAIT_SECONDS
