"""A limit that somebody reaches is a security event: a line a minute for each limit and address, not many in all."""

import time

from accounts import security_log

MINUTE_SECONDS = 60.0
#: Lines of all addresses within that time: whoever comes from many must not fill the log.
MOST_LINES = 100

_logged: dict[tuple[str, str], float] = {}


def limit_reached(what: str, address: str) -> None:
    """Log that `address` was turned away for too many or too much of `what` ("sockets", "a body")."""
    now, key = time.monotonic(), (what, address)
    for other in [old for old, at in _logged.items() if now >= at + MINUTE_SECONDS]:
        del _logged[other]
    if key not in _logged and len(_logged) < MOST_LINES:
        _logged[key] = now
        security_log.record("limit.reached", address=address, what=what)
