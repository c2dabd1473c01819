"""Loading a scenario: read, inherit, override, check.

Inheritance (``extends: aqim``): mappings merge by key; lists of named things (regions, emirs …) merge by ``name``,
where ``{name: X, remove: true}`` takes one away; timeline entries are added to the parent's, and ``timeline: {replace:
[…]}`` puts others in their place; anything else replaces. What a file inherits keeps the place it was written at, so an
error names the file to mend.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.errors import Place, Problem, ScenarioError, listed, nearest
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.references import check
from sim.scenario.schema import Scenario
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import Node, kind_of, read_file, read_text

LONGEST_CHAIN = 8
NAMED_LISTS = ("states", "regions", "communities", "organisations", "emirs", "smugglers", "brokers", "forces")


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name: those of the checkout's ``scenarios/`` folder, or of the installed package."""
    package = Path(__file__).parent.parent
    for folder in (package / "shipped" / "scenarios", package.parent / "scenarios"):
        found = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        if found:
            return found
    return {}


def load_scenario(source: str | os.PathLike[str], *, overrides: Sequence[str] = (), without: Sequence[str] = ()) -> Scenario:
    """Load a scenario and check it.

    Args:
        source: A shipped name (``aqim``) or the path of a YAML file.
        overrides: Changes, each ``path=value``: ``contact_exposure=0.2``, ``organisations.GSPC.control=0.3``, ``timeline.3.magnitude=0``.
        without: Mechanisms to switch off, by key or id (``brokerage``, ``M10``).

    Returns:
        The scenario, complete and checked.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    path, shown = _find(source)
    node = _inherit(path, shown, ())
    for text in overrides:
        _override(node, text)
    _switch_off(node, without)
    return _validate(node)


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
        if name in MECHANISMS:
            if value not in (True, False):
                problems.append(Problem(place, name, f"a mechanism is on or off, not {value!r}"))
            mechanisms[name] = bool(value)
        elif name in PARAMETERS:
            problem = _parameter_problem(name, value, place)
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
    """Return the SHA-256 of a complete scenario: equal for two files that say the same."""
    data = scenario.model_dump(mode="json", exclude={"title", "summary", "sources"})
    data["parameters"] = resolved_parameters(scenario)
    data["mechanisms"] = active_mechanisms(scenario)
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def resolved_parameters(scenario: Scenario) -> dict[str, float]:
    """Return every rulebook parameter with the value it has in a scenario."""
    return {name: float(scenario.parameters.get(name, parameter.default)) for name, parameter in PARAMETERS.items()}


def active_mechanisms(scenario: Scenario) -> dict[str, bool]:
    """Return every mechanism with whether it is on in a scenario."""
    return {key: scenario.mechanisms.get(key, True) for key in MECHANISMS}


def mechanism_key(name: str) -> str | None:
    """Return the key of a mechanism named by key or id in any case, or None."""
    fold = name.strip().casefold().replace("-", "_")
    return next((m.key for m in MECHANISMS.values() if fold in (m.key, m.id.casefold())), None)


def _find(source: str | os.PathLike[str], beside: Path | None = None) -> tuple[Path, str]:
    """Return the path of a scenario and how messages call it."""
    text = os.fspath(source)
    known = shipped()
    if text in known:
        path = known[text]
        return path, f"scenarios/{path.name}"
    path = Path(text) if beside is None else beside / text
    if path.suffix or os.sep in text or path.exists() or path.is_symlink():
        return path, os.fspath(path)
    message = f"there is no shipped scenario {text!r}, and no such file; shipped are {listed(known)}"
    raise ScenarioError([Problem(Place(text), "", message, nearest(text, known))])


def _inherit(path: Path, shown: str, chain: tuple[Path, ...]) -> Node:
    """Read a file and lay it over what it extends."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        real = path
    node = read_file(path, shown)
    parent = node.value.pop("extends", None)
    if parent is None:
        return node
    place = parent.place
    if not isinstance(parent.value, str) or not parent.value:
        raise ScenarioError([Problem(place, "extends", f"the name of a shipped scenario or a path is wanted, not {kind_of(parent.value)}")])
    if real in chain:
        raise ScenarioError([Problem(place, "extends", f"{parent.value!r} comes back to a file of its own chain")])
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError([Problem(place, "extends", f"a chain of more than {LONGEST_CHAIN} files")])
    if "name" not in node.value:
        raise ScenarioError([Problem(node.place, "name", "is missing: a scenario that extends another has a name of its own")])
    try:
        above, above_shown = _find(parent.value, path.parent)
    except ScenarioError as error:
        raise ScenarioError([Problem(place, "extends", p.message, p.nearest) for p in error.problems]) from None
    if not above.exists():
        raise ScenarioError([Problem(place, "extends", f"there is no file {parent.value!r}", nearest(parent.value, shipped()))])
    return _lay(_inherit(above, above_shown, (*chain, real)), node)


def _lay(below: Node, above: Node) -> Node:
    """Return a scenario laid over another."""
    merged = Node(dict(below.value), above.place, dict(below.keys))
    for key, node in above.value.items():
        merged.keys[key] = above.keys[key]
        under = below.value.get(key)
        if key in NAMED_LISTS and under is not None and isinstance(under.value, list) and isinstance(node.value, list):
            merged.value[key] = _lay_named(under, node, key)
        elif key == "timeline" and under is not None and isinstance(under.value, list):
            if isinstance(node.value, list):
                merged.value[key] = Node([*under.value, *node.value], node.place)
            elif isinstance(node.value, dict) and set(node.value) == {"replace"}:
                merged.value[key] = node.value["replace"]
            else:
                raise ScenarioError([Problem(node.place, key, f"a list of entries, or {{replace: […]}}, is wanted, not {kind_of(node.value)}")])
        elif under is not None and isinstance(under.value, dict) and isinstance(node.value, dict):
            merged.value[key] = Node({**under.value, **node.value}, node.place, {**under.keys, **node.keys})
        else:
            merged.value[key] = node
    return merged


def _lay_named(under: Node, over: Node, section: str) -> Node:
    """Merge two lists of named things by name."""
    items: dict[Any, Node] = {}
    for node in under.value:
        items[_name(node) or id(node)] = node
    for n, node in enumerate(over.value):
        name = _name(node)
        if name is None:
            items[id(node)] = node
            continue
        if "remove" in node.value:
            if node.value["remove"].value is not True or len(node.value) != 2:
                raise ScenarioError(
                    [Problem(node.place, f"{section}[{n}]", f"to take {name!r} away, write {{name: {name}, remove: true}} and nothing more")]
                )
            if name not in items:
                names = [k for k in items if isinstance(k, str)]
                raise ScenarioError([Problem(node.place, f"{section}[{n}]", f"there is no {name!r} to remove", nearest(name, names))])
            del items[name]
        elif name in items:
            below = items[name]
            items[name] = Node({**below.value, **node.value}, node.place, {**below.keys, **node.keys})
        else:
            items[name] = node
    return Node(list(items.values()), over.place)


def _name(node: Node) -> str | None:
    if isinstance(node.value, dict) and "name" in node.value and isinstance(node.value["name"].value, str):
        return str(node.value["name"].value)
    return None


def _override(root: Node, text: str) -> None:
    """Apply one ``path=value``."""
    place = Place(f"--set {text!r}")

    def fail(message: str, near: str = "") -> ScenarioError:
        return ScenarioError([Problem(place, "", message, near)])

    path, equals, written = text.partition("=")
    parts = path.strip().split(".")
    if not equals or not path.strip() or "" in parts:
        raise fail("is not of the form path=value, such as parameters.contact_exposure=0.2")
    value = read_text(written, place.file) if written.strip() else Node("", place)
    _move(value, place)
    if parts[0] not in Scenario.model_fields and len(parts) == 1:
        if parts[0] not in PARAMETERS:
            raise fail(f"there is nothing named {parts[0]!r}", nearest(parts[0], [*PARAMETERS, *Scenario.model_fields]))
        parts = ["parameters", parts[0]]
    if parts[0] not in Scenario.model_fields:
        raise fail(
            f"a scenario has no part {parts[0]!r}; its parts are {listed(Scenario.model_fields, 30)}", nearest(parts[0], Scenario.model_fields)
        )
    node = root
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        so_far = ".".join(parts[: depth + 1])
        if isinstance(node.value, list):
            names = [_name(item) for item in node.value]
            if part in names:
                index = names.index(part)
            elif part.isdecimal() and int(part) < len(node.value):
                index = int(part)
            else:
                known = [n for n in names if n]
                what = f"; there are {listed(known)}" if known else f"; it has {len(node.value)} entries, counted from 0"
                raise fail(f"{so_far!r} names nothing{what}", nearest(part, known))
            if last:
                node.value[index] = value
            else:
                node = node.value[index]
        elif isinstance(node.value, dict):
            if last:
                node.value[part] = value
                node.keys[part] = place
            else:
                if part not in node.value:
                    node.value[part] = Node({}, place)
                    node.keys[part] = place
                # A copy, so that an alias elsewhere in the file keeps what it was.
                inner = node.value[part]
                node.value[part] = Node(inner.value.copy() if isinstance(inner.value, dict | list) else inner.value, inner.place, dict(inner.keys))
                node = node.value[part]
        else:
            raise fail(f"{'.'.join(parts[:depth])!r} is {kind_of(node.value)} and has no parts")


def _move(node: Node, place: Place) -> None:
    """Say of everything in a node that it was written at one place."""
    node.place = place
    node.keys = dict.fromkeys(node.keys, place)
    for inner in node.value.values() if isinstance(node.value, dict) else node.value if isinstance(node.value, list) else ():
        _move(inner, place)


def _switch_off(root: Node, without: Sequence[str]) -> None:
    """Switch mechanisms off."""
    for name in without:
        place = Place(f"--without {name!r}")
        key = mechanism_key(name)
        if key is None:
            message = f"there is no mechanism {name!r}; mechanisms are {listed(MECHANISMS, 30)}"
            raise ScenarioError([Problem(place, "", message, nearest(name, MECHANISMS))])
        section = root.value.get("mechanisms")
        if section is None or not isinstance(section.value, dict):
            section = Node({}, place)
        root.value["mechanisms"] = Node({**section.value, key: Node(False, place)}, section.place, {**section.keys, key: place})
        root.keys.setdefault("mechanisms", place)


def _parameter_problem(name: str, value: Any, place: Place) -> Problem | None:
    """Return what is wrong with a parameter's value, or None."""
    parameter = PARAMETERS[name]
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Problem(place, f"parameters.{name}", f"a number from {parameter.low:g} to {parameter.high:g}{unit} is wanted, not {kind_of(value)}")
    if not parameter.low <= value <= parameter.high:
        return Problem(place, f"parameters.{name}", f"{value!r} is out of range; allowed is {parameter.low:g} to {parameter.high:g}{unit}")
    return None


def _validate(node: Node) -> Scenario:
    """Check a scenario as written and return it."""
    data = node.plain()
    problems: list[Problem] = []
    mechanisms = data.get("mechanisms")
    if isinstance(mechanisms, dict):
        for name in mechanisms:
            if name not in MECHANISMS:
                place = node.at(("mechanisms", name), key=True)
                message = f"there is no mechanism {name!r}; mechanisms are {listed(MECHANISMS, 30)}"
                problems.append(Problem(place, f"mechanisms.{name}", message, mechanism_key(name) or nearest(name, MECHANISMS)))
    parameters = data.get("parameters")
    if isinstance(parameters, dict):
        for name, value in parameters.items():
            if name not in PARAMETERS:
                place = node.at(("parameters", name), key=True)
                message = f"there is no parameter {name!r} (`dilemma explain` tells of all {len(PARAMETERS)})"
                problems.append(Problem(place, f"parameters.{name}", message, nearest(name, PARAMETERS)))
            else:
                problem = _parameter_problem(name, value, node.at(("parameters", name)))
                if problem:
                    problems.append(problem)
        data["parameters"] = {n: v for n, v in parameters.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError([*problems, *problems_of(error, node)]) from None
    problems += check(scenario, node)
    if problems:
        raise ScenarioError(problems)
    return scenario
