"""What operations sees of the feed: sources, what they missed, fixtures, refused messages, programs' tokens."""

from . import continuity, fixtures, rejected, sources, tokens

__all__ = ["continuity", "fixtures", "rejected", "sources", "tokens"]
