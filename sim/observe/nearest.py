"""The history that a stated rule picks: of so many, the one nearest to the record of its scenario.

One history is one throw among many, so whichever is shown first has been chosen, and the choice should not be the teller's taste. The distance to a
record is that of Victor & Purpura (1996, *Journal of Neurophysiology* 76) between two dated sequences whose entries have kinds: what it costs to turn
the one into the other.

* A fact that an event meets costs the months between them over :data:`~sim.observe.turns.WITHIN`: nothing on its date, 1 two years off. Which event
  meets which fact is chosen so that all of it costs least (each event meets one fact, of its kind, within those two years).
* A fact that no event meets costs 1.
* An event by which an organisation of the lineage comes, goes, joins or changes its brand (:data:`COUNTED`), and which meets no fact, costs
  :data:`SURPLUS`. Of departures, surrenders and successions a record names but the great ones, so that more of them cost nothing.
* A fact that gives a strength costs by how many doublings the lineage lies outside what is given, a month over its span like another, and 1 at most.

The sum stands over the number of facts: 0 is the record itself, 1 as far from it as a history in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.observe.history import History
from sim.observe.turns import WITHIN, Turn, lineage_events, turns_of
from sim.scenario.schema import RecordEntry, Scenario
from sim.scenario.timeline import month_count, month_index
from sim.world import codes
from sim.world.build import Capacity, build, parameters

COUNTED = (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.RETURN, codes.MERGER, codes.BRAND_CHANGE, codes.ENDING)
"""Kinds of event of which a record would name every one that is worth a history's notice."""
SURPLUS = 0.25
"""Cost of an event that a record would have named and does not: less than that of a fact unmet, because no record is complete."""

_LOG_ROWS = 4000


@dataclass(frozen=True)
class Distance:
    """How far a history is from the record of its scenario.

    Attributes:
        turns: Cost of each turn, in the order of :func:`sim.observe.turns.turns_of`: 0 met on its date, 1 at the edge of what meets it, or not met.
        met: Whether each turn is met.
        strengths: Cost of each fact that gives a strength, in order of time.
        surplus: Events that a record would have named and does not.
    """

    turns: tuple[float, ...]
    met: tuple[bool, ...]
    strengths: tuple[float, ...]
    surplus: int

    @property
    def value(self) -> float:
        """The distance: 0 is the record itself."""
        return (sum(self.turns) + sum(self.strengths) + SURPLUS * self.surplus) / (len(self.turns) + len(self.strengths))


@dataclass(frozen=True)
class Nearest:
    """Which of several histories is nearest to the record.

    Attributes:
        seed: Its seed; of several as near, the first.
        distance: How far it is.
        among: Seeds looked at.
        values: Their distances, shape (seeds,).
    """

    seed: int
    distance: Distance
    among: range
    values: np.ndarray[Any, Any]

    def __str__(self) -> str:
        found = self.distance
        return (
            f"seed {self.seed} is nearest to the record among {len(self.among)} histories (seeds {self.among[0]} to {self.among[-1]}): "
            f"distance {found.value:.2f} (all: {self.values.min():.2f} to {self.values.max():.2f}), "
            f"{sum(found.met)} of {len(found.met)} dated turns met"
        )


def nearest(scenario: Scenario, seed: int = 0, among: int = 200, threads: int = 1) -> Nearest:
    """Run histories with following seeds on the compiled engine and return which is nearest to the record.

    Args:
        scenario: What to run.
        seed: First seed; the others follow it. The replicate is 0.
        among: How many histories, 1 or more.
        threads: Threads to share them among; the result does not depend on it.

    Returns:
        The nearest, with the distances of all.

    Raises:
        ValueError: If the record says nothing by which histories could be told apart, or there is no history to look at.
    """
    if among < 1:
        raise ValueError(f"among is {among}; at least one history is looked at")
    if not 0 <= seed <= seed + among - 1 < 2**32:
        raise ValueError(f"seeds {seed} to {seed + among - 1}: a seed is a whole number from 0 to {2**32 - 1}")
    if not comparable(scenario):
        raise ValueError(
            f"{scenario.name}: no fact of the record names an `event` or a `strength`, so no history is nearer to it than another; choose a --seed"
        )
    seeds = range(seed, seed + among)

    def far(one: int) -> Distance:
        return _distance(scenario, *_run(scenario, one))

    # Numba loads or compiles on the first call, which must not happen in two threads at once.
    found = [far(seeds[0])]
    with ThreadPoolExecutor(threads) as pool:
        found += pool.map(far, seeds[1:])
    values = np.array([one.value for one in found])
    best = int(np.argmin(values))
    return Nearest(seeds[best], found[best], seeds, values)


def comparable(scenario: Scenario) -> bool:
    """Return whether the record says anything by which histories are nearer to it or farther."""
    return any(fact.event or fact.strength for fact in scenario.record)


def distance(history: History) -> Distance | None:
    """Return how far a history is from the record of its scenario, or None where the record says nothing that can be compared."""
    if not comparable(history.scenario):
        return None
    o = history.tables["organisation"]
    own = o["identity"][-1][o["lineage"][-1] == history.focus]
    strength = np.where((o["alive"] == 1) & (o["lineage"] == history.focus), o["strength"], 0.0)[1:].sum(axis=1)
    return _distance(history.scenario, history.log, set(own.tolist()), strength)


def _run(scenario: Scenario, seed: int) -> tuple[np.ndarray[Any, Any], set[int], np.ndarray[Any, Any]]:
    """Return the event log of a history, the identities of the followed lineage, and its strength in the months of which a fact gives one."""
    from sim import engine

    months, p, rows = month_count(scenario), parameters(scenario), _LOG_ROWS
    given = sorted({t for fact in scenario.record if fact.strength for t in _span(scenario, fact)})
    while True:
        world = build(scenario, seed, 0, Capacity.of(scenario, rows))
        o, focus, strength, done = world.organisation, world.clock["focus"][0], np.zeros(months), 0
        for t in given:
            engine.advance(world, p, done, t + 1)
            strength[t] = o["strength"][(o["alive"] == 1) & (o["lineage"] == focus)].sum()
            done = t + 1
        engine.advance(world, p, done, months)
        logged = int(world.clock["logged"][0])
        if logged <= rows:
            return world.log[:logged], set(o["identity"][o["lineage"] == focus].tolist()), strength
        rows = logged


def _distance(scenario: Scenario, log: np.ndarray[Any, Any], lineage: set[int], strength: np.ndarray[Any, Any]) -> Distance:
    wanted = turns_of(scenario)
    kinds, months = lineage_events(log, lineage)
    cost, event = _cheapest(scenario, wanted, kinds, months)
    counted = int(np.isin(kinds, COUNTED).sum())
    surplus = counted - sum(1 for e in event if e is not None and kinds[e] in COUNTED)
    given = sorted((fact for fact in scenario.record if fact.strength), key=lambda fact: fact.date)
    return Distance(tuple(cost), tuple(e is not None for e in event), tuple(_off(scenario, fact, strength) for fact in given), surplus)


def _cheapest(
    scenario: Scenario, wanted: Sequence[Turn], kinds: np.ndarray[Any, Any], months: np.ndarray[Any, Any]
) -> tuple[list[float], list[int | None]]:
    """Return the cost of each turn, and the event that meets it or None, as one assignment that costs least."""
    # A column an event, and a column a turn for being met by none.
    cost = np.full((len(wanted), len(kinds) + len(wanted)), 1.0)
    cost[:, : len(kinds)] = np.inf
    for n, turn in enumerate(wanted):
        span = _span(scenario, turn.fact)
        fits = np.isin(kinds, turn.kinds) & (months >= turn.first) & (months <= turn.last)
        # As near as can be, an event is to be preferred to none: at two years it costs what none costs, but it is met.
        cost[n, : len(kinds)][fits] = (np.maximum(np.maximum(span[0] - months, months - span[-1]), 0) / WITHIN)[fits] - 1e-9
    cost[:, len(kinds) :][~np.eye(len(wanted), dtype=bool)] = np.inf
    rows, columns = np.arange(len(wanted)), cost.argmin(axis=1)
    if len(set(columns.tolist())) < len(wanted):
        # Loading it takes longer than a history, and it is needed only where two facts would have the same event.
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(cost)
    event = {int(n): int(k) for n, k in zip(rows, columns, strict=True) if k < len(kinds)}
    return [max(0.0, float(cost[n, event[n]]) + 1e-9) if n in event else 1.0 for n in range(len(wanted))], [event.get(n) for n in range(len(wanted))]


def _off(scenario: Scenario, fact: RecordEntry, strength: np.ndarray[Any, Any]) -> float:
    """Return by how many doublings a strength lies outside what a fact gives, a mean over its months, each 1 at most."""
    low, high = fact.strength or (0.0, 0.0)
    there = strength[list(_span(scenario, fact))]
    with np.errstate(divide="ignore"):
        return float(np.mean(np.clip(np.log2(np.maximum(low / there, there / high)), 0.0, 1.0)))


def _span(scenario: Scenario, fact: RecordEntry) -> range:
    """Return the months in question of a fact, counted from the scenario's start."""
    return range(month_index(scenario, fact.date), month_index(scenario, fact.until or fact.date) + 1)
