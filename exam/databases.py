"""PostgreSQL databases that are there for one purpose and then dropped."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

POSTGRESQL_URL = os.environ.get("DATABASE_TEST_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@contextmanager
def new_postgresql() -> Iterator[str]:
    """The address of a new, empty database. Raises psycopg.Error where no server answers."""
    name = f"desk_scratch_{secrets.token_hex(4)}"
    with psycopg.connect(POSTGRESQL_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield POSTGRESQL_URL.rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(POSTGRESQL_URL, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
