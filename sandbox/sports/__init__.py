"""The sports, each played by its own rules."""

from sandbox.sport import Sport

from .football import FOOTBALL
from .tennis import TENNIS

SPORTS: tuple[Sport, ...] = (FOOTBALL, TENNIS)
