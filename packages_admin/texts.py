"""Text from outside on one line: nothing in it can begin a line of a log, or move the cursor of who reads it."""

import unicodedata

#: Control characters, format characters (direction, zero width), and line and paragraph separators.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def is_one_line(text: str) -> bool:
    """Whether a text holds no line break, control or format character."""
    return not any(unicodedata.category(character) in REFUSED_CATEGORIES for character in text)


def one_line(text: str) -> str:
    """The text with one blank for each run of blanks, line breaks, control and format characters."""
    shown = (" " if unicodedata.category(character) in REFUSED_CATEGORIES else character for character in text)
    return " ".join("".join(shown).split())
