"""The compiled engine against Mesa, side by side in one run, on one core: ratios. Run: python benchmarks/engine_vs_mesa.py

Three comparisons: with the Mesa model of the same rulebook (same draws, outcomes checked bit for bit), with the core of dilemma-101 written in plain
Mesa (outcomes of the same kind), and two threads with one.
"""

from __future__ import annotations

import argparse
import json
import platform
from statistics import fmean
from typing import Any

from plain_mesa import PlainDilemma

from sim import engine
from sim.model import mesa
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.study.bench import ENGINE_RUNS, Comparison, engine_against_mesa, paired, threads_against_one
from sim.world.build import build, parameters

AIM = "the aim for aqim: at least 100 times the Mesa model, and under 3 ms for its 258 months, on one core"


def plain_runs(runs: int) -> list[dict[str, Any]]:
    """Run the plain Mesa model as a Mesa user would; one row a run."""
    scenario = load_scenario("dilemma-101")
    made: list[dict[str, Any]] = mesa.batch_run(
        PlainDilemma,
        {"scenario": [scenario], "rng": range(runs)},
        number_processes=1,
        data_collection_period=-1,
        max_steps=month_count(scenario),
        display_progress=False,
    )
    return made


def engine_against_plain_mesa(pairs: int = 5, runs: int = 6) -> tuple[Comparison, dict[str, tuple[float, float]]]:
    """Compare the engine with the plain Mesa model, and say what both come to on average (plain, engine)."""
    scenario = load_scenario("dilemma-101")
    months, start, p = month_count(scenario), build(scenario, 1), parameters(scenario)
    table = engine.ensemble(start, p, months, range(ENGINE_RUNS * runs))
    rows: list[dict[str, Any]] = []

    def plain() -> int:
        rows[:] = plain_runs(runs)
        return len(rows)

    def compiled() -> int:
        return len(engine.ensemble(start, p, months, range(ENGINE_RUNS * runs)))

    comparison = paired("its core in plain Mesa (mesa.batch_run)", plain, "the compiled engine on dilemma-101, all mechanisms", compiled, pairs)
    same_kind = {"survived": "survived", "fragmentations": "fragmentations", "strength": "strength_end"}
    return comparison, {name: (fmean(float(row[name]) for row in rows), float(table[outcome].mean())) for name, outcome in same_kind.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=5, help="pairs timed for each ratio")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of sentences")
    options = parser.parse_args()
    comparisons: list[Comparison] = []

    def tell(comparison: Comparison) -> None:
        comparisons.append(comparison)
        if not options.json:
            print(comparison, flush=True)

    if not options.json:
        print(f"Python {platform.python_version()}, Mesa {mesa.__version__}, {platform.machine()}; one core unless it says two threads; {AIM}")
    tell(engine_against_mesa("aqim", pairs=options.pairs))
    tell(engine_against_mesa("dilemma-101", pairs=options.pairs))
    plain, means = engine_against_plain_mesa(options.pairs)
    tell(plain)
    tell(threads_against_one("aqim", pairs=options.pairs))
    if options.json:
        print(json.dumps({"aim": AIM, "comparisons": [c.to_dict() for c in comparisons], "plain_and_engine": means}, indent=1))
    else:
        print("What the plain model and the engine come to on average: " + "; ".join(f"{k} {a:.3g} and {b:.3g}" for k, (a, b) in means.items()))


if __name__ == "__main__":
    main()
