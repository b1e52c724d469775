"""What the desk knows, as rows. The database is the truth; everything shown is read from here."""

from .desk import Alert, AlertRule, Desk, FixtureNote
from .feed_state import FeedSource, RejectedMessage, UnknownCode
from .fixture import Competition, Fixture, League, Location, Participant, Sport
from .history import PriceTick, ScoreTick
from .livescore import Incident, Period, PlayerStatistic, Scoreboard, Statistic
from .market import Bet, Market, Provider, ProviderMarket
from .token import SubscriberToken, WebProcess

__all__ = [
    "Alert",
    "AlertRule",
    "Bet",
    "Competition",
    "Desk",
    "FeedSource",
    "Fixture",
    "FixtureNote",
    "Incident",
    "League",
    "Location",
    "Market",
    "Participant",
    "Period",
    "PlayerStatistic",
    "PriceTick",
    "Provider",
    "ProviderMarket",
    "RejectedMessage",
    "ScoreTick",
    "Scoreboard",
    "Sport",
    "Statistic",
    "SubscriberToken",
    "UnknownCode",
    "WebProcess",
]
