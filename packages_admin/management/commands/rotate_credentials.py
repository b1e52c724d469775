"""`manage.py rotate_credentials`: seal every password with the newest of CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from feed.management.database import must_be_migrated
from packages_admin.models import Package
from packages_admin.secrets import SealBroken


class Command(BaseCommand):
    help = "Seal every package's password with the first of CREDENTIAL_KEYS; after that the older keys may go."
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
        self.stdout.write(f"{len(packages)} passwords are sealed with the first key; the others may be removed.")


def sealed_anew(package: Package) -> bool:
    try:
        package.password = package.password.rotated()
    except SealBroken:
        return False
    return True
