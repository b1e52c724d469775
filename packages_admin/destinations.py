"""Where a package's password may go: hosts on PACKAGE_HOSTS, over https outside loopback, at public addresses.

The form asks no name server and connects to nothing, so its answer reveals nothing about other machines.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import is_same_domain

#: The same words for every host that is refused, whether or not there is such a host.
HOST_REFUSED = "Not among the hosts that this desk may send passwords to (PACKAGE_HOSTS)."

Address = IPv4Address | IPv6Address


class NotAllowed(Exception):
    """A host or an address to which nothing is sent."""


def address_fault(address: str) -> str:
    """What is wrong with an API address, in words for the form; empty when it will do."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        usable = parts.scheme in ("http", "https") and bool(host) and port != 0
    except ValueError:
        usable = False
    if not usable:
        return "Enter the whole address: https://host or https://host:port/path."
    if parts.username is not None:
        return "Leave the user and password out of the address: it is logged and shown."
    if parts.query or parts.fragment:
        return "Enter the address without a query or fragment (? or #)."
    if not is_allowed(host, port or (443 if parts.scheme == "https" else 80)):
        return HOST_REFUSED
    if parts.scheme == "http" and not is_loopback(host):
        return "Use https: over http, the password can be read on its way."
    return ""


def is_allowed(host: str, port: int, hosts: Sequence[str] | None = None) -> bool:
    """Whether `hosts` (PACKAGE_HOSTS) name it: `host`, `.domain` for all below it, or either with `:port`."""
    host = host.lower().rstrip(".")
    entries = settings.PACKAGE_HOSTS if hosts is None else hosts
    return any(matches(entry.lower(), host, port) for entry in entries)


def matches(entry: str, host: str, port: int) -> bool:
    name, colon, number = entry.rpartition(":")
    if colon and number.isdigit() and (":" not in name or name.endswith("]")):
        return int(number) == port and matches(name, host, port)
    entry = entry.strip("[]")
    return literal(entry) == literal(host) if literal(entry) else is_same_domain(host, entry)


def literal(host: str) -> Address | None:
    """The address that a host is written as, None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    address = literal(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_reachable(host: str, address: str) -> bool:
    """Whether `address`, which `host` stands for, may be connected to.

    A name stands for public addresses only, localhost for loopback. An address that is written as such is the one that
    PACKAGE_HOSTS names, and may be private; link-local ones, where clouds keep their metadata, never.
    """
    target = embedded(ip_address(address.partition("%")[0]))
    if target.is_link_local or target.is_multicast or target.is_unspecified:
        return False
    if is_loopback(host):
        return target.is_loopback
    own = literal(host)
    return target == embedded(own) if own else target.is_global


def embedded(address: Address) -> Address:
    """The IPv4 address within an IPv6 one that only carries it (mapped, 6to4, NAT64), else the address."""
    if isinstance(address, IPv4Address):
        return address
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address.packed.startswith(b"\x00\x64\xff\x9b") else None
    return address.ipv4_mapped or address.sixtofour or nat64 or address
