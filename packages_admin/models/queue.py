"""Which source of the feed is which queue of a package."""

from django.db import models

from feed.models import FeedSource

from .package import Package


class PackageQueueManager(models.Manager["PackageQueue"]):
    def get_queryset(self) -> models.QuerySet["PackageQueue"]:
        """Always with the source, which every caller needs."""
        return super().get_queryset().select_related("source")


class PackageQueue(models.Model):
    """Which source of the feed a package's queue is. The feed knows nothing of packages."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="links")
    virtual_host = models.CharField(max_length=200)
    source = models.OneToOneField(FeedSource, models.PROTECT, related_name="+")

    objects = PackageQueueManager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("package", "virtual_host", name="package_queue_once")]

    def __str__(self) -> str:
        return f"{self.package} {self.virtual_host}"
