"""Room in a page of bets for a new version of each of them: a message changes a whole market, whose bets lie together."""

from django.db import migrations


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE feed_bet SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("feed", "0008_expecting")]

    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
