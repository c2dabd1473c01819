"""Is an inference right? Ranks of what was planted, which are uniform if it is, with bands that hold for all of them at once.

Sources: Cook, Gelman & Rubin 2006; Talts et al. 2018 (simulation-based calibration); Säilynoja, Bürkner & Vehtari 2022 (simultaneous bands, by
simulation); Holm 1979 (many sets at once).

``python -m sim.evidence.ranks [--taught N] FILE …`` asks of the ``ranks.csv`` of calibrations whether all their sets of ranks together could be
uniform: one set in twenty leaves its own band by chance, so among forty some do. N is by how many histories they were recalibrated.
"""

from __future__ import annotations

import argparse
import csv
import functools
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
def band(ranks: int, cumulative: bool, taught: int = 0) -> Band:
    """Return the band of so many ranks' counts in :data:`PARTS` bars, or of how many lie below each inner edge.

    Pointwise binomial intervals, so much wider that 95 of 100 simulated sets of uniform ranks lie within all of them. Ranks that were straightened by
    what so many others ``taught`` are a little less even: the edges of the bars are quantiles of those.
    """
    from scipy.stats import binom

    chances = np.arange(1, PARTS) / PARTS if cumulative else np.full(PARTS, 1.0 / PARTS)
    bars = _bars(ranks, taught, _SIMULATIONS, 5)
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


def calibrated(ranks: _Array, taught: int = 0) -> Calibrated:
    """Return how ranks of planted values, shares of a posterior that lie below, compare with uniform ones.

    Args:
        ranks: Ranks, shape (planted,).
        taught: By how many other ranks they were straightened (:mod:`sim.evidence.recalibration`); 0 if they were not.
    """
    n, bars = len(ranks), _counted(ranks)
    outside = band(n, True, taught).outside(np.cumsum(bars)[:-1])
    inside = [float(np.mean(np.abs(ranks - 0.5) <= 0.5 * share)) for share in (0.5, 0.9)]
    return Calibrated(bars, outside, *inside)


def _counted(ranks: _Array) -> _Array:
    """Return the counts of ranks in :data:`PARTS` bars."""
    return np.bincount(np.minimum((ranks * PARTS).astype(np.int64), PARTS - 1), minlength=PARTS)


def _bars(ranks: int, taught: int, sets: int, seed: int) -> _Array:
    """Return bars of simulated sets of uniform ranks, shape (sets, PARTS)."""
    rng = np.random.default_rng([ranks, seed, *([taught] if taught else [])])
    even = np.full(PARTS, 1.0 / PARTS)
    # Spacings of quantiles of so many uniforms: Dirichlet's distribution.
    return rng.multinomial(ranks, rng.dirichlet(taught * even, sets) if taught else even, size=sets)


@functools.lru_cache(maxsize=4)
def _least_tails(ranks: int, taught: int) -> _Array:
    """Return how far sets of uniform ranks stray, each where it strays most: the least of its tails, sorted."""
    bars = _bars(ranks, taught, 10 * _SIMULATIONS, 6)
    return np.sort(_least_tail(np.cumsum(bars, axis=1)[:, :-1], ranks))


def _least_tail(counts: _Array, ranks: int) -> _Array:
    from scipy.stats import binom

    chances = np.arange(1, PARTS) / PARTS
    tails = np.minimum(binom.cdf(counts, ranks, chances), 1.0 - binom.cdf(counts - 1, ranks, chances))
    return np.asarray(np.round(tails.min(axis=-1), 9))


def chance_of(ranks: _Array, taught: int = 0) -> float:
    """Return how often uniform ranks, straightened by so many others, stray somewhere at least as far as these do anywhere."""
    least = _least_tails(len(ranks), taught)
    return float(np.searchsorted(least, _least_tail(np.cumsum(_counted(ranks))[:-1], len(ranks)), side="right")) / len(least)


def together(chances: dict[str, float]) -> list[str]:
    """Return which sets cannot be uniform, if of all that are only one family in twenty is to be blamed for any (Holm 1979)."""
    blamed = []
    for k, (name, chance) in enumerate(sorted(chances.items(), key=lambda item: item[1])):
        if chance > (1.0 - LEVEL) / (len(chances) - k):
            break
        blamed.append(name)
    return blamed


def _sets(file: Path) -> dict[str, _Array]:
    """Read sets of ranks, by parameter and reader.

    Raises:
        KeyError, TypeError, ValueError: If it is no table of ranks.
    """
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if not rows:
        raise ValueError("no rows")
    return {
        f"{column} by {reader}": np.array([float(row[column]) for row in rows if row["reader"] == reader])
        for reader in dict.fromkeys(row["reader"] for row in rows)
        for column in rows[0]
        if column != "reader"
    }


def main() -> None:
    """Print, a line a file, how many sets leave their own band, the least likely, and which cannot be uniform among so many."""
    parser = argparse.ArgumentParser(prog="python -m sim.evidence.ranks", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", metavar="FILE", help="ranks.csv of a calibration")
    parser.add_argument("--taught", type=int, default=0, help="histories by whose ranks these were recalibrated (0)")
    given = parser.parse_args()
    for name in given.files:
        try:
            sets = _sets(Path(name))
        except OSError as error:
            parser.error(f"{name}: {error.strerror}")
        except (KeyError, ValueError, TypeError):
            parser.error(f"{name} is no ranks.csv of a calibration: wanted are a column reader and a column of numbers for each parameter")
        chances = {name: chance_of(ranks, given.taught) for name, ranks in sets.items()}
        least = min(chances, key=chances.__getitem__)
        outside = sum(calibrated(ranks, given.taught).outside > 0 for ranks in sets.values())
        print(f"{name}: {outside} of {len(sets)} sets leave their own band; least likely {least} ({chances[least]:.4f} alone);", end=" ")
        print(f"not uniform among so many: {', '.join(together(chances)) or 'none'}")


if __name__ == "__main__":
    main()
