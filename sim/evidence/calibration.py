"""What a user writes of a calibration: priors, statistics of the history that was observed with their errors, and rulebooks to tell apart.

A calibration is a sweep of the prior in ordinary stores: one of the whole rulebook, and one for each family of mechanisms that is switched off. All
that is inferred is read from them (:mod:`sim.evidence.inference`).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from sim.evidence.recalibration import LEAST_TAUGHT
from sim.evidence.statistics import YEARLY_NAMES, StatisticSpec, needs
from sim.scenario.errors import Problem, ScenarioError, listed, nearest
from sim.scenario.inheritance import shipped
from sim.scenario.load import Draft
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.numbers import unrounded
from sim.scenario.schema import Scenario, Spec
from sim.scenario.timeline import year_ends
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import Node, read_file
from sim.study.checks import told_at
from sim.study.experiment import LARGEST, Written, located, shipped_studies
from sim.study.factor import Factor
from sim.study.plan import Study, load_study

Year = Annotated[int, Field(ge=1900, le=2099)]
WHOLE = "whole"
"""Name of the rulebook with everything in it."""


class PriorSpec(Spec):
    """A prior: uniform over a range, or uniform in its logarithm."""

    path: str = Field("", max_length=120, description="What it is of: a parameter, or a path; the name where absent.")
    range: list[float] = Field(min_length=2, max_length=2, description="Lowest and highest value.")
    scale: Literal["linear", "log"] = Field("linear", description="Whether it is uniform, or uniform in the logarithm.")
    source: str = Field("assumption", max_length=200, description="Where the range comes from.")


class ForestSpec(Spec):
    """How forests are grown."""

    trees: int = Field(300, ge=10, le=10_000, description="Trees of a forest.")
    rows: int = Field(10_000, ge=10, le=10_000_000, description="Histories drawn for a tree, at most.")
    least_leaf: int = Field(5, ge=1, le=100_000, description="Histories in a leaf, at least.")


class RulebooksSpec(Spec):
    """Rulebooks to tell apart: the whole one, and each without a family of mechanisms."""

    histories: int = Field(10_000, ge=10, le=10_000_000, description="Histories of each rulebook that are compared.")
    without: dict[str, list[str]] = Field(min_length=1, max_length=20, description="Families by name: mechanisms that are off together.")


class CalibrationSpec(Spec):
    """A calibration."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")]
    title: str = Field("", max_length=160, description="Title for figures.")
    claim: str = Field(min_length=1, max_length=2000, description="What it is for.")
    sources: list[str] = Field(default_factory=list, description="References.")
    extends: str = Field("", max_length=200, description="Another calibration (a shipped name, or a path): what is not written here is as there.")
    fixed: list[str] = Field(default_factory=list, description="Priors of the other that are not inferred: these stand at the scenario's values.")
    scenario: str = Field(min_length=1, description="Scenario that is calibrated: a shipped name, or a path relative to this file.")
    seed: int = Field(0, ge=0, le=LARGEST - 100, description="Seed of every draw.")
    until: Year = Field(description="Last year that is run and may be used.")
    histories: int = Field(200_000, ge=50, le=10_000_000, description="Histories drawn from the prior.")
    priors: dict[str, PriorSpec] = Field(min_length=1, max_length=100, description="Priors, by name.")
    facts: list[StatisticSpec] = Field(min_length=1, max_length=200, description="Statistics of the history that was observed.")
    rulebooks: RulebooksSpec | None = Field(None, description="Rulebooks to tell apart.")
    nearest: float = Field(0.01, gt=0.0, le=1.0, description="Share of the histories, those nearest to the observed one, that a regression adjusts.")
    forest: ForestSpec = Field(default_factory=lambda: ForestSpec.model_validate({}), description="How forests are grown.")
    planted: int = Field(1000, ge=10, le=100_000, description="Histories of the table that are taken for the observed one, to check the inference.")
    recalibrated: int = Field(
        0, ge=0, le=100_000, description="Further histories of it, from whose ranks posteriors are recalibrated before they are checked; 0 for none."
    )
    predicted: int = Field(500, ge=10, le=100_000, description="Histories run anew from the posterior.")


@dataclass(frozen=True)
class Calibration:
    """A calibration made ready.

    Attributes:
        written: As written.
        factors: The priors.
        scenario: The scenario as it is.
        source: Where the scenario is read: a shipped name, or a path.
    """

    written: Written
    spec: CalibrationSpec
    factors: tuple[Factor, ...]
    scenario: Scenario
    source: str

    @property
    def outcomes(self) -> list[str]:
        """Outcomes that a table keeps: everything that may be asked of a year, for each year that may be used."""
        return self._outcomes(self.spec.until)

    def __repr__(self) -> str:
        facts = f"{len(self.spec.facts)} facts to {self.spec.until}"
        return f"<Calibration {self.spec.name!r} of {self.scenario.name!r}: {len(self.spec.priors)} priors, {facts}>"

    @property
    def families(self) -> dict[str, list[str]]:
        """Families of mechanisms that are switched off in turn: keys by name."""
        if self.spec.rulebooks is None:
            return {}
        return {name: [mechanism_key(m) or m for m in off] for name, off in self.spec.rulebooks.without.items()}

    def table(self) -> Study:
        """Return the sweep of the prior."""
        return self._study(self.spec.name, self.spec.seed, self.spec.histories, [])

    def rulebook(self, family: str) -> Study:
        """Return the sweep of the prior without a family, under other chances: twins in two rulebooks would tell a forest nothing but that."""
        assert self.spec.rulebooks is not None
        seed = self.spec.seed + 1 + list(self.families).index(family)
        return self._study(f"{self.spec.name}-without-{zlib.crc32(family.encode()):08x}", seed, self.spec.rulebooks.histories, self.families[family])

    def _study(self, name: str, seed: int, points: int, without: list[str]) -> Study:
        return load_study(self._data(name, seed, without) | {"design": {"kind": "prior", "points": points}, "outcomes": self.outcomes})

    def predictive(self, draws: Path, until: int) -> Study:
        """Return the sweep of draws from the posterior, under chances that no table has seen.

        Args:
            draws: CSV file of the draws.
            until: Last year that is run.
        """
        design = {"kind": "list", "file": str(draws.resolve())}
        return load_study(self._data(f"{self.spec.name}-predicted", self.spec.seed + 99, []) | {"design": design, "outcomes": self._outcomes(until)})

    def carried_on(self, until: int) -> Study:
        """Return the sweep of the prior with later years: up to :attr:`CalibrationSpec.until` its histories are those of the table."""
        data = self._data(self.spec.name, self.spec.seed, [])
        return load_study(data | {"design": {"kind": "prior", "points": self.spec.histories}, "outcomes": self._outcomes(until)})

    def _outcomes(self, until: int) -> list[str]:
        return [f"{name}@{year}" for year in year_ends(self.scenario) if year <= until for name in YEARLY_NAMES]

    def shared(self, name: str, seed: int) -> dict[str, Any]:
        """Return what a sweep of these priors says in any scenario, as plain data: the priors, one history a point, chances of its own for each."""
        factors = {n: {"path": p.path or n, "range": p.range, "scale": p.scale} for n, p in self.spec.priors.items()}
        return {"name": name[:60], "seed": seed, "draws": "independent", "replicates": 1, "factors": factors}

    def _data(self, name: str, seed: int, without: list[str]) -> dict[str, Any]:
        return {
            **self.shared(name, seed),
            "title": self.spec.title,
            "claim": self.spec.claim,
            "scenario": self.source,
            "without": without,
        }


def load_calibration(source: str | os.PathLike[str], changes: Mapping[str, Any] | None = None) -> Calibration:
    """Read a calibration and check it.

    Args:
        source: A path, or the name of a shipped one.
        changes: What is to differ from the file, by key; with fewer histories, no rulebook has more of them.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    path = located(source)
    node = read_file(path, os.fspath(path), "a calibration")
    data = {**node.plain(), **(changes or {})}
    if isinstance(data.get("extends"), str) and data["extends"]:
        data = _inherited(data, path, node)
    if "histories" in (changes or {}) and isinstance(data.get("recalibrated"), int) and data["recalibrated"]:
        # A look: half of them to learn from, at most, and a quarter to check on.
        data["recalibrated"] = min(data["recalibrated"], data["histories"] // 2)
        planted = data.get("planted", CalibrationSpec.model_fields["planted"].default)
        data["planted"] = min(planted, max(10, data["histories"] // 4)) if isinstance(planted, int) else planted
    if "histories" in (changes or {}) and isinstance(data.get("rulebooks"), dict) and isinstance(data["rulebooks"].get("histories", 0), int):
        # Fewer histories than the file has of each rulebook: then so many of each.
        of_each = data["rulebooks"].get("histories", RulebooksSpec.model_fields["histories"].default)
        data["rulebooks"] = {**data["rulebooks"], "histories": min(of_each, data["histories"])}
    try:
        spec = CalibrationSpec.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, CalibrationSpec)) from None
    written = Written(spec, node, path.parent)  # type: ignore[arg-type]
    factors = tuple(Factor(n, p.path or n, n, p.range[0], p.range[1], p.scale == "log") for n, p in spec.priors.items())
    where = spec.scenario if spec.scenario in shipped() else str(path.parent / spec.scenario)
    with told_at(written, ("scenario",)):
        draft = Draft(where)
        scenario = draft.scenario()
    problems = [
        *_checked(written, spec, "histories" in (changes or {})),
        *_priors(written, factors, draft),
        *fact_problems(written, ("facts",), spec.facts, spec.until, scenario),
        *_families(written, spec),
    ]
    if problems:
        raise ScenarioError(problems)
    return Calibration(written, spec, factors, scenario, where)


def _inherited(data: dict[str, Any], path: Path, node: Node) -> dict[str, Any]:
    """Return what a calibration says with what it takes from another, less the priors that it fixes.

    Raises:
        ScenarioError: If the other is wrong, extends yet another (or this one), or has no such prior.
    """
    name, beside, here = data["extends"], path.parent / data["extends"], node.at(("extends",))
    there = beside if beside.is_file() else located(name)
    if not there.is_file():
        known = [file for file in shipped_studies() if file.startswith("calibrate")]
        raise ScenarioError(
            [Problem(here, "extends", f"there is no calibration {name!r}; those that ship are {listed(known)}", nearest(name, known))]
        )
    further = read_file(there, os.fspath(there), "a calibration").plain()
    if isinstance(further, dict) and "extends" in further:
        raise ScenarioError([Problem(here, "extends", f"{name!r} extends another calibration itself; extend that one")])
    other = load_calibration(there)
    scenario = other.source if other.source in shipped() else str(Path(other.source).resolve())
    found = {**other.spec.model_dump(exclude_unset=True), "scenario": scenario, **data}
    fixed = data.get("fixed")
    if isinstance(fixed, list) and all(isinstance(prior, str) for prior in fixed) and isinstance(found["priors"], dict):
        message = f"{{!r}} is no prior here or in {name}; there are {listed(found['priors'], 30)}"
        unknown = [(k, prior) for k, prior in enumerate(fixed) if prior not in found["priors"]]
        if unknown:
            raise ScenarioError(
                [Problem(node.at(("fixed", k)), f"fixed.{k}", message.format(prior), nearest(prior, found["priors"])) for k, prior in unknown]
            )
        found["priors"] = {prior: range_ for prior, range_ in found["priors"].items() if prior not in fixed}
    return found


def _checked(written: Written, spec: CalibrationSpec, smaller: bool) -> list[Problem]:
    """Return what does not go together; with fewer histories than the file asks for, these may be too few for anything."""
    found = []
    if spec.fixed and not spec.extends:
        found.append(written.problem(("fixed",), "fixes priors of another calibration: say which with extends:"))
    if spec.recalibrated and not smaller:
        if spec.recalibrated < LEAST_TAUGHT:
            found.append(
                written.problem(("recalibrated",), f"{spec.recalibrated} is too few to learn from; allowed is 0, or {LEAST_TAUGHT} and more")
            )
        if spec.planted + spec.recalibrated > spec.histories:
            message = f"{spec.planted:,} planted and {spec.recalibrated:,} to learn from are more than the {spec.histories:,} histories"
            found.append(written.problem(("recalibrated",), message))
    return found


def _priors(written: Written, factors: tuple[Factor, ...], draft: Draft) -> list[Problem]:
    found: list[Problem] = []
    for f in factors:
        here = ("priors", f.name, "range")
        if "@" in f.name:
            found.append(written.problem(("priors", f.name), "a name with @ is that of an outcome; give another with path:", key=True))
        if not f.low < f.high:
            found.append(written.problem(here, f"{unrounded(f.low)} is not below {unrounded(f.high)}"))
        if f.logarithmic and f.low <= 0.0:
            found.append(written.problem(("priors", f.name, "scale"), "a log scale needs a range above 0"))
        for end in (f.low, f.high):
            try:
                with told_at(written, here):
                    draft.scenario({f.path: end})
            except ScenarioError as error:
                found += error.problems
    return found


def fact_problems(written: Written, at: tuple[str | int, ...], facts: Sequence[StatisticSpec], until: int, scenario: Scenario) -> list[Problem]:
    """Return what is wrong with the facts of a history.

    Args:
        written: The file.
        at: Where in it the facts are.
        facts: The facts.
        until: Last year that may be used.
        scenario: Whose history it is.
    """
    found, years = [], year_ends(scenario)
    for k, fact in enumerate(facts):
        for key in ("of", "over"):
            for n, series in enumerate(getattr(fact, key)):
                if series not in YEARLY_NAMES:
                    message = f"no year has {series!r}; a year has {', '.join(YEARLY_NAMES)}"
                    found.append(written.problem((*at, k, key, n), message, nearest(series, YEARLY_NAMES)))
        for key, message in needs(fact):
            found.append(written.problem((*at, k, key) if getattr(fact, key) is not None else (*at, k), message))
        for year in fact.years:
            if year > until:
                found.append(written.problem((*at, k, "year"), f"{year} is after {until}, the last year that may be used"))
            elif year not in years:
                found.append(written.problem((*at, k, "year"), f"{year} is not a year of {scenario.name}"))
    names = [fact.fact for fact in facts]
    found += [written.problem((*at, k, "fact"), f"{name!r} is there twice") for k, name in enumerate(names) if name in names[:k]]
    return found


def _families(written: Written, spec: CalibrationSpec) -> list[Problem]:
    found: list[Problem] = []
    if spec.rulebooks is None:
        return found
    if spec.rulebooks.histories > spec.histories:
        message = f"{spec.rulebooks.histories:,} histories of each rulebook, and the whole one has {spec.histories:,}"
        found.append(written.problem(("rulebooks", "histories"), message))
    for family, off in spec.rulebooks.without.items():
        if family == WHOLE or not family or "/" in family:
            found.append(written.problem(("rulebooks", "without", family), f"{family!r} cannot be the name of a family", key=True))
        for k, name in enumerate(off):
            if mechanism_key(name) is None:
                message = f"there is no mechanism {name!r}; mechanisms are {listed(MECHANISMS, 30)}"
                found.append(written.problem(("rulebooks", "without", family, k), message, nearest(name, MECHANISMS)))
        if not off:
            found.append(written.problem(("rulebooks", "without", family), "has no mechanism"))
    return found
