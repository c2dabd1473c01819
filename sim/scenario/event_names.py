"""What the entries of a timeline are called: by their labels, and where there is none, by what they do to whom."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sim.scenario.schema import TimelineEntry
from sim.scenario.yaml_text import Node

PARTS = ("label", "event", "target", "date")


def names_as_written(entries: Sequence[Node]) -> list[str]:
    """Return the name of each entry of a timeline as it is written in a file, checked or not; empty for one that says nothing."""
    return _names([tuple(_text(entry, part) for part in PARTS) for entry in entries])


def event_names(timeline: Sequence[TimelineEntry]) -> list[str]:
    """Return the name of each entry of a timeline: its label, or its event and target; with the date where several share that."""
    return _names([(entry.label, entry.event, entry.target, entry.date) for entry in timeline])


def matching(names: Sequence[str], wanted: str) -> list[int]:
    """Return the places of the entries that bear a name: the very name, or else the name as one types it (``war-in-iraq``)."""
    exact = [i for i, name in enumerate(names) if name == wanted]
    return exact or [i for i, name in enumerate(names) if typed(name) and typed(name) == typed(wanted)]


def typed(name: str) -> str:
    """Return a name as it is typed without quotes: lower case, hyphens."""
    return re.sub(r"\W+", "-", name.casefold()).strip("-")


def _text(entry: Node, part: str) -> str:
    node = entry.value.get(part) if isinstance(entry.value, dict) else None
    return node.value if node is not None and isinstance(node.value, str) else ""


def _names(entries: Sequence[tuple[str, ...]]) -> list[str]:
    plain = [label or f"{event} {target}".strip() for label, event, target, _ in entries]
    # Two of one name are told apart by their dates.
    shared = Counter(plain)
    return [f"{name} {entry[-1]}".strip() if shared[name] > 1 else name for name, entry in zip(plain, entries, strict=True)]
