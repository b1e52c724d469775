"""People and tokens as they stand in spans: hashes with salts of their own, which can be deleted."""

import hashlib
import hmac
import secrets
from collections.abc import Collection

from feed.models import ViewerSalt

#: ("user" or "token", the row's key).
Viewer = tuple[str, int]
SALT_BYTES, HASH_BYTES = 32, 16


def hashes(viewers: Collection[Viewer]) -> dict[Viewer, bytes]:
    """The hash of each; who has no salt is given one. Two queries, three where there is somebody new."""
    salts = salts_of(viewers)
    missing = [viewer for viewer in viewers if viewer not in salts]
    if missing:
        made = [ViewerSalt(kind=kind, owner=pk, salt=secrets.token_bytes(SALT_BYTES)) for kind, pk in missing]
        ViewerSalt.objects.bulk_create(made, ignore_conflicts=True)
        salts = salts_of(viewers)
    return {viewer: salted(viewer, salt) for viewer, salt in salts.items()}


def salts_of(viewers: Collection[Viewer]) -> dict[Viewer, bytes]:
    rows = ViewerSalt.objects.filter(owner__in={pk for _, pk in viewers})
    return {(row.kind, row.owner): bytes(row.salt) for row in rows if (row.kind, row.owner) in viewers}


def salted(viewer: Viewer, salt: bytes) -> bytes:
    kind, pk = viewer
    return hmac.digest(salt, f"{kind}:{pk}".encode(), hashlib.sha256)[:HASH_BYTES]


def hash_of(viewer: Viewer) -> bytes | None:
    """None where there is no salt: nothing was shown to them, or it was deleted."""
    salt = salts_of([viewer]).get(viewer)
    return salted(viewer, salt) if salt is not None else None


def forget(viewer: Viewer) -> bool:
    """Delete the salt: from then on nobody can tell which viewings were theirs. False where there was none."""
    kind, pk = viewer
    return bool(ViewerSalt.objects.filter(kind=kind, owner=pk).delete()[0])
