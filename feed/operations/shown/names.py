"""Names of those whose salts are there: nobody else can be found by what is kept."""

from django.contrib.auth.models import User

from feed.models import SubscriberToken, ViewerSalt
from feed.viewings.viewers import Viewer, salted


def known_names() -> dict[Viewer, str]:
    """Of everybody of whom a viewing may be kept; of who was deleted meanwhile a number. Three queries."""
    viewers = list(ViewerSalt.objects.values_list("kind", "owner"))
    users = dict(User.objects.filter(pk__in=owners(viewers, "user")).values_list("pk", "username"))
    tokens = dict(SubscriberToken.objects.filter(pk__in=owners(viewers, "token")).values_list("pk", "name"))
    names = {"user": users, "token": tokens}
    return {(kind, pk): names.get(kind, {}).get(pk, f"{kind} {pk}") for kind, pk in viewers}


def owners(viewers: list[Viewer], kind: str) -> list[int]:
    return [pk for of_kind, pk in viewers if of_kind == kind]


def viewers_by_hash() -> dict[bytes, Viewer]:
    """Everybody who has a salt, by what stands in spans."""
    rows = ViewerSalt.objects.values_list("kind", "owner", "salt")
    return {salted((kind, pk), bytes(salt)): (kind, pk) for kind, pk, salt in rows}
