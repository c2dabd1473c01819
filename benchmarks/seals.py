"""What it costs to prove what is read, as a share of reading it. Run: python benchmarks/seals.py [--runs N] [--pairs N] [--json]

One store is read in turn with its proofs and with the proofs left out, pair by pair: the whole table, five outcomes, and one. Each reading opens the
store anew, so nothing that was proven before is remembered. Two shares are given, each of the medians over the pairs: of processor time, and of time
by the clock, which whoever else uses the machine lengthens more.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from study import study

from sim.study import seal
from sim.study.result import SweepResult
from sim.study.store import Store
from sim.study.sweep import run_sweep


@contextmanager
def without_proofs() -> Iterator[None]:
    """Leave out what proves a store, for a while; all else of reading stays."""
    real = Store._prove, seal.holds
    Store._prove, seal.holds = lambda *_: None, lambda text: True
    try:
        yield
    finally:
        Store._prove, seal.holds = real


def seconds(store: Path, columns: list[str] | None) -> tuple[float, float]:
    """Return what reading some columns takes: processor time, time by the clock."""
    before, began = time.process_time(), time.perf_counter()
    SweepResult(store).to_pandas(columns)
    return time.process_time() - before, time.perf_counter() - began


def cost(store: Path, columns: list[str] | None, pairs: int) -> tuple[float, float, float]:
    """Return the share that proofs add to reading, in processor time and by the clock, and the milliseconds of reading without."""
    seconds(store, columns)
    took: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for pair in range(pairs):
        for proving in (True, False) if pair % 2 else (False, True):
            with nullcontext() if proving else without_proofs():
                took[proving].append(seconds(store, columns))
    (with_processor, with_clock), (processor, clock) = (
        [statistics.median(times) for times in zip(*took[proving], strict=True)] for proving in (True, False)
    )
    return with_processor / processor - 1.0, with_clock / clock - 1.0, 1000 * clock


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40_000, help="runs of the sweep that is read (40000)")
    parser.add_argument("--pairs", type=int, default=41, help="pairs a share is the median of (41)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "s"
        run_sweep(study(given.runs, "dilemma-101"), store)
        outcomes = SweepResult(store).outcomes
        for name, columns in (("the whole table", None), ("five outcomes", outcomes[:5]), ("one outcome", outcomes[:1])):
            processor, by_clock, plainly = cost(store, columns, given.pairs)
            found[name] = {"processor": processor, "clock": by_clock, "milliseconds": plainly}
            if not given.json:
                print(f"{name:<18}proofs add {processor:.1%} of processor time, {by_clock:.1%} by the clock ({plainly:.3g} ms without)", flush=True)
    if given.json:
        print(json.dumps({"runs": given.runs, "pairs": given.pairs, "added": found}, indent=1))


if __name__ == "__main__":
    main()
