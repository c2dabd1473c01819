"""The map of when force backfires: discrimination of the force against absence of the state, and what twice the force does three years later.

In the country of ``dilemma-101`` every region has the same reach of the state and the force one discrimination. After two years the history is
copied, the force is doubled in the copy, and both go on for three years under the same draws (Kalyvas 2006: indiscriminate force drives people to
whoever protects them where the state does not; Lyall 2009: it may also break them). The dated death of the leader lies after the end.

Effects are changes in the mean over replicates, as a share of what the mean is without: of the recruits of those three years, of recruits for each
fighter and month, and of strength at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.claims import REGIONS
from sim.evidence.contrasts import everywhere
from sim.evidence.figures.study import Ask, mapped
from sim.scenario.load import Draft
from sim.world.build import build, parameters
from sim.world.world import World, copy

if TYPE_CHECKING:
    import pandas as pd

DISCRIMINATION = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
ABSENCE = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
BEFORE, AFTER = 24, 36
"""Months that both have in common, and months after the force is doubled in one."""
TIMES = 2.0
RESAMPLES = 2000
READINGS = ("recruits", "recruits for each fighter", "strength")
_Array = np.ndarray[Any, Any]


def backfire(
    ask: Ask, discrimination: tuple[float, ...] = DISCRIMINATION, absence: tuple[float, ...] = ABSENCE, times: float = TIMES
) -> pd.DataFrame:
    """Multiply the force in every cell.

    Args:
        ask: Size: replicates of each cell, each a pair.
        discrimination: Levels of the share of force that finds whom it seeks.
        absence: Levels of 1 minus the state's reach at the start, everywhere.
        times: What force is multiplied by.

    Returns:
        A row for each cell and reading: change as a share of the mean without, with its interval over replicates; NaN where there is nothing
        without. ``absence_met`` is the mean absence, by people, after two years.
    """
    import pandas as pd

    draft = Draft("dilemma-101")
    cells = [(d, a) for a in absence for d in discrimination]

    def run(cell: tuple[float, float]) -> tuple[_Array, _Array, float]:
        d, a = cell
        scenario = draft.scenario({"forces.National force.discrimination": d, **everywhere("regions", REGIONS, "reach", 1.0 - a)})
        p = parameters(scenario)
        start = build(scenario, ask.seed)
        pairs = [_pair(start, p, n, times) for n in range(ask.size)]
        return np.array([one for one, _, _ in pairs]), np.array([other for _, other, _ in pairs]), float(np.mean([met for _, _, met in pairs]))

    rows: list[dict[str, Any]] = []
    for (d, a), (base, more, met) in zip(cells, mapped(run, cells, ask), strict=True):
        # Recruits, fighter-months, strength at the end.
        for name, over, under in ((READINGS[0], 0, None), (READINGS[1], 0, 1), (READINGS[2], 2, None)):
            value, low, high = relative(more, base, over, under)
            rows.append({"what": name, "discrimination": d, "absence": a, "absence_met": met, "value": value, "low": low, "high": high})
    return pd.DataFrame(rows)


def relative(more: _Array, base: _Array, over: int, under: int | None) -> tuple[float, float, float]:
    """Return the change of a mean (or of a ratio of two) as a share of what it was, with its 95 % interval over pairs.

    Args:
        more: Readings with more force, shape (pairs, readings).
        base: The same without.
        over: Which reading.
        under: Which reading it is divided by; None for none.
    """
    n = len(base)
    weights = np.vstack([np.full(n, 1.0), np.random.default_rng(0).multinomial(n, np.full(n, 1.0 / n), RESAMPLES)])

    def of(table: _Array) -> _Array:
        sums = weights @ table
        return np.asarray(sums[:, over] / (sums[:, under] if under is not None else n))

    with np.errstate(divide="ignore", invalid="ignore"):
        change = of(more) / of(base) - 1.0
    if not np.isfinite(change[0]):
        return np.nan, np.nan, np.nan
    again = change[1:][np.isfinite(change[1:])]
    low, high = np.percentile(again, [2.5, 97.5])
    return float(change[0]), float(low), float(high)


def _pair(start: World, p: _Array, replicate: int, times: float) -> tuple[_Array, _Array, float]:
    """Return the readings of a history without and with more force, and the mean absence of the state when they parted."""
    from sim import engine

    world = copy(start)
    world.clock["replicate"] = replicate
    engine.advance(world, p, 0, BEFORE)
    met = float(np.average(world.region["absence"], weights=world.region["population"]))
    branch = copy(world)
    branch.force["strength"] *= times
    before = _read(world)
    for one in (world, branch):
        engine.advance(one, p, BEFORE, BEFORE + AFTER)
    return _read(world) - before * (1.0, 1.0, 0.0), _read(branch) - before * (1.0, 1.0, 0.0), met


def _read(world: World) -> _Array:
    """Return recruits and fighter-months of the followed lineage so far, and its strength now."""
    o, m = world.organisation, world.measure
    own = (o["alive"] == 1) & (o["lineage"] == world.clock["focus"][0])
    return np.array([float(m["recruits"][0]), float(m["strength"][0]), float(o["strength"][own].sum())])
