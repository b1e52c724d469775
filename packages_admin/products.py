"""LSports' products: their addresses, queues and limits, as documented. A package may say otherwise for itself."""

from enum import StrEnum

import msgspec


class Action(StrEnum):
    """What LSports can be asked to do with a package."""

    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    STATUS = "status"
    SNAPSHOT = "snapshot"


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
#: in-play side has no races (protocol.md section 5, LSports' SDKs).
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
