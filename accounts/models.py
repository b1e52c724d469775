"""What the desk stores about accounts beside Django's own tables."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from packages_admin.secrets import SealedField


class Guesses(models.Model):
    """The passwords tried under one key (a name, an address, a browser) that were not right, or not yet known to be.

    `times` are seconds since 1970, oldest first, none older than the period that counts.
    """

    key = models.CharField(max_length=80, primary_key=True)
    times = models.JSONField(default=list)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key}: {len(self.times)}"


class UserSession(models.Model):
    """Who is signed in by a session, since when, and from where it was last used. It goes with its session."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_sessions")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45)
    browser = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user} from {self.address}"


class Notice(models.Model):
    """Something that happened to a person's own account, until they have read it and after."""

    class Kind(models.TextChoices):
        PASSWORD = "password", gettext_lazy("Your password was changed.")
        PHONE = "phone", gettext_lazy("Another phone was set up for your codes.")
        PHONE_GONE = "phone_gone", gettext_lazy("An administrator took your phone or recovery codes away.")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"

    @property
    def text(self) -> str:
        return str(self.Kind(self.kind).label)


class FirstPassword(models.Model):
    """Somebody's password was chosen by another, and is taken until this time unless they choose their own."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    until = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"first password of {self.user_id}"


class PhoneKey(models.Model):
    """The sealed key of a phone, by which its codes are made."""

    device = models.OneToOneField("otp_totp.TOTPDevice", models.CASCADE, primary_key=True, related_name="+")
    key = SealedField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"key of phone {self.pk}"
