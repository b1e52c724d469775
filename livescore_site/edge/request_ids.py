"""Each request and socket has an id: in every line of the log that is about it, and in its answer.

Our proxy's `X-Request-ID` counts, so that its log and ours can be compared; anybody else's does not.
"""

import re
import secrets
from contextvars import ContextVar

from .addresses import REQUEST_ID as HEADER
from .addresses import Headers, last_value

#: The id of what is being answered; empty outside of requests and sockets.
CURRENT: ContextVar[str] = ContextVar("request_id", default="")
USABLE = re.compile(r"[\w.:-]{8,64}")


def request_id_of(headers: Headers) -> str:
    """The one that our proxy gave, where it is usable, or a new one."""
    given = last_value(headers, HEADER)
    return given if USABLE.fullmatch(given) else secrets.token_hex(8)
