"""Operators see what was missed and what was done about it, and may have a fixture asked for again."""

from django.db import migrations

from packages_admin.roles import grant, make_permissions

OPERATOR = ["feed.view_break", "feed.view_recovery", "feed.view_livedifference", "feed.repair_livedifference"]


def may_recover(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "operator", OPERATOR)


class Migration(migrations.Migration):
    dependencies = [("packages_admin", "0008_two_people"), ("feed", "0016_recovery")]

    operations = [migrations.RunPython(may_recover, migrations.RunPython.noop)]
