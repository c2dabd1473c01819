"""The compiled month: the schedule's rules fused into one function, without Python objects and without the GIL.

The fused month is written from :data:`sim.schedule.MONTH`, a loop a phase, as a small module of its own in the user's
cache, and compiled there with Numba. Its folder carries a hash of every source file the rulebook is made of, because
Numba's cache by itself looks only at the file of the outermost function: an edited rule is never run from an old cache.
Results do not depend on how many threads there are, nor on the order in which they finish: a run is a pure function of
(scenario, seed, replicate).
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import importlib.util
import os
import platform
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import numba
import numpy as np
from numba import njit, typeof, types
from platformdirs import user_cache_path

from sim.rules.reading import read_outcomes
from sim.rules.years import close_year, read_month
from sim.schedule import BORN, MONTH
from sim.world.outcomes import outcome_dtype, yearly_dtype
from sim.world.world import Columns, World, interpreted

_HEAD = '''"""The fused month, written by sim.engine from sim.schedule. Not to be edited: it is written anew when the rulebook changes."""

from numba import njit

from sim.rules.reading import read_outcomes
from sim.rules.years import close_year, read_month
from sim.schedule import MONTH

'''

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "cache": True, "error_model": "numpy", "_nrt": False}
"""How everything here is compiled."""

_OUTCOMES = outcome_dtype()
"""One object for all calls: compiled code takes the type of its arguments from it, and knows one it has seen at once."""

_YEARS = yearly_dtype()

MONTH_EVENTS, MONTH_VIOLENCE = 1024, 4096
"""Rows of the logs where a year is read month by month: what happens in a month."""

_TAIL = '''

@njit(error_model="numpy", _nrt=False)
def restore(memory, start):
    """Put the memory of a world back to the start's, table by table; its logs may have more room."""
    for n in range(len(start)):
        table, first = memory[n], start[n]
        for i in range(first.shape[0]):
            table[i] = first[i]


def advance(month, w, parameters, first, last):
    """Run the months first … last - 1 on a world, in place."""
    p = parameters[0]
    for t in range(first, last):
        month(w, p, t)


def ensemble(month, w, parameters, memory, start, months, replicates, outcomes):
    """Run replicates one after another on one scratch world, and read the outcomes of each into its row."""
    p = parameters[0]
    for n in range(replicates.shape[0]):
        restore(memory, start)
        w.clock.replicate[0] = replicates[n]
        for t in range(months):
            month(w, p, t)
        read_outcomes(w, months, outcomes, n)


def yearly(month, w, parameters, memory, start, ends, replicates, outcomes, years):
    """The same, and read every calendar year as well, into one row a run and year; the scratch world's logs have room for a month."""
    p = parameters[0]
    for n in range(replicates.shape[0]):
        restore(memory, start)
        w.clock.replicate[0] = replicates[n]
        first = n * ends.shape[0]
        t = 0
        for y in range(ends.shape[0]):
            while t < ends[y]:
                month(w, p, t)
                read_month(w, years, first + y)
                t += 1
            close_year(w, years, first, first + y)
        read_outcomes(w, t, outcomes, n)


def following(month, w, parameters, memory, start, replicates, strength, cohesion):
    """The same, and read the followed lineage every month: its strength, and its cohesion, each organisation weighted by its strength."""
    p = parameters[0]
    for n in range(replicates.shape[0]):
        restore(memory, start)
        w.clock.replicate[0] = replicates[n]
        focus = w.clock.focus[0]
        for t in range(strength.shape[1]):
            month(w, p, t)
            for i in range(w.emir.shape[0]):
                o = w.emir.organisation[i]
                if w.emir.alive[i] == 1 and w.organisation.alive[o] == 1 and w.organisation.lineage[o] == focus:
                    strength[n, t] += w.emir.strength[i]
            total = weighted = 0.0
            for o in range(w.organisation.shape[0]):
                if w.organisation.alive[o] == 1 and w.organisation.lineage[o] == focus:
                    total += w.organisation.strength[o]
                    weighted += w.organisation.strength[o] * w.organisation.cohesion[o]
            if total > 0.0:
                cohesion[n, t] = weighted / total
'''


def month_source() -> str:
    """Return the text of the module that holds the fused month: a loop a phase of the schedule."""
    lines = [f"rule_{n} = MONTH[{n}].rule" for n in range(len(MONTH))]
    lines += ["", "", "def month(w, p, t):", '    """One month: see sim.schedule."""']
    # Most rows of the tables that come and go are room to grow. Those who act this month stood when it began, except where newcomers act
    # too, so the loops end at the last row that was taken then: passing over empty rows was a quarter of a large world's month.
    for table in BORN:
        lines += [f"    last_{table} = 0", f"    for i in range(w.{table}.shape[0]):", f"        if w.{table}.alive[i] == 1:"]
        lines.append(f"            last_{table} = i + 1")
    for n, phase in enumerate(MONTH):
        column = BORN.get(phase.table)
        lines.append(f"    # {phase.name}")
        end = f"w.{phase.table}.shape[0]" if column is None or phase.newcomers else f"last_{phase.table}"
        lines.append(f"    for i in range({end}):")
        if column is None:
            lines.append(f"        rule_{n}(w, p, t, i)")
        else:
            old = "" if phase.newcomers else f" and w.{phase.table}.{column}[i] < t"
            lines.append(f"        if w.{phase.table}.alive[i] == 1{old}:")
            lines.append(f"            rule_{n}(w, p, t, i)")
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


@functools.cache
def rulebook_hash() -> str:
    """Return the SHA-256 of what the compiled month is made of: world, rules, schedule, this file, and the Python and Numba that compile it."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"{platform.python_version()} {numba.__version__} {np.__version__}".encode())
    for file in [*sorted((here / "world").glob("*.py")), *sorted((here / "rules").glob("*.py")), here / "schedule.py", here / "engine.py"]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Return the folder of the compiled rulebook (below ``NUMBA_CACHE_DIR`` where that is set, else in the user's cache)."""
    base = os.environ.get("NUMBA_CACHE_DIR")
    return (Path(base) if base else user_cache_path("dilemma-sim")) / f"rulebook-{rulebook_hash()[:16]}"


def is_compiled() -> bool:
    """Return whether the compiled rulebook is on disk already; if not, the first use compiles it, which takes about a minute."""
    return _kept("month")


def _kept(name: str) -> bool:
    """Return whether the machine code of a function of the fused module is on disk."""
    folder = cache_folder()
    try:
        # Where NUMBA_CACHE_DIR is set, Numba keeps its files in a folder beside, whose name begins with this one's.
        return any(True for found in folder.parent.glob(f"{folder.name}*") for _ in found.glob(f"**/fused_month.{name}-*.nbc"))
    except OSError:  # A cache that may not be looked at: what is in it is of no use.
        return False


@functools.cache
def _module() -> ModuleType:
    """Write the fused module where it can be cached, unless it stands there, and import it."""
    text = month_source()
    folder = cache_folder()
    file = folder / "fused_month.py"
    try:
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".tmp", delete=False, encoding="utf-8") as handle:
                handle.write(text)
            os.replace(handle.name, file)
    except OSError:  # Nowhere to keep it: a folder for this process alone, compiled anew next time.
        file = Path(tempfile.mkdtemp(prefix="dilemma-")) / "fused_month.py"
        file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("dilemma_fused_month", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"the fused month at {file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # Numba finds the module of cached code by its name.
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    """Let one process at a time compile a function for the first time: those that wait find it on disk, and have not compiled it as well.

    Who is killed holds the lock no longer. What is on disk already is loaded without it: a cluster's workers do not wait for one another.
    """
    from filelock import FileLock

    lock = None
    if not _kept(name):
        with contextlib.suppress(OSError, NotImplementedError):  # Where no file can be kept, or locked, everyone compiles for themselves.
            found = FileLock(cache_folder() / "compiling.lock")
            found.acquire()
            lock = found
    # Compiling makes millions of objects that stay: looking through them again and again for some to collect was a tenth of its time.
    often = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        if lock is not None:
            lock.release()


_ready: dict[str, Callable[..., None]] = {}
_making = threading.Lock()


def _run(name: str, world: World, parameters: np.ndarray[Any, Any], *more: Any) -> None:
    """Call a function of the fused module, compiled at its first call, with the compiled month and these arguments.

    The month is a value to it, a first-class function, and so compiled once: compiled into each function that calls it, as Numba would of itself, it
    took a minute of each, and 15 MB that every process read anew. What a rule raises still comes through.
    """
    # Numba must not load or compile in two threads at once. What is given must be of the first call's types: arrays of their own, in one piece.
    with _making:
        if name not in _ready:
            module, month = _module(), types.void(typeof(world), typeof(parameters).dtype, types.int64)
            signature = types.void(types.FunctionType(month), *(typeof(argument) for argument in (world, parameters, *more)))
            with _alone(name):
                if "month" not in _ready:
                    compiled: Any = njit(month, **_OPTIONS)(module.month)
                    (result,) = compiled.overloads.values()
                    # Numba asks twice a call where the month is, by a type and a name that take longer to look up than a small world's month to run.
                    where = functools.cache(result.library.get_pointer_to_function)
                    found = SimpleNamespace(fndesc=result.fndesc, library=SimpleNamespace(get_pointer_to_function=where))
                    compiled.get_compile_result = lambda _: found
                    _ready["month"] = compiled
                _ready[name] = njit(signature, **_OPTIONS)(getattr(module, name))
    _ready[name](_ready["month"], world, parameters, *more)


def advance(world: World, parameters: np.ndarray[Any, Any], first: int, last: int) -> None:
    """Run the months ``first`` … ``last - 1`` on a world, in place.

    Args:
        world: Tables of :mod:`sim.world.layout`.
        parameters: One row, from :func:`sim.world.build.parameters`.
        first: Month to begin with, counted from the scenario's start.
        last: Month to stop before.
    """
    _run("advance", world, parameters, first, last)


def months_of(world: World, parameters: np.ndarray[Any, Any], months: int) -> Iterator[int]:
    """Yield each month's number after it has been run on the world, in place."""
    for month in range(months):
        advance(world, parameters, month, month + 1)
        yield month


def outcomes(world: World, months: int) -> np.void:
    """Return the outcomes of a world after so many months: one record of :func:`sim.world.outcomes.outcome_dtype`."""
    table = np.zeros(1, outcome_dtype())
    read_outcomes(interpreted(world), months, Columns(table), 0)
    return table[0]


_own = threading.local()


def _memory(world: World) -> tuple[np.ndarray[Any, Any], ...]:
    """Return the tables' memory as arrays of one type, of which copying compiles in a moment: every column is eight bytes wide."""
    return tuple(table.view(np.int64) for table in world)


def _replicates(name: str, world: World, parameters: np.ndarray[Any, Any], *more: Any, **room: int) -> None:
    """Call a function that puts a scratch world back to the start before each replicate; ``room`` gives some tables more rows.

    Its tables are the same ones until this thread asks for others: making them took longer than filling them, where a sweep has one replicate a
    design point.
    """
    rows = [len(start) for start in world]
    if room:
        rows = [max(n, room.get(table, 0)) for table, n in zip(World._fields, rows, strict=True)]
    if getattr(_own, "rows", None) != rows:
        _own.world = World(*(np.empty(n, table.dtype) for n, table in zip(rows, world, strict=True)))
        _own.memory, _own.rows = _memory(_own.world), rows
    _run(name, _own.world, parameters, _own.memory, _memory(world), *more)


def ensemble(
    world: World, parameters: np.ndarray[Any, Any], months: int, replicates: Sequence[int] | np.ndarray[Any, Any], threads: int = 1
) -> np.ndarray[Any, Any]:
    """Run many replicates of one world.

    Args:
        world: The world at the start; left as it is.
        parameters: One row, from :func:`sim.world.build.parameters`.
        months: Months to run.
        replicates: Replicate numbers, one run each.
        threads: Threads to share them among; the result does not depend on it.

    Returns:
        Structured array of :func:`sim.world.outcomes.outcome_dtype`, shape (replicates,), in the order given.
    """
    numbers = np.array(replicates, np.int64)
    outcomes = np.zeros(len(numbers), _OUTCOMES)

    def some(piece: slice) -> None:
        _replicates("ensemble", world, parameters, months, numbers[piece], outcomes[piece])

    if threads <= 1 or len(numbers) < 2:
        some(slice(None))
        return outcomes
    # Small pieces, so that a thread that is done early takes over more.
    ends = np.linspace(0, len(numbers), min(len(numbers), 8 * threads) + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(some, map(slice, ends[:-1], ends[1:])))
    return outcomes


def yearly(
    world: World, parameters: np.ndarray[Any, Any], ends: Sequence[int], replicates: Sequence[int] | np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Run many replicates of one world, and read each of their years.

    Args:
        world: The world at the start; left as it is.
        parameters: One row, from :func:`sim.world.build.parameters`.
        ends: Months at which years end, counted from the scenario's start, in order; runs end with the last.
        replicates: Replicate numbers, one run each.

    Returns:
        Outcomes as from :func:`ensemble`, and a structured array of :func:`sim.world.outcomes.yearly_dtype`, shape (replicates, years). A year whose
        logs were too long for their room has NaN in it.
    """
    numbers = np.array(replicates, np.int64)
    outcomes = np.zeros(len(numbers), _OUTCOMES)
    years = np.zeros(len(numbers) * len(ends), _YEARS)
    _replicates("yearly", world, parameters, np.array(ends, np.int64), numbers, outcomes, years, log=MONTH_EVENTS, violence=MONTH_VIOLENCE)
    return outcomes, years.reshape(len(numbers), len(ends))


def following(
    world: World, parameters: np.ndarray[Any, Any], months: int, replicates: Sequence[int] | np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Run many replicates of one world, and read the followed lineage every month.

    Args:
        world: The world at the start; left as it is.
        parameters: One row, from :func:`sim.world.build.parameters`.
        months: Months to run.
        replicates: Replicate numbers, one run each.

    Returns:
        Strength (fighter-equivalents at the month's end) and cohesion (strength-weighted mean, NaN without a lineage), each of shape (replicates,
        months).
    """
    numbers = np.array(replicates, np.int64)
    strength, cohesion = np.zeros((len(numbers), months)), np.full((len(numbers), months), np.nan)
    _replicates("following", world, parameters, numbers, strength, cohesion)
    return strength, cohesion


class YearReader:
    """Reads the years of a world that is run month by month, as :func:`yearly` does of a compiled one.

    Args:
        world: A world whose logs have room for :data:`MONTH_EVENTS` and :data:`MONTH_VIOLENCE` rows.
        ends: Months at which years end, counted from the scenario's start.
    """

    def __init__(self, world: World, ends: Sequence[int]) -> None:
        self.years = np.zeros(len(ends), _YEARS)
        self._face, self._columns, self._ends, self._now = interpreted(world), Columns(self.years), ends, 0

    def after_month(self, months: int) -> None:
        """Read a month that has been run, the last of so many."""
        if self._now == len(self._ends):
            return
        read_month(self._face, self._columns, self._now)
        if months == self._ends[self._now]:
            close_year(self._face, self._columns, 0, self._now)
            self._now += 1
