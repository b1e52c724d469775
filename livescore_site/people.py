"""Who is signed in, as Django says, and by the same query whether they may see fixtures."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef

from feed.live.sessions import VIEW

BACKEND = "livescore_site.people.People"


class People(ModelBackend):
    """Every page of the desk asks for that permission, which would otherwise cost each of them two more queries."""

    def get_user(self, user_id: Any) -> Any:
        """The user with `sees_fixtures`, if the account is active."""
        people = get_user_model().objects
        seers = people.with_perm(VIEW, backend="django.contrib.auth.backends.ModelBackend")
        user = people.annotate(sees_fixtures=Exists(seers.filter(pk=OuterRef("pk")))).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
