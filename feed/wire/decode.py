"""The one door: a delivery's bytes in, a message out, or the reason why not."""

from .errors import DEFAULT_LIMITS, DecodeError, Limits
from .messages import Message
from .trade import decode_trade


def decode(body: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The message in `body`, whichever dialect it is written in. Raises DecodeError and nothing else."""
    if len(body) > limits.max_bytes:
        raise DecodeError("too_large", f"the message has {len(body):,} bytes; at most {limits.max_bytes:,} are read")
    if not body or body.isspace():
        raise DecodeError("empty", "the message is empty")
    return decode_trade(body)
