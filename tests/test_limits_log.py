"""Whoever reaches a limit of the edge stands in the security log, once a minute, and cannot fill it."""

import logging
from typing import Any

import pytest

from livescore_site.edge import limits_log
from livescore_site.edge.crowd import by_address
from livescore_site.edge.limits_log import MOST_LINES, limit_reached


@pytest.fixture(autouse=True)
def empty_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_log, "_logged", {})


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "security")
    return caplog


def test_a_limit_that_is_reached_again_and_again_is_one_line_a_minute(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    for _ in range(1000):
        limit_reached("sockets", "192.0.2.7")
    assert log.messages == ['event="limit.reached" user="" address="192.0.2.7" what="sockets"']
    later = limits_log.time.monotonic() + 61
    monkeypatch.setattr(limits_log.time, "monotonic", lambda: later)
    limit_reached("sockets", "192.0.2.7")
    assert len(log.messages) == 2


def test_many_addresses_do_not_fill_the_log(log: pytest.LogCaptureFixture):
    for number in range(10_000):
        limit_reached("connections", f"192.0.{number // 250}.{number % 250}")
    assert len(log.messages) == MOST_LINES


async def test_a_socket_too_many_is_in_the_security_log(log: pytest.LogCaptureFixture):
    async def nothing(*_: Any) -> Any:
        return None

    crowd = by_address(nothing, 0)
    await crowd({"type": "websocket", "client": ["192.0.2.7", 1], "headers": []}, nothing, nothing)
    assert log.messages == ['event="limit.reached" user="" address="192.0.2.7" what="sockets"']
