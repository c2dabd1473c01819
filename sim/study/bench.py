"""The compiled engine against the Mesa model under ``mesa.batch_run``: same scenario, same draws, same outcomes, one core, as ratios.

The two are timed in turn, pair by pair, and the order turns from pair to pair, so that a machine whose speed drifts slows both. Both start from
a scenario that has been read: reading YAML is nobody's simulation. Outcomes are compared bit for bit before any time is reported. Mesa is
imported when a comparison runs, not before.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.scenario.load import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters

COMPARED = ("survived", "fragmentations", "pledges", "returns", "mergers", "alliances_made", "endings")
"""Outcomes that every run of both ways must agree on, by the names of the model's reporters; the first run must agree on all outcomes."""

ENGINE_RUNS = 50
"""Runs the engine makes for each of the Mesa model's, so that both are timed over a good part of a second."""


class EnginesDisagreeError(Exception):
    """The two ways of running came to different outcomes: their times mean nothing."""


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

    @property
    def ratio(self) -> float:
        """How many times faster: the median of the pairs."""
        return statistics.median(self.ratios)

    @property
    def milliseconds(self) -> tuple[float, float]:
        """Median milliseconds a run, of the slow way and of the fast way."""
        return 1000 * statistics.median(self.slow_seconds), 1000 * statistics.median(self.fast_seconds)

    def to_dict(self) -> dict[str, Any]:
        """Return what was measured, for JSON."""
        return {
            "fast": self.fast,
            "slow": self.slow,
            "ratio": self.ratio,
            "ratios": self.ratios,
            "fast_seconds": self.fast_seconds,
            "slow_seconds": self.slow_seconds,
        }

    def __str__(self) -> str:
        ratios, (slow, fast) = self.ratios, self.milliseconds
        spread = f"median of {len(ratios)} pairs, {min(ratios):,.1f} to {max(ratios):,.1f}"
        return f"{self.fast} is {self.ratio:,.1f} times as fast as {self.slow} ({spread}; {fast:.3g} against {slow:.4g} ms a run)"


@dataclass(frozen=True)
class BenchResult:
    """What one run of the benchmark measured.

    Attributes:
        scenario: Name of the scenario.
        months: Months a run.
        comparisons: The comparisons, in the order they were made.
    """

    scenario: str
    months: int
    comparisons: tuple[Comparison, ...]

    def table(self) -> str:
        """Return the comparisons as a table in plain text: ratios first, and the milliseconds they come from."""
        head = ("fast", "slow", "ratio", "min – max", "ms a run")
        rows = [head]
        for c in self.comparisons:
            slow, fast = c.milliseconds
            rows.append((c.fast, c.slow, f"{c.ratio:.1f}", f"{min(c.ratios):.1f} – {max(c.ratios):.1f}", f"{fast:.3g} : {slow:.3g}"))
        widths = [max(len(row[k]) for row in rows) for k in range(len(head))]
        lines = [f"{self.scenario}, {self.months} months; ratio: median of {len(self.comparisons[0].ratios)} pairs"]
        for row in rows:
            words = [cell.ljust(width) if k < 2 else cell.rjust(width) for k, (cell, width) in enumerate(zip(row, widths, strict=True))]
            lines.append("  ".join(words).rstrip())
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return what was measured, for JSON."""
        return {"scenario": self.scenario, "months": self.months, "comparisons": [c.to_dict() for c in self.comparisons]}


def paired(slow: str, slow_work: Callable[[], int], fast: str, fast_work: Callable[[], int], pairs: int) -> Comparison:
    """Time two pieces of work in turn; each returns how many runs it made."""
    times: tuple[list[float], list[float]] = ([], [])
    for pair in range(pairs):
        order = ((slow_work, times[0]), (fast_work, times[1]))
        for work, into in order if pair % 2 == 0 else order[::-1]:
            start = time.perf_counter()
            runs = work()
            into.append((time.perf_counter() - start) / runs)
    return Comparison(slow, fast, *times)


def compare_engines(scenario: str | Scenario, replicates: int = 4, repeats: int = 5, seed: int = 1) -> BenchResult:
    """Compare the compiled engine with the Mesa model on one core, and two threads of it with one.

    Args:
        scenario: A shipped name, a path, or a loaded scenario.
        replicates: Runs of the Mesa model a pair; the engine makes :data:`ENGINE_RUNS` times as many.
        repeats: Pairs timed.
        seed: Seed.

    Returns:
        Both comparisons.

    Raises:
        EnginesDisagreeError: If an outcome differs between the two.
        ScenarioError: If the scenario is not admissible.
    """
    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    comparisons = (
        engine_against_mesa(loaded, replicates, repeats, seed),
        threads_against_one(loaded, 2 * ENGINE_RUNS * replicates, repeats, seed),
    )
    return BenchResult(loaded.name, month_count(loaded), comparisons)


def engine_against_mesa(scenario: str | Scenario, replicates: int = 4, pairs: int = 5, seed: int = 1) -> Comparison:
    """Compare the compiled engine with the Mesa model under ``mesa.batch_run``, on one core.

    Args:
        scenario: A shipped name, a path, or a loaded scenario.
        replicates: Runs of the Mesa model a pair; the engine makes :data:`ENGINE_RUNS` times as many.
        pairs: Pairs timed.
        seed: Seed.

    Returns:
        The comparison, in seconds per run.

    Raises:
        EnginesDisagreeError: If an outcome differs between the two.
    """
    from sim import engine
    from sim.model import DilemmaModel, mesa

    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    months, start, p = month_count(loaded), build(loaded, seed), parameters(loaded)
    table = engine.ensemble(start, p, months, range(replicates))  # Also loads the compiled code, which is not to be timed.
    rows: list[dict[str, Any]] = []

    first = DilemmaModel(loaded, rng=seed)
    while first.running:
        first.step()
    differ = [name for name in table.dtype.names or () if first.outcomes()[name].tobytes() != table[name][0].tobytes()]
    if differ:
        raise EnginesDisagreeError(f"{loaded.name}, seed {seed}, replicate 0: the Mesa model and the compiled engine differ in {', '.join(differ)}")

    def mesa_work() -> int:
        made = mesa.batch_run(
            DilemmaModel,
            {"scenario": [loaded], "rng": seed, "replicate": range(replicates)},
            number_processes=1,
            data_collection_period=-1,
            max_steps=months,
            display_progress=False,
        )
        rows.extend(made)
        return len(made)

    def engine_work() -> int:
        return len(engine.ensemble(start, p, months, range(ENGINE_RUNS * replicates)))

    comparison = paired("the Mesa model (mesa.batch_run)", mesa_work, f"the compiled engine on {loaded.name}", engine_work, pairs)
    # batch_run reads the row before the last step's, for it counts rows from nought and a model of ours has one of its start.
    seen = engine.ensemble(start, p, int(rows[0]["Step"]), range(replicates))
    for row in rows:
        for outcome in COMPARED:
            if float(row[outcome]) != seen[outcome][row["replicate"]]:
                raise EnginesDisagreeError(
                    f"{loaded.name}, seed {seed}, replicate {row['replicate']}: {outcome} is {row[outcome]} under Mesa "
                    f"and {seen[outcome][row['replicate']]} compiled"
                )
    return comparison


def threads_against_one(scenario: str | Scenario, replicates: int = 400, pairs: int = 5, seed: int = 1) -> Comparison:
    """Compare two threads with one; see :class:`Comparison`.

    Args:
        scenario: A shipped name, a path, or a loaded scenario.
        replicates: Runs a pair, each way.
        pairs: Pairs timed.
        seed: Seed.

    Returns:
        The comparison, in seconds per run.

    Raises:
        EnginesDisagreeError: If an outcome depends on the number of threads.
    """
    from sim import engine

    loaded = load_scenario(scenario) if isinstance(scenario, str) else scenario
    months, start, p = month_count(loaded), build(loaded, seed), parameters(loaded)

    def work(threads: int) -> int:
        return len(engine.ensemble(start, p, months, range(replicates), threads))

    few = range(min(replicates, 40))
    if engine.ensemble(start, p, months, few, 1).tobytes() != engine.ensemble(start, p, months, few, 2).tobytes():
        raise EnginesDisagreeError(f"{loaded.name}, seed {seed}: one thread and two come to different outcomes")
    return paired("one thread", lambda: work(1), f"two threads on {loaded.name}", lambda: work(2), pairs)
