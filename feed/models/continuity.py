"""Breaks of a source's continuity, and what was done to recover from them."""

from django.db import models

from .feed_state import FeedSource


class Break(models.Model):
    """A break of a source. It begins `epoch`; prices from before are unconfirmed until the source sends them again.

    `link_at` is when LSports sent the last heartbeat before the break, `noticed_at` when we noticed it.
    """

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="breaks")
    epoch = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    link_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()

    class Meta:
        ordering = ["-noticed_at", "-id"]
        constraints = [models.UniqueConstraint("source", "epoch", name="break_once_an_epoch")]

    def __str__(self) -> str:
        return f"{self.noticed_at:%Y-%m-%d %H:%M:%S}: {self.reason}"


class Recovery(models.Model):
    """What LSports was asked for after a break, and what came of it. At most one of a source has not ended.

    `since` is when LSports sent the last heartbeat before what is missing. Of the `calls`, `answers` brought something.
    `confirmed` and `left_over` count prices that would otherwise be open.
    """

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="recoveries")
    epoch = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    since = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    calls = models.IntegerField(default=0)
    answers = models.IntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)
    left_over = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-began_at", "-id"]
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint("source", condition=models.Q(ended_at=None), name="recovery_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M:%S}: {self.outcome or self.reason}"


class LiveDifference(models.Model):
    """A fixture that only one of LSports' list of live fixtures (its keep-alive) and the desk has in play.

    `lists` counts the lists in a row that differ. `is_wanted`: a person wants LSports to be asked for it now.
    `asked_at` and `sentence` say when LSports was last asked, and with what outcome.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", "in play here, not in LSports' list"
        UNKNOWN = "unknown", "in LSports' list, not known here"

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="differences")
    fixture_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField()
    lists = models.IntegerField(default=1)
    is_wanted = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True)
    sentence = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["since", "fixture_id"]
        constraints = [models.UniqueConstraint("source", "fixture_id", "kind", name="live_difference_once")]
        permissions = [("repair_livedifference", "Can ask LSports for a fixture again")]

    def __str__(self) -> str:
        return f"Fixture {self.fixture_id}: {self.get_kind_display()}"
