"""What the fixtures' log has of messages, beside their leaves. A batch is found by when it was committed."""

from django.db import migrations, models

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
    (11, "Unchanged"),
]


class Migration(migrations.Migration):
    dependencies = [("feed", "0031_acts")]

    operations = [
        migrations.AlterField("JournalEntry", "part", models.SmallIntegerField(choices=PARTS)),
        migrations.AddField("LeafBatch", "details", models.BinaryField(null=True)),
        migrations.AddIndex("LeafBatch", models.Index(fields=["committed_at"], name="leaves_by_commit")),
    ]
