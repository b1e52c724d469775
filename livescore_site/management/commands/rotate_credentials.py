"""`manage.py rotate_credentials`: seal every password with the newest of CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import PhoneKey
from alarms.models import Destination
from feed.management.database import must_be_migrated
from packages_admin.models import Package
from packages_admin.secrets import SealBroken
from webhooks.models import Webhook


class Command(BaseCommand):
    help = (
        "Seal packages' passwords, phones' keys, and where alarms and webhooks go, with the first of CREDENTIAL_KEYS; "
        "then the older keys may go."
    )
    #: It is the way out of what the checks complain of, so it must run.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        must_be_migrated()
        with transaction.atomic():
            packages = list(Package.objects.select_for_update())
            locked = [package.name for package in packages if not sealed_anew(package)]
            if locked:
                raise CommandError(
                    f"No key in CREDENTIAL_KEYS opens the password of: {', '.join(locked)}. Nothing was changed."
                )
            for package in packages:
                package.save(update_fields=["password"])
            phones = seal_phones_anew()
            seal_destinations_anew()
        self.stdout.write(
            f"{len(packages)} passwords and {phones} phones are sealed with the first key; the others may be removed."
        )


def seal_destinations_anew() -> None:
    """Seal where alarms and webhooks go with the first key. Raises `CommandError` where none opens one."""
    rows: list[Destination | Webhook] = [*Destination.objects.select_for_update(), *Webhook.objects.select_for_update()]
    for destination in rows:
        try:
            destination.address, destination.secret = destination.address.rotated(), destination.secret.rotated()
        except SealBroken:
            text = f"No key in CREDENTIAL_KEYS opens the address of: {destination}. Nothing was changed."
            raise CommandError(text) from None
        destination.save(update_fields=["address", "secret"])


def seal_phones_anew() -> int:
    """Seal the keys of phones with the first key; how many. Raises `CommandError` where none opens one."""
    rows = list(PhoneKey.objects.select_for_update().select_related("device__user"))
    for row in rows:
        try:
            row.key = row.key.rotated()
        except SealBroken:
            text = f"No key in CREDENTIAL_KEYS opens the phone of: {row.device.user}. Nothing was changed."
            raise CommandError(text) from None
        row.save()
    return len(rows)


def sealed_anew(package: Package) -> bool:
    try:
        package.password = package.password.rotated()
    except SealBroken:
        return False
    return True
