"""Links each queue of a package to its source in the feed."""

from django.db import models

from feed.models import FeedSource

from .package import Package


class PackageQueueManager(models.Manager["PackageQueue"]):
    def get_queryset(self) -> models.QuerySet["PackageQueue"]:
        """Always with the source, which every caller needs."""
        return super().get_queryset().select_related("source")


class PackageQueue(models.Model):
    """Links a package's queue to its source in the feed, which knows nothing of packages."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="links")
    virtual_host = models.CharField(max_length=200)
    source = models.OneToOneField(FeedSource, models.PROTECT, related_name="+")

    objects = PackageQueueManager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("package", "virtual_host", name="package_queue_once")]

    def __str__(self) -> str:
        return f"{self.package} {self.virtual_host}"
