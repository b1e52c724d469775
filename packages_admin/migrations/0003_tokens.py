"""Administrators make and revoke the tokens of programs."""

from django.db import migrations

from packages_admin.roles import grant, make_permissions

ABOUT_TOKENS = ["view", "add", "change", "revoke"]


def give(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "administrator", [f"feed.{word}_subscribertoken" for word in ABOUT_TOKENS])


class Migration(migrations.Migration):
    dependencies = [("packages_admin", "0002_roles"), ("feed", "0004_programs")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
