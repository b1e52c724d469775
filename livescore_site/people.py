"""Who is signed in, as Django says, and by the same query whether they may see fixtures."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, QuerySet

from feed.database.prepared import Prepared
from feed.live.sessions import VIEW

BACKEND = "livescore_site.people.People"


def people(ids: Collection[int]) -> QuerySet[Any]:
    everybody = get_user_model().objects
    seers = everybody.with_perm(VIEW, backend="django.contrib.auth.backends.ModelBackend")
    return everybody.annotate(sees_fixtures=Exists(seers.filter(pk=OuterRef("pk")))).filter(pk__in=ids)


PEOPLE: Prepared[Any] = Prepared(people)


class People(ModelBackend):
    """Every page of the desk asks for that permission, which would otherwise cost each of them two more queries."""

    def get_user(self, user_id: Any) -> Any:
        """The user with `sees_fixtures`, if the account is active."""
        found = PEOPLE([user_id])
        return found[0] if found and self.user_can_authenticate(found[0]) else None
