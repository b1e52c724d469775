"""The tree, the signatures and the checkpoints: as RFC 6962, RFC 8032 and C2SP have them."""

from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from feed.proof import trust
from feed.proof.notes import BadKey, new_key, read_signer
from feed.proof.tiles import Damaged, TileReader, TileWriter, tile_path
from feed.proof.tree import consistency, inclusion, peaks, root_of

#: Certificate Transparency's own vectors for RFC 6962: leaves, and the root after each.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
#: RFC 8032, section 7.1, tests 1 to 3: secret, public, message, signature.
SIGNATURES = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
            "655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
            "b00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
            "c027beceea1ec40a"
        ),
    ),
]
AT = datetime(2026, 11, 27, 20, 14, 3, 250_000, tzinfo=UTC)


def hashes(count: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(count)]


def test_it_hashes_as_rfc_6962_does(tmp_path: Path):
    writer = TileWriter(tmp_path, 0, [])
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        writer.append([trust.leaf_hash(leaf)])
        assert writer.root().hex() == root
    assert trust.grown([], map(trust.leaf_hash, LEAVES))[1].hex() == ROOTS[-1]
    assert trust.grown([], [])[1] == sha256().digest()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes], dict[int, bytes]]:
    """A folder of tiles with 3 levels, its leaves, and its root at some sizes."""
    folder, leaves, roots = tmp_path_factory.mktemp("tiles"), hashes(66_000), {}
    writer = TileWriter(folder, 0, [])
    sizes = [0, 1, 2, 3, 255, 256, 257, 511, 512, 5000, 65_535, 65_536, 65_537, 66_000]
    for begin, end in pairwise(sizes):
        writer.append(leaves[begin:end])
        writer.write_edges()
        roots[end] = writer.root()
    return folder, leaves, roots


def test_its_tiles_prove_every_leaf_and_every_earlier_size(tree: tuple[Path, list[bytes], dict[int, bytes]]):
    folder, leaves, roots = tree
    for size, root in roots.items():
        reader = TileReader(folder, size)
        after = trust.Checkpoint("log", size, root, "")
        assert root == root_of(leaves[:size])
        assert TileWriter(folder, size, reader.edges()).root() == root
        for number in {0, size // 3, size - 1}:
            path = inclusion(number, size, reader.whole)
            assert trust.root_by_inclusion(number, size, leaves[number], path) == root
        for earlier in (one for one in roots if one <= size):
            before = trust.Checkpoint("log", earlier, roots[earlier], "")
            trust.check_consistency(before, after, consistency(earlier, size, reader.whole))
            assert trust.grown(peaks(earlier, reader.whole), leaves[earlier:size]) == (size, root)


def test_full_tiles_take_the_place_of_partial_ones(tree: tuple[Path, list[bytes], dict[int, bytes]]):
    folder, leaves, _ = tree
    assert (folder / "0/000").read_bytes() == b"".join(leaves[:256])
    assert not (folder / "0/000.p").exists()
    assert (folder / "2/000.p/1").read_bytes() == root_of(leaves[:65_536])
    assert tile_path(3, 1_234_067) == "3/x001/x234/067"
    assert tile_path(0, 5, 17) == "0/005.p/17"


def test_a_tile_that_is_gone_or_cut_off_is_named(tree: tuple[Path, list[bytes], dict[int, bytes]], tmp_path: Path):
    with pytest.raises(Damaged, match="is not there"):
        TileReader(tmp_path, 5).hashes(0, 0, 5)
    (tmp_path / "0").mkdir()
    (tmp_path / "0/000").write_bytes(b"short")
    with pytest.raises(Damaged, match="cut off"):
        TileReader(tmp_path, 5).hashes(0, 0, 5)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_other_leaf_place_or_root_passes(data: st.DataObject):
    size = data.draw(st.integers(1, 40))
    leaves = hashes(size)
    writer = TileWriter(Path("/nowhere"), 0, [])
    writer.append(leaves)
    whole = {(0, number): leaf for number, leaf in enumerate(leaves)}
    for level in range(1, 6):
        for index in range(size >> level):
            left, right = whole[level - 1, 2 * index], whole[level - 1, 2 * index + 1]
            whole[level, index] = trust.node_hash(left, right)
    number, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    path = inclusion(number, size, lambda level, index: whole[level, index])
    assert trust.root_by_inclusion(number, size, leaves[number], path) == writer.root()
    found = ""
    try:
        found = trust.root_by_inclusion(other, size, leaves[number], path)
    except trust.Untrue:
        return
    assert (found == writer.root()) == (number == other)


@pytest.mark.parametrize(("secret", "public", "text", "signature"), SIGNATURES)
def test_it_checks_signatures_as_rfc_8032_says(secret: str, public: str, text: str, signature: str):
    key, message, signed = bytes.fromhex(public), bytes.fromhex(text), bytes.fromhex(signature)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(message) == signed
    assert trust.is_signed(key, message, signed)
    assert not trust.is_signed(key, message + b"x", signed)
    s = int.from_bytes(signed[32:], "little") + trust.ORDER
    assert not trust.is_signed(key, message, signed[:32] + s.to_bytes(32, "little"))
    for place in (0, 31, 32, 63):
        assert not trust.is_signed(key, message, signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :])


def test_a_checkpoint_is_read_by_its_key_alone():
    signer, other = read_signer(new_key("desk.example.com/log")), read_signer(new_key("desk.example.com/log"))
    note = signer.checkpoint(5, b"r" * 32, AT)
    found = trust.read_checkpoint(note, signer.public_key)
    assert found == trust.Checkpoint("desk.example.com/log", 5, b"r" * 32, "2026-11-27T20:14:03.250Z")
    with pytest.raises(trust.Untrue, match="not signed"):
        trust.read_checkpoint(note, other.public_key)
    with pytest.raises(trust.Untrue, match="not signed"):
        trust.read_checkpoint(note.replace("\n5\n", "\n6\n"), signer.public_key)


def test_a_key_of_ones_own_is_read_and_a_wrong_one_refused():
    line = new_key("desk.example.com/log")
    assert read_signer(line).name == "desk.example.com/log"
    assert read_signer(new_key()).name != read_signer(new_key()).name
    for wrong in ("", "nonsense", line[:-8], line.replace("log", "lot")):
        with pytest.raises(BadKey):
            read_signer(wrong)
    with pytest.raises(BadKey, match="no blanks"):
        new_key("our log")
    with pytest.raises(trust.Untrue, match="not a public key"):
        trust.read_key(line)
