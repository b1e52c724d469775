"""Whether this code may run on the database as it is.

A new version may first add to the schema, which the old one beside it does not mind, and takes away what the old one
needs only in a later step: a migration with "contract" in its name. On a database with such a step old code would fail
or write what nobody reads, so it refuses to begin.
"""

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

CONTRACT = "contract"


def newer_contracts() -> list[str]:
    """The steps taken on the database that this code does not know: "feed.0040_contract_ticks". Two queries."""
    applied = [step for step in MigrationRecorder(connection).applied_migrations() if CONTRACT in step[1]]
    if not applied:
        return []
    known = MigrationLoader(None).disk_migrations
    return [f"{app}.{name}" for app, name in applied if known is not None and (app, name) not in known]
