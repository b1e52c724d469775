"""Nobody gives what they do not have, unless they may hand it out: the rule behind groups in the admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

#: The desk's roles, which administrators hand out without having all of their permissions themselves.
HANDED_OUT = ("trader", "operator", "administrator")


def rights_of(user: Any) -> set[str]:
    """The permissions given to the user, also while the account is off; of a superuser, those given by name."""
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return names_of(given.select_related("content_type"))


def names_of(permissions: Iterable[Permission]) -> set[str]:
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def may_give_group(giver: Any, group: Group, receiver: Any) -> bool:
    """Whether `giver` may put `receiver` into the group, or take them out of it.

    A superuser: always. Another: a group of which they have every permission themselves; and the desk's own roles,
    to anybody but themselves.
    """
    if giver.is_superuser:
        return True
    rights = names_of(group.permissions.select_related("content_type"))
    if rights <= rights_of(giver):
        return True
    return group.name in HANDED_OUT and receiver is not None and receiver.pk != giver.pk


def permissions_to_give(giver: Any) -> Any:
    """The permissions that the giver may put into a group: their own."""
    everything = Permission.objects.select_related("content_type")
    if giver.is_superuser:
        return everything
    own = rights_of(giver)
    return everything.filter(pk__in=[permission.pk for permission in everything if names_of([permission]) <= own])


def may_change(giver: Any, other: Any) -> bool:
    """Whether the account is within reach: nobody takes over one that has more than they could give."""
    if giver.is_superuser:
        return True
    if other.is_superuser:
        return False
    handed_out = Permission.objects.filter(group__name__in=HANDED_OUT).select_related("content_type").distinct()
    return rights_of(other) <= rights_of(giver) | names_of(handed_out)
