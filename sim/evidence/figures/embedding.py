"""Embedding against fragmentation and survival: levels of effort, and paired slopes, as sizes are and at equal size (gate G8, claim I1).

Whoever embeds grows, and whoever is larger breaks more often and lives longer; so what embedding does is also told at equal size: the slope within
replicates, over all efforts, with the logarithm of mean strength held equal (:func:`sim.evidence.gates.embedding.within`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, estimated, mapped
from sim.evidence.gates.embedding import EFFORTS, within
from sim.scenario.load import Draft
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

if TYPE_CHECKING:
    import pandas as pd

HISTORIES = ("aqim", "gia-1990s", "dilemma-101")
OUTCOMES = ("fragmentations", "root_survived", "survived")
_Array = np.ndarray[Any, Any]


def embedding(ask: Ask, histories: tuple[str, ...] = HISTORIES) -> pd.DataFrame:
    """Embed at five efforts, and compare.

    Args:
        ask: Size: replicates of each history at each effort, which share their draws.
        histories: Names of scenarios.

    Returns:
        Rows of ``what``: *level* (by effort), *slope* and *slope at equal size* (change of the outcome from the least effort to the greatest).
    """
    import pandas as pd

    from sim import engine

    drafts = {name: Draft(name) for name in histories}
    cells = [(name, x) for name in histories for x in EFFORTS]

    def run(cell: tuple[str, float]) -> _Array:
        scenario = drafts[cell[0]].scenario({"embedding_effort": cell[1]})
        return engine.ensemble(build(scenario, ask.seed), parameters(scenario), month_count(scenario), range(ask.size))

    tables = dict(zip(cells, mapped(run, cells, ask), strict=True))
    rows: list[dict[str, Any]] = []
    efforts = np.array(EFFORTS)
    for name in histories:
        own = [tables[name, x] for x in EFFORTS]
        size = np.array([np.log1p(t["strength_mean"]) for t in own])
        for outcome in (*OUTCOMES, "strength_mean"):
            for x, table in zip(EFFORTS, own, strict=True):
                rows.append({"what": "level", "history": name, "outcome": outcome, "effort": x, **estimated(outcome, table[outcome])})
        for outcome in OUTCOMES:
            y = np.array([t[outcome] for t in own])
            for what, z in (("slope", np.zeros_like(y)), ("slope at equal size", size)):
                value, low, high = (float((efforts[-1] - efforts[0]) * s) for s in within(y, efforts, z))
                rows.append({"what": what, "history": name, "outcome": outcome, "value": value, "low": low, "high": high})
    return pd.DataFrame(rows)
