"""The revision at which a market's bets were last opened or closed as a whole, so that programs are told of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0011_unreadable_parts")]

    operations = [
        migrations.AddField("market", "status_revision", models.BigIntegerField(default=0, db_default=0)),
    ]
