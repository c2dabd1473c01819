"""The compiled engine against Mesa, side by side in one run, on one core: ratios. Run: python benchmarks/engine_vs_mesa.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import platform

from mesa.batchrunner import batch_run
from plain_mesa import PlainDilemma

from sim import engine
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.study.bench import Comparison, engine_against_mesa, paired, threads_against_one
from sim.world.build import build, parameters


def engine_against_plain_mesa(pairs: int = 5, runs: int = 6) -> Comparison:
    scenario = load_scenario("dilemma-101")
    months, start, p = month_count(scenario), build(scenario, 1), parameters(scenario)

    def plain() -> int:
        return len(
            batch_run(PlainDilemma, {"rng": range(runs)}, number_processes=1, data_collection_period=-1, max_steps=months, display_progress=False)
        )

    def compiled() -> int:
        return len(engine.ensemble(start, p, months, range(50 * runs)))

    return paired("its core in plain idiomatic Mesa", plain, "the compiled engine on dilemma-101 (all mechanisms)", compiled, pairs)


if __name__ == "__main__":
    print(f"Python {platform.python_version()} on {platform.machine()}; timed in turn, pair by pair, on one core unless it says two threads")
    scenario = load_scenario("aqim")
    engine.ensemble(build(scenario, 1), parameters(scenario), month_count(scenario), range(2))  # Compile, and warm up.
    print(engine_against_mesa("aqim"), flush=True)
    print(engine_against_mesa("dilemma-101"), flush=True)
    print(engine_against_plain_mesa(), flush=True)
    print(threads_against_one("aqim"), flush=True)
