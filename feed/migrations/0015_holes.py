"""The numbers of a market's messages, and which of them are missing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0014_sides")]

    operations = [
        migrations.AddField("feedsource", "numbered", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("feedsource", "skips", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("feedsource", "doubted_since", models.DateTimeField(null=True)),
        migrations.AddField("feedsource", "hole_confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField("market", "seq", models.BigIntegerField(null=True)),
        migrations.AddField("market", "settled_seq", models.BigIntegerField(null=True)),
        migrations.AddField("market", "numbered_at", models.DateTimeField(null=True)),
        migrations.AddField("market", "numbered_by", models.BigIntegerField(null=True)),
        migrations.AddField("market", "numbered_epoch", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("market", "missing", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("market", "skipped_at", models.DateTimeField(null=True)),
        migrations.AddField("market", "gap_since", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "market",
            models.Index(
                fields=["skipped_at"], condition=models.Q(skipped_at__isnull=False), name="market_with_skip"
            ),
        ),
    ]
