"""LSports' package APIs, answered for simulated packages (docs/protocol.md, Package APIs).

`Api.answer` turns a request into a status and a body, without any network; `sandbox.api` puts HTTP around it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from time import monotonic
from typing import Any
from uuid import uuid4

import msgspec

from .customers import Customers, Unusable
from .distribution import Distribution
from .limits import Limits
from .outgoing import BOTH, Feed
from .packages import FEEDS, Package, Product, Refused
from .snapshots import FILTERS, LEAGUE_CALLS, MATCH_CALLS, RACE_CALLS, Snapshot, incomplete
from .supplier import Supplier

Json = dict[str, Any]

TRIGGERED = "Livescore snapshot request sent successfully"
ACTIVATED, ALREADY_ACTIVE = "Package activation completed successfully", "Package is already active"
DEACTIVATED, ALREADY_INACTIVE = "Package deactivation completed successfully", "Package is already inactive"
STARTED, ALREADY_STARTED = "Distribution is: Active", "Distribution is already Active"
STOPPED, ALREADY_STOPPED = "Distribution is: Inactive", "Distribution is already Inactive"
LIVESCORE = "/api/livescore"
#: Each API knows the packages of its own products alone (ours: what LSports answers to others is open).
HYPER, TRADE = FEEDS[Product.HYPER], BOTH
SIDES = {"inplay": Feed.IN_PLAY, "prematch": Feed.PRE_MATCH}
#: What each call answers when the server fails. "Error message" is LSports' own text.
FAILURES = {
    "snapshots/trigger": "Error message",
    "package/activate": "Failed to activate package",
    "package/deactivate": "Failed to deactivate package",
    "package/status": "Failed to get package status",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON."""

    status: int
    body: bytes


def json_answer(status: int, body: object) -> Answer:
    return Answer(status, msgspec.json.encode(body))


class Api:
    """With `limits` False no call is refused as too soon, so that tests need not wait; `clock` counts seconds."""

    def __init__(
        self, distribution: Distribution, *, limits: bool = True, clock: Callable[[], float] = monotonic
    ) -> None:
        self.distribution = distribution
        self.packages = distribution.packages
        self.limits = Limits(clock) if limits else None
        self.rng = Random("snapshots")
        self.livescore = {
            "snapshots/trigger": self.trigger,
            "package/activate": self.activate,
            "package/deactivate": self.deactivate,
            "package/status": self.status,
        }
        self.stm = {
            "/distribution/start": self.start,
            "/distribution/stop": self.stop,
            "/package/getdistributionstatus": self.distribution_status,
        }
        self.customers = Customers(distribution)
        #: Some of LSports' own clients ask these by GET.
        self.calls_by_get = {*self.stm, "/fixtures/getsubscribedmetadata"}

    def answer(self, path: str, request: Json | None) -> Answer:
        """`request` is the body's JSON object; None where the body was not one. Paths are taken in any case."""
        name = path.rstrip("/").lower()
        if name.startswith(f"{LIVESCORE}/"):
            return self.answer_livescore(name.removeprefix(f"{LIVESCORE}/"), request or {})
        if name in self.stm:
            return self.answer_stm(name, request or {})
        if name in self.customers.calls:
            return self.answer_customers(name, request or {})
        if is_snapshot(name):
            side, _, call = name.lstrip("/").partition("/")
            return self.answer_snapshot(side, call, request or {})
        return json_answer(404, {"error": "Not found"})

    # Hyper Livescore's customers API

    def answer_livescore(self, call: str, request: Json) -> Answer:
        action = self.livescore.get(call)
        if action is None:
            return json_answer(404, {"error": "Not found"})
        package_id = request.get("packageId")
        try:
            package = self.packages.find(package_id, request.get("username"), request.get("password"), HYPER)
        except Refused as refused:
            return json_answer(400, {"error": str(refused)})
        if self.distribution.faults.number("api-500"):
            return json_answer(500, {"success": False, "message": FAILURES[call], "packageId": package.id})
        return json_answer(200, {"success": True, **action(package), "packageId": package.id, "username": package.user})

    def trigger(self, package: Package) -> Json:
        self.distribution.trigger(package)
        return {"message": TRIGGERED}

    def activate(self, package: Package) -> Json:
        return {"message": ACTIVATED if self.packages.switch(package, True) else ALREADY_ACTIVE}

    def deactivate(self, package: Package) -> Json:
        return {"message": DEACTIVATED if self.packages.switch(package, False) else ALREADY_INACTIVE}

    def status(self, package: Package) -> Json:
        return {"status": "active" if package.active else "inactive"}

    # TRADE's distribution API

    def answer_stm(self, call: str, request: Json) -> Answer:
        package = self.package_of(request)
        if isinstance(package, Answer):
            return package
        if self.limits is not None and not self.limits.allow_stm(package.id, call):
            return stm_answer(429, errors=["The same request may be sent every 5 seconds"])
        return stm_answer(200, self.stm[call](package))

    def package_of(self, request: Json, feeds: tuple[Feed, ...] = TRADE) -> Package | Answer:
        given = {key.lower(): value for key, value in request.items()}
        try:
            package = self.packages.find(given.get("packageid"), given.get("username"), given.get("password"), feeds)
        except Refused as refused:
            return stm_answer(400, errors=[str(refused)])
        if self.distribution.back_at is not None:
            return stm_answer(503, errors=["Service unavailable"])
        if self.distribution.faults.number("api-500"):
            return stm_answer(500, errors=["Internal server error"])
        return package

    def answer_customers(self, call: str, request: Json) -> Answer:
        package = self.package_of(request)
        if isinstance(package, Answer):
            return package
        if self.limits is not None and not self.limits.allow_stm(package.id, f"{call} {request}"):
            return stm_answer(429, errors=["The same request may be sent every 5 seconds"])
        try:
            return stm_answer(200, self.customers.answer(call, package, request))
        except Unusable as error:
            return stm_answer(400, errors=[str(error)])

    def start(self, package: Package) -> Json:
        return {"Message": STARTED if self.packages.switch(package, True) else ALREADY_STARTED}

    def stop(self, package: Package) -> Json:
        return {"Message": STOPPED if self.packages.switch(package, False) else ALREADY_STOPPED}

    def distribution_status(self, package: Package) -> Json:
        return {
            "IsDistributionOn": package.active,
            "Consumers": [],
            "NumberMessagesInQueue": self.distribution.waiting[package.id],
            "MessagesPerSecond": self.distribution.rate(package),
        }

    # TRADE's snapshot API

    def answer_snapshot(self, side: str, call: str, request: Json) -> Answer:
        package = self.package_of(request, (SIDES[side],))
        if isinstance(package, Answer):
            return package
        given = {key.lower(): value for key, value in request.items() if key.lower() in FILTERS and value}
        if self.limits is not None and not self.limits.allow_snapshot(package.id, full=not given):
            return stm_answer(
                429, errors=["Too many requests: a full snapshot each 15 seconds, a filtered one each second"]
            )
        body = Snapshot(self.distribution.supplier, side, call, given).body()
        if share := self.distribution.faults.number("snapshot-partly"):
            body = incomplete(body, share, self.rng)
        kind = (MATCH_CALLS | RACE_CALLS | LEAGUE_CALLS)[call]
        header = {"Type": kind, "MsgGuid": str(uuid4()), "ServerTimestamp": self.distribution.supplier.now}
        return json_answer(200, {"Header": header, "Body": body})


def is_snapshot(path: str) -> bool:
    """Whether a path is one of the snapshot API's."""
    side, _, call = path.rstrip("/").lower().lstrip("/").partition("/")
    return side in SIDES and call in MATCH_CALLS | RACE_CALLS | LEAGUE_CALLS


def stm_answer(status: int, body: object = None, *, errors: list[str] | None = None) -> Answer:
    """TRADE's envelope: `Header` with the status and errors, `Body` with the answer."""
    header: Json = {"RequestId": str(uuid4()), "HttpStatusCode": status}
    if errors:
        header["Errors"] = [{"Message": message} for message in errors]
    return json_answer(status, {"Header": header} if body is None else {"Header": header, "Body": body})


def usual_distribution(source: Distribution | Supplier | list[Package]) -> Distribution:
    """The distribution that an API is served for, made of a supplier or of packages where those are given."""
    if isinstance(source, Distribution):
        return source
    return Distribution(source) if isinstance(source, Supplier) else Distribution(Supplier(fixtures=0), source)
