"""Signing each second, in a thread beside the consumer: it only reads what was committed, and can fail alone."""

import fcntl
import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from feed.database.connections import drop_connection

from .attest.posting import Post
from .attest.turns import Attesting
from .log import Log, Refused
from .notes import BadKey, read_signer
from .tiles import write_whole

TURN_SECONDS = 1.0
#: After a refusal, or where another process signs.
PAUSE_SECONDS = 30.0

logger = logging.getLogger(__name__)


def proof_folder() -> Path:
    folder: Path = settings.VAR_DIR / "proof"
    return folder


class Signing:
    """Signs what is new each second, until `stop`. Of several processes that share a folder one signs.

    With a way to `post` it has others see what it signs.
    """

    def __init__(self, folder: Path | None = None, post: Post | None = None) -> None:
        self.folder = folder or proof_folder()
        self.attesting = Attesting(self.folder, post, lambda: self.lock is not None) if post else None
        self.lock: BinaryIO | None = None
        self.log: Log | None = None
        self.trouble: str | None = None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="proof", daemon=True)

    def start(self) -> None:
        if settings.PROOF:
            self.thread.start()
            if self.attesting is not None:
                self.attesting.start()

    def stop(self) -> None:
        """Sign what is there, and end."""
        self.ending.set()
        if self.attesting is not None:
            self.attesting.stop()
        if self.thread.is_alive():
            self.thread.join()

    def run(self) -> None:
        try:
            while not self.ending.wait(self.take_turn()):
                pass
            self.take_turn()
        finally:
            if self.lock is not None:
                self.lock.close()
            connection.close()

    def take_turn(self) -> float:
        """Sign what is new. Returns after how many seconds to try again; whatever goes wrong, the feed goes on."""
        try:
            if not self.has_folder():
                return PAUSE_SECONDS
            self.log = self.log or Log(self.folder, read_signer(settings.PROOF_KEY))
            while self.log.grow():
                pass
        except (Refused, BadKey) as error:
            self.log = None
            self.note_trouble(str(error))
            return PAUSE_SECONDS
        except Exception as error:
            self.log = None
            drop_connection()
            self.note_trouble(f"{type(error).__name__}: {error}")
            return TURN_SECONDS
        self.note_trouble("")
        return TURN_SECONDS

    def has_folder(self) -> bool:
        """Whether this process signs; it does from when no other does."""
        if self.lock is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("ab")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                return False
            self.lock = lock
        return True

    def note_trouble(self, trouble: str) -> None:
        """Note it for the health page; the log has how it began, and that it is over."""
        before, self.trouble = self.trouble, trouble
        if trouble == before:
            return
        if trouble and not before:
            logger.error("What was received is not signed. %s", trouble)
        elif before and not trouble:
            logger.warning("What was received is signed again.")
        with suppress(OSError):
            if trouble:
                write_whole(self.folder / "trouble", trouble.encode())
            else:
                (self.folder / "trouble").unlink(missing_ok=True)
