"""Alarms in the admin: where they go, which were raised, and a button that tries a destination."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.new_code import NewCodeToChange
from feed.admin.read_only import ReadOnlyAdmin
from packages_admin.secrets import SealBroken, Sealed

from .addresses import fault_of, shown
from .message import Message
from .models import Alarm, Delivery, Destination
from .sending import NotSent, send, target_of

WRITE_ONLY = {"autocomplete": "off", "size": 80}


class DestinationForm(forms.ModelForm):
    """The address and the secret can be written and replaced, but never read again."""

    new_address = forms.CharField(
        label="Address", required=False, max_length=2000, widget=forms.PasswordInput(attrs=WRITE_ONLY),
        help_text="A URL (https) or an e-mail address; for a chat, its incoming webhook. Leave empty to keep it.",
    )  # fmt: skip
    new_secret = forms.CharField(
        label="Secret", required=False, max_length=200, widget=forms.PasswordInput(attrs=WRITE_ONLY),
        help_text="Signs what is sent to a webhook (docs/operations.md). Leave empty to keep it.",
    )  # fmt: skip

    class Meta:
        model = Destination
        fields = ("name", "kind", "new_address", "new_secret", "is_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address, kind = cleaned.get("new_address", ""), cleaned.get("kind", "")
        if not address and (not self.instance.address or "kind" in self.changed_data):
            raise ValidationError({"new_address": "Enter the address."})
        if address and kind == Destination.Kind.EMAIL:
            validate_email(address)
        elif address and (fault := fault_of(address)):
            raise ValidationError({"new_address": fault})
        if address and self.instance.secret and not cleaned.get("new_secret"):
            raise ValidationError({"new_secret": "Enter the secret again: it was entered for another address."})
        return cleaned

    def save(self, commit: bool = True) -> Any:
        if address := self.cleaned_data["new_address"]:
            self.instance.address = Sealed.of(address)
            self.instance.shown = shown(self.cleaned_data["kind"], address)
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = Sealed.of(secret)
        return super().save(commit)


@admin.register(Destination)
class DestinationAdmin(NewCodeToChange):
    """Where alarms are sent."""

    form = DestinationForm
    list_display = ("name", "kind", "shown", "is_on")
    readonly_fields = ("shown",)
    fields = ("name", "kind", "shown", "new_address", "new_secret", "is_on")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.try_it))
        return [path("<int:pk>/try/", view, name="alarms_destination_try"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        may_try = request.user.has_perm("alarms.try_destination")
        return super().change_view(request, object_id, form_url, {"may_try": may_try, **(extra_context or {})})

    def try_it(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send one message there, now."""
        if not request.user.has_perm("alarms.try_destination"):
            raise PermissionDenied
        destination = get_object_or_404(Destination, pk=pk)
        text = f"A trial message to {destination.name}, sent by {request.user.get_username()}. Nothing is wrong."
        trial = Message(
            id=f"trial-{secrets.token_hex(6)}",
            event="trial",
            kind="trial",
            about=destination.name,
            text=text,
            began_at=timezone.now(),
        )
        try:
            send(target_of(destination), trial)
        except (NotSent, SealBroken) as error:
            messages.error(request, f"{destination.name}: {error}")
        else:
            messages.success(request, f"{destination.name} accepted a trial message.")
        return redirect(reverse("admin:alarms_destination_change", args=[pk]))


class DeliveryInline(admin.TabularInline):
    """The messages that were sent about an alarm."""

    model = Delivery
    fields = readonly_fields = ("destination", "what", "sent_at", "tries", "error")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    """The alarms that were raised, the newest first."""

    list_display = ("began_at", "ended_at", "kind", "about", "text")
    list_filter = ("kind",)
    fields = readonly_fields = ("kind", "about", "text", "began_at", "ended_at")
    inlines = [DeliveryInline]
