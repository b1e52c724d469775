"""History can be read by the time of its receipt: rules, movers and trials ask for the newest of it."""

from django.db import migrations

TABLES = {"price_tick_by_receipt": "feed_pricetick", "score_tick_by_receipt": "feed_scoretick"}


def add_indexes(apps, schema_editor):
    """Rows come in the order of their receipt, so a block range index is exact enough and costs writing nothing."""
    if schema_editor.connection.vendor == "postgresql":
        for name, table in TABLES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING brin (received_at) WITH (pages_per_range = 16)")


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in TABLES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("feed", "0004_programs")]

    operations = [migrations.RunPython(add_indexes, drop_indexes)]
