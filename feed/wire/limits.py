"""Bounds that are checked before anything is built, so that a bomb costs no more than reading its bytes."""

import re

from .errors import DecodeError, Limits

BRACKETS = bytes.maketrans(b"{}", b"[]")
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
NOT_OPENING = bytes(set(range(256)) - set(b"[{"))
#: A JSON text. An unfinished one runs to the end, so that no byte is read twice.
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def check_size(body: bytes, limits: Limits) -> None:
    if len(body) > limits.max_bytes:
        raise DecodeError("too_large", f"the message has {len(body):,} bytes; at most {limits.max_bytes:,} are read")
    # No value is shorter than a byte, so only a body of more bytes than that can hold too many.
    if len(body) > limits.max_values:
        values = sum(map(body.count, (b",", b"[", b"{", b"<", b"=")))
        if values > limits.max_values:
            raise DecodeError("too_large", f"the message has over {limits.max_values:,} values")


def check_json_depth(body: bytes, limits: Limits) -> None:
    """Refuse JSON that is nested deeper than `limits.max_depth`.

    A message with few brackets cannot be deep, which settles most. Of the others the brackets alone are kept, and the
    innermost pairs taken out once for each level allowed: what is left then is deeper, or a bracket within a text.
    """
    if len(body.translate(None, delete=NOT_OPENING)) <= limits.max_depth:
        return
    if _is_deeper(body, limits.max_depth) and _is_deeper(STRING.sub(b"", body), limits.max_depth):
        raise too_deep(limits)


def too_deep(limits: Limits) -> DecodeError:
    return DecodeError("too_deep", f"the message is nested deeper than {limits.max_depth} levels")


def _is_deeper(body: bytes, depth: int) -> bool:
    brackets = body.translate(BRACKETS, delete=NOT_BRACKETS)
    for _ in range(depth):
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > depth
