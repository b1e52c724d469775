"""Alerts: a trader's rules, watched live and tried against what was stored, by the same code."""
