"""Whether those who hold a socket are still signed in: one query for all of them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

#: The permission to see the desk.
VIEW = "feed.view_fixture"


def ended(users: Mapping[str, Any]) -> set[str]:
    """The keys in `users` (session key -> user id) that no longer sign their user in.

    A session ends by signing out, by its age, and with the user's account or password, as for a new request.
    """
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).in_bulk(users.keys())
    active = get_user_model().objects.filter(is_active=True).in_bulk(set(users.values()))
    return {key for key, user_id in users.items() if not holds(sessions.get(key), active.get(user_id))}


def allowed(user_ids: Collection[Any]) -> set[Any]:
    """Which of these users may see fixtures."""
    viewers = get_user_model().objects.with_perm(VIEW, backend="django.contrib.auth.backends.ModelBackend")
    return set(viewers.filter(pk__in=user_ids).values_list("pk", flat=True))


def holds(session: Session | None, user: AbstractBaseUser | None) -> bool:
    """Whether the session signs this user in."""
    if session is None or user is None:
        return False
    content: dict[str, Any] = session.get_decoded()
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return content.get(SESSION_KEY) == str(user.pk) and any(
        constant_time_compare(content.get(HASH_SESSION_KEY, ""), valid) for valid in hashes
    )


def keys_of(pages: Collection[Any]) -> dict[str, Any]:
    """The session keys of pages with their users, for `ended`."""
    return {page.session_key: page.user_id for page in pages if page.session_key is not None}
