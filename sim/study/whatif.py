"""The same history with one thing changed: what follows from the change, and nothing else.

Every draw has an address, so two runs that differ in one parameter or event face the same chances. They are the same to the last bit until the
change first matters; from then on, what differs follows from it. Events are matched by what they are (kind, who, where, when); an event moved in
time by a month or two still counts as another.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.observe.chronicle import MAJOR, Entry, shares, tell, why
from sim.observe.history import KEPT, Engine, History, run
from sim.scenario.load import load_scenario
from sim.world import codes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WhatIf:
    """Two histories under the same draws.

    Attributes:
        before: The history as it was.
        after: The history with the change.
        first: First month that differs, counted from the start, or None if none does.
        columns: What differs in that month, as ``table.column``.
        gone: Major events of the first history that the second lacks.
        new: Major events of the second that the first lacks.
    """

    before: History
    after: History
    first: int | None
    columns: list[str]
    gone: list[Entry]
    new: list[Entry]

    def outcomes(self) -> pd.DataFrame:
        """Return the outcomes that differ: before, after, difference."""
        import pandas as pd

        frame = pd.DataFrame({"before": self.before.outcomes, "after": self.after.outcomes})
        frame["difference"] = frame["after"] - frame["before"]
        return frame[frame["difference"] != 0.0]


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
    first, columns = _first_difference(before, after)
    return WhatIf(before, after, first, columns, _only(before, after), _only(after, before))


def _first_difference(before: History, after: History) -> tuple[int | None, list[str]]:
    """Return the first month in which any state differs, and what differs then; the start of the world does not count."""
    for month in range(before.months):
        columns = []
        for table in KEPT:
            one, other = before.tables[table][month + 1], after.tables[table][month + 1]
            if one.shape != other.shape:
                raise ValueError(f"the change alters how many rows {table} has; the two histories cannot be set side by side")
            if one.tobytes() != other.tobytes():
                columns += [f"{table}.{name}" for name in one.dtype.names or () if one[name].tobytes() != other[name].tobytes()]
        if columns:
            return month, columns
    return None, []


def _only(one: History, other: History) -> list[Entry]:
    """Return the major events of one history that the other lacks."""
    there = Counter(_what(event) for event in other.log if event["kind"] in MAJOR)
    found = []
    for event in one.log[np.isin(one.log["kind"], MAJOR)]:
        key = _what(event)
        if there[key] > 0:
            there[key] -= 1
        else:
            month = int(event["month"])
            found.append(Entry(one.date(month), month, codes.EVENTS[int(event["kind"])], tell(one, event), why(event), shares(event)))
    return found


def _what(event: np.void) -> tuple[int, ...]:
    return tuple(int(event[name]) for name in ("month", "kind", "actor", "organisation", "other", "region"))
