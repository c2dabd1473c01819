"""What a sweep will cost, from a short measured pilot of its own runs."""

from __future__ import annotations

import dataclasses
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
    fixed = dataclasses.replace(recipe, until=None)
    pieces = [Piece(cell, cell // len(study.points), tuple(study.points[cell % len(study.points)].tolist()), 0, chunk) for cell in cells.tolist()]
    # The first run ever made in a process loads things that later ones find loaded.
    run_pieces(fixed, [dataclasses.replace(pieces[0], count=1)])
    ran, tables = 0, []
    began = time.perf_counter()
    for piece in pieces:
        tables.append(run_pieces(fixed, [piece]))
        ran += chunk
        if time.perf_counter() - began > PILOT_SECONDS or ran >= PILOT_RUNS:
            break
    each = (time.perf_counter() - began) / ran
    size = _bytes_a_run(pa.concat_tables([table(study, rows) for rows in tables]))
    low, high = study.runs
    return Estimate((low, high), study.shards, workers, (each * low / workers, each * high / workers), (int(size * low), int(size * high)), ran, each)


def _bytes_a_run(runs: pa.Table) -> float:
    """Return what a run takes on disk: the pilot's table, without what a file takes once."""

    def size(part: pa.Table) -> int:
        buffer = io.BytesIO()
        pq.write_table(part.combine_chunks(), buffer, compression="zstd")
        return buffer.tell()

    half = runs.num_rows // 2
    return (size(runs) - size(runs.slice(0, half))) / (runs.num_rows - half)
