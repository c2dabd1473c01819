"""Variations of one world: built and checked once, and from then on only the numbers that vary are checked and written.

Between the points of a design a few numbers of a scenario differ, while reading, checking and building all of it costs as much as running it. A
number is *written* where it goes into the world or the parameters as it is: to the column that has its name (and to the one that keeps its value
at the start). Whether that is all it does is not taken on trust: before a number is written, worlds built in full with other values of it are
compared with written ones, bit by bit. What is not written has to be built.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from sim.scenario.errors import Place
from sim.scenario.load import parameter_problem
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.references import amounts_fit
from sim.scenario.schema import Scenario, Spec
from sim.world.build import build, communities_by_row, emirs_by_row, parameters
from sim.world.world import World

Path = tuple[str | int, ...]
"""Keys and indices of a number, from the top of the scenario: ``("organisations", 0, "control")``."""

TABLE_OF = {
    "states": "elite",
    "regions": "region",
    "communities": "community",
    "organisations": "organisation",
    "emirs": "emir",
    "smugglers": "smuggler",
    "brokers": "broker",
    "forces": "force",
    "timeline": "timeline",
}
"""Tables whose rows are the entries of a section of the scenario."""

_TRIALS = (0.0, 0.6180339887498949, 1.0)
"""Where between its ends a number is tried: at both, and at a place that no rounding leaves as it is."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that is written.

    Attributes:
        admitted: Returns the value as it is stored, or None where it is not plainly admissible.
        tried: Values to try it with.
        world: Positions in the world's memory.
        parameters: Positions in the parameters' memory.
        whole: Whether it is stored as an integer.
    """

    admitted: Callable[[Any], float | int | None]
    tried: tuple[Any, ...]
    world: tuple[int, ...]
    parameters: tuple[int, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Own:
    """A world and parameters, and the memory that they are in, as whole numbers."""

    memory: np.ndarray[Any, Any]
    world: World
    row_memory: np.ndarray[Any, Any]
    row: np.ndarray[Any, Any]


class Variation:
    """A scenario with its world and parameters, from which those of its neighbours are made.

    Attributes:
        scenario: The scenario, complete and checked.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self._seed = scenario, seed
        self._world, self._parameters = build(scenario, seed), parameters(scenario)
        # One stretch of memory, so that a copy of the world is one copy.
        self._memory = np.concatenate([table.view(np.int64).ravel() for table in self._world])
        self._row_memory = self._parameters.view(np.int64)
        self._begins = np.cumsum([0, *(table.nbytes for table in self._world[:-1])]).tolist()
        self._numbers: dict[Path, _Number] = {}
        self._own = threading.local()

    def vary(self, paths: Iterable[Path]) -> list[Path]:
        """Choose the numbers that vary.

        Args:
            paths: What varies.

        Returns:
            Those of them that cannot be written, because building does more with them than that. The others can.
        """
        paths = list(paths)
        found = {path: number for path in paths if (number := self._number(path)) is not None}
        if not self._holds(found):
            found = {path: number for path, number in found.items() if self._holds({path: number})}
        self._numbers = found
        return [path for path in paths if path not in found]

    def at(self, values: Mapping[Path, Any]) -> tuple[World, np.ndarray[Any, Any]] | None:
        """Return the world and the parameters with other values.

        Args:
            values: Values by path, each among those that :meth:`vary` found can be written.

        Returns:
            What :func:`sim.world.build.build` and :func:`sim.world.build.parameters` return for the scenario with these values, good until this
            thread asks again; None where a value, or their combination, is not plainly admissible: then loading the scenario tells why.
        """
        stored: dict[Path, float | int] = {}
        for path, value in values.items():
            admitted = self._numbers[path].admitted(value)
            if admitted is None:
                return None
            stored[path] = admitted
        together = {str(path[0]) for path in stored} & {"policies", "timeline"}
        if together and not amounts_fit(_changed(self.scenario, {p: v for p, v in values.items() if p[0] in together}), together):
            return None
        return self._written(self._numbers, stored)

    def _written(self, numbers: Mapping[Path, _Number], stored: Mapping[Path, float | int]) -> tuple[World, np.ndarray[Any, Any]]:
        own = self._of_this_thread()
        np.copyto(own.memory, self._memory)
        np.copyto(own.row_memory, self._row_memory)
        for path, value in stored.items():
            number = numbers[path]
            for place in number.world:
                (own.memory if number.whole else own.memory.view(np.float64))[place] = value
            for place in number.parameters:
                (own.row_memory if number.whole else own.row_memory.view(np.float64))[place] = value
        return own.world, own.row

    def _of_this_thread(self) -> _Own:
        """Return the world that this thread writes. A new one each time would take longer to make than to fill."""
        own: _Own | None = getattr(self._own, "tables", None)
        if own is None:
            memory, row_memory = np.empty_like(self._memory), np.empty_like(self._row_memory)
            places = zip(self._world, self._begins, strict=True)
            world = World(*(np.ndarray(table.shape, table.dtype, memory, begin) for table, begin in places))
            self._own.tables = own = _Own(memory, world, row_memory, row_memory.view(self._parameters.dtype))
        return own

    def _holds(self, numbers: Mapping[Path, _Number]) -> bool:
        """Return whether writing numbers gives what building gives, over what they are tried with, all at once."""
        for k in range(len(_TRIALS)):
            values = {path: number.tried[k] for path, number in numbers.items()}
            scenario = _changed(self.scenario, values)
            try:
                built, row = build(scenario, self._seed), parameters(scenario)
            except Exception:  # Whatever building makes of an extreme value, it is more than writing it.
                return False
            written, written_row = self._written(numbers, values)
            if row.tobytes() != written_row.tobytes() or any(a.tobytes() != b.tobytes() for a, b in zip(written, built, strict=True)):
                return False
        return True

    def _number(self, path: Path) -> _Number | None:
        """Return how a number is checked and where it goes, or None where it is none of those that may be written."""
        match path:
            case ("parameters", str(name)) if name in PARAMETERS:
                low, high = PARAMETERS[name].low, PARAMETERS[name].high
                return self._in_parameters(functools.partial(_parameter, name), _between(low, high), name)
            case ("mechanisms", str(name)) if name in MECHANISMS:
                return self._in_parameters(_switch, (False, True, False), f"on_{name}")
            case ("policies", str(field)):
                admitted, tried = _field(type(self.scenario.policies), field)
                return self._in_parameters(admitted, tried, f"policy_{field}") if tried else None
            case (str(section), int(index), str(field)) if section in TABLE_OF:
                return self._in_table(section, index, field)
        return None

    def _in_parameters(self, admitted: Callable[[Any], Any], tried: tuple[Any, ...], column: str) -> _Number | None:
        place = _place(self._parameters.dtype, column)
        return None if place is None else _Number(admitted, tried, (), (place[0],), place[1])

    def _in_table(self, section: str, index: int, field: str) -> _Number | None:
        table = TABLE_OF[section]
        spec = getattr(self.scenario, section)[index]
        kind: type[Spec] = type(spec)
        admitted, tried = _field(kind, field)
        array: np.ndarray[Any, Any] = getattr(self._world, table)
        found = [place for column in (field, f"{field}_start") if (place := _place(array.dtype, column)) is not None]
        if not tried or not found:
            return None
        rows: dict[str, Callable[[Scenario], list[Any]]] = {"communities": communities_by_row, "emirs": emirs_by_row}
        row = rows[section](self.scenario).index(spec) if section in rows else index
        first = (self._begins[World._fields.index(table)] + row * array.dtype.itemsize) // 8
        return _Number(admitted, tried, tuple(first + place for place, _ in found), (), found[0][1])


def _place(dtype: np.dtype[Any], column: str) -> tuple[int, bool] | None:
    """Return the position of a column in a row, in numbers, and whether it holds whole ones; None where there is no such column."""
    if dtype.fields is None or column not in dtype.fields:
        return None
    kind, offset = dtype.fields[column][:2]
    return offset // 8, kind == np.int64


def _parameter(name: str, value: Any) -> float | None:
    return None if parameter_problem(name, value, Place("")) else float(value)


def _switch(value: Any) -> int | None:
    return int(value) if isinstance(value, bool) else None


def _between(low: float, high: float) -> tuple[float, ...]:
    return tuple(low + (high - low) * part for part in _TRIALS)


@functools.cache
def _field(spec: type[Spec], name: str) -> tuple[Callable[[Any], Any], tuple[Any, ...]]:
    """Return the check of a field of the schema that is a number with ends, and values to try it with; none of these for any other field."""
    info = spec.model_fields.get(name)
    decorators = spec.__pydantic_decorators__
    low, high = (
        next((getattr(m, end) for m in (info.metadata if info else ()) if hasattr(m, end)), None) for end in ("ge", "le")
    )  # fmt: skip
    if (
        info is None
        or info.annotation not in (float, int)
        or low is None
        or high is None
        or decorators.model_validators
        or decorators.field_validators
    ):
        return _nothing, ()
    constrained: Any = Annotated[info.annotation, *info.metadata]
    adapter: TypeAdapter[Any] = TypeAdapter(constrained, config=spec.model_config)

    def admitted(value: Any) -> Any:
        try:
            return adapter.validate_python(value)
        except ValidationError:
            return None

    kind = info.annotation
    return admitted, tuple(kind(value) for value in _between(low, high))


def _nothing(value: Any) -> None:
    return None


def _changed(scenario: Scenario, values: Mapping[Path, Any]) -> Scenario:
    """Return a scenario with numbers changed, unchecked."""
    sections: dict[str, Any] = {}
    for path, value in values.items():
        section = str(path[0])
        old = sections.get(section, getattr(scenario, section))
        if isinstance(old, dict):
            sections[section] = {**old, path[1]: value}
        elif isinstance(old, list):
            sections[section] = [
                thing.model_copy(update={path[2]: value}) if index == path[1] else thing for index, thing in enumerate(old)
            ]  # fmt: skip
        else:
            sections[section] = old.model_copy(update={path[1]: value})
    return scenario.model_copy(update=sections)
