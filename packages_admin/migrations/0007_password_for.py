"""A password is for the addresses it was entered for; a deactivation that is not confirmed stands apart."""

from typing import Any

from django.db import migrations, models

from packages_admin.outcome import Kind

FIELDS = ("product", "user_name", "api_base", "snapshot_base", "amqp_host", "amqp_port", "amqp_tls")


def keep_where_passwords_go(apps: Any, schema_editor: Any) -> None:
    """Those that are kept were entered for what stands beside them."""
    for package in apps.get_model("packages_admin", "Package").objects.all():
        package.password_for = [getattr(package, name) for name in FIELDS]
        package.save(update_fields=["password_for"])


class Migration(migrations.Migration):
    dependencies = [("packages_admin", "0006_expecting")]

    operations = [
        migrations.AddField("package", "off_asked_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("package", "password_for", models.JSONField(default=list, editable=False)),
        migrations.RunPython(keep_where_passwords_go, migrations.RunPython.noop),
        migrations.AlterField(
            "packagecall",
            "kind",
            models.CharField(blank=True, choices=[(kind.value, kind.label) for kind in Kind], max_length=20),
        ),
    ]
