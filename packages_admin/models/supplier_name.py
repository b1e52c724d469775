"""LSports' names by their ids, stored from its metadata, since the feed does not always send them."""

from django.db import models


class SupplierName(models.Model):
    """The name of an id of one `kind` (a metadata call's word: "leagues"), in a language of LSports' (0: its own).

    `details` are the other members that LSports sent, under its own keys. `stated_at` is when it last sent the name.
    """

    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()
    language = models.PositiveIntegerField(default=0)
    name = models.TextField()
    details = models.JSONField(default=dict)
    stated_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "name", "number"]
        default_permissions = ["view"]
        constraints = [models.UniqueConstraint("kind", "number", "language", name="supplier_name_once")]

    def __str__(self) -> str:
        return self.name
