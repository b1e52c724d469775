"""What feeds the desk: sources with their states, messages that were refused, numbers without a name."""

from django.db import models
from django.utils.translation import gettext_lazy


class FeedSource(models.Model):
    """One feed of ours: a package's queue, a recording, the simulated supplier.

    `state` is what the consumer last wrote; `feed.vouching.source_health` also counts the silence since then.
    `active_fixtures` are the ids of the newest keep-alive; where LSports sends one for each provider (OddService), of
    the newest of each, which `keep_alives` holds: {provider id or "0": {"sent_at": ISO UTC, "fixtures": [id]}}, and
    where it has some its "extra_data": {name: value}.
    `consumer` names the one consumer that may write (`feed.ingest.lease`), empty where none runs; `consumer_seen_at` is
    its last sign of life. Where LSports sends no heartbeat (`has_heartbeat`), that is the only one. `wanted_at` is when
    another consumer last stood by for it.
    `flow` says which of TRADE's two sides it is; empty where that is not known, or where one source brings both (`side`
    then goes by the name).
    `link_at` is when LSports sent the last link of its chain of heartbeats, `epoch` counts the breaks of that chain and
    `epoch_from` is when LSports sent the first message since the last break (`feed.store.epochs`). `break_due` says why
    the next message follows a break. `numbered` counts its messages that had a number in their market, `skips` those of
    them whose number skipped some; since `doubted_since` these contradict themselves, and holes close no price.
    `hole_confirmed_at` is when a snapshot last proved that a message was missing.
    After a break it is recovering since `recovering_since`, and `recovery_words` say how far that is
    (`feed.recovery`), where LSports can be asked for `snapshots` of it; `broke_at` is when the last break was noticed.
    `age_ms` is how old the last minute's messages were when they were stored, `supplier_age_ms` when received (p95).
    `taken` counts the messages ever taken, `busy_ms` the time that decoding and storing them took.
    `off_since` is set while no messages are expected of the source, with the reason in `off_reason`; `off_is_wanted`
    where we want it so, which is no fault.
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

    class Flow(models.TextChoices):
        IN_PLAY = "in_play", gettext_lazy("in-play")
        PRE_MATCH = "pre_match", gettext_lazy("pre-match")

    class Snapshots(models.TextChoices):
        NONE = "", gettext_lazy("cannot be asked for")
        ANSWERED = "answered", gettext_lazy("are answered")
        TRIGGERED = "triggered", gettext_lazy("come through the queue")

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    flow = models.CharField(max_length=10, choices=Flow, blank=True, default="", db_default="")
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
    consumer = models.CharField(max_length=200, blank=True)
    consumer_seen_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)
    epoch = models.BigIntegerField(default=0, db_default=0)
    epoch_from = models.DateTimeField(null=True)
    link_at = models.DateTimeField(null=True)
    stray_at = models.DateTimeField(null=True)
    snapshots = models.CharField(max_length=10, choices=Snapshots, blank=True, default="", db_default="")
    broke_at = models.DateTimeField(null=True)
    recovering_since = models.DateTimeField(null=True)
    recovery_words = models.CharField(max_length=300, blank=True, default="", db_default="")
    break_due = models.CharField(max_length=300, blank=True, default="", db_default="")
    numbered = models.BigIntegerField(default=0, db_default=0)
    skips = models.BigIntegerField(default=0, db_default=0)
    doubted_since = models.DateTimeField(null=True)
    hole_confirmed_at = models.DateTimeField(null=True)
    age_ms = models.BigIntegerField(null=True)
    supplier_age_ms = models.BigIntegerField(null=True)
    taken = models.BigIntegerField(default=0, db_default=0)
    busy_ms = models.BigIntegerField(default=0, db_default=0)
    off_since = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=300, blank=True)
    off_is_wanted = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        permissions = [("expect_feedsource", "Can say whether a feed is expected")]

    def __str__(self) -> str:
        return self.name

    @property
    def side(self) -> str:
        """Its flow, or that which its name says; empty where neither is known."""
        return self.flow or flow_named(self.name)


def flow_named(name: str) -> str:
    """The flow that the name of a source or of a virtual host says ("StmInPlay", "Cup pre-match"); empty for none."""
    word = "".join(filter(str.isalpha, name.lower()))
    flows = [flow for flow, sign in ((IN_PLAY, "inplay"), (PRE_MATCH, "prematch")) if sign in word]
    return str(flows[0]) if len(flows) == 1 else ""


IN_PLAY, PRE_MATCH = FeedSource.Flow.IN_PLAY.value, FeedSource.Flow.PRE_MATCH.value


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
