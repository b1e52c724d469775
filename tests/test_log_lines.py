"""The log: a line for each event, whatever somebody sends, and tracebacks for our own faults alone."""

import json
import logging
import sys
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost

from livescore_site.edge.addresses import trusted_networks
from livescore_site.edge.front import Front
from livescore_site.edge.request_ids import CURRENT, request_id_of
from livescore_site.log_lines import Identified, JsonLine, OneLine


def written(
    level: int, message: str, *args: Any, fault: Exception | None = None, logger: str = "django.request"
) -> str:
    info = None
    if fault is not None:
        try:
            raise fault
        except type(fault):
            info = sys.exc_info()
    record = logging.LogRecord(logger, level, __file__, 1, message, args, info)
    return OneLine("{levelname} {message}", style="{").format(record)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\x85", "\u2028", "\x0b", "\x1b[2K"])
def test_what_is_sent_cannot_begin_a_line_of_its_own(line_break: str):
    assert len(written(logging.WARNING, "Not Found: %s", f"/x{line_break}ERROR forged").splitlines()) == 1


def test_a_wrong_request_is_one_line():
    assert written(logging.WARNING, "Forbidden: /x", fault=PermissionError("no")) == "WARNING Forbidden: /x"


def test_a_request_for_a_foreign_host_is_one_line():
    fault = DisallowedHost("Invalid HTTP_HOST header: 'evil.example'.")
    line = written(logging.ERROR, str(fault), fault=fault, logger="django.security.DisallowedHost")
    assert line == "ERROR Invalid HTTP_HOST header: 'evil.example'."


def test_a_fault_of_ours_has_its_traceback():
    assert "Traceback" in written(logging.ERROR, "Internal Server Error: /x", fault=ValueError("why"))


def as_json(record: logging.LogRecord) -> dict[str, Any]:
    Identified().filter(record)
    line = JsonLine().format(record)
    assert "\n" not in line
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def record_of(message: str, *args: Any, **facts: Any) -> logging.LogRecord:
    record = logging.LogRecord("feed.x", logging.WARNING, __file__, 1, message, args, None)
    record.__dict__.update(facts)
    return record


def test_a_line_of_json_says_when_what_and_of_whom():
    line = as_json(record_of("A message of %s\nis odd", "Meadow", message_id="g-1", source="Meadow"))
    assert line.pop("at").endswith("+00:00")
    assert line.pop("process") > 0
    assert line == {
        "level": "WARNING",
        "logger": "feed.x",
        "text": "A message of Meadow\nis odd",
        "message_id": "g-1",
        "source": "Meadow",
    }


def test_a_fault_of_ours_has_its_traceback_in_json_too():
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    assert "ValueError: why" in as_json(record)["traceback"]


def test_every_line_of_a_request_has_its_id():
    before = CURRENT.set("abcd1234")
    try:
        record = record_of("Not Found: /x")
        assert as_json(record)["request_id"] == "abcd1234"
        assert OneLine("{message}", style="{").format(record) == "Not Found: /x request_id=abcd1234"
    finally:
        CURRENT.reset(before)
    assert "request_id" not in as_json(record_of("of no request"))


@pytest.mark.parametrize(("peer", "is_believed"), [("10.1.1.1", True), ("192.0.2.7", False)])
async def test_the_proxys_id_counts_and_comes_back_and_nobody_elses(peer: str, is_believed: bool):
    seen: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(CURRENT.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        seen.append(dict(message["headers"])[b"x-request-id"].decode())

    scope = {"type": "http", "client": [peer, 1], "headers": [(b"x-request-id", b"from-the-proxy")]}
    await Front(inner, trusted_networks(["10.0.0.0/8"]))(scope, None, send)
    assert seen[0] == seen[1]
    assert (seen[0] == "from-the-proxy") is is_believed


@pytest.mark.parametrize("given", [b"short", b"with blank in it", b"x" * 65, b"line\nbreak12"])
def test_an_id_that_is_none_is_replaced(given: bytes):
    assert request_id_of([(b"x-request-id", given)]) != given.decode()
