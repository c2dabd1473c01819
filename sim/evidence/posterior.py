"""Running a calibration into a directory, resumed generation by generation; what its posterior predicts; whether it recovers what was planted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence import kept
from sim.evidence.abc import Distance, Generation, distance_to_facts, first_generation, next_generation, sampled, weighted_quantile
from sim.evidence.calibration import Calibration, read_fact, simulate
from sim.evidence.trajectory import years_of
from sim.study.durable import alone, set_aside
from sim.study.errors import StoreDamagedError
from sim.study.progress import to_standard_error
from sim.study.work import warm

if TYPE_CHECKING:
    import pandas as pd

Watcher = Callable[[int, int, int, float], None]
"""Told the generation, how many particles it has, how many proposals were run, and the distance to beat."""
PREDICTIONS = 300


def calibrate(
    calibration: Calibration,
    out: str | os.PathLike[str],
    *,
    threads: int = 1,
    resume: bool = False,
    watch: Watcher | None = None,
    tell: Callable[[str], object] = to_standard_error,
) -> list[Generation]:
    """Run a calibration, or the generations of it that are missing. What is damaged there is set aside and computed again.

    Args:
        calibration: The calibration.
        out: Directory; a generation is written when it is complete, so at most one is lost to a kill.
        threads: Threads; the result does not depend on it.
        resume: Whether to go on with what is there.
        watch: Told how it goes.
        tell: Told, in one line each, what was set aside because it was damaged.

    Returns:
        All generations.

    Raises:
        StoreError: If there is a calibration already and nobody said to go on with it, or it is another one.
        StoreBusyError: If another process is writing there.
    """
    from sim.observe.provenance import provenance

    folder = Path(out)
    source = provenance(calibration.scenario, calibration.spec.seed, 0)
    identity = {"calibration": calibration.sha256, **{k: source[k] for k in ("rulebook_sha256", "version")}}

    def aside(error: StoreDamagedError) -> None:
        tell(f"{error.path}: {error.reason}; set aside as {set_aside(folder, error.path)}, and computed again")

    with alone(folder, "calibration"):
        kept.begin(folder, {"identity": identity, "name": calibration.spec.name, "provenance": source}, resume, tell)
        warm()
        done = kept.generations(folder, aside)[: calibration.spec.generations]
        return _generations(calibration, distance_to_facts(calibration), done, threads, lambda one: kept.keep(folder, one), watch)


def _generations(
    calibration: Calibration,
    distance: Distance,
    done: list[Generation],
    threads: int,
    keep: Callable[[Generation], None] | None = None,
    watch: Watcher | None = None,
) -> list[Generation]:
    """Run the generations that are missing."""
    spec = calibration.spec
    most = int(spec.particles / spec.least_acceptance) if spec.least_acceptance > 0.0 else 10**9
    with ThreadPoolExecutor(threads) as pool:
        while len(done) < spec.generations:
            if not done:
                new: Generation | None = first_generation(distance, len(calibration.factors), spec.particles, spec.seed, pool)
            else:
                number, epsilon = len(done), float(np.quantile(done[-1].distances, spec.quantile))
                told = None if watch is None else (lambda n, of, number=number, epsilon=epsilon: watch(number, n, of, epsilon))
                new = next_generation(distance, done[-1], spec.quantile, spec.seed, pool, most, told)
            if new is None:
                break
            done.append(new)
            if keep is not None:
                keep(new)
    return done


def summary(calibration: Calibration, generation: Generation) -> pd.DataFrame:
    """Return the posterior of each prior: median, 90 % interval, prior range, and how much narrower than the prior it is (0 not at all, 1 known)."""
    import pandas as pd

    rows = []
    for k, f in enumerate(calibration.factors):
        unit = [weighted_quantile(generation.units[:, k], generation.weights, q) for q in (0.05, 0.5, 0.95)]
        low, median, high = (float(x) for x in f.coded(np.array(unit)))
        rows.append(
            {"prior": f.name, "low": f.low, "high": f.high, "median": median, "q05": low, "q95": high, "learned": 1.0 - (unit[2] - unit[0]) / 0.9}
        )
    return pd.DataFrame(rows)


def predict(calibration: Calibration, generation: Generation, draws: int = PREDICTIONS, threads: int = 1) -> dict[str, np.ndarray[Any, Any]]:
    """Return histories to the scenario's end from the posterior, one a draw, under fresh chances.

    Returns:
        Yearly series, arrays of shape (draws, years).
    """
    units = sampled(generation, draws, calibration.spec.seed)
    until = years_of(calibration.scenario)[-1]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda n: simulate(calibration, units[n], 2_000_000_000 + n, until), range(draws)))
    return {name: np.concatenate([one[name] for one in found]) for name in found[0]}


def predictive_table(calibration: Calibration, series: dict[str, np.ndarray[Any, Any]]) -> pd.DataFrame:
    """Return the facts beside what the posterior says of them: mean, 90 % interval, and the share of histories within one tolerance."""
    import pandas as pd

    years, rows = years_of(calibration.scenario), []
    for kind, facts in (("used", calibration.spec.facts), ("predicted", calibration.spec.later)):
        for fact in facts:
            x = read_fact(fact, years, series)
            low, high = np.quantile(x, [0.05, 0.95])
            near = float(np.mean(np.abs(x - fact.value) <= fact.tolerance))
            verdict = "within" if low <= fact.value <= high else "outside"
            span = {"q05": float(low), "q95": float(high)}
            rows.append({"fact": fact.fact, "kind": kind, "value": fact.value, "mean": float(x.mean()), **span, "near": near, "verdict": verdict})
    return pd.DataFrame(rows)


def recover(calibration: Calibration, planted: int, threads: int = 1, watch: Callable[[int, int], None] | None = None) -> pd.DataFrame:
    """Plant parameters, make their history the facts, calibrate on them, and see whether the intervals hold what was planted.

    Args:
        calibration: The calibration; its priors, tolerances and settings are used, its facts' values are not.
        planted: How many sets to plant, drawn from the prior.
        threads: Threads.
        watch: Told how many of how many are done.

    Returns:
        A row a set and prior: what was planted, the posterior's 90 % interval on the unit cube, whether it holds it, and its rank.
    """
    import pandas as pd

    warm()
    rows = []
    years = list(range(int(calibration.scenario.start[:4]), calibration.spec.until + 1))
    for n in range(planted):
        truth = np.random.default_rng([calibration.spec.seed, 7_000_000, n]).random(len(calibration.factors))
        history = simulate(calibration, truth, 3_000_000_000 + n)
        observed = [float(read_fact(f, years, history)[0]) for f in calibration.spec.facts]
        last = _generations(calibration, _distance_to(calibration, observed, years), [], threads)[-1]
        for k, f in enumerate(calibration.factors):
            low, high = (weighted_quantile(last.units[:, k], last.weights, q) for q in (0.05, 0.95))
            rank = float(last.weights[last.units[:, k] < truth[k]].sum())
            rows.append({"set": n, "prior": f.name, "planted": truth[k], "q05": low, "q95": high, "held": low <= truth[k] <= high, "rank": rank})
        if watch is not None:
            watch(n + 1, planted)
    return pd.DataFrame(rows)


def _distance_to(calibration: Calibration, observed: Sequence[float], years: list[int]) -> Distance:
    def distance(unit: np.ndarray[Any, Any], replicate: int) -> float:
        series = simulate(calibration, unit, replicate)
        parts = [(float(read_fact(f, years, series)[0]) - x) / f.tolerance for f, x in zip(calibration.spec.facts, observed, strict=True)]
        return float(np.sqrt(np.mean(np.square(parts))))

    return distance
