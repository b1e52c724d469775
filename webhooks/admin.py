"""Webhooks in the admin: what each is sent, how far it has come, and what failed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.new_code import NewCodeToChange
from alarms.addresses import fault_of, shown
from feed.admin.tokens import IdsField
from feed.live.programs.polled import parse_cursor
from packages_admin.secrets import Sealed

from .models import Webhook
from .posting import HOST_REFUSED

if TYPE_CHECKING:
    WebhookModelForm = forms.ModelForm[Webhook]
else:
    WebhookModelForm = forms.ModelForm

WRITE_ONLY = {"autocomplete": "off", "size": 80}
EVERYTHING = "all"
#: Where another of these is chosen everything is sent again: what belongs to it now may not change for hours.
WANTED = {"contents", "sports", "leagues", "fixtures", "markets"}


class WebhookForm(WebhookModelForm):
    """The address and the secret can be entered and are never shown."""

    new_address = forms.CharField(
        label="New address", required=False, max_length=2000, widget=forms.PasswordInput(attrs=WRITE_ONLY),
        help_text="A URL (https) on one of WEBHOOK_HOSTS. Leave empty to keep it.",
    )  # fmt: skip
    new_secret = forms.CharField(
        label="New secret", required=False, min_length=16, max_length=200, widget=forms.PasswordInput(attrs=WRITE_ONLY),
        help_text="Signs each body (docs/operations.md). Leave empty to keep it.",
    )  # fmt: skip
    sports = IdsField(help_text="LSports' sport ids. None: all. A fixture must fit all that is filled in.")
    leagues = IdsField(help_text="LSports' league ids. None: all.")
    fixtures = IdsField(help_text="LSports' fixture ids. None: all.")
    markets = IdsField(help_text="LSports' market ids. None: all.")
    again_from = forms.CharField(
        label="Tell again from", required=False, max_length=80,
        help_text="The 'since' of the last body that the program has, or the word all. Empty: go on as it is.",
    )  # fmt: skip

    class Meta:
        model = Webhook
        fields = ("name", "is_on", "contents", "sports", "leagues", "fixtures", "markets")

    def clean_new_address(self) -> str:
        address: str = self.cleaned_data["new_address"]
        if not address and not self.instance.address:
            raise ValidationError("Enter the address.")
        if address and (fault := fault_of(address, settings.WEBHOOK_HOSTS, HOST_REFUSED)):
            raise ValidationError(fault)
        return address

    def clean_new_secret(self) -> str:
        secret: str = self.cleaned_data["new_secret"]
        if not secret and not self.instance.secret:
            raise ValidationError("Enter a secret, which the program knows too.")
        if not secret and self.cleaned_data.get("new_address"):
            raise ValidationError("Enter the secret again: it was entered for another address.")
        return secret

    def clean_again_from(self) -> str:
        since: str = self.cleaned_data["again_from"].strip()
        if since and since != EVERYTHING:
            try:
                parse_cursor(since)
            except ValueError as error:
                raise ValidationError(f"{error}.") from None
        return since

    def save(self, commit: bool = True) -> Any:
        if address := self.cleaned_data["new_address"]:
            self.instance.address, self.instance.shown = Sealed.of(address), shown("webhook", address)
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = Sealed.of(secret)
        since: str = self.cleaned_data["again_from"]
        if since or WANTED & set(self.changed_data):
            self.instance.since = "" if since in ("", EVERYTHING) else since
        if self.changed_data:
            self.instance.next_try_at = None
        return super().save(commit)


@admin.register(Webhook)
class WebhookAdmin(NewCodeToChange):
    """Programs that are sent what changed."""

    form = WebhookForm
    list_display = ("name", "is_on", "failures", "error", "next_try_at", "taken_at", "bodies", "contents", "shown")
    list_filter = ("is_on",)
    search_fields = ("name",)
    readonly_fields = (
        "shown", "since", "taken_at", "bodies", "failures", "failing_since", "error", "next_try_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("name", "is_on", "shown", "new_address", "new_secret")}),
        ("What it is told", {"fields": ("contents", "sports", "leagues", "fixtures", "markets")}),
        ("How far it is", {"fields": ("taken_at", "bodies", "since", "again_from")}),
        ("What failed", {"fields": ("failures", "failing_since", "error", "next_try_at")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        """A new webhook has no progress to show yet."""
        if obj is not None:
            return self.fieldsets
        fields = ("name", "is_on", "new_address", "new_secret")
        return ((None, {"fields": fields}), *self.fieldsets[1:2])
