"""A price: in a cell, in a notation, over time, and against others."""
