"""What web processes showed to pages and programs, and the salts behind which people's names are hidden."""

from django.db import models


class ViewingSpan(models.Model):
    """What one web process showed between two moments, as `feed.viewings.spans` writes it.

    `lost` counts frames of that time that are not in it, since they were too many or could not be written.
    """

    process = models.CharField(max_length=80)
    begun_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField()
    lost = models.PositiveIntegerField(default=0)
    blob = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.process}, {self.begun_at:%Y-%m-%d %H:%M:%S}"


class ViewerSalt(models.Model):
    """What is hashed with a person or a token for the spans. Without it nobody can tell whose viewings they are.

    `kind` is "user" or "token", `owner` the row's key.
    """

    kind = models.CharField(max_length=8)
    owner = models.BigIntegerField()
    salt = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "owner"], name="viewer_salt_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}"
