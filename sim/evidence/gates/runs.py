"""Runs that gates share: every world is run once, whichever gates ask for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from sim.evidence.contrasts import World as Changed
from sim.scenario.load import Draft
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.world.build import Capacity, build, parameters
from sim.world.world import World, copy

T = TypeVar("T")
LOG_ROWS = 20_000
"""Room for the events of a history."""


class Runs:
    """Ensembles of worlds that share seed and replicate numbers.

    Args:
        replicates: Replicates of each world.
        seed: Seed of all.
        threads: Threads; no result depends on it.
        settings: Settings of the population.
        seeds: Seeds of the population.
    """

    def __init__(self, replicates: int = 300, seed: int = 0, threads: int = 1, settings: int = 300, seeds: int = 1) -> None:
        from sim.study.work import warm

        warm()
        self.replicates, self.seed, self.threads = replicates, seed, threads
        self.settings, self.seeds = settings, seeds
        self._tables: dict[Hashable, np.ndarray[Any, Any]] = {}
        self._drafts: dict[str, Draft] = {}

    def of(self, world: Changed) -> np.ndarray[Any, Any]:
        """Return the outcomes of a world's replicates (structured array of :func:`sim.world.outcomes.outcome_dtype`)."""
        if world.key() not in self._tables:
            self._tables[world.key()] = self.of_scenario(self._scenario(world))
        return self._tables[world.key()]

    def of_scenario(self, scenario: Scenario) -> np.ndarray[Any, Any]:
        """Return the outcomes of a scenario's replicates; they are not kept."""
        from sim import engine

        start, p = build(scenario, self.seed), parameters(scenario)
        return engine.ensemble(start, p, month_count(scenario), np.arange(self.replicates), self.threads)

    def _scenario(self, world: Changed) -> Scenario:
        """Return a world's scenario; its file is read once for all worlds."""
        if world.scenario not in self._drafts:
            self._drafts[world.scenario] = Draft(world.scenario)
        return self._drafts[world.scenario].scenario(dict(world.changes), world.without)

    def read(self, world: Changed, reading: Callable[[World], T]) -> list[T]:
        """Run a world's replicates with room in the log, and return what is read from the end of each."""
        from sim import engine

        scenario = self._scenario(world)
        p, months = parameters(scenario), month_count(scenario)
        start = build(scenario, self.seed, 0, replace(Capacity.of(scenario), log=LOG_ROWS))

        def one(number: int) -> T:
            history = copy(start)
            history.clock["replicate"] = number
            engine.advance(history, p, 0, months)
            return reading(history)

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(one, range(self.replicates)))
