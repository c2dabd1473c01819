"""Posteriors recalibrated: read with a scale that planted histories have shown to be bent, they are read with the scale straightened.

If F is the distribution function that a reader gives to a parameter, and G that of the ranks F(θ) of what was planted, then G ∘ F has uniform ranks
on average over the prior, whatever the reader gets wrong alike everywhere (too wide, too narrow, off to a side). G is learned from planted histories
and checked on others. Source: Rodrigues, Prangle & Sisson 2018; Prangle, Blum, Popovic & Sisson 2014.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.regression import Draws
from sim.evidence.statistics import canonical

_Array = np.ndarray[Any, Any]
PIECES = 40
"""Straight pieces of which G is made: few enough that each is learned from a hundred ranks and more."""
LEAST_TAUGHT = 10 * PIECES
"""Ranks from which G can be learned at all."""
_LEVELS = np.arange(PIECES + 1) / PIECES


@dataclass(frozen=True)
class Recalibration:
    """How a reader's ranks of planted values are distributed, parameter by parameter.

    Attributes:
        ranks: Quantiles of the ranks at equal steps from 0 to 1, shape (parameters, PIECES + 1).
    """

    ranks: _Array

    @classmethod
    def learned(cls, ranks: _Array) -> Recalibration:
        """Return what ranks of planted values teach; shape (planted, parameters)."""
        found = np.quantile(ranks, _LEVELS, axis=0).T
        found[:, 0], found[:, -1] = 0.0, 1.0
        return cls(canonical(found))

    def of_ranks(self, ranks: _Array) -> _Array:
        """Return ranks as they are after recalibration, shape (…, parameters)."""
        return np.stack([canonical(np.interp(ranks[..., k], at, _LEVELS)) for k, at in enumerate(self.ranks)], axis=-1)

    def of_shares(self, k: int, shares: _Array) -> _Array:
        """Return posteriors of parameter k kept as shares of parts of its prior, shape (…, parts), recalibrated; one that knows nothing stays."""
        up = np.cumsum(shares, axis=-1)
        total = up[..., -1:]
        edges = np.concatenate([np.zeros_like(total), up / np.where(total > 0.0, total, 1.0)], axis=-1)
        straight = np.interp(edges, self.ranks[k], _LEVELS)
        # Ranks that are exactly 0 or 1 must not cost a posterior its ends.
        straight[..., 0], straight[..., -1] = 0.0, 1.0
        found = canonical(np.diff(straight, axis=-1))
        return np.where(total > 0.0, found, shares)

    def of_draws(self, draws: Draws) -> Draws:
        """Return a weighted sample whose every margin is recalibrated; who stands beside whom (its copula) stays.

        No point leaves the range of the sample: of a reader that was much too narrow, what lay beyond gathers at its ends.
        """
        moved = np.empty_like(draws.units)
        for k, at in enumerate(self.ranks):
            order = np.argsort(draws.units[:, k], kind="stable")
            weights = draws.weights[order]
            middle = np.cumsum(weights) - 0.5 * weights
            moved[order, k] = np.interp(np.interp(middle, _LEVELS, at), middle, draws.units[order, k])
        return Draws(draws.rows, draws.weights, canonical(moved))
