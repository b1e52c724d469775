"""Livescore Desk: live scores and odds from LSports, shown while they change."""

#: The version, in this one place. The newest heading of CHANGELOG.md has the same number.
__version__ = "0.1.0"
