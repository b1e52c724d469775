"""What LSports is asked for after a break, and what came of it."""

import django.db.models.deletion
from django.db import migrations, models

SNAPSHOTS = [("", "cannot be asked for"), ("answered", "are answered"), ("triggered", "come through the queue")]
DIFFERENCES = [("missing", "in play here, not in LSports' list"), ("unknown", "in LSports' list, not known here")]


class Migration(migrations.Migration):
    dependencies = [("feed", "0015_holes")]

    operations = [
        migrations.AddField(
            "feedsource",
            "snapshots",
            models.CharField(max_length=10, choices=SNAPSHOTS, blank=True, default="", db_default=""),
        ),
        migrations.AddField("feedsource", "broke_at", models.DateTimeField(null=True)),
        migrations.AddField("feedsource", "recovering_since", models.DateTimeField(null=True)),
        migrations.AddField(
            "feedsource",
            "recovery_words",
            models.CharField(max_length=300, blank=True, default="", db_default=""),
        ),
        migrations.CreateModel(
            "Recovery",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.BigIntegerField()),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateTimeField(null=True)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("calls", models.IntegerField(default=0)),
                ("answers", models.IntegerField(default=0)),
                ("confirmed", models.BigIntegerField(default=0)),
                ("left_over", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(max_length=300, blank=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recoveries", to="feed.feedsource"
                    ),
                ),
            ],
            options={
                "ordering": ["-began_at", "-id"],
                "verbose_name_plural": "recoveries",
                "constraints": [
                    models.UniqueConstraint("source", condition=models.Q(ended_at=None), name="recovery_one_at_a_time")
                ],
            },
        ),
        migrations.CreateModel(
            "LiveDifference",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fixture_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=10, choices=DIFFERENCES)),
                ("since", models.DateTimeField()),
                ("lists", models.IntegerField(default=1)),
                ("is_wanted", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField(null=True)),
                ("sentence", models.CharField(max_length=300, blank=True)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="differences", to="feed.feedsource"
                    ),
                ),
            ],
            options={
                "ordering": ["since", "fixture_id"],
                "constraints": [
                    models.UniqueConstraint("source", "fixture_id", "kind", name="live_difference_once")
                ],
                "permissions": [("repair_livedifference", "Can ask LSports for a fixture again")],
            },
        ),
    ]
