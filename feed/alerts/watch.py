"""Watching all rules live: each second they see what was stored since, and their alerts are stored for the pages."""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import DatabaseError, close_old_connections
from django.db.models import Max, Q
from django.utils import timezone

from feed.codes import BetStatus
from feed.models import Alert, AlertRule, Bet, Desk, JournalEntry
from feed.vouching.reading import read_market_vouching
from feed.vouching.sources import Vouching, read_vouching

from .facts import CardFact, Fact, PriceRow, ScoreRow, card_counts, price_facts, price_rows, score_facts, score_rows
from .rules import OF_PRICES, Firing, RuleWatch

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
#: Entries of one batch become visible together, but batches of several consumers not in the order of their ids.
OVERLAP = timedelta(seconds=10)

EntryRow = TypeVar("EntryRow", PriceRow, ScoreRow)


class AlertWatch:
    """All rules that are on. A rule that was changed starts again."""

    def __init__(self, now: datetime) -> None:
        self.watches: dict[int, tuple[object, RuleWatch]] = {}
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
            except DatabaseError as error:
                logger.warning("Alerts wait for the database (%s)", error)

    def check(self, now: datetime) -> list[Alert]:
        """See what is new, and store what the rules tell."""
        self._take_rules()
        watches = [watch for _, watch in self.watches.values()]
        if not watches:
            self.since = now
            return []
        vouching = read_vouching(now)
        firings: list[tuple[AlertRule, Firing]] = []
        for fact in sorted(self._new_facts(watches, vouching), key=lambda fact: fact.at):
            since_made = [watch for watch in watches if fact.at >= watch.rule.made_at]
            firings += [(watch.rule, firing) for watch in since_made for firing in watch.see(fact)]
        note_markets(watches, vouching, now)
        firings += [(watch.rule, firing) for watch in watches for firing in watch.pass_time(now)]
        self.since = now
        return store(firings)

    def _take_rules(self) -> None:
        """Read the rules; keep the watch of each that is as it was."""
        rules = list(AlertRule.objects.filter(is_on=True))
        favourites = dict(Desk.objects.values_list("user_id", "favourites"))
        watches = {}
        for rule in rules:
            own = favourites.get(rule.user_id, [])
            stamp = tuple(getattr(rule, field.attname) for field in rule._meta.concrete_fields), tuple(own)
            before = self.watches.get(rule.pk)
            watches[rule.pk] = before if before and before[0] == stamp else (stamp, new_watch(rule, own))
        self.watches = watches

    def _new_facts(self, watches: Iterable[RuleWatch], vouching: Vouching) -> list[Fact]:
        facts: list[Fact] = []
        if any(watch.rule.kind in OF_PRICES for watch in watches):
            prices = self._unseen("price", price_rows(JournalEntry.objects.filter(self._scope(watches))))
            facts += price_facts(prices, vouching)
        if any(watch.rule.kind not in OF_PRICES for watch in watches):
            entries = JournalEntry.objects.filter(received_at__gte=self.since - OVERLAP, pk__gt=self.floors["score"])
            scores = self._unseen("score", score_rows(entries))
            facts += score_facts(scores)
            facts += self._new_cards({row[1] for row in scores})
        return facts

    def _scope(self, watches: Iterable[RuleWatch]) -> Q:
        """The new entries; only of the fixtures that rules name, where none is for all."""
        scope = Q(received_at__gte=self.since - OVERLAP, pk__gt=self.floors["price"])
        rules = [watch for watch in watches if watch.rule.kind in OF_PRICES]
        if all(watch.rule.fixture_id is not None or watch.rule.only_favourites for watch in rules):
            named = {pk for watch in rules for pk in (watch.rule.fixture_id, *watch.favourites) if pk is not None}
            scope &= Q(fixture_id__in=named)
        return scope

    def _unseen(self, kind: str, rows: list[EntryRow]) -> list[EntryRow]:
        """Those that no look has seen; what is too old to come again is forgotten."""
        before = self.seen_ids[kind]
        fresh = [row for row in rows if row[0] not in before]
        oldest = self.since - 2 * OVERLAP
        seen_now = {row[0]: self.since for row in fresh}
        self.seen_ids[kind] = {pk: at for pk, at in before.items() if at >= oldest} | seen_now
        if past := [pk for pk, at in before.items() if at < oldest]:
            self.floors[kind] = max(past)
        return fresh

    def _new_cards(self, fixtures: set[int]) -> list[Fact]:
        counts = card_counts(fixtures)
        now = timezone.now()
        fresh = [CardFact(now, pk, cards) for pk, cards in counts.items() if cards > self.cards.get(pk, cards)]
        self.cards |= {pk: counts.get(pk, 0) for pk in fixtures}
        return list(fresh)


def new_watch(rule: AlertRule, favourites: Iterable[int]) -> RuleWatch:
    """A watch that knows the prices of its fixture as they were when the rule was made: the first change may pass."""
    watch = RuleWatch(rule, tuple(favourites))
    if rule.kind == AlertRule.Kind.PRICE_PASSES and rule.fixture_id is not None:
        bets = Bet.objects.filter(fixture_id=rule.fixture_id, status=BetStatus.OPEN)
        for bet in bets.filter(market_id=rule.market_id) if rule.market_id is not None else bets:
            if price := bet.price if bet.received_at <= rule.made_at else bet.previous_price:
                watch.prices[bet.fixture_id, bet.market_id, bet.provider_id, bet.bet_id] = price
    return watch


def note_markets(watches: Iterable[RuleWatch], vouching: Vouching, now: datetime) -> None:
    """Tell the watches which of the markets that they saw open are suspended as a whole, since no fact says so."""
    keys = {market for watch in watches for market in watch.known_markets}
    if not keys:
        return
    markets = read_market_vouching({pk for pk, _ in keys}, {market_id for _, market_id in keys}, vouching)
    for watch in watches:
        for key in watch.known_markets:
            if key in markets:
                watch.note_market(key, markets[key].is_suspended, now)


def newest_id() -> int:
    """Where the journal ends now; no id below it comes again."""
    return JournalEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0


def store(firings: Iterable[tuple[AlertRule, Firing]]) -> list[Alert]:
    """Store the alerts, unless the same one was raised within the rule's time, by this process or one before it."""
    alerts = []
    for rule, firing in firings:
        newest = Alert.objects.filter(rule=rule, about=firing.about).aggregate(at=Max("at"))["at"]
        if newest is not None and firing.at - newest < timedelta(seconds=rule.repeat_seconds):
            continue
        alerts.append(
            Alert.objects.create(
                rule=rule, fixture_id=firing.fixture_id, about=firing.about, text=firing.text[:300], at=firing.at
            )
        )
    return alerts
