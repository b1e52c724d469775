"""How old what comes is, for the line on every page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0016_recovery")]

    operations = [
        migrations.AddField("feedsource", "age_ms", models.BigIntegerField(null=True)),
        migrations.AddField("feedsource", "supplier_age_ms", models.BigIntegerField(null=True)),
    ]
