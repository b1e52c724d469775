"""The second factor: setting up a phone, and entering its code; at the operations pages and at the desk's sign-in."""

import base64
import secrets
from typing import Any, NamedTuple, cast

import django_otp
import qrcode
from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from qrcode.image.svg import SvgPathImage

from accounts import notices, security_log, trials
from accounts.code_age import has_new_code, note_code
from accounts.phones import Phone, digest_of

RECOVERY_CODES = 8
#: Of a recovery code: too many to be tried, even by whoever has its digest and the key.
RECOVERY_BYTES = 15
LOCKED = gettext_noop("Too many wrong codes: wait a quarter of an hour, then enter a new one.")


class Pages(NamedTuple):
    """The folder of their templates, and where they lead by themselves."""

    folder: str
    home: str
    code: str


OPERATIONS = Pages("admin", "admin:index", "admin:code")
DESK = Pages("registration", "board", "own_code")


class CodeInput(forms.TextInput):
    """Comes back empty: what was entered may be a code but for one letter."""

    def format_value(self, value: Any) -> None:
        return None


class CodeForm(forms.Form):
    """A code of the phone, or one of the recovery codes."""

    code = forms.CharField(
        max_length=40,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}),
    )

    def clean_code(self) -> str:
        return typed(self.cleaned_data["code"])


def typed(code: str) -> str:
    """A code without the blanks and capitals in which it may be typed."""
    return "".join(code.split()).lower()


def next_step(request: HttpRequest) -> str:
    """The page that a signed-in user without a verified session has to go through."""
    return "admin:code" if has_device(request) else "admin:enrol"


def has_device(request: HttpRequest) -> bool:
    return Phone.objects.filter(user=request.user, confirmed=True).exists()


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, context: dict[str, Any], pages: Pages = OPERATIONS) -> HttpResponse:
    """Ask for a code; the right one opens the pages for this session. Wrong ones slow the next try down."""
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            fault = try_code(request, form.cleaned_data["code"])
        except trials.TooManyTries:
            fault, status = gettext(LOCKED), 429
        if not fault:
            return redirect(safe_next(request, pages))
        form.add_error("code", fault)
    shown = {**context, "form": form, "title": gettext("Enter your code")}
    return render(request, f"{pages.folder}/code.html", shown, status=status)


def try_code(request: HttpRequest, code: str) -> str:
    """Verify the session by the code; otherwise why not, in words. Raises `TooManyTries`."""
    trial = trials.begin_code(request)
    device = device_for(request, code)
    if device and is_right(device, code):
        trial.was_right()
        django_otp.login(request, device)
        note_code(request)
        security_log.record("second_factor.ok", request, by=device.name)
        return ""
    security_log.record("second_factor.failed", request)
    return refusal(device)


def is_right(device: Phone | StaticDevice, code: str) -> bool:
    """Whether the device takes the code, which is then used up."""
    given = code if isinstance(device, Phone) else digest_of(code, device.user_id)
    return django_otp.verify_token(device.user, device.persistent_id, given) is not None


def device_for(request: HttpRequest, code: str) -> Phone | StaticDevice | None:
    """Which kind of code it is, from its form, so that a recovery code does not count as a wrong code of the phone."""
    kind = Phone if code.isdigit() else StaticDevice
    return kind.objects.filter(user=request.user, confirmed=True).first()


def refusal(device: Phone | StaticDevice | None) -> str:
    """Why a code was not taken. After a wrong one django-otp takes none for a second, and longer each time."""
    if device is not None and device.throttling_failure_count > 1:
        return gettext("Too many wrong codes: wait a moment, then enter a new one.")
    return gettext("That is not the code. Wait for the next one and try again.")


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, context: dict[str, Any], pages: Pages = OPERATIONS) -> HttpResponse:
    """Set up a phone: start, scan, confirm with its first code. A phone is replaced only in a verified session."""
    if has_device(request) and not request.user.is_verified():  # type: ignore[union-attr]
        raise PermissionDenied
    if has_device(request) and not has_new_code(request, is_form=request.method == "POST"):
        return redirect_to_login(request.get_full_path(), reverse(pages.code))
    return set_up(request, context, pages)


def set_up(request: HttpRequest, context: dict[str, Any], pages: Pages) -> HttpResponse:
    """The page by which a phone is set up, and its answers."""
    if request.method == "POST" and "start" in request.POST:
        Phone.objects.filter(user=request.user, confirmed=False).delete()
        Phone.make(request.user)
        return redirect(request.get_full_path())
    device = Phone.objects.filter(user=request.user, confirmed=False).first()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and device is not None and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            codes = take_over(request, device)
            title = gettext("Your recovery codes")
            shown = {**context, "codes": codes, "next": safe_next(request, pages), "title": title}
            return render(request, f"{pages.folder}/recovery_codes.html", shown)
        form.add_error("code", gettext("That is not the code. Is the phone's clock right?"))
    shown = {**context, "form": form, "title": gettext("Set up a phone"), "is_replacing": has_device(request)}
    if device is not None:
        shown |= {"picture": picture(device.config_url), "key": in_fours(device.bin_key)}
    return render(request, f"{pages.folder}/enrol.html", shown)


@transaction.atomic
def take_over(request: HttpRequest, device: Phone) -> list[str]:
    """Make `device` the user's only phone, this session verified, and give new recovery codes."""
    user = cast(User, request.user)
    Phone.objects.filter(user=user).exclude(pk=device.pk).delete()
    StaticDevice.objects.filter(user=user).delete()
    device.confirmed = True
    device.save()
    spare = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [in_fours(secrets.token_bytes(RECOVERY_BYTES)).lower() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=spare, token=digest_of(typed(code), user.pk)) for code in codes)
    django_otp.login(request, device)
    note_code(request)
    security_log.record("phone.changed", request)
    notices.give(user, notices.Kind.PHONE)
    messages.success(request, gettext("The phone is set up."))
    return codes


def picture(text: str) -> str:
    """A QR code as a `data:` address; the page's policy allows pictures from there."""
    drawn: str = qrcode.make(text, image_factory=SvgPathImage, border=2).to_string(encoding="unicode")
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def in_fours(key: bytes) -> str:
    """The key in groups of four, to be typed in by hand."""
    text = base64.b32encode(key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def safe_next(request: HttpRequest, pages: Pages) -> str:
    """Where the user wanted to go, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse(pages.home)
