"""Is an inference right? Ranks of what was planted, which are uniform if it is, with bands that hold for all of them at once.

Sources: Cook, Gelman & Rubin 2006; Talts et al. 2018 (simulation-based calibration); Säilynoja, Bürkner & Vehtari 2022 (simultaneous bands, by
simulation); Holm 1979 (many sets at once).

``python -m sim.evidence.ranks FILE …`` asks of the ``ranks.csv`` of calibrations whether all their sets of ranks together could be uniform: one set
in twenty leaves its own band by chance, so among forty some do.
"""

from __future__ import annotations

import csv
import functools
import sys
from dataclasses import dataclass
from pathlib import Path
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


@functools.lru_cache(maxsize=4)
def _least_tails(ranks: int) -> _Array:
    """Return how far sets of uniform ranks stray, each where it strays most: the least of its tails, sorted."""
    bars = np.random.default_rng([ranks, 6]).multinomial(ranks, np.full(PARTS, 1.0 / PARTS), size=10 * _SIMULATIONS)
    return np.sort(_least_tail(np.cumsum(bars, axis=1)[:, :-1], ranks))


def _least_tail(counts: _Array, ranks: int) -> _Array:
    from scipy.stats import binom

    chances = np.arange(1, PARTS) / PARTS
    tails = np.minimum(binom.cdf(counts, ranks, chances), 1.0 - binom.cdf(counts - 1, ranks, chances))
    return np.asarray(np.round(tails.min(axis=-1), 9))


def chance_of(ranks: _Array) -> float:
    """Return how often uniform ranks stray somewhere at least as far from their distribution as these do anywhere."""
    n = len(ranks)
    bars = np.bincount(np.minimum((ranks * PARTS).astype(np.int64), PARTS - 1), minlength=PARTS)
    least = _least_tails(n)
    return float(np.searchsorted(least, _least_tail(np.cumsum(bars)[:-1], n), side="right")) / len(least)


def together(chances: dict[str, float]) -> list[str]:
    """Return which sets cannot be uniform, if of all that are only one family in twenty is to be blamed for any (Holm 1979)."""
    blamed = []
    for k, (name, chance) in enumerate(sorted(chances.items(), key=lambda item: item[1])):
        if chance > (1.0 - LEVEL) / (len(chances) - k):
            break
        blamed.append(name)
    return blamed


def main() -> None:
    """Print, a line a file, how many sets leave their own band, the least likely, and which cannot be uniform among so many."""
    for name in sys.argv[1:]:
        with Path(name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        sets = {
            f"{column} by {reader}": np.array([float(row[column]) for row in rows if row["reader"] == reader])
            for reader in dict.fromkeys(row["reader"] for row in rows)
            for column in rows[0]
            if column != "reader"
        }
        chances = {name: chance_of(ranks) for name, ranks in sets.items()}
        least = min(chances, key=chances.__getitem__)
        outside = sum(calibrated(ranks).outside > 0 for ranks in sets.values())
        print(f"{name}: {outside} of {len(sets)} sets leave their own band; least likely {least} ({chances[least]:.4f} alone);", end=" ")
        print(f"not uniform among so many: {', '.join(together(chances)) or 'none'}")


if __name__ == "__main__":
    main()
