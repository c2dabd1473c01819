"""The contingency index: every dated event of a history taken out, one at a time, in the same replicates. How often does the lineage's fate turn?

A fate is a yes or no of a whole history (:data:`FATES`), and it has *turned* if it is another without the event. Two things are laid beside it.
*Moved*: the event comes a month later. Addressed draws keep what is not touched as it was, but whatever is touched runs on differently, so even a
nudge turns some fates; what removal does beyond that is due to the event. *Chance*: how often two unrelated histories of the same world differ,
2p(1 - p). An index near the nudge says that the event is one accident among many; one near chance, that it decides all there is to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, difference, mapped
from sim.observe.ensemble import share
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters
from sim.world.world import World, copy

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "aqim"
_Array = np.ndarray[Any, Any]

FATES: dict[str, Callable[[_Array, float], _Array]] = {
    "the organisation stands": lambda x, _: x["root_survived"] > 0.0,
    "somebody of the lineage stands": lambda x, _: x["survived"] > 0.0,
    "it has joined the global brand": lambda x, _: x["brand_joined_month"] >= 0.0,
    "it breaks more often than most": lambda x, median: x["fragmentations"] > median,
    "its weight ends abroad": lambda x, _: x["outside_end"] > 0.5,
}
"""Yes or no of a history: outcomes, and the median number of fragmentations of the histories with every event."""


def contingency(ask: Ask, history: str = HISTORY) -> pd.DataFrame:
    """Take out each event, and move it by a month.

    Args:
        ask: Size: replicates of the history, each run whole, without each event, and with each moved.
        history: Name or path of a scenario.

    Returns:
        Rows of ``what``: *removed* and *moved* (share of histories whose fate turns), *difference* (change in the share that has the fate when the
        event is removed), *fate* (share that has it) and *chance* (share of pairs of unrelated histories that differ).
    """
    import pandas as pd

    from sim import engine

    scenario = load_scenario(history)
    start, p, months = build(scenario, ask.seed), parameters(scenario), month_count(scenario)
    events = range(len(scenario.timeline))
    arms: list[tuple[str, int]] = [("whole", -1), *((arm, k) for k in events for arm in ("removed", "moved"))]

    def run(piece: tuple[str, int]) -> _Array:
        return engine.ensemble(changed(start, *piece), p, months, range(ask.size))

    tables = dict(zip(arms, mapped(run, arms, ask), strict=True))
    whole = tables["whole", -1]
    median = float(np.median(whole["fragmentations"]))
    rows: list[dict[str, Any]] = []
    for fate, has in FATES.items():
        base = has(whole, median)
        had, low, high = share(base)
        rows.append({"what": "fate", "fate": fate, "value": had, "low": low, "high": high})
        # Between an end of the interval and the other lies one half, where two histories differ most.
        chances = [2.0 * x * (1.0 - x) for x in (had, low, high)]
        rows.append({"what": "chance", "fate": fate, "value": chances[0], "low": min(chances), "high": 0.5 if low <= 0.5 <= high else max(chances)})
        for k in events:
            entry = scenario.timeline[k]
            at = {"fate": fate, "number": k, "date": entry.date, "event": entry.event, "label": entry.label or entry.event}
            for arm in ("removed", "moved"):
                value, low, high = share(has(tables[arm, k], median) != base)
                rows.append({"what": arm, **at, "value": value, "low": low, "high": high})
            rows.append({"what": "difference", **at, **difference(has(tables["removed", k], median), base)})
    return pd.DataFrame(rows)


def changed(start: World, arm: str, event: int) -> World:
    """Return a world as it is (``whole``), without an event (``removed``) or with it a month later (``moved``).

    An entry of magnitude 0 is as good as removed (:mod:`sim.rules.timeline`).
    """
    world = copy(start)
    if arm == "removed":
        world.timeline["magnitude"][event] = 0.0
    elif arm == "moved":
        world.timeline["month"][event] += 1
    return world
