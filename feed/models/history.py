"""The past: the journal, from which history and the state at any moment are read."""

from django.db import models


class JournalEntry(models.Model):
    """What a batch changed of one part of a fixture (`market_id`: of one market), in `blob` (`feed.journal.blobs`).

    `revision` is the fixture's. The state of a part is made of its entries from `keyframe_revision` on, which holds the
    whole of it; 0: history that came before the journal, of which no state can be made. What belongs to no fixture
    (a node of the tree, a source) has fixture 0, its id as `market_id`, and the microsecond of its commit as revision.
    `received_at` and `source_id` are of the last message of the batch that changed the fixture, `committed_at` is when
    the batch was written. `settles`: a bet was settled in it.
    A batch that speaks of a fixture and changes nothing of it leaves a mark for the fixture's log: `UNCHANGED`, with
    the microsecond of its commit as revision and no keyframe. Marks are part of no state, and no leaves of the proof.
    """

    class Part(models.IntegerChoices):
        FIXTURE = 1
        PARTICIPANTS = 2
        SCOREBOARD = 3
        PERIODS = 4
        INCIDENTS = 5
        STATISTICS = 6
        PLAYER_STATISTICS = 7
        MARKET = 8
        COMPETITION = 9
        SOURCE = 10
        UNCHANGED = 11

    id = models.BigAutoField(primary_key=True)
    fixture_id = models.BigIntegerField()
    market_id = models.BigIntegerField(default=0)
    revision = models.BigIntegerField()
    keyframe_revision = models.BigIntegerField()
    received_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    source_id = models.BigIntegerField(null=True)
    part = models.SmallIntegerField(choices=Part)
    settles = models.BooleanField(default=False)
    blob = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["fixture_id", "part", "market_id", "revision"], name="journal_of_part"),
            models.Index(fields=["fixture_id"], condition=models.Q(settles=True), name="journal_of_settlements"),
        ]
