"""What can be wrong with the keys, said when a command starts: a wrong key is an error then, never a wrong password."""

import logging
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from .models import Package
from .secrets import SealBroken, keys

logger = logging.getLogger(__name__)

HINT = "Put the key back into CREDENTIAL_KEYS (any place but the first), or enter the passwords again in the admin."


@register()
def credential_keys_are_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """packages_admin.E001"""
    try:
        keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="cryptography's Fernet.generate_key() makes one.", id="packages_admin.E001")]
    return []


@register()
def credential_keys_open_every_password(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """packages_admin.E002. Without a database, or before its migration, there is nothing to open."""
    try:
        locked = [package.name for package in Package.objects.only("name", "password") if is_locked(package)]
    except (DatabaseError, ImproperlyConfigured):
        return []
    if not locked:
        return []
    text = f"No key in CREDENTIAL_KEYS opens the password of: {', '.join(locked)}."
    return [Error(text, hint=HINT, id="packages_admin.E002")]


def log_faults() -> None:
    """Say what is wrong with the keys, for a process that does not run Django's checks. Closes its connection."""
    for fault in [*credential_keys_are_keys(None), *credential_keys_open_every_password(None)]:
        logger.error("%s %s", fault.msg, fault.hint)
    connection.close()


def is_locked(package: Package) -> bool:
    try:
        package.password.reveal()
    except SealBroken:
        return True
    return False


@register(Tags.security, deploy=True)
def operators_show_a_second_factor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """packages_admin.W001"""
    if settings.OPERATOR_TOTP_REQUIRED:
        return []
    text = "Whoever has an operator's password can switch packages off: OPERATOR_TOTP_REQUIRED is False."
    return [Warning(text, hint="Set OPERATOR_TOTP_REQUIRED=True.", id="packages_admin.W001")]
