"""The desk in another language: no page shows a text that a translator could not reach."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext
from lxml import html

from feed.alerts.facts import CardFact, PriceFact, ScoreFact
from feed.alerts.rules import RuleWatch
from feed.models import (
    Alert,
    AlertRule,
    Competition,
    Desk,
    FixtureNote,
    Incident,
    League,
    Location,
    Participant,
    Period,
    Provider,
    Sport,
    Statistic,
    WebProcess,
)
from feed.pages.labels import period_label
from feed.vouching.predicate import bet_reasons
from livescore_site.environment import env_language
from livescore_site.words import catalogue, words_address
from tests.journal_rows import note_price, note_score
from tests.pseudo import LANGUAGE, left_over, write_catalogues
from tests.rows import NOW, make_bet, make_fixture, make_market, make_scoreboard, make_source

pytestmark = pytest.mark.django_db
SHOWN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-tip")
#: Values, addresses and times, which are no texts; a script's catalogue is looked at by itself.
NO_TEXT = {"script", "style", "code", "pre", "kbd", "time"}


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    write_catalogues(folder)
    return folder


@pytest.fixture
def pseudo(catalogues: Path, settings: Any) -> None:
    """All of the desk in the language that is none."""
    settings.LOCALE_PATHS = [catalogues]
    settings.LANGUAGES = [(LANGUAGE, LANGUAGE)]
    settings.LANGUAGE_CODE = LANGUAGE


@pytest.fixture
def ann(client: Client) -> Client:
    """A trader of whose desk, as of all that LSports sent, nothing is written in Latin letters."""
    user = User.objects.create_user("Άννα", password="μια αρκετά μεγάλη λέξη")
    user.groups.set(Group.objects.filter(name="trader"))
    Desk.objects.create(user=user, spoken="all", views=[{"name": "Ματιά", "words": "show=in_play"}], favourites=[7])
    client.force_login(user)
    Sport.objects.create(id=6046, name="Ποδόσφαιρο")
    Location.objects.create(id=243, name="Αγγλία")
    League.objects.create(id=67, name="Πρώτη")
    for provider in (8, 31):
        Provider.objects.create(id=provider, name=f"Πρακτορείο {provider}")
    make_source("ζωντανά")
    fill_match(user)
    fill_race()
    for pk, status in ((8, 6), (9, 8), (10, 9), (11, 4), (12, 77)):
        make_scoreboard(make_fixture(pk, "Βορράς", "Νότος", status=status), status=status)
    Participant.objects.filter(fixture_id=12).delete()
    return client


def fill_match(user: User) -> None:
    """Fixture 7 with something in each part of its page."""
    fixture = make_fixture(7, "Βορράς", "Νότος", last_update=NOW)
    make_scoreboard(fixture, corrected_at=NOW, corrected_from={"1": "2", "2": "0"}, danger_triggers=[{"status": 1}])
    Period.objects.create(fixture=fixture, type=10, is_finished=True, scores={"1": "1", "2": "0"})
    for ordinal, fields in enumerate(({"type": 9, "is_cancelled": True}, {"type": 7, "confidence": 0.5}, {})):
        Incident.objects.create(
            fixture=fixture,
            parent="period",
            parent_type=10,
            ordinal=ordinal,
            period=10,
            seconds=60,
            position=1,
            **fields,
        )
    Statistic.objects.create(fixture=fixture, type=7, values={"1": "1", "2": "0"})
    winner = make_market(fixture, 1, "Νικητής αγώνα", revision=1)
    for provider, price, fields in (
        (8, "2.5", {"start_price": Decimal(2), "previous_price": Decimal("2.2")}),
        (31, "2.4", {"status": 2, "suspension_reason": 6}),
        (145, "2.3", {"status": 3, "settlement": 2}),
        (146, None, {}),
        (147, "2.2", {"source": None}),
        (148, "2.1", {"status": 2, "suspension_reason": 99}),
    ):
        bet = make_bet(winner, "1", price, provider, **fields)
    Provider.objects.filter(pk__gt=140).update(name="")
    note_price(bet, "2.1", NOW, status=3, settlement=1)
    for seconds, score in enumerate(("0", "1")):
        note_score(7, NOW + timedelta(seconds=seconds), current_period=10, scores={"1": score})
    shut = make_market(fixture, 11, "Κόρνερ", main_line="9.5", revision=1)
    make_bet(shut, "9", "1.9", 8, line="9.5", base_line="9.5", status=2)
    FixtureNote.objects.create(fixture=fixture, author=None, text="Προσοχή", written_at=NOW)
    for kind in AlertRule.Kind:
        rule = AlertRule.objects.create(user=user, name="Κανόνας", kind=kind, fixture_id=7, made_at=NOW)
    Alert.objects.create(rule=rule, fixture_id=7, about="7", text="Γκολ", at=NOW)


def fill_race() -> None:
    track = Competition.objects.create(path="1", competition_id=1, name="Πίστα", type=1)
    race = make_fixture(20, kind="outright", name="Έπαθλο", status=1, competition=track)
    Participant.objects.filter(fixture=race, position=1).update(
        name="Άλογο", extra_data={"Jockey": "Ίων", "TrainerName": "Τιμώ", "Age": "4"}, is_active=False
    )
    Participant.objects.filter(fixture=race, position=2).delete()
    make_bet(make_market(race, 274, "Νικητής"), "Άλογο", "3.5", 8)
    make_fixture(21, kind="outright", status=1)


def shown(page: bytes) -> list[str]:
    """All texts of a page that somebody sees or is read, in their order."""
    return list(texts_of(html.fromstring(page.decode())))


def texts_of(element: Any) -> Iterator[str]:
    is_zone = element.tag == "option" and element.getparent().get("name") == "zone"
    if isinstance(element.tag, str) and element.tag not in NO_TEXT and not is_zone:
        yield from (value for name in SHOWN_ATTRIBUTES if (value := element.get(name)))
        yield element.text or ""
        for child in element:
            yield from texts_of(child)
    yield element.tail or ""


PAGES = (
    "/",
    "/?show=in_play&q=κανείς",
    "/?show=today",
    "/?show=finished",
    "/filters/",
    "/fixtures/7/",
    "/fixtures/7/?open=main,goals,handicap,halves,players,other,pinned",
    "/fixtures/7/?find=nothing",
    "/fixtures/8/",
    "/fixtures/10/",
    "/fixtures/12/",
    "/fixtures/20/",
    "/fixtures/7/history/?market=1&outcome=1",
    "/fixtures/7/history/?market=11",
    "/fixtures/8/history/",
    "/movers/",
    "/movers/lists/?panel",
    "/attention/",
    "/reactions/",
    "/alerts/",
    "/competitions/",
    "/preferences/?saved",
    "/health/",
    "/password/",
    "/password/changed/",
    "/fixtures/999/",
    "/nowhere/",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_text_that_cannot_be_translated(pseudo: None, ann: Client, address: str):
    response = ann.get(address)
    assert response.status_code in (200, 404)
    assert left_over(shown(response.content)) == []


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("/preferences/", {"odds": "rubbish"}),
        (
            "/alerts/",
            {"name": "Κανόνας", "kind": "price_moves", "fixture_id": "999", "seconds": "0", "bookmakers": "0"},
        ),
        ("/alerts/", {"name": "Κανόνας", "kind": "incident", "seconds": "1", "bookmakers": "1", "repeat_seconds": "1"}),
        ("/views/", {"name": ""}),
        ("/password/", {"old_password": "x", "new_password1": "y", "new_password2": "z"}),
    ],
)
def test_nor_has_one_that_answers_a_form(pseudo: None, ann: Client, address: str, posted: dict[str, str]):
    response = ann.post(address, posted)
    assert response.status_code in (200, 400, 422)
    assert left_over(shown(response.content)) == []


def test_nor_has_what_a_stranger_sees(pseudo: None, settings: Any):
    settings.DEMO_SIGN_IN = True
    for answer in (Client().get("/sign_in/"), Client().post("/sign_in/", {"username": "a", "password": "b"})):
        assert left_over(shown(answer.content)) == []
    assert left_over(shown(render_to_string("registration/locked_out.html").encode())) == []


@pytest.mark.parametrize("name", ["403.html", "500.html"])
def test_nor_has_the_page_for_what_is_broken(pseudo: None, name: str):
    assert left_over(shown(render_to_string(name, using="desk").encode())) == []


@pytest.mark.parametrize("state", ["down", "late"])
def test_nor_has_the_line_that_says_why_the_feed_is_not_live(pseudo: None, ann: Client, state: str):
    make_source("ζωντανά", state=state, state_reason=gettext("Connected, but nothing has arrived yet."))
    assert left_over(shown(ann.get("/").content)) == []
    make_source("ζωντανά", state=state, last_message_at=NOW - timedelta(days=1))
    assert left_over(shown(ann.get("/").content)) == []


@pytest.mark.parametrize("kind", AlertRule.Kind.values)
def test_nor_has_an_alert(pseudo: None, kind: str):
    rule = AlertRule(
        name="Κανόνας", kind=kind, amount=Decimal(2), seconds=1, bookmakers=1, repeat_seconds=0, made_at=NOW
    )
    watch, firings = RuleWatch(rule), []
    for second, (price, status) in enumerate((("1.9", 1), ("2.5", 1), ("1.5", 1), ("1.5", 2))):
        at = NOW + timedelta(seconds=second)
        firings += watch.see(PriceFact(at, 7, 1, 8, 1, "1", "", Decimal(price), bet_reasons(status, Decimal(price))))
        firings += watch.see(ScoreFact(at, 7, 8 if second else 2, {"1": str(second)}))
        firings += watch.see(CardFact(at, 7, second))
    firings += watch.pass_time(NOW + timedelta(seconds=9))
    assert firings
    assert left_over([firing.text for firing in firings]) == []


def test_a_label_that_keeps_its_number_has_its_noun_translated(pseudo: None):
    assert period_label(6046, 77) == "⟦Period⟧ 77"
    assert period_label(6046, 10) == "⟦1st half⟧"
    assert period_label(6046, None) == ""


def test_the_scripts_texts_are_there_in_the_desks_language(catalogues: Path, settings: Any):
    assert b"\\u27e6Pause\\u27e7" in catalogue_in(catalogues, settings)


def catalogue_in(folder: Path, settings: Any) -> bytes:
    settings.LOCALE_PATHS, settings.LANGUAGES, settings.LANGUAGE_CODE = [folder], [(LANGUAGE, LANGUAGE)], LANGUAGE
    return catalogue.__wrapped__(LANGUAGE)


def test_the_scripts_texts_are_for_everybody_and_kept(client: Client):
    answer = client.get(words_address())
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert "immutable" in answer["Cache-Control"]
    assert b"ngettext" in answer.content


def test_a_language_without_a_catalogue_is_refused_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DESK_LANGUAGE", "de")
    with pytest.raises(ImproperlyConfigured, match=r"DESK_LANGUAGE is 'de', and there is no .*django\.mo"):
        env_language("DESK_LANGUAGE", [tmp_path])
    compiled = tmp_path / "de" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    assert env_language("DESK_LANGUAGE", [tmp_path]) == "de"


@pytest.mark.parametrize(("number", "words"), [(1, "1 page"), (2, "2 pages"), (0, "0 pages")])
def test_what_is_counted_agrees_with_its_number(ann: Client, number: int, words: str):
    WebProcess.objects.create(id="a", started_at=timezone.now(), seen_at=timezone.now(), pages=number, programs=1)
    assert {words, "1 program", "1 web process"} <= set(shown(ann.get("/health/").content))


@pytest.mark.parametrize("address", ["/admin/", "/admin/feed/feedsource/", "/admin/packages_admin/package/add/"])
def test_the_operations_pages_stay_in_one_language_whole(pseudo: None, ann: Client, address: str):
    ann.force_login(User.objects.create_superuser("διαχειριστής"))
    page = ann.get(address).content.decode()
    assert "Livescore Desk operations" in page
    assert "⟦" not in page
    assert "⟦Board⟧" in ann.get("/").content.decode()


def test_makemigrations_sees_no_change_in_another_language(pseudo: None):
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())
