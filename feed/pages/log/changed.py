"""What each message of a batch changed of its fixture, as the journal has it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from django.utils.translation import gettext

from feed.codes import MessageType
from feed.journal.blobs import read_part, unpacked
from feed.journal.prices import BetState, read_prices, states_of
from feed.models import Bet, JournalEntry, Market
from feed.pages.labels import bet_status_label, market_title
from feed.pages.markets.provider import provider_name
from feed.pages.prices.providers import NAMES

from .messages import Batch, Logged

Part = JournalEntry.Part
OF_SCORES = frozenset({Part.SCOREBOARD, Part.PERIODS, Part.INCIDENTS, Part.STATISTICS, Part.PLAYER_STATISTICS})
#: Prices that a message's line names; it says how many more there are.
MOST_PRICES = 8


class Price(msgspec.Struct):
    """A price as the message left it."""

    market: str
    bet: str
    provider: str
    price: Decimal | None
    status: str


class Changed(msgspec.Struct, frozen=True):
    """`words` name the parts; of the `bets` that changed, `prices` are the first."""

    words: list[str]
    prices: list[Price]
    bets: int = 0


Changes = dict[int, Changed]


class Names(msgspec.Struct):
    """What the fixture's markets and bets are called."""

    markets: dict[int, str]
    bets: dict[tuple[int, int, int], str]
    providers: dict[int, str]

    def price(self, state: BetState) -> Price:
        market_id, provider_id = state.market[1], state.provider_id
        bet = self.bets.get((market_id, provider_id, state.bet_id), str(state.bet_id))
        provider = provider_name(provider_id, self.providers.get(provider_id))
        return Price(self.market(market_id), bet, provider, state.price, bet_status_label(state.status))

    def market(self, market_id: int) -> str:
        return market_title(market_id, self.markets.get(market_id) or str(market_id))


def changes_of(fixture_id: int, batches: Sequence[Batch]) -> Changes:
    """By the message's number; where the desk changed the fixture itself, by the batch's place with a minus."""
    states = {number: found for batch in batches for number, found in states_by_message(batch).items()}
    shown = [state for found in states.values() for state in found[:MOST_PRICES]]
    names = read_names(fixture_id, shown)
    changes: Changes = {}
    for batch in batches:
        for key, words in words_by_message(batch, names).items():
            found = states.get(key, [])
            changes[key] = Changed(words, [names.price(state) for state in found[:MOST_PRICES]], len(found))
    return changes


def key_of(batch: Batch) -> int:
    """The key of a batch that has no message of the fixture: negative, so that it is no message's."""
    return -int(batch.committed_at.timestamp() * 1_000_000)


def read_names(fixture_id: int, states: Iterable[BetState]) -> Names:
    states = list(states)
    markets = dict(Market.objects.filter(fixture_id=fixture_id).values_list("market_id", "name"))
    bets = Bet.objects.filter(fixture_id=fixture_id, bet_id__in={state.bet_id for state in states})
    rows = bets.values_list("market_id", "provider_id", "bet_id", "name", "line")
    named = {(market, provider, bet): f"{name} {line}".strip() for market, provider, bet, name, line in rows}
    return Names(markets, named, NAMES.of({state.provider_id for state in states}))


def states_by_message(batch: Batch) -> dict[int, list[BetState]]:
    """The bets that changed, by the message that said so."""
    found: dict[int, list[BetState]] = {}
    for row in batch.entries:
        if row.part == Part.MARKET:
            for state in states_of([(row.pk, row.fixture_id, row.market_id, row.blob)]):
                found.setdefault(teller(batch, row, state.received_at), []).append(state)
    return found


def words_by_message(batch: Batch, names: Names) -> dict[int, list[str]]:
    """The parts that changed, by the message that said so."""
    words: dict[int, dict[str, None]] = {}
    for row in batch.entries:
        if row.part == Part.MARKET:
            for step in read_prices(unpacked(row.blob)).steps:
                words.setdefault(teller(batch, row, step.received_at), {})[names.market(row.market_id)] = None
        elif row.keyframe_revision:
            words.setdefault(teller(batch, row), {})[part_words(row)] = None
    return {key: list(found) for key, found in words.items()}


def part_words(row: JournalEntry) -> str:
    part = Part(row.part)
    if part == Part.SCOREBOARD and (found := read_part(unpacked(row.blob)).rows):
        scores = msgspec.json.decode(found[-1]).get("scores") or {}
        if scores:
            return gettext("scoreboard %(score)s") % {"score": "–".join(str(scores[place]) for place in sorted(scores))}
    names = {
        Part.FIXTURE: gettext("fixture"),
        Part.PARTICIPANTS: gettext("participants"),
        Part.SCOREBOARD: gettext("scoreboard"),
        Part.PERIODS: gettext("periods"),
        Part.INCIDENTS: gettext("incidents"),
        Part.STATISTICS: gettext("statistics"),
        Part.PLAYER_STATISTICS: gettext("player statistics"),
    }
    return names.get(part, part.label)


def teller(batch: Batch, row: JournalEntry, received_at: datetime | None = None) -> int:
    """The number of the message that said it: that which came then, or the last of those that speak of such parts."""
    if not batch.messages:
        return key_of(batch)
    exact = [one for one in batch.messages if one.received_at == received_at]
    fitting = [one for one in batch.messages if is_about(one, row.part)]
    return (exact or fitting or batch.messages)[-1].number


def is_about(message: Logged, part: int) -> bool:
    type = message.details.type
    if part in OF_SCORES:
        return type == MessageType.LIVESCORE
    return type == MessageType.FIXTURE if part in (Part.FIXTURE, Part.PARTICIPANTS) else False
