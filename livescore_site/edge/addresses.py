"""Where a request or socket comes from: the peer, or the address that one of our proxies gives.

Only `TRUSTED_PROXIES` are believed. The headers that proxies set are removed from everybody else's requests, so that no
code after this sees a forged address, scheme or path.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Scope = dict[str, Any]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Headers = Sequence[tuple[bytes, bytes]]

FORWARDED_FOR = b"x-forwarded-for"
FORWARDED_PROTO = b"x-forwarded-proto"
REQUEST_ID = b"x-request-id"
#: Headers that only a proxy may set, and those that nobody may.
BY_PROXIES = frozenset({FORWARDED_FOR, FORWARDED_PROTO, REQUEST_ID})
BY_NOBODY = frozenset({b"forwarded", b"x-forwarded-host", b"x-forwarded-port", b"x-real-ip", b"daphne-root-path"})
#: Whoever has one IPv6 address has the whole network of this prefix, so limits count by network.
IPV6_PREFIX = 64


def trusted_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks (`10.0.0.0/8`); raises `ImproperlyConfigured` for any other text."""
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES must be addresses or networks: {error}") from None


def as_seen(scope: Scope, proxies: Sequence[Network]) -> Scope:
    """The scope with the client's own address and scheme, and without the headers that a client may not set."""
    is_by_proxy = is_one_of(peer_of(scope), proxies)
    forbidden = BY_NOBODY if is_by_proxy else BY_NOBODY | BY_PROXIES
    headers: Headers = [(name, value) for name, value in scope["headers"] if name not in forbidden]
    seen = {**scope, "headers": headers, "root_path": ""}
    if is_by_proxy:
        seen["client"] = [client_by(headers, peer_of(scope), proxies), 0]
        if (scheme := last_value(headers, FORWARDED_PROTO)) in ("http", "https"):
            seen["scheme"] = scheme.replace("http", "ws") if scope["type"] == "websocket" else scheme
    return seen


def client_by(headers: Headers, peer: str, proxies: Sequence[Network]) -> str:
    """The last address in the chain that is not one of our proxies: anybody may have written those before it."""
    values = [value.decode("latin-1") for name, value in headers if name == FORWARDED_FOR]
    chain = ",".join(values).split(",") if values else []
    for text in (part.strip() for part in reversed(chain)):
        if parsed(text) is None:
            return peer
        if not is_one_of(text, proxies):
            return text
        peer = text
    return peer


def last_value(headers: Headers, wanted: bytes) -> str:
    return next((value.decode("latin-1").strip() for name, value in reversed(headers) if name == wanted), "")


def peer_of(scope: Scope) -> str:
    """The address at the other end of the connection; "" for a Unix socket."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def network_of(scope: Scope) -> str:
    """What limits are counted by: an IPv4 address, or an IPv6 network of one owner."""
    peer = peer_of(scope)
    address = parsed(peer)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return peer


def is_one_of(text: str, networks: Sequence[Network]) -> bool:
    address = parsed(text)
    return address is not None and any(address in network for network in networks)


def parsed(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
