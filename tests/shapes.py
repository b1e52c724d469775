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

    def __init__(self, shape: Any, *, null: bool = False) -> None:
        self.shape = shape
        self.null = null


class Unmade(Maybe):
    """A key that samples have and the simulated supplier has no use for."""


class Either:
    """One of several shapes."""

    def __init__(self, *shapes: Any) -> None:
        self.shapes = shapes


def misfits(value: Any, shape: Any, where: str) -> Iterator[str]:
    """What is wrong with a value: each with the path to it."""
    if isinstance(shape, Maybe):
        if not (shape.null and value is None):
            yield from misfits(value, shape.shape, where)
    elif isinstance(shape, Either):
        if all(any(misfits(value, each, where)) for each in shape.shapes):
            yield f"{where}: {value!r} fits none"
    elif isinstance(shape, dict):
        yield from dict_misfits(value, shape, where)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
        else:
            for each in value:
                yield from misfits(each, shape[0], f"{where}[]")
    elif not shape(value):
        yield f"{where}: {value!r} is not of the kind {shape.__name__}"


def dict_misfits(value: Any, shape: dict[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r} is no object"
        return
    for key, each in shape.items():
        if key in value:
            yield from misfits(value[key], each, f"{where}.{key}")
        elif not (isinstance(each, Maybe) and not each.null):
            yield f"{where}.{key} is missing"
    for key in value.keys() - shape.keys():
        yield f"{where}.{key} is unheard of"


def told(value: Any, where: str = "") -> set[str]:
    """The path of every key that has a value, without positions in lists."""
    if isinstance(value, list):
        return {path for each in value for path in told(each, where)}
    if not isinstance(value, dict):
        return set()
    has = {key: each for key, each in value.items() if each is not None}
    return {f"{where}.{key}" for key in has} | {path for key in has for path in told(has[key], f"{where}.{key}")}


def untold(shape: Any, ours: set[str], where: str = "") -> set[str]:
    """The keys of a shape that none of our messages tells, those aside that are always null or `Unmade`."""
    if isinstance(shape, Unmade) or shape is nothing:
        return set()
    if isinstance(shape, Maybe):
        return untold(shape.shape, ours, where)
    if isinstance(shape, Either):
        return min((untold(each, ours, where) for each in shape.shapes), key=len)
    if isinstance(shape, list):
        return untold(shape[0], ours, where)
    if not isinstance(shape, dict):
        return set() if where in ours else {where}
    return {path for key, each in shape.items() for path in untold(each, ours, f"{where}.{key}")}
