"""The list of what needs a trader now: one for each process, brought up to date by what has changed."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext

from feed.pages.people import read_attended
from feed.vouching.sources import Vouching

from .concerns import MOST, Concern, Kind, ranked
from .reading import FixtureState, Known, read_known, read_scenes, read_states
from .rhythm import Rhythms
from .rules import concerns_of, shut_markets
from .scene import Scene

#: Whoever asks within this time after another is given the same.
SHARED = timedelta(seconds=0.4)
#: A bookmaker that is silent in this many fixtures, and in this share of its own, is one concern.
LEAST_SILENT, SILENT_SHARE = 3, 0.5
#: What is so since it was first seen; of the others rows tell since when.
SINCE_SEEN = {Kind.SCORE, Kind.BOOKS, Kind.CLOSED}
#: How long a fixture may be without anybody; where more are, only their number is listed.
ALONE_HOLD, NAMED_ALONE = timedelta(seconds=60), 3


class AttentionList:
    """All concerns of one database. Safe for several threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known: dict[int, Known] = {}
        self.spoken: dict[int, dict[int, datetime]] = {}
        self.began_at: dict[int, datetime] = {}
        self.concerns: dict[int, list[Concern]] = {}
        self.shut: dict[int, dict[int, datetime]] = {}
        self.rhythms = Rhythms()
        self.vouched = ""
        self.alone_since: datetime | None = None
        self.read_at: datetime | None = None

    def due(self, now: datetime, vouching: Vouching, attended: Collection[int] | None = None) -> list[Concern]:
        """What needs somebody, the worst first. Reads one query, and some eight more where anything has changed.

        `attended` are the fixtures that somebody looks at or has taken, where that is to be told.
        """
        with self.lock:
            if self.read_at is None or not self.read_at <= now < self.read_at + SHARED:
                self._refresh(now, vouching)
                self.read_at = now
            alone = [] if attended is None else self._unattended(now, attended)
            found = [[self.in_rhythm(concern) for concern in concerns] for concerns in self.concerns.values()]
            due = due_of([*found, alone], now, self._books())
            if not any(known.offers for known in self.known.values()):  # a desk of scores alone
                due = [concern for concern in due if concern.kind is not Kind.START]
            return due[:MOST]

    def _refresh(self, now: datetime, vouching: Vouching) -> None:
        """Look again at the fixtures that have changed; at all of them where the feed has."""
        states = read_states(now)
        for pk in self.known.keys() - states.keys():
            for of_fixture in (self.known, self.spoken, self.began_at, self.concerns, self.shut):
                of_fixture.pop(pk, None)
        is_all = vouching.signature != self.vouched
        changed = [state for pk, state in states.items() if is_all or self._is_changed(pk, state)]
        if not changed:
            return
        read = read_known(changed, self.known)
        self.known |= read
        self.vouched = vouching.signature
        scenes = read_scenes(read.values(), vouching)
        for scene in scenes:
            self._learn(scene, now)
        for scene in scenes:
            self._judge(scene, now)

    def _is_changed(self, pk: int, state: FixtureState) -> bool:
        return pk not in self.known or self.known[pk].state != state

    def _learn(self, scene: Scene, now: datetime) -> None:
        """Note how long bookmakers were silent before what they say now."""
        before = self.spoken.get(scene.fixture_id)
        if scene.is_in_play:
            scene.began_at = self.began_at.setdefault(scene.fixture_id, self._begun(scene, now))
            if before is None:
                self.rhythms.begin(scene.ages(now))
            else:
                for provider_id, at in scene.spoken_at.items():
                    self.rhythms.note(provider_id, before.get(provider_id, at), at)
            self.spoken[scene.fixture_id] = scene.spoken_at

    def _begun(self, scene: Scene, now: datetime) -> datetime:
        """Since when a fixture is in play that was not before; of one that is new here nothing better is known than its
        planned start."""
        return now if scene.fixture_id in self.concerns else min(scene.start_at or now, now)

    def _judge(self, scene: Scene, now: datetime) -> None:
        """Ask the rules; what was so before has been so since then."""
        before = {concern.about: concern for concern in self.concerns.get(scene.fixture_id, ())}
        scene.shut = self.shut.get(scene.fixture_id, {})
        self.shut[scene.fixture_id] = {market_id: since for market_id, (since, _) in shut_markets(scene).items()}
        found = []
        for concern in concerns_of(scene, self.rhythms, now):
            old = before.get(concern.about)
            if old is not None and old.since < concern.since and concern.kind in SINCE_SEEN:
                concern = concern._replace(since=old.since, due_at=old.due_at)
            found.append(concern)
        self.concerns[scene.fixture_id] = found

    def in_rhythm(self, concern: Concern) -> Concern:
        """A bookmaker's silence is due by its rhythm as it is now, also where nothing of the fixture has changed."""
        seconds = self.rhythms.limit(concern.provider_id) if concern.kind is Kind.STALE else None
        return concern if seconds is None else concern._replace(due_at=concern.since + timedelta(seconds=seconds))

    def _unattended(self, now: datetime, attended: Collection[int]) -> list[Concern]:
        """The fixtures in play that nobody looks at, as one concern."""
        alone = [known.title for pk, known in self.known.items() if pk in self.spoken and pk not in attended]
        self.alone_since = (self.alone_since or now) if alone else None
        if self.alone_since is None:
            return []
        first, left = ", ".join(alone[:NAMED_ALONE]), len(alone) - NAMED_ALONE
        names = gettext("%(names)s and %(number)s more") % {"names": first, "number": left} if left > 0 else first
        values = {"number": len(alone), "fixtures": len(self.spoken), "names": names}
        text = gettext("Nobody has opened or taken %(number)s of %(fixtures)s fixtures in play: %(names)s") % values
        since = self.alone_since
        return [Concern(Kind.UNATTENDED, 0, 0, 0, since, since + ALONE_HOLD, gettext("Many fixtures"), text)]

    def _books(self) -> dict[int, int]:
        """The number of fixtures in play that each bookmaker prices."""
        numbers: dict[int, int] = defaultdict(int)
        for spoken in self.spoken.values():
            for provider_id in spoken:
                numbers[provider_id] += 1
        return numbers


def due_of(found: Iterable[list[Concern]], now: datetime, books: dict[int, int]) -> list[Concern]:
    """What is due, the worst first; a bookmaker that is silent nearly everywhere once."""
    due = [concern for concerns in found for concern in concerns if concern.due_at <= now]
    silent: dict[int, list[Concern]] = defaultdict(list)
    for concern in due:
        if concern.kind is Kind.STALE:
            silent[concern.provider_id].append(concern)
    for provider_id, concerns in silent.items():
        if len(concerns) >= max(LEAST_SILENT, SILENT_SHARE * books.get(provider_id, 0)):
            due = [concern for concern in due if concern not in concerns]
            due.append(everywhere(concerns, books.get(provider_id, 0)))
    return ranked(due)


def everywhere(concerns: list[Concern], fixtures: int) -> Concern:
    """A bookmaker's silence in many fixtures as one concern."""
    first = min(concerns, key=lambda concern: concern.since)
    text = gettext("In %(number)s of its %(fixtures)s fixtures in play. In the first: %(text)s")
    values = {"number": len(concerns), "fixtures": fixtures, "text": first.text}
    return first._replace(fixture_id=0, title=gettext("Many fixtures"), text=text % values, weight=len(concerns))


_lists: dict[str, AttentionList] = {}
_lists_lock = threading.Lock()


def needing_attention(now: datetime, vouching: Vouching) -> list[Concern]:
    """What this process' list has, of the database that is asked."""
    name = str(connection.settings_dict["NAME"])
    with _lists_lock:
        listing = _lists.setdefault(name, AttentionList())
    return listing.due(now, vouching, read_attended(now))


def forget_attention() -> None:
    """Begin anew."""
    with _lists_lock:
        _lists.clear()
