"""Those that something befell beside those of the same age and size that it did not (coarsened exact matching; Iacus, King & Porro 2012).

Age and size are cut into classes; each one hit is laid beside the mean of all that were not hit in its class, in whichever setting, and whoever finds
nobody there is left out. What is the same but for age and size is not known: that is what the trials within the model are for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.following import Moments
from sim.evidence.sampling import Function

AGES = (0, 12, 36, 60, 120, 240)
"""Months at which a class of age begins."""
SIZES = 14
"""Classes of size: each twice as large as the one before."""

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Matched:
    """A comparison.

    Attributes:
        difference: The mean difference, as a function of the weights of settings.
        pairs: How many that were hit found somebody to be laid beside.
        unmatched: How many did not.
    """

    difference: Function
    pairs: int
    unmatched: int


def classes(moments: Moments) -> _Array:
    """Return the class of age and size of each."""
    age = np.searchsorted(AGES, moments.age, side="right") - 1
    size = np.clip(np.log2(np.maximum(moments.size, 1.0)).astype(int), 0, SIZES - 1)
    found: _Array = age * SIZES + size
    return found


def matched(hit: Moments, spared: Moments, settings: int, outcome: tuple[_Array, _Array]) -> Matched:
    """Compare an outcome of those hit with that of those spared, class by class.

    Args:
        hit: Those that it befell.
        spared: Those that it did not.
        settings: How many settings there are.
        outcome: The outcome of the one and of the other, 0 or 1 each.
    """
    count = len(AGES) * SIZES

    def table(moments: Moments, values: _Array) -> _Array:
        return np.bincount(moments.setting.astype(int) * count + classes(moments), values, settings * count).reshape(settings, count)

    n_hit, y_hit = table(hit, np.ones(len(hit.age))), table(hit, outcome[0])
    n_spared, y_spared = table(spared, np.ones(len(spared.age))), table(spared, outcome[1])
    found = n_spared.sum(axis=0) > 0.0
    pairs = int(n_hit.sum(axis=0)[found].sum())

    def difference(weights: _Array) -> _Array:
        n, y, m, z = (weights @ part for part in (n_hit, y_hit, n_spared, y_spared))
        there = (m > 0.0) & (n > 0.0)
        mean = np.divide(z, m, out=np.zeros_like(z), where=there)
        gaps: _Array = np.where(there, y - n * mean, 0.0).sum(axis=1) / np.where(there, n, 0.0).sum(axis=1)
        return gaps

    return Matched(difference, pairs, len(hit.age) - pairs)
