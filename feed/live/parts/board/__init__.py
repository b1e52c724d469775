"""The board's list and its rows."""
