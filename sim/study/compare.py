r"""Parameter sets side by side, under the same draws.

Two sets that share seed and replicate numbers face the same chances, so what matters is the difference within each pair, :math:`d_r = b_r - a_r`.
Its mean has a 95 % bootstrap percentile interval over replicates (pairs at several design points that share a replicate share its chances, and are
drawn together). How much of the noise pairing has taken away is

.. math:: V = 1 - \frac{\mathrm{Var}(d)}{\mathrm{Var}(a) + \mathrm{Var}(b)},

which is what unpaired runs would have had as the variance of the difference; it is 0 for independent runs, 1 where chance drops out altogether, and
negative where the sets answer the same luck in opposite ways.

Source: Law 2015, *Simulation Modeling and Analysis*, ch. 11 (common random numbers).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.ensemble import clustered_interval
from sim.scenario.errors import listed, nearest
from sim.scenario.numbers import exact, told
from sim.study.parameter_set import MOST_SETS, parameter_set
from sim.study.result import SweepResult
from sim.study.store import StoreError
from sim.study.variance import share_of_parameters
from sim.world.outcomes import described

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = (
    "survived",
    "root_survived",
    "strength_end",
    "fragmentations",
    "splinters",
    "pledges",
    "mergers",
    "agency_loss",
    "divergence",
    "outside_end",
)
"""Outcomes compared where nobody says which."""


@dataclass(frozen=True)
class Sample:
    """The runs of one parameter set.

    Attributes:
        label: What it is called.
        runs: A row a run; its index is what pairs it with a run of another set, its columns are outcomes.
    """

    label: str
    runs: pd.DataFrame


@dataclass(frozen=True)
class Difference:
    """One outcome of one parameter set against the first.

    Attributes:
        outcome: The outcome.
        unit: Its unit.
        first: Label of the first set.
        second: Label of the other.
        first_mean: Mean of the first, over the pairs.
        second_mean: Mean of the other.
        difference: Mean of the paired differences, other minus first.
        low: Lower end of its 95 % bootstrap interval.
        high: Upper end.
        pairs: Number of pairs of runs.
        draws: Number of replicates they come from, which is what the interval rests on.
        removed: Share of the difference's variance that pairing took away; None where neither set varies.
        first_happens: Share of the first set's runs in which it happens at all; means and difference are over pairs in which it happens to both.
        second_happens: Share of the other's.
    """

    outcome: str
    unit: str
    first: str
    second: str
    first_mean: float
    second_mean: float
    difference: float
    low: float
    high: float
    pairs: int
    draws: int
    removed: float | None
    first_happens: float = 1.0
    second_happens: float = 1.0


@dataclass(frozen=True)
class Comparison:
    """Parameter sets side by side.

    Attributes:
        labels: The sets; all are compared with the first.
        differences: A row an outcome and set.
        shares: By outcome, the share of the variance that comes from parameters with its 95 % interval, None where nothing varies.
    """

    labels: list[str]
    differences: list[Difference]
    shares: dict[str, tuple[float, float, float] | None]

    def __repr__(self) -> str:
        apart = sum(d.low > 0.0 or d.high < 0.0 for d in self.differences)
        sets = ", ".join(self.labels[:4]) + (" …" if len(self.labels) > 4 else "")
        found = f"{len(self.shares)} outcomes, {apart} of {len(self.differences)} differences apart from 0"
        return f"<Comparison of {len(self.labels)} sets ({sets}): {found}>"

    def _repr_html_(self) -> str:
        import html

        columns = ["outcome", "second", "first_mean", "second_mean", "difference", "low", "high", "pairs"]
        table = self.to_pandas()[columns].to_html(index=False, float_format=told, na_rep="never")
        return f"<p>Paired differences from <b>{html.escape(self.labels[0])}</b>, with 95 % intervals</p>{table}"

    def to_pandas(self) -> pd.DataFrame:
        """Return the differences as a table."""
        import pandas as pd

        return pd.DataFrame([vars(d) for d in self.differences])


def compare(samples: Sequence[Sample], outcomes: Sequence[str] | None = None, seed: int = 0) -> Comparison:
    """Compare parameter sets with the first of them, pair by pair.

    Args:
        samples: Two sets or more.
        outcomes: Outcomes to compare; those of :data:`HEADLINE` that all sets have where absent.
        seed: Seed of the resampling.

    Raises:
        ValueError: If there are fewer than two sets, an outcome is missing in one, or two sets share fewer than two pairs.
    """
    if len(samples) < 2:
        raise ValueError("a comparison needs at least two parameter sets")
    if len(samples) > MOST_SETS:
        raise ValueError(f"{len(samples)} parameter sets are more than can be set side by side; at most {MOST_SETS} are allowed")
    common = [c for c in samples[0].runs.columns if all(c in s.runs.columns for s in samples)]
    chosen = list(outcomes) if outcomes else [name for name in HEADLINE if name in common] or common[:10]
    for name in chosen:
        if name not in common:
            near = nearest(name, common)
            hint = f"; did you mean {near!r}?" if near else ""
            raise ValueError(f"not all sets have an outcome {name!r}; all have {listed(common)}{hint}")
    first, differences = samples[0], []
    shares: dict[str, tuple[float, float, float] | None] = {}
    for name in chosen:
        for other in samples[1:]:
            differences.append(_difference(first, other, name, described(name)[0], seed))
        shares[name] = share_of_parameters(_matrix(samples, name), seed)
    return Comparison([s.label for s in samples], differences, shares)


def _difference(first: Sample, other: Sample, outcome: str, unit: str, seed: int) -> Difference:
    a, b = first.runs[outcome].align(other.runs[outcome], join="inner")
    replicate = a.index.get_level_values("replicate").to_numpy()
    draws = len(np.unique(replicate))
    if draws < 2:
        raise ValueError(f"{first.label} and {other.label} share {draws} replicates under the same draws; a paired difference needs at least 2")
    happens = (float(a.notna().mean()), float(b.notna().mean()))
    both = (a.notna() & b.notna()).to_numpy()
    a, b, replicate = a[both], b[both], replicate[both]
    draws = len(np.unique(replicate))
    if draws < 2:
        # It hardly ever happens to both: how often it happens to each is all there is to tell.
        nothing = (math.nan,) * 5
        return Difference(outcome, unit, first.label, other.label, *nothing, len(a), draws, None, *happens)
    x, y = a.to_numpy(), b.to_numpy()
    mean, low, high = clustered_interval(y - x, replicate, seed)
    by_draw = [np.array([part.mean() for part in _split(v, replicate)]) for v in (x, y)]
    apart = float(by_draw[0].var(ddof=1) + by_draw[1].var(ddof=1))
    removed = 1.0 - float((by_draw[1] - by_draw[0]).var(ddof=1)) / apart if apart > 0.0 else None
    return Difference(outcome, unit, first.label, other.label, float(x.mean()), float(y.mean()), mean, low, high, len(x), draws, removed, *happens)


def _split(values: np.ndarray[Any, Any], by: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    order = np.argsort(by, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(by[order])) + 1)


def _matrix(samples: Sequence[Sample], outcome: str) -> np.ndarray[Any, Any]:
    import pandas as pd

    found = pd.concat([s.runs[outcome].rename(str(k)) for k, s in enumerate(samples)], axis=1).to_numpy().T
    return found[~np.isnan(found).all(axis=1)]


def _kept(result: SweepResult, outcomes: Sequence[str] | None) -> list[str]:
    """Return the outcomes to read of a store: those asked for, else those compared by default."""
    if outcomes:
        return result.chosen(outcomes)
    return [name for name in result.outcomes if name in HEADLINE] or result.outcomes[:10]


def groups(result: SweepResult, by: str | None = None, outcomes: Sequence[str] | None = None) -> list[Sample]:
    """Return the parameter sets of one store: the levels of one of the columns that vary, paired by all the others and the replicate.

    Args:
        result: A sweep.
        by: Column whose levels are compared; the first that varies where absent.
        outcomes: Outcomes to read; those compared by default where absent.

    Raises:
        StoreError: If nothing varies, or not this, or the draws are not shared.
    """
    if not result.varying:
        raise StoreError(f"{result.path}: nothing varies in this store; compare it with another")
    chosen = by or result.varying[0]
    if chosen not in result.varying:
        near = nearest(chosen, result.varying)
        hint = f"; did you mean {near!r}?" if near else ""
        raise StoreError(f"{result.path}: {chosen!r} does not vary; what varies is {', '.join(result.varying)}{hint}")
    if result.manifest["draws"] != "common":
        raise StoreError(f"{result.path}: its design points do not share their draws (draws: independent), so nothing is paired")
    kept = _kept(result, outcomes)
    frame = result.to_pandas([*result.factors, *kept])
    rest = [name for name in result.varying if name != chosen]
    levels = frame[chosen].drop_duplicates().tolist()
    if len(levels) > MOST_SETS:
        raise StoreError(f"{result.path}: {chosen} has {len(levels):,} values; at most {MOST_SETS} sets can be compared")
    samples = []
    for level in levels:
        mine = frame[frame[chosen].isna()] if level != level or level is None else frame[frame[chosen] == level]
        samples.append(Sample(_label(chosen, level), mine.set_index([*rest, "replicate"])[kept]))
    return samples


def whole(result: SweepResult, outcomes: Sequence[str] | None = None) -> Sample:
    """Return all runs of a store as one parameter set, paired by what varies within it and the replicate."""
    kept = _kept(result, outcomes)
    frame = result.to_pandas([*result.factors, *kept])
    return Sample(str(result.path), frame.set_index([*result.varying, "replicate"])[kept])


def _label(column: str, level: Any) -> str:
    if isinstance(level, float):
        return f"{column} as written" if level != level else f"{column} {exact(level)}"
    named = {"policy": "its own policies", "without": "all on"}.get(column, "as written")
    text = str(level) if level not in ("", None) else named
    return {"scenario": text, "policy": text, "without": text if text == "all on" else f"{text} off"}.get(column, f"{column} {text}")


def of_scenario(text: str, seed: int, replicates: int, threads: int) -> Sample:
    """Run a parameter set given in words: a scenario, then changes and mechanisms off, as ``aqim,percolation=0.2,without=brokerage``.

    Args:
        text: The words.
        seed: Seed, shared by all sets.
        replicates: Replicates, from 0.
        threads: Threads.

    Raises:
        ScenarioError: If the scenario or a change is not admissible.
    """
    from sim.observe.ensemble import outcomes

    return Sample(text, outcomes(parameter_set(text), seed, replicates, threads))
