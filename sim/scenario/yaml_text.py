"""Reading YAML safely, with the place of everything that was written.

The text is read event by event from PyYAML's parser, so that nesting, aliases and duplicate keys are checked before
anything is built. Scalars are read as YAML 1.2 reads them (``1e-3`` is a number, ``12:30`` and ``0o17`` are text),
except that ``on``, ``off``, ``yes`` and ``no`` are truth values too, because ``brokerage: off`` is how one says it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.errors import Place, Problem, ScenarioError
from sim.scenario.reading import read_limited

MOST_BYTES = 2_000_000
MOST_NODES = 75_000
"""Thirty times the largest shipped scenario; what is larger is not read within a second."""
MOST_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
"""Plain words that are values."""
_NUMERIC = frozenset("+-.0123456789")
"""What a number begins with, finite or not."""
# NEL (0x85) is a line break of YAML and stays.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value with its place: ``value`` is a dict of nodes, a list of nodes or a scalar; ``keys`` gives the places of a mapping's keys."""

    value: Any
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def plain(self) -> Any:
        """Return the value as plain Python data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def count(self) -> int:
        """Return how many values and keys there are, this one included."""
        inner = self.value.values() if isinstance(self.value, dict) else self.value if isinstance(self.value, list) else ()
        return 1 + len(self.keys) + sum(node.count() for node in inner)

    def at(self, path: tuple[str | int, ...], key: bool = False) -> Place:
        """Return the place of what stands at a path, or of the nearest thing above it that was written; ``key`` asks for the place of its key."""
        node, place = self, self.place
        for n, part in enumerate(path):
            if isinstance(node.value, dict) and part in node.value:
                place = node.keys.get(str(part), place) if key and n == len(path) - 1 else node.value[part].place
                node = node.value[part]
            elif isinstance(node.value, list) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                place = node.place
            else:
                break
        return place


def _fail(place: Place, message: str) -> ScenarioError:
    return ScenarioError([Problem(place, "", message)])


def read_file(path: Path, shown: str, what: str = "a scenario") -> Node:
    """Read a YAML file.

    Args:
        path: The file.
        shown: How messages call it.
        what: What it is to be, for messages.

    Raises:
        ScenarioError: If it cannot be read, is too large, is not UTF-8, or is not one safe YAML mapping.
    """
    return read_bytes(read_limited(path, shown, what, MOST_BYTES), shown, what)


def read_bytes(data: bytes, shown: str, what: str = "a scenario") -> Node:
    """Read YAML from bytes; see :func:`read_file`."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _fail(Place(shown), "is written in UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise _fail(Place(shown, line, column), f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8") from None
    root = read_text(text, shown)
    if not isinstance(root.value, dict):
        raise _fail(root.place, f"{what} is a mapping of keys to values, not {kind_of(root.value)}")
    return root


def read_text(text: str, shown: str) -> Node:
    """Read one YAML document of any kind from text.

    Raises:
        ScenarioError: If the text is not one safe YAML document.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - (text.rfind("\n", 0, bad.start()) + 1) + 1
        raise _fail(Place(shown, line, column), f"character {ord(bad.group()):#04x} does not belong in a text file")
    try:
        return _Reader(shown).document(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        context = f" {error.context}" if error.context else ""
        raise _fail(place, f"is not valid YAML: {error.problem or 'unreadable'}{context}") from None
    except yaml.YAMLError as error:
        raise _fail(Place(shown), f"is not valid YAML: {error}") from None


def kind_of(value: Any) -> str:
    """Return what kind of thing a value is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the truth value {'on' if value else 'off'}"
    if isinstance(value, int | float):
        return f"the number {value!r}"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    return "a mapping" if isinstance(value, dict) else "a list"


def number_in(text: str) -> int | float | None:
    """Return the number that a short plain scalar is, as a document would have it, or None if it is none."""
    if len(text) > 30:
        return None
    return int(text) if _INT.fullmatch(text) else float(text) if _FLOAT.fullmatch(text) and math.isfinite(float(text)) else None


class _Reader:
    """Builds nodes from parser events."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.count = 0
        self.anchors: dict[str, tuple[Node, int]] = {}

    def place(self, event: Any) -> Place:
        return Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _fail(self.place(event), "a second document begins here; a file holds one")
            if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent | yaml.AliasEvent):
                root = self.node(event, events, 0)
        if root is None:
            raise _fail(Place(self.shown), "is empty")
        return root

    def grow(self, nodes: int, place: Place) -> None:
        self.count += nodes
        if self.count > MOST_NODES:
            raise _fail(place, f"more than {MOST_NODES:,} values, aliases written out; this file would explode")

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        place = self.place(event)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise _fail(place, f"alias *{event.anchor} has no finished anchor before it")
            node, nodes = self.anchors[event.anchor]
            self.grow(nodes, place)
            return node
        if depth > MOST_DEPTH:
            raise _fail(place, f"nested more than {MOST_DEPTH} deep")
        if (
            event.tag is not None
            and event.tag != "!"
            and event.tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str")
        ):
            raise _fail(place, f"tag {event.tag!r} is not allowed; write plain values")
        before = self.count
        self.grow(1, place)
        if isinstance(event, yaml.ScalarEvent):
            node = Node(self.scalar(event, place), place)
        elif isinstance(event, yaml.SequenceStartEvent):
            items = []
            for item in events:
                if isinstance(item, yaml.SequenceEndEvent):
                    break
                items.append(self.node(item, events, depth + 1))
            node = Node(items, place)
        else:
            node = self.mapping(place, events, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def mapping(self, place: Place, events: Iterator[Any], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, events, depth + 1)
            written = isinstance(event, yaml.ScalarEvent)
            key_place = key.place if written else self.place(event)
            if key.value is None or isinstance(key.value, (dict, list)):
                raise _fail(key_place, f"a key is a word, not {kind_of(key.value)}")
            # A key is text whatever it looks like: `on` and `1998` are words here.
            name = event.value if written else str(key.value)
            if name in values:
                raise _fail(key_place, f"key {name!r} is written twice; first at line {keys[name].line}")
            values[name] = self.node(next(events), events, depth + 1)
            keys[name] = key_place
        return Node(values, place, keys)

    def scalar(self, event: Any, place: Place) -> Any:
        text = event.value
        bad = _FORBIDDEN.search(text)
        if bad:
            raise _fail(place, f"character {ord(bad.group()):#04x}, written as an escape, does not belong in a scenario")
        if event.style not in (None, "") or event.tag == "tag:yaml.org,2002:str":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMERIC:
            return text
        if _NOT_FINITE.fullmatch(text):
            raise _fail(place, f"{text} is not a finite number")
        if _INT.fullmatch(text):
            if len(text) > 30:
                raise _fail(place, f"the number {text[:20]}… is too long")
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if number in (float("inf"), float("-inf")):
                raise _fail(place, f"{text} is too large to be a finite number")
            return number
        return text
