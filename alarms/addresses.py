"""Where alarms may be sent: over https to the hosts in ALARM_HOSTS, and never to a private address behind a name."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from packages_admin.destinations import is_allowed, is_loopback

from .models import Destination
from .sending import HOST_REFUSED


def fault_of(address: str, hosts: Sequence[str] | None = None, refused: str = HOST_REFUSED) -> str:
    """What is wrong with a webhook's address, in words for the form; empty for a good one. Asks no name server.

    `refused` is the answer for a host that is not among `hosts` (ALARM_HOSTS).
    """
    hosts = settings.ALARM_HOSTS if hosts is None else hosts
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        usable = parts.scheme in ("http", "https") and bool(host) and port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        return "Enter the whole address, without a user: https://host/path."
    if not is_allowed(host, port or (443 if parts.scheme == "https" else 80), hosts):
        return refused
    if parts.scheme == "http" and not is_loopback(host):
        return "Use https: over http, what is sent can be read on its way."
    return ""


def shown(kind: str, address: str) -> str:
    """What may be shown of an address: the whole of an e-mail address, only the host of a URL."""
    return address if kind == Destination.Kind.EMAIL else f"{urlsplit(address).hostname}/…"
