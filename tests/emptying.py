"""Quick emptying of a database between tests."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

KINDS = ("auth_permission", "django_content_type")  # what Django writes itself after each migration
brought: list[set[tuple[str, ...]]] = []  # what that is, once it was written


def empty_database() -> None:
    """Delete all rows, and put back what Django brings.

    Django's `flush` takes a twentieth of a second on SQLite, most of it for what it brings: here that stays where no
    test touched it, and only tables with rows are deleted from. On PostgreSQL `flush` truncates: that gives each
    table new files, and waits for the disk for more than a second.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    delete_rows(set(tables) - set(KINDS))
    if [kinds()] != brought:
        delete_rows(KINDS)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        brought[:] = [kinds()]
    ContentType.objects.clear_cache()  # they have other numbers in another database


def delete_rows(tables: Iterable[str]) -> None:
    """Of these tables, whatever refers to them."""
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    questions = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in quoted.items())  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        written = [table for (table,) in cursor.fetchall()]
        if written and connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys ask for no order
        for table in written:
            cursor.execute(f"DELETE FROM {quoted[table]}")  # noqa: S608


def kinds() -> set[tuple[str, ...]]:
    """The kinds of rows and what one may do with them, as Django knows them."""
    return set(ContentType.objects.values_list("app_label", "model", "permission__codename", "permission__name"))
