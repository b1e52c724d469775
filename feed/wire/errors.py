"""Why a message was refused, and how much a message may ask for."""

import msgspec


class DecodeError(Exception):
    """A message that cannot be understood: the only error that `wire` raises.

    `reason` is a sentence for operators; `kind` is short and the same for all messages refused alike: empty, too_large,
    too_deep, text, syntax, dtd, shape, number, time, type.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one message may be at most: bytes as it arrives, levels of nesting, values in all."""

    max_bytes: int = 16 * 1024 * 1024
    max_depth: int = 64
    max_values: int = 1_000_000


DEFAULT_LIMITS = Limits()
