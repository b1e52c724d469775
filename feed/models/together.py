"""Who has taken a fixture, so that others know who looks after it."""

from django.conf import settings
from django.db import models

from .fixture import Fixture


class FixtureClaim(models.Model):
    """A trader has taken a fixture, since `taken_at`. `note` is what was said when it was handed over; "" otherwise."""

    fixture = models.OneToOneField(Fixture, models.CASCADE, primary_key=True, related_name="claim", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.fixture_id} is taken by {self.user}"
