"""The rest of TRADE's Customers API for simulated packages: metadata, subscriptions, manual suspensions.

Answers are bodies in the types that LSports' own clients read (docs/protocol.md, Customers API). What is ordered and
suspended is felt on the queues: a cancelled fixture is sent no more, a suspended one has no open price.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from .coverage import Coverage
from .customer_rows import (
    ENGLISH,
    Json,
    city,
    is_in,
    league,
    location,
    paged,
    pascal,
    scheduled,
    season,
    sport,
    state,
    subscribed,
    tour,
    translated,
    venue,
    wire_time,
)
from .distribution import Distribution
from .match import Match
from .numbers import Happening
from .outgoing import Outgoing
from .packages import Package
from .supplier import UPCOMING
from .suspending import resume, suspend

CREDITS = 1000
PAGE_SIZE = 100


class Unusable(Exception):
    """A request that cannot be answered; the message is what the API says."""


@dataclass(slots=True)
class Suspended:
    """A manual suspension: what was asked for, since when."""

    target: Json
    at: str
    markets: list[Json] = field(default_factory=list)

    @property
    def body(self) -> Json:
        return {"Succeeded": True, "Reason": "", **self.target, "CreationDate": self.at, "Markets": self.markets}


class Customers:
    """All calls, by their paths in lower case. Used from the API's threads."""

    def __init__(self, distribution: Distribution) -> None:
        self.distribution = distribution
        self.supplier = distribution.supplier
        self.suspensions: dict[int, list[Suspended]] = {}
        self.calls: dict[str, Callable[[Package, Json], Json]] = {
            "/sports/get": lambda _, __: {"Sports": self.unique(sport)},
            "/locations/get": lambda _, __: {"Locations": self.unique(location)},
            "/leagues/get": lambda _, wanted: {"Leagues": self.leagues(wanted)},
            "/markets/get": lambda _, __: {"Markets": self.markets()},
            "/outright/getcompetitions": lambda _, __: {"Competitions": self.competitions()},
            "/incidents/get": lambda _, __: paged(self.incidents()),
            "/venues/get": lambda _, __: paged(self.those(venue, "VenueId")),
            "/cities/get": lambda _, __: paged(self.those(city, "CityId")),
            "/states/get": lambda _, __: paged(self.those(state, "StateId")),
            "/participants/get": self.participants,
            "/seasons/get": lambda _, __: {"Seasons": self.those(season, "SeasonId")},
            "/tours/get": lambda _, __: {"Tours": self.those(tour, "TourId")},
            "/translation/get": self.translations,
            "/package/getpackagequota": lambda package, _: self.quota(package),
            "/fixtures/inplayschedule": lambda _, wanted: {"Fixtures": self.schedule(wanted)},
            "/fixtures/get": lambda package, _: {"Fixtures": [one.fixture_id for one in self.ordered(package)]},
            "/fixtures/getsubscribedmetadata": lambda package, _: {
                "SubscribedFixtures": [subscribed(one) for one in self.ordered(package)]
            },
            "/fixtures/subscribe": partial(self.by_fixture, orders=True),
            "/fixtures/unsubscribe": partial(self.by_fixture, orders=False),
            "/leagues/subscribe": partial(self.by_league, orders=True),
            "/leagues/unsubscribe": partial(self.by_league, orders=False),
            "/outright/subscribe": partial(self.by_league, orders=True),
            "/outright/unsubscribe": partial(self.by_league, orders=False),
            "/markets/manualsuspension/getall": self.list_suspensions,
            "/markets/manualsuspension/activate": self.suspend,
            "/markets/manualsuspension/deactivate": self.resume,
        }

    def answer(self, call: str, package: Package, request: Json) -> Json:
        """The body of the answer. Raises `Unusable`."""
        wanted = {key.lower(): value for key, value in request.items()}
        with self.supplier.lock:
            return self.calls[call](package, wanted)

    @property
    def covered(self) -> list[Coverage]:
        return [coverage for coverage in self.supplier.coverages.values() if coverage.is_announced]

    def now(self) -> str:
        return wire_time(self.supplier.now)

    # Metadata

    def unique(self, part: Callable[[Coverage], Json]) -> list[Json]:
        return list({found["Id"]: found for found in map(part, self.covered)}.values())

    def those(self, part: Callable[[Coverage], Json | None], key: str) -> list[Json]:
        """The different parts of this name that the fixtures have."""
        return list({found[key]: found for found in map(part, self.covered) if found is not None}.values())

    def leagues(self, wanted: Json) -> list[Json]:
        sports = wanted.get("sportids") or []
        found = [one for one in self.unique(league) if not sports or one["SportId"] in sports]
        return sorted(found, key=lambda one: int(one["Id"]))

    def markets(self) -> list[Json]:
        kinds = {market.id: market.name for one in self.covered for market in one.offer.markets}
        return [{"Id": pk, "Name": name, "IsSettleable": True} for pk, name in sorted(kinds.items())]

    def competitions(self) -> list[Json]:
        outrights = [one for one in self.covered if not isinstance(one.contest, Match)]
        return [
            {"Id": pk, "Name": name, "Type": 3, "TrackId": pk}
            for pk, name in {one.contest.card.league.id: one.contest.card.league.name for one in outrights}.items()
        ]

    def incidents(self) -> list[Json]:
        return [
            {
                "SportId": known["Id"],
                "SportName": known["Name"],
                "IncidentId": int(kind),
                "IncidentName": kind.name.replace("_", " ").title(),
                "Description": "",
                "LastUpdate": self.now(),
                "CreationDate": self.now(),
            }
            for known in self.unique(sport)
            for kind in Happening
        ]

    def participants(self, package: Package, wanted: Json) -> Json:
        sides = {
            side.id: {
                "Id": side.id,
                "SportId": one.contest.card.sport.id,
                "LocationId": one.contest.card.league.location.id,
                "Name": side.name,
                "Gender": int(one.contest.card.league.gender),
                "AgeCategory": int(one.contest.card.league.age_category),
                "Type": int(one.contest.card.league.type),
            }
            for one in self.covered
            for side in one.contest.card.sides
        }
        page, size = wanted.get("page") or 1, wanted.get("pagesize") or PAGE_SIZE
        rows = [sides[pk] for pk in sorted(sides)]
        return {"Data": rows[(page - 1) * size : page * size], "TotalItems": len(rows)}

    def translations(self, package: Package, wanted: Json) -> Json:
        if not wanted.get("languages"):
            raise Unusable("Languages is required")
        if ENGLISH not in wanted["languages"]:
            return {"Sports": {}, "Leagues": {}, "Locations": {}, "Markets": {}, "Participants": {}}
        return {
            "Sports": translated(self.unique(sport), wanted.get("sportids")),
            "Leagues": translated(self.unique(league), wanted.get("leagueids")),
            "Locations": translated(self.unique(location), wanted.get("locationids")),
            "Markets": translated(self.markets(), wanted.get("marketids")),
            "Participants": {},
        }

    # Subscriptions

    def ordered(self, package: Package) -> list[Coverage]:
        return [one for one in self.covered if one.fixture_id not in package.cancelled]

    def quota(self, package: Package) -> Json:
        used, month = len(self.ordered(package)), datetime.fromtimestamp(self.supplier.now / 1000, UTC)
        return {
            "CreditRemaining": CREDITS - used,
            "CreditLimit": CREDITS,
            "UsedCredit": used,
            "CurrentPeriodStartDate": f"{month:%Y-%m}-01T00:00:00",
            "CurrentPeriodEndDate": f"{month:%Y-%m}-28T23:59:59",
        }

    def schedule(self, wanted: Json) -> list[Json]:
        sports = wanted.get("sportids") or []
        matches = (one for one in self.covered if isinstance(one.contest, Match) and one.contest.status in UPCOMING)
        return [scheduled(one) for one in matches if not sports or one.contest.card.sport.id in sports]

    def by_fixture(self, package: Package, wanted: Json, *, orders: bool) -> Json:
        ids = wanted.get("fixtures")
        if not isinstance(ids, list) or not ids:
            raise Unusable("Fixtures is required")
        known = {one.fixture_id for one in self.covered}
        self.turn(package, known.intersection(ids), orders=orders)
        fault = "Fixture was not found"
        return {
            "Fixtures": [
                {"FixtureId": pk, "Success": pk in known, "ErrorMessage": "" if pk in known else fault} for pk in ids
            ]
        }

    def by_league(self, package: Package, wanted: Json, *, orders: bool) -> Json:
        areas = wanted.get("subscriptions")
        if not isinstance(areas, list) or not areas:
            raise Unusable("Subscriptions is required")
        return {"Subscription": [self.by_area(package, area, orders=orders) for area in areas]}

    def by_area(self, package: Package, area: Json, *, orders: bool) -> Json:
        area = pascal(area)
        if not area.get("SportId"):
            raise Unusable("SportId is required")
        found = {one.fixture_id for one in self.covered if is_in(one, area)}
        self.turn(package, found, orders=orders)
        own = {name: area.get(name) for name in ("LeagueId", "SportId", "LocationId")}
        return {**own, "Success": bool(found), "Message": "" if found else "Nothing was found"}

    @staticmethod
    def turn(package: Package, ids: Iterable[int], *, orders: bool) -> None:
        package.cancelled = package.cancelled.difference(ids) if orders else package.cancelled.union(ids)

    # Manual suspensions

    def list_suspensions(self, package: Package, wanted: Json) -> Json:
        held = self.suspensions.get(package.id, [])
        return {"Succeeded": True, "Reason": "", "Suspensions": [one.body for one in held]}

    def suspend(self, package: Package, wanted: Json) -> Json:
        wished = [suspended(target, self.now()) for target in targets(wanted)]
        held = self.suspensions.setdefault(package.id, [])
        for one in wished:
            held.append(one)
            self.distribution.wishes.append(partial(self.sent_for, one, suspend))
        return {"Succeeded": True, "Reason": "", "Suspensions": [one.body for one in wished]}

    def resume(self, package: Package, wanted: Json) -> Json:
        held, answers = self.suspensions.get(package.id, []), []
        for target in targets(wanted):
            wished = suspended(target, self.now())
            found = next((one for one in held if (one.target, one.markets) == (wished.target, wished.markets)), None)
            if found is not None:
                held.remove(found)
                self.distribution.wishes.append(partial(self.sent_for, found, resume))
            known = {} if found else {"Succeeded": False, "Reason": "No such suspension"}
            answers.append({**wished.body, **known})
        return {"Succeeded": True, "Reason": "", "Suspensions": answers}

    def sent_for(self, one: Suspended, act: Callable[..., Iterator[Outgoing]]) -> Iterator[Outgoing]:
        """What is sent because of a suspension, or of its end."""
        with self.supplier.lock:
            for coverage in self.covered:
                if is_in(coverage, one.target):
                    yield from act(self.supplier, coverage, {market["MarketId"] for market in one.markets})


def targets(wanted: Json) -> list[Json]:
    found = wanted.get("suspensions")
    if not isinstance(found, list) or not found or not all(isinstance(target, dict) and target for target in found):
        raise Unusable("Suspensions is required")
    return found


def suspended(target: Json, at: str) -> Suspended:
    own = pascal(target)
    markets = [pascal(market) for market in own.pop("Markets", None) or ()]
    return Suspended(own, at, markets)
