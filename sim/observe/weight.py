"""Whom a history is told of: a run in which local groups arise by themselves has a hundred organisations, and most are a handful for a few months.

An organisation has weight if it belongs to the followed lineage, is named by the scenario, once had :data:`WEIGHTY` people under arms, or had to do
with the lineage (allied, merged or fought with it). The first two are near: the chronicle tells what befalls them one by one. Of the other two it
tells how they began, with whom they went, and how they ended. All others are counted. A picture has room for :data:`MOST_SHOWN`, and counts the rest
too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.observe.history import History
from sim.world import codes
from sim.world.build import identity

WEIGHTY = 50.0
"""People under arms from which an organisation is told of by name."""
MOST_SHOWN = 14
"""Organisations that a picture has room for."""

_DEALINGS = (codes.ALLIANCE_MADE, codes.MERGER, codes.RETURN)


@dataclass(frozen=True)
class Weight:
    """Identities of the organisations that are told of by name.

    Attributes:
        near: Those of the followed lineage, and those that the scenario names.
        far: The others of weight.
    """

    near: frozenset[int]
    far: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        """All of them."""
        return self.near | self.far

    def __or__(self, other: Weight) -> Weight:
        """Return who has weight in either of two histories."""
        near = self.near | other.near
        return Weight(near, (self.far | other.far) - near)


def of_weight(history: History) -> Weight:
    """Return the organisations of weight."""
    last = history.tables["organisation"][-1]
    rows = history.ever()
    ever = last[rows]
    lineage = ever["identity"][ever["lineage"] == history.focus]
    log, violent = history.log, history.violent
    pairs = [log[np.isin(log["kind"], _DEALINGS)][["organisation", "other"]], violent[violent["kind"] == codes.NON_STATE][["by", "against"]]]
    known = set(ever["identity"].tolist())
    near = {*lineage.tolist(), *_named(history)} & known
    found = set(ever["identity"][history.peaks()[rows] >= WEIGHTY].tolist())
    for dealings in pairs:
        one, other = (dealings[name] for name in dealings.dtype.names or ())
        found |= {*other[np.isin(one, lineage)].tolist(), *one[np.isin(other, lineage)].tolist()}
    return Weight(frozenset(near), frozenset((found & known) - near))


def shown(history: History) -> list[int]:
    """Return the rows of the organisations that a picture shows, parents before their children: those of weight, while there is room.

    First the root of the followed lineage, then whom the scenario names, then the rest of the lineage, then the others, each by their greatest
    strength. A branch brings its stem.
    """
    last = history.tables["organisation"][-1]
    weight, named = of_weight(history), _named(history)
    rows = [i for i in history.ever() if int(last["identity"][i]) in weight.all]
    ranks = {
        i: (last["identity"][i] != history.focus, int(last["identity"][i]) not in named, last["lineage"][i] != history.focus, -last["peak"][i])
        for i in rows
    }
    kept: set[int] = set()
    for i in sorted(rows, key=lambda i: (*ranks[i], i)):
        line = {i}
        while (parent := int(last["parent"][i])) >= 0 and parent not in kept:
            line.add(parent)
            i = parent
        if len(kept | line) <= MOST_SHOWN:
            kept |= line
    return _by_family(history, kept)


def _named(history: History) -> set[int]:
    """Return the identities of the organisations that the scenario names."""
    return {identity("organisation", o.name) for o in history.scenario.organisations}


def _by_family(history: History, rows: set[int]) -> list[int]:
    """Return rows of organisations in the order of their families, the followed lineage's first, parents before their children."""
    last = history.tables["organisation"][-1]
    children: dict[int, list[int]] = {}
    for i in rows:
        children.setdefault(int(last["parent"][i]), []).append(i)
    order: list[int] = []

    def visit(i: int) -> None:
        order.append(i)
        for child in sorted(children.get(i, []), key=lambda c: (last["born"][c], c)):
            visit(child)

    for root in sorted(children.get(-1, []), key=lambda i: (last["identity"][i] != history.focus, last["born"][i], i)):
        visit(root)
    return order
