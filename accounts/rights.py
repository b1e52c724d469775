"""Nobody gives away a permission that they do not have, except within one of the desk's roles."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

#: The desk's roles, which administrators hand out without having all of their permissions themselves.
HANDED_OUT = ("trader", "operator", "administrator")


def rights_of(user: Any) -> set[str]:
    """The permissions given to the user, even while the account is off; for a superuser, only those given by name."""
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return names_of(given.select_related("content_type"))


def names_of(permissions: Iterable[Permission]) -> set[str]:
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}


def may_give_group(giver: Any, group: Group, receiver: Any) -> bool:
    """Whether `giver` may put `receiver` into the group, or take them out of it.

    A superuser always may. Anybody else may if they have every permission of the group themselves, or if it is one of
    the desk's roles and the receiver is somebody else.
    """
    if giver.is_superuser:
        return True
    rights = names_of(group.permissions.select_related("content_type"))
    if rights <= rights_of(giver):
        return True
    return group.name in HANDED_OUT and receiver is not None and receiver.pk != giver.pk


def permissions_to_give(giver: Any) -> Any:
    """The permissions that the giver may put into a group: their own, or for a superuser all."""
    everything = Permission.objects.select_related("content_type")
    if giver.is_superuser:
        return everything
    own = rights_of(giver)
    return everything.filter(pk__in=[permission.pk for permission in everything if names_of([permission]) <= own])


def may_change(giver: Any, other: Any) -> bool:
    """Whether `giver` may change the account `other`: nobody may take over one that has more than they could give."""
    if giver.is_superuser:
        return True
    if other.is_superuser:
        return False
    handed_out = Permission.objects.filter(group__name__in=HANDED_OUT).select_related("content_type").distinct()
    return rights_of(other) <= rights_of(giver) | names_of(handed_out)
