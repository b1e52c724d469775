"""Until when a server's certificate is good."""

import socket
import ssl
from datetime import UTC, datetime

CONNECT_SECONDS = 5.0


def certificate_end(host: str, port: int) -> datetime:
    """Raises an OSError where the server cannot be reached; ssl.SSLError, one of its kind, where TLS fails."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), CONNECT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
