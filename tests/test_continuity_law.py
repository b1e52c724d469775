"""Whatever is lost, however often the consumer crashes: what was not spoken of since the last loss is unconfirmed."""

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from feed.store import Received
from feed.store.epochs import Epochs
from feed.store.rows.structs import EpochsRow

from .received import beat, prices, repeated

#: LSports sends, the queue holds, a consumer takes in order and may crash before it acknowledges.
STEPS = ("heartbeat", "bet 1", "bet 2", "quiet", "purge", "crash", "switch", "backlog")


@example(["bet 1", "heartbeat", "switch", "crash"], "heartbeat")
@given(st.lists(st.sampled_from(STEPS), max_size=40), st.sampled_from(["heartbeat", "bet 1"]))
def test_what_was_not_spoken_of_since_the_last_loss_is_unconfirmed(steps: list[str], last: str) -> None:
    feed = Feed()
    for step in ["heartbeat", *steps, last]:
        feed.step(step)
    for spoken_at in feed.confirmed.values():
        assert spoken_at > feed.lost_at


@given(st.lists(st.sampled_from(["heartbeat", "bet 1", "bet 2", "quiet", "crash", "backlog"]), max_size=40))
def test_without_a_loss_everything_stays_confirmed(steps: list[str]) -> None:
    feed = Feed()
    for step in steps:
        feed.step(step)
        feed.step("heartbeat")
    assert feed.confirmed.keys() == feed.bets.keys()


class Feed:
    """The walk of `Epochs` beside the truth: at which step something was lost last, and each bet was spoken of last."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.steps = 0
        self.row = EpochsRow(1, 0, None, None, None, None, "", 0, 0)
        self.bets: dict[int, tuple[int, int]] = {}
        self.unacknowledged: list[tuple[Received, int]] = []
        self.lost_at = -1

    @property
    def confirmed(self) -> dict[int, int]:
        """The step at which each confirmed bet was spoken of."""
        return {number: step for number, (epoch, step) in self.bets.items() if epoch == self.row.epoch}

    def step(self, name: str) -> None:
        self.steps += 1
        self.seconds += 4
        match name.split():
            case ["heartbeat"]:
                self.send(beat(self.seconds))
            case ["bet", number]:
                self.send(prices(self.seconds, int(number)))
            case ["quiet"]:
                self.seconds += 3
            case ["purge"]:
                self.lost_at = self.steps
                self.seconds += 13
            case ["switch"]:
                self.lost_at = self.steps
                self.row = replace(self.row, break_due="switched off")
            case ["backlog"]:
                self.send_late()
            case ["crash"]:
                for message, step in self.unacknowledged:
                    self.take(repeated(message), step)

    def send_late(self) -> None:
        """The queue was kept while the consumer was away."""
        until = self.seconds + 100
        while self.seconds < until:
            self.seconds += 5
            self.send(beat(self.seconds, received_at=until))

    def send(self, message: Received) -> None:
        self.unacknowledged = [*self.unacknowledged[-2:], (message, self.steps)]
        self.take(message, self.steps)

    def take(self, message: Received, step: int) -> None:
        epochs = Epochs(self.row)
        epoch = epochs.take(message)
        self.row = replace(self.row, **epochs.columns(), break_due="" if epochs.is_due_past else self.row.break_due)
        if message.message.heartbeat is not None:
            self.row.last_heartbeat_at = message.received_at
        for event in message.message.events:
            for market in event.markets or []:
                for bet in market.bets or []:
                    self.bets[bet.id] = max(self.bets.get(bet.id, (-1, -1)), (epoch, step))
