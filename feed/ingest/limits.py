"""How much one message may ask for here: the settings, as `wire` takes them."""

from django.conf import settings

from feed.wire import Limits


def wire_limits() -> Limits:
    """The limits of WIRE_MAX_BYTES, WIRE_MAX_DEPTH and WIRE_MAX_VALUES."""
    return Limits(
        max_bytes=settings.WIRE_MAX_BYTES, max_depth=settings.WIRE_MAX_DEPTH, max_values=settings.WIRE_MAX_VALUES
    )
