"""How often each bookmaker speaks of a fixture in play, learnt while it does. Pure: times in."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import datetime

#: The newest gaps of a bookmaker that its rhythm is made of, and how many it takes to have one. With 250 fixtures in
#: play the newest 300 would be those of ten seconds, and the limit another one every second.
MOST_GAPS, LEAST_GAPS = 3000, 20
#: After so many new gaps, in parts of all, the rhythm is worked out again.
NEW_GAPS = 0.02
#: A bookmaker is silent after this many times its own long gap (the 95th percentile), within these bounds.
TIMES = 5.0
LEAST_SECONDS, MOST_SECONDS = 60.0, 1800.0


class Rhythms:
    """The gaps between what bookmakers said of a fixture, in seconds, over all fixtures in play."""

    def __init__(self) -> None:
        self.gaps: dict[int, deque[float]] = defaultdict(lambda: deque(maxlen=MOST_GAPS))
        self.new_gaps: Counter[int] = Counter()
        self.limits: dict[int, float] = {}

    def note(self, provider_id: int, before: datetime, after: datetime) -> None:
        """The bookmaker spoke of a fixture `after` it last had `before`."""
        if after > before:
            self.add(provider_id, (after - before).total_seconds())

    def begin(self, ages: Iterable[tuple[int, float]]) -> None:
        """Until gaps have been seen: how long ago bookmakers last spoke of each fixture, which is shorter."""
        for provider_id, seconds in ages:
            self.add(provider_id, max(0.0, seconds))

    def add(self, provider_id: int, seconds: float) -> None:
        gaps = self.gaps[provider_id]
        gaps.append(seconds)
        self.new_gaps[provider_id] += 1
        if self.new_gaps[provider_id] > NEW_GAPS * len(gaps):
            self.limits.pop(provider_id, None)
            self.new_gaps[provider_id] = 0

    def limit(self, provider_id: int) -> float | None:
        """After how many seconds of silence the bookmaker is stale; None where its rhythm is not known yet."""
        gaps = self.gaps.get(provider_id)
        if gaps is None or len(gaps) < LEAST_GAPS:
            return None
        if provider_id not in self.limits:
            long_gap = sorted(gaps)[int(0.95 * (len(gaps) - 1))]
            self.limits[provider_id] = min(MOST_SECONDS, max(LEAST_SECONDS, TIMES * long_gap))
        return self.limits[provider_id]
