"""Decapitation by age and size: randomised removals within the model, thousands of pairs.

Groups found themselves in settings drawn from priors (:mod:`sim.evidence.settings`). Every five years after the burn-in some of the groups that have
a leader and have struck are chosen by draws that know nothing of them; the setting is copied, the leader is killed in the copy and spared in the
other, and both go on for five years under the same draws. So whoever loses his leader is laid beside himself, and not beside others that happened
to keep theirs: in the model's own history raids take leaders *and* people, and mislead (Jordan 2009; Johnston 2012; Price 2012).

Age counts from the first attack, size is people under arms when it happens. Intervals draw whole settings anew.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.figures.study import Ask, clustered, mapped
from sim.evidence.life_courses import ROOM, Population
from sim.evidence.settings import setting
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import build, parameters
from sim.world.world import World, copy

if TYPE_CHECKING:
    import pandas as pd

EVERY, AFTER = 60, 60
"""Months between two trials in a setting, and months after which it is asked what came of one."""
CHOSEN = 6
"""Groups whose leader is taken at a trial, at most."""
AGES = ((0.0, 2.0), (2.0, 5.0), (5.0, 10.0), (10.0, np.inf))
"""Years since the first attack."""
SIZES = ((0.0, 20.0), (20.0, 60.0), (60.0, 180.0), (180.0, np.inf))
"""People under arms."""
READINGS = ("ended", "breakaways", "strength")
ORIGINS = (codes.BY_SPLINTER, codes.BY_AUTONOMY, codes.BY_PLEDGE)
MOST = 20_000
"""Settings after which no more are run, however few leaders they had."""
FEWEST = 5
"""Settings below which nothing is told of a cell: an interval over so few means nothing."""
RESAMPLES = 2000
_Array = np.ndarray[Any, Any]


def decapitation(ask: Ask, population: Population | None = None) -> pd.DataFrame:
    """Take leaders until there are so many pairs, settings being run whole.

    Args:
        ask: Size: pairs, at least.
        population: Years and burn-in of a setting and changes to the rulebook; the default's where absent. The seed is the asker's.

    Returns:
        Rows of ``what`` (change in whether the group *ended* within five years, in *breakaways* from it, in the logarithm of its *strength* and one)
        by ``age`` and ``size`` (*all* for a margin), and for the contrasts *young less old* and *small less large*; ``pairs`` in each.
    """
    found = pairs(ask, population or Population())
    return tabulated(*found)


def pairs(ask: Ask, population: Population) -> tuple[_Array, _Array]:
    """Return the setting of each pair, shape (n,), and its age (years), size and changes in :data:`READINGS`, shape (n, 5)."""
    own = replace(population, seed=ask.seed)
    found: list[_Array] = []
    taken, done = 0, 0
    # What was run beyond the last setting that is needed is thrown away: the number of threads decides nothing.
    while taken < ask.size and done < MOST:
        batch = range(done, done + 4 * ask.threads)
        for rows in mapped(lambda n: _setting(own, n), batch, replace(ask, watch=None)):
            if taken < ask.size:
                found.append(rows)
                taken += len(rows)
        done += len(batch)
        if ask.watch is not None:
            ask.watch(min(taken, ask.size), ask.size)
    which = np.repeat(np.arange(len(found)), [len(rows) for rows in found])
    return which, np.concatenate(found) if found else np.zeros((0, 2 + len(READINGS)))


def tabulated(which: _Array, rows: _Array) -> pd.DataFrame:
    """Return the table of pairs by age and size, with margins and contrasts; see :func:`decapitation`."""
    import pandas as pd

    age, size = rows[:, 0], rows[:, 1]
    ages = {"all": np.full(len(rows), True), **{named(span, "years"): _within(age, span) for span in AGES}}
    sizes = {"all": np.full(len(rows), True), **{named(span, "people"): _within(size, span) for span in SIZES}}
    table: list[dict[str, Any]] = []
    for k, what in enumerate(READINGS):
        y = rows[:, 2 + k]
        for a, of_age in ages.items():
            for s, of_size in sizes.items():
                here = of_age & of_size
                if len(np.unique(which[here])) >= FEWEST:
                    table.append({"what": what, "age": a, "size": s, "pairs": int(here.sum()), **clustered(y[here], which[here])})
        for words, one in (("young less old (5 years)", age < AGES[1][1]), ("small less large (60 people)", size < SIZES[1][1])):
            if one.any() and not one.all():
                value, low, high = contrast(y, one, which)
                table.append({"what": what, "age": words, "size": "contrast", "pairs": len(y), "value": value, "low": low, "high": high})
    return pd.DataFrame(table, columns=["what", "age", "size", "pairs", "value", "low", "high"])


def contrast(y: _Array, one: _Array, clusters: _Array) -> tuple[float, float, float]:
    """Return the mean where something holds less the mean where it does not, with its 95 % interval over clusters."""
    n = int(clusters.max()) + 1
    sums = np.stack([np.bincount(clusters, v, n) for v in (y * one, one, y * ~one, ~one)])
    weights = np.vstack([np.full(n, 1.0), np.random.default_rng(0).multinomial(n, np.full(n, 1.0 / n), RESAMPLES)])
    a, na, b, nb = (weights @ s for s in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = a / na - b / nb
    low, high = np.nanpercentile(difference[1:], [2.5, 97.5])
    return float(difference[0]), float(low), float(high)


def named(span: tuple[float, float], unit: str) -> str:
    """Return the name of a span of ages or sizes."""
    low, high = span
    return f"{low:g} {unit} or more" if np.isinf(high) else f"under {high:g} {unit}" if low == 0.0 else f"{low:g} to {high:g} {unit}"


def _within(values: _Array, span: tuple[float, float]) -> _Array:
    return np.asarray((values >= span[0]) & (values < span[1]))


def _setting(population: Population, number: int) -> _Array:
    """Return the pairs of one setting: age, size and changes."""
    from sim import engine

    scenario = setting(population.seed, number, population.years).model_copy(update={"parameters": dict(population.changes)})
    months, p = month_count(scenario), parameters(scenario)
    world = build(scenario, population.seed, number, ROOM)
    draws = np.random.default_rng([population.seed, number])
    rows: list[tuple[float, ...]] = []
    now = 0
    for t in range(12 * population.burn_in, months - AFTER + 1, EVERY):
        engine.advance(world, p, now, t)
        start, now = copy(world), t + AFTER
        o = start.organisation
        able = np.flatnonzero((o["alive"] == 1) & (o["vacant"] == 0) & (o["first_attack"] >= 0) & (o["strength"] > 0.0))
        chosen = np.sort(draws.choice(able, min(CHOSEN, len(able)), replace=False))
        engine.advance(world, p, t, now)
        for i in chosen.tolist():
            branch = copy(start)
            branch.organisation["struck"][i] = 1
            engine.advance(branch, p, t, now)
            change = np.subtract(_fate(branch, i, t), _fate(world, i, t))
            rows.append(((t - float(o["first_attack"][i])) / 12.0, float(o["strength"][i]), *change.tolist()))
    return np.array(rows).reshape(-1, 2 + len(READINGS))


def _fate(world: World, row: int, t: int) -> tuple[float, float, float]:
    """Return whether a group has ended, how many have broken from it since month t, and the logarithm of its strength and one."""
    o = world.organisation
    born = (o["parent"] == row) & (o["born"] >= t) & np.isin(o["origin"], ORIGINS) & (o["identity"] != 0)
    stands = o["alive"][row] == 1
    return float(not stands), float(born.sum()), math.log1p(float(o["strength"][row])) if stands else 0.0
