"""How the desk fared, minute by minute, for the charts of the health page."""

from django.db import models


class HealthMinute(models.Model):
    """One minute (UTC), as the first web process to look within it found it (`feed.live.hub.minutes`). None: not known.

    `queues` maps each queue that is consumed to [messages ever taken, ms ever worked]; `books` each bookmaker's id to
    the seconds since it last changed a price of a main market in play. `own_ms` and `supplier_ms` are the ages of
    `FeedSource`, of the worst source; `pushing_ms` and `display_ms` the p95 of all web processes; `size` is the
    database's, in bytes.
    """

    at = models.DateTimeField(primary_key=True)
    queues = models.JSONField(default=dict)
    books = models.JSONField(default=dict)
    own_ms = models.BigIntegerField(null=True)
    supplier_ms = models.BigIntegerField(null=True)
    waiting = models.BigIntegerField(null=True)
    in_play = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    holes = models.PositiveIntegerField(default=0)
    processes = models.PositiveIntegerField(default=0)
    sockets = models.PositiveIntegerField(default=0)
    pushing_ms = models.PositiveIntegerField(null=True)
    display_ms = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
