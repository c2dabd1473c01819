"""The years that a calibration did not use, forecast: by its posterior, and by three that know less.

* ``posterior``: the histories of the table that are nearest to the observed one, with the regression's kernel weights, each **carried on** past the
  last year used: the same parameters, the same draws, the same state at that year's end. What one history was like then is part of what is known, and
  parameters alone do not hold it.
* ``parameters``: points of the joint posterior (adjusted by regression), each begun anew from the first month under other chances.
* ``prior``: the table's first histories, carried on, each counting the same.
* ``as in …``: no model. An event that happened k times in T years happens in w more with probability 1 - (T / (T + w))^(k + 1/2): a constant rate
  under Jeffreys' prior; a state is lost in the same way, with k = 0. Counts of a year have the distribution of that same rule; other numbers are
  like one of the known years of the span, each as likely.

A probability from histories is that of Jeffreys' rule too, with the effective number of histories (Kish 1965), so that none is 0 or 1. A number of a
year is :data:`POINTS` quantiles: they are what is frozen, and what is scored.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.forecast import Forecast, NumberSpec, Question, columns_of, number_in
from sim.evidence.inference import Watcher, adjuster_of, read_table
from sim.evidence.regression import weighted_quantiles
from sim.evidence.statistics import canonical, observed
from sim.study.plan import Study
from sim.study.result import SweepResult
from sim.study.store import StoreError
from sim.study.sweep import differences
from sim.study.work import run_task, warm

_Array = np.ndarray[Any, Any]
POSTERIOR, PARAMETERS, PRIOR = "posterior", "parameters", "prior"
POINTS = 100
_LEVELS = tuple((k + 0.5) / POINTS for k in range(POINTS))
_CELLS = 20
"""Histories that a thread takes at a time."""


class RivalError(ValueError):
    """A rival's histories cannot be read; the message says why."""


@dataclass(frozen=True)
class Histories:
    """Weighted histories.

    Attributes:
        weights: Weights that add up to 1, shape (n,).
        columns: Outcomes of years by name, each of shape (n,).
        kept: Places of those that did not fail among those that were run, shape (n,).
    """

    weights: _Array
    columns: Mapping[str, _Array]
    kept: _Array

    @property
    def effective(self) -> float:
        """How many histories of equal weight tell as much."""
        return 1.0 / math.fsum(w * w for w in self.weights.tolist())


@dataclass(frozen=True)
class Forecaster:
    """What one forecaster says.

    Attributes:
        name: Its name.
        words: What it is, in words.
        histories: How many histories it is made of, or 0.
        effective: How many of equal weight would tell as much, or 0.
        probabilities: Question by question, NaN where it says nothing.
        numbers: By name of the number and year: :data:`POINTS` quantiles.
    """

    name: str
    words: str
    histories: int
    effective: float
    probabilities: list[float]
    numbers: dict[tuple[str, int], list[float]]


def naive_name(forecast: Forecast) -> str:
    """Return the name of the forecaster that carries a span on."""
    return f"as in {forecast.spec.like[0]}-{forecast.spec.like[1]}"


def forecasters(
    forecast: Forecast, calibrated: Path, rivals: Mapping[str, Path] | None = None, threads: int = 1, watch: Watcher | None = None
) -> list[Forecaster]:
    """Return what every forecaster says: posterior, parameters, prior, naive, and rivals by name.

    Args:
        forecast: What is asked.
        calibrated: Where ``dilemma calibrate`` wrote: its ``table`` and ``draws.csv`` are read.
        rivals: CSV files with a row a history and a column an outcome of a year (``pledges@2014``), by name.
        threads: Threads; nothing depends on how many.
        watch: Told how it goes.

    Raises:
        StoreError: If the table is not whole, or was made by other code or for another calibration.
        RivalError: If a rival cannot be read.
    """
    calibration, until = forecast.calibration, forecast.spec.until
    others = {name: read_rival(file) for name, file in (rivals or {}).items()}
    store, draws = calibrated / "table", calibrated / "draws.csv"
    result = SweepResult(store)
    differ = differences(result.manifest, calibration.table())
    if differ:
        raise StoreError(f"{store}: was made from something else:\n" + "\n".join(f"  {line}" for line in differ))
    if not result.complete or not draws.is_file():
        raise StoreError(f"{calibrated}: the calibration has not come to its end; go on with dilemma calibrate … --out {calibrated} --resume")
    table = read_table(calibration, store, calibration.spec.seed)
    near = adjuster_of(calibration, table).posterior(observed(calibration.spec.facts))
    onwards = calibration.carried_on(until)
    said = [
        (POSTERIOR, "nearest histories of the table, carried on", onwards, table.points[near.rows], near.weights),
        (PRIOR, "first histories of the table, carried on", onwards, np.arange(min(forecast.spec.histories, calibration.spec.histories)), None),
    ]
    anew = calibration.predictive(draws, until)
    said.insert(1, (PARAMETERS, "points of the posterior, begun anew", anew, np.arange(anew.cells), None))
    found = []
    for name, words, study, cells, weights in said:
        if watch is not None:
            watch(f"{name}: {len(cells):,} histories to {until}")
        run = run_cells(study, cells.tolist(), weights, threads)
        if study is onwards:
            _same_past(result, forecast, run, cells)
        found.append(say(forecast, name, words, run))
    found.append(naive(forecast))
    return [*found, *(say(forecast, name, "histories from a file", one) for name, one in others.items())]


def run_cells(study: Study, cells: Sequence[int], weights: _Array | None = None, threads: int = 1) -> Histories:
    """Run some cells of a study, each at its own address.

    Args:
        study: A study with one replicate a cell.
        cells: Their numbers.
        weights: Their weights; the same for all where absent.
        threads: Threads; nothing depends on how many.
    """
    warm()
    packed = study.recipe().packed()
    parts = [cells[k : k + _CELLS] for k in range(0, len(cells), _CELLS)]
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(run_task, packed, [study.piece(cell) for cell in part]) for part in parts]
        try:
            rows = [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    values = np.concatenate([r.values for r in rows])
    good = np.concatenate([[n not in r.errors for n in range(len(r.cell))] for r in rows])
    if not good.any():
        raise StoreError(f"{study.spec.name}: all of its histories failed; the first says: {next(iter(rows[0].errors.values()))}")
    kept = (np.ones(len(cells)) if weights is None else weights)[good]
    columns = {name: values[good, k] for k, name in enumerate(study.outcomes)}
    return Histories(kept / math.fsum(kept.tolist()), columns, np.flatnonzero(good))


def _same_past(result: SweepResult, forecast: Forecast, run: Histories, cells: _Array) -> None:
    """Refuse histories that are not those of the table, year by year: they would be others' futures."""
    outcomes = forecast.calibration.outcomes
    frame = result.to_pandas(outcomes, points=cells).set_index("point").reindex(cells[run.kept])
    for name in outcomes:
        if not np.array_equal(frame[name].to_numpy(), run.columns[name]):
            raise StoreError(f"{result.path}: this code makes other histories than the table's ({name} differs); calibrate anew")


def say(forecast: Forecast, name: str, words: str, run: Histories) -> Forecaster:
    """Return what weighted histories say of every question and number; nothing of those of which they have no column."""
    has = set(run.columns)
    n = run.effective

    def chance(question: Question) -> float:
        if not has.issuperset(question.columns):
            return math.nan
        share = math.fsum(run.weights[question.answered(run.columns)].tolist())
        return _rounded((n * share + 0.5) / (n + 1.0))

    def points(number: NumberSpec, year: int) -> list[float]:
        values = canonical(number_in(number, year, run.columns))
        return [_rounded(x) for x in weighted_quantiles(values, run.weights, _LEVELS)]

    numbers = {
        (number.number, year): points(number, year)
        for number in forecast.spec.numbers
        for year in forecast.years
        if has.issuperset(columns_of(number, year))
    }
    return Forecaster(name, words, len(run.weights), n, [chance(q) for q in forecast.questions], numbers)


def naive(forecast: Forecast) -> Forecaster:
    """Return the forecast that carries a span of known years on."""
    span = forecast.span
    probabilities = []
    for q in forecast.questions:
        # A state must hold from the last known year on; an event has the years of its window.
        years = q.last - q.first + 1 if q.before is not None else q.last - forecast.calibration.spec.until
        none = (span / (span + years)) ** ((q.before or 0) + 0.5)
        probabilities.append(_rounded(1.0 - none if q.before is not None else none))
    numbers: dict[tuple[str, int], list[float]] = {}
    for number in forecast.spec.numbers:
        if number.kinds:
            quantiles = count_quantiles(forecast.counted(number.kinds, *forecast.spec.like), span)
        else:
            like = sorted(value for year, value in number.known.items() if forecast.spec.like[0] <= year <= forecast.spec.like[1])
            quantiles = [_rounded(like[int(level * len(like))]) for level in _LEVELS] if like else []
        if quantiles:
            numbers |= {(number.number, year): quantiles for year in forecast.years}
    words = f"no model: the rates and levels of {forecast.spec.like[0]}-{forecast.spec.like[1]} carried on"
    return Forecaster(naive_name(forecast), words, 0, 0.0, probabilities, numbers)


def count_quantiles(count: int, years: int) -> list[float]:
    """Return quantiles of a year's count after so many in so many years: Poisson, its rate under Jeffreys' prior (a negative binomial)."""
    size, stays = count + 0.5, years / (years + 1.0)
    mass = stays**size
    up, value, found = mass, 0, []
    for level in _LEVELS:
        while up < level:
            mass *= (size + value) / (value + 1.0) * (1.0 - stays)
            value += 1
            up += mass
        found.append(float(value))
    return found


def read_rival(file: Path) -> Histories:
    """Return a rival's histories from a CSV file: a row a history, a column an outcome of a year.

    Raises:
        RivalError: If it cannot be read, or holds what is no number.
    """
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            head, *rows = list(csv.reader(opened)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RivalError(f"{file}: cannot be read: {error}") from None
    if not head or not rows or any("@" not in name for name in head):
        raise RivalError(f"{file}: wanted are a row a history and a column an outcome of a year, such as pledges@2014")
    for n, row in enumerate(rows, start=2):
        if len(row) != len(head):
            raise RivalError(f"{file}, line {n}: has {len(row)} values; the first line names {len(head)}")
        for name, text in zip(head, row, strict=True):
            try:
                finite = math.isfinite(float(text))
            except ValueError:
                finite = False
            if not finite:
                raise RivalError(f"{file}, line {n}, {name}: {text!r} is no number")
    values = np.array(rows, float)
    return Histories(np.full(len(rows), 1.0 / len(rows)), {name: values[:, k] for k, name in enumerate(head)}, np.arange(len(rows)))


def _rounded(value: float) -> float:
    """Return a value with six digits: what is written is what is scored."""
    return float(f"{value:.6g}")
