"""Under whose name a batch is stored, so that a consumer that was replaced while it slept writes nothing any more."""

from typing import NamedTuple


class Lease(NamedTuple):
    """The consumer that writes (`feed.ingest.lease`), and the id of its share where its source has several queues."""

    consumer: str = ""
    share: int | None = None


#: Of what stores without being a source's consumer: a snapshot, a second try.
NO_LEASE = Lease()
