"""Bytes in, messages out. Pure: no Django, no clock, no I/O, no logging."""
