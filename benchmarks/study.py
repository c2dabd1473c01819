"""What a sweep costs beside its runs, as ratios in one run. Run: python benchmarks/study.py [--runs N] [--memory N …] [--json]

Six measurements, each on a study of aqim whose factors are two rulebook parameters and a path into the scenario:

- *against Mesa*: runs a second of ``dilemma sweep`` with one worker against ``mesa.batch_run`` with one process, on the same model and outcomes;
- *threads*: a sweep with two workers against one with one;
- *around the kernel*: what of a sweep's time is not the compiled engine: reading, building worlds, making tables, writing, syncing, compacting;
- *one replicate*: a sweep with one replicate a design point against one with :data:`MANY`, one worker, same number of runs: what a design point costs
  beside its runs, in time by the clock, in processor time that is not the compiled engine, and in that of checking and building worlds;
- *resuming*: a sweep stopped half way and resumed against one that was not stopped;
- *memory* (with --memory): the peak of a whole sweep in a process of its own, at several sizes (on dilemma-101, so that a million runs take minutes).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import engine
from sim.study.bench import Comparison, paired
from sim.study.plan import Study, load_study
from sim.study.starts import Starts
from sim.study.sweep import InterruptedSweepError, Progress, run_sweep
from sim.study.work import warm

FACTORS = {
    "percolation": {"range": [0.1, 0.9]},
    "raid_size": {"range": [2.0, 30.0]},
    "centre": {"path": "organisations.GSPC.control", "range": [0.1, 0.9]},
}
REPLICATES = 20
MANY = 200
"""Replicates a design point at which a point costs next to nothing beside its runs; few enough that a design has many points, short runs and long."""


def study(runs: int, scenario: str = "aqim", replicates: int = REPLICATES) -> Study:
    """Return a study of about so many runs."""
    points = max(1, runs // replicates)
    path = {"centre": {"path": "organisations.The Front.control", "range": [0.1, 0.9]}} if scenario == "dilemma-101" else {}
    return load_study(
        {
            "name": "benchmark",
            "claim": "None: this is timed.",
            "scenario": scenario,
            "factors": {**FACTORS, **path},
            "design": {"kind": "lhs", "points": points},
            "replicates": replicates,
        }
    )


def sweeping(s: Study, workers: int) -> Callable[[], int]:
    """Return the work of sweeping a study into a new store."""

    def work() -> int:
        with tempfile.TemporaryDirectory() as folder:
            return run_sweep(s, Path(folder) / "s", count=workers).done

    return work


def around_the_kernel(s: Study, workers: int = 2) -> tuple[float, float]:
    """Return the shares of a sweep's processor time that are not spent in the compiled engine, and that are spent on checking a design point's
    scenario and building its world, within one and the same sweep.

    Processor time, not time by the clock: whoever else uses the machine lengthens both, but not alike.
    """
    spent, lock = {"engine": 0.0, "start": 0.0}, threading.Lock()

    def timed(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            began = time.thread_time()
            found = real(*args, **more)
            took = time.thread_time() - began
            with lock:
                spent[name] += took
            return found

        return call

    ensemble, at = engine.ensemble, Starts.at
    engine.ensemble, Starts.at = timed("engine", ensemble), timed("start", at)  # type: ignore[method-assign]
    try:
        before = time.process_time()
        sweeping(s, workers)()
        whole = time.process_time() - before
        return 1.0 - spent["engine"] / whole, spent["start"] / whole
    finally:
        engine.ensemble, Starts.at = ensemble, at  # type: ignore[method-assign]


def processor_time(s: Study) -> float:
    """Return the processor time of a sweep with one worker, in milliseconds a run."""
    before = time.process_time()
    runs = sweeping(s, 1)()
    return 1000 * (time.process_time() - before) / runs


def mesa_runs(s: Study, cells: int) -> Callable[[], int]:
    """Return the work of some runs of the study under ``mesa.batch_run``."""
    from sim.model import DilemmaModel, mesa

    scenarios = [s.scenario(cell) for cell in range(min(cells, s.cells))]

    def work() -> int:
        made = mesa.batch_run(
            DilemmaModel,
            {"scenario": scenarios, "rng": s.spec.seed, "replicate": [0]},
            number_processes=1,
            data_collection_period=-1,
            max_steps=258,
            display_progress=False,
        )
        return len(made)

    return work


def resuming(s: Study) -> Callable[[], int]:
    """Return the work of sweeping a study in two sessions."""

    def work() -> int:
        def stop(progress: Progress) -> None:
            progress.stopping = progress.done >= progress.total // 2

        with tempfile.TemporaryDirectory() as folder:
            try:
                run_sweep(s, Path(folder) / "s", count=2, watch=stop)
            except InterruptedSweepError:
                return run_sweep(s, Path(folder) / "s", count=2, resume=True).done
            raise RuntimeError("the sweep was over before it could be stopped")

    return work


_PEAK = """
import json, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from study import study
from sim.study.sweep import run_sweep
s = study(int(sys.argv[1]), "dilemma-101")
from sim.study.work import warm
warm()
# Linux's own high-water mark: what getrusage tells is inherited from whoever started the process.
def high(): return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1e3
before = high()
began = time.perf_counter()
with tempfile.TemporaryDirectory() as folder:
    done = run_sweep(s, Path(folder) / "s").done
    size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
print(json.dumps({"runs": done, "peak_mb": high(), "before_mb": before,
                  "seconds": time.perf_counter() - began, "disk_mb": size / 1e6}))
"""


def peak(runs: int) -> dict[str, Any]:
    """Return the peak memory of a sweep in a process of its own, its time and its size on disk."""
    done = subprocess.run([sys.executable, "-c", _PEAK, str(runs), str(Path(__file__).parent)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=8000, help="runs of the sweeps that are timed (8000)")
    parser.add_argument("--around", type=int, default=8000, help="runs of the sweep whose time around the kernel is measured (8000)")
    parser.add_argument("--pairs", type=int, default=3, help="pairs a ratio is the median of (3)")
    parser.add_argument("--memory", type=int, nargs="*", default=[], help="sizes at which peak memory is measured: 10000 100000 1000000")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    warm()
    s, smaller = study(given.runs), study(max(REPLICATES, given.runs // 8))
    found: dict[str, Comparison] = {}

    def report(name: str, comparison: Comparison, words: str) -> None:
        found[name] = comparison
        if not given.json:
            ratios = comparison.ratios
            print(f"{name:<20}{words.format(r=comparison.ratio, low=min(ratios), high=max(ratios))}", flush=True)

    mesa = paired("mesa.batch_run", mesa_runs(smaller, 6), "a sweep, one worker", sweeping(smaller, 1), given.pairs)
    report("against Mesa", mesa, "{r:,.0f} times the runs a second of mesa.batch_run, one core each ({low:,.0f} to {high:,.0f})")
    two = paired("one worker", sweeping(s, 1), "two workers", sweeping(s, 2), given.pairs)
    report("threads", two, "two workers {r:.2f} times as fast as one ({low:.2f} to {high:.2f})")
    share, _ = around_the_kernel(study(given.around))
    if not given.json:
        print(f"{'around the kernel':<20}{share:.1%} of the processor time of a sweep of {given.around:,} runs is not the engine", flush=True)
    single, many = study(given.runs, replicates=1), study(given.runs, replicates=min(MANY, given.runs))
    points = paired("many replicates a point", sweeping(many, 1), "one replicate a point", sweeping(single, 1), given.pairs)
    report(
        "one replicate", points, f"{{r:.2f}} times the runs a second of {MANY} replicates a design point, one worker ({{low:.2f}} to {{high:.2f}})"
    )
    beside = {"one": around_the_kernel(single, 1), "many": around_the_kernel(many, 1)}
    spent = sorted(processor_time(many) / processor_time(single) for _ in range(given.pairs))
    if not given.json:
        middle = spent[len(spent) // 2]
        print(f"{'':<20}{middle:.2f} times the runs a second of processor time ({spent[0]:.2f} to {spent[-1]:.2f})", flush=True)
        print(f"{'':<20}{beside['one'][0]:.1%} of the processor time is not the engine, {beside['many'][0]:.1%} at {MANY} replicates", flush=True)
        print(f"{'':<20}{beside['one'][1]:.1%} of it is checking and building worlds, {beside['many'][1]:.1%} at {MANY} replicates", flush=True)
    halves = paired("stopped half way and resumed", resuming(smaller), "not stopped", sweeping(smaller, 2), given.pairs)
    report("resuming", halves, "a sweep stopped half way takes {r:.2f} times as long in all ({low:.2f} to {high:.2f})")
    peaks = [peak(runs) for runs in given.memory]
    if given.json:
        print(
            json.dumps(
                {
                    "runs": s.runs[0],
                    "around_the_kernel": share,
                    "around_the_kernel_by_replicates": beside,
                    "processor_time_of_many_over_one": spent,
                    "comparisons": {k: c.to_dict() for k, c in found.items()},
                    "memory": peaks,
                },
                indent=1,
            )
        )
        return
    for p in peaks:
        took = time.strftime("%H:%M:%S", time.gmtime(p["seconds"]))
        size = f"{p['disk_mb']:,.1f} MB on disk; {took}"
        print(f"{'memory':<20}{p['peak_mb']:,.0f} MB at {p['runs']:,} runs ({p['before_mb']:,.0f} before the first); {size}")


if __name__ == "__main__":
    main()
