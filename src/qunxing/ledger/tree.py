"""The Merkle tree of RFC 9162 over SHA-256: roots, the compact state of a growing tree, and both proofs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

WIDTH = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""The root over the leaves [start, stop)."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """The tree's root. It also joins the roots of equal blocks (the last may be shorter) of 2^k leaves each."""
    level = list(leaf_hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = parents(level) + odd
    return level[0] if level else EMPTY_ROOT


def parents(level: Sequence[bytes]) -> list[bytes]:
    """Each pair joined; an odd last node is left out."""
    pairs = iter(level)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be kept to let a tree grow: its size and the roots of its complete subtrees, largest first."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or self.size.bit_count() != len(self.nodes):
            raise ValueError(f"A tree of {self.size} leaves does not have {len(self.nodes)} complete subtrees.")
        if any(len(node) != WIDTH for node in self.nodes):
            raise ValueError(f"Every hash has {WIDTH} bytes.")

    def append(self, leaf: bytes) -> "Frontier":
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The state after these leaf hashes; the work is that of hashing them, whatever the size before."""
        level = list(leaves)
        count, carry = len(level), self.size
        kept, low = list(self.nodes), []
        while level:
            if carry & 1:
                level.insert(0, kept.pop())
            if len(level) % 2:
                low.append(level[-1])
            level, carry = parents(level), carry >> 1
        return Frontier(self.size + count, (*kept, *reversed(low)))

    def root(self) -> bytes:
        if not self.nodes:
            return EMPTY_ROOT
        *rest, joined = self.nodes
        for node in reversed(rest):
            joined = node_hash(node, joined)
        return joined

    def to_bytes(self) -> bytes:
        """Eight bytes of size, the greatest first, then the nodes."""
        return self.size.to_bytes(8, "big") + b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """The reverse of to_bytes; ValueError if it is not one."""
        if len(data) < 8 or (len(data) - 8) % WIDTH:
            raise ValueError(f"{len(data)} bytes are not the state of a tree.")
        nodes = tuple(data[at : at + WIDTH] for at in range(8, len(data), WIDTH))
        return cls(int.from_bytes(data[:8], "big"), nodes)


def split(count: int) -> int:
    """The largest power of two below count (at least 2): the leaves in the left branch."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_spans(index: int, size: int) -> list[tuple[int, int]]:
    """The subtrees [start, stop) whose roots prove the leaf, from the leaf's neighbour upward."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    spans, low, high = [], 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return spans[::-1]


def consistency_spans(first: int, second: int) -> list[tuple[int, int]]:
    """The subtrees whose roots prove that the first tree is the start of the second, in the order of the RFC."""
    if not 0 < first <= second:
        raise ValueError(f"No proof leads from {first} to {second} leaves.")
    spans, low, high = [], 0, second
    while high != first:
        middle = low + split(high - low)
        if first <= middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    if low:
        spans.append((low, high))
    return spans[::-1]


def block_subtree(leaves: Callable[[int, int], Sequence[bytes]], blocks: Sequence[bytes], *, block: int) -> Subtree:
    """Roots of spans out of the roots of complete blocks of `block` (2^k) leaves, so that a proof reads few leaves."""

    def subtree(start: int, stop: int) -> bytes:
        if start % block or stop - start < block:
            return root(leaves(start, stop))
        first = start // block
        whole = blocks[first : stop // block]
        rest = (first + len(whole)) * block
        tails = [leaves(at, min(at + block, stop)) for at in range(rest, stop, block)]
        return root([*whole, *map(root, tails)])

    return subtree


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int | None = None) -> list[bytes]:
    """The path of the leaf in the tree of the first `size` leaves (all, if not said)."""
    spans = inclusion_spans(index, _within(leaf_hashes, size))
    return [root(leaf_hashes[start:stop]) for start, stop in spans]


def consistency_proof(leaf_hashes: Sequence[bytes], first: int, second: int | None = None) -> list[bytes]:
    """The proof that the tree of `first` leaves is the start of the tree of `second` (all, if not said)."""
    spans = consistency_spans(first, _within(leaf_hashes, second))
    return [root(leaf_hashes[start:stop]) for start, stop in spans]


def _within(leaf_hashes: Sequence[bytes], size: int | None) -> int:
    size = len(leaf_hashes) if size is None else size
    if size > len(leaf_hashes):
        raise ValueError(f"There are {len(leaf_hashes)} leaves, not {size}.")
    return size


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether the path leads from this leaf hash at this index to the root of a tree of this size."""
    if not 0 <= index < size or not _hashes(leaf, root_hash, *proof):
        return False
    at, last, joined = index, size - 1, leaf
    for node in proof:
        if not last:
            return False
        if at & 1 or at == last:
            joined = node_hash(node, joined)
            at, last = _past_left_edge(at, last)
        else:
            joined = node_hash(joined, node)
        at, last = at >> 1, last >> 1
    return not last and joined == root_hash


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `first` leaves and this root is the start of the tree of `second` leaves and that root."""
    if not 0 <= first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    return bool(path) and _consistent(first - 1, second - 1, path) == (first_root, second_root)


def _consistent(at: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that the path leads to; None if it is too long or too short."""
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if not last:
            return None
        if at & 1 or at == last:
            old, new = node_hash(node, old), node_hash(node, new)
            at, last = _past_left_edge(at, last)
        else:
            new = node_hash(new, node)
        at, last = at >> 1, last >> 1
    return None if last else (old, new)


def _past_left_edge(at: int, last: int) -> tuple[int, int]:
    """Climb over the levels at which the node, the last of its level, has no neighbour."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _hashes(*values: bytes) -> bool:
    return all(len(value) == WIDTH for value in values)
