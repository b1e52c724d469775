"""A bookmaker's name where LSports sent none."""

from django.utils.translation import gettext


def provider_name(pk: int, name: str | None) -> str:
    """The name, else "Provider 145"."""
    return name or gettext("Provider %(number)s") % {"number": pk}
