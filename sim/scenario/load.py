"""Loading a scenario: read, inherit, override, check."""

from __future__ import annotations

import copy
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sim.scenario.errors import MOST_KEPT, Hints, Place, Problem, ScenarioError, listed, nearest
from sim.scenario.inheritance import NAMED_LISTS, read, shipped
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.numbers import between
from sim.scenario.overriding import located, override, switch_off
from sim.scenario.parameters import PARAMETERS
from sim.scenario.references import check
from sim.scenario.schema import Scenario
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import Node, kind_of, read_text

__all__ = [
    "NAMED_LISTS",
    "Draft",
    "active_mechanisms",
    "change",
    "load_scenario",
    "mechanism_key",
    "resolved_parameters",
    "scenario_hash",
    "shipped",
]  # fmt: skip


def load_scenario(
    source: str | os.PathLike[str], *, overrides: str | Sequence[str] | Mapping[str, Any] = (), without: str | Sequence[str] = ()
) -> Scenario:
    """Load a scenario and check it.

    Args:
        source: A shipped name (``aqim``) or the path of a YAML file.
        overrides: Changes, each ``path=value``: ``percolation=0.2``, ``organisations.GSPC.control=0.3``, ``timeline.War in
            Iraq.magnitude=0``; or values by path.
        without: Mechanisms to switch off, by key or id (``brokerage``, ``M10``), and events of the timeline, by name (``War in Iraq``).

    Returns:
        The scenario, complete and checked.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    return Draft(source, overrides=overrides, without=without).scenario()


class Draft:
    """A scenario as it is written, read once, from which many variations are made.

    Args and errors are those of :func:`load_scenario`.
    """

    def __init__(
        self, source: str | os.PathLike[str], *, overrides: str | Sequence[str] | Mapping[str, Any] = (), without: str | Sequence[str] = ()
    ) -> None:
        self._node = read(source)
        override(self._node, overrides)
        switch_off(self._node, without)

    def scenario(self, changes: Mapping[str, Any] | None = None, without: Sequence[str] = ()) -> Scenario:
        """Return the scenario, complete and checked, with changes (values by path) and mechanisms off; the draft stays as it is.

        Raises:
            ScenarioError: If a change is not admissible.
        """
        root = Node(dict(self._node.value), self._node.place, dict(self._node.keys))
        override(root, changes or {})
        switch_off(root, without)
        return _validate(root)

    def changed(self, overrides: str | Sequence[str] | Mapping[str, Any] = (), without: str | Sequence[str] = ()) -> Draft:
        """Return another draft, with changes; this one stays as it is. Args and errors are those of :func:`load_scenario`."""
        other = copy.copy(self)
        other._node = Node(dict(self._node.value), self._node.place, dict(self._node.keys))
        override(other._node, overrides)
        switch_off(other._node, without)
        return other

    @property
    def nodes(self) -> int:
        """Number of values that are written, aliases written out."""
        return self._node.count()

    def located(self, path: str) -> tuple[str | int, ...]:
        """Return the keys and indices of what a path of a change names: ``("organisations", 0, "control")``.

        Raises:
            ScenarioError: If it names nothing.
        """
        return tuple(located(self._node, path, Place(f"argument {path!r}")))


def scenario_of(data: Mapping[str, Any], shown: str) -> Scenario:
    """Return a scenario that a program has made up, checked as if a user had written it.

    Args:
        data: The scenario as plain data.
        shown: How messages call it.

    Raises:
        ScenarioError: If anything is wrong.
    """
    return _validate(read_text(json.dumps(data), shown))


def change(scenario: Scenario, changes: Mapping[str, float | bool]) -> Scenario:
    """Return a scenario with rulebook parameters and mechanisms changed, checked as if a user had written them.

    Args:
        scenario: The scenario to change.
        changes: Values by parameter name (numbers) or mechanism key (true or false).

    Raises:
        ScenarioError: If a name is unknown or a value is not admissible.
    """
    parameters, mechanisms = dict(scenario.parameters), dict(scenario.mechanisms)
    problems = []
    for name, value in changes.items():
        place = Place(f"argument {name!r}")
        # `succession` is the name of both: a number is for the parameter.
        if name in MECHANISMS and (name not in PARAMETERS or isinstance(value, bool)):
            if value not in (True, False):
                problems.append(Problem(place, name, f"a mechanism is on or off, not {value!r}"))
            mechanisms[name] = bool(value)
        elif name in PARAMETERS:
            problem = parameter_problem(name, value, place)
            if problem:
                problems.append(problem)
            else:
                parameters[name] = float(value)
        else:
            problems.append(Problem(place, "", f"{name!r} is neither a parameter nor a mechanism", nearest(name, [*PARAMETERS, *MECHANISMS])))
    if problems:
        raise ScenarioError(problems)
    return scenario.model_copy(update={"parameters": parameters, "mechanisms": mechanisms})


def scenario_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of a complete scenario: equal for two files that have the same worlds. What no rule reads is left out."""
    data = scenario.model_dump(mode="json", exclude={"title", "summary", "sources", "record", "data"})
    data["parameters"] = resolved_parameters(scenario)
    data["mechanisms"] = active_mechanisms(scenario)
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def resolved_parameters(scenario: Scenario) -> dict[str, float]:
    """Return every rulebook parameter with the value it has in a scenario."""
    return {name: float(scenario.parameters.get(name, parameter.default)) for name, parameter in PARAMETERS.items()}


def active_mechanisms(scenario: Scenario) -> dict[str, bool]:
    """Return every mechanism with whether it is on in a scenario."""
    return {key: scenario.mechanisms.get(key, True) for key in MECHANISMS}


def parameter_problem(name: str, value: Any, place: Place) -> Problem | None:
    """Return what is wrong with a parameter's value, or None."""
    parameter = PARAMETERS[name]
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Problem(place, f"parameters.{name}", f"a number from {between(parameter.low, parameter.high)}{unit} is wanted, not {kind_of(value)}")
    if not parameter.low <= value <= parameter.high:
        return Problem(place, f"parameters.{name}", f"{value!r} is out of range; allowed is {between(parameter.low, parameter.high)}{unit}")
    return None


def _validate(node: Node) -> Scenario:
    """Check a scenario as written and return it."""
    data = node.plain()
    problems: list[Problem] = []
    hint = Hints()
    mechanisms = data.get("mechanisms")
    if isinstance(mechanisms, dict):
        for name in mechanisms:
            if name not in MECHANISMS:
                place = node.at(("mechanisms", name), key=True)
                near = mechanism_key(name) or hint(name, MECHANISMS)
                message = f"there is no mechanism {name!r}" + ("" if near else f"; mechanisms are {listed(MECHANISMS, 30)}")
                problems.append(Problem(place, f"mechanisms.{name}", message, near))
    parameters = data.get("parameters")
    if isinstance(parameters, dict):
        for name, value in parameters.items():
            if name not in PARAMETERS:
                place = node.at(("parameters", name), key=True)
                message = f"there is no parameter {name!r} (`dilemma explain` tells of all {len(PARAMETERS)})"
                problems.append(Problem(place, f"parameters.{name}", message, hint(name, PARAMETERS)))
            else:
                problem = parameter_problem(name, value, node.at(("parameters", name)))
                if problem:
                    problems.append(problem)
        data["parameters"] = {n: v for n, v in parameters.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        problems += problems_of(error, node)
        rest = _with_defaults(data, error)
        raise ScenarioError([*problems, *(check(rest, node, partial=True) if rest else ())]) from None
    problems += check(scenario, node)
    if problems:
        raise ScenarioError(problems)
    return scenario


def _with_defaults(data: dict[str, Any], error: ValidationError) -> Scenario | None:
    """Return a scenario without what a validation refused, so that whoever wrote it hears of the rest at once; None where that is not enough."""
    if error.error_count() > MOST_KEPT:
        return None
    data = copy.deepcopy(data)
    for item in error.errors(include_url=False):
        *above, last = (part for part in item["loc"] if part != "[key]")
        inner: Any = data
        for part in above:
            inner = inner[part]
        if item["type"] == "missing" or not isinstance(inner, dict):
            return None
        inner.pop(last, None)
    try:
        return Scenario.model_validate(data)
    except ValidationError:
        return None
