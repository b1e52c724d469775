"""A connection's parameters: what a broker's URL says, and at which addresses."""

import copy
from collections.abc import Sequence

import pika

from . import Resolve, TransportClosed
from .rabbitmq_errors import CONNECT_SECONDS

#: What LSports' SDK asks for (docs/protocol.md, Connections); the broker's own default is 60.
HEARTBEAT_SECONDS = 30


def connection_parameters(url: str, name: str) -> pika.URLParameters:
    """What `url` says, with our heartbeat and time-outs. Raises `TransportClosed`, without the password in it."""
    if not url.startswith(("amqp://", "amqps://")):
        raise TransportClosed("The broker's address must look like amqp://user:password@host:5672/virtual-host.")
    try:
        parameters = pika.URLParameters(url)
    except (ValueError, TypeError, IndexError) as error:
        raise TransportClosed(f"The broker's address cannot be read: {error}.") from None
    parameters.heartbeat = HEARTBEAT_SECONDS if parameters.heartbeat is None else parameters.heartbeat
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = CONNECT_SECONDS
    parameters.client_properties = {"connection_name": name}
    return parameters


def at_addresses(parameters: pika.URLParameters, resolve: Resolve | None) -> Sequence[pika.URLParameters]:
    """The parameters for each address of the host, whose certificate must still be the host's."""
    moved = []
    for address in resolve(parameters.host, parameters.port) if resolve else ():
        moved.append(copy.copy(parameters))
        moved[-1].host = address
        if parameters.ssl_options is not None:
            moved[-1].ssl_options = pika.SSLOptions(parameters.ssl_options.context, parameters.host)
    return moved or [parameters]
