"""What the desk knows, as rows. The database is the truth; everything shown is read from here."""

from .continuity import Break, LiveDifference, Recovery
from .desk import Alert, AlertRule, Desk, FixtureNote
from .feed_state import FeedSource, RejectedMessage, UnknownCode, flow_named
from .fixture import Competition, Fixture, League, Location, Participant, Sport
from .history import JournalEntry
from .livescore import Incident, Period, PlayerStatistic, Scoreboard, Statistic
from .market import Bet, Market, Provider, ProviderMarket, WaitingMarket
from .minute import HealthMinute
from .proof import Act, LeafBatch, ProofLog, WitnessedLog
from .share import FeedShare, StreamOffset
from .together import FixtureClaim
from .token import SubscriberToken, WebProcess
from .viewing import ViewerSalt, ViewingSpan

__all__ = [
    "Act",
    "Alert",
    "AlertRule",
    "Bet",
    "Break",
    "Competition",
    "Desk",
    "FeedShare",
    "FeedSource",
    "Fixture",
    "FixtureClaim",
    "FixtureNote",
    "HealthMinute",
    "Incident",
    "JournalEntry",
    "LeafBatch",
    "League",
    "LiveDifference",
    "Location",
    "Market",
    "Participant",
    "Period",
    "PlayerStatistic",
    "ProofLog",
    "Provider",
    "ProviderMarket",
    "Recovery",
    "RejectedMessage",
    "Scoreboard",
    "Sport",
    "Statistic",
    "StreamOffset",
    "SubscriberToken",
    "UnknownCode",
    "ViewerSalt",
    "ViewingSpan",
    "WaitingMarket",
    "WebProcess",
    "WitnessedLog",
    "flow_named",
]
