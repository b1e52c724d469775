"""Tokens of programs that follow the desk, and the web processes that they and the pages are connected to."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

#: With this prefix a leaked token is recognised as one.
PREFIX = "desk_"
SHOWN = len(PREFIX) + 6


class SubscriberTokenQuerySet(models.QuerySet["SubscriberToken"]):
    """Questions about tokens."""

    def valid(self, now: datetime) -> "SubscriberTokenQuerySet":
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def with_secret(self, secret: str, now: datetime) -> "SubscriberToken | None":
        """The valid token with this secret."""
        return self.valid(now).filter(digest=digest_of(secret)).first()


class SubscriberToken(models.Model):
    """What lets a program in: to which sports and leagues (empty: all), for which contents, within which limits.

    The secret is shown once, when it is made; only its SHA-256 is stored. That is safe for 256 random bits, and
    `start` is how people tell tokens apart.
    """

    class Contents(models.TextChoices):
        ALL = "all", "scores and prices"
        SCORES = "scores", "scores only"
        PRICES = "prices", "prices only"

    name = models.CharField(max_length=100, unique=True, help_text="Which program it is for, and whose it is.")
    start = models.CharField(max_length=20, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    contents = models.CharField(max_length=10, choices=Contents, default=Contents.ALL)
    sports = models.JSONField(default=list, blank=True, help_text="LSports' sport ids, [] for all.")
    leagues = models.JSONField(default=list, blank=True, help_text="LSports' league ids, [] for all.")
    most_connections = models.PositiveIntegerField(default=4, help_text="At the same time, in each web process.")
    most_fixtures = models.PositiveIntegerField(default=1000, help_text="That one connection may follow.")
    most_requests_per_minute = models.PositiveIntegerField(default=120, help_text="Over REST, in each web process.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty: never.")
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    #: Set on a token that has just been made, and stored nowhere.
    secret = ""

    objects = SubscriberTokenQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [("revoke_subscribertoken", "Can revoke a subscriber's token")]

    def __str__(self) -> str:
        return self.name

    def gives_the_same_as(self, other: "SubscriberToken") -> bool:
        """Whether the two give access to the same, within the same limits."""
        fields = ("contents", "sports", "leagues", "most_connections", "most_fixtures")
        return all(getattr(self, field) == getattr(other, field) for field in fields)

    def new_secret(self) -> str:
        """Give the token its secret, which is stored nowhere: show it now."""
        secret = PREFIX + secrets.token_urlsafe(32)
        self.start, self.digest = secret[:SHOWN], digest_of(secret)
        return secret


def digest_of(secret: str) -> str:
    """The form in which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


class WebProcess(models.Model):
    """A running web process, as it last reported: who is connected to it, how long the legs of a change took.

    `clocks` maps a leg to counts in the buckets of `feed.live.latency`, over the last minutes; `viewers` fixture ids to
    the names of those who have that fixture's page open.
    """

    id = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    pages = models.PositiveIntegerField(default=0)
    programs = models.PositiveIntegerField(default=0)
    topics = models.PositiveIntegerField(default=0)
    clocks = models.JSONField(default=dict)
    viewers = models.JSONField(default=dict, db_default={})

    def __str__(self) -> str:
        return self.id
