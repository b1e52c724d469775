"""What is provable: the leaves of the tree (`feed.proof`), in the order in which they were committed."""

from django.db import models


class ProofLog(models.Model):
    """How many leaves there are: one row, which the last statement of each batch locks until its commit."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(default=0)


class Act(models.Model):
    """What one of our own people did, or the desk by itself: a leaf has the digest of `text`.

    `text` is JSON with `who` as a salted hash; without `salt` nobody finds out by trying names whose it is.
    """

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=40)
    fixture_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=200)
    salt = models.CharField(max_length=44)
    text = models.TextField()

    class Meta:
        default_permissions = ()


class WitnessedLog(models.Model):
    """Another desk's log that we witness: the last checkpoint of it that we cosigned, which the next must continue."""

    origin = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(default=b"")
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class LeafBatch(models.Model):
    """The leaves of one batch, written in its transaction: `count` lines from number `first` on.

    `details` is what the log has of its messages besides (`feed.journal.details`), as long as there is a journal.
    """

    first = models.BigIntegerField(primary_key=True)
    count = models.IntegerField()
    committed_at = models.DateTimeField()
    leaves = models.BinaryField()
    details = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["committed_at"], name="leaves_by_commit")]
