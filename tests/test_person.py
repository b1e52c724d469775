"""People from the command line."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command

from accounts.models import FirstPassword

pytestmark = pytest.mark.django_db


def person(*words: str) -> str:
    out = StringIO()
    call_command("person", *words, stdout=out)
    return out.getvalue()


def roles(name: str) -> set[str]:
    return set(User.objects.get(username=name).groups.values_list("name", flat=True))


def test_whoever_is_added_has_a_role_and_a_first_password_that_is_shown_once():
    text = person("add", "olga", "--role=operator", "--email=olga@example.com")
    olga = User.objects.get(username="olga")
    assert olga.check_password(text.split()[-1])
    assert (roles("olga"), olga.email, olga.is_superuser) == ({"operator"}, "olga@example.com", False)
    assert FirstPassword.objects.filter(user=olga).exists()


def test_another_role_takes_the_place_of_the_one_before_and_own_groups_stay():
    person("add", "olga", "--role=operator")
    own = Group.objects.create(name="night shift")
    User.objects.get(username="olga").groups.add(own)
    person("role", "olga", "--role=trader")
    assert roles("olga") == {"trader", "night shift"}


def test_whoever_is_let_out_cannot_sign_in_and_stays_in_the_records():
    person("add", "olga", "--role=trader")
    person("out", "olga")
    assert not User.objects.get(username="olga").is_active


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "olga"], "Say which role"),
        (["role", "nobody", "--role=trader"], "There is nobody called nobody."),
        (["out", "nobody"], "There is nobody called nobody."),
        (["add", "a b", "--role=trader"], "valid username"),
    ],
)
def test_what_will_not_do_is_said_in_words(words: list[str], sentence: str):
    with pytest.raises(CommandError, match=sentence):
        person(*words)


def test_a_name_is_taken_once():
    person("add", "olga", "--role=trader")
    with pytest.raises(CommandError, match="already exists"):
        person("add", "olga", "--role=operator")
    assert roles("olga") == {"trader"}
