"""Trials within the model: a setting is stopped, copied, one thing is done in the copy, and both go on under the same draws.

What differs afterwards follows from what was done. A leader is taken from each group that has one, at evenly spaced months of each setting: thousands
of pairs at every age and size. Policies and pressures are tried at the same months.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.following import AFTER, BREAKAWAY_ORIGINS
from sim.evidence.life_courses import ROOM, Population
from sim.evidence.settings import setting
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import build, parameters
from sim.world.world import World, copy

EVERY = 60
"""Months between two trials in a setting."""
ARMS = ("amnesty", "concessions", "services", "force", "force and services", "indiscriminate force", "divergence")
"""What is tried beside taking leaders; see :func:`_apply`."""
READINGS = ("under_arms", "deaths", "hardness", "violence_per_fighter", "divergence", "control", "contact", "away", "standing")
"""What is read of a world at the end of a trial; see :func:`_read`."""

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Removals:
    """Groups whose leader was taken, beside themselves with the leader left; arrays of shape (n,).

    Attributes:
        setting: Number of the setting.
        age: Months since the first attack.
        size: Strength when it happened.
        ended: Change in whether it ended within :data:`AFTER` months.
        broke: Change in the number of groups that broke from it in those months.
    """

    setting: _Array
    age: _Array
    size: _Array
    ended: _Array
    broke: _Array


@dataclass(frozen=True)
class Trials:
    """What came of the trials.

    Attributes:
        settings: Settings that were run.
        removals: Leaders taken.
        effects: Changes of each of :data:`READINGS` by arm, summed over the trials of a setting, shape (settings, arms, readings).
        untouched: The readings where nothing was done, summed in the same way, shape (settings, readings).
        trials: Trials of each arm by setting, shape (settings,).
        reach: Mean reach of the state over its people at the trials of a setting, shape (settings,); NaN where there were none.
    """

    settings: int
    removals: Removals
    effects: _Array
    untouched: _Array
    trials: _Array
    reach: _Array


def trials(population: Population, pairs: int, threads: int = 1, watch: Callable[[int, int], None] | None = None) -> Trials:
    """Run trials until so many leaders have been taken.

    Args:
        population: Settings, of which as many are run as it takes, also beyond their number; years, burn-in, seed, changes.
        pairs: Leaders to take, at least; settings are run whole.
        threads: Threads; the result does not depend on it.
        watch: Told how many leaders of how many have been taken.
    """
    from sim.study.work import warm

    warm()
    found: list[dict[str, Any]] = []
    taken = 0
    with ThreadPoolExecutor(threads) as pool:
        while taken < pairs and len(found) < _MOST:
            for one in pool.map(lambda n: _one(population, n), range(len(found), len(found) + 4 * threads)):
                # What was run beyond the last setting that is needed is thrown away: the number of threads decides nothing.
                if taken < pairs:
                    found.append(one)
                    taken += one["removals"].shape[1]
            if watch is not None:
                watch(min(taken, pairs), pairs)
    rows = np.concatenate([one["removals"] for one in found], axis=1)
    which = np.repeat(np.arange(len(found)), [one["removals"].shape[1] for one in found])
    stacked = {name: np.stack([one[name] for one in found]) for name in ("effects", "untouched", "trials", "reach")}
    return Trials(len(found), Removals(which, *rows), **stacked)


_MOST = 20_000
"""Settings after which no more are run, however few leaders they had."""


def _one(population: Population, number: int) -> dict[str, Any]:
    """Run the trials of one setting."""
    from sim import engine

    scenario = setting(population.seed, number, population.years).model_copy(update={"parameters": dict(population.changes)})
    months, p = month_count(scenario), parameters(scenario)
    world = build(scenario, population.seed, number, ROOM)
    # Rows of the timeline that nothing uses: an arm writes what it does into them.
    world = world._replace(timeline=np.concatenate([world.timeline, np.zeros(2, world.timeline.dtype)]))
    removals: list[tuple[float, ...]] = []
    effects, untouched = np.zeros((len(ARMS), len(READINGS))), np.zeros(len(READINGS))
    done, reach, now = 0, 0.0, 0
    for t in range(12 * population.burn_in, months - AFTER + 1, EVERY):
        engine.advance(world, p, now, t)
        start, now = copy(world), t + AFTER
        engine.advance(world, p, t, now)
        o = start.organisation
        for i in np.flatnonzero((o["alive"] == 1) & (o["vacant"] == 0) & (o["first_attack"] >= 0) & (o["strength"] > 0.0)).tolist():
            branch = copy(start)
            branch.organisation["struck"][i] = 1
            engine.advance(branch, p, t, now)
            change = [_fate(branch, i, t)[k] - _fate(world, i, t)[k] for k in (0, 1)]
            removals.append((t - float(o["first_attack"][i]), float(o["strength"][i]), *change))
        if not (o["alive"] == 1).any():
            continue
        base = _read(world, start)
        untouched += base
        for k, arm in enumerate(ARMS):
            branch = copy(start)
            _apply(branch, arm, t)
            engine.advance(branch, p, t, now)
            effects[k] += _read(branch, start) - base
        done += 1
        reach += float(np.average(start.region["reach"], weights=start.region["population"]))
    return {
        "removals": np.array(removals).T if removals else np.zeros((4, 0)), "effects": effects, "untouched": untouched, "trials": float(done),
        "reach": reach / done if done else np.nan,
    }  # fmt: skip


def _fate(world: World, row: int, t: int) -> tuple[float, float]:
    """Return whether a group has ended, and how many have broken from it since month t."""
    o = world.organisation
    born = (o["parent"] == row) & (o["born"] >= t) & np.isin(o["origin"], BREAKAWAY_ORIGINS) & (o["identity"] != 0)
    return float(o["ended"][row] >= 0), float(born.sum())


def _apply(world: World, arm: str, t: int) -> None:
    """Do what an arm does, from month t for the length of the trial."""
    f, e = world.force, world.emir

    def enter(row: int, kind: int, target: int, magnitude: float) -> None:
        world.timeline[row] = (t, kind, target, magnitude, AFTER)

    # The state with most people under arms in it is the one that acts.
    people = np.bincount(world.region["elite"][e["region"][e["alive"] == 1]], e["strength"][e["alive"] == 1], len(world.elite))
    state, last = int(np.argmax(people)), len(world.timeline)
    if arm == "amnesty":
        enter(last - 1, codes.AMNESTY, state, 0.5)
    elif arm == "concessions":
        enter(last - 1, codes.PEACE, state, 0.5)
    if arm in ("services", "force and services"):
        enter(last - 1, codes.SERVICES, state, 0.5)
    if arm in ("force", "force and services"):
        f["strength"][(f["elite"] == state) & (f["kind"] == 0)] *= 2.0
    elif arm == "indiscriminate force":
        f["discrimination"][f["elite"] == state] *= 0.3
    elif arm == "divergence":
        # Every other emir one way and the rest the other, so that no leadership can follow them all.
        apart = np.where(np.arange(len(e)) % 2 == 0, 0.6, -0.6)
        for name in ("agenda", "belief"):
            e[name][:] = np.clip(e[name] + apart, -1.0, 1.0)


def _read(world: World, start: World) -> _Array:
    """Return the readings of a world at the end of a trial: of the trial's months where they are sums, of its end where they are states.

    ``under_arms``, ``deaths`` in violence of all kinds, ``hardness`` (minus the mean agenda of emirs, weighted by strength: nearer the cause),
    ``violence_per_fighter`` (deaths over people under arms), ``divergence``, ``control`` and ``contact`` of organisations (weighted by strength),
    ``away`` (share of strength outside the region where a group began), ``standing`` (share of the groups at the start that still stand).
    """
    o, e, m = world.organisation, world.emir, world.measure
    here = e["alive"] == 1
    strength = e["strength"] * here
    total = float(strength.sum())
    deaths = sum(float(m[name][0] - start.measure[name][0]) for name in ("deaths_state", "deaths_non_state", "deaths_one_sided"))

    def mean(values: _Array, weights: _Array) -> float:
        return float((values * weights).sum() / weights.sum()) if weights.sum() > 0.0 else 0.0

    own = np.where(o["alive"] == 1, o["strength"], 0.0)
    away = mean((e["region"] != o["home"][e["organisation"]]).astype(float), strength)
    before = start.organisation["alive"] == 1
    return np.array(
        [
            total,
            deaths,
            -mean(e["agenda"], strength),
            deaths / max(1.0, total),
            *(mean(o[name], own) for name in ("divergence", "control", "contact")),
            away,
            float((o["alive"][before] == 1).mean()) if before.any() else 0.0,
        ]
    )
