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
    entry for each queue.
    """

    api_base: str
    paths: dict[Action, str]
    amqp_host: str
    amqp_port: int
    amqp_tls: bool
    virtual_hosts: tuple[str, ...]
    queue_limit: int
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
)


def trade(side: str) -> Product:
    """TRADE's `side`, "InPlay" or "PreMatch": the same in all but the host and the snapshot's path."""
    return Product(
        api_base="https://stm-api.lsports.eu",
        snapshot_base="https://stm-snapshot.lsports.eu",
        paths={
            Action.ACTIVATE: "/Distribution/Start",
            Action.DEACTIVATE: "/Distribution/Stop",
            Action.STATUS: "/Package/GetDistributionStatus",
            Action.SNAPSHOT: f"/{side}/GetEvents",
        },
        amqp_host=f"stm-{side.lower()}.lsports.eu",
        amqp_port=5672,
        amqp_tls=False,
        virtual_hosts=(f"Stm{side}",),
        queue_limit=10_000,
    )


PRODUCTS = {"hyper": HYPER, "trade_in_play": trade("InPlay"), "trade_pre_match": trade("PreMatch")}
