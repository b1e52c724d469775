"""Which numbers have a name, by what they are numbers of; periods depend on the sport and have a test of their own."""

from .fixtures import AGE_CATEGORIES, COMPETITION_TYPES, GENDERS, PARTICIPANT_TYPES, PLAYER_STATES, PLAYER_TYPES
from .livescore import CLOCK_STATUSES, CONFIRMATIONS, DANGER_STATUSES, DANGER_TYPES, DESCRIPTIONS
from .markets import MARKETS
from .sports import SportId
from .statistics import STATISTICS
from .statuses import (
    BET_STATUSES,
    OUTRIGHT_SCORE_STATUSES,
    SETTLEMENTS,
    STATUSES,
    SUBSCRIPTION_STATUSES,
    SUBSCRIPTION_TYPES,
    SUSPENSION_REASONS,
)
from .venues import ASSIGNMENTS, COURT_SURFACES, ENVIRONMENTS

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
    "player type": frozenset(PLAYER_TYPES),
    "participant type": frozenset(PARTICIPANT_TYPES),
    "subscription type": frozenset(SUBSCRIPTION_TYPES),
    "subscription status": frozenset(SUBSCRIPTION_STATUSES),
    "outright score status": frozenset(OUTRIGHT_SCORE_STATUSES),
    "court surface": frozenset(COURT_SURFACES),
    "venue environment": frozenset(ENVIRONMENTS),
    "venue assignment": frozenset(ASSIGNMENTS),
}
