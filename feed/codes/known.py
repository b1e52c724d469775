"""Which numbers have a name, by what they are numbers of; periods depend on the sport and have a test of their own."""

from .fixtures import AGE_CATEGORIES, COMPETITION_TYPES, GENDERS, PLAYER_STATES
from .livescore import CLOCK_STATUSES, CONFIRMATIONS, DANGER_STATUSES, DANGER_TYPES, DESCRIPTIONS
from .markets import MARKETS
from .sports import SportId
from .statistics import STATISTICS
from .statuses import BET_STATUSES, SETTLEMENTS, STATUSES, SUSPENSION_REASONS

KNOWN: dict[str, frozenset[int]] = {
    "sport": frozenset(SportId),
    "status": frozenset(STATUSES),
    "description": frozenset(DESCRIPTIONS) | {0},
    "statistic": frozenset(STATISTICS),
    "clock": frozenset(CLOCK_STATUSES),
    "confirmation": frozenset(CONFIRMATIONS),
    "danger": frozenset(DANGER_TYPES),
    "danger status": frozenset(DANGER_STATUSES),
    "market": frozenset(MARKETS),
    "bet status": frozenset(BET_STATUSES),
    "settlement": frozenset(SETTLEMENTS),
    "suspension reason": frozenset(SUSPENSION_REASONS),
    "competition type": frozenset(COMPETITION_TYPES),
    "gender": frozenset(GENDERS),
    "age category": frozenset(AGE_CATEGORIES),
    "player state": frozenset(PLAYER_STATES),
}
