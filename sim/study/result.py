"""The result of a sweep, read from its store when it is asked for, and no more of it than is asked for."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.outcome_words import read
from sim.scenario.errors import listed, nearest
from sim.scenario.numbers import told
from sim.study.checks import COLUMNS
from sim.study.errors import UnsealedStoreWarning
from sim.study.plan import Study, load_study
from sim.study.store import DESIGN, EXPERIMENT, Store, StoreError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as pads
    import xarray as xr

ARM = ("scenario", "policy", "without")


class SweepResult:
    """The runs of a sweep. Whatever is read of them is proven first to be what was written.

    Args:
        path: Directory of the store. A sweep that is not complete is read as far as it is.

    Raises:
        StoreError: If there is no store.
        StoreDamagedError: Here, and from whatever reads, if something is not what was written.

    Warns:
        UnsealedStoreWarning: If it was written before stores could prove that.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.store = Store(path)
        self.manifest: dict[str, Any] = self.store.manifest()
        if not self.store.sealed:
            warnings.warn(
                f"{self.path}: was written before stores were sealed, so nobody can tell whether it is what was written; to be sure, sweep it again",
                UnsealedStoreWarning,
                stacklevel=2,
            )

    @property
    def path(self) -> Path:
        """Directory of the store."""
        return self.store.path

    @property
    def complete(self) -> bool:
        """Whether all runs are there."""
        return self.store.complete

    @property
    def factors(self) -> list[str]:
        """Names of the factors."""
        return [f["name"] for f in self.manifest["factors"]]

    @property
    def labels(self) -> dict[str, str]:
        """What figures call each factor."""
        return {f["name"]: f["label"] for f in self.manifest["factors"]}

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes kept."""
        return list(self.manifest["outcomes"])

    def chosen(self, outcomes: Sequence[str] | None) -> list[str]:
        """Return outcomes asked for, or all that were kept where none are.

        Raises:
            StoreError: If one was not kept; it tells the nearest name.
        """
        for name in outcomes or ():
            if name not in self.outcomes:
                near = nearest(name, self.outcomes)
                hint = f"; did you mean {near!r}?" if near else ""
                raise StoreError(f"{self.path}: has no outcome {name!r}; it has {listed(self.outcomes)}{hint}")
        return list(outcomes or self.outcomes)

    @property
    def varying(self) -> list[str]:
        """Columns that tell parameter sets apart: parts of the arm that differ, and factors."""
        arms = self.manifest["arms"]
        return [name for name in ARM if len({arm[name] for arm in arms}) > 1] + self.factors

    @cached_property
    def study(self) -> Study:
        """The study, made ready again from the store's own copy."""
        for name in self.manifest.get("files", ()):
            self.store.check_file(name)
        return load_study(self.path / EXPERIMENT)

    def dataset(self, columns: Iterable[str] | None = None) -> pads.Dataset:
        """Return the runs as an Arrow dataset, of which nothing has been read yet: as they are written (:data:`sim.observe.outcome_words.NEVER`).

        Args:
            columns: The columns that will be read, those of filters included; all where absent. Others are not proven.

        Raises:
            StoreDamagedError: If what will be read is not what was written.
            StoreError: If there is no run yet.
        """
        import pyarrow.dataset as pads

        return pads.dataset([str(file) for file in self.store.checked(columns)])

    def __len__(self) -> int:
        return int(self.dataset(()).count_rows())

    def to_pandas(
        self, columns: Sequence[str] | None = None, *, failed: bool = False, points: Sequence[int] | np.ndarray[Any, Any] | None = None
    ) -> pd.DataFrame:
        """Return runs as a DataFrame: a row a run, in the order of the design; NaN where an outcome never happened.

        Args:
            columns: Columns wanted, beside arm, point and replicate; all where absent.
            failed: Whether runs that failed are in, with their message in ``error``.
            points: Design points wanted; all where absent.

        Raises:
            StoreError: If there is no such column, or no run yet.
        """
        import pyarrow.compute as pc

        wanted = self.store.columns() or list(self.dataset(()).schema.names)
        if columns is not None:
            unknown = [c for c in columns if c not in wanted]
            if unknown:
                raise StoreError(f"{self.path}: the table has no column {unknown[0]!r}; it has {', '.join(wanted)}")
            wanted = [c for c in wanted if c in (*COLUMNS, *columns)]
        data = self.dataset(wanted)
        if not failed:
            wanted.remove("error")
        rows = None if failed else pc.field("error").is_null()
        if points is not None:
            here = pc.field("point").isin(np.asarray(points, np.int32))
            rows = here if rows is None else rows & here
        frame = read(data.to_table(columns=wanted, filter=rows).to_pandas())
        return frame if self.complete else frame.sort_values([*ARM, "point", "replicate"], ignore_index=True)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Yield the runs part by part, so that a store larger than memory can be read through."""
        for batch in self.dataset(columns).to_batches(columns=None if columns is None else list(columns)):
            if batch.num_rows:
                yield read(batch.to_pandas())

    def failures(self) -> pd.DataFrame:
        """Return the runs that failed, with their message and the command that runs each alone."""
        import pyarrow.compute as pc

        wanted = [*ARM, "point", "replicate", *self.factors, "error"]
        frame = self.dataset(wanted).to_table(columns=wanted, filter=pc.field("error").is_valid()).to_pandas()
        frame = frame.sort_values([*ARM, "point", "replicate"], ignore_index=True)
        arms = [tuple(arm[name] for name in ARM) for arm in self.manifest["arms"]]
        points = self.manifest["points"]
        frame["command"] = [
            self.study.command(arms.index(tuple(row[:3])) * points + row[3], row[4])
            for row in frame[[*ARM, "point", "replicate"]].itertuples(index=False)
        ]
        return frame

    def design(self) -> pd.DataFrame:
        """Return the design: a row a point, a column a factor."""
        import pandas as pd

        return pd.read_parquet(self.store.check_file(DESIGN))

    def means(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the mean, standard deviation and number of runs of each outcome in every cell: columns ``(outcome, "mean" | "std" | "count")``."""
        chosen = self.chosen(outcomes)
        frame = self.to_pandas([*self.factors, *chosen])
        keys = [*ARM, "point"]
        return frame.groupby(keys, observed=True, sort=False)[chosen].agg(["mean", "std", "count"])

    def to_xarray(self, outcomes: Sequence[str] | None = None) -> xr.Dataset:
        """Return outcomes as an xarray Dataset.

        A variable an outcome. Dimensions are the parts of the arm that differ, then one a factor for a grid (else ``point``, with the factors as its
        coordinates), then ``replicate``. Runs that failed, or that a point did not need, are NaN.

        Raises:
            ImportError: If xarray is not installed.
        """
        try:
            import xarray  # noqa: F401
        except ImportError:
            raise ImportError("to_xarray needs xarray; install it with, in a clone: pip install '.[xarray]'") from None
        chosen = self.chosen(outcomes)
        frame = self.to_pandas([*self.factors, *chosen])
        arms = [name for name in ARM if name in self.varying]
        spec = self.study.spec
        if spec.draws == "independent":
            frame["replicate"] = frame["replicate"] - frame.groupby([*ARM, "point"], observed=True)["replicate"].transform("min")
        grid = spec.design is not None and spec.design.kind == "grid"
        within = self.factors if grid else ["point"]
        for name in (*arms, *within):
            if frame[name].dtype == "category":
                frame[name] = frame[name].astype(str)
        data = frame.set_index([*arms, *within, "replicate"])[chosen].to_xarray()
        if not grid and self.factors:
            design = self.design().set_index("point")
            for name in self.factors:
                values = design[name].reindex(data["point"].values)
                data = data.assign_coords({name: ("point", values.astype(str) if values.dtype == "category" else values.to_numpy())})
        data.attrs = {"experiment": self.manifest["name"], "claim": self.manifest["claim"], "seed": self.manifest["seed"]}
        return data

    def __repr__(self) -> str:
        state = "complete" if self.complete else "not complete"
        return f"<SweepResult {self.manifest['name']!r}: {len(self):,} runs, {state}, in {self.path}>"

    def _repr_html_(self) -> str:
        """Show a notebook what was swept, and the first outcomes."""
        import html

        chosen = self.outcomes[:6]
        frame = self.to_pandas(chosen)[chosen]
        table = frame.describe().loc[["count", "mean", "std", "min", "max"]].to_html(float_format=told)
        claim = html.escape(self.manifest["claim"])
        varying = html.escape(", ".join(self.varying)) or "nothing"
        return f"<p><b>{html.escape(self.manifest['name'])}</b>: {claim}</p><p>{len(self):,} runs; varying {varying}</p>{table}"


def open_store(path: str | os.PathLike[str]) -> SweepResult:
    """Return the result of a sweep from its store; see :class:`SweepResult`."""
    return SweepResult(path)


def balanced(frame: pd.DataFrame, outcome: str) -> np.ndarray[Any, Any]:
    """Return an outcome as a matrix: a row a cell, a column a replicate; NaN where a cell has no such replicate."""
    wide = frame.pivot_table(index=[*ARM, "point"], columns="replicate", values=outcome, observed=True, sort=False, dropna=False)
    return wide.dropna(how="all").to_numpy()
