"""The Jinja2 environment of every dashboard page and live fragment."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined

from feed.past.address import banner, here
from feed.past.moments import moment_text

from .line_breaks import LineBreaks
from .words import words_address


def environment(**options: Any) -> Environment:
    """Autoescape on (Django's backend sets it); a name that a template was not given is an error, not an empty text."""
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n", LineBreaks]
    env = Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(static=static, url=reverse, words_address=words_address, language=get_language)
    env.globals.update(here=here, past_banner=banner, moment_text=moment_text)
    return env
