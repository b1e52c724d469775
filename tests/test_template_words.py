"""Texts and addresses of templates, which are looked up once for all readers."""

import pytest
from django.template import engines
from django.urls import set_script_prefix
from django.utils import translation


def rendered(source: str, **context: object) -> str:
    return str(engines.all()[0].from_string(source).render(context))


def test_each_reader_has_a_text_in_his_own_language():
    texts = []
    for language in ("en", "de", "en", "de"):
        with translation.override(language):
            texts.append(rendered("{{ _('Password') }}"))
    assert texts == ["Password", "Passwort", "Password", "Passwort"]


def test_what_stands_in_a_text_is_escaped_and_the_text_is_not():
    found = rendered("{{ _('<b>%(name)s</b> 5 %%', name=name) }}", name="<script>")
    assert found == "<b>&lt;script&gt;</b> 5 %"


@pytest.mark.parametrize("prefix", ["/", "/desk/"])
def test_an_address_is_below_the_prefix_that_the_desk_is_served_under(prefix: str):
    set_script_prefix(prefix)
    try:
        assert rendered("{{ url('board') }} {{ url('fixture', args=[7]) }}") == f"{prefix} {prefix}fixtures/7/"
    finally:
        set_script_prefix("/")
