"""Messages that hypothesis makes up: fields of the structs themselves, with values that fit, nearly fit or do not."""

import json
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from feed.codes import MessageType
from feed.wire.envelope import Envelope, RawEvent, RawHeader
from feed.wire.formats.hyper import HyperFixtureBody, HyperIncidentBody

MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(datetime.isoformat)  # noqa: DTZ001
PRICES = st.decimals(allow_nan=True, allow_infinity=True).map(str) | st.floats(0, 1000) | st.just("")
ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.floats())
FITTING: dict[type, st.SearchStrategy[Any]] = {
    inspect.IntType: st.integers(-1, 100) | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9).map(str),
    inspect.StrType: st.text(max_size=8),
    inspect.BoolType: st.booleans(),
    inspect.FloatType: st.floats(),
    inspect.DateTimeType: MOMENTS | MOMENTS.map(lambda moment: moment + "Z") | st.integers(0, 2 * 10**12),
}


@cache
def fitting(kind: type) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of the fields of a struct."""
    fields = msgspec.structs.fields(kind)
    types = inspect.type_info(kind).fields  # type: ignore[attr-defined]
    strategies = {field.encode_name: maybe(info.type) for field, info in zip(fields, types, strict=True)}
    required = {field.encode_name: strategies.pop(field.encode_name) for field in fields if field.required}
    return st.fixed_dictionaries(required, optional=strategies)


def maybe(wanted: inspect.Type) -> st.SearchStrategy[Any]:
    """A value that fits, mostly."""
    return st.deferred(lambda: st.one_of(*[value(wanted)] * 15, ODD))


def value(wanted: inspect.Type) -> st.SearchStrategy[Any]:
    if isinstance(wanted, inspect.Metadata):
        return value(wanted.type)
    if isinstance(wanted, inspect.AnyType):
        return ODD
    if isinstance(wanted, inspect.UnionType):
        members = [member for member in wanted.types if not isinstance(member, inspect.NoneType)]
        if any(isinstance(member, inspect.FloatType) for member in members) and len(members) > 1:
            return PRICES
        return st.one_of([value(member) for member in members])
    if isinstance(wanted, inspect.ListType):
        return st.lists(maybe(wanted.item_type), max_size=2)
    if isinstance(wanted, inspect.StructType):
        return fitting(wanted.cls)
    return FITTING[type(wanted)]


def trade(kind: int, header: dict[str, Any], events: list[dict[str, Any]]) -> bytes:
    return json.dumps({"Header": header | {"Type": kind}, "Body": {"Events": events}}).encode()


def with_fixture(event: dict[str, Any]) -> dict[str, Any]:
    return event | {"FixtureId": 7}


TRADE = st.builds(
    trade,
    st.sampled_from(list(MessageType)).map(int),
    fitting(RawHeader),
    st.lists(fitting(RawEvent).map(with_fixture), max_size=2),
)
ANYTHING = fitting(Envelope).map(lambda message: json.dumps(message).encode())
HYPER = st.builds(
    lambda kind, body: json.dumps({"header": {"MessageType": kind}, "body": body}).encode(),
    st.integers(1, 3),
    fitting(HyperFixtureBody) | fitting(HyperIncidentBody),
)
MESSAGES = TRADE | TRADE | ANYTHING | HYPER
