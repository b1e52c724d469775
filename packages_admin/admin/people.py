"""Users and groups in the admin: administrators change them, but lift nobody above what they may give."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import first_passwords, security_log, sessions, trials
from accounts.code_age import code_first, has_new_code
from accounts.models import UserSession
from accounts.new_code import NewCodeToChange
from accounts.rights import may_change, may_give_group, names_of, permissions_to_give, rights_of

#: What only a superuser may hand out: roles are given by groups.
ABOVE = ("is_superuser", "is_staff", "user_permissions")

admin.site.unregister(User)
admin.site.unregister(Group)


def log_change(request: HttpRequest, whose: Any, form: Any) -> None:
    """Log which fields of an account or group were changed, never their values."""
    security_log.record("people.changed", request, whose=whose, fields=",".join(form.changed_data))


class Reached(NewCodeToChange):
    """A base for accounts and groups that may be changed and deleted only by whoever may give all that they hold."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.is_within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.is_within_reach(request, obj)

    def is_within_reach(self, request: HttpRequest, obj: Any) -> bool:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        log_change(request, obj, form)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        security_log.record("people.deleted", request, whose=obj)
        super().delete_model(request, obj)


class PasswordForAnother(AdminPasswordChangeForm):
    """A password that somebody else chooses: its owner must change it at once."""

    def save(self, commit: bool = True) -> Any:
        person = super().save(commit)
        if person.has_usable_password():
            first_passwords.give(person)
        return person


@admin.register(User)
class PeopleAdmin(Reached, UserAdmin):
    """Django's users. An administrator cannot change somebody who has more rights than the administrator may give."""

    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    actions = ("unlock", "sign_out_everywhere")
    change_password_form = PasswordForAnother

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and obj.has_usable_password():
            first_passwords.give(obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Change another person's password; one's own is changed on the page that asks for the old one."""
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("change_password")
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        return answer

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        names = [group.name for group in user.groups.all()] + (["superuser"] if user.is_superuser else [])
        return ", ".join(names) or "none"

    @admin.action(permissions=["change"], description="Let sign in again after too many wrong passwords")
    def unlock(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        if not has_new_code(request, is_form=False):
            return code_first(request.get_full_path())
        for user in users:
            if self.is_within_reach(request, user):
                trials.forget(user)
                security_log.record("sign_in.unlocked", request, whose=user)
        messages.success(request, "They may try again at once.")
        return None

    @admin.action(permissions=["change"], description="Sign out everywhere")
    def sign_out_everywhere(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            if self.is_within_reach(request, user):
                number = sessions.end(UserSession.objects.filter(user=user))
                security_log.record("session.ended", request, whose=user, number=number)
        messages.success(request, "Their sessions are ended; open pages stop within a minute.")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return () if request.user.is_superuser else ABOVE

    def is_within_reach(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or may_change(request.user, obj)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("PersonForm", (GroupsWithinReach, form), {"giver": request.user}) if obj else form


class GroupsWithinReach(forms.ModelForm):
    """Refuses to put somebody into a group, or to take them out of it, where the giver may not give that group."""

    giver: Any

    def clean_groups(self) -> Any:
        chosen = self.cleaned_data["groups"]
        moved = set(chosen) ^ set(self.instance.groups.all())
        refused = sorted(group.name for group in moved if not may_give_group(self.giver, group, self.instance))
        if refused:
            raise ValidationError(f"You may not give or take: {', '.join(refused)}. It holds more than you have.")
        return chosen


@admin.register(Group)
class RolesAdmin(Reached, GroupAdmin):
    """Django's groups. An administrator cannot change a group with permissions that they do not have themselves."""

    def is_within_reach(self, request: HttpRequest, obj: Group | None) -> bool:
        if obj is None or request.user.is_superuser:
            return True
        return names_of(obj.permissions.select_related("content_type")) <= rights_of(request.user)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions" and field is not None and request is not None:
            field.queryset = permissions_to_give(request.user)
        return field
