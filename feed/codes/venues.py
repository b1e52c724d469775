"""Grounds and courts. LSports sends a number or its name."""

from .table import label, table

COURT_SURFACES = table("0 Grass | 1 Hard | 2 Clay | 3 Artificial grass")
ENVIRONMENTS = table("0 Indoors | 1 Outdoors")
ASSIGNMENTS = table("0 Home | 1 Away | 2 Neutral")
#: Of a venue's members those that are numbers with names.
VENUE_CODES = {"court_surface_type": COURT_SURFACES, "environment": ENVIRONMENTS, "assignment": ASSIGNMENTS}
NOUNS = {"court_surface_type": "Surface", "environment": "Environment", "assignment": "Assignment"}


def venue_word(member: str, value: str | None) -> str | None:
    """A venue's member in a word: LSports' own name as it is, a number's name, an unknown number with its number."""
    if member not in VENUE_CODES or value is None or not (value.isascii() and value.isdigit()):
        return value
    return label(VENUE_CODES[member], int(value), NOUNS[member])
