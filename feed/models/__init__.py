"""What the desk knows, as rows. The database is the truth; everything shown is read from here."""

from .feed_state import FeedSource, RejectedMessage, UnknownCode
from .fixture import Competition, Fixture, League, Location, Participant, Sport
from .history import PriceTick, ScoreTick
from .livescore import Incident, Period, PlayerStatistic, Scoreboard, Statistic
from .market import Bet, Market, Provider, ProviderMarket

__all__ = [
    "Bet",
    "Competition",
    "FeedSource",
    "Fixture",
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
    "UnknownCode",
]
