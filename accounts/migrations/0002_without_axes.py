"""django-axes is not used any more: its tables and permissions go."""

from django.db import migrations

TABLES = ("axes_accessattemptexpiration", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


def forget(apps, schema_editor):
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="axes").delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_guesses"), ("auth", "__first__"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        *(migrations.RunSQL(f"DROP TABLE IF EXISTS {table}", migrations.RunSQL.noop) for table in TABLES),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
