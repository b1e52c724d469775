"""What each side, in-play and pre-match, says of a fixture's prices is kept apart. No waiting market was ever written."""

import django.db.models.deletion
from django.db import migrations, models

SIDE = models.CharField(blank=True, db_default="", default="", max_length=10)


class Migration(migrations.Migration):
    dependencies = [("feed", "0013_epochs")]

    operations = [
        migrations.AddField("fixture", "charge", SIDE),
        migrations.AddField("fixture", "has_two_sides", models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            "fixture",
            models.Index(fields=["charge"], name="fixture_of_two_sides", condition=models.Q(("has_two_sides", True))),
        ),
        migrations.AddField("market", "side", SIDE),
        migrations.AddField("providermarket", "side", SIDE),
        migrations.DeleteModel("WaitingMarket"),
        migrations.CreateModel(
            name="WaitingMarket",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fixture_id", "side", "market_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("side", models.CharField(max_length=10)),
                ("market_id", models.BigIntegerField()),
                ("rows", models.JSONField(default=dict)),
                (
                    "fixture",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_markets",
                        to="feed.fixture",
                    ),
                ),
            ],
        ),
    ]
