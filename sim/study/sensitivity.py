r"""Which factors drive an outcome: Morris' elementary effects and Sobol' indices, by SALib, with intervals.

An outcome of a design point is the mean over its replicates. Under common draws that mean is one fixed function of the factors, so indices are not
blurred by chance from point to point; what they still depend on is which points the design has and which replicates were drawn. The interval counts
both: SALib's bootstrap over points (standard error :math:`s_p`), and ours over replicates (:math:`s_r`), as
:math:`\hat\theta \pm 1.96\sqrt{s_p^2 + s_r^2}`.

Elementary effects are taken per full range of a factor, so that factors of different units can be compared.

Sources: Morris 1991; Campolongo, Cariboni & Saltelli 2007 (:math:`\mu^*`); Sobol' 1993; Saltelli et al. 2010; Herman & Usher 2017 (SALib).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.outcome_words import NEVER
from sim.scenario.numbers import told
from sim.study import design
from sim.study.result import ARM, SweepResult
from sim.study.store import StoreError

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 200
REPLICATE_RESAMPLES = 40
Z = 1.959963984540054
FIRST, TOTAL, SECOND, MU_STAR, SIGMA, MU = "first", "total", "second", "mu_star", "sigma", "mu"


@dataclass(frozen=True)
class Index:
    """A sensitivity index.

    Attributes:
        arm: Arm it holds for, in words; empty where there is one.
        outcome: Outcome.
        factor: Factor, or two joined by " x " for a second-order index.
        kind: ``first``, ``total`` or ``second`` (shares of the variance), or ``mu_star``, ``sigma``, ``mu`` (in the outcome's unit per range).
        value: Estimate.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    arm: str
    outcome: str
    factor: str
    kind: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sensitivity:
    """The indices of a sweep.

    Attributes:
        method: ``saltelli`` or ``morris``.
        factors: Factors, in the order of the design.
        indices: The indices.
        still: Outcomes (with their arm) that never vary, which have none.
    """

    method: str
    factors: list[str]
    indices: list[Index]
    still: list[str]

    def __repr__(self) -> str:
        outcomes = list(dict.fromkeys(index.outcome for index in self.indices))
        return f"<Sensitivity by {self.method}: {len(self.factors)} factors, {len(outcomes)} outcomes, {len(self.still)} that never vary>"

    def _repr_html_(self) -> str:
        return f"<p><b>{repr(self)[1:-1]}</b></p>{self.to_pandas().to_html(index=False, max_rows=40, float_format=told)}"

    def to_pandas(self) -> pd.DataFrame:
        """Return the indices as a table."""
        import pandas as pd

        return pd.DataFrame([vars(i) for i in self.indices], columns=["arm", "outcome", "factor", "kind", "value", "low", "high"])


def sensitivity(result: SweepResult, outcomes: Sequence[str] | None = None) -> Sensitivity:
    """Return the sensitivity indices of a complete sweep.

    Args:
        result: A sweep whose design is ``saltelli`` or ``morris``.
        outcomes: Outcomes; all that were kept where absent.

    Raises:
        StoreError: If the sweep is not complete, has another design, or has design points of which no run succeeded, or no such outcome.
    """
    study = result.study
    spec = study.spec.design
    if spec is None or spec.kind not in design.SENSITIVITY:
        kind = spec.kind if spec else "no"
        raise StoreError(f"{result.path}: has {kind} design; indices need one of kind {' or '.join(design.SENSITIVITY)}")
    if not result.complete:
        raise StoreError(f"{result.path}: is not complete; go on with the sweep with --resume")
    if study.sha256 != result.manifest["identity"]["experiment"]:
        raise StoreError(f"{result.path}: its design cannot be drawn again as it was (SciPy or SALib may have changed); run the sweep anew")
    chosen = result.chosen(outcomes)
    cube = design.unit_points(spec, len(study.factors), study.spec.seed)
    frame = result.to_pandas(chosen)
    points = len(study.points)
    found, still = [], []
    for arm in study.arms:
        mine = frame
        for name in ARM:
            mine = mine[mine[name] == getattr(arm, name)]
        words = " ".join(getattr(arm, name) + (" off" if name == "without" and arm.without else "") for name in ARM if name in result.varying).strip()
        number = mine["replicate"].to_numpy() - mine.groupby("point", observed=True)["replicate"].transform("min").to_numpy()
        if study.spec.draws == "common" and len(mine):
            number = mine["replicate"].to_numpy()
        for outcome in chosen:
            table = np.full((points, int(number.max(initial=0)) + 1), math.nan)
            table[mine["point"].to_numpy(), number] = mine[outcome].to_numpy()
            gone = int(np.isnan(table).all(axis=1).sum())
            if gone and outcome in NEVER:
                raise StoreError(
                    f"{result.path}: at {gone:,} design points {outcome} never happens, and indices need a mean at them all; leave it out"
                )
            if gone:
                raise StoreError(f"{result.path}: of {gone:,} design points no run succeeded, and indices need them all; see its rows with an error")
            if np.nanmax(table) == np.nanmin(table):
                still.append(f"{words} {outcome}".strip())
                continue
            found += _indices(spec, cube, table, [f.name for f in study.factors], words, outcome, study.spec.seed)
    return Sensitivity(spec.kind, [f.name for f in study.factors], found, still)


def _indices(spec: Any, cube: np.ndarray[Any, Any], table: np.ndarray[Any, Any], names: list[str], arm: str, outcome: str, seed: int) -> list[Index]:
    """Return the indices of one outcome; ``table`` has a row a point, a column a replicate."""
    estimates, by_points = _analyse(spec, cube, np.nanmean(table, axis=1), names, seed, RESAMPLES)
    spread = {key: 0.0 for key in estimates}
    replicates = table.shape[1]
    if replicates > 1:
        rng = np.random.default_rng(seed)
        drawn = []
        for _ in range(REPLICATE_RESAMPLES):
            part = table[:, rng.integers(0, replicates, replicates)]
            here = ~np.isnan(part)
            # A point whose replicates all failed in this draw keeps its own mean.
            counts = here.sum(axis=1)
            means = np.where(counts > 0, np.where(here, part, 0.0).sum(axis=1) / np.maximum(counts, 1), np.nanmean(table, axis=1))
            if means.std() > 0.0:
                drawn.append(_analyse(spec, cube, means, names, seed, 0)[0])
        # The mean of so many replicates is known that much better than one drawn sample of them says.
        spread = {key: float(np.std([d[key] for d in drawn])) if drawn else 0.0 for key in estimates}
    found = []
    for (factor, kind), value in estimates.items():
        half = Z * math.hypot(by_points.get((factor, kind), 0.0), spread[factor, kind])
        found.append(Index(arm, outcome, factor, kind, value, value - half, value + half))
    return found


def _analyse(
    spec: Any, cube: np.ndarray[Any, Any], y: np.ndarray[Any, Any], names: list[str], seed: int, resamples: int
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """Return estimates by (factor, kind), and their standard errors over points where resamples were asked for."""
    problem = design.unit_cube(len(names))
    estimates: dict[tuple[str, str], float] = {}
    errors: dict[tuple[str, str], float] = {}
    if spec.kind == "morris":
        from SALib.analyze import morris

        found = morris.analyze(problem, cube, y, num_levels=spec.levels or 4, num_resamples=max(2, resamples), seed=seed)
        for k, name in enumerate(names):
            for kind in (MU_STAR, SIGMA, MU):
                estimates[name, kind] = float(found[kind][k])
            errors[name, MU_STAR] = float(found["mu_star_conf"][k]) / Z
            effects = _effects(cube, y, k)
            errors[name, MU] = float(effects.std(ddof=1)) / math.sqrt(len(effects))
            errors[name, SIGMA] = _error_of_deviation(effects, seed) if resamples else 0.0
        return estimates, errors
    from SALib.analyze import sobol

    second = bool(spec.second_order)
    # A generator, not the number: SALib takes a seed of 0 for none, and would then draw from NumPy's global state.
    found = sobol.analyze(problem, y, calc_second_order=second, num_resamples=max(2, resamples), seed=np.random.default_rng(seed))
    for k, name in enumerate(names):
        for kind, key in ((FIRST, "S1"), (TOTAL, "ST")):
            estimates[name, kind] = float(found[key][k])
            errors[name, kind] = float(found[f"{key}_conf"][k]) / Z
    if second:
        for (j, one), (k, other) in itertools.combinations(enumerate(names), 2):
            estimates[f"{one} x {other}", SECOND] = float(found["S2"][j, k])
            errors[f"{one} x {other}", SECOND] = float(found["S2_conf"][j, k]) / Z
    return estimates, errors


def _effects(cube: np.ndarray[Any, Any], y: np.ndarray[Any, Any], k: int) -> np.ndarray[Any, Any]:
    """Return the elementary effects of a factor: one a trajectory."""
    step = np.diff(cube[:, k])
    size = cube.shape[1] + 1
    within = np.arange(len(step)) % size != size - 1
    moved = within & (step != 0.0)
    return np.diff(y)[moved] / step[moved]


def _error_of_deviation(effects: np.ndarray[Any, Any], seed: int) -> float:
    """Return the bootstrap standard error of the effects' standard deviation."""
    rng = np.random.default_rng(seed)
    drawn = effects[rng.integers(0, len(effects), (RESAMPLES, len(effects)))]
    return float(drawn.std(axis=1, ddof=1).std())
