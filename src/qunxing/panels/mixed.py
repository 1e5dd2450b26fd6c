"""The equations of the mixed model under calibration, at given ratios of its standard deviations.

score = level of the entry + reviewer's effect + home bias (where both share an affiliation) + noise. Levels vary around
their panel's mean; a reviewer's effect is one part that lasts and one that is drawn anew for each panel. Each panel
enters by its cross products alone: levels, mean and the parts of one panel are eliminated in closed form, so that one
dense system of the size of the number of reviewers remains (Henderson's equations, absorbed).

Right-hand sides have two columns, scores and home pairs, so that any home bias can be taken off afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """A panel, entries by its reviewers: `seats` is 1 where there is a score; the others are 0 where there is none."""

    reviewers: Ints
    seats: Floats
    values: Floats
    home: Floats


class Reduced:
    """A panel at one ratio of levels to noise, with levels and mean eliminated; at infinity levels are free."""

    def __init__(self, block: Block, ratio: float) -> None:
        self.block = block
        seats, count = block.seats, block.seats.sum(axis=1)
        free = bool(np.isinf(ratio))
        self.rest = 0 * count if free else 1 / (1 + ratio**2 * count)
        self.weight = (1 - self.rest) / count
        self.sums = np.stack([block.values.sum(axis=1), block.home.sum(axis=1)], axis=1)
        self.normal = np.diag(seats.sum(axis=0)) - (seats * self.weight[:, None]).T @ seats
        columns = np.stack([block.values.sum(axis=0), block.home.sum(axis=0)], axis=1)
        self.right = columns - seats.T @ (self.weight[:, None] * self.sums)
        flat = np.stack([block.values.ravel(), block.home.ravel()])
        self.squares = flat @ flat.T - self.sums.T @ (self.weight[:, None] * self.sums)
        self.determinant = 0.0 if free else -float(np.log(self.rest).sum())
        self._take_mean_out(float((count * self.rest).sum()))
        roots, self.vectors = np.linalg.eigh(self.normal)
        self.roots = np.maximum(roots, 0)
        self.turned = self.vectors.T @ self.right

    def _take_mean_out(self, mass: float) -> None:
        self.mass = mass
        self.mean, self.lean = np.zeros(2), np.zeros(len(self.normal))
        if mass > 0:
            self.lean = self.block.seats.T @ self.rest / mass
            self.mean = self.rest @ self.sums / mass
            self.normal = self.normal - mass * np.outer(self.lean, self.lean)
            self.right = self.right - mass * np.outer(self.lean, self.mean)
            self.squares = self.squares - mass * np.outer(self.mean, self.mean)
            self.determinant += float(np.log(mass))

    def levels(self, effects: Floats) -> Floats:
        """The levels of the entries where the effects are so."""
        mean = self.mean - self.lean @ effects
        own = self.weight[:, None] * (self.sums - self.block.seats @ effects)
        return np.asarray(np.outer(self.rest, mean) + own)

    def pull(self) -> Floats:
        """How much each level falls when an effect rises by one."""
        return np.asarray(np.outer(self.rest, self.lean) + self.weight[:, None] * self.block.seats)

    def alone(self) -> Floats:
        """Variances of the levels, over that of the noise, if the effects were known."""
        return np.asarray(self.weight + (self.rest**2 / self.mass if self.mass > 0 else 0))


@dataclass(frozen=True)
class Seats:
    """Effects in one panel, their covariance over that of the noise, and how both come about."""

    effects: Floats
    spread: Floats
    own: Floats
    carried: Floats


class Joined:
    """All panels at given ratios of levels and of the parts of one panel; asked at any ratio of the lasting parts."""

    def __init__(self, panels: Sequence[Reduced], reviewers: int, ratio: float) -> None:
        self.panels, self.ratio = panels, ratio
        system, right = np.zeros((reviewers, reviewers)), np.zeros((reviewers, 2))
        self.squares, self.determinant = np.zeros((2, 2)), 0.0
        for panel in panels:
            damp = 1 / (1 + ratio**2 * panel.roots)
            places = panel.block.reviewers
            system[np.ix_(places, places)] += (panel.vectors * (panel.roots * damp)) @ panel.vectors.T
            right[places] += panel.vectors @ (damp[:, None] * panel.turned)
            self.squares += panel.squares - panel.turned.T @ ((ratio**2 * damp)[:, None] * panel.turned)
            self.determinant += panel.determinant - float(np.log(damp).sum())
        roots, self.vectors = np.linalg.eigh(system)
        self.roots = np.maximum(roots, 0)
        self.turned = self.vectors.T @ right

    def left(self, ratio: float) -> tuple[Floats, float]:
        """Squares and products of scores and home pairs that the model leaves; the logarithm of its determinant."""
        gain = self._gain(ratio)
        squares = self.squares - self.turned.T @ (gain[:, None] * self.turned)
        return squares, self.determinant + float(np.log1p(ratio**2 * self.roots).sum())

    def lasting(self, ratio: float) -> tuple[Floats, Floats]:
        """The parts of the effects that last, and their covariance over that of the noise."""
        gain = self._gain(ratio)
        return self.vectors @ (gain[:, None] * self.turned), (self.vectors * gain) @ self.vectors.T

    def _gain(self, ratio: float) -> Floats:
        return np.asarray(ratio**2 / (1 + ratio**2 * self.roots))

    def seats(self, panel: Reduced, lasting: Floats, spread: Floats) -> Seats:
        damp = 1 / (1 + self.ratio**2 * panel.roots)
        own = (panel.vectors * (self.ratio**2 * damp)) @ panel.vectors.T
        carried = (panel.vectors * damp) @ panel.vectors.T
        places = panel.block.reviewers
        effects = own @ panel.right + carried @ lasting[places]
        return Seats(effects, own + carried @ spread[np.ix_(places, places)] @ carried.T, own, carried)
