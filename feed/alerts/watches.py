"""The watches of all rules that are on: one query tells which rules are new, changed or gone."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from feed.codes import BetStatus
from feed.models import AlertRule, Bet, Desk

from .index import RuleIndex
from .rules import RuleWatch

#: What decides when a rule fires, as one text for each rule.
RULES = """
SELECT string_agg(word, ' ') FROM (
    SELECT id || '.' || user_id || '.' || kind || '.' || only_favourites || '.'
        || coalesce(CAST(fixture_id AS text), '') || '.' || coalesce(CAST(market_id AS text), '') || '.'
        || replace(outcome, ' ', '_') || '.' || replace(line, ' ', '_') || '.'
        || coalesce(CAST(provider_id AS text), '') || '.'
        || coalesce(CAST(amount AS text), '') || '.' || seconds || '.' || bookmakers || '.' || repeat_seconds || '.'
        || replace(CAST(made_at AS text), ' ', '_') AS word
    FROM feed_alertrule WHERE is_on ORDER BY id) AS words
"""
READ_TOGETHER = 500
BetKey = tuple[int, int, int, int]


class Watches:
    """The rules that are on, each with what its watch has seen. A rule that was changed starts again."""

    def __init__(self) -> None:
        self.text = ""
        self.of_rules: dict[int, RuleWatch] = {}
        self.index = RuleIndex(())

    def __bool__(self) -> bool:
        return bool(self.of_rules)

    def refresh(self) -> None:
        """Take the rules as they are now: one query, and one for favourites where some rule follows them."""
        text = read_text()
        favourites = read_favourites(self.of_rules.values()) if text == self.text else None
        if favourites is not None and not self._refollowed(favourites):
            return
        before, now = words_of(self.text), words_of(text)
        stale = [pk for pk, word in now.items() if before.get(pk) != word or pk not in self.of_rules]
        rules = read_rules(stale)
        self.of_rules = {pk: watch for pk, watch in self.of_rules.items() if pk in now and pk not in rules}
        self.of_rules |= {pk: RuleWatch(rule) for pk, rule in rules.items()}
        followed = self._follow(read_favourites(self.of_rules.values()))
        remember_prices([self.of_rules[pk] for pk in rules.keys() | followed])
        self.text = " ".join(word for pk, word in now.items() if pk in self.of_rules)
        self.index = RuleIndex(self.of_rules.values())

    def _refollowed(self, favourites: dict[int, frozenset[int]]) -> list[RuleWatch]:
        """The watches whose trader has changed their favourites."""
        watches = (watch for watch in self.of_rules.values() if watch.rule.only_favourites)
        return [watch for watch in watches if watch.favourites != favourites.get(watch.rule.user_id, frozenset())]

    def _follow(self, favourites: dict[int, frozenset[int]]) -> set[int]:
        """Begin those rules again. Which they are."""
        refollowed = self._refollowed(favourites)
        for watch in refollowed:
            own = favourites.get(watch.rule.user_id, frozenset())
            self.of_rules[watch.rule.pk] = RuleWatch(watch.rule, own)
        return {watch.rule.pk for watch in refollowed}


def read_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute(RULES if connection.vendor == "postgresql" else RULES.replace("string_agg", "group_concat"))
        return cursor.fetchone()[0] or ""


def words_of(text: str) -> dict[int, str]:
    """The words of each rule, by its number."""
    return {int(word.partition(".")[0]): word for word in text.split(" ") if word}


def read_rules(pks: Collection[int]) -> dict[int, AlertRule]:
    rules: dict[int, AlertRule] = {}
    ids = list(pks)
    for start in range(0, len(ids), READ_TOGETHER):
        rules |= AlertRule.objects.filter(is_on=True).in_bulk(ids[start : start + READ_TOGETHER])
    return rules


def read_favourites(watches: Iterable[RuleWatch]) -> dict[int, frozenset[int]]:
    """The favourites of the traders who have a rule for them, by trader."""
    users = {watch.rule.user_id for watch in watches if watch.rule.only_favourites}
    if not users:
        return {}
    rows = Desk.objects.filter(user_id__in=users).values_list("user_id", "favourites")
    return {user_id: frozenset(favourites) for user_id, favourites in rows}


def remember_prices(watches: Iterable[RuleWatch]) -> None:
    """New rules for a price know it as it was when they were made: the first change may pass."""
    of_fixture: dict[int, list[RuleWatch]] = defaultdict(list)
    for watch in watches:
        if watch.rule.kind == AlertRule.Kind.PRICE_PASSES and watch.rule.fixture_id is not None:
            of_fixture[watch.rule.fixture_id].append(watch)
    fields = "fixture_id", "market_id", "provider_id", "bet_id", "price", "previous_price", "received_at"
    for fixture_id, own in of_fixture.items():
        for *key, price, previous, received_at in Bet.objects.filter(
            fixture_id=fixture_id, status=BetStatus.OPEN
        ).values_list(*fields):
            for watch in own:
                of_market = watch.rule.market_id in (None, key[1])
                if of_market and (known := price if received_at <= watch.rule.made_at else previous):
                    watch.prices[tuple(key)] = known
