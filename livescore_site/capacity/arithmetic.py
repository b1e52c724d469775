"""What two samples of a desk's own counters say of what is left. Pure."""

from collections.abc import Iterator

import msgspec

DAY = 86_400
GIGABYTE = 1024**3
#: A process that has more than this share of a core has no room for a burst.
BUSY = 0.7


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Counters at one moment. `changes`: fixtures changed so far, once for each batch. CPU in seconds so far, by kind
    of process on this machine. `wal_bytes` is None on SQLite."""

    at: float
    changes: int
    wal_bytes: int | None
    cpu: dict[str, float]


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """What there is: bytes of the database and of its last whole day of history (None: there is none yet), free bytes
    on the disk of this machine, connections used and allowed (None on SQLite), cores."""

    database_bytes: int
    history_day_bytes: int | None
    free_bytes: int
    keep_days: int
    connections: tuple[int, int] | None
    cores: int


class Room(msgspec.Struct, frozen=True):
    """One resource: what is used, what is left, in words."""

    about: str
    text: str
    is_short: bool = False


def rooms(first: Sample, last: Sample, stock: Stock) -> Iterator[Room]:
    """The rooms, in the order in which they usually run out. Raises ValueError for two samples of one moment."""
    seconds = last.at - first.at
    if seconds <= 0:
        raise ValueError("the samples are of one moment")
    rate = (last.changes - first.changes) / seconds
    yield Room("feed", f"{rate:,.1f} changes of fixtures a second, over {seconds:.0f} s.")
    for name in sorted(last.cpu):
        share = (last.cpu[name] - first.cpu.get(name, 0.0)) / seconds
        yield processor(name, share, rate)
    yield disk(first, last, stock, seconds)
    if stock.connections is not None:
        used, most = stock.connections
        text = f"{used} of {most} connections to the database are used."
        yield Room("connections", text, is_short=most - used < 20)


def processor(name: str, share: float, rate: float) -> Room:
    """Each kind of process is bound by one core for each of them."""
    text = f"{share:.0%} of a core."
    if name == "consumer" and rate > 0 and share > 0.01:
        text = f"{share:.0%} of a core: one consumer could take about {rate / share * BUSY:,.0f} changes a second."
    return Room(name, text, is_short=share > BUSY)


def disk(first: Sample, last: Sample, stock: Stock, seconds: float) -> Room:
    """A day's bytes are those of the last whole day of history; before there is one, what was written just now."""
    if stock.history_day_bytes:
        a_day, how = stock.history_day_bytes, "of history yesterday"
    elif first.wal_bytes is not None and last.wal_bytes is not None:
        a_day = int((last.wal_bytes - first.wal_bytes) / seconds * DAY)
        how = "of WAL a day at this rate, which is more than stays"
    else:
        return Room("disk", f"{size(stock.database_bytes)} are used, {size(stock.free_bytes)} are free here.")
    text = f"{size(stock.database_bytes)} are used, {size(stock.free_bytes)} are free here; {size(a_day)} {how}"
    days = stock.free_bytes / a_day if a_day > 0 else float("inf")
    text += "." if days > 3650 else f": room for {days:,.0f} days"
    rest = f"; {stock.keep_days} are kept." if days <= 3650 and stock.keep_days else "."
    return Room("disk", text.rstrip(".") + rest, is_short=days < max(7, stock.keep_days))


def size(number: float) -> str:
    return f"{number / GIGABYTE:,.1f} GB" if number >= GIGABYTE / 10 else f"{number / 1024**2:,.1f} MB"
