"""Proofs from a tree's hashes (RFC 6962, section 2.1). Pure: who calls says where hashes are read."""

from collections.abc import Callable, Sequence

from .trust import node_hash, peaks_of

#: The hash of the whole subtree of 2**level leaves whose number among those is `index`.
Whole = Callable[[int, int], bytes]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these, the hashes of leaves or of whole subtrees of one size (the last may be smaller)."""
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return node_hash(root_of(hashes[:middle]), root_of(hashes[middle:]))


def split(size: int) -> int:
    """The largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


def subtree(begin: int, end: int, whole: Whole) -> bytes:
    """The hash of leaves `begin` to `end`, which begin a subtree."""
    size = end - begin
    if size & (size - 1) == 0:
        return whole(size.bit_length() - 1, begin // size)
    middle = begin + split(size)
    return node_hash(subtree(begin, middle, whole), subtree(middle, end, whole))


def inclusion(number: int, size: int, whole: Whole) -> list[bytes]:
    """The hashes from a leaf's sibling up to just below the root of the tree of `size` leaves."""
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + split(end - begin)
        if number < middle:
            path.append(subtree(middle, end, whole))
            end = middle
        else:
            path.append(subtree(begin, middle, whole))
            begin = middle
    return path[::-1]


def consistency(before: int, size: int, whole: Whole) -> list[bytes]:
    """The hashes which show that the tree of `size` leaves begins with that of `before`."""
    if before in (0, size):
        return []
    begin, end, path, is_known = 0, size, [], True
    while before != end:
        middle = begin + split(end - begin)
        if before <= middle:
            path.append(subtree(middle, end, whole))
            end = middle
        else:
            path.append(subtree(begin, middle, whole))
            begin, is_known = middle, False
    return ([] if is_known else [subtree(begin, end, whole)]) + path[::-1]


def peaks(size: int, whole: Whole) -> list[tuple[int, bytes]]:
    """The whole subtrees that the tree is made of: how many leaves, and the hash."""
    found, begin = [], 0
    for leaves in peaks_of(size):
        found.append((leaves, whole(leaves.bit_length() - 1, begin // leaves)))
        begin += leaves
    return found
