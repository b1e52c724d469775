"""How full a package's queue was, and when."""

from datetime import datetime, timedelta

from django.db import models

from .queue import PackageQueue

#: Readings older than this are of no use: the trend is measured over minutes.
KEEP = timedelta(days=1)


class QueueReadingManager(models.Manager["QueueReading"]):
    def note(
        self, queue: PackageQueue, at: datetime, waiting: int, per_second: float | None, consumers: int | None
    ) -> "QueueReading":
        """Store a reading, and delete the old ones of the same queue."""
        self.filter(queue=queue, read_at__lt=at - KEEP).delete()
        return self.create(queue=queue, read_at=at, waiting=waiting, per_second=per_second, consumers=consumers)


class QueueReading(models.Model):
    """The messages that waited in a queue at `read_at`. `per_second` is the rate that LSports gave, if it gave one."""

    queue = models.ForeignKey(PackageQueue, models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    waiting = models.BigIntegerField()
    per_second = models.FloatField(null=True)
    consumers = models.IntegerField(null=True)

    objects = QueueReadingManager()

    class Meta:
        ordering = ["-read_at", "-id"]
        indexes = [models.Index(fields=["queue", "-read_at"], name="newest_reading")]

    def __str__(self) -> str:
        return f"{self.waiting} waiting"
