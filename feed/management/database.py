"""What commands that write to the database ask of it before they begin."""

from django.core.management.base import CommandError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from feed.database.schema import newer_contracts


def must_be_migrated() -> None:
    """Raises `CommandError` in plain words where the database does not answer, lacks a migration, or is newer."""
    try:
        newer = newer_contracts()
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        raise CommandError(f"The database does not answer: {str(error).strip()}") from None
    if newer:
        raise CommandError(f"The database is for a newer version of the desk ({newer[0]}). Start that one.")
    if missing:
        raise CommandError("The database is not up to date. Run: manage.py migrate")
