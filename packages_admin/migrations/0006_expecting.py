"""Operators say that nothing more is expected of a feed."""

from django.db import migrations

from packages_admin.roles import grant, make_permissions


def give(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "operator", ["feed.expect_feedsource"])


class Migration(migrations.Migration):
    dependencies = [("packages_admin", "0005_words"), ("feed", "0008_expecting")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
