from django.db import migrations

from packages_admin.roles import make_permissions, make_roles


def make(apps, schema_editor):
    make_permissions(apps)
    make_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("packages_admin", "0001_packages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("feed", "0001_initial"),
        ("otp_totp", "__latest__"),
        ("otp_static", "__latest__"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
