"""The second factor for the operations pages: setting up a phone, and entering its code."""

import base64
from typing import Any, cast

import django_otp
import qrcode
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from qrcode.image.svg import SvgPathImage

RECOVERY_CODES = 8


class CodeForm(forms.Form):
    """A code of the phone, or one of the recovery codes."""

    code = forms.CharField(
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).lower()


def next_step(request: HttpRequest) -> str:
    """The page that a signed-in user without a verified session has to go through."""
    return "admin:code" if has_device(request) else "admin:enrol"


def has_device(request: HttpRequest) -> bool:
    return TOTPDevice.objects.filter(user=request.user, confirmed=True).exists()


@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask for a code; the right one opens the operations pages for this session. Wrong ones slow the next try down."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = device_for(request, form.cleaned_data["code"])
        if device and django_otp.verify_token(request.user, device.persistent_id, form.cleaned_data["code"]):
            django_otp.login(request, device)
            return redirect(safe_next(request))
        form.add_error("code", refusal(device))
    return render(request, "admin/code.html", {**context, "form": form, "title": "Enter your code"})


def device_for(request: HttpRequest, code: str) -> TOTPDevice | StaticDevice | None:
    """Whose code it is by its looks, so that a recovery code does not count as a wrong code of the phone."""
    kind = TOTPDevice if code.isdigit() else StaticDevice
    return kind.objects.filter(user=request.user, confirmed=True).first()


def refusal(device: TOTPDevice | StaticDevice | None) -> str:
    """Why a code was not taken. After a wrong one django-otp takes none for a second, and longer each time."""
    if device is not None and device.throttling_failure_count > 1:
        return "Too many wrong codes: wait a moment, then enter a new one."
    return "That is not the code. Wait for the next one and try again."


@csrf_protect
@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Set up a phone: start, scan, confirm with its first code. A phone is replaced only in a verified session."""
    if has_device(request) and not request.user.is_verified():  # type: ignore[union-attr]
        raise PermissionDenied
    if request.method == "POST" and "start" in request.POST:
        TOTPDevice.objects.filter(user=request.user, confirmed=False).delete()
        TOTPDevice.objects.create(user=request.user, name="phone", confirmed=False)
        return redirect(request.get_full_path())
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and device is not None and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            codes = take_over(request, device)
            shown = {**context, "codes": codes, "next": safe_next(request), "title": "Your recovery codes"}
            return render(request, "admin/recovery_codes.html", shown)
        form.add_error("code", "That is not the code. Is the phone's clock right?")
    shown = {**context, "form": form, "title": "Set up a phone", "is_replacing": has_device(request)}
    if device is not None:
        shown |= {"picture": picture(device.config_url), "key": spaced(device)}
    return render(request, "admin/enrol.html", shown)


@transaction.atomic
def take_over(request: HttpRequest, device: TOTPDevice) -> list[str]:
    """Make `device` the user's only phone, this session verified, and give new recovery codes."""
    user = cast(User, request.user)
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    StaticDevice.objects.filter(user=user).delete()
    device.confirmed = True
    device.save()
    spare = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=each) for each in codes)
    django_otp.login(request, device)
    messages.success(request, "The phone is set up.")
    return codes


def picture(text: str) -> str:
    """A QR code as a `data:` address; the page's policy allows pictures from there."""
    drawn: str = qrcode.make(text, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def spaced(device: TOTPDevice) -> str:
    """The key for typing in by hand, in groups of four."""
    key = base64.b32encode(device.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def safe_next(request: HttpRequest) -> str:
    """Where the user wanted to go, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/admin/"
