"""What a user writes of a calibration: priors, dated facts with their tolerance, and when to stop; and how a history is compared with the facts."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from sim.evidence.trajectory import SERIES, trajectories, years_of
from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.inheritance import shipped
from sim.scenario.load import Draft, scenario_hash
from sim.scenario.schema import Scenario, Spec
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import read_file
from sim.study.checks import told_at
from sim.study.experiment import LARGEST, Written, located
from sim.study.factor import Factor

Year = Annotated[int, Field(ge=1900, le=2099)]


class PriorSpec(Spec):
    """A prior: uniform over a range, or uniform in its logarithm."""

    path: str = Field("", max_length=120, description="What it is of: a parameter, or a path; the name where absent.")
    range: list[float] = Field(min_length=2, max_length=2, description="Lowest and highest value.")
    scale: Literal["linear", "log"] = Field("linear", description="Whether it is uniform, or uniform in the logarithm.")
    source: str = Field("assumption", max_length=200, description="Where the range comes from.")


class FactSpec(Spec):
    """A dated fact, as a number with a tolerance."""

    fact: str = Field(min_length=1, max_length=120, description="What it says, in words.")
    series: str = Field(description="What it is about: one of the yearly series, or share_outside for a share of attacks.")
    year: Year = Field(description="Year at whose end it holds, or the last year of a span.")
    since: Year | None = Field(None, description="First year of a span: what happened from then to `year`, instead of a state at its end.")
    value: float = Field(description="Its value.")
    tolerance: float = Field(gt=0.0, description="How far a history may be off by one unit of distance: the fact's own uncertainty.")
    source: str = Field("", max_length=200, description="Where it comes from.")


class CalibrationSpec(Spec):
    """A calibration."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")]
    title: str = Field("", max_length=160, description="Title for figures.")
    claim: str = Field(min_length=1, max_length=2000, description="What it is for.")
    sources: list[str] = Field(default_factory=list, description="References.")
    scenario: str = Field(min_length=1, description="Scenario that is calibrated: a shipped name, or a path relative to this file.")
    seed: int = Field(0, ge=0, le=LARGEST, description="Seed of every draw.")
    priors: dict[str, PriorSpec] = Field(min_length=1, description="Priors, by name.")
    facts: list[FactSpec] = Field(min_length=1, description="Facts it is calibrated on.")
    until: Year = Field(description="Last year that is run and may be used: later facts are there to be predicted.")
    later: list[FactSpec] = Field(default_factory=list, description="Facts of later years, which are predicted and never used.")
    particles: int = Field(300, ge=10, le=100_000, description="Particles of a generation.")
    generations: int = Field(6, ge=1, le=100, description="Generations at most.")
    quantile: float = Field(0.5, gt=0.0, lt=1.0, description="Share of a generation's distances that the next must beat.")
    least_acceptance: float = Field(0.02, ge=0.0, lt=1.0, description="Share of proposals accepted below which it stops.")


@dataclass(frozen=True)
class Calibration:
    """A calibration made ready.

    Attributes:
        written: As written.
        factors: The priors, which map the unit cube to values.
        scenario: The scenario as it is.
        draft: The same, for variations.
    """

    written: Written
    spec: CalibrationSpec
    factors: tuple[Factor, ...]
    scenario: Scenario
    draft: Draft

    def __repr__(self) -> str:
        facts = f"{len(self.spec.facts)} facts to {self.spec.until}"
        return f"<Calibration {self.spec.name!r} of {self.scenario.name!r}: {len(self.factors)} priors, {facts}>"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of all that the result depends on, the code apart."""
        spec = self.spec.model_dump(mode="json", exclude={"title", "claim", "sources", "later", "generations", "least_acceptance"})
        text = json.dumps([spec, scenario_hash(self.scenario)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def values(self, unit: np.ndarray[Any, Any]) -> dict[str, float]:
        """Return parameter values by path for a point of the unit cube, shape (priors,)."""
        return {f.path: float(f.coded(np.array([u]))[0]) for f, u in zip(self.factors, unit, strict=True)}

    def variation(self, unit: np.ndarray[Any, Any]) -> Scenario:
        """Return the scenario at a point of the unit cube."""
        return self.draft.scenario(self.values(unit))


def load_calibration(source: str | os.PathLike[str]) -> Calibration:
    """Read a calibration and check it.

    Args:
        source: A path, or the name of a shipped one.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    path = located(source)
    node = read_file(path, os.fspath(path), "a calibration")
    try:
        spec = CalibrationSpec.model_validate(node.plain())
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, CalibrationSpec)) from None
    written = Written(spec, node, path.parent)  # type: ignore[arg-type]
    factors = tuple(Factor(n, p.path or n, n, p.range[0], p.range[1], p.scale == "log") for n, p in spec.priors.items())
    with told_at(written, ("scenario",)):
        draft = Draft(spec.scenario if spec.scenario in shipped() else path.parent / spec.scenario)
        scenario = draft.scenario()
    problems = [*_priors(written, spec, factors, draft), *_facts(written, spec, scenario)]
    if problems:
        raise ScenarioError(problems)
    return Calibration(written, spec, factors, scenario, draft)


def _priors(written: Written, spec: CalibrationSpec, factors: tuple[Factor, ...], draft: Draft) -> list[Problem]:
    found: list[Problem] = []
    for f in factors:
        here = ("priors", f.name, "range")
        if not f.low < f.high:
            found.append(written.problem(here, f"{f.low:g} is not below {f.high:g}"))
        if f.logarithmic and f.low <= 0.0:
            found.append(written.problem(("priors", f.name, "scale"), "a log scale needs a range above 0"))
        for end in (f.low, f.high):
            try:
                with told_at(written, here):
                    draft.scenario({f.path: end})
            except ScenarioError as error:
                found += error.problems
    return found


def _facts(written: Written, spec: CalibrationSpec, scenario: Scenario) -> list[Problem]:
    names = (*SERIES, "share_outside")
    found = []
    years = years_of(scenario)
    for section in ("facts", "later"):
        for k, fact in enumerate(getattr(spec, section)):
            if fact.series not in names:
                message = f"there is no series {fact.series!r}; there are {', '.join(names)}"
                found.append(written.problem((section, k, "series"), message, nearest(fact.series, names)))
            if fact.year not in years or (fact.since is not None and not years[0] <= fact.since <= fact.year):
                found.append(
                    written.problem((section, k, "year"), f"the scenario has the years {years[0]} to {years[-1]}, and a span begins before it ends")
                )
            if section == "facts" and fact.year > spec.until:
                found.append(
                    written.problem((section, k, "year"), f"{fact.year} is after {spec.until}, the last year that may be used; put it under later")
                )
    return found


def read_fact(fact: FactSpec, years: list[int], series: Mapping[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Return what histories say of a fact.

    Args:
        fact: The fact.
        years: Years of the histories.
        series: From :func:`sim.evidence.trajectory.trajectories`, arrays of shape (replicates, years).

    Returns:
        A number a replicate.
    """
    y = years.index(fact.year)

    def over(name: str) -> np.ndarray[Any, Any]:
        now = series[name][:, y]
        if fact.since is None:
            return now
        before = years.index(fact.since) - 1
        return now - (series[name][:, before] if before >= 0 else 0.0)

    if fact.series == "share_outside":
        return over("attacks_outside") / np.maximum(over("attacks"), 1.0)
    return over(fact.series)


def distances(calibration: Calibration, series: Mapping[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Return how far histories are from the facts: the root mean square of their differences in units of tolerance, shape (replicates,)."""
    years = list(range(int(calibration.scenario.start[:4]), calibration.spec.until + 1))
    parts = [(read_fact(f, years, series) - f.value) / f.tolerance for f in calibration.spec.facts]
    return np.sqrt(np.mean(np.square(parts), axis=0))


def simulate(calibration: Calibration, unit: np.ndarray[Any, Any], replicate: int, until: int | None = None) -> dict[str, np.ndarray[Any, Any]]:
    """Return one history at a point of the unit cube, year by year, up to a year (the last that is used where absent)."""
    seed, last = calibration.spec.seed, until or calibration.spec.until
    return trajectories(calibration.variation(unit), seed, range(replicate, replicate + 1), last)
