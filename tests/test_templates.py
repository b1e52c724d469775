"""Templates: people can read them, and what they have for that is not sent."""

import pytest
from jinja2 import Environment

from livescore_site.line_breaks import LineBreaks
from tests.template_lint import faults, main

ONE_LINE = '<div id="a" class="b" data-c="d" title="e"></div>'


ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=[LineBreaks])


def rendered(source: str) -> str:
    return ENVIRONMENT.from_string(source).render()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('<p\n  id="a"\n  class="b"\n>x</p>', '<p id="a" class="b">x</p>'),
        ('<p\n  {% if true %}\n  id="a"\n  {% endif %}\n>', '<p id="a">'),
        ('<p\n  class="a"\n  {% if true %} hidden{% endif %}\n  id="b"\n>', '<p class="a" hidden id="b">'),
        ("<p class=\"a\n  {{- ' b' if true }}\n  {{- ' c' if false }}\">", '<p class="a b">'),
        ('<p title="a > b\n  c">', '<p title="a > b c">'),
        ('<line\n  x1="1"\n/>', '<line x1="1"/>'),
    ],
)
def test_a_line_break_in_a_tag_is_a_space_or_nothing(source: str, html: str):
    assert rendered(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<tr>\n  <td>\n    a\n  </td>\n  <td>b</td>\n</tr>\n", "<tr><td>a</td><td>b</td></tr>"),
        ("<p>one\n  two <b>three</b>\n  <i>four</i>\n</p>", "<p>one two <b>three</b> <i>four</i></p>"),
        ("<p>{{ 1 }}\n  {{ 2 }}</p>", "<p>1 2</p>"),
        ("<p>a\n  {%- if true %} <b>c</b>{% endif -%}\n</p>", "<p>a <b>c</b></p>"),
        ("<ul>\n  {% for n in [1, 2] %}\n  <li>{{ n }}</li>\n  {% endfor %}\n</ul>", "<ul><li>1</li><li>2</li></ul>"),
        ("<p>\n  {% for n in [1, 2] %}\n  <b>{{ n }}</b>\n  {% endfor %}\n</p>", "<p><b>1</b> <b>2</b> </p>"),
        ("<b>1</b>\n{#- nothing -#}\n<b>2</b>", "<b>1</b><b>2</b>"),
    ],
)
def test_a_line_break_between_tags_is_kept_as_a_space_only_where_it_shows(source: str, html: str):
    assert rendered(source) == html


def test_lines_that_are_shown_as_they_stand_stay():
    assert rendered("<pre>a\n  b</pre>\n<p>c</p>") == "<pre>a\n  b</pre><p>c</p>"


def test_an_error_names_the_line_of_the_template():
    with pytest.raises(ZeroDivisionError) as caught:
        ENVIRONMENT.from_string('<p\n  id="a"\n>\n\n  {% if true %}\n  {{ 1 // 0 }}\n  {% endif %}\n</p>').render()
    assert caught.traceback[-1].lineno + 1 == 6


def test_a_long_line_is_a_fault():
    assert [line for line, _ in faults("short\n" + "x" * 141)] == [2]


@pytest.mark.parametrize("source", [ONE_LINE, '<p id="a" class="b" {% if c %}data-c="d"{% endif %} title="{{ e }}">'])
def test_more_than_three_attributes_in_one_line_are_a_fault(source: str):
    assert [line for line, _ in faults(f"\n{source}")] == [2]


@pytest.mark.parametrize(
    "source", ['<p id="a" class="b" title="c">', '<p\n  id="a"\n  class="b"\n  title="c"\n  lang="d"\n>']
)
def test_three_attributes_or_one_on_each_line_are_none(source: str):
    assert not list(faults(source))


def test_no_template_of_the_desk_has_a_fault(capsys: pytest.CaptureFixture[str]):
    main()
    assert capsys.readouterr().out == ""
