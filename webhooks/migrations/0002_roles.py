"""Administrators say which programs are posted to, as they make tokens; operators may see how that fares."""

from django.db import migrations

from packages_admin.roles import grant, make_permissions

ADMINISTRATOR = ["add_webhook", "change_webhook", "delete_webhook", "view_webhook"]


def give(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "administrator", [f"webhooks.{name}" for name in ADMINISTRATOR])
    grant(apps, "operator", ["webhooks.view_webhook"])


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_webhooks"), ("packages_admin", "0009_recoveries")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
