"""How far what was received is signed, in words, for the health page."""

from contextlib import suppress
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext

from feed.models import ProofLog

from .attest import record
from .attest.turns import TROUBLE
from .attest.witnesses import Cosigner
from .log import Refused, last_checkpoint
from .notes import read_signer
from .others import cosigners
from .signing import proof_folder


def attested_line(now: datetime) -> str:
    """What others saw last, and why not more; nothing where nobody is asked."""
    folder, names = proof_folder(), [Cosigner(*witness).name for witness in settings.PROOF_WITNESSES]
    if not settings.PROOF or not (settings.PROOF_STAMP_URL or names):
        return ""
    try:
        found = record.last(folder)
    except Refused as error:
        return str(error)
    trouble = ""
    with suppress(OSError):
        trouble = (folder / TROUBLE).read_text()
    if found is None:
        return trouble or gettext("Nobody else has seen a checkpoint yet.")
    facts = {"leaves": f"{found.size:,}", "minutes": f"{max((now - found.at).total_seconds(), 0) / 60:.0f}"}
    seen = gettext("Stamped") if found.stamp else ""
    if cosigned := cosigners(found.cosignatures):
        by = gettext("cosigned by %(names)s") % {"names": ", ".join(cosigned)}
        seen = f"{seen}, {by}" if seen else by[:1].upper() + by[1:]
    line = gettext("%(seen)s up to leaf %(leaves)s, %(minutes)s min ago.") % {"seen": seen, **facts}
    return f"{line} {trouble}".strip()


def proof_line(now: datetime) -> str:
    """The last checkpoint's age, and what waits for the next; or why there is none. One query."""
    folder = proof_folder()
    if not settings.PROOF:
        return gettext("Switched off: nothing of what is received can be proved later.")
    with suppress(OSError):
        return gettext("Nothing is signed. %(reason)s") % {"reason": (folder / "trouble").read_text()}
    try:
        signed = last_checkpoint(folder, read_signer(settings.PROOF_KEY).public_key)
    except OSError:
        return gettext("Nothing has been signed on this machine.")
    waiting = sum(ProofLog.objects.values_list("size", flat=True)) - signed.size
    seconds = (now - datetime.fromisoformat(signed.time).astimezone(UTC)).total_seconds()
    facts = {"leaves": f"{signed.size:,}", "seconds": f"{max(seconds, 0):.0f}", "waiting": f"{max(waiting, 0):,}"}
    if waiting <= 0:
        return gettext("Signed up to leaf %(leaves)s, the last one; the last checkpoint is %(seconds)s s old.") % facts
    return gettext("Signed up to leaf %(leaves)s, %(waiting)s wait; the last checkpoint is %(seconds)s s old.") % facts
