"""Watching all rules live: a look each second at what was stored since, and what is told is stored for the pages."""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections
from django.db.models import Max, Q
from django.utils import timezone

from feed.models import Alert, AlertRule, Desk, PriceTick, ScoreTick

from .facts import CardFact, Fact, card_counts, price_facts, score_facts
from .rules import OF_PRICES, Firing, RuleWatch

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
#: Ticks of one batch become visible together, but batches of several consumers not in the order of their ids.
OVERLAP = timedelta(seconds=10)


class AlertWatch:
    """All rules that are on. A rule that was changed begins anew."""

    def __init__(self, now: datetime) -> None:
        self.watches: dict[int, tuple[object, RuleWatch]] = {}
        self.seen_ids: dict[str, dict[int, datetime]] = {"price": {}, "score": {}}
        self.since = now
        self.floors = {"price": newest_id(PriceTick), "score": newest_id(ScoreTick)}
        self.cards: dict[int, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Look until `stop` is set. A database that fails for a moment is asked again."""
        while not stop.wait(LOOK_SECONDS):
            try:
                close_old_connections()
                self.look(timezone.now())
            except DatabaseError as error:
                logger.warning("Alerts wait for the database (%s)", error)

    def look(self, now: datetime) -> list[Alert]:
        """See what is new, and store what the rules tell."""
        self._take_rules()
        watches = [watch for _, watch in self.watches.values()]
        if not watches:
            self.since = now
            return []
        told: list[tuple[AlertRule, Firing]] = []
        for fact in sorted(self._new_facts(watches), key=lambda fact: fact.at):
            told += [(watch.rule, firing) for watch in watches for firing in watch.see(fact)]
        told += [(watch.rule, firing) for watch in watches for firing in watch.pass_time(now)]
        self.since = now
        return store(told)

    def _take_rules(self) -> None:
        """Read the rules; keep the watch of each that is as it was."""
        rules = list(AlertRule.objects.filter(is_on=True))
        favourites = dict(Desk.objects.values_list("user_id", "favourites"))
        kept = {}
        for rule in rules:
            own = favourites.get(rule.user_id, [])
            stamp = tuple(getattr(rule, field.attname) for field in rule._meta.concrete_fields), tuple(own)
            before = self.watches.get(rule.pk)
            kept[rule.pk] = before if before and before[0] == stamp else (stamp, RuleWatch(rule, own))
        self.watches = kept

    def _new_facts(self, watches: Iterable[RuleWatch]) -> list[Fact]:
        facts: list[Fact] = []
        if any(watch.rule.kind in OF_PRICES for watch in watches):
            facts += self._unseen("price", price_facts(PriceTick.objects.filter(self._scope(watches))))
        if any(watch.rule.kind not in OF_PRICES for watch in watches):
            scores = score_facts(
                ScoreTick.objects.filter(received_at__gte=self.since - OVERLAP, pk__gt=self.floors["score"])
            )
            changed = {fact.fixture_id for _, fact in scores}
            facts += self._unseen("score", scores)
            facts += self._new_cards(changed)
        return facts

    def _scope(self, watches: Iterable[RuleWatch]) -> Q:
        """The new ticks; only of the fixtures that rules name, where none is for all."""
        scope = Q(received_at__gte=self.since - OVERLAP, pk__gt=self.floors["price"])
        rules = [watch for watch in watches if watch.rule.kind in OF_PRICES]
        if all(watch.rule.fixture_id is not None or watch.rule.only_favourites for watch in rules):
            named = {pk for watch in rules for pk in (watch.rule.fixture_id, *watch.favourites) if pk is not None}
            scope &= Q(fixture_id__in=named)
        return scope

    def _unseen(self, kind: str, found: Iterable[tuple[int, Fact]]) -> list[Fact]:
        """Those that no look has seen; what is too old to come again is forgotten."""
        before = self.seen_ids[kind]
        fresh = [(pk, fact) for pk, fact in found if pk not in before]
        oldest = self.since - 2 * OVERLAP
        self.seen_ids[kind] = {pk: at for pk, at in before.items() if at >= oldest} | {pk: f.at for pk, f in fresh}
        if past := [pk for pk, at in before.items() if at < oldest]:
            self.floors[kind] = max(past)
        return [fact for _, fact in fresh]

    def _new_cards(self, fixtures: set[int]) -> list[Fact]:
        counts = card_counts(fixtures)
        now = timezone.now()
        fresh = [CardFact(now, pk, cards) for pk, cards in counts.items() if cards > self.cards.get(pk, cards)]
        self.cards |= {pk: counts.get(pk, 0) for pk in fixtures}
        return list(fresh)


def newest_id(ticks: type[PriceTick] | type[ScoreTick]) -> int:
    """Where history ends now; no id below it comes again."""
    return ticks.objects.aggregate(newest=Max("pk"))["newest"] or 0


def store(told: Iterable[tuple[AlertRule, Firing]]) -> list[Alert]:
    """Store what was told, unless the same was told within the rule's time, by this process or one before it."""
    alerts = []
    for rule, firing in told:
        newest = Alert.objects.filter(rule=rule, about=firing.about).aggregate(at=Max("at"))["at"]
        if newest is not None and firing.at - newest < timedelta(seconds=rule.repeat_seconds):
            continue
        alerts.append(
            Alert.objects.create(
                rule=rule, fixture_id=firing.fixture_id, about=firing.about, text=firing.text[:300], at=firing.at
            )
        )
    return alerts
