"""Operators may say where alarms go, and try it; operators and administrators may see what was raised."""

from django.db import migrations

from packages_admin.roles import grant, make_permissions

OPERATOR = ["add_destination", "change_destination", "delete_destination", "view_destination", "try_destination"]
SEEN = ["view_alarm", "view_delivery"]


def give(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "operator", [f"alarms.{name}" for name in (*OPERATOR, *SEEN)])
    grant(apps, "administrator", [f"alarms.{name}" for name in ("view_destination", *SEEN)])


class Migration(migrations.Migration):
    dependencies = [("alarms", "0001_alarms"), ("packages_admin", "0009_recoveries")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
