"""Causes of each split, validated by deleting them: does what was written down as the cause of a split bring it about?

The log of a history gives every fragmentation the shares of what drove it. From a year before it the same history is run again under the same draws,
with one thing taken out of the world (:data:`REMOVALS`): the rival brand, the amnesty, the armed competitors, and so on. The split is *gone* if
nobody breaks from the same parent within six months of its month. What touches a history at all may prevent a split by accident, so the removal of
what was written down as the largest cause is held against a placebo, the removals of everything else, split by split.

With nothing removed the history is the same to the bit and the split is there: that arm is run too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, clustered, mapped
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import Capacity, build, parameters
from sim.world.layout import CAUSES
from sim.world.world import World, copy

if TYPE_CHECKING:
    import pandas as pd

HISTORY = "aqim"
BEFORE, WITHIN = 12, 6
"""Months before a split from which a cause is taken out, and months around it in which it counts as the same."""
PER_HISTORY = 8
"""Splits of a history that are tried at most, drawn from all it has."""
SPLITS = (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE)
FEWEST = 5
"""Histories below which nothing is told of a cause: an interval over so few means nothing."""
LOG_ROWS = 20_000
NOTHING = "nothing"
_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Removal:
    """How a cause is taken out of a world.

    Attributes:
        words: What is done.
        once: Done when the branch begins, to the world and the parameters.
        monthly: Done before each month, where one act does not last.
    """

    words: str
    once: Callable[[World, _Array], None]
    monthly: Callable[[World, _Array], None] | None = None


def _strike_out(*kinds: int) -> Callable[[World, _Array], None]:
    def once(w: World, p: _Array) -> None:
        w.timeline["magnitude"][np.isin(w.timeline["kind"], kinds)] = 0.0

    return once


def _switch_off(mechanism: str) -> Callable[[World, _Array], None]:
    def once(w: World, p: _Array) -> None:
        p[f"on_{mechanism}"] = 0

    return once


def _align(column: str, line: str) -> Callable[[World, _Array], None]:
    def monthly(w: World, p: _Array) -> None:
        here = w.emir["alive"] == 1
        w.emir[column][here] = w.organisation[line][w.emir["organisation"][here]]

    return monthly


def _nothing(w: World, p: _Array) -> None:
    pass


def _forgive_losses(w: World, p: _Array) -> None:
    w.organisation["lost_to_force"][:] = 0.0
    _strike_out(codes.INTERVENTION)(w, p)


def _withdraw(w: World, p: _Array) -> None:
    w.force["strength"][:] = 0.0


def _end_want(w: World, p: _Array) -> None:
    w.emir["hardship"][:] = 0.0


def _pay(w: World, p: _Array) -> None:
    # Upkeep of the month and half as much again, so that nobody falls short whatever he earns.
    w.emir["purse"][:] = np.maximum(w.emir["purse"], 1.5 * p["upkeep"][0] * w.emir["strength"])


def _seat_leaders(w: World, p: _Array) -> None:
    w.organisation["vacant"][:] = 0
    _switch_off("succession")(w, p)


REMOVALS: dict[str, Removal] = {
    "agenda": Removal("emirs share the leadership's agenda", _nothing, _align("agenda", "agenda_line")),
    "beliefs": Removal("emirs share the leadership's belief", _nothing, _align("belief", "rhetoric")),
    "information": Removal("emirs read the field as the leadership does", _nothing, _align("information", "information_line")),
    "autonomy": Removal("power is not contested (M4 off)", _switch_off("deconcentration")),
    "competition": Removal("other groups are not heeded (M11 off)", _switch_off("competition")),
    "repression": Removal("forces withdrawn, losses forgotten", _forgive_losses, _withdraw),
    "accommodation": Removal("no amnesty", _strike_out(codes.AMNESTY)),
    "rival brand": Removal("no rival brand", _strike_out(codes.RIVAL_BRAND)),
    "hardship": Removal("every katiba is paid", _end_want, _pay),
    "leadership loss": Removal("a lost leader is replaced at once (M22 off)", _seat_leaders),
}
"""How each cause that the rulebook can write down for an exit is taken out; keys are those of :data:`sim.world.layout.CAUSES`."""


def causes(ask: Ask, history: str = HISTORY, per_history: int = PER_HISTORY) -> pd.DataFrame:
    """Run histories, and each of their splits again without each cause.

    Args:
        ask: Size: histories.
        history: Name or path of a scenario.
        per_history: Splits of a history tried at most.

    Returns:
        Rows of ``what``: *gone* (share of the splits whose largest recorded cause is ``cause`` that are gone without ``removed``), *own*, *placebo*
        and *own less placebo* (paired by split; ``cause`` *all* for all of them); ``same`` tells whether any emir counts who leaves the parent, or
        only the same one; ``splits`` how many there were.
    """
    import pandas as pd

    found = pd.DataFrame([row for rows in mapped(lambda n: _history(history, ask.seed, n, per_history), range(ask.size), ask) for row in rows])
    rows: list[dict[str, Any]] = []
    if found.empty:
        return pd.DataFrame(rows, columns=["what", "same", "cause", "removed", "splits", "value", "low", "high"])
    arms = list(REMOVALS)
    for same in ("parent", "emir"):
        gone = found[[f"{same}:{arm}" for arm in (NOTHING, *arms)]].set_axis([NOTHING, *arms], axis=1).astype(float)
        number = found["cause"].map({cause: k for k, cause in enumerate(arms)}).to_numpy()
        own = gone[arms].to_numpy()[np.arange(len(gone)), number]
        placebo = (gone[arms].sum(axis=1).to_numpy() - own) / (len(arms) - 1)
        for cause in ("all", *arms):
            of = np.full(len(found), True) if cause == "all" else (found["cause"] == cause).to_numpy()
            if cause != "all" and found["replicate"][of].nunique() < FEWEST:
                continue
            clusters, at = found["replicate"].to_numpy()[of], {"same": same, "cause": cause, "splits": int(of.sum())}
            for removed in (NOTHING, *arms):
                rows.append({"what": "gone", **at, "removed": removed, **clustered(gone[removed].to_numpy()[of], clusters)})
            for what, values in (("own", own), ("placebo", placebo), ("own less placebo", own - placebo)):
                rows.append({"what": what, **at, **clustered(values[of], clusters)})
    return pd.DataFrame(rows)


def _history(name: str, seed: int, replicate: int, most: int) -> list[dict[str, Any]]:
    """Return a row for each split tried: replicate, month, largest recorded cause, and whether it is gone in each arm."""
    from sim import engine

    scenario = load_scenario(name)
    p, months = parameters(scenario), month_count(scenario)
    world = build(scenario, seed, replicate, replace(Capacity.of(scenario), log=LOG_ROWS))
    whole = copy(world)
    engine.advance(whole, p, 0, months)
    rows, now = [], 0
    for split in splits(whole, most, np.random.default_rng([seed, replicate])):
        t = int(split["month"])
        if t + WITHIN >= months:
            continue
        engine.advance(world, p, now, t - BEFORE)
        now = t - BEFORE
        row: dict[str, Any] = {"replicate": replicate, "month": t, "cause": largest(split)}
        for arm in (NOTHING, *REMOVALS):
            log = _branch(world, p, now, t + WITHIN + 1, arm)
            near = np.isin(log["kind"], SPLITS) & (np.abs(log["month"] - t) <= WITHIN) & (log["organisation"] == split["organisation"])
            row[f"parent:{arm}"] = not near.any()
            row[f"emir:{arm}"] = not (near & (log["actor"] == split["actor"])).any()
        rows.append(row)
    return rows


def splits(world: World, most: int, draws: np.random.Generator) -> _Array:
    """Return rows of the log that tell of splits of the followed lineage late enough to be tried, drawn if there are too many, by month."""
    o, log = world.organisation, world.log[: int(world.clock["logged"][0])]
    own = o["identity"][(o["lineage"] == world.clock["focus"][0]) & (o["peak"] > 0.0)]
    total = sum(log[f"cause_{cause.replace(' ', '_')}"] for cause in CAUSES)
    found = log[np.isin(log["kind"], SPLITS) & np.isin(log["organisation"], own) & (log["month"] >= BEFORE) & (total > 0.0)]
    if not len(found):
        return found
    return found[np.sort(draws.choice(len(found), min(most, len(found)), replace=False))]


def largest(event: np.void) -> str:
    """Return the largest cause of an event of the log, of those that can be taken out."""
    return max(REMOVALS, key=lambda cause: float(event[f"cause_{cause.replace(' ', '_')}"]))


def _branch(world: World, p: _Array, first: int, last: int, arm: str) -> _Array:
    """Run the months first … last - 1 on a copy with a cause taken out, and return the copy's log."""
    from sim import engine

    branch, own = copy(world), p.copy()
    removal = REMOVALS.get(arm)
    if removal is not None:
        removal.once(branch, own)
    if removal is None or removal.monthly is None:
        engine.advance(branch, own, first, last)
    else:
        for t in range(first, last):
            removal.monthly(branch, own)
            engine.advance(branch, own, t, t + 1)
    log: _Array = branch.log[: int(branch.clock["logged"][0])]
    return log
