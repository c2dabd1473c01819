"""Is an inference right? Ranks of what was planted, which are uniform if it is, with bands that hold for all of them at once.

Sources: Cook, Gelman & Rubin 2006; Talts et al. 2018 (simulation-based calibration); Säilynoja, Bürkner & Vehtari 2022 (simultaneous bands, by
simulation).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

_Array = np.ndarray[Any, Any]
PARTS = 20
"""Bars of a histogram of ranks, and points at which their distribution is looked at."""
LEVEL = 0.95
_SIMULATIONS = 4000


@dataclass(frozen=True)
class Band:
    """Least and most counts that uniform ranks have, all at once, in 95 of 100 cases; shape (counts,)."""

    low: _Array
    high: _Array

    def outside(self, counts: _Array) -> int:
        """Return how many counts are outside."""
        return int(((counts < self.low) | (counts > self.high)).sum())


@functools.lru_cache(maxsize=16)
def band(ranks: int, cumulative: bool) -> Band:
    """Return the band of so many ranks' counts in :data:`PARTS` bars, or of how many lie below each inner edge.

    Pointwise binomial intervals, so much wider that 95 of 100 simulated sets of uniform ranks lie within all of them.
    """
    from scipy.stats import binom

    chances = np.arange(1, PARTS) / PARTS if cumulative else np.full(PARTS, 1.0 / PARTS)
    bars = np.random.default_rng([ranks, 5]).multinomial(ranks, np.full(PARTS, 1.0 / PARTS), size=_SIMULATIONS)
    counts = np.cumsum(bars, axis=1)[:, :-1] if cumulative else bars
    below = np.array([binom.cdf(np.arange(-1, ranks + 1), ranks, chance) for chance in chances])
    place = np.arange(len(chances))
    tails = np.minimum(below[place, counts + 1], 1.0 - below[place, counts])
    # Rounded, so that the last bit of a tail decides nothing.
    edge = float(np.quantile(np.round(tails.min(axis=1), 9), 1.0 - LEVEL, method="lower"))
    low = [int(np.searchsorted(np.round(row[1:], 9), edge, side="left")) for row in below]
    high = [int(np.searchsorted(np.round(row[1:], 9), 1.0 - edge, side="left")) for row in below]
    return Band(np.array(low), np.array(high))


@dataclass(frozen=True)
class Calibrated:
    """Whether an inference of one parameter is right on average over the prior.

    Attributes:
        bars: Counts of ranks in :data:`PARTS` bars.
        outside: Points of their distribution outside the simultaneous band: 0 where ranks are uniform, as far as one can tell.
        covered_50: Share of planted values inside the central 50 % interval.
        covered_90: The same of the 90 % interval.
    """

    bars: _Array
    outside: int
    covered_50: float
    covered_90: float


def calibrated(ranks: _Array) -> Calibrated:
    """Return how ranks of planted values, shares of a posterior that lie below, compare with uniform ones."""
    n = len(ranks)
    bars = np.bincount(np.minimum((ranks * PARTS).astype(np.int64), PARTS - 1), minlength=PARTS)
    outside = band(n, True).outside(np.cumsum(bars)[:-1])
    inside = [float(np.mean(np.abs(ranks - 0.5) <= 0.5 * share)) for share in (0.5, 0.9)]
    return Calibrated(bars, outside, *inside)
