"""LSports' products: their addresses, queues and limits, as documented. A package may say otherwise for itself."""

from enum import StrEnum

import msgspec

from .texts import is_one_line


class Action(StrEnum):
    """What LSports can be asked to do with a package."""

    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    STATUS = "status"
    SNAPSHOT = "snapshot"


class Call(StrEnum):
    """What TRADE's Customers API can be asked for besides: metadata, subscriptions, manual suspensions."""

    SPORTS = "sports"
    LOCATIONS = "locations"
    LEAGUES = "leagues"
    MARKETS = "markets"
    COMPETITIONS = "competitions"
    INCIDENTS = "incidents"
    VENUES = "venues"
    CITIES = "cities"
    STATES = "states"
    PARTICIPANTS = "participants"
    SEASONS = "seasons"
    TOURS = "tours"
    TRANSLATIONS = "translations"
    QUOTA = "quota"
    SCHEDULE = "schedule"
    ORDERED = "ordered"
    ORDERED_DETAILS = "ordered_details"
    ORDER_FIXTURES = "order_fixtures"
    CANCEL_FIXTURES = "cancel_fixtures"
    ORDER_LEAGUES = "order_leagues"
    CANCEL_LEAGUES = "cancel_leagues"
    ORDER_COMPETITIONS = "order_competitions"
    CANCEL_COMPETITIONS = "cancel_competitions"
    SUSPENSIONS = "suspensions"
    SUSPEND = "suspend"
    RESUME = "resume"


ORDERS = frozenset(
    {
        Call.ORDER_FIXTURES,
        Call.CANCEL_FIXTURES,
        Call.ORDER_LEAGUES,
        Call.CANCEL_LEAGUES,
        Call.ORDER_COMPETITIONS,
        Call.CANCEL_COMPETITIONS,
    }
)
#: What changes something at LSports, or what we have of them: signed as an act of ours (docs/proof.md).
ACTS: frozenset[str] = ORDERS | {Action.ACTIVATE, Action.DEACTIVATE, Action.SNAPSHOT, Call.SUSPEND, Call.RESUME}

#: As LSports' own clients have them; a package may say otherwise for itself (`Package.call_paths`).
CALL_PATHS = {
    Call.SPORTS: "/Sports/Get",
    Call.LOCATIONS: "/Locations/Get",
    Call.LEAGUES: "/Leagues/Get",
    Call.MARKETS: "/Markets/Get",
    Call.COMPETITIONS: "/Outright/GetCompetitions",
    Call.INCIDENTS: "/Incidents/Get",
    Call.VENUES: "/Venues/Get",
    Call.CITIES: "/Cities/Get",
    Call.STATES: "/States/Get",
    Call.PARTICIPANTS: "/Participants/Get",
    Call.SEASONS: "/Seasons/Get",
    Call.TOURS: "/Tours/Get",
    Call.TRANSLATIONS: "/Translation/Get",
    Call.QUOTA: "/Package/GetPackageQuota",
    Call.SCHEDULE: "/Fixtures/InPlaySchedule",
    Call.ORDERED: "/Fixtures/Get",
    Call.ORDERED_DETAILS: "/Fixtures/GetSubscribedMetadata",
    Call.ORDER_FIXTURES: "/Fixtures/Subscribe",
    Call.CANCEL_FIXTURES: "/Fixtures/UnSubscribe",
    Call.ORDER_LEAGUES: "/Leagues/Subscribe",
    Call.CANCEL_LEAGUES: "/Leagues/UnSubscribe",
    Call.ORDER_COMPETITIONS: "/Outright/Subscribe",
    Call.CANCEL_COMPETITIONS: "/Outright/UnSubscribe",
    Call.SUSPENSIONS: "/Markets/ManualSuspension/GetAll",
    Call.SUSPEND: "/Markets/ManualSuspension/Activate",
    Call.RESUME: "/Markets/ManualSuspension/Deactivate",
}
#: How a package's own paths are written.
OTHER_PATHS = 'Of the Customers API, where LSports has others: {"quota": "/Package/GetPackageQuota"}.'
#: What changes something at LSports; all else only asks.
CHANGES = frozenset(call for call in Call if call.startswith(("order_", "cancel_"))) | {Call.SUSPEND, Call.RESUME}


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every package of a product until a package's own fields say otherwise.

    `queue_limit` is the number of waiting messages at which LSports stops sending by itself; `virtual_hosts` has one
    entry for each queue. `paths[SNAPSHOT]` may hold several, separated by commas, each for a part of the snapshot.
    `has_heartbeat`: LSports sends a sign of life on it, so silence means a fault.
    """

    api_base: str
    paths: dict[Action, str]
    amqp_host: str
    amqp_port: int
    amqp_tls: bool
    virtual_hosts: tuple[str, ...]
    queue_limit: int
    has_heartbeat: bool = True
    snapshot_base: str = ""


#: Activate and trigger are documented; the paths of deactivate and status are inferred from the sister products.
HYPER = Product(
    api_base="https://engage-api.lsports.eu/api/livescore",
    paths={
        Action.ACTIVATE: "/package/activate",
        Action.DEACTIVATE: "/package/deactivate",
        Action.STATUS: "/package/status",
        Action.SNAPSHOT: "/snapshots/trigger",
    },
    amqp_host="hyper-livescore.lsports.eu",
    amqp_port=5671,
    amqp_tls=True,
    virtual_hosts=("Fixtures", "Incidents"),
    queue_limit=50_000,
    has_heartbeat=False,
)


#: GetEvents has fixtures, scores and markets of all matches at once; races and seasons have calls of their own. The
#: in-play side has no races (docs/protocol.md, Snapshot API).
IN_PLAY_SNAPSHOT = ("GetEvents", "GetOutrightLeagueEvents")
PRE_MATCH_SNAPSHOT = ("GetEvents", "GetOutrightEvents", "GetOutrightLeagueEvents")


def trade(side: str, snapshot: tuple[str, ...]) -> Product:
    """TRADE's `side`, "InPlay" or "PreMatch": the same in all but the host and the snapshot's paths."""
    return Product(
        api_base="https://stm-api.lsports.eu",
        snapshot_base="https://stm-snapshot.lsports.eu",
        paths={
            Action.ACTIVATE: "/Distribution/Start",
            Action.DEACTIVATE: "/Distribution/Stop",
            Action.STATUS: "/Package/GetDistributionStatus",
            Action.SNAPSHOT: ", ".join(f"/{side}/{call}" for call in snapshot),
        },
        amqp_host=f"stm-{side.lower()}.lsports.eu",
        amqp_port=5672,
        amqp_tls=False,
        virtual_hosts=(f"Stm{side}",),
        queue_limit=10_000,
    )


PRODUCTS = {
    "hyper": HYPER,
    "trade_in_play": trade("InPlay", IN_PLAY_SNAPSHOT),
    "trade_pre_match": trade("PreMatch", PRE_MATCH_SNAPSHOT),
}


def call_paths_fault(paths: object) -> str:
    """What is wrong with the paths that a package has for the Customers API; empty where nothing is."""
    if not isinstance(paths, dict):
        return OTHER_PATHS
    for name, path in paths.items():
        if name not in CALL_PATHS:
            return f"There is no call {name}. There are {', '.join(CALL_PATHS)}."
        if not isinstance(path, str) or not path.startswith("/") or path.startswith("//") or not is_one_line(path):
            return "A path begins with one slash: /Package/GetPackageQuota."
    return ""
