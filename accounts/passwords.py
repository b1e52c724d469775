"""Refuses passwords that are easily guessed: by zxcvbn, our own words, and a file of breached ones if there is one."""

import hashlib
import mmap
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from zxcvbn import zxcvbn

#: On zxcvbn's scale of 0 to 4: "safely unguessable: moderate protection from offline slow-hash scenario".
LEAST_SCORE = 3
#: zxcvbn refuses longer texts with an error.
MOST_CHARACTERS = 72
#: Words of this desk that somebody would try first here.
OWN_WORDS = (
    *("livescore", "livescoredesk", "lsports", "desk", "trader", "operator", "administrator", "odds", "bookmaker"),
    *("inplay", "prematch", "trade", "hyper", "suspended", "football", "tennis"),
)


class GuessablePasswordValidator:
    """Refuses a password that an attacker with lists of leaked ones would try early. No network is used."""

    def validate(self, password: str, user: Any = None) -> None:
        names = [user.get_username(), user.first_name, user.last_name, user.email] if user else []
        found = zxcvbn(password[:MOST_CHARACTERS], [*OWN_WORDS, *(name for name in names if name)])
        if found["score"] < LEAST_SCORE or is_breached(password):
            raise ValidationError(gettext("This password is easily guessed."), code="password_guessable")

    def get_help_text(self) -> str:
        return gettext("Your password must not be one that is easily guessed; three or four unusual words are good.")


def is_breached(password: str) -> bool:
    """Whether the file that BREACHED_PASSWORDS names has this password.

    The file's lines are sorted, and each begins with a SHA-1 digest in hex.
    """
    if not settings.BREACHED_PASSWORDS:
        return False
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with open(settings.BREACHED_PASSWORDS, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        # A binary search by bytes, as such files have a billion lines. Each step goes back to the start of a line.
        low, high = 0, len(text)
        while low < high:
            middle = text.rfind(b"\n", 0, (low + high) // 2) + 1
            if middle < low:
                middle = low
            line = text[middle : middle + len(wanted)].upper()
            if line == wanted:
                return True
            end = text.find(b"\n", middle)
            low, high = (len(text) if end < 0 else end + 1, high) if line < wanted else (low, middle)
    return False
