"""What to ask for after a break, in which order: what is in play, then what changed since, then the rest."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from feed.codes import IN_PLAY, UPCOMING, BetStatus
from feed.models import Bet, FeedSource, Fixture, Recovery

from .supplier import Wanted

#: Fixtures in one call. After a call that failed, half as many, since an answer may be too large; after one that was
#: answered, `GROWTH` times as many.
MOST_FIXTURES = 50
GROWTH = 4
#: Tries of a call that cannot be made smaller, before the rest has its turn; and the rounds of a recovery.
TRIES = 3
MOST_ROUNDS = 3
#: LSports' clock and ours may differ, and the last link is a heartbeat that was sent before what was lost.
MARGIN = timedelta(minutes=1)


class Plan:
    """What one recovery has asked for so far. `next` says what to ask for; `done` that it was answered."""

    def __init__(self, recovery: Recovery) -> None:
        self.recovery = recovery
        self.source: FeedSource = recovery.source
        self.since: datetime | None = recovery.since and recovery.since - MARGIN
        self.asked_since = self.since is None
        self.fixtures: set[int] = set()
        self.most = MOST_FIXTURES
        self.failures: Counter[Wanted] = Counter()
        self.skipped: list[Wanted] = []
        self.rounds = 0

    def next(self) -> Wanted | None:
        """What to ask for now; None: nothing is left."""
        if in_play := self.unheard().filter(status__in=IN_PLAY)[: self.most]:
            return Wanted(fixtures=tuple(in_play.values_list("pk", flat=True)))
        if not self.asked_since:
            return Wanted(since=self.since)
        upcoming = self.unheard().filter(status__in=UPCOMING)[: self.most]
        if rest := tuple(upcoming.values_list("pk", flat=True)):
            return Wanted(fixtures=rest)
        return self.next() if self.begins_another_round() else None

    def begins_another_round(self) -> bool:
        """What was skipped since it failed, beside what did not, is asked for again at the end."""
        skipped, self.skipped = self.skipped, []
        self.rounds += 1
        if not skipped or self.rounds >= MOST_ROUNDS:
            return False
        self.failures.clear()
        self.fixtures.difference_update(pk for wanted in skipped for pk in wanted.fixtures)
        self.asked_since = self.asked_since and all(wanted.fixtures for wanted in skipped)
        return True

    def done(self, wanted: Wanted) -> None:
        self.most = min(MOST_FIXTURES, self.most * GROWTH)
        self.leave(wanted)

    def leave(self, wanted: Wanted) -> None:
        """Go on to what is next."""
        if wanted.fixtures:
            self.fixtures.update(wanted.fixtures)
        else:
            self.asked_since = True

    def failed(self, wanted: Wanted) -> None:
        """Ask for fewer fixtures at once; what fails again and again by itself must not keep the rest waiting."""
        self.failures[wanted] += 1
        self.most = max(1, self.most // 2)
        if len(wanted.fixtures) <= 1 and self.failures[wanted] >= TRIES:
            self.skipped.append(wanted)
            self.leave(wanted)

    def unheard(self) -> QuerySet[Fixture]:
        """Fixtures, not asked for yet, with an unconfirmed price, or in play and silent since the break."""
        unconfirmed = unconfirmed_bets(self.source).filter(fixture_id=OuterRef("pk"))
        is_silent = Q(status__in=IN_PLAY, scoreboard__source=self.source) & Q(
            scoreboard__received_at__lt=self.recovery.began_at
        )
        rows = Fixture.objects.filter(Exists(unconfirmed) | is_silent).exclude(pk__in=self.fixtures)
        return rows.order_by("start_at", "pk")


def unconfirmed_bets(source: FeedSource) -> QuerySet[Bet]:
    """Bets that would be open, of which nothing was said since the source's last break."""
    return Bet.objects.filter(source=source, epoch__lt=source.epoch, status=BetStatus.OPEN)


def count_unconfirmed(source: FeedSource) -> int:
    """The number of unconfirmed prices of fixtures that are to be played or in play."""
    playable = Fixture.objects.filter(pk=OuterRef("fixture_id"), status__in=[*IN_PLAY, *UPCOMING])
    return unconfirmed_bets(source).filter(Exists(playable)).count()
