"""From a table of the prior to a posterior, to which rulebook, and to whether either can be trusted.

::

    OUT/
      table/              the prior: an ordinary store
      without-FAMILY/     the prior without a family of mechanisms, one store each
      predicted-…/        histories run anew from the posterior
      …                   what is read from them: CSV, figures, report.txt
      calibration.json    seals of these stores and files (:mod:`sim.evidence.kept`)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.calibration import WHOLE, Calibration
from sim.evidence.forests import BINS, Classes, Growing, Marginal, classes, marginal
from sim.evidence.ranks import Calibrated, calibrated
from sim.evidence.recalibration import Recalibration
from sim.evidence.regression import Adjuster, Draws, resampled, weighted_quantiles
from sim.evidence.statistics import canonical, measured, observed
from sim.study.factor import Factor
from sim.study.result import SweepResult
from sim.study.store import StoreError

if TYPE_CHECKING:
    import pandas as pd

Watcher = Callable[[str], None]
"""Told how it goes, in words."""
_Array = np.ndarray[Any, Any]
REGRESSION, FOREST = "regression", "forest"
READERS = (REGRESSION, FOREST)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LEAST_A_SLOPE = 40
"""Histories for each slope that a regression has to find, at least: with ten the intervals came out too narrow, and planted ranks showed it.

Chosen after a look at those ranks, so ranks are no independent test of it; the first table it does not bind is one of 100 times as many histories as
it asks for, where the share that the calibration names is larger.
"""
LEAST_EXPLAINED = 0.02
"""Share of a parameter's variance that the statistics must explain, out of bag, for it to count as informed; set before anything was looked at."""


@dataclass(frozen=True)
class Table:
    """Histories of the prior.

    Attributes:
        units: Places of the parameters in their priors, shape (n, parameters).
        statistics: Statistics with their errors, shape (n, statistics).
        failed: Histories that failed, and are not here.
        points: Number of each history in its sweep, shape (n,).
    """

    units: _Array
    statistics: _Array
    failed: int
    points: _Array


def read_table(calibration: Calibration, store: Path, seed: int, most: int | None = None) -> Table:
    """Return a table of the prior from its store.

    Args:
        calibration: The calibration.
        store: The store.
        seed: Seed of the statistics' errors.
        most: How many of its first histories are read; all where absent.

    Raises:
        StoreError: If too few histories of it have come to an end.
    """
    facts, result = calibration.spec.facts, SweepResult(store)
    needed = list(dict.fromkeys(name for fact in facts for name in fact.columns))
    wanted = None if most is None else np.arange(most)
    frame = result.to_pandas([*needed, *(f.name for f in calibration.factors)], points=wanted)
    if len(frame) < 20:
        raise StoreError(f"{store}: has {len(frame)} histories that came to an end; something can be inferred from 20")
    columns = {name: frame[name].to_numpy(float) for name in needed}
    units = np.column_stack([place_in(f, frame[f.name].to_numpy(float)) for f in calibration.factors])
    begun = len(result) if most is None else min(most, len(result))
    points = frame["point"].to_numpy()
    return Table(units, measured(facts, columns, points, seed), begun - len(frame), points)


def place_in(factor: Factor, values: _Array) -> _Array:
    """Return where values lie in a prior, from 0 to 1: the inverse of :meth:`sim.study.factor.Factor.coded`."""
    if factor.logarithmic:
        return canonical(np.log(values / factor.low) / math.log(factor.high / factor.low))
    return canonical((values - factor.low) / (factor.high - factor.low))


@dataclass(frozen=True)
class Inferred:
    """What a table says.

    Attributes:
        table: The table.
        target: Statistics of the observed history.
        draws: Joint posterior, by regression.
        marginals: Posterior of each parameter, by forest.
        ranks: By reader: shares of each planted history's posterior below what was planted, shape (planted, parameters).
        widths: By reader: widths of the planted histories' 90 % intervals, as shares of the prior's, shape (planted, parameters).
        misfit: Share of planted histories that are as far from their nearest neighbours as the observed one, or farther.
        taught: By the ranks of how many other histories all of this was recalibrated; 0 if it was not.
    """

    table: Table
    target: _Array
    draws: Draws
    marginals: list[Marginal]
    ranks: dict[str, _Array]
    widths: dict[str, _Array]
    misfit: float
    taught: int

    def calibrated(self, reader: str, k: int) -> Calibrated:
        """Return whether a reader is right of parameter k, on average over the prior."""
        return calibrated(self.ranks[reader][:, k], self.taught)


def adjuster_of(calibration: Calibration, table: Table) -> Adjuster:
    """Return a table ready for the regression: with the share of nearest histories that the calibration names, and enough for its statistics."""
    return Adjuster(
        table.units, table.statistics, max(round(calibration.spec.nearest * len(table.units)), LEAST_A_SLOPE * (len(calibration.spec.facts) + 1))
    )


def planted_in(calibration: Calibration, histories: int) -> tuple[_Array, _Array]:
    """Return the rows of a table that are taken for the observed history to check the readers, and others from whose ranks these are recalibrated."""
    spec = calibration.spec
    order = np.random.default_rng([spec.seed, 7]).permutation(histories)
    return order[: spec.planted], order[spec.planted : spec.planted + spec.recalibrated]


def infer(calibration: Calibration, table: Table, threads: int = 1, watch: Watcher | None = None) -> Inferred:
    """Read a table.

    Args:
        calibration: The calibration.
        table: The table.
        threads: Threads; nothing depends on how many.
        watch: Told how it goes.
    """
    spec, target = calibration.spec, observed(calibration.spec.facts)
    n, d = table.units.shape
    planted, taught = planted_in(calibration, n)
    adjuster = adjuster_of(calibration, table)
    draws = adjuster.posterior(target)

    def rank(row: int, found: Draws) -> _Array:
        return canonical(np.add.reduce(np.where(found.units < table.units[row], found.weights[:, None], 0.0), axis=0))

    taught_ranks = in_order(
        lambda row: rank(row, adjuster.posterior(table.statistics[row], row)),
        taught.tolist(),
        threads,
        watch,
        "histories to learn from adjusted",
        500,
    )
    straight = Recalibration.learned(np.array(taught_ranks)) if taught_ranks else None
    if straight is not None:
        draws = straight.of_draws(draws)

    def plant(row: int) -> tuple[_Array, _Array, float]:
        found = adjuster.posterior(table.statistics[row], row)
        if straight is not None:
            found = straight.of_draws(found)
        ends = [weighted_quantiles(found.units[:, k], found.weights, (0.05, 0.95)) for k in range(d)]
        return rank(row, found), np.array([(b - a) / 0.9 for a, b in ends]), adjuster.misfit(table.statistics[row], row)

    tried = in_order(plant, planted.tolist(), threads, watch, "planted histories adjusted", 100)
    far = adjuster.misfit(target)
    growing = Growing(spec.forest.trees, spec.forest.rows, spec.forest.least_leaf, spec.seed)
    asked = np.concatenate([planted, taught])
    marginals = in_order(
        lambda k: marginal(table.units[:, k], table.statistics, target, asked, growing, len(planted)), range(d), threads, watch, "forests grown", 1
    )
    marginals = [_straightened(m, table.units[asked, k], len(planted)) for k, m in enumerate(marginals)]
    places = table.units[planted]
    ranks = {REGRESSION: np.array([t[0] for t in tried]), FOREST: np.column_stack([_below(m.planted, places[:, k]) for k, m in enumerate(marginals)])}
    forest_widths = np.column_stack([[(q[1] - q[0]) / 0.9 for q in _quantiles(m.planted, (0.05, 0.95))] for m in marginals])
    widths = {REGRESSION: np.array([t[1] for t in tried]), FOREST: forest_widths}
    return Inferred(table, target, draws, marginals, ranks, widths, float(np.mean([t[2] >= far for t in tried])), len(taught))


def _straightened(found: Marginal, places: _Array, planted: int) -> Marginal:
    """Return what a forest says of one parameter, recalibrated by the ranks of the histories that follow the first so many planted ones."""
    if len(places) == planted:
        return found
    straight = Recalibration.learned(_below(found.planted[planted:], places[planted:])[:, None])
    return replace(found, observed=straight.of_shares(0, found.observed), planted=straight.of_shares(0, found.planted[:planted]))


def in_order(work: Callable[[int], Any], items: Iterable[int], threads: int, watch: Watcher | None, words: str, every: int) -> list[Any]:
    """Return what work makes of items, in their order; an interruption leaves what has not begun."""
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work, item) for item in items]
        pending, told = set(jobs), 0
        try:
            while pending:
                done, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                for job in done:
                    job.result()
                count = len(jobs) - len(pending)
                if watch is not None and (count - told >= every or (count == len(jobs) and count > told)):
                    told = count
                    watch(f"{count:,} of {len(jobs):,} {words}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [job.result() for job in jobs]


def _below(shares: _Array, places: _Array) -> _Array:
    """Return how much of each posterior, kept as shares of parts of the prior, lies below a place."""
    inner = np.clip(places * BINS, 0.0, BINS - 1e-9)
    part = inner.astype(np.int64)
    up, row = np.cumsum(shares, axis=1), np.arange(len(shares))
    total = np.maximum(up[:, -1], 1e-12)
    return canonical((up[row, part] - shares[row, part] * (1.0 - (inner - part))) / total)


def _quantiles(shares: _Array, wanted: tuple[float, ...]) -> list[list[float]]:
    """Return quantiles of posteriors kept as shares of parts of the prior, on the unit interval."""
    found = []
    for row in np.atleast_2d(shares):
        up = np.concatenate([[0.0], np.cumsum(row)])
        found.append([float(x) for x in np.interp(np.array(wanted) * up[-1], up, np.arange(BINS + 1) / BINS)])
    return found


def posterior_table(calibration: Calibration, inferred: Inferred) -> pd.DataFrame:
    """Return a row a parameter and reader.

    Returns:
        ``parameter``, ``reader``, the prior's ``low`` and ``high``, quantiles of the posterior (``q05`` … ``q95``), ``narrowed`` (how much narrower
        than the prior its 90 % interval is: 0 not at all), ``narrowed_mean`` (the same on average over planted histories), ``explained`` (share of
        variance, out of bag), ``covered_50``, ``covered_90``, ``ranks_outside`` (points of the ranks' distribution outside their band), ``informed``.
    """
    import pandas as pd

    rows = []
    for k, f in enumerate(calibration.factors):
        for reader in READERS:
            unit = (
                weighted_quantiles(inferred.draws.units[:, k], inferred.draws.weights, QUANTILES)
                if reader == REGRESSION
                else _quantiles(inferred.marginals[k].observed, QUANTILES)[0]
            )
            checked, explained = inferred.calibrated(reader, k), inferred.marginals[k].explained
            rows.append(
                {
                    "parameter": f.name,
                    "reader": reader,
                    "low": f.low,
                    "high": f.high,
                    **{f"q{round(100 * q):02d}": x for q, x in zip(QUANTILES, f.coded(np.array(unit)).tolist(), strict=True)},
                    "narrowed": 1.0 - (unit[-1] - unit[0]) / 0.9,
                    "narrowed_mean": 1.0 - float(np.mean(inferred.widths[reader][:, k])),
                    "explained": explained,
                    "covered_50": checked.covered_50,
                    "covered_90": checked.covered_90,
                    "ranks_outside": checked.outside,
                    "informed": explained >= LEAST_EXPLAINED,
                }
            )
    return pd.DataFrame(rows)


def ranks_table(calibration: Calibration, inferred: Inferred) -> pd.DataFrame:
    """Return the ranks of planted values: a row a planted history and reader, a column a parameter."""
    import pandas as pd

    names = [f.name for f in calibration.factors]
    parts = [pd.DataFrame(inferred.ranks[reader], columns=names).assign(reader=reader) for reader in READERS]
    return pd.concat(parts, ignore_index=True)[["reader", *names]]


def importances_table(calibration: Calibration, inferred: Inferred) -> pd.DataFrame:
    """Return which statistics carry each parameter: a row a parameter, a column a statistic; share of variance lost where it is shuffled."""
    import pandas as pd

    facts, names = [f.fact for f in calibration.spec.facts], [f.name for f in calibration.factors]
    frame = pd.DataFrame([m.importances for m in inferred.marginals], columns=facts)
    frame.insert(0, "parameter", names)
    return frame


def statistics_table(calibration: Calibration, prior: Table, posterior: Table) -> pd.DataFrame:
    """Return prior and posterior predictive checks: a row a statistic, on its scale.

    Returns:
        ``fact``, ``observed``, and of prior and posterior the 5 %, 50 % and 95 % quantile and ``below``: the share of histories below what was
        observed, ties counted half.
    """
    import pandas as pd

    rows = []
    for j, (fact, value) in enumerate(zip(calibration.spec.facts, observed(calibration.spec.facts).tolist(), strict=True)):
        row: dict[str, Any] = {"fact": fact.fact, "scale": fact.scale, "observed": value}
        for name, table in (("prior", prior), ("posterior", posterior)):
            x = table.statistics[:, j]
            row |= {f"{name}_q{round(100 * q):02d}": float(y) for q, y in zip((0.05, 0.5, 0.95), np.quantile(x, [0.05, 0.5, 0.95]), strict=True)}
            row[f"{name}_below"] = float(np.mean(x < value) + 0.5 * np.mean(x == value))
        rows.append(row)
    return pd.DataFrame(rows)


def draws_text(calibration: Calibration, inferred: Inferred) -> str:
    """Return points of the joint posterior as a design: CSV with a column a factor and a row a point."""
    return points_text(calibration.factors, resampled(inferred.draws, calibration.spec.predicted, calibration.spec.seed))


def points_text(factors: Sequence[Factor], units: _Array) -> str:
    """Return places in the prior, shape (points, parameters), as a design: CSV with a column a factor and a row a point."""
    # Eight digits: what is written is what is run, on any machine.
    lines = [",".join(f.name for f in factors)]
    columns = [[_within(f, float(f"{x:.8g}")) for x in f.coded(units[:, k]).tolist()] for k, f in enumerate(factors)]
    lines += [",".join(repr(x) for x in row) for row in zip(*columns, strict=True)]
    return "\n".join(lines) + "\n"


def _within(factor: Factor, value: float) -> float:
    return min(max(value, factor.low), factor.high)


def rulebooks(calibration: Calibration, tables: dict[str, Table]) -> tuple[list[str], Classes]:
    """Tell the whole rulebook and those without a family apart: names, and what the forest says."""
    spec, names = calibration.spec, [WHOLE, *calibration.families]
    growing = Growing(spec.forest.trees, spec.forest.rows, spec.forest.least_leaf, spec.seed)
    return names, classes([tables[name].statistics for name in names], observed(spec.facts), growing)


def rulebooks_table(names: list[str], found: Classes) -> pd.DataFrame:
    """Return a row a rulebook: votes and probability on the observed history, and shares of its own histories given to each rulebook (out of bag)."""
    import pandas as pd

    shares = found.confusion / np.maximum(found.confusion.sum(axis=1, keepdims=True), 1)
    frame = pd.DataFrame({"rulebook": names, "votes": found.votes, "probability": found.probabilities})
    for k, name in enumerate(names):
        frame[f"taken for {name}"] = shares[:, k]
    return frame
