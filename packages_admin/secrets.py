"""Passwords at rest: sealed by the newest key of CREDENTIAL_KEYS, opened by any of them, never shown by accident."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class SealBroken(Exception):
    """A password was sealed with a key that CREDENTIAL_KEYS does not hold (any more)."""


class OtherAddress(SealBroken):
    """A password would go to an address that it was not entered for, or that is not allowed (any more)."""

    def __init__(self) -> None:
        super().__init__(
            "it was entered for another address, user or product, or PACKAGE_HOSTS does not allow the address any more"
        )


class Sealed:
    """A password that was sealed. Neither `str` nor `repr` says anything of it; `reveal` gives the plain text."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    @classmethod
    def of(cls, plain: str) -> "Sealed":
        """Seal `plain` with the newest key."""
        return cls(keys().encrypt(plain.encode()).decode())

    def reveal(self) -> str:
        """The plain text, empty where none was set. Raises `SealBroken` where no key opens it."""
        try:
            return self.token and keys().decrypt(self.token.encode()).decode()
        except InvalidToken:
            raise SealBroken("no key in CREDENTIAL_KEYS opens this password") from None

    def rotated(self) -> "Sealed":
        """The same password, sealed with the newest key. Raises `SealBroken` where no key opens it."""
        try:
            return Sealed(self.token and keys().rotate(self.token.encode()).decode())
        except InvalidToken:
            raise SealBroken("no key in CREDENTIAL_KEYS opens this password") from None

    def __bool__(self) -> bool:
        return bool(self.token)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.token == other.token

    def __hash__(self) -> int:
        return hash(self.token)

    def __str__(self) -> str:
        return "(sealed)" if self else "(not set)"

    __repr__ = __str__


def no_password() -> Sealed:
    """What a package holds before its password is set."""
    return Sealed("")


def keys() -> MultiFernet:
    """The keys of the settings, newest first. Raises `ImproperlyConfigured` naming the entry that is no key."""
    fernets = []
    for number, key in enumerate(settings.CREDENTIAL_KEYS, start=1):
        try:
            fernets.append(Fernet(key))
        except ValueError:
            raise ImproperlyConfigured(
                f"CREDENTIAL_KEYS: entry {number} is not a key (32 random bytes in URL-safe base64)"
            ) from None
    if not fernets:
        raise ImproperlyConfigured("CREDENTIAL_KEYS holds no key")
    return MultiFernet(fernets)


class SealedField(models.TextField):
    """A text column that holds only sealed text. Plain text is refused, so none can be written by mistake."""

    # What django-stubs reads of a field's Python type.
    _pyi_private_set_type: Sealed  # type: ignore[assignment]
    _pyi_private_get_type: Sealed  # type: ignore[assignment]

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Sealed | None:
        """Also reads the text of a fixture file, which is sealed text."""
        return value if value is None or isinstance(value, Sealed) else Sealed(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} takes Sealed.of(text), not plain text")
        return value.token

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))
