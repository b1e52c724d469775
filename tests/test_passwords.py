"""New passwords: words of this desk and breached ones are refused; length and composition are the person's own."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.passwords import is_breached

BREACHED = [f"breached horse number {number}" for number in range(257)]


@pytest.fixture
def breached(settings: Any, tmp_path: Path) -> None:
    """A file as Have I Been Pwned's downloader writes it."""
    digests = sorted(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper() for text in BREACHED)
    path = tmp_path / "breached.txt"
    path.write_text("\r\n".join(f"{digest}:{number}" for number, digest in enumerate(digests)))
    settings.BREACHED_PASSWORDS = str(path)


def test_every_password_of_the_file_is_found_and_no_other(breached: None):
    assert [text for text in BREACHED if not is_breached(text)] == []
    assert [text for text in BREACHED if is_breached(text + "!")] == []


def test_a_breached_password_is_refused_though_it_is_long(breached: None):
    with pytest.raises(ValidationError, match="easily guessed"):
        validate_password(BREACHED[7])
    validate_password("unbreached horse number 7")


@pytest.mark.parametrize("password", ["livescoredesk1", "LSportsTrader1", "bookmaker2026", "inplayprematch"])
def test_words_of_this_desk_do_not_make_a_password(password: str):
    with pytest.raises(ValidationError, match="easily guessed"):
        validate_password(password)


@pytest.mark.parametrize("password", ["quay umbrella nickel tuba " * 5, "vier alte Zäune blühen", "qzvxkwpyjrmb"])
def test_length_and_composition_are_free_above_twelve(password: str):
    validate_password(password)


def test_eleven_characters_are_too_few():
    with pytest.raises(ValidationError):
        validate_password("qzvxkwpyjrm")
