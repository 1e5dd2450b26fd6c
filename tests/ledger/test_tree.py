"""The Merkle tree, against published values and against its definition."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qunxing.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    block_subtree,
    consistency_proof,
    consistency_spans,
    inclusion_proof,
    inclusion_spans,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The inputs, roots and proofs that implementations of RFC 6962 and 9162 share as their test vectors.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
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
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
LEAVES = [leaf_hash(data) for data in INPUTS]
MANY = [leaf_hash(str(number).encode()) for number in range(600)]

sizes = st.integers(1, 130)
slow = settings(deadline=None)


def root_by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return node_hash(root_by_definition(leaves[:left]), root_by_definition(leaves[left:]))


def flipped(data: bytes, bit: int) -> bytes:
    number = int.from_bytes(data, "big") ^ 1 << bit % (len(data) * 8)
    return number.to_bytes(len(data), "big")


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


# Published values


def test_empty_root_is_the_published_one() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_leaf_hash_of_nothing_is_the_published_one() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_leaf_hash_of_a_text_is_the_published_one() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"


def test_node_hash_is_the_published_one() -> None:
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


@pytest.mark.parametrize("size", range(1, 9))
def test_root_is_the_published_one(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]
    assert Frontier().extend(LEAVES[:size]).root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proof_is_the_published_one(index: int, size: int) -> None:
    proof = unhex(INCLUSION[index, size])
    assert inclusion_proof(LEAVES, index, size) == proof
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_consistency_proof_is_the_published_one(first: int, second: int) -> None:
    proof = unhex(CONSISTENCY[first, second])
    assert consistency_proof(LEAVES, first, second) == proof
    assert verify_consistency(first, second, bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1]), proof)


# The compact state


@pytest.mark.parametrize("size", range(140))
def test_root_is_the_defined_one(size: int) -> None:
    assert root(MANY[:size]) == root_by_definition(MANY[:size])


@slow
@given(st.lists(st.integers(0, 70), max_size=6))
def test_frontier_grown_in_parts_has_the_root_of_the_whole(counts: list[int]) -> None:
    frontier, done = Frontier(), 0
    for count in counts:
        frontier = frontier.extend(MANY[done : done + count])
        done += count
        assert frontier.size == done
        assert frontier.root() == root_by_definition(MANY[:done])


@slow
@given(sizes)
def test_frontier_appended_one_by_one_is_the_extended_one(size: int) -> None:
    frontier = Frontier()
    for leaf in MANY[:size]:
        frontier = frontier.append(leaf)
    assert frontier == Frontier().extend(MANY[:size])


def test_frontier_is_not_changed_by_growing() -> None:
    before = Frontier().extend(MANY[:5])
    root_before = before.root()
    before.extend(MANY[5:50])
    assert (before.size, before.root()) == (5, root_before)


@slow
@given(st.integers(0, 600))
def test_frontier_survives_bytes(size: int) -> None:
    frontier = Frontier().extend(MANY[:size])
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier
    assert len(frontier.to_bytes()) == 8 + 32 * size.bit_count()


@pytest.mark.parametrize(
    "data",
    [b"", b"1234567", bytes(8) + bytes(32), bytes(7) + b"\x01", bytes(7) + b"\x01" + bytes(31)],
    ids=["empty", "short", "nodes without leaves", "leaves without nodes", "cut"],
)
def test_frontier_refuses_other_bytes(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"tree|bytes"):
        Frontier.from_bytes(data)


def test_frontier_refuses_short_hashes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier(1, (b"short",))


def test_frontier_of_a_million_leaves_stays_small() -> None:
    frontier = Frontier().extend([bytes(32)] * 1_000_000)
    assert len(frontier.nodes) == (1_000_000).bit_count()
    assert frontier.append(bytes(32)).size == 1_000_001


# Proofs


@slow
@given(sizes, st.data())
def test_inclusion_proof_verifies(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(MANY[index], index, size, inclusion_proof(MANY, index, size), root(MANY[:size]))


@slow
@given(sizes, st.data())
def test_inclusion_proof_with_one_bit_flipped_fails(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    values = [MANY[index], root(MANY[:size]), *inclusion_proof(MANY, index, size)]
    at = data.draw(st.integers(0, len(values) - 1))
    values[at] = flipped(values[at], data.draw(st.integers(0, 255)))
    leaf, top, *proof = values
    assert not verify_inclusion(leaf, index, size, proof, top)


@slow
@given(sizes, st.data())
def test_inclusion_proof_fails_at_another_index(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-3, size + 3))
    assume(index != other)
    assert not verify_inclusion(MANY[index], other, size, inclusion_proof(MANY, index, size), root(MANY[:size]))


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 8), (5, 8), (2, 3), (4, 5), (6, 7)])
def test_inclusion_proof_fails_longer_or_shorter(index: int, size: int) -> None:
    proof, top = inclusion_proof(MANY, index, size), root(MANY[:size])
    for wrong in ([*proof, top], [top, *proof], [*proof, b""], proof[1:], proof[:-1]):
        if wrong != proof:
            assert not verify_inclusion(MANY[index], index, size, wrong, top)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 0), (2, 1), (-1, 1), (5, 5)])
def test_inclusion_proof_fails_outside_the_tree(index: int, size: int) -> None:
    assert not verify_inclusion(MANY[0], index, size, [], MANY[0])
    with pytest.raises(ValueError, match="has no leaf"):
        inclusion_spans(index, size)


def test_proof_refuses_more_leaves_than_there_are() -> None:
    with pytest.raises(ValueError, match="8 leaves, not 9"):
        inclusion_proof(LEAVES, 0, 9)


@slow
@given(sizes, st.data())
def test_consistency_proof_verifies(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    proof = consistency_proof(MANY, first, second)
    assert verify_consistency(first, second, root(MANY[:first]), root(MANY[:second]), proof)


@slow
@given(sizes, st.data())
def test_consistency_proof_with_one_bit_flipped_fails(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    values = [root(MANY[:first]), root(MANY[:second]), *consistency_proof(MANY, first, second)]
    at = data.draw(st.integers(0, len(values) - 1))
    values[at] = flipped(values[at], data.draw(st.integers(0, 255)))
    old, new, *proof = values
    assert not verify_consistency(first, second, old, new, proof)


@pytest.mark.parametrize(("first", "second"), [(1, 8), (6, 8), (2, 5), (6, 7), (4, 8), (3, 4)])
def test_consistency_proof_fails_longer_shorter_or_swapped(first: int, second: int) -> None:
    proof, old, new = consistency_proof(MANY, first, second), root(MANY[:first]), root(MANY[:second])
    for wrong in ([*proof, old], [*proof, new], [old, *proof], [new, *proof], [*proof, b""], proof[:-1], []):
        assert not verify_consistency(first, second, old, new, wrong)
    assert not verify_consistency(first, second, new, old, proof)
    assert not verify_consistency(first + 1, second, old, new, proof)


def test_consistency_from_the_empty_tree_needs_no_proof() -> None:
    assert verify_consistency(0, 3, EMPTY_ROOT, root(MANY[:3]), [])
    assert not verify_consistency(0, 3, MANY[0], root(MANY[:3]), [])
    assert not verify_consistency(0, 3, EMPTY_ROOT, root(MANY[:3]), [EMPTY_ROOT])


def test_consistency_of_a_tree_with_itself_needs_no_proof() -> None:
    top = root(MANY[:3])
    assert consistency_proof(MANY, 3, 3) == []
    assert verify_consistency(3, 3, top, top, [])
    assert not verify_consistency(3, 3, top, top, [top])


@pytest.mark.parametrize(("first", "second"), [(2, 1), (0, 1), (-1, 4)])
def test_consistency_proof_is_refused_backwards(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="No proof leads"):
        consistency_spans(first, second)


def test_consistency_fails_backwards() -> None:
    assert not verify_consistency(2, 1, root(MANY[:2]), root(MANY[:1]), [])


# Proofs out of blocks


@slow
@given(st.integers(1, 600), st.data())
def test_proof_out_of_blocks_is_the_same(size: int, data: st.DataObject) -> None:
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    blocks = [root(MANY[at : at + 16]) for at in range(0, data.draw(st.integers(0, size // 16)) * 16, 16)]
    subtree = block_subtree(lambda start, stop: MANY[start:stop], blocks, block=16)
    assert [subtree(*span) for span in inclusion_spans(index, size)] == inclusion_proof(MANY, index, size)
    assert [subtree(*span) for span in consistency_spans(first, size)] == consistency_proof(MANY, first, size)


def test_proof_out_of_blocks_reads_few_leaves() -> None:
    read: list[int] = []

    def leaves(start: int, stop: int) -> list[bytes]:
        read.append(stop - start)
        return MANY[start:stop]

    blocks = [root(MANY[at : at + 64]) for at in range(0, 576, 64)]
    subtree = block_subtree(leaves, blocks, block=64)
    assert [subtree(*span) for span in inclusion_spans(70, 600)] == inclusion_proof(MANY, 70, 600)
    assert sum(read) == 63 + 24
