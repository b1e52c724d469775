"""Asks others to attest the last checkpoint now and then, in a thread that neither feed nor signing waits for."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings

from feed.proof.log import last_note
from feed.proof.notes import read_signer
from feed.proof.tiles import write_whole
from feed.proof.trust import Checkpoint, Untrue, read_checkpoint

from . import record
from .posting import NotAnswered, Post
from .stamps import BadCertificates, read_certificates, stamped
from .witnesses import Contradicted, Cosigner, cosignature

#: The pause while nothing has been signed yet, or another process signs.
PAUSE_SECONDS = 10.0
TROUBLE = "attested-trouble"

logger = logging.getLogger(__name__)


class Attesting:
    """Has the last checkpoint stamped and cosigned every PROOF_STAMP_MINUTES, while `is_ours` says that we sign."""

    def __init__(self, folder: Path, post: Post, is_ours: Callable[[], bool]) -> None:
        self.folder = folder
        self.post = post
        self.is_ours = is_ours
        self.witnesses = [Cosigner(*witness) for witness in settings.PROOF_WITNESSES]
        self.cosigned: dict[str, int] = {}
        self.troubles: list[str] | None = None
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="attesting", daemon=True)

    def start(self) -> None:
        if settings.PROOF and (settings.PROOF_STAMP_URL or self.witnesses):
            self.thread.start()

    def stop(self) -> None:
        """End without waiting for an answer that is still to come: the thread ends with the process."""
        self.ending.set()

    def run(self) -> None:
        while not self.ending.wait(self.take_turn()):
            pass

    def take_turn(self) -> float:
        """Ask everybody about the last checkpoint. Returns after how many seconds to do it again."""
        try:
            if not self.is_ours() or not (self.folder / "checkpoint").exists():
                return PAUSE_SECONDS
            self.attest(last_note(self.folder))
        except Exception as error:
            self.note_troubles([f"{type(error).__name__}: {error}"])
        return settings.PROOF_STAMP_MINUTES * 60

    def attest(self, note: str) -> None:
        """Store the answers that come, and note those that do not: a witness may be away for long."""
        checkpoint = read_checkpoint(note, read_signer(settings.PROOF_KEY).public_key)
        before = record.last(self.folder)
        if not checkpoint.size or (before and before.size == checkpoint.size and not self.troubles):
            return
        troubles: list[str] = []
        stamp, lines = b"", ""
        try:
            stamp = self.stamp(note)
        except (NotAnswered, Untrue, BadCertificates) as error:
            troubles.append(f"No time stamp: {error}.")
        for witness in self.witnesses:
            try:
                lines += self.cosignature(witness, note, checkpoint)
            except Contradicted as error:
                troubles.append(f"{error}.")
            except (NotAnswered, Untrue) as error:
                troubles.append(f"{witness.name} did not cosign: {error}.")
        if stamp or lines:
            at = datetime.fromisoformat(checkpoint.time)
            found = record.Attested(at=at, size=checkpoint.size, note=note, stamp=stamp, cosignatures=lines)
            record.store(self.folder, found)
        self.note_troubles(troubles)

    def stamp(self, note: str) -> bytes:
        if not settings.PROOF_STAMP_URL:
            return b""
        certificates = read_certificates(settings.PROOF_STAMP_CERTIFICATES)
        return stamped(self.post, settings.PROOF_STAMP_URL, note.encode(), certificates)

    def cosignature(self, witness: Cosigner, note: str, checkpoint: Checkpoint) -> str:
        since = self.cosigned.get(witness.name, 0)
        line = cosignature(self.post, witness, self.folder, note, checkpoint, since)
        self.cosigned[witness.name] = checkpoint.size
        return line

    def note_troubles(self, troubles: list[str]) -> None:
        """Store them for the health page, and log them if they have changed."""
        before, self.troubles = self.troubles, troubles
        if troubles and troubles != before:
            logger.warning("The last checkpoint is not attested by all. %s", " ".join(troubles))
        with suppress(OSError):
            if troubles:
                write_whole(self.folder / TROUBLE, " ".join(troubles).encode())
            else:
                (self.folder / TROUBLE).unlink(missing_ok=True)
