"""The journal. On PostgreSQL it is partitioned by the day of commit, and can be read by the time of receipt.

Entries come nearly in the order of their receipt, so a block range index is exact enough for that and costs writing nothing.
"""

from django.db import migrations, models

TABLE = "feed_journalentry"
PARTS = [
    (1, "Fixture"),
    (2, "Participants"),
    (3, "Scoreboard"),
    (4, "Periods"),
    (5, "Incidents"),
    (6, "Statistics"),
    (7, "Player Statistics"),
    (8, "Market"),
    (9, "Competition"),
    (10, "Source"),
]
OF_PART = models.Index(fields=["fixture_id", "part", "market_id", "revision"], name="journal_of_part")
SETTLING = models.Index(fields=["fixture_id"], condition=models.Q(settles=True), name="journal_of_settlements")


def partition(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(f"ALTER TABLE {TABLE} RENAME TO {TABLE}_plain")
    schema_editor.execute(
        f"CREATE TABLE {TABLE} (LIKE {TABLE}_plain INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY RANGE (committed_at)"
    )
    schema_editor.execute(f"DROP TABLE {TABLE}_plain")
    schema_editor.execute(f"CREATE TABLE {TABLE}_default PARTITION OF {TABLE} DEFAULT")
    schema_editor.execute(
        f"CREATE INDEX journal_by_receipt ON {TABLE} USING brin (received_at) WITH (pages_per_range = 16)"
    )


class Migration(migrations.Migration):
    dependencies = [("feed", "0021_rules_of_a_price")]

    operations = [
        migrations.AddField("market", "keyframe_revision", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("market", "keyframe_at", models.DateTimeField(null=True)),
        migrations.AddField("market", "entries", models.BigIntegerField(db_default=0, default=0)),
        migrations.CreateModel(
            "JournalEntry",
            [
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("fixture_id", models.BigIntegerField()),
                ("market_id", models.BigIntegerField(default=0)),
                ("revision", models.BigIntegerField()),
                ("keyframe_revision", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
                ("committed_at", models.DateTimeField()),
                ("source_id", models.BigIntegerField(null=True)),
                ("part", models.SmallIntegerField(choices=PARTS)),
                ("settles", models.BooleanField(default=False)),
                ("blob", models.BinaryField()),
            ],
        ),
        migrations.RunPython(partition, migrations.RunPython.noop),
        migrations.AddIndex("JournalEntry", OF_PART),
        migrations.AddIndex("JournalEntry", SETTLING),
    ]
