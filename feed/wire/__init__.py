"""Bytes in, messages out. Pure: no Django, no clock, no I/O, no logging."""

from .decode import decode, decode_piece
from .errors import DEFAULT_LIMITS, DecodeError, Limits

__all__ = ["DEFAULT_LIMITS", "DecodeError", "Limits", "decode", "decode_piece"]
