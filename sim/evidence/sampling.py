"""Numbers of a population with three uncertainties: over settings, over a data set of the size of the one observed, and over seeds.

Groups of one setting share a field, so whole settings are drawn. The *interval* is the bootstrap's over all settings; the *predictive range* is that
of a data set with as many groups as were observed (:data:`GROUPS`), drawn from a population that is known as well as it is: what a level may look
like if the model is right and one has only so many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.statistics import canonical

GROUPS = 760
"""Groups in the Extended Data on Terrorist Groups (Hou, Gaibulloev & Sandler 2020)."""
RESAMPLES = 600
FEWEST = 10
"""Settings from which they are drawn again; of fewer the bootstrap would tell of certainty that is not there."""

_Array = np.ndarray[Any, Any]
Function = Callable[[_Array], _Array]
"""From weights of settings, shape (draws, settings), to numbers, shape (draws,)."""


@dataclass(frozen=True)
class Spread:
    """A number of a population.

    Attributes:
        value: The number over all settings.
        low: Lower end of its 95 % interval.
        high: Upper end.
        least: Lower end of the 95 % predictive range of a data set as large as the one observed.
        most: Upper end.
        seeds: The number under each seed, shape (seeds,).
    """

    value: float
    low: float
    high: float
    least: float
    most: float
    seeds: _Array


class Sampling:
    """Weights under which numbers are read.

    Args:
        settings: How many settings there are.
        seeds: How many seeds; each has a block of settings of the same length.
        alike: Settings that together hold as many groups as were observed; 0 where no data set can hold the like.
        seed: Seed of the resampling.
    """

    def __init__(self, settings: int, seeds: int, alike: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        even = np.full(settings, 1.0 / settings)
        blocks = np.kron(np.eye(seeds), np.ones(settings // seeds))
        resampled = rng.multinomial(settings, even, RESAMPLES)
        # A data set is drawn from a population that is itself known only from so many settings.
        drawn = [resampled, rng.multinomial(alike, rng.permutation(resampled) / settings)]
        self.enough = settings >= FEWEST
        self.weights = np.concatenate([np.ones((1, settings)), *drawn, blocks]).astype(float)

    def read(self, function: Function) -> Spread:
        """Return a number with its spread; NaN where there is nothing to tell it from."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.spread(function(self.weights))

    def spread(self, found: _Array) -> Spread:
        """Return the spread of numbers that were read under :attr:`weights`, shape (draws,)."""
        # Sums go through BLAS, whose last bit is the machine's; rounded, it decides no verdict.
        found = canonical(found)
        ends = [self._ends(found[1 + n * RESAMPLES : 1 + (n + 1) * RESAMPLES]) if self.enough else (np.nan, np.nan) for n in (0, 1)]
        return Spread(float(found[0]), *ends[0], *ends[1], found[1 + 2 * RESAMPLES :])

    @staticmethod
    def _ends(values: _Array) -> tuple[float, float]:
        known = values[np.isfinite(values)]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        return float(low), float(high)


def sums(setting: _Array, settings: int, *columns: _Array) -> _Array:
    """Return columns summed by setting, shape (settings, k)."""
    return np.stack([np.bincount(setting, column, settings) for column in columns], axis=1)


def share(part: _Array, whole: _Array) -> Function:
    """Return the ratio of two sums over settings, each of shape (settings,)."""
    return lambda weights: (weights @ part) / (weights @ whole)


def gap(one: _Array, other: _Array) -> Function:
    """Return the ratio of the columns of one table less that of another's, each of shape (settings, 2)."""
    return lambda weights: (weights @ one[:, 0]) / (weights @ one[:, 1]) - (weights @ other[:, 0]) / (weights @ other[:, 1])
