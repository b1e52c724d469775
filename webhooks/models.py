"""Webhooks: the programs that changes are posted to, and how far each of them has got."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from feed.models import SubscriberToken
from packages_admin.secrets import SealedField, no_password


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Questions about webhooks."""

    def due(self, now: datetime) -> "WebhookQuerySet":
        """Those that are on and are not waiting after a failure."""
        return self.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), is_on=True)

    def free_for(self, holder: str, now: datetime) -> "WebhookQuerySet":
        """Those that no other process holds."""
        return self.filter(Q(holder=holder) | Q(held_until=None) | Q(held_until__lt=now))


class Webhook(models.Model):
    """One program: the address that is posted to, what it wants, how far it has got, and what has failed.

    `address` is sealed, since it may hold a password; `shown` is what may be shown of it. `secret` signs each body.
    A fixture is sent only if it matches each of `sports`, `leagues` and `fixtures` that is not empty. `since` is the
    cursor (`feed.live.programs.polled`) of the last body that the program took, empty before the first: everything is
    sent then. `failures` counts how often in a row posting has failed, the first time at `failing_since`. Until
    `held_until` only the process `holder` posts to it, since no other remembers what has just been sent.
    """

    name = models.CharField(max_length=100, unique=True, help_text="Which program it is for, and whose it is.")
    address = SealedField(default=no_password, editable=False)
    shown = models.CharField("address", max_length=200, editable=False)
    secret = SealedField(default=no_password, editable=False)
    contents = models.CharField(max_length=10, choices=SubscriberToken.Contents, default=SubscriberToken.Contents.ALL)
    sports = models.JSONField(default=list, blank=True)
    leagues = models.JSONField(default=list, blank=True)
    fixtures = models.JSONField(default=list, blank=True)
    markets = models.JSONField(default=list, blank=True)
    is_on = models.BooleanField("on", default=True)

    since = models.CharField(max_length=80, blank=True, editable=False)
    bodies = models.PositiveBigIntegerField("bodies taken", default=0, editable=False)
    taken_at = models.DateTimeField("last taken", null=True, editable=False)
    failures = models.PositiveIntegerField("failures in a row", default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    error = models.CharField("last failure", max_length=200, blank=True, editable=False)
    next_try_at = models.DateTimeField("next try", null=True, editable=False)
    holder = models.CharField(max_length=40, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
