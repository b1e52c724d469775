"""What feeds us and how it fares: sources, messages that were refused, numbers that nobody knows."""

from django.db import models


class FeedSource(models.Model):
    """One feed of ours: a package's queue, a recording, the simulated supplier.

    `state` is what the consumer last wrote; a reader asks `feed.health`, which also counts the silence since.
    """

    class Kind(models.TextChoices):
        QUEUE = "queue", "queue"
        RECORDING = "recording", "recording"
        SANDBOX = "sandbox", "simulated"

    class State(models.TextChoices):
        DOWN = "down", "down"
        RECOVERING = "recovering", "recovering"
        UP = "up", "up"
        LATE = "late", "late"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DOWN)
    state_reason = models.CharField(max_length=300, blank=True)
    state_since = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    last_heartbeat_at = models.DateTimeField(null=True)
    last_keep_alive_at = models.DateTimeField(null=True)
    active_fixtures = models.JSONField(default=list)
    feed_interrupted = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RejectedMessage(models.Model):
    """A message that could not be understood, whole, with the reason. Nothing is lost: it can be tried again."""

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="rejected")
    queue = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    tries = models.IntegerField(default=1)
    understood_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["understood_at", "-received_at"], name="rejected_open_first")]
        permissions = [("retry_rejectedmessage", "Can try a rejected message again")]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S}: {self.reason}"


class UnknownCode(models.Model):
    """A number in a message that `feed.codes` has no name for: kept, shown with its number, counted."""

    kind = models.CharField(max_length=40)
    code = models.BigIntegerField()
    sport_id = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_fixture_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [models.UniqueConstraint("kind", "code", "sport_id", name="unknown_code_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
