"""The settings that say who else sees what the desk signs; what is not understood stops the start."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from feed.proof.others import COSIGNATURE
from feed.proof.trust import Untrue, read_key
from packages_admin.destinations import is_loopback

#: More witnesses would take longer than a minute, should none of them answer.
MOST_WITNESSES = 5
ADD_CHECKPOINT = "/add-checkpoint"


def stamp_address(text: str) -> str:
    """The time-stamping authority's; "" where there is none."""
    return usable("PROOF_STAMP_URL", text.strip()) if text.strip() else ""


def witnesses(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Public key and address of each witness that cosigns our checkpoints: `https://witness.example/desk#KEY`."""
    found = []
    for text in texts:
        prefix, _, key = text.partition("#")
        address = usable("PROOF_WITNESSES", prefix.rstrip("/") + ADD_CHECKPOINT)
        found.append((public_key("PROOF_WITNESSES", key, COSIGNATURE), address))
    if len(found) > MOST_WITNESSES:
        raise ImproperlyConfigured(f"PROOF_WITNESSES names {len(found)}; {MOST_WITNESSES} are the most.")
    return found


def witnessed(texts: Sequence[str]) -> list[str]:
    """The public keys of the logs that this desk witnesses."""
    return [public_key("PROOF_WITNESSED", text) for text in texts]


def public_key(setting: str, text: str, kind: bytes = b"\x01") -> str:
    try:
        read_key(text, kind)
    except Untrue:
        raise ImproperlyConfigured(f"{setting}: {text!r} is not a public key: NAME+NUMBER+KEY.") from None
    return text


def usable(setting: str, address: str) -> str:
    """Over https outside loopback, without a password in it."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or parts.username is not None:
        raise ImproperlyConfigured(f"{setting} must be an address like https://host/path, without a password.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ImproperlyConfigured(f"{setting} must begin with https:// outside this machine.")
    return address
