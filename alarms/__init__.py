"""Alarms tell people who have no page open what is wrong with the desk: once while it lasts, once when it is over."""
