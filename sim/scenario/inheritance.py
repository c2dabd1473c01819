"""Inheritance: a scenario laid over the one it extends.

``extends: aqim`` (a shipped name, or a path relative to the file) inherits everything and changes what is written:

* mappings merge by key, at every depth; below the top, a key left empty (``control:`` or ``~``) takes the inherited one
  away, so that the default holds again;
* lists of named things (regions, emirs …) merge by ``name``, new names are added at the end, and
  ``{name: X, remove: true}`` takes one away;
* entries of the timeline are added after the inherited ones; one that bears the name (see :mod:`sim.scenario.event_names`) of an inherited one
  changes it, and ``{name: X, remove: true}`` takes it away; facts of the record are added;
* ``{replace: […]}`` puts a list in the place of the inherited timeline, record or list of named things;
* anything else replaces.

What is inherited keeps the place it was written at, so an error names the file to mend.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.errors import Hints, Place, Problem, ScenarioError, listed, nearest
from sim.scenario.event_names import matching, names_as_written
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.reading import read_limited
from sim.scenario.yaml_text import MOST_BYTES, MOST_NODES, Node, kind_of, read_bytes

LONGEST_CHAIN = 8
NAMED_LISTS = ("states", "regions", "communities", "organisations", "emirs", "smugglers", "brokers", "forces")
DATED_LISTS = ("timeline", "record")
YAML = (".yaml", ".yml")
"""How the names of files end that a file may name: what a file of another kind says is not told to whoever wrote a scenario."""
_SIGNS = {"extends", *NAMED_LISTS}
"""Keys of which a scenario that another extends has one at least."""


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios by name: those of the checkout's ``scenarios/`` folder, or of the installed package."""
    return shipped_files("scenarios")


def shipped_files(kind: str) -> dict[str, Path]:
    """Return the YAML files that ship in a folder, by name."""
    package = Path(__file__).parent.parent
    for folder in (package / "shipped" / kind, package.parent / kind):
        found = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        if found:
            return found
    return {}


def read(source: str | os.PathLike[str]) -> Node:
    """Read a scenario as it is written, laid over all that it extends.

    Args:
        source: A shipped name or the path of a file.

    Raises:
        ScenarioError: If a file cannot be read or does not say clearly what it inherits.
    """
    path, shown = find(source)
    return _inherit(path, shown, ())


def find(source: str | os.PathLike[str], beside: Path | None = None) -> tuple[Path, str]:
    """Return the path of a scenario and how messages call it."""
    text = os.fspath(source)
    known = shipped()
    if text in known:
        path = known[text]
        return path, f"scenarios/{path.name}"
    path = Path(text) if beside is None else beside / text
    if path.suffix or os.sep in text or os.path.lexists(path):
        return path, os.fspath(path)
    message = f"there is no shipped scenario {text[:60]!r}, and no such file; shipped are {listed(known)}"
    raise ScenarioError([Problem(Place(text[:60]), "", message, nearest(text, known))])


_KEPT_BYTES = 100_000
"""Files that are larger (the largest that ships has a third of it) are read anew each time: what they say may take seventy times as much memory."""


def _read(path: Path, shown: str) -> tuple[Node, int]:
    """Return what a file says, and how many values it has. What is returned may be somebody else's too: it is not to be changed."""
    data = read_limited(path, shown, "a scenario", MOST_BYTES)
    return _written(data, shown) if len(data) <= _KEPT_BYTES else _written.__wrapped__(data, shown)


@functools.lru_cache(maxsize=16)
def _written(data: bytes, shown: str) -> tuple[Node, int]:
    """Return what a file says, and how many values it has; kept, because a notebook runs one scenario again and again."""
    node = read_bytes(data, shown)
    return node, node.count()


def _inherit(path: Path, shown: str, chain: tuple[Path, ...], nodes: int = 0) -> Node:
    """Read a file and lay it over what it extends; ``nodes`` counts the values of the files read before it."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):
        real = path
    try:
        node, values = _read(path, shown)
    except ScenarioError as error:
        if not chain or not os.path.isfile(path):
            raise
        # A scenario may name any file of whoever checks it: nothing is told of what it says, unless it is a scenario too.
        raise ScenarioError([Problem(p.place, "", "cannot be read as a scenario; `dilemma check` of it tells why") for p in error.problems]) from None
    if chain and not _SIGNS & node.value.keys():
        raise ScenarioError([Problem(Place(shown), "", "is no scenario, so none can extend it")])
    nodes += values
    if nodes > MOST_NODES:
        raise ScenarioError([Problem(Place(shown), "", f"more than {MOST_NODES:,} values together with what it extends")])
    # What was read is kept for whoever reads it next; what is changed below stands in a mapping of one's own.
    node = Node(dict(node.value), node.place, dict(node.keys))
    _name_mechanisms(node)
    parent = node.value.pop("extends", None)
    if parent is None:
        return node

    def fail(message: str, near: str = "") -> ScenarioError:
        return ScenarioError([Problem(parent.place, "extends", message, near)])

    if not isinstance(parent.value, str) or not parent.value:
        raise fail(f"the name of a shipped scenario or a path is wanted, not {kind_of(parent.value)}")
    if real in chain:
        raise fail(f"{parent.value!r} comes back to a file of its own chain")
    if len(chain) >= LONGEST_CHAIN:
        raise fail(f"a chain of more than {LONGEST_CHAIN} files")
    if "name" not in node.value:
        raise ScenarioError([Problem(node.place, "name", "is missing: a scenario that extends another has a name of its own")])
    try:
        above, above_shown = find(parent.value, path.parent)
    except ScenarioError as error:
        raise fail(error.problems[0].message, error.problems[0].nearest) from None
    if not os.path.exists(above):
        raise fail(f"there is no file {parent.value[:60]!r}", nearest(parent.value, shipped()))
    if os.path.isdir(above):
        raise fail(f"{parent.value[:60]!r} is a directory; a scenario is a YAML file")
    if above.suffix not in YAML:
        raise fail(f"{parent.value[:60]!r} is no YAML file; its name ends in neither .yaml nor .yml")
    return _lay(_inherit(above, above_shown, (*chain, real), nodes), node)


def _name_mechanisms(node: Node) -> None:
    """Call every mechanism by its key where a file calls it by its id, so that files merge and errors agree on the name."""
    section = node.value.get("mechanisms")
    if section is None or not isinstance(section.value, dict):
        return
    values: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for written, value in section.value.items():
        key = written if written in MECHANISMS else mechanism_key(written) or written
        if key in values:
            message = f"{key!r} is written twice, by key and by id; first at line {keys[key].line}"
            raise ScenarioError([Problem(section.keys[written], f"mechanisms.{written}", message)])
        values[key], keys[key] = value, section.keys[written]
    node.value["mechanisms"] = Node(values, section.place, keys)


def _lay(below: Node, above: Node) -> Node:
    """Return a scenario laid over another."""
    merged = Node(dict(below.value), above.place, dict(below.keys))
    for key, over in above.value.items():
        merged.keys[key] = above.keys[key]
        under = below.value.get(key)
        if key in DATED_LISTS or key in NAMED_LISTS:
            merged.value[key] = _lay_list(under, over, key)
        elif under is not None and isinstance(under.value, dict) and isinstance(over.value, dict):
            merged.value[key] = _lay_mapping(under, over)
        else:
            merged.value[key] = over
    return merged


def _lay_mapping(under: Node, over: Node) -> Node:
    """Merge two mappings by key, at every depth."""
    values, keys = dict(under.value), dict(under.keys)
    for key, node in over.value.items():
        inherited = values.get(key)
        if node.value is None and inherited is not None:
            del values[key]
            continue
        both = inherited is not None and isinstance(inherited.value, dict) and isinstance(node.value, dict)
        values[key] = _lay_mapping(inherited, node) if both and inherited is not None else node
        keys[key] = over.keys[key]
    return Node(values, over.place, keys)


def _lay_list(under: Node | None, over: Node, section: str) -> Node:
    """Merge a list of dated or of named things."""
    if isinstance(over.value, Mapping) and set(over.value) == {"replace"}:
        return over.value["replace"]
    if not isinstance(over.value, list):
        message = f"a list, or {{replace: […]}} in the place of what is inherited, is wanted, not {kind_of(over.value)}"
        raise ScenarioError([Problem(over.place, section, message)])
    if under is None or not isinstance(under.value, list):
        return over
    if section == "timeline":
        return _lay_timeline(under, over)
    if section in DATED_LISTS:
        return Node([*under.value, *over.value], over.place)
    return _lay_named(under, over, section)


def _lay_named(under: Node, over: Node, section: str) -> Node:
    """Merge two lists of named things by name."""
    items: dict[Any, Node] = {}
    for node in under.value:
        # A name that is taken twice stays twice, to be told as an error.
        name = name_of(node)
        items[id(node) if name is None or name in items else name] = node
    seen: set[str] = set()
    problems = []
    hint = Hints()
    for n, node in enumerate(over.value):
        name = name_of(node)
        path = f"{section}[{n}]"
        if name is None:
            items[id(node)] = node
            continue
        if name in seen:
            problems.append(Problem(node.place, path, f"{name!r} is named twice in this list; say all that changes in one place"))
            continue
        seen.add(name)
        if "remove" in node.value:
            if node.value["remove"].value is not True or len(node.value) != 2:
                message = f"to take {name!r} away, write {{name: {name}, remove: true}} and nothing more"
                problems.append(Problem(node.place, path, message))
            elif name not in items:
                names = [k for k in items if isinstance(k, str)]
                problems.append(Problem(node.place, path, f"there is no {name!r} to remove", hint(name, names)))
            else:
                del items[name]
        else:
            items[name] = _lay_mapping(items[name], node) if name in items else node
    if problems:
        raise ScenarioError(problems)
    return Node(list(items.values()), over.place)


def _lay_timeline(under: Node, over: Node) -> Node:
    """Lay entries of a timeline over the inherited ones: those of an inherited name change or remove it, the others are added."""
    entries: list[Node | None] = list(under.value)
    names = names_as_written(under.value)
    added: list[Node] = []
    problems = []
    for n, node in enumerate(over.value):
        path = f"timeline[{n}]"
        called = name_of(node)
        name = called or _label_of(node)
        found = matching(names, name) if name else []
        if called and not found:
            several = [other for other in names if other.startswith(f"{called} ")]
            message = f"{called!r} is the name of several: say which" if several else f"there is no inherited event {called!r}"
            problems.append(Problem(node.place, path, f"{message}; inherited are {listed(several or names, 30)}", nearest(called, names)))
        elif not found:
            added.append(node)
        elif len(found) > 1:
            problems.append(Problem(node.place, path, f"{name!r} is the name of {len(found)} inherited events on one date"))
        elif "remove" in node.value:
            if node.value["remove"].value is not True or len(node.value) != 2:
                problems.append(Problem(node.place, path, f"to take {name!r} away, write {{name: {name}, remove: true}} and nothing more"))
            entries[found[0]] = None
        elif (inherited := entries[found[0]]) is None:
            problems.append(Problem(node.place, path, f"{name!r} is removed and changed in one list"))
        else:
            changes = {key: value for key, value in node.value.items() if key != "name"}
            entries[found[0]] = _lay_mapping(inherited, Node(changes, node.place, node.keys))
    if problems:
        raise ScenarioError(problems)
    return Node([*(entry for entry in entries if entry is not None), *added], over.place)


def _label_of(node: Node) -> str | None:
    """Return the label of an entry of a timeline as it is written, or None where it has none."""
    label = node.value.get("label") if isinstance(node.value, dict) else None
    return label.value if label is not None and isinstance(label.value, str) and label.value else None


def name_of(node: Node) -> str | None:
    """Return the name of a named thing as it is written, or None where it has none."""
    if isinstance(node.value, dict) and "name" in node.value and isinstance(node.value["name"].value, str):
        return node.value["name"].value or None
    return None
