"""Strict readers for environment variables: a value that is not understood stops the start with a plain sentence.

Every reader takes `NAME`, or the content of the file that `NAME_FILE` points to (for mounted secrets).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str = "") -> str:
    """The variable's text, or `default` where neither `name` nor `name_FILE` is set."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points to {path}, which cannot be read: {error.strerror}"
            ) from None
    return os.environ.get(name, default)


def env_address(name: str) -> str:
    """An address of http or https; empty where there is none."""
    text = env_text(name).strip()
    try:
        parts = urlsplit(text)
        is_one = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_one = False
    if not is_one:
        raise ImproperlyConfigured(f"{name} must be an address such as http://127.0.0.1:4318/v1/traces, not {text!r}")
    return text


def env_bool(name: str, default: bool) -> bool:
    """True or False; any other word is refused."""
    text = env_text(name, str(default))
    if text not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {text!r}")
    return text == "True"


def env_int(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`."""
    text = env_text(name, str(default))
    try:
        number = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}") from None
    if number < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}, not {number}")
    return number


def env_choice(name: str, choices: Sequence[str]) -> str:
    """One of the words; the first by default."""
    text = env_text(name, choices[0])
    if text not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {text!r}")
    return text


def env_list(name: str, default: str = "") -> list[str]:
    """The comma-separated parts, without blanks and empty ones."""
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


def env_language(name: str, folders: Sequence[Path]) -> str:
    """The code of a language that one of the folders has a compiled catalogue of; English needs none."""
    text = env_text(name, "en")
    if text != "en" and not any((folder / text / "LC_MESSAGES" / "django.mo").is_file() for folder in folders):
        wanted = folders[-1] / text / "LC_MESSAGES" / "django.mo"
        raise ImproperlyConfigured(
            f"{name} is {text!r}, and there is no {wanted}: make it (docs/operations.md) or use 'en'"
        )
    return text
