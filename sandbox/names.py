"""Invented names: places, teams, people, horses. None of them is meant to be real."""

from random import Random

from .card import League

PLACES = (
    "Ardmere", "Belcastro", "Corvale", "Dunmarrow", "Eskelund", "Farholt", "Granvik", "Hollingfold", "Ivarsund",
    "Jastrow Hill", "Kelderwick", "Lomarca", "Marrenstad", "Northolm", "Ostrava Nova", "Pellworth", "Quarrington",
    "Rivadesta", "Solvane", "Tarrowby", "Ulverstad", "Vantaleno", "Westermoor", "Yarrowdale", "Zelenhof",
    "Åskdal", "Montclairet", "São Lirio", "Brückenau", "Kovarna", "Tresmar", "Oldhaven", "Pinecrest", "Redwater",
)  # fmt: skip
CLUBS = ("United", "Rovers", "Athletic", "City", "Wanderers", "FC", "Sporting", "Albion", "Union", "Olympic")
NICKNAMES = ("Falcons", "Otters", "Comets", "Badgers", "Kestrels", "Miners", "Herons", "Wolves", "Lynx", "Mariners")
SURNAMES = (
    "Alvarin", "Brenko", "Castellar", "Dovrek", "Ellingsby", "Fournard", "Gashi-Lund", "Hartvale", "Ilmarin", "Jovanek",
    "Kirsova", "Lindqvar", "Marchetto", "Novotrin", "O'Darrow", "Petrossa", "Quillmore", "Rasmunde", "Šalmov",
    "Tanakori", "Umberto-Reyes", "Vasquelin", "Wexford-Ames", "Yildaran", "Zubrik", "Åberlind", "Müllenhof", "Nakasone",
)  # fmt: skip
INITIALS = "ABCDEFGHIJKLMNOPRSTVZ"
HORSES_FIRST = ("Silver", "Midnight", "Lucky", "Royal", "Wild", "Golden", "Quiet", "Distant", "Velvet", "Stormy")
HORSES_LAST = ("Harbour", "Promise", "Lantern", "Orchard", "Echo", "Ransom", "Meadow", "Compass", "Thistle", "Tide")
HANDLES = ("vexo", "koru7", "lilt", "marza", "oni_x", "pako", "quill", "rook", "tamsin", "zeph")


def team(rng: Random, league: League) -> str:
    return f"{rng.choice(PLACES)} {rng.choice(CLUBS)}"


def franchise(rng: Random, league: League) -> str:
    return f"{rng.choice(PLACES)} {rng.choice(NICKNAMES)}"


def player(rng: Random, league: League) -> str:
    return person(rng)


def person(rng: Random) -> str:
    return f"{rng.choice(SURNAMES)} {rng.choice(INITIALS)}."


def esports_side(rng: Random) -> str:
    return f"{rng.choice(PLACES)} ({rng.choice(HANDLES)})"


def horse(rng: Random) -> str:
    return f"{rng.choice(HORSES_FIRST)} {rng.choice(HORSES_LAST)}"
