"""Watching all rules live: twice a second they see what was stored since, and their alerts are stored for the pages."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import Error, IntegrityError, close_old_connections, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from feed.models import Alert, AlertRule, JournalEntry
from feed.vouching.reading import read_market_vouching
from feed.vouching.sources import Vouching, read_vouching

from .facts import (
    CardFact,
    Fact,
    PriceRow,
    ScoreRow,
    card_counts,
    ids_of,
    price_facts,
    price_rows,
    score_facts,
    score_rows,
)
from .index import RuleIndex
from .rules import Firing, RuleWatch
from .watches import Watches

logger = logging.getLogger(__name__)

CHECK_SECONDS = 0.5
#: Entries of one batch become visible together, but batches of several consumers not in the order of their ids.
OVERLAP = timedelta(seconds=10)

EntryRow = TypeVar("EntryRow", PriceRow, ScoreRow)


class AlertWatch:
    """All rules that are on."""

    def __init__(self, now: datetime) -> None:
        self.watches = Watches()
        self.seen_ids: dict[str, dict[int, datetime]] = {"price": {}, "score": {}}
        self.since = now
        self.floors = dict.fromkeys(self.seen_ids, newest_id())
        self.cards: dict[int, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Check until `stop` is set. After a database error the next check tries again."""
        while not stop.wait(CHECK_SECONDS):
            try:
                close_old_connections()
                self.check(timezone.now())
            except Error as error:
                logger.warning("Alerts wait for the database (%s)", error)

    def check(self, now: datetime) -> list[Alert]:
        """See what is new, and store what the rules tell."""
        self.watches.refresh()
        if not self.watches:
            self.since = now
            return []
        index = self.watches.index
        vouching = read_vouching(now)
        firings: list[tuple[AlertRule, Firing]] = []
        for fact in sorted(self._new_facts(index, vouching), key=lambda fact: fact.at):
            for watch in index.of(fact):
                if fact.at >= watch.rule.made_at:
                    firings += [(watch.rule, firing) for firing in watch.note(fact)]
        note_markets(index.watches, vouching, now)
        firings += [(watch.rule, firing) for watch in index.watches for firing in watch.pass_time(now)]
        self.since = now
        return store(firings)

    def _new_facts(self, index: RuleIndex, vouching: Vouching) -> list[Fact]:
        facts: list[Fact] = []
        if index.of_prices:
            prices = self._unseen("price", self._scope(index), price_rows)
            facts += price_facts([row for row in prices if index.providers(row[1], row[2])], vouching, index)
        if index.of_play:
            scores = self._unseen("score", Q(part=JournalEntry.Part.SCOREBOARD), score_rows)
            facts += score_facts(scores)
            facts += self._new_cards({row[1] for row in scores})
        return facts

    def _scope(self, index: RuleIndex) -> Q:
        """The fixtures whose prices are checked."""
        scope, fixtures = Q(part=JournalEntry.Part.MARKET), index.fixtures()
        return scope if fixtures is None else scope & Q(fixture_id__in=fixtures)

    def _unseen(self, kind: str, scope: Q, read: Callable[[QuerySet[JournalEntry]], list[EntryRow]]) -> list[EntryRow]:
        """The entries that no check has seen; what is too old to come again is forgotten."""
        before = self.seen_ids[kind]
        entries = JournalEntry.objects.filter(scope, received_at__gte=self.since - OVERLAP, pk__gt=self.floors[kind])
        fresh = [pk for pk in entries.values_list("pk", flat=True) if pk not in before]
        rows = read(JournalEntry.objects.filter(pk__in=fresh)) if fresh else []
        oldest = self.since - 2 * OVERLAP
        seen_now = dict.fromkeys(fresh, self.since)
        self.seen_ids[kind] = {pk: at for pk, at in before.items() if at >= oldest} | seen_now
        if past := [pk for pk, at in before.items() if at < oldest]:
            self.floors[kind] = max(past)
        return rows

    def _new_cards(self, fixtures: set[int]) -> list[Fact]:
        counts = card_counts(fixtures)
        now = timezone.now()
        fresh = [CardFact(now, pk, cards) for pk, cards in counts.items() if cards > self.cards.get(pk, cards)]
        self.cards |= {pk: counts.get(pk, 0) for pk in fixtures}
        return list(fresh)


def note_markets(watches: Iterable[RuleWatch], vouching: Vouching, now: datetime) -> None:
    """Tell the watches which of the markets that they saw open are suspended as a whole, since no fact says so."""
    known = [(watch, markets) for watch in watches if (markets := watch.known_markets)]
    if not known:
        return
    keys = {market for _, markets in known for market in markets}
    vouchings = read_market_vouching(*ids_of(keys), vouching)
    for watch, own in known:
        for key in own:
            if key in vouchings:
                watch.note_market(key, vouchings[key].is_suspended, now)


def newest_id() -> int:
    """Where the journal ends now; no id below it comes again."""
    return JournalEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def store(firings: Sequence[tuple[AlertRule, Firing]]) -> list[Alert]:
    """Store the alerts, unless the same one was raised within the rule's time, by this process or one before it."""
    if not firings:
        return []
    rules, abouts = {rule.pk for rule, _ in firings}, {firing.about for _, firing in firings}
    raised = Alert.objects.filter(rule__in=rules, about__in=abouts).order_by().values_list("rule_id", "about")
    newest = {(rule, about): at for rule, about, at in raised.annotate(Max("at"))}
    alerts = []
    for rule, firing in firings:
        before = newest.get((rule.pk, firing.about))
        if before is not None and firing.at - before < timedelta(seconds=rule.repeat_seconds):
            continue
        newest[rule.pk, firing.about] = firing.at
        text, about = firing.text[:300], firing.about
        alerts.append(Alert(rule=rule, fixture_id=firing.fixture_id, about=about, text=text, at=firing.at))
    return store_together(alerts)


def store_together(alerts: list[Alert]) -> list[Alert]:
    """Store them at once; where a rule is gone meanwhile, those of the others."""
    try:
        with transaction.atomic():
            return Alert.objects.bulk_create(alerts)
    except IntegrityError:
        there = set(AlertRule.objects.filter(pk__in={alert.rule_id for alert in alerts}).values_list("pk", flat=True))
        return Alert.objects.bulk_create([alert for alert in alerts if alert.rule_id in there])
