"""What a sweep will cost, from a short measured pilot of its own runs."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.study.plan import Study
from sim.study.table import table
from sim.study.work import Engine, Piece, run_pieces, warm

PILOT_SECONDS = 1.0
PILOT_RUNS = 200


@dataclass(frozen=True)
class Estimate:
    """What a sweep will cost.

    Attributes:
        runs: Least and most runs.
        shards: Shards.
        workers: Workers it was reckoned for.
        seconds: Least and most seconds.
        bytes: Least and most bytes on disk when complete.
        pilot: Runs of the pilot.
        run_seconds: Seconds a run, on one core.
    """

    runs: tuple[int, int]
    shards: int
    workers: int
    seconds: tuple[float, float]
    bytes: tuple[int, int]
    pilot: int
    run_seconds: float


def estimate(study: Study, workers: int, engine: Engine = "compiled") -> Estimate:
    """Run a short pilot, spread over the design, and reckon what the whole costs.

    Args:
        study: The study.
        workers: How many work at once.
        engine: Which engine.

    Returns:
        The estimate; time is reckoned as if workers did not slow each other down.
    """
    recipe = study.recipe(engine)
    if recipe.drafts and engine == "compiled":
        warm()
    cells = np.unique(np.linspace(0, study.cells - 1, min(study.cells, 16)).astype(int))
    chunk = min(study.spec.replicates, 20 if engine == "compiled" else 1)
    ran, tables = 0, []
    began = time.perf_counter()
    for cell in cells.tolist():
        arm, point = divmod(cell, len(study.points))
        piece = Piece(cell, arm, tuple(study.points[point].tolist()), 0, chunk)
        fixed = type(recipe)(recipe.seed, recipe.arms, recipe.drafts, recipe.factors, recipe.outcomes, None, recipe.rulebook, engine)
        rows = run_pieces(fixed, [piece])
        tables.append(table(study, rows))
        ran += chunk
        if time.perf_counter() - began > PILOT_SECONDS or ran >= PILOT_RUNS:
            break
    each = (time.perf_counter() - began) / ran
    size = _bytes_a_run(pa.concat_tables(tables))
    low, high = study.runs
    return Estimate((low, high), study.shards, workers, (each * low / workers, each * high / workers), (int(size * low), int(size * high)), ran, each)


def _bytes_a_run(runs: pa.Table) -> float:
    """Return what a run takes on disk: the pilot's table twice and four times over, so that what a file takes once does not count."""

    def size(times: int) -> int:
        buffer = io.BytesIO()
        pq.write_table(pa.concat_tables([runs] * times).combine_chunks(), buffer, compression="none", use_dictionary=False)
        return buffer.tell()

    return (size(4) - size(2)) / (2.0 * runs.num_rows)
