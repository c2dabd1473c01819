r"""The phase diagram of extinction: who dies out, by what brings people in, what hides them, and what hunts them.

One group is alone in the world of ``dilemma-101``: nobody else arises, nobody breaks away, no notable founds a group, no elite makes an offer and no
dated event strikes, so that whether it stands after twenty years is a matter of whether it replaces those it loses. Swept are the effort put into
ties (*embedding*), the personnel sent against a fighter (*force ratio*) and recruitment (a tenth, a third, all of its default). Its *reproduction
number* is read from the rulebook, as the mean over its months of what recruits would be in an untouched pool over what it loses
(:mod:`sim.rules.recruitment`). A branching process dies out where that is below one; a group of many katibas in a pool with a bottom may differ, and
the figure says where.

The *critical force ratio* at an effort, and the *critical effort* at a force ratio, are where survival passes one half, between the levels of the
grid that are nearest (logarithmic in force).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, estimated, mapped
from sim.scenario.load import Draft
from sim.scenario.parameters import PARAMETERS
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

if TYPE_CHECKING:
    import pandas as pd

EFFORTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
FORCES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Times the force of the scenario."""
RECRUITMENT = (0.1, 1.0 / 3.0, 1.0)
"""Times the default."""
ALONE: dict[str, Any] = {
    "founding_rate": 0.0, "exit_hazard": 0.0, "look_rate": 0.0, "end": "2019-12", "timeline.The Leader is killed.magnitude": 0.0,
}  # fmt: skip
WITHOUT = ("brokerage",)
RESAMPLES = 1000
_FORCE = "forces.National force.strength"
_Array = np.ndarray[Any, Any]


def extinction(ask: Ask, efforts: tuple[float, ...] = EFFORTS, forces: tuple[float, ...] = FORCES) -> pd.DataFrame:
    """Run the grid, and find where survival passes one half.

    Args:
        ask: Size: replicates of each cell.
        efforts: Levels of the effort put into ties.
        forces: Levels of force, as multiples of the scenario's.

    Returns:
        Rows of ``what``: *survival*, *r0*, *embedding* (by cell), *critical force ratio* (by recruitment and effort), *critical effort* (by
        recruitment and force ratio); NaN where survival does not pass one half.
    """
    import pandas as pd

    from sim import engine

    draft = Draft("dilemma-101").changed(ALONE, WITHOUT)
    plain = draft.scenario()
    strength = next(f.strength for f in plain.forces)
    fighters = sum(e.strength for e in plain.emirs)
    recruitment = PARAMETERS["recruitment"].default
    cells = [(r, x, f) for r in RECRUITMENT for x in efforts for f in forces]

    def run(cell: tuple[float, float, float]) -> _Array:
        r, x, f = cell
        scenario = draft.scenario({"recruitment": r * recruitment, "embedding_effort": x, _FORCE: f * strength})
        return engine.ensemble(build(scenario, ask.seed), parameters(scenario), month_count(scenario), range(ask.size))

    tables = dict(zip(cells, mapped(run, cells, ask), strict=True))
    rows: list[dict[str, Any]] = []
    for (r, x, f), table in tables.items():
        at = {"recruitment": r, "effort": x, "force_ratio": f * strength / fighters}
        for what, outcome in (("survival", "root_survived"), ("r0", "r0"), ("embedding", "ties")):
            rows.append({"what": what, **at, **estimated(outcome, table[outcome])})
    ratios = np.array(forces) * strength / fighters
    for r in RECRUITMENT:
        stands = np.array([[tables[r, x, f]["root_survived"] for f in forces] for x in efforts])
        for k, x in enumerate(efforts):
            low, middle, high = np.exp(_crossing(np.log(ratios), stands[k]))
            rows.append({"what": "critical force ratio", "recruitment": r, "effort": x, "value": middle, "low": low, "high": high})
        for k, f in enumerate(ratios):
            low, middle, high = _crossing(np.array(efforts), stands[:, k])
            rows.append({"what": "critical effort", "recruitment": r, "force_ratio": f, "value": middle, "low": low, "high": high})
    return pd.DataFrame(rows)


def crossing(at: _Array, shares: _Array) -> float:
    """Return where a share first passes one half, between the levels that are nearest; NaN where it does not.

    Args:
        at: Levels, increasing, shape (levels,).
        shares: Shares at them, shape (levels,).
    """
    above = shares >= 0.5
    turns = np.flatnonzero(above[1:] != above[:-1])
    if len(turns) == 0:
        return float("nan")
    k = int(turns[0])
    part = (0.5 - shares[k]) / (shares[k + 1] - shares[k])
    return float(at[k] + part * (at[k + 1] - at[k]))


def _crossing(at: _Array, stands: _Array) -> tuple[float, float, float]:
    """Return where survival passes one half with its interval over replicates (low, middle, high), stands of shape (levels, replicates)."""
    middle, n = crossing(at, stands.mean(axis=1)), stands.shape[1]
    if np.isnan(middle):
        return middle, middle, middle
    weights = np.random.default_rng(0).multinomial(n, np.full(n, 1.0 / n), RESAMPLES) / n
    again = np.array([crossing(at, shares) for shares in weights @ stands.T])
    low, high = np.nanpercentile(again, [2.5, 97.5])
    return float(low), middle, float(high)
