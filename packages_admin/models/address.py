"""Where a queue is."""

import msgspec


class QueueAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where one queue of a package is, and the name of the `FeedSource` that it feeds. Holds no password."""

    source_name: str
    host: str
    port: int
    tls: bool
    virtual_host: str
    queue: str
    prefetch: int
    user_name: str
