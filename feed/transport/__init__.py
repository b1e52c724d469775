"""Where deliveries come from: a queue, a recording, the simulated supplier. All share one loop (`feed.ingest.loop`)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class TransportClosed(Exception):
    """The transport has no connection and did not get one back; the message says why, in an operator's words."""


class AddressRefused(Exception):
    """A host leads to an address that nothing is sent to."""


#: The addresses of a host and port. Raises `AddressRefused`, or an OSError where the name server knows none.
Resolve = Callable[[str, int], Sequence[str]]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it arrived. `tag` grows by arrival; the transport that made the delivery knows what it means.

    `after_loss` says why messages may be missing before it, where the transport knows that. `connected_at` is when the
    connection that brought it was made: before that, the queue may have lost what nobody was there to take. `offset` is
    its place in a queue that is a stream.
    """

    body: bytes
    received_at: datetime
    tag: int = 0
    headers: dict[str, str] = {}
    queue: str = ""
    redelivered: bool = False
    after_loss: str = ""
    connected_at: datetime | None = None
    offset: int | None = None


class Transport(Protocol):
    """An iterator of deliveries that also takes their acknowledgement.

    Iterating yields None when nothing is waiting just now (so that the loop can store what it holds), again at least
    each half second while nothing comes, and ends when the source has nothing more, ever, or `close` was called. It
    raises `TransportClosed` when it cannot go on.
    """

    @property
    def trouble(self) -> str:
        """Why nothing can arrive just now, in an operator's words; empty while all is well."""

    def __iter__(self) -> Iterator[Delivery | None]: ...

    def ack(self, last: Delivery) -> None:
        """Acknowledge `last` and everything yielded before it. Called after the commit, from the iterating thread."""

    def close(self) -> None:
        """Stop: the iterator ends, what was not acknowledged goes back. May be called from any thread."""
