"""The roles as groups: what a trader, an operator and an administrator may do. Made by a migration.

A later migration that brings a new permission gives it to a role with `grant`; what an administrator has changed in
the groups by then stays as it is.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.management import create_permissions

TRADER = ["feed.view_fixture", "feed.view_feedsource"]
OPERATOR = [
    *TRADER,
    "packages_admin.use_operations",
    "packages_admin.view_package",
    "packages_admin.add_package",
    "packages_admin.change_package",
    "packages_admin.activate_package",
    "packages_admin.deactivate_package",
    "packages_admin.refresh_package",
    "packages_admin.snapshot_package",
    "packages_admin.view_packagecall",
    "packages_admin.export_packagecall",
    "feed.view_rejectedmessage",
    "feed.retry_rejectedmessage",
    "feed.view_unknowncode",
]
ADMINISTRATOR = [
    *TRADER,
    "packages_admin.use_operations",
    "packages_admin.view_package",
    "packages_admin.delete_package",
    "packages_admin.view_packagecall",
    "packages_admin.export_packagecall",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.delete_user",
    "auth.view_group",
    "auth.add_group",
    "auth.change_group",
    "auth.delete_group",
    "otp_totp.view_totpdevice",
    "otp_totp.delete_totpdevice",
    "otp_static.view_staticdevice",
    "otp_static.delete_staticdevice",
]
ROLES = {"trader": TRADER, "operator": OPERATOR, "administrator": ADMINISTRATOR}


def make_roles(apps: Any) -> None:
    """Make the three groups with their permissions. `apps` is a migration's, or Django's own."""
    for role, permissions in ROLES.items():
        grant(apps, role, permissions)


def grant(apps: Any, role: str, permissions: Iterable[str]) -> None:
    """Give the group `role` (made if need be) `permissions` like "feed.view_fixture". Raises LookupError for others."""
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
    parts = [permission.partition(".") for permission in permissions]
    names = [(app_label, codename) for app_label, _, codename in parts]
    rows = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label__in={app_label for app_label, _ in names},
        codename__in={codename for _, codename in names},
    )
    found = {(row.content_type.app_label, row.codename): row for row in rows.select_related("content_type")}
    for app_label, codename in names:
        if (app_label, codename) not in found:
            raise LookupError(f"there is no permission {app_label}.{codename}")
    group.permissions.add(*(found[name] for name in names))


def make_permissions(apps: Any) -> None:
    """Make the permissions now, which Django does only after the last migration."""
    for app_config in apps.get_app_configs():
        app_config.models_module = True
        create_permissions(app_config, apps=apps, verbosity=0)
        app_config.models_module = None
