"""Parts of a test set: drawn by a seed, the same for everybody, fair to every stratum."""

import random

import pytest

from qunxing.races.scoring.public import by_items, split

ITEMS = [f"q{number}" for number in range(1_000)]
SHARES = {"public": 0.3, "sealed": 0.5, "final": 0.2}


def test_parts_are_of_their_size_and_make_the_whole() -> None:
    found = split(ITEMS, SHARES, 7)
    assert {name: len(part) for name, part in found.items()} == {"public": 300, "sealed": 500, "final": 200}
    assert sorted(item for part in found.values() for item in part) == sorted(ITEMS)


def test_the_seed_alone_decides() -> None:
    found, mixed = split(ITEMS, SHARES, 7), random.Random(1).sample(ITEMS, len(ITEMS))
    assert {name: set(part) for name, part in split(mixed, SHARES, 7).items()} == {n: set(p) for n, p in found.items()}
    assert split(ITEMS, SHARES, 8) != found
    assert found["public"][:4] == ("q7", "q10", "q12", "q18")  # for good: a published seed must draw the same later


def test_every_stratum_is_parted_alike() -> None:
    strata = ["rare" if number % 10 == 0 else "common" for number in range(1_000)]
    public = set(split(ITEMS, SHARES, 7, strata)["public"])
    assert [
        sum(item in public for item, s in zip(ITEMS, strata, strict=True) if s == name) for name in ("rare", "common")
    ] == [30, 270]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_or_nothing_may_be_public(share: float) -> None:
    assert len(split(ITEMS, {"public": share, "sealed": 1 - share}, 1)["public"]) == share * 1_000


@pytest.mark.parametrize("shares", [{}, {"a": 0.7, "b": 0.4}, {"a": -0.1}])
def test_shares_that_are_none_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="parts of one whole"):
        split(ITEMS, shares, 1)


def test_an_empty_test_set_has_empty_parts() -> None:
    assert split([], SHARES, 1) == {"public": (), "sealed": (), "final": ()}


def test_the_public_items_may_be_listed() -> None:
    assert by_items(["a", "b", "c"], ["c", "a"]) == {"public": ("a", "c"), "sealed": ("b",)}
    with pytest.raises(ValueError, match="z"):
        by_items(["a"], ["z"])
