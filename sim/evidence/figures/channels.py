r"""Survival split into the channels through which ties work: recruits, haven, money. Mediation by addressed draws.

Ties do three things: they open a community to recruiting, they keep people silent, so that fewer tips reach the state (the haven), and they earn
money. Each can be shut by itself (``ties_recruit``, ``ties_silence``, ``ties_money`` = 0) under the same draws, which gives the eight worlds that a
mediation needs and that nobody observes. A channel's share is its Shapley value: what it adds, averaged over the orders in which channels may be
opened,

.. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!}\,[v(S \cup i) - v(S)],

taken replicate by replicate; shares add up to what all three channels do together (Shapley 1953; Owen 2014 for variance and effects).
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, difference, estimated, mapped
from sim.scenario.load import Draft
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

if TYPE_CHECKING:
    import pandas as pd

CHANNELS = {"recruits": "ties_recruit", "haven": "ties_silence", "money": "ties_money"}
"""Channels, and the parameter that shuts each at 0. The haven is people's silence: the tips that are not given."""
HISTORIES = ("aqim", "gia-1990s", "dilemma-101")
OUTCOMES = ("root_survived", "root_months", "root_strength_mean")
_Array = np.ndarray[Any, Any]
Open = frozenset[str]


def shapley(worlds: dict[Open, _Array]) -> dict[str, _Array]:
    """Return each channel's share of an outcome, replicate by replicate.

    Args:
        worlds: Outcome where some channels are open, for every set of them, shape (replicates,).
    """
    names = sorted(frozenset().union(*worlds))
    n = len(names)
    shares = {name: np.zeros(len(worlds[frozenset()])) for name in names}
    for name in names:
        others = [other for other in names if other != name]
        for k in range(n):
            weight = factorial(k) * factorial(n - k - 1) / factorial(n)
            for some in combinations(others, k):
                shares[name] += weight * (np.asarray(worlds[frozenset({*some, name})], float) - worlds[frozenset(some)])
    return shares


def channels(ask: Ask, histories: tuple[str, ...] = HISTORIES) -> pd.DataFrame:
    """Open every combination of channels, and share out what they do.

    Args:
        ask: Size: replicates of each of the eight worlds of a history, which share their draws.
        histories: Names of scenarios.

    Returns:
        Rows of ``what``: *level* (``channel`` names the open ones), *share* (by channel), *together* (all open less all shut).
    """
    import pandas as pd

    from sim import engine

    drafts = {name: Draft(name) for name in histories}
    sets = [frozenset(some) for k in range(len(CHANNELS) + 1) for some in combinations(CHANNELS, k)]
    cells = [(name, some) for name in histories for some in sets]

    def run(cell: tuple[str, Open]) -> _Array:
        name, some = cell
        scenario = drafts[name].scenario({parameter: float(channel in some) for channel, parameter in CHANNELS.items()})
        return engine.ensemble(build(scenario, ask.seed), parameters(scenario), month_count(scenario), range(ask.size))

    tables = dict(zip(cells, mapped(run, cells, ask), strict=True))
    rows: list[dict[str, Any]] = []
    for name in histories:
        for outcome in OUTCOMES:
            of = {some: tables[name, some][outcome] for some in sets}
            at = {"history": name, "outcome": outcome}
            for some in sets:
                rows.append(
                    {"what": "level", **at, "channel": " + ".join(c for c in CHANNELS if c in some) or "none", **estimated(outcome, of[some])}
                )
            for channel, values in shapley(of).items():
                rows.append({"what": "share", **at, "channel": channel, **difference(values, np.zeros_like(values))})
            rows.append({"what": "together", **at, "channel": "all", **difference(of[frozenset(CHANNELS)], of[frozenset()])})
    return pd.DataFrame(rows)
