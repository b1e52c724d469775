"""What goes wrong with RabbitMQ, in an operator's words."""

import socket
import ssl

import pika
from pika.adapters.utils.connection_workflow import AMQPConnectorStackTimeout
from pika.exceptions import (
    AMQPHeartbeatTimeout,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    ConsumerCancelled,
    IncompatibleProtocolError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from . import AddressRefused
from .losses import DELETED, NOT_THERE

CONNECT_SECONDS = 10
#: The broker's number for a queue that is not there.
NOT_FOUND = 404


def explain(error: Exception, parameters: pika.URLParameters, queue_name: str) -> str:
    """What went wrong, and where to look, in an operator's words."""
    host, place = parameters.host, f"{parameters.host}:{parameters.port}"
    user = getattr(parameters.credentials, "username", "")
    match root_of(error):
        case socket.gaierror():
            return f"The host {host} is not known: check the name and the DNS."
        case AddressRefused():
            return f"The host {host} leads to an address that is not allowed (PACKAGE_HOSTS)."
        case ConnectionRefusedError():
            return f"{place} refuses the connection: no broker listens there."
        case ssl.SSLCertVerificationError() as cause:
            return f"The certificate of {host} is not accepted: {cause.verify_message.rstrip('.')}."
        case ssl.SSLError():
            return f"{place} does not answer in TLS: check the port, or whether TLS is wanted."
        case TimeoutError() | AMQPConnectorStackTimeout():
            return f"{place} does not answer within {CONNECT_SECONDS} s."
        case ProbableAuthenticationError():
            return f"The broker at {place} refuses the user {user} or the password."
        case ProbableAccessDeniedError():
            return f"The virtual host {parameters.virtual_host} does not exist, or the user {user} may not use it."
        case IncompatibleProtocolError():
            return f"{place} does not answer as a broker does: check the port, and whether TLS is wanted."
        case AMQPHeartbeatTimeout():
            return f"The broker at {place} has fallen silent."
        case ConsumerCancelled():
            return f"The broker has ended our consumption of the queue {queue_name}: it was deleted or moved."
        case ChannelClosedByBroker(reply_code=404):
            return f"The queue {queue_name} is not there: is the package activated?"
        case ChannelClosedByBroker(reply_code=403):
            return f"The queue {queue_name} may not be consumed yet: is the package's distribution on?"
        case ChannelClosedByBroker(reply_code=405):
            return f"The queue {queue_name} is held by another consumer for itself alone."
        case ChannelClosedByBroker() | ConnectionClosedByBroker() as cause:
            return f"The broker at {place} has closed the connection: {cause.reply_text}."
        case OSError() as cause:
            return f"{place} cannot be reached: {cause.strerror or cause}."
    return f"The connection to {place} is lost."


def loss_behind(error: Exception) -> str:
    """Why messages of the queue are lost, where the error says so; empty where it does not."""
    match error:
        case ConsumerCancelled():
            return DELETED
        case ChannelClosedByBroker(reply_code=code) if code == NOT_FOUND:
            return NOT_THERE
    return ""


def root_of(error: BaseException) -> BaseException:
    """The error that pika wrapped, where it wrapped one."""
    inner = getattr(error, "exception", None) or next((arg for arg in error.args if isinstance(arg, Exception)), None)
    return error if inner is None else root_of(inner)
