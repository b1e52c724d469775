"""How full a package's queue was, and when."""

from django.db import models

from .package import PackageQueue


class QueueReading(models.Model):
    """The messages that waited in a queue at `read_at`. `per_second` is LSports' own rate, where it told one."""

    queue = models.ForeignKey(PackageQueue, models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    waiting = models.BigIntegerField()
    per_second = models.FloatField(null=True)
    consumers = models.IntegerField(null=True)

    class Meta:
        ordering = ["-read_at", "-id"]
        indexes = [models.Index(fields=["queue", "-read_at"], name="newest_reading")]

    def __str__(self) -> str:
        return f"{self.waiting} waiting"
