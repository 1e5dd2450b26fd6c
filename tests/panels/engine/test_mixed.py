"""The absorbed equations, held against the whole model written out."""

from typing import Any

import numpy as np
import pytest

from qunxing.panels.integration import Model, Moments, held, steps
from qunxing.panels.mixed import Block, Joined, Reduced


def blocks(chance: np.random.Generator) -> list[Block]:
    """Three panels with gaps; reviewer 0 sits in all."""
    made = []
    for reviewers in ([0, 1, 2], [0, 2, 3, 4], [0, 4]):
        seats = np.ones((4, len(reviewers)))
        seats[0, 1] = seats[2, 0] = 0
        values = chance.normal(size=seats.shape) * seats
        made.append(Block(np.array(reviewers), seats, values, seats * (chance.random(seats.shape) < 0.4)))
    return made


def written_out(made: list[Block]) -> dict[str, Any]:
    rows = [
        (panel, entry, block.reviewers[seat], seat, block.values[entry, seat], block.home[entry, seat])
        for panel, block in enumerate(made)
        for entry, seat in zip(*np.nonzero(block.seats), strict=True)
    ]
    panel, entry, reviewer, seat, value, home = (np.array(column) for column in zip(*rows, strict=True))

    def one_hot(*keys: Any) -> Any:
        _names, places = np.unique(np.stack(keys), axis=1, return_inverse=True)
        return np.eye(places.max() + 1)[places]

    return {
        "panel": one_hot(panel), "entry": one_hot(panel, entry), "reviewer": np.eye(5)[reviewer],
        "seat": one_hot(panel, seat), "right": np.stack([value, home], axis=1),
    }  # fmt: skip


@pytest.fixture
def made() -> list[Block]:
    return blocks(np.random.default_rng(3))


@pytest.mark.parametrize(("level", "seat", "lasting"), [(0.7, 0.5, 1.3), (2.0, 0.0, 0.4), (0.3, 1.1, 0.0)])
def test_estimates_are_those_of_the_model_written_out(
    made: list[Block], level: float, seat: float, lasting: float
) -> None:
    """Best linear unbiased predictions, their variances and the restricted likelihood by plain algebra."""
    whole = written_out(made)
    parts = [(whole["entry"], level), (whole["reviewer"], lasting), (whole["seat"], seat)]
    spread = np.eye(len(whole["right"])) + sum(ratio**2 * z @ z.T for z, ratio in parts)
    inverse, fixed = np.linalg.inv(spread), whole["panel"]
    within = np.linalg.inv(fixed.T @ inverse @ fixed)
    rest = inverse - inverse @ fixed @ within @ fixed.T @ inverse
    means = within @ fixed.T @ inverse @ whole["right"]
    levels = (level**2 * whole["entry"].T @ rest @ whole["right"]).reshape(3, 4, 2) + means[:, None, :]

    panels = [Reduced(block, level) for block in made]
    joined = Joined(panels, 5, seat)
    found, covariance = joined.lasting(lasting)
    seats = [joined.seats(panel, found, covariance) for panel in panels]
    squares, determinant = joined.left(lasting)

    assert np.allclose(found, lasting**2 * whole["reviewer"].T @ rest @ whole["right"])
    assert np.allclose(squares, whole["right"].T @ rest @ whole["right"])
    expected = np.linalg.slogdet(spread)[1] + np.linalg.slogdet(fixed.T @ inverse @ fixed)[1]
    assert determinant == pytest.approx(expected)
    for place, (panel, at) in enumerate(zip(panels, seats, strict=True)):
        assert np.allclose(panel.levels(at.effects), levels[place])
    prior = lasting**2 * np.eye(5)
    known = prior - prior @ whole["reviewer"].T @ rest @ whole["reviewer"] @ prior
    assert np.allclose(covariance, known)


def test_free_levels_are_those_of_entries_as_they_are(made: list[Block]) -> None:
    whole = written_out(made)
    spread = np.eye(len(whole["right"])) + 0.25 * whole["reviewer"] @ whole["reviewer"].T
    inverse, fixed = np.linalg.inv(spread), whole["entry"]
    levels = np.linalg.inv(fixed.T @ inverse @ fixed) @ fixed.T @ inverse @ whole["right"]
    joined = Joined([Reduced(block, np.inf) for block in made], 5, 0.0)
    found, covariance = joined.lasting(0.5)
    got = [panel.levels(joined.seats(panel, found, covariance).effects) for panel in joined.panels]
    assert np.allclose(np.concatenate(got), levels)


def test_variances_of_levels_are_those_of_the_model_written_out(made: list[Block]) -> None:
    whole, level, seat, lasting = written_out(made), 0.7, 0.5, 1.3
    parts = [(whole["entry"], level), (whole["reviewer"], lasting), (whole["seat"], seat)]
    left = np.concatenate([whole["panel"], *(z for z, _ratio in parts)], axis=1)
    ridge = np.concatenate([np.zeros(3), *(np.full(z.shape[1], ratio**-2) for z, ratio in parts)])
    covariance = np.linalg.inv(left.T @ left + np.diag(ridge))
    entries = np.zeros((12, left.shape[1]))
    entries[np.arange(12), np.repeat(np.arange(3), 4)] = entries[np.arange(12), 3 + np.arange(12)] = 1
    expected = entries @ covariance @ entries.T

    panels = [Reduced(block, level) for block in made]
    joined = Joined(panels, 5, seat)
    found, spread = joined.lasting(lasting)
    for place, panel in enumerate(panels):
        at, pull = joined.seats(panel, found, spread), panel.pull()
        variance = panel.alone() + ((pull @ at.spread) * pull).sum(axis=1)
        assert np.allclose(variance, np.diag(expected)[4 * place : 4 * place + 4])


def test_steps_are_the_middles_of_equal_shares() -> None:
    assert steps((0.0, 1.0), 2).tolist() == pytest.approx([np.tan(np.pi / 8), np.tan(3 * np.pi / 8)])
    assert steps((0.0, 0.0), 5).tolist() == [0.0]
    assert steps((1.0, 1.0), 5).tolist() == [np.inf]


def test_parts_of_one_panel_are_left_out_where_nobody_sits_in_two(made: list[Block]) -> None:
    assert Model(made, 5).seat_axis == (0.0, 1.0)
    assert Model(made[:1], 5).seat_axis == (0.0, 0.0)


def test_sure_bias_is_spared_and_an_unsure_one_held_back() -> None:
    sure, unsure = held(5.0, 0.1, 0.5)[0], held(0.5, 1.0, 0.5)[0]
    assert sure == pytest.approx(5.0, abs=0.01)
    assert 0.0 < unsure < 0.25


def test_differences_know_what_two_levels_share() -> None:
    shared = np.array([[2.0, 1.5], [1.5, 2.0]])
    assert Moments(np.zeros(2), np.full(2, 2.0), shared).apart(0, [0, 1]).tolist() == [0.0, 1.0]
    assert Moments(np.zeros(2), np.full(2, 2.0)).apart(0, [1]).tolist() == [2.0]
