r"""How much of an outcome's variance is parameters and how much is chance.

A sweep crosses cells (parameter sets) with replicates. With cell means :math:`\bar y_c` of :math:`n_c` runs each, the one-way analysis of variance

.. math:: \hat\sigma^2_P = \frac{MS_{between} - MS_{within}}{n_0},\qquad
          s_P = \frac{\hat\sigma^2_P}{\hat\sigma^2_P + MS_{within}}

gives the share :math:`s_P` of the variance that comes from parameters (the intraclass correlation), without counting the noise of the cell means as
if it were parameters; the rest is chance. Interval: bootstrap over replicates, drawn alike in all cells where they share their draws.

Source: Searle, Casella & McCulloch 1992, ch. 3 (estimator for unequal :math:`n_c`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.result import ARM, SweepResult
from sim.world.outcomes import described

RESAMPLES = 400
AT_ONCE = 4
MOST_CELLS = 4096
"""Cells looked at: of a larger design, so many spread evenly over it."""


@dataclass(frozen=True)
class Share:
    """What an outcome's variance is made of.

    Attributes:
        outcome: Its name.
        unit: Its unit.
        mean: Mean over all runs.
        deviation: Standard deviation over all runs.
        parameters: Share of the variance that comes from parameters; None where nothing varies or there are no two runs of a cell.
        low: Lower end of its 95 % interval.
        high: Upper end.
        happens: Share of the runs in which it happens at all; all else is among these.
    """

    outcome: str
    unit: str
    mean: float
    deviation: float
    parameters: float | None
    low: float
    high: float
    happens: float = 1.0


def share_of_parameters(cells: np.ndarray[Any, Any], seed: int = 0) -> tuple[float, float, float] | None:
    """Return the share of the variance that comes from parameters, with its 95 % bootstrap interval.

    Args:
        cells: Outcome, shape (cells, replicates); NaN where a cell has no such replicate.
        seed: Seed of the resampling.

    Returns:
        Share, lower end, upper end; None if there are fewer than two cells or replicates, or no variance.
    """
    if cells.shape[0] < 2 or cells.shape[1] < 2:
        return None
    replicates = cells.shape[1]
    found = float(_share(cells, np.ones((replicates, 1)))[0])
    if math.isnan(found):
        return None
    rng = np.random.default_rng(seed)
    # How often each replicate was drawn: a resample is then a product of matrices.
    drawn = _share(cells, rng.multinomial(replicates, np.full(replicates, 1.0 / replicates), RESAMPLES).T.astype(float))
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return found, 0.0, 1.0
    low, middle, high = np.percentile(drawn, [2.5, 50.0, 97.5])
    # A sample drawn with replacement repeats runs, which looks like less chance: the interval is moved back onto the estimate.
    return found, float(np.clip(low + found - middle, 0.0, found)), float(np.clip(high + found - middle, found, 1.0))


def _share(cells: np.ndarray[Any, Any], weights: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the share for replicates counted so many times: a column of weights a result, NaN where nothing varies."""
    here = (~np.isnan(cells)).astype(float)
    filled = np.where(here > 0.0, cells, 0.0)
    # Deviations from the mean of all, so that squares lose no digits.
    filled = np.where(here > 0.0, filled - filled.sum() / max(1.0, here.sum()), 0.0)
    n, sums, squares = here @ weights, filled @ weights, filled**2 @ weights
    k, total = (n > 0.0).sum(axis=0).astype(float), n.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        inner = np.where(n > 0.0, sums**2 / n, 0.0).sum(axis=0)
        between = (inner - sums.sum(axis=0) ** 2 / total) / (k - 1.0)
        within = np.maximum(squares.sum(axis=0) - inner, 0.0) / (total - k)
        parameters = np.maximum(0.0, (between - within) / ((total - (n**2).sum(axis=0) / total) / (k - 1.0)))
        share = parameters / (parameters + within)
    # What is left of squares that cancel is rounding, not variance.
    spread = squares.sum(axis=0) - sums.sum(axis=0) ** 2 / np.maximum(1.0, total)
    still = spread <= 1e-10 * squares.sum(axis=0)
    share[(k < 2.0) | (total <= k) | still] = math.nan
    return share


def shares(result: SweepResult, outcomes: Sequence[str] | None = None) -> list[Share]:
    """Return what the variance of each outcome is made of.

    Args:
        result: A sweep.
        outcomes: Which outcomes; all that were kept where absent.
    """
    chosen = result.chosen(outcomes)
    count = len(result.manifest["arms"]) * result.manifest["points"]
    keep = None
    if count > MOST_CELLS:
        keep = np.unique(np.linspace(0, result.manifest["points"] - 1, max(2, MOST_CELLS // len(result.manifest["arms"]))).astype(int))
    found = []
    for first in range(0, len(chosen), AT_ONCE):
        # A few columns at a time: a table of a million runs and seventy outcomes is not held as a whole.
        found += _shares(result, chosen[first : first + AT_ONCE], keep)
    return found


def _shares(result: SweepResult, chosen: list[str], points: np.ndarray[Any, Any] | None) -> list[Share]:
    frame = result.to_pandas(chosen, points=points)
    if not len(frame):
        return []
    cell = frame.groupby([*ARM, "point"], observed=True, sort=False).ngroup().to_numpy()
    number = frame.groupby(cell).cumcount().to_numpy()
    if result.manifest["draws"] == "common":
        number = frame["replicate"].to_numpy() - frame["replicate"].min()
    found = []
    for name in chosen:
        values = frame[name].to_numpy()
        matrix = np.full((cell.max() + 1, number.max() + 1), np.nan)
        matrix[cell, number] = values
        there = values[~np.isnan(values)]
        mean = float(there.mean()) if len(there) else math.nan
        deviation = float(there.std(ddof=1)) if len(there) > 1 else 0.0
        split = share_of_parameters(matrix[~np.isnan(matrix).all(axis=1)]) if len(there) else None
        parameters, low, high = split or (None, 0.0, 0.0)
        found.append(Share(name, described(name)[0], mean, deviation, parameters, low, high, len(there) / len(values)))
    return found
