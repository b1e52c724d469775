"""An exam: for each seed a desk of its own, to which the kinds of fault happen in the order of the seed."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from random import Random
from typing import NamedTuple

from .count import Excuse, Veil, Window, Wrong, healed_after, unvouched, veil
from .databases import new_postgresql
from .faults import Kind
from .page import chromium
from .processes import desk, until
from .program import read_views
from .rig import Rig
from .rows import Balance, balance
from .sample import Span, View, spans_of
from .services import Services
from .states import Transition
from .truth import Truth


class Pace(NamedTuple):
    """Seconds that all is well before a fault, that it may take to heal, and that are watched after that."""

    before: float
    heal: float
    after: float


LONG, QUICK = Pace(8, 12, 10), Pace(5, 8, 4)
#: How long the desk may take to take in what waits in the end.
DRAIN_SECONDS = 60


class Trial(NamedTuple):
    """One fault on one desk: when it began and ended, and from when until when it was watched.

    `load` is the machine's load average in the end: where it is far above the number of cores, what is painted is late
    for that reason.
    """

    kind: str
    what: str
    begin: float
    broken_at: float
    ended_at: float
    end: float
    excuses: tuple[Excuse, ...]
    load: float


class Watcher(NamedTuple):
    """Who saw what."""

    name: str
    spans: list[Span]


class Finding(NamedTuple):
    """What one watcher saw of a trial. `healed` is in seconds from the end of the fault; None: not until the end."""

    seed: int
    trial: Trial
    watcher: str
    wrongs: list[Wrong]
    veil: Veil
    healed: float | None
    price_seconds: float

    @property
    def unvouched(self) -> float:
        return sum(wrong.seconds for wrong in self.wrongs)


class Paper(NamedTuple):
    """What came of one seed. `unread` messages were still in the queues at its end, long after the supplier's."""

    seed: int
    findings: list[Finding]
    balance: Balance
    transitions: dict[Transition, list[float]]
    unread: int = 0


def sit(seed: int, kinds: Sequence[Kind], pace: Pace, services: Services, say: Callable[[str], None]) -> Paper:
    """The exam of one seed. `say` gets a line for each trial."""
    with new_postgresql() as database, chromium() as browser:
        own = Services(database, services.redis, services.amqp)
        settings = {"DATABASE_URL": database, "REDIS_URL": own.redis, "AMQP_URL": "", "REDIS_PREFIX": f"exam-{seed}"}
        with desk(**settings, PYTHONUNBUFFERED="1") as made, ExitStack() as stack:
            return examined(Rig(made, own, browser, seed, stack), kinds, pace, say)


def examined(rig: Rig, kinds: Sequence[Kind], pace: Pace, say: Callable[[str], None]) -> Paper:
    with closing(rig):
        rig.rest(pace.before)
        order = Random(rig.seed).sample(kinds, len(kinds))
        trials = [tried(rig, kind, pace, say) for kind in order]
    rig.supplier.terminate()
    rig.supplier.wait(20)
    unread = left_in_queues(rig)
    time.sleep(2)
    truth = rig.truth()
    watchers = seen(rig)
    findings = [finding(rig.seed, trial, watcher, truth, pace) for trial in trials for watcher in watchers]
    with rig.database() as server:
        return Paper(rig.seed, findings, balance(truth, server, rig.purges), rig.states.seen, unread)


def left_in_queues(rig: Rig) -> int:
    """How many messages nobody has taken after DRAIN_SECONDS: the report says so, beside all else that was found."""
    with suppress(AssertionError):
        until(lambda: not rig.waiting(), DRAIN_SECONDS, "the end of the queues")
    return rig.waiting()


def tried(rig: Rig, kind: Kind, pace: Pace, say: Callable[[str], None]) -> Trial:
    """One fault. Its chances depend on the seed and its name alone, so that it can be had again without the others."""
    rng = Random(f"{rig.seed} {kind.name}")
    begin = time.time()
    rig.rest(pace.before)
    broken_at = time.time()
    with kind.act(rig, rng) as happening:
        rig.rest(rng.uniform(*kind.seconds))
    ended_at = time.time()
    rig.rest(pace.heal + pace.after)
    say(f"seed {rig.seed}  {kind.name:<12} {ended_at - broken_at:5.1f} s  {happening.what}")
    load = os.getloadavg()[0]
    return Trial(kind.name, happening.what, begin, broken_at, ended_at, time.time(), happening.excuses, load)


def seen(rig: Rig) -> list[Watcher]:
    views, ends = read_views(rig.made.log_path(rig.program))
    pages = [watcher(page.name, page.views, page.until) for page in rig.pages]
    return [*pages, watcher("program", views, ends)]


def watcher(name: str, views: Sequence[View], ends: float) -> Watcher:
    return Watcher(name, list(spans_of(views, ends)))


def finding(seed: int, trial: Trial, watcher: Watcher, truth: Truth, pace: Pace) -> Finding:
    """Well are the seconds before the fault, and those after the time to heal."""
    window = Window(trial.begin, trial.end)
    spans = [span for span in watcher.spans if window.overlap(span.begin, span.end)]
    well = [Window(trial.begin, trial.broken_at), Window(trial.ended_at + pace.heal, trial.end)]
    return Finding(
        seed=seed,
        trial=trial,
        watcher=watcher.name,
        wrongs=unvouched(spans, truth, window, trial.excuses),
        veil=veil(spans, truth, well),
        healed=healed_after(spans, truth, trial.ended_at, trial.end),
        price_seconds=sum(window.overlap(span.begin, span.end) for span in spans),
    )
