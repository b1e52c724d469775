"""The markets that a reader picked for a sport's three places of prices, in addresses and topics: "6046.17.0.52" has
market 17 in football's first place, the usual totals in the second and market 52 in the third.
"""

from feed.pages.display import number

#: A sport and the market in each of its places; 0 is the usual one.
Pick = tuple[int, tuple[int, ...]]

PLACES = 3
USUAL = (0,) * PLACES
MOST_PICKS = 40


def pick_of(sport_id: int, markets: tuple[int, ...]) -> Pick | None:
    """None where nothing but the usual is wanted."""
    return (sport_id, markets) if any(markets) else None


def parse_picks(text: str) -> tuple[Pick, ...]:
    """What is not understood is left out, never an error; of two for a sport the last counts."""
    found: dict[int, tuple[int, ...]] = {}
    for word in text.split(",")[:MOST_PICKS]:
        ids = [number(part) for part in word.split(".")]
        known = [pk for pk in ids if pk is not None]
        if len(known) == len(ids) == 1 + PLACES and any(known[1:]):
            found[known[0]] = tuple(known[1:])
    return tuple(found.items())


def picks_text(picks: tuple[Pick, ...]) -> str:
    return ",".join(".".join(map(str, (sport_id, *markets))) for sport_id, markets in picks)
