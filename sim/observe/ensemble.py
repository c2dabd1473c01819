"""Many replicates of one history: the months of the followed lineage in each, and the outcomes of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.outcome_words import amounts
from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

if TYPE_CHECKING:
    import pandas as pd


def outcomes(scenario: str | Scenario, seed: int = 0, replicates: int = 200, threads: int = 1, first: int = 0) -> pd.DataFrame:
    """Run replicates on the compiled engine and return their outcomes.

    Args:
        scenario: What to run: a shipped name, a path, or a loaded scenario.
        seed: Seed, shared by all.
        replicates: How many.
        threads: Threads to share them among; the result does not depend on it.
        first: Number of the first replicate.

    Returns:
        One row per replicate (index ``replicate``), one column per outcome of :mod:`sim.world.outcomes`; NaN where one never happened.

    Raises:
        ScenarioError: If there is no such scenario, or something is wrong with it.
    """
    import pandas as pd

    from sim import engine

    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    numbers = np.arange(first, first + replicates)
    table = engine.ensemble(build(loaded, seed), parameters(loaded), month_count(loaded), numbers, threads)
    return pd.DataFrame({name: amounts(name, table[name]) for name in table.dtype.names or ()}, index=pd.Index(numbers, name="replicate"))


def interval(values: np.ndarray[Any, Any], seed: int = 0, level: float = 0.95) -> tuple[float, float, float]:
    """Return the mean of a sample with its bootstrap percentile interval (BCa needs a spread that a 0/1 outcome may lack).

    Args:
        values: Sample, shape (n,), n >= 2.
        seed: Seed of the resampling.
        level: Coverage.

    Returns:
        Mean, lower end, upper end.
    """
    mean = float(np.mean(values))
    if np.ptp(values) == 0.0:
        return mean, mean, mean
    from scipy.stats import bootstrap

    found = bootstrap(
        (values,), np.mean, confidence_level=level, n_resamples=2000, method="percentile", rng=np.random.default_rng(seed), vectorized=True
    )
    return mean, float(found.confidence_interval.low), float(found.confidence_interval.high)


def share(values: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Return the share of runs in which something holds, with Wilson's 95 % interval, which has a width where all or none do.

    Args:
        values: 0 or 1 by run, shape (runs,).

    Returns:
        Share, lower end, upper end.
    """
    from scipy.stats import binomtest

    found = binomtest(int(values.sum()), len(values)).proportion_ci(method="wilson")
    return float(np.mean(values)), float(found.low), float(found.high)


def clustered_interval(
    values: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any], seed: int = 0, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the mean of a sample with its bootstrap percentile interval, whole clusters drawn at a time.

    Runs of one replicate number at several design points share their draws, so they are not independent: what is drawn anew is the replicate.

    Args:
        values: Sample, shape (n,).
        clusters: Cluster of each value, shape (n,); at least two differ.
        seed: Seed of the resampling.
        level: Coverage.

    Returns:
        Mean, lower end, upper end.
    """
    from scipy.stats import bootstrap

    _, number = np.unique(clusters, return_inverse=True)
    sums, counts = np.bincount(number, values), np.bincount(number).astype(float)
    mean = float(np.mean(values))
    if np.ptp(values) == 0.0 or len(sums) < 2:
        return mean, mean, mean

    def ratio(s: np.ndarray[Any, Any], n: np.ndarray[Any, Any], axis: int = -1) -> Any:
        return s.sum(axis=axis) / n.sum(axis=axis)

    if np.ptp(sums / counts) == 0.0:
        return mean, mean, mean
    found = bootstrap(
        (sums, counts), ratio, paired=True, confidence_level=level, n_resamples=2000, method="percentile", rng=np.random.default_rng(seed)
    )
    return mean, float(found.confidence_interval.low), float(found.confidence_interval.high)


def lineage_months(scenario: Scenario, seed: int, replicates: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return strength and cohesion of the followed lineage by month in each of several replicates.

    Returns:
        ``strength`` (fighter-equivalents) and ``cohesion`` (strength-weighted mean, NaN once the lineage is gone), each of shape (replicates,
        months).
    """
    from sim import engine

    strength, cohesion = engine.following(build(scenario, seed), parameters(scenario), month_count(scenario), range(replicates))
    return {"strength": strength, "cohesion": cohesion}
