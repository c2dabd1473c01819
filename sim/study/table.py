"""The table of runs: a row a run, with its address, its factors, its outcomes, and the message of what failed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sim.study.plan import Study
from sim.study.work import Rows

_TEXT = pa.dictionary(pa.int32(), pa.string())


def schema(study: Study) -> pa.Schema:
    """Return the schema of a study's table of runs."""
    return pa.schema(
        [
            pa.field("scenario", _TEXT, nullable=False),
            pa.field("policy", _TEXT, nullable=False),
            pa.field("without", _TEXT, nullable=False),
            pa.field("point", pa.int32(), nullable=False),
            pa.field("replicate", pa.int64(), nullable=False),
            *(pa.field(f.name, pa.float64() if f.numeric else _TEXT) for f in study.factors),
            *(pa.field(name, pa.float64()) for name in study.outcomes),
            pa.field("error", pa.string()),
        ]
    )


def table(study: Study, rows: Rows) -> pa.Table:
    """Return the runs of a shard as a table; outcomes of a run that failed are null."""
    arm, point = rows.cell // len(study.points), rows.cell % len(study.points)
    failed = np.zeros(len(arm), bool)
    failed[list(rows.errors)] = True
    columns: list[Any] = [_texts([getattr(a, name) for a in study.arms], arm) for name in ("scenario", "policy", "without")]
    columns += [pa.array(point, pa.int32()), pa.array(rows.replicate, pa.int64())]
    columns += factor_columns(study, point)
    columns += [pa.array(np.ascontiguousarray(rows.values[:, k]), pa.float64(), mask=failed) for k in range(len(study.outcomes))]
    columns.append(pa.array([rows.errors.get(n) for n in range(len(arm))], pa.string()))
    return pa.Table.from_arrays(columns, schema=schema(study))


def factor_columns(study: Study, point: np.ndarray[Any, Any]) -> list[Any]:
    """Return the columns of the factors for design points, given by number."""
    columns = []
    for k, f in enumerate(study.factors):
        coded = study.points[point, k]
        if f.values is None:
            columns.append(pa.array(coded, pa.float64(), mask=np.isnan(coded)))
        elif f.numeric:
            known = np.array([float(v) for v in f.values])
            gone = np.isnan(coded)
            columns.append(pa.array(known[np.where(gone, 0, coded).astype(int)], pa.float64(), mask=gone))
        else:
            columns.append(_texts([f.shown(n) for n in range(len(f.values))], coded))
    return columns


def design_table(study: Study) -> pa.Table:
    """Return the design: a row a design point, in the values that tables show."""
    points = np.arange(len(study.points))
    names = ["point", *(f.name for f in study.factors)]
    return pa.Table.from_arrays([pa.array(points, pa.int32()), *factor_columns(study, points)], names=names)


def _texts(words: list[str], numbers: np.ndarray[Any, Any]) -> pa.DictionaryArray:
    """Return a column of words given by number; the same words may stand there more than once, NaN is null."""
    distinct = list(dict.fromkeys(words))
    index = np.array([distinct.index(word) for word in words])
    gone = np.isnan(numbers) if numbers.dtype.kind == "f" else np.zeros(len(numbers), bool)
    picked = index[np.where(gone, 0, numbers).astype(int)]
    return pa.DictionaryArray.from_arrays(pa.array(picked, pa.int32(), mask=gone), pa.array(distinct, pa.string()))
