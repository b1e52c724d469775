"""Fixtures by words: sides, league, location and sport, without accents; or their number."""

import unicodedata

#: A shorter number is part of a name: "Schalke 04".
LEAST_DIGITS = 4
#: Letters that are no others with an accent.
LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def folded(text: str) -> str:
    """The text in small letters without accents: "São Lírio" is "sao lirio"."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def has_word(text: str, fixture_id: int, word: str) -> bool:
    """Whether the folded word is in the folded names of a fixture, or its number begins with it."""
    if word in text:
        return True
    return word.isdecimal() and len(word) >= LEAST_DIGITS and str(fixture_id).startswith(word)
