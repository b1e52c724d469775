"""How PostgreSQL keeps what the feed writes most. SQLite keeps the tables that 0001 made.

History is partitioned by the day of its receipt, so that pruning drops whole days. Rows that change with every message
leave room in their page for their next version (fillfactor), which then needs no new index entry.
"""

from django.db import migrations

HISTORY = ("feed_pricetick", "feed_scoretick")
CHANGING = ("feed_bet", "feed_market", "feed_fixture", "feed_scoreboard")


def partition_history(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in HISTORY:
        schema_editor.execute(f"ALTER TABLE {table} RENAME TO {table}_plain")
        schema_editor.execute(
            f"CREATE TABLE {table} (LIKE {table}_plain INCLUDING DEFAULTS INCLUDING IDENTITY)"
            " PARTITION BY RANGE (received_at)"
        )
        schema_editor.execute(f"DROP TABLE {table}_plain")
        schema_editor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
    schema_editor.execute("CREATE INDEX price_tick_of_bet ON feed_pricetick (fixture_id, market_id, bet_id)")
    schema_editor.execute("CREATE INDEX score_tick_of_fixture ON feed_scoretick (fixture_id)")


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in CHANGING:
        schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


class Migration(migrations.Migration):
    dependencies = [("feed", "0001_initial")]

    operations = [
        migrations.RunPython(partition_history, migrations.RunPython.noop),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
