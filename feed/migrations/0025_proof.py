"""Leaves of the signed tree, and how many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0024_dismissed")]

    operations = [
        migrations.CreateModel(
            "ProofLog",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            "LeafBatch",
            [
                ("first", models.BigIntegerField(primary_key=True, serialize=False)),
                ("count", models.IntegerField()),
                ("committed_at", models.DateTimeField()),
                ("leaves", models.BinaryField()),
            ],
        ),
    ]
