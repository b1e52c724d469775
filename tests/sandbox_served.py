"""A simulated supplier with its API over real HTTP, for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandbox.api import Server, serve
from sandbox.distribution import Distribution
from sandbox.packages import Package
from sandbox.supplier import Supplier

START = datetime(2026, 1, 10, 15, tzinfo=UTC)
CREDENTIALS = {"packageId": 123, "username": "u", "password": "p"}
TRADE = {"PackageId": 123, "UserName": "u", "Password": "p"}


class Served:
    """A supplier with one package that is not active yet, and its API."""

    def __init__(self) -> None:
        supplier = Supplier(fixtures=24, start=START, dialect="trade,hyper", package=123)
        self.distribution = Distribution(supplier, [Package(id=123, user="u", password="p", active=False)])
        self.server: Server = serve(self.distribution, limits=False)
        self.client = httpx.Client(base_url=self.server.url, timeout=10, trust_env=False)
        self.now = START

    def livescore(self, call: str, **other: Any) -> httpx.Response:
        return self.client.post(f"/api/livescore/{call}", json={**CREDENTIALS, **other})

    def stm(self, path: str, **other: Any) -> httpx.Response:
        return self.client.post(path, json={**TRADE, **other})

    def sent(self, seconds: float) -> list[Any]:
        self.now += timedelta(seconds=seconds)
        return [outgoing for _, outgoing in self.distribution.messages(self.now)]

    def close(self) -> None:
        self.client.close()
        self.server.close()
