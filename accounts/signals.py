"""Django's own signals about accounts: what is noted and logged when they arrive."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import first_passwords, security_log, sessions, trials


@receiver(user_logged_in, dispatch_uid="log_sign_in")
def log_sign_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    sessions.begin(request, user.pk)
    first_passwords.mark(request, user)
    security_log.record("sign_in.ok", request, name=user.get_username())


@receiver(user_logged_out, dispatch_uid="log_sign_out")
def log_sign_out(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    security_log.record("sign_out", request, name=user.get_username() if user else "")


@receiver(user_login_failed, dispatch_uid="log_failure")
def log_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    security_log.record("sign_in.failed", request, name=trials.name_to_log(credentials.get("username") or ""))


@receiver(m2m_changed, sender=User.groups.through, dispatch_uid="log_groups")
@receiver(m2m_changed, sender=User.user_permissions.through, dispatch_uid="log_user_permissions")
@receiver(m2m_changed, sender=Group.permissions.through, dispatch_uid="log_group_permissions")
def log_rights(instance: Any, action: str, model: Any, pk_set: set[Any] | None, **kwargs: Any) -> None:
    """The signal does not know who did it: the admin logs that for the same request (`people.changed`)."""
    if (pk_set and action in ("post_add", "post_remove")) or action == "post_clear":
        names = sorted(str(row) for row in model.objects.filter(pk__in=pk_set or ()))
        security_log.record("rights.changed", None, whose=instance, how=action.removeprefix("post_"), which=names)
