"""Worlds run side by side for an answer: the same replicates in each, so that what differs is the world, and means with intervals.

All answers share one pool of threads, as many as there are cores. An answer that nobody waits for any more stops between two worlds.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from sim import engine
from sim.observe.ensemble import share
from sim.scenario.load import Draft
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.study.executors import cores
from sim.world.build import build, parameters

RESAMPLES = 1000
BLOCK = 50
"""Replicates that one thread runs at a time: a single world, too, is shared among the cores."""

Wanted = Callable[[], bool]
"""Tells whether somebody still waits for the answer."""


class Stale(Exception):
    """Nobody waits for this answer any more: a newer question came from the same page."""


def always() -> bool:
    """Return true: the answer is wanted whatever happens."""
    return True


@functools.lru_cache(maxsize=32)
def draft(scenario: str) -> Draft:
    """Return a scenario as it is written, read once."""
    return Draft(scenario)


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="world")


_first = threading.Lock()
_warm = threading.Event()


def warm() -> None:
    """Compile or load the rulebook, in one thread only: the first call of compiled code must not happen in two at once."""
    with _first:
        if not _warm.is_set():
            scenario = draft("dilemma-101").scenario()
            engine.ensemble(build(scenario, 0), parameters(scenario), 1, [0])
            _warm.set()


def run_worlds(worlds: Sequence[Scenario], seed: int, replicates: int, wanted: Wanted = always, first: int = 0) -> list[np.ndarray[Any, Any]]:
    """Run several worlds with the same draws.

    Args:
        worlds: Scenarios, each run as often as asked.
        seed: Seed of all.
        replicates: Runs of each world, the same ones in all, so that worlds can be paired.
        wanted: Asked before each block of replicates.
        first: Number of the first replicate.

    Returns:
        For each world a structured array of :func:`sim.world.outcomes.outcome_dtype`, shape (replicates,).

    Raises:
        Stale: If the answer is not wanted any more.
    """
    warm()

    blocks = [range(start, min(start + BLOCK, first + replicates)) for start in range(first, first + replicates, BLOCK)]

    def one(scenario: Scenario, block: range) -> np.ndarray[Any, Any]:
        if not wanted():
            raise Stale
        return engine.ensemble(build(scenario, seed), parameters(scenario), month_count(scenario), np.array(block))

    jobs = [[_pool().submit(one, scenario, block) for block in blocks] for scenario in worlds]
    try:
        return [np.concatenate([job.result() for job in row]) for row in jobs]
    finally:
        for row in jobs:
            for job in row:
                job.cancel()


@functools.lru_cache(maxsize=64)
def _weights(count: int) -> np.ndarray[Any, Any]:
    """Return bootstrap resamples as the share of each run in each, shape (:data:`RESAMPLES`, runs); always the same."""
    return np.random.default_rng(0).multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES) / count


def mean(values: np.ndarray[Any, Any]) -> list[float]:
    """Return the mean of runs with its 95 % bootstrap interval: mean, low, high.

    Args:
        values: An outcome, or paired differences of one, shape (runs,).
    """
    low, high = np.percentile(_weights(len(values)) @ values, [2.5, 97.5])
    return [float(np.mean(values)), float(low), float(high)]


def interval_of(name: str, values: np.ndarray[Any, Any]) -> list[float]:
    """Return the mean of an outcome with its interval: Wilson's where it is a yes or no, else the bootstrap's."""
    return list(share(values)) if name in ("survived", "root_survived") else mean(values)
