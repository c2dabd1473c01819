r"""Proper scores of a forecast that is a sample, for counts: lower is better.

*CRPS* (Gneiting & Raftery 2007), in the unit of the count: :math:`E|X - y| - E|X - X'| / 2`, with X and X' drawn from the sample itself. For levels
0, 1, 2 it is the ranked probability score.

*Log score*, in nats: minus the logarithm of the probability of the bin in which the count lies. A sample leaves bins empty, and would give an
infinite score where one of them comes true; so one more draw, spread evenly over all the bins, is added to the sample (Perks 1947):
:math:`(n_b + 1 / K) / (n + 1)`. Bins are 0, 1, 2, 3–4, 5–8, … doubling, K = :data:`BINS` of them, whatever the sample and the count.

*Coverage*: how often the count lies in the sample's central band. Counts are whole, so a band holds at least its share of the sample; the share that
it does hold is given beside.
"""

from __future__ import annotations

from typing import Any

import numpy as np

BINS = 32
LEVELS = 3
BANDS = (0.5, 0.9)
RESAMPLES = 2000

_Array = np.ndarray[Any, Any]


def crps(sample: _Array, observed: _Array) -> _Array:
    """Return the CRPS of samples, shape (draws, n), at what was observed, shape (n,)."""
    draws = len(sample)
    rank = 2.0 * np.arange(1, draws + 1) - draws - 1.0
    spread = (rank[:, None] * np.sort(sample, axis=0)).sum(axis=0) / draws**2
    scores: _Array = np.abs(sample - observed).mean(axis=0) - spread
    return scores


def bin_of(count: _Array) -> _Array:
    """Return the bin of a count: 0, 1, 2, 3–4, 5–8 are bins 0, 1, 2, 3, 4, and so on."""
    whole = np.asarray(count, float)
    return np.where(whole < 1.0, 0, np.frexp(np.maximum(whole, 1.0) - 1.0)[1] + 1)


def log_score(sample: _Array, observed: _Array, bins: int = BINS) -> _Array:
    """Return minus the log probability of the bins in which what was observed lies; arguments as in :func:`crps`."""
    hits = (bin_of(sample) == bin_of(observed)).sum(axis=0)
    scores: _Array = -np.log((hits + 1.0 / bins) / (len(sample) + 1.0))
    return scores


def band(sample: _Array, share: float) -> tuple[_Array, _Array]:
    """Return the ends of the central band of samples, each a value of the sample."""
    low, high = np.quantile(sample, [(1.0 - share) / 2.0, (1.0 + share) / 2.0], axis=0, method="inverted_cdf")
    return low, high


def coverage(sample: _Array, observed: _Array, share: float) -> tuple[_Array, _Array]:
    """Return whether what was observed lies in the central band, and the share of the sample that does; arguments as in :func:`crps`."""
    low, high = band(sample, share)
    return (observed >= low) & (observed <= high), ((sample >= low) & (sample <= high)).mean(axis=0)


def gain(rival: _Array, model: _Array, years: _Array, seed: int = 0) -> tuple[float, float, float]:
    """Return by how much the model's score is better (lower) than a rival's, with a 95 % bootstrap interval over whole years.

    Args:
        rival: Scores, shape (n,).
        model: Scores, shape (n,).
        years: Year of each, shape (n,); the months of a year are drawn together, since they are alike.
        seed: Seed of the resampling.

    Returns:
        Mean difference, lower end, upper end; the ends are NaN for fewer than three years.
    """
    _, year = np.unique(years, return_inverse=True)
    sums, counts = np.bincount(year, rival - model), np.bincount(year)
    mean = float(sums.sum() / counts.sum())
    if len(sums) < 3:
        return mean, np.nan, np.nan
    drawn = np.random.default_rng(seed).multinomial(len(sums), np.full(len(sums), 1.0 / len(sums)), RESAMPLES)
    low, high = np.percentile((drawn @ sums) / (drawn @ counts), [2.5, 97.5])
    return mean, float(low), float(high)
