"""Asking the supplier for what was missed: after a break, for markets with missing messages, for unknown fixtures."""
