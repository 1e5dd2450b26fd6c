"""Parents and children as plain keys."""

from hypothesis import given
from hypothesis import strategies as st

from qunxing.funds.lineage import ancestors, closes_circle, descendants

PARENTS = {1: None, 2: 1, 3: 2, 4: 2, 5: 9, 9: 5}


def test_ancestors_come_nearest_first() -> None:
    assert list(ancestors(3, PARENTS)) == [2, 1]


def test_descendants_come_parent_before_child() -> None:
    assert list(descendants(1, PARENTS)) == [2, 3, 4]


def test_circle_is_walked_once() -> None:
    assert list(ancestors(5, PARENTS)) == [9, 5]
    assert list(descendants(5, PARENTS)) == [9]
    assert [key for key in PARENTS if closes_circle(key, PARENTS)] == [5, 9]


@given(st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 12)))
def test_walks_end_whatever_the_links(parents: dict[int, int | None]) -> None:
    for key in parents:
        assert len(list(ancestors(key, parents))) <= len(parents) + 1
        assert len(list(descendants(key, parents))) <= len(parents)
