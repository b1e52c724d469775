"""The past: what stood at a moment, in a small database of its own, which the present's code reads."""
