"""Alarms: whoever has no page open is sent word of what is wrong with the desk, once, and again when it is over."""
