"""The tree's hashes as files, in the form of C2SP tlog-tiles: any web server can serve the folder.

`tile/<level>/<number>` has 256 hashes; of the last one of a level, `<number>.p/<width>` has those that
there are so far.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from .tree import root_of

WIDTH = 256
BITS = 8
BYTES = 32
#: Tiles that a reader remembers.
MOST_REMEMBERED = 4096


class Damaged(Exception):
    """A file of the log is not as it was written; the message says which."""


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Within the folder of tiles."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03}")
    path = f"{level}/{'/'.join(reversed(parts))}"
    return path if width == WIDTH else f"{path}.p/{width}"


def write_whole(path: Path, content: bytes, *, for_good: bool = False) -> None:
    """Write a file so that it is there whole or not at all; `for_good`: also after the power was cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        if for_good:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)


class TileReader:
    """Hashes of the tree of `size` leaves, from its files. Raises `Damaged`."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self.tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile, one after another, as far as this tree has them."""
        found = self.tiles.get((level, number))
        if found is None:
            if len(self.tiles) >= MOST_REMEMBERED:
                self.tiles.clear()
            found = self.tiles[level, number] = self.read(level, number)
        return found

    def read(self, level: int, number: int) -> bytes:
        width = min((self.size >> BITS * level) - number * WIDTH, WIDTH)
        for path in (tile_path(level, number), tile_path(level, number, width)):
            try:
                content = (self.folder / path).read_bytes()
            except FileNotFoundError:
                continue
            if len(content) in (WIDTH * BYTES, width * BYTES):
                return content[: width * BYTES]
            raise Damaged(f"{self.folder / path} is cut off or too long")
        raise Damaged(f"{self.folder / tile_path(level, number)} is not there")

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        """The hashes `begin` to `end` of one level, read from its tiles."""
        found = []
        while begin < end:
            number, place = divmod(begin, WIDTH)
            until = min(WIDTH, place + end - begin)
            content = self.tile(level, number)
            found += [content[at * BYTES : (at + 1) * BYTES] for at in range(place, until)]
            begin += until - place
        return found

    def whole(self, level: int, index: int) -> bytes:
        """A whole subtree's hash, as `feed.proof.tree` asks for it."""
        high, low = divmod(level, BITS)
        return root_of(self.hashes(high, index << low, (index + 1) << low))

    def edges(self) -> list[list[bytes]]:
        """For each level, the hashes of the tile that is not full yet."""
        found: list[list[bytes]] = []
        size = self.size
        while size:
            found.append(self.hashes(len(found), size - size % WIDTH, size))
            size //= WIDTH
        return found


class TileWriter:
    """Appends hashes of leaves. A full tile is written at once, the others by `write_edges`."""

    def __init__(self, folder: Path, size: int, edges: list[list[bytes]]) -> None:
        self.folder = folder
        self.size = size
        self.edges = edges

    def append(self, hashes: Iterable[bytes]) -> None:
        for found in hashes:
            self.add(0, self.size, found)
            self.size += 1

    def add(self, level: int, place: int, found: bytes) -> None:
        """Add the hash that has this place in its level."""
        if level == len(self.edges):
            self.edges.append([])
        edge = self.edges[level]
        edge.append(found)
        if len(edge) == WIDTH:
            self.write(level, place // WIDTH, edge)
            self.add(level + 1, place // WIDTH, root_of(edge))
            self.edges[level] = []
            self.drop_parts(level, place // WIDTH)

    def write(self, level: int, number: int, hashes: list[bytes]) -> None:
        write_whole(self.folder / tile_path(level, number, len(hashes)), b"".join(hashes))

    def drop_parts(self, level: int, number: int) -> None:
        """What stood in for a tile before it was full."""
        folder = self.folder / f"{tile_path(level, number)}.p"
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def write_edges(self) -> None:
        """Each again: after a crash there may be files of leaves that were never signed."""
        size = self.size
        for level, edge in enumerate(self.edges):
            if edge:
                self.write(level, size // WIDTH, edge)
            size //= WIDTH

    def root(self) -> bytes:
        """The root of at least one leaf."""
        right: list[bytes] = []
        for edge in self.edges:
            if edge or right:
                right = [root_of([*edge, *right])]
        return right[0]
