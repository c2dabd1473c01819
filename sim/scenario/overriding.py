"""Overrides: one thing of a scenario changed by its path.

A path names parts with dots: ``policies.budget``, ``organisations.GSPC.control`` (things by name or by number, counted
from 0), ``timeline.War in Iraq.magnitude`` or ``timeline.war-in-iraq.magnitude`` or ``timeline.3.magnitude`` (entries by name or number),
``regions.Hills.neighbours.Desert``. A parameter or a mechanism may stand alone: ``percolation=0.2``,
``brokerage=off``. The value is read as YAML.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.scenario.errors import Place, Problem, ScenarioError, listed, nearest
from sim.scenario.event_names import matching, names_as_written, typed
from sim.scenario.inheritance import DATED_LISTS, NAMED_LISTS, name_of
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import Scenario
from sim.scenario.yaml_text import Node, kind_of, read_text

LONGEST_SLUG = 48
"""Characters of changes that a file's name takes before it is cut."""
_LISTS = (*NAMED_LISTS, *DATED_LISTS, "sources", "ties")


def override(root: Node, changes: str | Sequence[str] | Mapping[str, Any]) -> None:
    """Apply changes to a scenario as it is written.

    Args:
        root: The scenario; changed in place.
        changes: Each ``path=value``, or values by path.

    Raises:
        ScenarioError: If a path names nothing or a value is not YAML. Whether the value is admissible is for the check of the whole scenario.
    """
    if isinstance(changes, Mapping):
        for path, value in changes.items():
            place = Place(f"argument {path!r}")
            # Plain values stand for themselves; what has parts is read as YAML reads it.
            plain = value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))
            _apply(root, str(path), Node(value, place) if plain else read_text(json.dumps(value, ensure_ascii=False), place.file), place)
        return
    for text in [changes] if isinstance(changes, str) else changes:
        place = Place(f"--set {text!r}")
        path, equals, written = text.partition("=")
        if not equals:
            raise ScenarioError([_not_a_change(place)])
        _apply(root, path, read_text(written, place.file) if written.strip() else Node("", place), place)


def switch_off(root: Node, without: str | Iterable[str]) -> None:
    """Switch mechanisms off, each named by key or id, or events of the timeline, each by its name.

    Raises:
        ScenarioError: If there is no such mechanism or event.
    """
    for name in [without] if isinstance(without, str) else without:
        place = Place(f"--without {name!r}")
        key = mechanism_key(name)
        if key is None:
            _switch_event_off(root, name, place)
            continue
        section = root.value.get("mechanisms")
        if section is None or not isinstance(section.value, dict):
            section = Node({}, place)
        root.value["mechanisms"] = Node({**section.value, key: Node(False, place)}, section.place, {**section.keys, key: place})
        root.keys.setdefault("mechanisms", place)


def _switch_event_off(root: Node, name: str, place: Place) -> None:
    """Give an event of the timeline the magnitude 0: it does not happen, and the others keep their numbers."""
    timeline = root.value.get("timeline")
    events = names_as_written(timeline.value) if timeline is not None and isinstance(timeline.value, list) else []
    found = matching(events, name)
    if len(found) != 1:
        near = nearest(name, [*MECHANISMS, *(typed(event) or event for event in events)])
        where = "" if near else "; `dilemma list` names the mechanisms, `dilemma list --events SCENARIO` the events"
        if len(found) > 1:
            where = f": {len(found)} events are called so; a date, or more of the name, says which"
        raise ScenarioError([Problem(place, "", f"there is no mechanism or event {name[:60]!r}{where}", near)])
    _apply(root, f"timeline.{found[0]}.magnitude", Node(0.0, place), place)


def in_words(changes: str | Sequence[str] | Mapping[str, Any], without: str | Sequence[str] = ()) -> tuple[str, ...]:
    """Return changes and mechanisms that are off as they are told: ``percolation=0.5``, ``without brokerage``."""
    if isinstance(changes, Mapping):
        changes = [f"{path}={value}" for path, value in changes.items()]
    changes, without = ([given] if isinstance(given, str) else given for given in (changes, without))
    return (*(text.strip() for text in changes), *(f"without {mechanism_key(name) or name}" for name in without))


def slug(words: Sequence[str]) -> str:
    """Return changes as part of a file's name, empty where nothing is changed: readable, and with a digest where it had to be cut."""
    text = "-".join(words).casefold()
    short = re.sub(r"[^\w.]+", "-", text.replace("=-", "-minus-")).strip("-.")
    if len(short) <= LONGEST_SLUG:
        return short
    return f"{short[:LONGEST_SLUG].strip('-.')}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _not_a_change(place: Place) -> Problem:
    return Problem(place, "", "is not of the form path=value, such as parameters.percolation=0.2")


def located(root: Node, path: str, place: Place) -> list[str | int]:
    """Return the keys and indices, from the top of a scenario as it is written, of what a path names.

    Raises:
        ScenarioError: If the path names nothing.
    """
    parts = path.strip().split(".")
    if "" in parts:
        raise ScenarioError([_not_a_change(place)])
    parts = _whole_path(root, parts, place)
    keys: list[str | int] = []
    node = root
    while parts:
        part, parts = _step_timeline(node, parts, place) if keys == ["timeline"] else _step(node, parts, place)
        keys.append(part)
        if isinstance(node.value, dict) and part not in node.value:
            if parts and part in _LISTS:
                raise ScenarioError([Problem(place, "", f"{part!r} is empty here, so {parts[0]!r} names nothing")])
            node = Node({}, place)
        else:
            node = node.value[part]
    return keys


def _apply(root: Node, path: str, value: Node, place: Place) -> None:
    """Apply one change."""
    node = root
    *above, last = located(root, path, place)
    for part in above:
        if isinstance(node.value, dict) and part not in node.value:
            node.value[part], node.keys[str(part)] = Node({}, place), place
        # A copy, so that an alias elsewhere in the file keeps what it was.
        inner = node.value[part]
        copied = inner.value.copy() if isinstance(inner.value, dict | list) else inner.value
        node.value[part] = node = Node(copied, inner.place, dict(inner.keys))
    node.value[last] = value
    if isinstance(node.value, dict):
        node.keys[str(last)] = place


def _whole_path(root: Node, parts: list[str], place: Place) -> list[str]:
    """Return a path from the top of the scenario: parameters and mechanisms may stand alone."""
    first = parts[0]
    if len(parts) == 1 and first not in Scenario.model_fields:
        key = mechanism_key(first)
        if first in PARAMETERS:
            return ["parameters", first]
        if key is not None:
            return ["mechanisms", key]
        near = _part_named(root, parts) or nearest(first, [*PARAMETERS, *MECHANISMS, *Scenario.model_fields])
        raise ScenarioError([Problem(place, "", f"there is nothing named {first!r}", near)])
    if first not in Scenario.model_fields:
        if near := _part_named(root, parts):
            raise ScenarioError([Problem(place, "", f"a scenario has no part {first!r}", near)])
        message = f"a scenario has no part {first!r}; its parts are {listed(Scenario.model_fields, 30)}"
        raise ScenarioError([Problem(place, "", message, nearest(first, Scenario.model_fields))])
    if first == "mechanisms" and len(parts) == 2:
        return [first, mechanism_key(parts[1]) or parts[1]]
    return parts


def _part_named(root: Node, parts: list[str]) -> str:
    """Return a path whose first part was left out, as it is whole: ``GSPC.control`` is ``organisations.GSPC.control``; empty where it is none."""
    known: dict[str, str] = {}
    for section in (*NAMED_LISTS, "timeline"):
        node = root.value.get(section)
        if node is None or not isinstance(node.value, list):
            continue
        if section == "timeline":
            names = [typed(name) for name in names_as_written(node.value)]
        else:
            names = [name for name in map(name_of, node.value) if name]
        for name in names:
            known.setdefault(name, section)
    for length in range(len(parts), 0, -1):
        # A name may have dots in it.
        name = ".".join(parts[:length])
        for written in (name, typed(name)):
            if written in known:
                return ".".join([known[written], written, *parts[length:]])
    near = nearest(parts[0], known) if len(parts) > 1 else ""
    return ".".join([known[near], near, *parts[1:]]) if near else ""


def _step(node: Node, parts: list[str], place: Place) -> tuple[Any, list[str]]:
    """Return the key or index that a path's first part names in a node, and the rest of the path."""
    if isinstance(node.value, dict):
        return parts[0], parts[1:]
    if not isinstance(node.value, list):
        raise ScenarioError([Problem(place, "", f"{kind_of(node.value)} has no parts, so {parts[0]!r} names nothing")])
    names = [name_of(item) for item in node.value]
    for length in range(len(parts), 0, -1):
        # A name may have dots in it.
        name = ".".join(parts[:length])
        if name in names:
            return names.index(name), parts[length:]
    part = parts[0]
    if part.isdecimal() and len(part) < 10 and int(part) < len(names):
        return int(part), parts[1:]
    known = [name for name in names if name]
    what = f"there are {listed(known)}" if known else f"there are {len(names)} entries, counted from 0"
    raise ScenarioError([Problem(place, "", f"{part[:60]!r} names nothing; {what}", nearest(part, known))])


def _step_timeline(node: Node, parts: list[str], place: Place) -> tuple[Any, list[str]]:
    """Return the number of the timeline's entry that the beginning of a path names, and the rest of the path."""
    if not isinstance(node.value, list):
        return _step(node, parts, place)
    names = names_as_written(node.value)
    for length in range(len(parts), 0, -1):
        # A name may have dots in it.
        found = matching(names, ".".join(parts[:length]))
        if len(found) == 1:
            return found[0], parts[length:]
    part = parts[0]
    if part.isdecimal() and len(part) < 10 and int(part) < len(names):
        return int(part), parts[1:]
    wanted = ".".join(parts[:-1]) or part
    several = [name for name in names if typed(name).startswith(f"{typed(wanted)}-")] if typed(wanted) else []
    what = f"there are {len(names)} entries, counted from 0: {listed(several or [name for name in names if name], 30)}"
    raise ScenarioError([Problem(place, "", f"{wanted[:60]!r} names nothing; {what}", nearest(wanted, several or names))])
