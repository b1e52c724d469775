"""What one operator wants cancelled at LSports, while a second one has to agree."""

from django.conf import settings
from django.db import models

from packages_admin.products import Call

from .package import Package


class CancelProposal(models.Model):
    """A cancellation that one person asked for: the call, and the body that it would send, as sorted JSON."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="cancel_proposals")
    call = models.CharField(max_length=20, choices=[(call.value, call.value) for call in Call])
    wanted = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.call.replace('_', ' ')} {self.wanted}"
