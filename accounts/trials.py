"""One password or code on trial: by whom, from where, and whether it may be tried at all."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts import guesses, known_browsers, security_log
from livescore_site.edge.addresses import network_of

#: Enough of a digest to see that the same was typed again.
DIGEST_CHARACTERS = 12


class TooManyTries(Exception):
    """Too many wrong passwords were given: this one is not tried."""


@dataclass(frozen=True)
class Trial:
    """A password that may be tried; counted as wrong until `was_right`."""

    keys: Mapping[str, int]
    at: float

    def was_right(self) -> None:
        guesses.take_back(self.keys, self.at)


def begin(request: HttpRequest, name: str) -> Trial:
    """Count a try for `name`. Raises `TooManyTries`, which is logged."""
    guesses.forget_old()
    keys = keys_for(request, name)
    at = guesses.count(keys)
    if at is None:
        security_log.record("sign_in.locked", request, name=name_to_log(name))
        raise TooManyTries
    return Trial(keys, at)


def begin_code(request: HttpRequest) -> Trial:
    """Count a try of a code of the second factor, of whichever kind. Raises `TooManyTries`, which is logged.

    A browser that is known is a stranger here: who shows its cookie may have stolen it with the session.
    """
    keys = {code_key(request.user.pk): guesses.MOST_PER_NAME, address_key(request): guesses.MOST_PER_ADDRESS}
    at = guesses.count(keys)
    if at is None:
        security_log.record("second_factor.locked", request)
        raise TooManyTries
    return Trial(keys, at)


def keys_for(request: HttpRequest, name: str) -> dict[str, int]:
    """What a try is counted under: a known browser by itself, anybody else by name and by address."""
    if number := known_browsers.number_of(request, name):
        return {f"browser:{number}": guesses.MOST_PER_NAME}
    return {name_key(name): guesses.MOST_PER_NAME, address_key(request): guesses.MOST_PER_ADDRESS}


def address_key(request: HttpRequest) -> str:
    return "address:" + network_of({"client": (request.META.get("REMOTE_ADDR", ""), 0)})


def forget(user: User) -> None:
    """Nothing was tried for this user: neither a password nor a code."""
    guesses.forget(name_key(user.get_username()))
    guesses.forget(code_key(user.pk))


def code_key(user_id: Any) -> str:
    return f"code:{user_id}"


def name_key(name: str) -> str:
    """A digest under the desk's key: a password typed as the name by mistake can neither be read nor guessed."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "name:" + salted_hmac("accounts.trials", folded, algorithm="sha256").hexdigest()


def name_to_log(name: str) -> str:
    """The name, if somebody has it. Anything else may be a password in the wrong field: the log has its digest."""
    if User.objects.filter(username=name).exists():
        return name
    return f"unknown {name_key(name).removeprefix('name:')[:DIGEST_CHARACTERS]}"
