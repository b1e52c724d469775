"""What is provable: the leaves of the tree (`feed.proof`), in the order in which they were committed."""

from django.db import models


class ProofLog(models.Model):
    """How many leaves there are: one row, which the last statement of each batch locks until its commit."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(default=0)


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
    """The leaves of one batch, written in its transaction: `count` lines from number `first` on."""

    first = models.BigIntegerField(primary_key=True)
    count = models.IntegerField()
    committed_at = models.DateTimeField()
    leaves = models.BinaryField()
