"""Phones and recovery codes in the admin: they can be seen and deleted there, never made or changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import notices, security_log
from accounts.new_code import NewCodeToChange
from accounts.rights import may_change

admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(TOTPDevice, StaticDevice)
class DevicesAdmin(NewCodeToChange):
    """A lost phone is deleted, with the codes of its user; who signs in next sets up another."""

    list_display = ("user", "name", "created_at", "last_used_at", "confirmed")
    fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_within_reach = obj is None or may_change(request.user, obj.user)
        return super().has_delete_permission(request, obj) and is_within_reach

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        security_log.record("phone.deleted", request, whose=obj.user, what=obj.name)
        notices.give(obj.user, notices.Kind.PHONE_GONE)
