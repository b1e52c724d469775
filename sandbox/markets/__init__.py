"""The markets: which bets each has, their fair chances, and how what happened settles them."""

from .lines import EuropeanHandicap, Handicap, UnderOver
from .market import Chance, Market, Stretch, text
from .results import BothToScore, DoubleChance, OddEven, Winner, WinnerOfTwo
from .scores import CorrectScore, FirstPlayerToScore, NextGoal

__all__ = [
    "BothToScore",
    "Chance",
    "CorrectScore",
    "DoubleChance",
    "EuropeanHandicap",
    "FirstPlayerToScore",
    "Handicap",
    "Market",
    "NextGoal",
    "OddEven",
    "Stretch",
    "UnderOver",
    "Winner",
    "WinnerOfTwo",
    "text",
]
