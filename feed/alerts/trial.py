"""Trying a rule against what was stored: what it would have fired on."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from feed.codes import MAIN_MARKETS, IncidentType
from feed.journal.scores import scores_of
from feed.models import AlertRule, Incident, JournalEntry

from .facts import Fact, past_card_facts, price_facts, price_rows, score_facts, score_rows
from .rules import OF_PRICES, Firing, RuleWatch


class Trial(NamedTuple):
    """`firings`, oldest first, in the stored history; `facts` is how many changes were looked at.

    `since` is where the history begins that was looked at, which may be later than one asked for.
    """

    since: datetime
    facts: int
    firings: list[Firing]


def try_rule(rule: AlertRule, favourites: list[int], now: datetime, back: timedelta = timedelta(hours=24)) -> Trial:
    """What an unsaved rule would have fired on within the last time, as far as history reaches."""
    since = now - back
    facts = sorted(past_facts(rule, favourites, since), key=lambda fact: fact.at)
    watch = RuleWatch(rule, favourites)
    firings: list[Firing] = []
    for fact in facts:
        firings += watch.pass_time(fact.at)
        firings += watch.see(fact)
    firings += watch.pass_time(now)
    return Trial(facts[0].at if facts else since, len(facts), firings)


def past_facts(rule: AlertRule, favourites: list[int], since: datetime) -> list[Fact]:
    """The stored changes that the rule could look at."""
    scope = Q(received_at__gte=since)
    if rule.fixture_id is not None:
        scope &= Q(fixture_id=rule.fixture_id)
    if rule.only_favourites:
        scope &= Q(fixture_id__in=favourites)
    if rule.kind in OF_PRICES:
        markets = [rule.market_id] if rule.market_id is not None else MAIN_MARKETS
        return list(price_facts(price_rows(JournalEntry.objects.filter(scope, market_id__in=markets))))
    rows = score_rows(JournalEntry.objects.filter(scope))
    facts: list[Fact] = [*score_facts(rows)]
    if rule.kind == AlertRule.Kind.INCIDENT:
        fixtures = {fact.fixture_id for fact in facts}
        cards = Incident.objects.filter(fixture_id__in=fixtures, type=IncidentType.RED_CARD)
        facts += past_card_facts(scores_of(rows), cards)
    return facts
