"""Where alarms go, what was wrong and for how long, and what was sent about it."""

from django.db import models

from packages_admin.secrets import SealedField, no_password


class Destination(models.Model):
    """Where alarms are sent. `address` is a URL or an e-mail address, sealed: a chat's webhook is also its password.

    `shown` is what may be shown of it. `secret` signs what a webhook is sent.
    """

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", "webhook (signed JSON)"
        EMAIL = "email", "e-mail"
        SLACK = "slack", "Slack, or what takes its webhooks"
        TEAMS = "teams", "Microsoft Teams (workflow)"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    address = SealedField(default=no_password, editable=False)
    shown = models.CharField("address", max_length=200, editable=False)
    secret = SealedField(default=no_password, blank=True, editable=False)
    is_on = models.BooleanField("on", default=True)

    class Meta:
        ordering = ["name"]
        permissions = [("try_destination", "Can send a trial message")]

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """A fault of a `kind`, `about` one thing, from its beginning until it was over. At most one such alarm is open."""

    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-began_at", "-id"]
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint("kind", "about", condition=models.Q(ended_at=None), name="alarm_open_once")
        ]

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """One message to one destination: that an alarm began, or that it is over. `next_try_at` is None once there is
    nothing more to do."""

    class What(models.TextChoices):
        BEGAN = "began", "began"
        ENDED = "ended", "over"

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="deliveries")
    destination = models.ForeignKey(Destination, models.CASCADE, related_name="deliveries")
    what = models.CharField(max_length=5, choices=What)
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ["view"]
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint("alarm", "destination", "what", name="delivery_once")]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=models.Q(next_try_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.alarm} ({self.get_what_display()})"
