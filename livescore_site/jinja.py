"""The Jinja2 environment of every dashboard page and live fragment."""

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feed.past.address import banner, here
from feed.past.moments import moment_text

from .line_breaks import LineBreaks
from .tour import tour_panel
from .words import words_address

#: As many texts of templates, in all languages, are kept translated; they have about a thousand.
CACHED_TEXTS = 8192


def environment(**options: Any) -> Environment:
    """Autoescape on (Django's backend sets it); a name that a template was not given is an error, not an empty text."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n", LineBreaks]
    env = Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(gettext=words, _=words)
    env.globals.update(static=static, url=address, words_address=words_address, language=get_language)
    env.globals.update(here=here, past_banner=banner, moment_text=moment_text, tour_panel=tour_panel)
    return env


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page: each page has the same twenty, which are looked up once."""
    return reverse(name, *args, **kwargs) if args or kwargs else address_under(get_script_prefix(), name)


@lru_cache(maxsize=1024)
def address_under(prefix: str, name: str) -> str:
    """The page's address under the prefix, which is the present one."""
    return reverse(name)


def words(text: str, **values: Any) -> str:
    """A template's text in the reader's language, with the values in their places.

    A page has hundreds of them: what Jinja2 does around each took a twentieth of the page's time (docs/decisions.md).
    """
    return translated(text, get_language()) % values


@lru_cache(maxsize=CACHED_TEXTS)
def translated(text: str, language: str | None) -> Markup:
    """The text in the language, which is the active one."""
    return Markup(gettext(text))  # noqa: S704 - templates and catalogues are ours
