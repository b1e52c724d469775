"""A source that is spread over several queues: each of them is a share, with a consumer and a state of its own."""

from django.db import models

from .feed_state import FeedSource


class FeedShare(models.Model):
    """One queue of our own broker that has a part of a source's fixtures, and every heartbeat.

    Fields that `FeedSource` has too mean the same here; the source's row then sums up all of its shares
    (`feed.ingest.shares.together`). Each share's queue has its own chain of heartbeats, hence its own link, due break
    and counts of numbers; epochs are the source's. `waiting` is how many messages the queue had when last asked.
    `wanted_at` is when another consumer, which then held `wanted_held` shares of the source, last stood by for this
    one; `handed_at` when this share was last handed over on purpose.
    """

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="shares")
    queue = models.CharField(max_length=200)
    consumer = models.CharField(max_length=200, blank=True)
    consumer_seen_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=FeedSource.State, default=FeedSource.State.DOWN)
    state_reason = models.CharField(max_length=300, blank=True)
    state_since = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    link_at = models.DateTimeField(null=True)
    stray_at = models.DateTimeField(null=True)
    break_due = models.CharField(max_length=300, blank=True, default="", db_default="")
    numbered = models.BigIntegerField(default=0, db_default=0)
    skips = models.BigIntegerField(default=0, db_default=0)
    age_ms = models.BigIntegerField(null=True)
    supplier_age_ms = models.BigIntegerField(null=True)
    taken = models.BigIntegerField(default=0, db_default=0)
    busy_ms = models.BigIntegerField(default=0, db_default=0)
    waiting = models.BigIntegerField(null=True)
    wanted_at = models.DateTimeField(null=True)
    wanted_held = models.IntegerField(default=0, db_default=0)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("source", "queue", name="feed_share_once")]

    def __str__(self) -> str:
        return f"{self.source} ({self.queue})"


class StreamOffset(models.Model):
    """The last message of a queue of type stream that is stored; the next one follows it. Its messages stay there."""

    source = models.ForeignKey(FeedSource, models.CASCADE, related_name="+")
    queue = models.CharField(max_length=255)
    offset = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("source", "queue", name="stream_offset_once")]
