"""A message's body made readable for a person: indented where it is JSON or XML, harmless and bounded in any case."""

import re
from xml.parsers.expat import ExpatError

import msgspec
from defusedxml import DefusedXmlException, minidom

#: Larger bodies are shown as they are, from their beginning.
INDENT_BYTES = 256 * 1024
SHOWN_CHARACTERS = 64 * 1024

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
BLANK_LINES = re.compile(r"\n\s*\n")


def readable_body(body: bytes) -> str:
    """The body as text for a page (not escaped for HTML): what cannot be shown is written as \\x00, the rest is cut."""
    text = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", indented(body))
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS]}\n… cut here; the whole message has {len(body):,} bytes"


def indented(body: bytes) -> str:
    """JSON and XML with a line for each thing, all else as it is; numbers keep every digit."""
    plain = body[: SHOWN_CHARACTERS * 4].decode(errors="backslashreplace")
    if len(body) > INDENT_BYTES:
        return plain
    try:
        if plain.lstrip("\ufeff \t\r\n").startswith("<"):
            return BLANK_LINES.sub("\n", minidom.parseString(plain.lstrip("\ufeff")).toprettyxml(indent="  "))
        return msgspec.json.format(body, indent=2).decode(errors="backslashreplace")
    except (msgspec.DecodeError, ExpatError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return plain
