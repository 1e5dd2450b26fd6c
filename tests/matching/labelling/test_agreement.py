"""Agreement of two raters, held against cases worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunxing.matching.labelling.agreement import agreement, both_ways, crossed, weighted_kappa

PAIRS = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # All alike, and grades that differ: nothing observed, something expected.
        ([(1, 1), (2, 2), (3, 3), (4, 4)], 1.0),
        # Observed (0+0+1+1)/4 = 1/2. Firsts 1,2,3,4 and seconds 1,2,4,3: expected mean square distance of two
        # independent draws from 1..4 is 40/16 = 5/2. 1 - (1/2)/(5/2) = 4/5.
        ([(1, 1), (2, 2), (3, 4), (4, 3)], 0.8),
        # Turned round: observed (9+1+1+9)/4 = 5, expected 5/2, 1 - 2 = -1.
        ([(1, 4), (2, 3), (3, 2), (4, 1)], -1.0),
        # Firsts 1,1,4,4, seconds 1,4,1,4: observed (0+9+9+0)/4 = 9/2, expected 9/2: chance.
        ([(1, 1), (1, 4), (4, 1), (4, 4)], 0.0),
        # Two grades only: observed 1/5. Firsts 3/5 of 3 and 2/5 of 4, seconds 2/5 and 3/5:
        # expected 3/5*3/5 + 2/5*2/5 = 13/25. 1 - (1/5)/(13/25) = 8/13.
        ([(3, 3), (3, 3), (3, 4), (4, 4), (4, 4)], 8 / 13),
    ],
)
def test_kappa_is_as_worked_out_by_hand(pairs: list[tuple[int, int]], kappa: float) -> None:
    assert weighted_kappa(pairs) == pytest.approx(kappa, abs=1e-12)


@pytest.mark.parametrize("pairs", [[], [(2, 2)], [(3, 3), (3, 3)]])
def test_kappa_is_not_defined_where_nothing_could_differ(pairs: list[tuple[int, int]]) -> None:
    assert weighted_kappa(pairs) is None


@given(PAIRS)
def test_kappa_does_not_ask_who_came_first(pairs: list[tuple[int, int]]) -> None:
    turned = weighted_kappa([(other, one) for one, other in pairs])
    assert weighted_kappa(pairs) == (turned if turned is None else pytest.approx(turned))


@given(PAIRS)
def test_kappa_is_at_most_one(pairs: list[tuple[int, int]]) -> None:
    kappa = weighted_kappa(pairs)
    assert kappa is None or kappa <= 1 + 1e-12


def test_shares_are_counted() -> None:
    found = agreement([(1, 1), (2, 3), (1, 4), (4, 4)])
    assert (found.pairs, found.share, found.near_share) == (4, 0.5, 0.75)
    assert agreement([]).share is None


def test_table_counts_both_orders() -> None:
    table = crossed(both_ways([(1, 2), (3, 3)]))
    assert table == [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0]]
