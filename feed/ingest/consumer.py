"""One feed's loop in a thread of its own."""

import logging
import threading

from django.db import connection

from feed.store.sources import SourceTaken
from feed.transport import TransportClosed

from .loop import Ingest

logger = logging.getLogger(__name__)


class Consumer:
    """Runs an `Ingest` in a thread. After its end, `failure` says why it failed; it is empty where it was stopped."""

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest
        self.failure = ""
        self.thread = threading.Thread(target=self.run, name=f"feed {ingest.source}", daemon=True)
        self.thread.start()

    @property
    def is_running(self) -> bool:
        return self.thread.is_alive()

    def stop(self, reason: str) -> None:
        """Ask it to end after the batch in hand; `reason` is written to the source."""
        self.ingest.stop(reason)

    def join(self, seconds: float | None = None) -> None:
        self.thread.join(seconds)

    def run(self) -> None:
        try:
            self.ingest.run()
        except SourceTaken as error:
            logger.warning("[%s] %s", self.ingest.source, error)
        except TransportClosed as error:
            self.failure = str(error)
        except Exception as error:
            logger.exception("[%s] The consumer failed.", self.ingest.source)
            self.failure = f"The consumer failed: {error}"
        finally:
            connection.close()
