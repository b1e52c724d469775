"""How far each stream has been read: its consumer remembers that, the broker does not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0032_fixture_log")]

    operations = [
        migrations.CreateModel(
            name="StreamOffset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("queue", models.CharField(max_length=255)),
                ("offset", models.BigIntegerField()),
                (
                    "source",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="feed.feedsource"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("source"), models.F("queue"), name="stream_offset_once")]
            },
        ),
    ]
