"""Every call to LSports' API: who asked for what, when, and how it went."""

from django.conf import settings
from django.db import models

from packages_admin.outcome import Kind
from packages_admin.products import Action, Call

from .package import Package


class PackageCall(models.Model):
    """One call. Written before it is sent, completed when the answer is there, never changed again.

    `kind` is empty while no answer is recorded: it is on its way, or its process died. `request` holds all that was
    sent but the password; `is_filtered`: only part of a snapshot was asked for; `answer` is the body of the answer,
    cut. `actor_name` stays when the user is gone.
    """

    class Origin(models.TextChoices):
        ADMIN = "admin", "admin"
        COMMAND = "command", "command"
        AUTOMATIC = "automatic", "automatic"

    package = models.ForeignKey(Package, models.SET_NULL, null=True, related_name="calls")
    package_name = models.CharField("package", max_length=200)
    action = models.CharField(max_length=20, choices=[(call.value, call.value) for call in (*Action, *Call)])
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField("who", max_length=200)
    origin = models.CharField(max_length=10, choices=Origin)
    asked_at = models.DateTimeField()
    url = models.CharField(max_length=500)
    is_filtered = models.BooleanField(default=False)
    request = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, blank=True, choices=[(kind.value, kind.label) for kind in Kind])
    ok = models.BooleanField(null=True)
    status_code = models.IntegerField("status", null=True)
    sentence = models.CharField(max_length=500, blank=True)
    answer = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    duration_ms = models.IntegerField(null=True)

    class Meta:
        verbose_name = "call"
        ordering = ["-asked_at", "-id"]
        default_permissions = ["view"]
        permissions = [("export_packagecall", "Can export calls as CSV")]
        indexes = [models.Index(fields=["package", "action", "-asked_at"], name="call_of_package")]

    def __str__(self) -> str:
        return f"{self.action} {self.package_name}"
