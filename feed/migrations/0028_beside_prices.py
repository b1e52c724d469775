"""What is told beside a price and of prediction markets.

Written as SQL, since Django would copy SQLite's whole table of bets for a column with a default.
"""

from django.db import migrations, models

COLUMNS = [("market", "prediction"), ("bet", "extra")]


def column(model: str, name: str) -> migrations.SeparateDatabaseAndState:
    table = f'"feed_{model}"'
    return migrations.SeparateDatabaseAndState(
        [
            migrations.RunSQL(
                f'ALTER TABLE {table} ADD COLUMN "{name}" text DEFAULT \'\' NOT NULL',
                f'ALTER TABLE {table} DROP COLUMN "{name}"',
            )
        ],
        [
            migrations.AddField(
                model_name=model, name=name, field=models.TextField(blank=True, db_default="", default="")
            )
        ],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0027_together'),
    ]

    operations = [column(*names) for names in COLUMNS]
