"""Livescore Desk: live scores and odds from LSports, shown while they change."""
