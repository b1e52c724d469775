"""A thread for each source that is consumed here: it recovers, repairs and compares, one thing at a time."""

import logging
import threading
from collections.abc import Callable, Collection

from django.db import Error, close_old_connections, connection

from feed.models import FeedSource, Recovery

from .keep_alive import KeepAlive
from .recovering import Recovering
from .repair import Repair
from .supplier import Supplier

TURN_SECONDS = 0.25
#: After an error of the database or of our own.
ERROR_SECONDS = 5.0

logger = logging.getLogger(__name__)


class SourceWorker:
    """What is done for one source. `turn` does the most urgent thing, if any; True if there was something to do."""

    def __init__(self, source_id: int, supplier: Supplier, on_change: Callable[[int], None]) -> None:
        self.source_id = source_id
        self.supplier = supplier
        self.on_change = on_change
        self.recovering: Recovering | None = None
        self.repair = Repair(source_id, supplier)
        self.keep_alive = KeepAlive(source_id, supplier)

    def turn(self) -> bool:
        source = FeedSource.objects.get(pk=self.source_id)
        if source.off_since is not None or source.snapshots == FeedSource.Snapshots.NONE:
            return False
        if self.recover():
            return True
        if source.snapshots == FeedSource.Snapshots.TRIGGERED:
            return False
        return self.repair.take_turn() or self.keep_alive.take_turn(source)

    def recover(self) -> bool:
        """A step of the recovery that is open. False while nothing of it is to be asked for."""
        recovery = Recovery.objects.filter(source_id=self.source_id, ended_at=None).select_related("source").first()
        if recovery is None:
            self.recovering = None
            return False
        if self.recovering is None or self.recovering.recovery.pk != recovery.pk:
            self.recovering = Recovering(recovery, self.supplier, self.on_change)
        return self.recovering.take_step()


class RecoveryWorkers:
    """Keeps a thread for each source of `source_ids`; `stop` ends them all."""

    def __init__(
        self, supplier: Supplier, source_ids: Callable[[], Collection[int]], on_change: Callable[[int], None]
    ) -> None:
        self.supplier = supplier
        self.source_ids = source_ids
        self.on_change = on_change
        self.ending = threading.Event()
        self.threads: dict[int, threading.Thread] = {}
        self.main = threading.Thread(target=self.run, name="recoveries", daemon=True)
        self.main.start()

    def run(self) -> None:
        while not self.ending.wait(TURN_SECONDS):
            for source_id in self.source_ids():
                thread = self.threads.get(source_id)
                if thread is None or not thread.is_alive():
                    self.threads[source_id] = threading.Thread(
                        target=self.work, args=(source_id,), name=f"recovery {source_id}", daemon=True
                    )
                    self.threads[source_id].start()

    def work(self, source_id: int) -> None:
        """Until the source is not consumed here any more."""
        worker = SourceWorker(source_id, self.supplier, self.on_change)
        pause = 0.0
        while not self.ending.wait(pause) and source_id in self.source_ids():
            pause = TURN_SECONDS
            try:
                worker.turn()
            except Error as error:
                logger.warning("What was missed waits for the database: %s", error)
                close_old_connections()
                pause = ERROR_SECONDS
            except Exception:
                logger.exception("Recovering failed; it is tried again.")
                pause = ERROR_SECONDS
        connection.close()

    def stop(self) -> None:
        self.ending.set()
