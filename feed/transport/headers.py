"""AMQP headers of a message."""

from collections.abc import Mapping


def text_headers(headers: Mapping[str, object] | None) -> dict[str, str]:
    """AMQP headers as text; LSports documents text, SDKs meet bytes and numbers (docs/protocol.md, AMQP headers)."""
    return {
        key: value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        for key, value in (headers or {}).items()
    }
