"""What feeds us and how it fares: sources, messages that were refused, numbers that nobody knows."""

from django.db import models
from django.utils.translation import gettext_lazy


class FeedSource(models.Model):
    """One feed of ours: a package's queue, a recording, the simulated supplier.

    `state` is what the consumer last wrote; a reader asks `feed.health`, which also counts the silence since.
    `active_fixtures` are the ids of the newest keep-alive; where LSports sends one for each provider (OddService), of
    the newest of each, which `keep_alives` holds: {provider id or "0": {"sent_at": ISO UTC, "fixtures": [id]}}.
    Where LSports sends no heartbeat (`has_heartbeat`), `consumer_seen_at` is the sign of life, the consumer's own.
    `off_since` is set while nothing is to be expected of the source, with the reason; `off_is_wanted` where that is as
    we want it, so that it is no fault.
    """

    class Kind(models.TextChoices):
        QUEUE = "queue", gettext_lazy("queue")
        RECORDING = "recording", gettext_lazy("recording")
        SANDBOX = "sandbox", gettext_lazy("simulated")

    class State(models.TextChoices):
        DOWN = "down", gettext_lazy("down")
        RECOVERING = "recovering", gettext_lazy("recovering")
        UP = "up", gettext_lazy("up")
        LATE = "late", gettext_lazy("late")
        OFF = "off", gettext_lazy("off")

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DOWN)
    state_reason = models.CharField(max_length=300, blank=True)
    state_since = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    last_heartbeat_at = models.DateTimeField(null=True)
    heartbeat_sent_at = models.DateTimeField(null=True)
    last_keep_alive_at = models.DateTimeField(null=True)
    keep_alives = models.JSONField(default=dict)
    active_fixtures = models.JSONField(default=list)
    feed_interrupted = models.JSONField(default=list)
    has_heartbeat = models.BooleanField(default=True)
    consumer_seen_at = models.DateTimeField(null=True)
    off_since = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=300, blank=True)
    off_is_wanted = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        permissions = [("expect_feedsource", "Can say whether a feed is expected")]

    def __str__(self) -> str:
        return self.name


class RejectedMessage(models.Model):
    """A message that could not be understood, whole, with the reason. Nothing is lost: it can be tried again.

    `kind` groups reasons that differ only in their particulars. `digest` is the SHA-256 of the body: a message that
    the broker delivers again is kept once.
    """

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="rejected")
    queue = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=500)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    digest = models.CharField(max_length=64, editable=False)
    tries = models.IntegerField(default=1)
    understood_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["understood_at", "-received_at"], name="rejected_open_first")]
        constraints = [
            models.UniqueConstraint(
                "source", "digest", condition=models.Q(understood_at=None), name="rejected_message_open_once"
            )
        ]
        permissions = [("retry_rejectedmessage", "Can try a rejected message again")]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S}: {self.reason}"


class UnknownCode(models.Model):
    """A number (Hyper: a `word`) in a message that `feed.codes` has no name for: kept, shown as it is, counted."""

    kind = models.CharField(max_length=40)
    code = models.BigIntegerField()
    sport_id = models.BigIntegerField(default=0)
    word = models.CharField(max_length=80, default="", blank=True)
    seen = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_fixture_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [models.UniqueConstraint("kind", "code", "sport_id", "word", name="unknown_code_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.word or self.code}"
