"""Runs that gates share: every world is run once, whichever gates ask for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from sim.evidence.contrasts import World as Changed
from sim.scenario.load import load_scenario, scenario_hash
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
        self._tables: dict[str, np.ndarray[Any, Any]] = {}

    def of(self, world: Changed) -> np.ndarray[Any, Any]:
        """Return the outcomes of a world's replicates (structured array of :func:`sim.world.outcomes.outcome_dtype`)."""
        return self.of_scenario(load_scenario(world.scenario, overrides=dict(world.changes), without=world.without))

    def of_scenario(self, scenario: Scenario) -> np.ndarray[Any, Any]:
        """Return the outcomes of a scenario's replicates."""
        from sim import engine

        key = scenario_hash(scenario)
        if key not in self._tables:
            numbers = np.arange(self.replicates)
            self._tables[key] = engine.ensemble(build(scenario, self.seed), parameters(scenario), month_count(scenario), numbers, self.threads)
        return self._tables[key]

    def read(self, world: Changed, reading: Callable[[World], T]) -> list[T]:
        """Run a world's replicates with room in the log, and return what is read from the end of each."""
        from sim import engine

        scenario = load_scenario(world.scenario, overrides=dict(world.changes), without=world.without)
        p, months = parameters(scenario), month_count(scenario)
        start = build(scenario, self.seed, 0, replace(Capacity.of(scenario), log=LOG_ROWS))

        def one(number: int) -> T:
            history = copy(start)
            history.clock["replicate"] = number
            engine.advance(history, p, 0, months)
            return reading(history)

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(one, range(self.replicates)))
