"""`python -m attack`: the desk holds against its short form, and a desk with holes is reported by each kind."""

import importlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import psycopg
import pytest
from django.urls import get_resolver
from pika.exceptions import AMQPConnectionError

from attack import __main__ as command
from attack import floods, slow
from attack.access import PAGES, rules
from attack.report import Findings, as_json, show
from attack.seed import patterns
from attack.target import Target, target

SECONDS = 600


def test_every_address_of_the_desk_says_who_may_what():
    """In `attack/access.py`; without it nobody knows whether the attack found a hole there."""
    unknown = [route for route, name in patterns(get_resolver().url_patterns, "") if (name or route) not in rules()]
    assert unknown == []


class Attacked:
    """A desk that is attacked by all kinds. Slow clients mostly wait, so they do it beside all others, and calls of a
    slow package API beside those that neither call it nor look for changed rows or memory."""

    def __init__(self, running: Target, pool: ThreadPoolExecutor, run: Callable[[str, Target], Findings]) -> None:
        self.pool, self.run, self.target = pool, run, running
        self.slow = pool.submit(run, "slow", running)
        self.others = pool.submit(self.turns)

    def turns(self) -> dict[str, Findings]:
        found = {kind: self.run(kind, self.target) for kind in ("rights", "leaks")}
        bombs = self.pool.submit(self.run, "bombs", self.target)
        found |= {kind: self.run(kind, self.target) for kind in ("poison", "guessing")}
        return found | {"bombs": bombs.result(), "floods": self.run("floods", self.target)}

    def by(self, kind: str) -> Findings:
        """What this kind finds."""
        return self.slow.result() if kind == "slow" else self.others.result()[kind]


def attacked(kind: str, running: Target) -> Findings:
    """What the short form of this kind finds."""
    return command.found(importlib.import_module(f"attack.{kind}"), running, short=True)


def attacked_for_a_hole(kind: str, running: Target) -> Findings:
    """The same, of the traders' pages alone and with few requests: each kind has its hole there."""
    if kind != "floods":
        return attacked(kind, running)
    found = Findings(kind)
    floods.requests(running, found, 400)
    return found


@pytest.fixture(scope="module")
def desks(amqp_url: str, redis_url: str, postgresql_url: str) -> Iterator[tuple[Attacked, Attacked]]:
    """A desk as it is, and one without its guards, both with limits of a few seconds."""
    limits = pytest.MonkeyPatch()
    limits.setattr(slow, "SECONDS", 15.0)
    limits.setattr(slow, "UNREAD_SECONDS", 20.0)
    with ExitStack() as stack, ThreadPoolExecutor(8) as pool:
        modules = ("tests.quick_limits", "tests.holes")
        begun = [pool.submit(stack.enter_context, target(DJANGO_SETTINGS_MODULE=module)) for module in modules]
        whole, holed = (start.result() for start in begun)
        holed.paths = [(name, path) for name, path in holed.paths if name in PAGES]
        yield Attacked(whole, pool, attacked), Attacked(holed, pool, attacked_for_a_hole)
    limits.undo()


def broken(found: Findings) -> dict[str, list[str]]:
    """Of each group that has any, the places."""
    return {group.what: [broken["place"] for broken in group.broken] for group in found.groups.values() if group.broken}


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("kind", command.KINDS)
def test_the_desk_holds(desks: tuple[Attacked, Attacked], kind: str):
    found = desks[0].by(kind)
    assert found.broken == 0, show([found])
    assert sum(group.tried for group in found.groups.values()) > 10


HOLES = {
    "rights": ("who may not is refused", "a form without its token is refused", "what was refused changed nothing"),
    "poison": ("nothing stands unescaped", "no cell is run by a spreadsheet"),
    "bombs": ("no redirect is followed",),
    "leaks": ("no secret leaves the desk", "files are their user's alone"),
    "floods": ("connections at PostgreSQL as set",),
    "slow": ("slow headers are ended within 15 s", "bodies without an end are ended within 15 s"),
    "guessing": ("no more are tried than may be",),
}


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize("kind", HOLES)
def test_a_desk_with_holes_is_reported(desks: tuple[Attacked, Attacked], kind: str):
    found = broken(desks[1].by(kind))
    assert set(HOLES[kind]) <= found.keys()


def test_a_report_counts_and_names_each_broken_one_with_its_evidence():
    found = Findings("rights")
    found.check("who may not is refused", "GET / as nobody", False, "200\x1b[2J")
    found.check("who may not is refused", "GET / as guest", True)
    table = show([found])
    assert "BROKEN rights: who may not is refused: GET / as nobody: 200\\x1b[2J" in table
    (kind,) = json.loads(as_json([found]))["kinds"]
    assert kind["groups"][0] | {"broken": 1} == {"what": "who may not is refused", "tried": 2, "held": 1, "broken": 1}


@pytest.mark.parametrize(("is_broken", "code"), [(True, 1), (False, 0)])
def test_the_command_ends_with_1_where_anything_broke(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_broken: bool, code: int
):
    found = Findings("rights")
    found.check("who may not is refused", "GET / as nobody", not is_broken)
    monkeypatch.setattr(command, "attacked", lambda kinds, short: [found])
    assert command.main(["--short", "--only", "rights", "--json", str(tmp_path / "report.json")]) == code
    assert json.loads((tmp_path / "report.json").read_text())["broken"] == is_broken


def test_a_kind_that_cannot_go_on_is_broken(monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> Findings:
        raise RuntimeError("the desk is gone")

    monkeypatch.setattr(slow, "run", fail)
    (group,) = command.found(slow, cast(Target, None), True).groups.values()
    assert (group.held, group.broken[0]["evidence"]) == (0, "RuntimeError('the desk is gone')")


@pytest.mark.parametrize("kind", [ConnectionRefusedError, psycopg.OperationalError, AMQPConnectionError])
def test_without_its_services_the_command_says_which_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: type[Exception]
):
    def refuse(*_: object) -> list[Findings]:
        raise kind("port 5672")

    monkeypatch.setattr(command, "attacked", refuse)
    assert command.main(["--only", "rights"]) == 2
    assert "needs PostgreSQL, Redis and RabbitMQ: port 5672" in capsys.readouterr().err
