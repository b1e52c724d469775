"""What a value in a message may be, and what is wrong with one that is not."""

import re
from collections.abc import Iterator
from typing import Any

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?")
PRICE = re.compile(r"\d+(\.\d+)?")
SIGNED = re.compile(r"-?\d+(\.\d+)?")

# Kinds of values. Each takes a value and says whether it is of the kind.


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def fraction(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def truth(value: Any) -> bool:
    return isinstance(value, bool)


def words(value: Any) -> bool:
    return isinstance(value, str)


def price(value: Any) -> bool:
    return isinstance(value, str) and PRICE.fullmatch(value) is not None


def signed(value: Any) -> bool:
    return isinstance(value, str) and SIGNED.fullmatch(value) is not None


def score(value: Any) -> bool:
    """Points; A is advantage in tennis."""
    return isinstance(value, str) and (value.isdigit() or value == "A")


def line(value: Any) -> bool:
    """A number, or goals given to a side: 0:2."""
    return isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?|\d+:\d+", value) is not None


def spelled_truth(value: Any) -> bool:
    return value in ("true", "false")


def colour(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{6}", value) is not None


def odds(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+/\d+", value) is not None


def side(value: Any) -> bool:
    return isinstance(value, str) and value.isdigit()


def guid(value: Any) -> bool:
    return isinstance(value, str) and GUID.fullmatch(value) is not None


def time(value: Any) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def nothing(value: Any) -> bool:
    return value is None


class Maybe:
    """A key that need not be there; or a value that may be null (`Maybe(x, null=True)` is always there)."""

    def __init__(self, schema: Any, *, null: bool = False) -> None:
        self.schema = schema
        self.null = null


class Unmade(Maybe):
    """A key that samples have and the simulated supplier has no use for."""


class Either:
    """One of several schemas."""

    def __init__(self, *schemas: Any) -> None:
        self.schemas = schemas


def misfits(value: Any, schema: Any, where: str) -> Iterator[str]:
    """What is wrong with a value: each with the path to it."""
    if isinstance(schema, Maybe):
        if not (schema.null and value is None):
            yield from misfits(value, schema.schema, where)
    elif isinstance(schema, Either):
        if all(any(misfits(value, alternative, where)) for alternative in schema.schemas):
            yield f"{where}: {value!r} fits none"
    elif isinstance(schema, dict):
        yield from dict_misfits(value, schema, where)
    elif isinstance(schema, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
        else:
            for element in value:
                yield from misfits(element, schema[0], f"{where}[]")
    elif not schema(value):
        yield f"{where}: {value!r} is not of the kind {schema.__name__}"


def dict_misfits(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    for key, inner in schema.items():
        if key in value:
            yield from misfits(value[key], inner, f"{where}.{key}")
        elif not (isinstance(inner, Maybe) and not inner.null):
            yield f"{where}.{key} is missing"
    for key in value.keys() - schema.keys():
        yield f"{where}.{key} is unheard of"


def keys_with_values(value: Any, where: str = "") -> set[str]:
    """The path of every key that has a value, without positions in lists."""
    if isinstance(value, list):
        return {path for element in value for path in keys_with_values(element, where)}
    if not isinstance(value, dict):
        return set()
    has = {key: inner for key, inner in value.items() if inner is not None}
    return {f"{where}.{key}" for key in has} | {
        path for key in has for path in keys_with_values(has[key], f"{where}.{key}")
    }


def missing_keys(schema: Any, ours: set[str], where: str = "") -> set[str]:
    """The keys of a schema that none of our messages has, apart from those that are always null or `Unmade`."""
    if isinstance(schema, Unmade) or schema is nothing:
        return set()
    if isinstance(schema, Maybe):
        return missing_keys(schema.schema, ours, where)
    if isinstance(schema, Either):
        return min((missing_keys(alternative, ours, where) for alternative in schema.schemas), key=len)
    if isinstance(schema, list):
        return missing_keys(schema[0], ours, where)
    if not isinstance(schema, dict):
        return set() if where in ours else {where}
    return {path for key, inner in schema.items() for path in missing_keys(inner, ours, f"{where}.{key}")}
