"""The compiled engine against the Mesa model under ``mesa.batch_run``: same scenario, same draws, same outcomes, one core, as ratios.

The two are timed in turn, pair by pair, so that a machine whose speed drifts slows both. Outcomes are compared bit for bit before any time is
reported.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

COMPARED = ("survived", "fragmentations", "pledges", "returns", "mergers", "alliances_made", "endings")
"""Outcomes that both ways must agree on, by the names of the model's reporters."""


@dataclass(frozen=True)
class Comparison:
    """Two ways of doing the same work, timed in turn.

    Attributes:
        slow: What the slow way is.
        fast: What the fast way is.
        slow_seconds: Seconds per run of the slow way, one entry a pair.
        fast_seconds: Seconds per run of the fast way, one entry a pair.
    """

    slow: str
    fast: str
    slow_seconds: list[float]
    fast_seconds: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times faster, pair by pair."""
        return [s / f for s, f in zip(self.slow_seconds, self.fast_seconds, strict=True)]

    def __str__(self) -> str:
        ratios = self.ratios
        milliseconds = [1000 * statistics.median(s) for s in (self.slow_seconds, self.fast_seconds)]
        spread = f"median of {len(ratios)} pairs, {min(ratios):,.1f} to {max(ratios):,.1f}"
        return (
            f"{self.fast} is {statistics.median(ratios):,.1f} times as fast as {self.slow} ({spread}; "
            f"{milliseconds[1]:.3g} against {milliseconds[0]:.4g} ms a run)"
        )


def paired(slow: str, slow_work: Callable[[], int], fast: str, fast_work: Callable[[], int], pairs: int) -> Comparison:
    """Time two pieces of work in turn; each returns how many runs it made."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(pairs):
        for work, into in ((slow_work, times[0]), (fast_work, times[1])):
            start = time.perf_counter()
            runs = work()
            into.append((time.perf_counter() - start) / runs)
    return Comparison(slow, fast, *times)


def engine_against_mesa(name: str, replicates: int = 4, pairs: int = 5, seed: int = 1) -> Comparison:
    """Compare the compiled engine with the Mesa model under ``mesa.batch_run``, on one core.

    Args:
        name: A shipped scenario or a path.
        replicates: Runs of the Mesa model a pair; the engine makes fifty times as many.
        pairs: Pairs timed.
        seed: Seed.

    Returns:
        The comparison, in seconds per run.

    Raises:
        AssertionError: If any outcome differs between the two.
    """
    from mesa.batchrunner import batch_run

    from sim import engine
    from sim.model import DilemmaModel

    scenario = load_scenario(name)
    months, start, p = month_count(scenario), build(scenario, seed), parameters(scenario)
    table = engine.ensemble(start, p, months, range(replicates))

    def mesa_work() -> int:
        rows = batch_run(
            DilemmaModel,
            {"scenario": name, "rng": seed, "replicate": range(replicates)},
            number_processes=1,
            data_collection_period=-1,
            max_steps=months,
            display_progress=False,
        )
        for row in rows:
            for outcome in COMPARED:
                assert float(row[outcome]) == table[outcome][row["replicate"]], f"{outcome} differs in replicate {row['replicate']}"
        return len(rows)

    def engine_work() -> int:
        return len(engine.ensemble(start, p, months, range(50 * replicates)))

    return paired("the Mesa model (mesa.batch_run)", mesa_work, f"the compiled engine on {name}", engine_work, pairs)


def threads_against_one(name: str, replicates: int = 400, pairs: int = 5, seed: int = 1) -> Comparison:
    """Compare two threads with one; see :class:`Comparison`."""
    from sim import engine

    scenario = load_scenario(name)
    months, start, p = month_count(scenario), build(scenario, seed), parameters(scenario)
    one = engine.ensemble(start, p, months, range(replicates), 1)
    assert np.array_equal(one, engine.ensemble(start, p, months, range(replicates), 2))
    return paired(
        "one thread",
        lambda: len(engine.ensemble(start, p, months, range(replicates), 1)),
        f"two threads on {name}",
        lambda: len(engine.ensemble(start, p, months, range(replicates), 2)),
        pairs,
    )
