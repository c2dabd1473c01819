"""Statistics of a history: numbers made of its years, which are compared with what was observed.

A simulated statistic gets an error of the size that the observed one may be off by: the posterior is then of the model *and* of how it was measured
(Wilkinson 2013), and a planted history has been measured as badly as the world. Errors have addresses, and what comes out has 20 significant bits, so
that a logarithm that is rounded otherwise on another machine gives the same table.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from sim.scenario.schema import Spec
from sim.world.outcomes import YEARLY

YEARLY_NAMES = tuple(name for name, _, _ in YEARLY)
Year = Annotated[int, Field(ge=1900, le=2099)]
Kind = Literal["state", "sum", "share", "ratio", "years"]
_BITS = 20
_Array = np.ndarray[Any, Any]


class StatisticSpec(Spec):
    """A statistic of the observed history."""

    fact: str = Field(min_length=1, max_length=120, description="What it says, in words.")
    of: list[str] = Field(min_length=1, max_length=12, description="What is looked at in each year; several are added up.")
    kind: Kind = Field(
        "state",
        description="state at the end of `year`; sum over `since` to `year`; share of that sum in the sum of `over`; ratio of the mean over `since` "
        "to `year` to that over `against`; years of the span with at least `least`.",
    )
    year: Year = Field(description="The year, or the last of a span.")
    since: Year | None = Field(None, description="First year of a span; `year` alone where absent.")
    over: list[str] = Field(default_factory=list, max_length=12, description="What a share is of.")
    against: list[Year] | None = Field(None, min_length=2, max_length=2, description="First and last year of the span a ratio is to.")
    least: float | None = Field(None, ge=0.0, description="What a year must have to count.")
    scale: Literal["linear", "log"] = Field("linear", description="log: compared as log(1 + x), a ratio as its logarithm.")
    value: float = Field(description="What was observed.")
    error: float = Field(0.0, ge=0.0, le=1.0e6, description="Standard deviation of what was observed, on its scale.")
    source: str = Field("", max_length=300, description="Where it comes from.")

    @property
    def years(self) -> list[int]:
        """Years it looks at."""
        first = self.year if self.since is None else self.since
        found = list(range(first, self.year + 1))
        return found + (list(range(self.against[0], self.against[1] + 1)) if self.against else [])

    @property
    def columns(self) -> list[str]:
        """Outcomes of years that it is made of."""
        return [f"{name}@{year}" for year in self.years for name in (*self.of, *self.over)]


def needs(spec: StatisticSpec) -> list[tuple[str, str]]:
    """Return what a statistic's kind asks for and has not, or has and says nothing: key and message."""
    wanted = {"over": "share", "against": "ratio", "least": "years"}
    found = []
    for key, kind in wanted.items():
        given = getattr(spec, key) not in (None, [])
        if given != (spec.kind == kind):
            found.append((key, f"a {kind} needs {key}" if spec.kind == kind else f"says nothing for kind {spec.kind}; it is for {kind}"))
    if spec.kind == "state" and spec.since is not None:
        found.append(("since", "a state is that at the end of one year"))
    if spec.since is not None and spec.since > spec.year:
        found.append(("since", f"{spec.since} is after {spec.year}"))
    if spec.against is not None and spec.against[0] > spec.against[1]:
        found.append(("against", f"{spec.against[0]} is after {spec.against[1]}"))
    if spec.scale == "log" and spec.value < 0.0:
        found.append(("value", "a log scale needs a value of 0 or more"))
    return found


def statistic(spec: StatisticSpec, columns: Mapping[str, _Array]) -> _Array:
    """Return a statistic of histories, on its scale, without error, shape (n,).

    Args:
        spec: The statistic.
        columns: Outcomes of years by name (``attacks@2006``), each of shape (n,).
    """

    def of_year(names: Sequence[str], year: int) -> _Array:
        total = columns[f"{names[0]}@{year}"].astype(float)
        for name in names[1:]:
            total = total + columns[f"{name}@{year}"]
        return total

    def span(names: Sequence[str], first: int, last: int) -> _Array:
        total = of_year(names, first)
        for year in range(first + 1, last + 1):
            total = total + of_year(names, year)
        return total

    since = spec.year if spec.since is None else spec.since
    if spec.kind == "state":
        return _scaled(spec, of_year(spec.of, spec.year))
    if spec.kind == "sum":
        return _scaled(spec, span(spec.of, since, spec.year))
    if spec.kind == "share":
        return _scaled(spec, span(spec.of, since, spec.year) / np.maximum(span(spec.over, since, spec.year), 1.0))
    if spec.kind == "years":
        many = [of_year(spec.of, year) >= (spec.least or 0.0) for year in range(since, spec.year + 1)]
        return _scaled(spec, np.sum(many, axis=0).astype(float))
    assert spec.against is not None
    # One event more in each, so that a ratio of nothing to nothing is 1.
    one = (span(spec.of, since, spec.year) + 1.0) / (spec.year - since + 1)
    other = (span(spec.of, *spec.against) + 1.0) / (spec.against[1] - spec.against[0] + 1)
    return _scaled(spec, one / other)


def observed(specs: Sequence[StatisticSpec]) -> _Array:
    """Return what was observed, each on its scale, shape (statistics,)."""
    return np.array([float(_scaled(spec, np.array([spec.value]))[0]) for spec in specs])


def measured(specs: Sequence[StatisticSpec], columns: Mapping[str, _Array], points: _Array, seed: int) -> _Array:
    """Return the statistics of histories as they would have been measured, shape (n, statistics).

    Args:
        specs: The statistics.
        columns: Outcomes of years by name.
        points: Number of each history, which its errors are drawn for.
        seed: Seed of the errors.
    """
    found = []
    for spec in specs:
        error = np.random.default_rng([seed, zlib.crc32(b"error"), zlib.crc32(spec.fact.encode())]).standard_normal(int(points.max()) + 1)
        found.append(canonical(statistic(spec, columns) + spec.error * error[points]))
    return np.column_stack(found)


def canonical(values: _Array) -> _Array:
    """Return values rounded to 20 significant bits."""
    mantissa, exponent = np.frexp(values)
    return np.ldexp(np.rint(np.ldexp(mantissa, _BITS)), exponent - _BITS)


def _scaled(spec: StatisticSpec, values: _Array) -> _Array:
    if spec.scale == "linear":
        return canonical(values)
    distinct, place = np.unique(values, return_inverse=True)
    plain = spec.kind == "ratio"
    logarithms = np.array([math.log(max(x, 1e-9)) if plain else math.log1p(x) for x in distinct.tolist()])
    return canonical(logarithms)[place]
