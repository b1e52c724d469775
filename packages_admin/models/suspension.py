"""What a person of ours suspended at LSports, and whether it still is."""

from django.conf import settings
from django.db import models

from .package import Package


class Suspension(models.Model):
    """A manual suspension at LSports: of a sport, location, league, fixture, or of a market or line of these.

    None: not narrowed by it. `resumed_at` is when it was taken back, with who did. Only what LSports confirmed stands
    here; each row's calls are in the record of calls.
    """

    package = models.ForeignKey(Package, models.CASCADE, related_name="suspensions")
    sport = models.BigIntegerField(null=True, blank=True)
    location = models.BigIntegerField(null=True, blank=True)
    competition = models.BigIntegerField("league or competition", null=True, blank=True)
    fixture = models.BigIntegerField(null=True, blank=True)
    market = models.BigIntegerField(null=True, blank=True)
    line = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField("who", max_length=200)
    at = models.DateTimeField()
    resumed_by_name = models.CharField("resumed by", max_length=200, blank=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ["view"]

    def __str__(self) -> str:
        named = {
            "sport": self.sport,
            "location": self.location,
            "league": self.competition,
            "fixture": self.fixture,
            "market": self.market,
            "line": self.line or None,
        }
        return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)
