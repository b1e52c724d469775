"""The ten kinds of fault, by name."""

from .connections import connections
from .database import database
from .kind import Happening, Kind
from .processes import frozen, killed, killed_in_disorder, purged
from .supplier import disorder, lag, loss, off, silence

KINDS = {
    kind.name: kind
    for kind in (
        Kind("silence", silence, (13, 20)),
        Kind("lag", lag, (20, 30)),
        Kind("loss", loss, (15, 25)),
        Kind("disorder", disorder, (15, 20)),
        Kind("connections", connections, (8, 25)),
        Kind("killed", killed, (1, 12)),
        Kind("database", database, (8, 20)),
        Kind("purged", purged, (5, 15)),
        Kind("off", off, (18, 25)),
        Kind("frozen", frozen, (8, 25)),
    )
}
#: Three kinds, two of them at once: what fits into two minutes.
SHORT = (
    Kind("killed in disorder", killed_in_disorder, (9, 9)),
    Kind("frozen", frozen, (16, 16)),
)

__all__ = ["KINDS", "SHORT", "Happening", "Kind"]
