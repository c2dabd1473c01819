r"""How much of an outcome's variance is parameters and how much is chance.

A sweep crosses cells (parameter sets) with replicates. With cell means :math:`\bar y_c` of :math:`n_c` runs each, the one-way analysis of variance

.. math:: \hat\sigma^2_P = \frac{MS_{between} - MS_{within}}{n_0},\qquad
          s_P = \frac{\hat\sigma^2_P}{\hat\sigma^2_P + MS_{within}}

gives the share :math:`s_P` of the variance that comes from parameters (the intraclass correlation), without counting the noise of the cell means as
if it were parameters; the rest is chance. Interval: bootstrap over replicates, drawn alike in all cells where they share their draws.

Source: Searle, Casella & McCulloch 1992, ch. 3 (estimator for unequal :math:`n_c`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.result import ARM, SweepResult
from sim.world.outcomes import OUTCOMES

RESAMPLES = 400
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
    """

    outcome: str
    unit: str
    mean: float
    deviation: float
    parameters: float | None
    low: float
    high: float


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
    found = _share(cells)
    if found is None:
        return None
    rng = np.random.default_rng(seed)
    drawn = [_share(cells[:, rng.integers(0, cells.shape[1], cells.shape[1])]) for _ in range(RESAMPLES)]
    low, high = np.percentile([d for d in drawn if d is not None] or [found], [2.5, 97.5])
    # A sample drawn with replacement repeats runs, which looks like less chance: the interval is moved back onto the estimate.
    middle = float(np.median([d for d in drawn if d is not None] or [found]))
    shift = found - middle
    return found, float(np.clip(low + shift, 0.0, 1.0)), float(np.clip(high + shift, 0.0, 1.0))


def _share(cells: np.ndarray[Any, Any]) -> float | None:
    here = ~np.isnan(cells)
    n = here.sum(axis=1)
    cells, here, n = cells[n > 0], here[n > 0], n[n > 0]
    k, total = len(n), int(n.sum())
    if k < 2 or total <= k:
        return None
    filled = np.where(here, cells, 0.0)
    means = filled.sum(axis=1) / n
    grand = filled.sum() / total
    between = float((n * (means - grand) ** 2).sum()) / (k - 1)
    within = float((np.where(here, cells - means[:, None], 0.0) ** 2).sum()) / (total - k)
    n0 = (total - float((n.astype(float) ** 2).sum()) / total) / (k - 1)
    parameters = max(0.0, (between - within) / n0)
    return parameters / (parameters + within) if parameters + within > 0.0 else None


def shares(result: SweepResult, outcomes: Sequence[str] | None = None) -> list[Share]:
    """Return what the variance of each outcome is made of.

    Args:
        result: A sweep.
        outcomes: Which outcomes; all that were kept where absent.
    """
    units = {name: unit for name, unit, _ in OUTCOMES}
    chosen = list(outcomes or result.outcomes)
    count = len(result.manifest["arms"]) * result.manifest["points"]
    frame = result.to_pandas(chosen)
    if count > MOST_CELLS:
        kept = np.unique(np.linspace(0, result.manifest["points"] - 1, max(2, MOST_CELLS // len(result.manifest["arms"]))).astype(int))
        frame = frame[frame["point"].isin(kept)]
    cell = frame.groupby([*ARM, "point"], observed=True, sort=False).ngroup().to_numpy()
    number = frame.groupby(cell).cumcount().to_numpy()
    if result.manifest["draws"] == "common" and len(frame):
        number = frame["replicate"].to_numpy() - frame["replicate"].min()
    found = []
    for name in chosen:
        values = frame[name].to_numpy()
        if not len(values):
            continue
        matrix = np.full((cell.max() + 1, number.max() + 1), np.nan)
        matrix[cell, number] = values
        deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        split = share_of_parameters(matrix)
        mean, unit = float(values.mean()), units.get(name, "1")
        found.append(Share(name, unit, mean, deviation, *(split or (None, 0.0, 0.0))))
    return found
