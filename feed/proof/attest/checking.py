"""`manage.py proof check`, of what others gave."""

from collections.abc import Iterator, Sequence

from django.conf import settings

from feed.proof.others import cosigned_at
from feed.proof.trust import Untrue

from .record import Attested
from .stamps import BadCertificates, check_answer, read_certificates
from .witnesses import Cosigner


def faults_of(attested: Sequence[Attested]) -> Iterator[str]:
    """Stamps that are of something else or not the authority's, signatures that are not the witnesses'.

    That their checkpoints are this log's is checked with all others.
    """
    try:
        certificates = read_certificates(settings.PROOF_STAMP_CERTIFICATES)
    except BadCertificates as error:
        yield str(error)
        certificates = []
    witnesses = [Cosigner(*witness) for witness in settings.PROOF_WITNESSES]
    for found in attested:
        try:
            if found.stamp:
                check_answer(found.stamp, found.note.encode(), None, certificates)
            for witness in witnesses:
                cosigned_at(found.note, found.cosignatures, witness.public_key)
        except Untrue as error:
            yield f"Checkpoint of {found.size:,} leaves: {error}."


def note_of(attested: Sequence[Attested]) -> str:
    """What was compared, and what was not, in words."""
    stamps = sum(bool(found.stamp) for found in attested)
    cosigned = sum(bool(found.cosignatures) for found in attested)
    unchecked = (
        "" if settings.PROOF_STAMP_CERTIFICATES else " (not whose they are: PROOF_STAMP_CERTIFICATES is not set)"
    )
    return f"{stamps:,} time stamps are compared{unchecked if stamps else ''}, and {cosigned:,} cosigned checkpoints."
