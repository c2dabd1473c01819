"""Where runs start from: the world and the parameters of an arm at any of its design points."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sim.scenario.errors import ScenarioError
from sim.scenario.load import Draft
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.study.factor import AS_WRITTEN, Factor
from sim.world.build import build, parameters
from sim.world.variation import Path, Variation
from sim.world.world import World

MOST_BUILT = 64
"""Worlds that are kept at most, one for each combination of the factors that have to be built."""

_Key = tuple[tuple[float | None, ...], tuple[bool, ...] | None]


class Starts:
    """The starts of one arm, made ready once and shared by threads.

    Most factors are numbers that can be written into a world that stands. The others (names, dates, what decides how others are built) have to be
    built: once for each combination of their values where those are few, else anew at every point. What is started from does not depend on which.

    Args:
        draft: The arm's scenario as it is written.
        without: Key of the mechanism that is off in this arm; empty for none.
        factors: The factors, in the order of a point's coded values.
        seed: Seed.
        scenario_at: Returns the scenario at a point, complete and checked, or raises :class:`~sim.scenario.errors.ScenarioError`.
    """

    def __init__(self, draft: Draft, without: str, factors: Sequence[Factor], seed: int, scenario_at: Callable[[Sequence[float]], Scenario]) -> None:
        self._factors, self._seed, self._scenario_at = factors, seed, scenario_at
        paths = [_located(draft, factor.path) for factor in factors]
        # An arm's mechanism is off whatever a factor says of it.
        self._written = {k: path for k, path in enumerate(paths) if path and path != ("mechanisms", without)}
        # Paths go by names, so what changes a name may change what other paths mean.
        self._renames = any(path is None or path[-1] in ("name", "label") for path in paths)
        self._stand: dict[_Key, Variation] = {}
        self._refused: set[_Key] = set()
        self._lock = threading.Lock()

    def at(self, point: Sequence[float]) -> tuple[World, np.ndarray[Any, Any], int]:
        """Return the world, the parameters and the number of months of runs at a design point, good until this thread asks again.

        Raises:
            ScenarioError: If the combination is not admissible.
        """
        with self._lock:
            near, written = self._variation(point), self._written
        if near is not None:
            made = near.at({path: self._factors[k].value(point[k]) for k, path in written.items() if not math.isnan(point[k])})
            if made is not None:
                return *made, month_count(near.scenario)
        scenario = self._scenario_at(point)
        return build(scenario, self._seed), parameters(scenario), month_count(scenario)

    def _variation(self, point: Sequence[float]) -> Variation | None:
        """Return a world that differs from a point's in nothing but what is written, or None where there is none to be had."""
        while self._few():
            for key, place in self._candidates(point):
                if key in self._stand:
                    return self._stand[key]
                if key in self._refused or len(self._stand) >= MOST_BUILT:
                    continue
                try:
                    made = Variation(self._scenario_at(place), self._seed)
                except ValueError:
                    # Not admissible, or not to be built: where it is this very point, whoever asked for it is told.
                    self._refused.update({key} if key[1] is None else ())
                    continue
                built = made.vary(self._written.values())
                if built:
                    self._written = {k: path for k, path in self._written.items() if path not in built}
                    self._stand.clear()
                    break
                self._stand[key] = made
                return made
            else:
                return None
        return None

    def _candidates(self, point: Sequence[float]) -> list[tuple[_Key, Sequence[float]]]:
        """Return the points from which a point may be written, with what they have in common with others of which that is true."""
        kept = tuple(None if math.isnan(coded) else coded for k, coded in enumerate(point) if k not in self._written)
        alone = [AS_WRITTEN if k in self._written else coded for k, coded in enumerate(point)]
        # Some values are admissible only together (a budget and its shares): then from another point that leaves the same factors as they are.
        return [((kept, None), alone), ((kept, tuple(math.isnan(point[k]) for k in self._written)), point)]

    def _few(self) -> bool:
        """Return whether the worlds that have to be built are few."""
        built = [factor.values for k, factor in enumerate(self._factors) if k not in self._written]
        few = all(values is not None for values in built) and math.prod(len(values or ()) for values in built) <= MOST_BUILT
        return few and not self._renames


def _located(draft: Draft, path: str) -> Path | None:
    try:
        return draft.located(path)
    except ScenarioError:
        return None
