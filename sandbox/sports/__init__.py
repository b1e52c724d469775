"""The sports, each played by its own rules."""

from sandbox.sport import Sport

from .american_football import AMERICAN_FOOTBALL
from .baseball import BASEBALL
from .basketball import BASKETBALL
from .football import FOOTBALL
from .handball import HANDBALL
from .ice_hockey import ICE_HOCKEY
from .rallies import BADMINTON, TABLE_TENNIS, VOLLEYBALL
from .tennis import TENNIS

SPORTS: tuple[Sport, ...] = (
    FOOTBALL,
    TENNIS,
    BASKETBALL,
    ICE_HOCKEY,
    BASEBALL,
    VOLLEYBALL,
    HANDBALL,
    TABLE_TENNIS,
    AMERICAN_FOOTBALL,
    BADMINTON,
)
