"""Quick emptying of PostgreSQL between tests."""

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from psycopg import sql


def empty_database() -> None:
    """Delete all rows, and put back what migrations bring.

    Django's `flush` truncates: that gives each table new files, and waits for the disk for more than a second.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys ask for no order
        delete = sql.SQL("DELETE FROM {}")
        cursor.execute(sql.SQL("; ").join(delete.format(sql.Identifier(table)) for table in tables))
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
