"""Rows as the journal gives them back: a struct for each model, with a field for each column, named alike."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from django.db import models as django
from django.db.models import Model

TYPES: list[tuple[type[Any], Any]] = [
    (django.FloatField, float),
    (django.JSONField, Any),
    (django.DateTimeField, datetime),
    (django.DecimalField, Decimal),
    (django.BooleanField, bool),
    (django.TextField, str),
    (django.CharField, str),
]


@cache
def row_type(model: type[Model]) -> Any:
    """The struct of a model's rows. A column that an entry does not have is at its default."""
    fields = [field_of(field) for field in columns(model)]
    return msgspec.defstruct(f"{model.__name__}Row", fields, gc=False, omit_defaults=True)


def columns(model: type[Model]) -> list[Any]:
    """The model's fields that are columns."""
    return [field for field in model._meta.concrete_fields if field.column]


def field_of(field: Any) -> tuple[str, Any, Any]:
    kind = next((kind for of, kind in TYPES if isinstance(field, of)), int)
    return field.attname, kind | None if kind is not Any else Any, default_of(field, kind)


def default_of(field: Any, kind: Any) -> Any:
    """What a column is where nothing is said of it: as in the store's structs, which leave that out."""
    if field.has_default():
        return msgspec.field(default_factory=field.default) if callable(field.default) else field.default
    return "" if kind is str and not field.null else None
