"""The addresses of a package's broker, checked as the API's are, each time before its password is sent there."""

from feed.transport import AddressRefused
from feed.transport.rabbitmq_errors import CONNECT_SECONDS

from .destinations import NotAllowed
from .network import checked_addresses


def broker_addresses(host: str, port: int) -> list[str]:
    """A broker's addresses, for `resolve`. Raises `AddressRefused`, or an OSError for a name not found in time."""
    try:
        return checked_addresses(host, port, CONNECT_SECONDS)
    except NotAllowed:
        raise AddressRefused from None
