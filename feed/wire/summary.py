"""What a message holds, in numbers: for people who look at one."""

from collections.abc import Iterable

from .messages import Event, Message, Period

NOUNS = ("fixtures", "participants", "periods", "incidents", "statistics", "markets", "providers", "bets")


def fixture_ids(message: Message) -> list[int]:
    """The fixtures that the message is about, each once; a keep-alive is about those that it lists."""
    if message.keep_alive is not None:
        return list(dict.fromkeys(message.keep_alive.active_events))
    return list(dict.fromkeys(event.fixture_id for event in message.events if event.fixture_id))


def counts(message: Message) -> dict[str, int]:
    """How many fixtures, participants, periods, incidents, statistics, markets, providers and bets there are.

    Incidents are those of periods and of statistics; providers are counted once, bets at each of them.
    """
    events = message.events
    scores = [event.livescore for event in events if event.livescore is not None]
    periods = [period for score in scores for period in _with_parts(score.periods or ())]
    statistics = [statistic for score in scores for statistic in score.statistics or ()]
    markets = [market for event in events for market in event.markets or ()]
    providers = [provider for market in markets for provider in market.provider_markets or ()]
    incidents = [incident for period in periods for incident in period.incidents or ()]
    incidents += [incident for statistic in statistics for incident in statistic.incidents or ()]
    bets = [bet for market in markets for bet in market.bets or ()]
    bets += [bet for provider in providers for bet in provider.bets or ()]
    hyper = [event.incident for event in events if event.incident is not None]
    return {
        "fixtures": len(events) if message.keep_alive is None else len(message.keep_alive.active_events),
        "participants": sum(map(_participants, events)),
        "periods": len(periods),
        "incidents": len(incidents) + len(hyper),
        "statistics": len(statistics),
        "markets": len(markets),
        "providers": len({provider.id for provider in providers}),
        "bets": len(bets),
    }


def _with_parts(periods: Iterable[Period]) -> list[Period]:
    return [part for period in periods for part in (period, *_with_parts(period.sub_periods or ()))]


def _participants(event: Event) -> int:
    named = {participant.id for participant in (event.fixture and event.fixture.participants) or ()}
    results = event.outright_score.participant_results if event.outright_score else None
    placed = {result.participant_id for result in results or ()}
    return len(named | placed)
