r"""Regression-adjusted approximate Bayesian computation: the histories nearest to an observed one, moved to where it stands.

Of a table of the prior the nearest histories are taken, weighted by Epanechnikov's kernel, and their parameters (as log-odds of their place in the
prior, so that they stay inside) regressed on the statistics. Each is moved by what the regression says of the difference between its history and the
observed one. Sources: Beaumont, Zhang & Balding 2002; Blum & François 2010; Blum, Nunes, Prangle & Sisson 2013.

Every sum runs in a fixed order and no product goes through BLAS, so the same table gives the same posterior whatever kernel and however many threads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.statistics import canonical

_Array = np.ndarray[Any, Any]
_EDGE = 1e-4
"""How near to an end of its prior a parameter is told apart from it."""
_RIDGE = 1e-6


@dataclass(frozen=True)
class Draws:
    """A weighted sample of a posterior.

    Attributes:
        rows: Rows of the table it is made of, shape (n,).
        weights: Weights that add up to 1, shape (n,).
        units: Places in the prior, shape (n, parameters).
    """

    rows: _Array
    weights: _Array
    units: _Array


class Adjuster:
    """A table of the prior, ready to be compared with any history.

    Args:
        units: Places of parameters in their priors, shape (n, parameters).
        statistics: Statistics, shape (n, statistics).
        nearest: How many of the nearest histories are taken.
    """

    def __init__(self, units: _Array, statistics: _Array, nearest: int) -> None:
        self.statistics = statistics
        self.nearest = min(nearest, len(units) - 1)
        self._scale = np.array([_spread(column) for column in statistics.T.tolist()])
        inside = np.clip(units, _EDGE, 1.0 - _EDGE)
        self._odds = canonical(np.log(inside / (1.0 - inside)))

    def distances(self, target: _Array, leave: int | None = None) -> _Array:
        """Return the squared distance of every history from one, in standard deviations of the prior; the one left out is infinitely far."""
        total = np.zeros(len(self.statistics))
        for column, value, scale in zip(self.statistics.T, target.tolist(), self._scale.tolist(), strict=True):
            if scale > 0.0:
                total += ((column - value) / scale) ** 2
        if leave is not None:
            total[leave] = math.inf
        return total

    def posterior(self, target: _Array, leave: int | None = None) -> Draws:
        """Return the posterior of a history.

        Args:
            target: Its statistics, shape (statistics,).
            leave: Its own row, where it is taken from the table.
        """
        distance = self.distances(target, leave)
        rows = _nearest(distance, self.nearest)
        most = float(distance[rows].max())
        weights = 1.0 - distance[rows] / (most * (1.0 + 1e-9)) if most > 0.0 else np.ones(len(rows))
        odds = self._odds[rows]
        x = np.column_stack([np.ones(len(rows)), (self.statistics[rows] - target) / np.where(self._scale > 0.0, self._scale, 1.0)])
        slopes = _slopes(x, weights, odds)
        moved = odds.copy()
        for j in range(1, x.shape[1]):
            moved -= x[:, j, None] * slopes[j]
        units = canonical(1.0 / (1.0 + np.exp(-np.clip(moved, -40.0, 40.0))))
        return Draws(rows, canonical(weights / np.cumsum(weights)[-1]), units)

    def misfit(self, target: _Array, leave: int | None = None, among: int = 100) -> float:
        """Return how far a history is from its nearest neighbours: the mean distance of so many."""
        distance = self.distances(target, leave)
        near = distance[_nearest(distance, min(among, self.nearest))]
        return math.fsum(map(math.sqrt, near.tolist())) / len(near)


def weighted_quantiles(values: _Array, weights: _Array, shares: tuple[float, ...]) -> list[float]:
    """Return quantiles of a weighted sample."""
    order = np.argsort(values, kind="stable")
    up = np.cumsum(weights[order])
    places = np.minimum(np.searchsorted(up, np.array(shares) * up[-1]), len(values) - 1)
    return [float(x) for x in values[order][places]]


def resampled(draws: Draws, count: int, seed: int) -> _Array:
    """Return so many points of a posterior, drawn by weight, systematically and in an order of chance: shape (count, parameters)."""
    rng = np.random.default_rng([seed, 1_000_003])
    up = np.cumsum(draws.weights)
    picked = np.minimum(np.searchsorted(up, (np.arange(count) + rng.random()) / count * up[-1]), len(up) - 1)
    return draws.units[rng.permutation(picked)]


def _nearest(distance: _Array, count: int) -> _Array:
    """Return the rows of the smallest distances in order of rows; of those that tie for the last places, the first."""
    last = np.partition(distance, count - 1)[count - 1]
    nearer, tied = np.flatnonzero(distance < last), np.flatnonzero(distance == last)
    return np.sort(np.concatenate([nearer, tied[: count - len(nearer)]]))


def _spread(column: list[float]) -> float:
    """Return a standard deviation; its sums are exact, so no order of them matters."""
    mean = math.fsum(column) / len(column)
    return math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))


def _slopes(x: _Array, weights: _Array, y: _Array) -> _Array:
    """Return the coefficients of weighted least squares, shape (columns of x, columns of y), by Cholesky's factors of the normal equations.

    Sums run over rows in their order (NumPy adds the rows of a table one after another), and a small ridge holds statistics that do not vary.
    """
    n = x.shape[1]
    normal, right = np.empty((n, n)), np.empty((n, y.shape[1]))
    for j in range(n):
        weighted = (weights * x[:, j])[:, None]
        normal[j] = np.add.reduce(weighted * x, axis=0)
        right[j] = np.add.reduce(weighted * y, axis=0)
    ridge = _RIDGE * float(normal[0, 0])
    factor = np.zeros((n, n))
    for j in range(n):
        for i in range(j, n):
            total = normal[i, j] + (ridge if i == j and j > 0 else 0.0)
            for k in range(j):
                total -= factor[i, k] * factor[j, k]
            factor[i, j] = math.sqrt(max(total, 1e-300)) if i == j else total / factor[j, j]
    half = np.empty_like(right)
    for i in range(n):
        total = right[i].copy()
        for k in range(i):
            total -= factor[i, k] * half[k]
        half[i] = total / factor[i, i]
    found = np.empty_like(right)
    for i in range(n - 1, -1, -1):
        total = half[i].copy()
        for k in range(i + 1, n):
            total -= factor[k, i] * found[k]
        found[i] = total / factor[i, i]
    return found
