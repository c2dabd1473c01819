"""The same history with one thing changed: what follows from the change, and nothing else.

Every draw has an address, so two runs that differ in one parameter or event face the same chances. They are the same to the last bit until the
change first matters; from then on, what differs follows from it. Events are matched by what they are (kind, who, with whom, where): those in the same
month are the same, and told as changed where their words differ; of the rest, one that comes at most a year earlier or later has moved; what is
left is gone, or new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.chronicle import Entry, told
from sim.observe.history import KEPT, Engine, History, run
from sim.observe.outcome_words import or_none
from sim.observe.sentences import shares, tell, why
from sim.observe.weight import Weight, of_weight
from sim.scenario.load import load_scenario
from sim.scenario.numbers import told as told_number
from sim.scenario.overriding import in_words
from sim.world import codes

if TYPE_CHECKING:
    import pandas as pd

NEAR = 12
"""Months within which an event that comes earlier or later is the same event moved."""

_BROUGHT_FORTH = {
    codes.SPLINTER: ("other",), codes.AUTONOMY: ("other",), codes.PLEDGE: ("other",), codes.BROKER_GROUP: ("organisation",),
    codes.SUCCESSION: ("actor",), codes.FOUNDING: ("actor", "organisation"),
}  # fmt: skip
"""Who first comes to be in an event: their identity depends on its month, so it cannot tell whether the event is the same."""
_IN_PASSING = dict.fromkeys((codes.ENDING, codes.MERGER, codes.BRAND_CHANGE), ("actor", "region"))
"""What an event tells nothing of: a group ends, merges or joins a brand whoever leads it then, and wherever it is strongest."""

_PASSING_SIZE = re.compile(r", \S+ strong,")
"""How large somebody is who does something else: the elite made GSPC, 643 strong, an offer."""


@dataclass(frozen=True)
class WhatIf:
    """Two histories under the same draws.

    Attributes:
        before: The history as it was.
        after: The history with the change.
        first: First month that differs, counted from the start, or None if none does.
        columns: What differs in that month, as ``table.column``.
        gone: Major events of organisations of weight that the first history has and the second lacks.
        new: Such events of the second that the first lacks.
        moved: Such events of both that come in another month: as in the first, as in the second.
        changed: Such events of both that come in the same month with other words, most often another size: as in the first, as in the second.
    """

    before: History
    after: History
    first: int | None
    columns: list[str]
    gone: list[Entry]
    new: list[Entry]
    moved: list[tuple[Entry, Entry]]
    changed: list[tuple[Entry, Entry]]

    def __repr__(self) -> str:
        changes = ", ".join(self.after.changes)
        if self.first is None:
            return f"<WhatIf {self.before.scenario.name!r} ({changes}): nothing differs>"
        counts = f"{len(self.gone)} events gone, {len(self.new)} new, {len(self.moved)} moved, {len(self.changed)} changed"
        return f"<WhatIf {self.before.scenario.name!r} ({changes}): differs from {self.before.date(self.first)} on; {counts}>"

    def _repr_html_(self) -> str:
        import html

        parts = [f"<p><b>{html.escape(repr(self)[1:-1])}</b></p>"]
        moved = [f"{one} (now {other.date})" for one, other in self.moved]
        changed = [both(*pair) for pair in self.changed]
        titles = ("No longer happens", "Happens instead", "Happens in another month", "Happens in both, but otherwise")
        for title, lines in zip(titles, ([*map(str, self.gone)], [*map(str, self.new)], moved, changed), strict=True):
            if lines:
                parts.append(f"<p>{title}:</p><ul>{''.join(f'<li>{html.escape(line)}</li>' for line in lines)}</ul>")
        return "".join([*parts, self.outcomes().to_html(float_format=told_number, na_rep="never")])

    def outcomes(self) -> pd.DataFrame:
        """Return the outcomes that differ: before, after, difference; NaN where one never happened."""
        import pandas as pd

        differ = [name for name, value in self.before.outcomes.items() if value != self.after.outcomes[name]]
        one, other = or_none(self.before.outcomes), or_none(self.after.outcomes)
        frame = pd.DataFrame({"before": one, "after": other}, dtype=float).loc[differ]
        frame["difference"] = frame["after"] - frame["before"]
        return frame


def what_if(
    scenario: str, changes: tuple[str, ...] = (), without: tuple[str, ...] = (), seed: int = 0, replicate: int = 0, engine: Engine = "compiled"
) -> WhatIf:
    """Run one history twice, the second time with something changed.

    Args:
        scenario: A shipped name or a path.
        changes: Changes, each ``path=value`` (see :func:`sim.scenario.load.load_scenario`).
        without: Mechanisms to switch off.
        seed: Seed of both runs.
        replicate: Replicate number of both runs.
        engine: ``compiled`` or ``mesa``.

    Returns:
        Both histories and what differs.

    Raises:
        ScenarioError: If the scenario or a change is not admissible.
        ValueError: If the change alters who or how many there are, or the span, so that months cannot be set side by side.
    """
    one, other = load_scenario(scenario), load_scenario(scenario, overrides=changes, without=without)
    if (one.start, one.end) != (other.start, other.end):
        raise ValueError(f"the change moves the scenario from {one.start}–{one.end} to {other.start}–{other.end}; months cannot be set side by side")
    before, after = run(one, seed, replicate, engine), run(other, seed, replicate, engine)
    after = replace(after, changes=in_words(changes, without))
    first, columns = _first_difference(before, after)
    return WhatIf(before, after, first, columns, *_matched(before, after))


def _first_difference(before: History, after: History) -> tuple[int | None, list[str]]:
    """Return the first month in which any state differs, and what differs then; the start of the world does not count."""
    for table in KEPT:
        if len(_at_start(table, before)) != len(_at_start(table, after)):
            raise ValueError(f"the change alters how many rows {table} has; the two histories cannot be set side by side")
    for month in range(before.months):
        columns = []
        for table in KEPT:
            one, other = _side_by_side(before.tables[table], after.tables[table], month + 1)
            if one.tobytes() != other.tobytes():
                columns += [f"{table}.{name}" for name in one.dtype.names or () if one[name].tobytes() != other[name].tobytes()]
        if columns:
            return month, columns
    return None, []


def _side_by_side(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any], row: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a month of a table in both histories: whoever is born in one only has a row in the other too, as it was at the start, with nobody."""
    rows = max(one.shape[1], other.shape[1])
    nobody = (one if one.shape[1] == rows else other)[0]
    first, second = (found[row] if found.shape[1] == rows else np.concatenate([found[row], nobody[found.shape[1] :]]) for found in (one, other))
    return first, second


def _at_start(table: str, history: History) -> np.ndarray[Any, Any]:
    """Return the rows of a table that somebody had at the start: all of them, but where people and groups are born."""
    start = history.tables[table][0]
    if table == "tie":
        return _at_start("emir", history)
    return start[start["identity"] != 0] if table in ("organisation", "emir") else start


Pairs = list[tuple[Entry, Entry]]


def _matched(before: History, after: History) -> tuple[list[Entry], list[Entry], Pairs, Pairs]:
    """Return the major events that only the first history has, that only the second has, and that both have in different months or words."""
    # Who has weight in either is told of in both, or a group that grew a little less would seem never to have been.
    weight = of_weight(before) | of_weight(after)
    waiting: dict[tuple[int, ...], list[Entry]] = {}
    for key, entry in _major(after, weight):
        waiting.setdefault(key, []).append(entry)
    left, changed = [], []
    for key, entry in _major(before, weight):
        same = next((e for e in waiting.get(key, ()) if e.month == entry.month), None)
        if same is None:
            left.append((key, entry))
        else:
            waiting[key].remove(same)
            if _PASSING_SIZE.sub(",", same.text) != _PASSING_SIZE.sub(",", entry.text):
                changed.append((entry, same))
    gone, moved = [], []
    for key, entry in left:
        nearest = min(waiting.get(key, ()), key=lambda e: (abs(e.month - entry.month), e.month), default=None)
        if nearest is None or abs(nearest.month - entry.month) > NEAR:
            gone.append(entry)
        else:
            waiting[key].remove(nearest)
            moved.append((entry, nearest))
    new = sorted((entry for entries in waiting.values() for entry in entries), key=lambda e: e.month)
    return gone, new, moved, changed


def both(one: Entry, other: Entry) -> str:
    """Return an event of both histories in one line, the words that differ side by side: ``once 43 (now 50) strong``."""
    a, b = one.text.split(), other.text.split()
    first = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest = min(len(a), len(b)) - first
    last = next((k for k in range(rest) if a[-1 - k] != b[-1 - k]), rest)
    was, now = a[first : len(a) - last], b[first : len(b) - last]
    words = [*a[:first], *was, f"(now {' '.join(now)})" if now else "(no longer)", *a[len(a) - last :]]
    return f"{one.date}  {' '.join(words)}"


def _major(history: History, weight: Weight) -> Iterator[tuple[tuple[int, ...], Entry]]:
    """Yield the major events of a history, each with what makes it the same event in another."""
    for event in history.log[told(history, weight)]:
        month = int(event["month"])
        kind = int(event["kind"])
        apart = (*_BROUGHT_FORTH.get(kind, ()), *_IN_PASSING.get(kind, ()))
        key = tuple(int(event[name]) for name in ("kind", "actor", "organisation", "other", "region") if name not in apart)
        yield key, Entry(history.date(month), month, codes.EVENTS[kind], tell(history, event), why(event), shares(event))
