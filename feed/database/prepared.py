"""Queries whose SQL is made once.

Making the SQL of a query costs Django more than answering it costs the database, and hub and store read the same
few tables many times a second, each time with other ids. What is stored is SQL with placeholders for ids; lists of ids
are padded to a power of two, so that a few such texts serve all.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable

#: Longer lists are queried in the ordinary way.
MOST_IDS = 1024
#: Ids that nobody has: they hold the places of the real ones.
FIRST_PLACE = -(2**62)

Row = TypeVar("Row", bound=Model)


class Prepared(Generic[Row]):
    """The rows of `build`, a query with a place for each list of ids that it is called with."""

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self.build = build
        self.local = threading.local()

    def __call__(self, *lists: Collection[int]) -> list[Row]:
        """Run the query, or none where a list is empty. May be called from any thread."""
        if not all(lists):
            return []
        if max(map(len, lists), default=0) > MOST_IDS:
            return list(self.build(*lists))
        filled = [fill(list(ids)) for ids in lists]
        statement = self.statement(tuple(map(len, filled)))
        return statement.rows([number for ids in filled for number in ids])

    def statement(self, lengths: tuple[int, ...]) -> "Statement[Row]":
        """The statement for lists of these lengths, over this thread's connection."""
        statements = self.local.__dict__.setdefault("statements", {})
        if lengths not in statements or not statements[lengths].is_usable:
            statements[lengths] = Statement(self.build, lengths)
        statement: Statement[Row] = statements[lengths]
        return statement


class Statement(Generic[Row]):
    """A query whose SQL is made, with places for ids."""

    def __init__(self, build: Callable[..., QuerySet[Row]], lengths: Sequence[int]) -> None:
        places = range(FIRST_PLACE, FIRST_PLACE + sum(lengths))
        ends = [sum(lengths[: count + 1]) for count in range(len(lengths))]
        lists = [places[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        self.queryset = build(*lists)
        self.names = columns_alone(self.queryset)
        self.query = self.queryset.values_list(*self.names) if self.names else self.queryset
        self.compiler = self.query.query.get_compiler(using=self.queryset.db)
        self.sql, self.given = self.compiler.as_sql()
        self.filled = self.given
        # Django makes a compiler for each reading of a query, and asks it for the SQL: both are here already.
        vars(self.query.query)["get_compiler"] = lambda **_: self.compiler
        vars(self.compiler)["as_sql"] = lambda *_, **__: (self.sql, self.filled)

    @property
    def is_usable(self) -> bool:
        return self.compiler.connection is connections[self.queryset.db]

    def rows(self, ids: Sequence[int]) -> list[Row]:
        there: Mapping[Any, int] = dict(enumerate(ids, FIRST_PLACE))
        self.filled = tuple(there.get(value, value) if isinstance(value, int) else value for value in self.given)
        if not self.names:
            return list(ModelIterable(self.queryset))
        made, db = self.queryset.model.__new__, self.queryset.db
        found: list[Row] = []
        values: tuple[Any, ...]
        for values in self.compiler.results_iter(tuple_expected=True):
            row = made(self.queryset.model)
            vars(row).update(zip(self.names, values, strict=True), _state=stored_in(db))
            found.append(row)
        return found


def columns_alone(queryset: QuerySet[Any]) -> list[str]:
    """The columns that the query reads, where it reads columns of its own table and nothing else; else none.

    Of those a row is made without a model's `__init__`, which for hundreds of rows is felt in a page's time.
    """
    query = queryset.query
    if query.select_related or query.annotations or query.extra:
        return []
    names, is_deferred = query.deferred_loading
    return [
        field.attname
        for field in queryset.model._meta.concrete_fields
        if (field.name in names or field.attname in names) is not is_deferred
    ]


def stored_in(db: str) -> ModelState:
    state = ModelState()
    state.adding, state.db = False, db
    return state


def fill(ids: list[int]) -> list[int]:
    """The ids, the last one repeated until their number is a power of two."""
    return ids + ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids))
