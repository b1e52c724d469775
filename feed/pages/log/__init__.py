"""A fixture's log: every message that spoke of it, what it changed, and the message itself where it is kept."""
