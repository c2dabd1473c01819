"""What a worker does: the runs of one shard, wherever it is. A task carries all that it needs, and gives back plain arrays.

A worker may be a thread of this process, a process beside it or a machine far away. What it computes is a pure function of the task, so it does
not matter which of them did it, nor how often.
"""

from __future__ import annotations

import functools
import math
import pickle
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from sim.scenario.errors import ScenarioError
from sim.scenario.load import Draft
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count, year_ends
from sim.study.factor import Factor
from sim.study.starts import Starts
from sim.world.outcomes import of_year, outcome_dtype, yearly_dtype

Engine = Literal["compiled", "mesa"]
_NOT_THE_RUNS_FAULT = (MemoryError, OSError, ImportError)
"""What a worker may lack; it stops the sweep, which can be resumed, and is never recorded as the failure of a run."""


@dataclass(frozen=True)
class Arm:
    """One of the ways in which the whole design is run.

    Attributes:
        scenario: Name of the scenario (or of the test function).
        policy: Name of the policy mix; empty for the scenario's own.
        without: Key of the mechanism that is off in this arm; empty for none.
        changes: Changes to the scenario that the policy makes, by path.
    """

    scenario: str
    policy: str = ""
    without: str = ""
    changes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Until:
    """When a design point has replicates enough."""

    outcome: int
    proportion: bool
    width: float
    at_most: int


@dataclass(frozen=True)
class Recipe:
    """What every task of a sweep shares.

    Attributes:
        seed: Seed of every draw.
        arms: The arms.
        drafts: The scenarios by name, with the changes that hold throughout; empty for a test function.
        factors: The factors, in the order of the design's columns.
        outcomes: Names of the outcomes kept.
        until: When a point has replicates enough; None where their number is fixed.
        rulebook: SHA-256 of the rulebook, which a worker elsewhere must share.
        engine: Which engine runs it.
    """

    seed: int
    arms: tuple[Arm, ...]
    drafts: Mapping[str, Draft]
    factors: tuple[Factor, ...]
    outcomes: tuple[str, ...]
    until: Until | None
    rulebook: str
    engine: Engine = "compiled"

    def packed(self) -> bytes:
        """Return the recipe as bytes, for travel."""
        # A copy, which has no starts yet.
        return zlib.compress(pickle.dumps(replace(self)))

    @functools.cached_property
    def starts(self) -> tuple[Starts, ...]:
        """Where runs start from, arm by arm: made ready once in a process, and shared by its threads."""
        return tuple(
            Starts(self.drafts[arm.scenario], arm.without, self.factors, self.seed, functools.partial(scenario_at, self, arm)) for arm in self.arms
        )

    def years(self, name: str, scenario: Callable[[], Scenario]) -> AskedYears | None:
        """Return how the runs of a scenario are read year by year, or None where no outcome is of a year.

        Args:
            name: Its name.
            scenario: Returns it at any design point at which it is admissible: as it is written it need not be (a budget without shares).
        """
        if not any("@" in outcome for outcome in self.outcomes):
            return None
        if name not in self._years:
            self._years[name] = AskedYears.of(self.outcomes, scenario())
        return self._years[name]

    @functools.cached_property
    def _years(self) -> dict[str, AskedYears | None]:
        return {}


@dataclass(frozen=True)
class AskedYears:
    """Outcomes of which some are of calendar years, and how a run is read for them.

    Attributes:
        ends: Months at which years end; a run of which nothing whole is asked ends with the last year that is.
        places: For each outcome kept its place in a row of outcomes and of all years.
    """

    ends: tuple[int, ...]
    places: np.ndarray[Any, Any]

    @classmethod
    def of(cls, outcomes: Sequence[str], scenario: Scenario) -> AskedYears | None:
        """Return how outcomes are read of a scenario's runs, or None where none of them is of a year."""
        years = [of_year(name) for name in outcomes]
        last = max((year[1] for year in years if year is not None), default=None)
        if last is None:
            return None
        ends = {year: end for year, end in year_ends(scenario).items() if year <= last or None in years}
        whole, series, first = outcome_dtype().names or (), yearly_dtype().names or (), min(ends)
        places = [
            whole.index(name) if year is None else len(whole) + (year[1] - first) * len(series) + series.index(year[0])
            for name, year in zip(outcomes, years, strict=True)
        ]
        return cls(tuple(ends.values()), np.array(places))

    def columns(self, outcomes: np.ndarray[Any, Any], years: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the outcomes kept, shape (runs, outcomes), from what the engine gives."""
        n = len(outcomes)
        return np.hstack([outcomes.view(np.float64).reshape(n, -1), np.ascontiguousarray(years).view(np.float64).reshape(n, -1)])[:, self.places]


@dataclass(frozen=True)
class Piece:
    """Some replicates of one cell (an arm at a design point).

    Attributes:
        cell: Number of the cell.
        arm: Number of its arm.
        point: The design point: coded values, one a factor.
        first: Number of the first replicate.
        count: How many.
    """

    cell: int
    arm: int
    point: tuple[float, ...]
    first: int
    count: int


@dataclass(frozen=True)
class Rows:
    """The runs of a shard.

    Attributes:
        cell: Cells, shape (n,).
        replicate: Replicate numbers, shape (n,).
        values: Outcomes, shape (n, outcomes); NaN in a row that failed.
        errors: Messages of the rows that failed, by row.
    """

    cell: np.ndarray[Any, Any]
    replicate: np.ndarray[Any, Any]
    values: np.ndarray[Any, Any]
    errors: dict[int, str]


class RulebookDiffersError(RuntimeError):
    """A worker has another version of the rulebook than whoever sent the task."""


def run_task(packed: bytes, pieces: Sequence[Piece]) -> Rows:
    """Run the pieces of a shard.

    Args:
        packed: The recipe, from :meth:`Recipe.packed`.
        pieces: What to run.

    Returns:
        One row a run, in the order of the pieces and of their replicates.

    Raises:
        RulebookDiffersError: If this worker's rulebook is another.
    """
    return run_pieces(_unpacked(packed), pieces)


def run_pieces(recipe: Recipe, pieces: Sequence[Piece]) -> Rows:
    """Run pieces; see :func:`run_task`."""
    cells, numbers, tables, errors = [], [], [], {}
    done = 0
    for piece in pieces:
        replicates, values, failed = _piece(recipe, piece)
        cells.append(np.full(len(replicates), piece.cell, np.int64))
        numbers.append(replicates)
        tables.append(values)
        errors.update({done + row: message for row, message in failed.items()})
        done += len(replicates)
    return Rows(np.concatenate(cells), np.concatenate(numbers), np.concatenate(tables), errors)


def scenario_at(recipe: Recipe, arm: Arm, point: Sequence[float]) -> Scenario:
    """Return the scenario of an arm at a design point, complete and checked.

    Args:
        recipe: The recipe.
        arm: The arm.
        point: Coded values, one a factor; :data:`sim.study.factor.AS_WRITTEN` leaves a factor as the scenario has it.

    Raises:
        ScenarioError: If the combination is not admissible.
    """
    changes = dict(arm.changes)
    for factor, coded in zip(recipe.factors, point, strict=True):
        changes.update(factor.changes(coded))
    return recipe.drafts[arm.scenario].scenario(changes, [arm.without] if arm.without else [])


_loading = threading.Lock()


@functools.lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> Recipe:
    recipe: Recipe = pickle.loads(zlib.decompress(packed))
    from sim.observe.provenance import rulebook_digest

    if rulebook_digest() != recipe.rulebook:
        raise RulebookDiffersError(f"this worker's rulebook is {rulebook_digest()[:12]}, the sweep's is {recipe.rulebook[:12]}; install one version")
    return recipe


@functools.cache
def _warm() -> None:
    """Load the compiled rulebook, or compile it: Numba must not do that in two threads at once."""
    from sim import engine
    from sim.scenario.load import load_scenario
    from sim.world.build import build, parameters

    small = load_scenario("dilemma-101")
    engine.ensemble(build(small), parameters(small), 1, [])


def warm() -> None:
    """Make the compiled engine ready in this process."""
    with _loading:
        _warm()


def _piece(recipe: Recipe, piece: Piece) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], dict[int, str]]:
    """Run a piece: replicate numbers, outcomes, messages of what failed."""
    numbers = np.arange(piece.first, piece.first + piece.count)
    values, errors = _evaluate(recipe, piece, numbers)
    until = recipe.until
    while until is not None and len(numbers) < until.at_most:
        ran = np.array([n not in errors for n in range(len(numbers))])
        if not ran.any() or (ran.sum() > 1 and width(values[ran, until.outcome], until.proportion) <= until.width):
            break
        # Half as many again: a decision depends only on this cell's own runs, so it is the same in whatever order cells are done.
        more = np.arange(numbers[-1] + 1, numbers[-1] + 1 + min(max(1, len(numbers) // 2), until.at_most - len(numbers)))
        added, failed = _evaluate(recipe, piece, more)
        errors.update({len(numbers) + row: message for row, message in failed.items()})
        numbers, values = np.concatenate([numbers, more]), np.concatenate([values, added])
    return numbers, values, errors


def width(values: np.ndarray[Any, Any], proportion: bool, level: float = 0.95) -> float:
    """Return the width of the interval of a mean: Wilson's for 0/1 outcomes, whose spread may be nil, else Student's.

    Args:
        values: Sample, shape (n,), n >= 2.
        proportion: Whether the outcome is 0 or 1.
        level: Coverage.
    """
    from scipy.stats import norm, t

    n = len(values)
    if proportion:
        z, p = float(norm.ppf(0.5 + level / 2)), float(values.mean())
        return 2.0 * z / (1.0 + z * z / n) * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n))
    return 2.0 * float(t.ppf(0.5 + level / 2, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)


def _evaluate(recipe: Recipe, piece: Piece, numbers: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], dict[int, str]]:
    """Run replicates of a cell. What one of them raises is its message, not the end of the sweep."""
    values = np.full((len(numbers), len(recipe.outcomes)), math.nan)
    errors: dict[int, str] = {}
    try:
        run = _runner(recipe, piece)
    except _NOT_THE_RUNS_FAULT:
        raise
    except Exception as error:
        return values, dict.fromkeys(range(len(numbers)), _told(error))
    try:
        values[:] = run(numbers)
    except _NOT_THE_RUNS_FAULT:
        raise
    except Exception:
        # One by one, so that only those that fail are lost.
        for row in range(len(numbers)):
            try:
                values[row] = run(numbers[row : row + 1])[0]
            except _NOT_THE_RUNS_FAULT:
                raise
            except Exception as error:
                values[row] = math.nan
                errors[row] = _told(error)
    for row, k in zip(*np.nonzero(~np.isfinite(values)), strict=True):
        errors.setdefault(int(row), f"outcome {recipe.outcomes[k]} is {values[row, k]}")
    values[list(errors)] = math.nan
    return values, errors


def _told(error: Exception) -> str:
    """Return what a row says of its failure: nothing that depends on where the scenario was read from, or bytes would."""
    text = str(error)
    if isinstance(error, ScenarioError):
        text = "; ".join(f"{p.path}: {p.message}" if p.path else p.message for p in error.problems)
    return f"{type(error).__name__}: {' '.join(text.split())}"


def _runner(recipe: Recipe, piece: Piece) -> Any:
    """Return a function from replicate numbers to outcomes."""
    arm = recipe.arms[piece.arm]
    if not recipe.drafts:
        from sim.study.functions import evaluate

        y = evaluate(arm.scenario, np.array([piece.point]))[0]
        return lambda numbers: np.full((len(numbers), 1), y)
    if recipe.engine == "mesa":
        scenario = scenario_at(recipe, arm, piece.point)
        return functools.partial(_mesa, scenario, recipe, recipe.years(arm.scenario, lambda: scenario))
    from sim import engine

    warm()
    start, p, months = recipe.starts[piece.arm].at(piece.point)
    asked = recipe.years(arm.scenario, lambda: scenario_at(recipe, arm, piece.point))
    if asked is not None:

        def run_years(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
            return asked.columns(*engine.yearly(start, p, asked.ends, numbers))

        return run_years

    def run(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return _columns(engine.ensemble(start, p, months, numbers), recipe.outcomes)

    return run


def _mesa(scenario: Scenario, recipe: Recipe, asked: AskedYears | None, numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    from sim.model import DilemmaModel

    if asked is not None:
        return np.concatenate([_mesa_years(scenario, recipe, asked, number) for number in numbers.tolist()])
    rows, months = [], month_count(scenario)
    for number in numbers.tolist():
        model = DilemmaModel(scenario, rng=recipe.seed, replicate=number, log=1)
        for _ in range(months):
            model.step()
        rows.append(model.outcomes())
    return _columns(np.array(rows, dtype=rows[0].dtype), recipe.outcomes)


def _mesa_years(scenario: Scenario, recipe: Recipe, asked: AskedYears, number: int) -> np.ndarray[Any, Any]:
    from sim import engine
    from sim.model import DilemmaModel

    model = DilemmaModel(scenario, rng=recipe.seed, replicate=number, log=engine.MONTH_EVENTS, violence=engine.MONTH_VIOLENCE)
    reader = engine.YearReader(model.world, asked.ends)
    for month in range(asked.ends[-1]):
        model.step()
        reader.after_month(month + 1)
    outcomes = model.outcomes()
    return asked.columns(np.array([outcomes], outcomes.dtype), reader.years[None])


def _columns(table: np.ndarray[Any, Any], outcomes: tuple[str, ...]) -> np.ndarray[Any, Any]:
    names = table.dtype.names or ()
    return np.ndarray((len(table), len(names)), np.float64, table)[:, _places(names, outcomes)]


@functools.lru_cache(maxsize=8)
def _places(names: tuple[str, ...], outcomes: tuple[str, ...]) -> list[int]:
    """Return where outcomes stand among names."""
    return [names.index(name) for name in outcomes]
