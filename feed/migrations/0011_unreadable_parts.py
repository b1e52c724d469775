"""Flags for what could not be read, players under texts, participants by position, one source's words beside another's."""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = "fixture_id, participant_id, name, position, rotation_id, is_active, result, extra_data, details, revision"
UNREADABLE = models.BooleanField(default=False, db_default=False)


def copy_participants(apps, schema_editor):
    schema_editor.execute(
        f"INSERT INTO feed_participant (slot, {COLUMNS}) SELECT coalesce(position, 0), {COLUMNS}"
        " FROM feed_unplacedparticipant"
    )


class Migration(migrations.Migration):
    dependencies = [("feed", "0010_one_consumer")]

    operations = [
        *[
            migrations.AddField(model, "unreadable", UNREADABLE)
            for model in ("fixture", "market", "providermarket", "bet")
        ],
        migrations.AddField(
            "fixture",
            "status_from",
            models.CharField(
                max_length=12,
                choices=[("description", "fixture message"), ("scoreboard", "scoreboard")],
                blank=True,
                default="",
                db_default="",
            ),
        ),
        migrations.AddField(
            "feedsource",
            "flow",
            models.CharField(
                max_length=10,
                choices=[("in_play", "in-play"), ("pre_match", "pre-match")],
                blank=True,
                default="",
                db_default="",
            ),
        ),
        *[
            migrations.AlterField(model, "player_id", models.TextField(blank=True, default="", db_default=""))
            for model in ("bet", "incident")
        ],
        migrations.AlterField("playerstatistic", "player_id", models.TextField()),
        migrations.CreateModel(
            "WaitingMarket",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fixture_id", "source_id", "market_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("market_id", models.BigIntegerField()),
                ("rows", models.JSONField(default=dict)),
                (
                    "fixture",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_markets", to="feed.fixture",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        to="feed.feedsource",
                    ),
                ),
            ],
        ),
        # A key cannot be changed in place: the rows move into a new table.
        migrations.RenameModel("Participant", "UnplacedParticipant"),
        migrations.CreateModel(
            "Participant",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fixture_id", "slot", "participant_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("slot", models.BigIntegerField(default=0, db_default=0)),
                ("participant_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("position", models.BigIntegerField(null=True)),
                ("rotation_id", models.BigIntegerField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("result", models.TextField(blank=True)),
                ("extra_data", models.JSONField(default=dict)),
                ("details", models.JSONField(default=dict)),
                ("revision", models.BigIntegerField(default=0)),
                (
                    "fixture",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants", to="feed.fixture",
                    ),
                ),
            ],
            options={"ordering": ["position", "participant_id"]},
        ),
        migrations.RunPython(copy_participants, migrations.RunPython.noop),
        migrations.DeleteModel("UnplacedParticipant"),
    ]  # fmt: skip
