"""What a user writes of leaving histories out in turn: their facts, and what is asked of each when it is left out.

Priors are those of a calibration, whose own scenario has its facts; no fact of any history is later than its last year. Questions are the record's
own dated events, numbers of each year, and states that the file names. What happened stands beside them and is read by whoever scores.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from sim.evidence.calibration import Calibration, Year, fact_problems, load_calibration
from sim.evidence.forecast import DATED, SERIES_OF, STATE, YEARLY, Question
from sim.evidence.statistics import YEARLY_NAMES, StatisticSpec
from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.inheritance import shipped
from sim.scenario.load import Draft
from sim.scenario.schema import RecordKind, Scenario, Spec
from sim.scenario.timeline import year_ends
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import read_file
from sim.study.checks import told_at
from sim.study.experiment import Written, located, shipped_studies
from sim.study.plan import Study, load_study

STANDS = ["root_stands"]
"""The series of the state of which rates of endings say something."""


class CountSpec(Spec):
    """Something that is asked of every year: whether it happened."""

    number: str = Field(min_length=1, max_length=80, description="What it is, in words.")
    of: list[str] = Field(min_length=1, max_length=12, description="Series of years that count it.")
    kinds: list[RecordKind] = Field(min_length=1, max_length=8, description="Kinds of the record's events that it counts.")


class StateSpec(Spec):
    """A state, or a share, that may hold."""

    event: str = Field(min_length=1, max_length=120, description="What it asks, in words.")
    of: list[str] = Field(min_length=1, max_length=12, description="What is added up over the years.")
    over: list[str] = Field(default_factory=list, max_length=12, description="What that sum is a share of.")
    year: Year = Field(description="The year, or the last of a span.")
    since: Year | None = Field(None, description="First year of a span; `year` alone where absent.")
    least: float = Field(1.0, ge=0.0, description="It holds where the sum, or the share, is at least this.")
    happened: bool = Field(description="Whether it did; no forecaster reads it.")
    source: str = Field("", max_length=300, description="Where that comes from.")


class HistorySpec(Spec):
    """A history that is left out in its turn."""

    scenario: str = Field(min_length=1, description="A shipped scenario, or a path relative to this file.")
    facts: list[StatisticSpec] = Field(default_factory=list, max_length=200, description="What is inferred on when another is left out.")
    states: list[StateSpec] = Field(default_factory=list, max_length=50, description="Questions beside those of its record.")


class LeaveOneOutSpec(Spec):
    """Histories that are left out in turn."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="Short name, in lower case with hyphens.")]
    title: str = Field("", max_length=160, description="Title for figures.")
    claim: str = Field(min_length=1, max_length=2000, description="What it is for.")
    calibration: str = Field(min_length=1, description="Whose priors and facts: a shipped calibration, or a path relative to this file.")
    histories: int = Field(20_000, ge=50, le=10_000_000, description="Draws of the prior; each is run once in every history.")
    nearest: float = Field(0.05, gt=0.0, le=1.0, description="Share of the draws, those nearest to the facts, that a regression adjusts.")
    predicted: int = Field(2000, ge=10, le=100_000, description="Points of a posterior that are run in the history left out.")
    planted: int = Field(200, ge=10, le=100_000, description="Draws that are taken for the truth in turn.")
    window: int = Field(1, ge=0, le=10, description="Years on either side of a dated event that its window has.")
    numbers: list[CountSpec] = Field(default_factory=list, max_length=20, description="What is asked of every year.")
    held_out: list[HistorySpec] = Field(min_length=2, max_length=50, description="The histories.")


@dataclass(frozen=True)
class Asked:
    """A question of a history that is left out.

    Attributes:
        question: The question.
        kinds: Kinds of the record's events that it counts; none of a state.
        happened: What happened.
    """

    question: Question
    kinds: tuple[str, ...]
    happened: bool


@dataclass(frozen=True)
class Witness:
    """A history made ready.

    Attributes:
        name: Name of its scenario.
        scenario: The scenario.
        source: Where it is read: a shipped name, or a path.
        facts: What is inferred on when another is left out.
        states: Questions beside those of its record.
        until: Last year that may be inferred on, of any history.
    """

    name: str
    scenario: Scenario
    source: str
    facts: tuple[StatisticSpec, ...]
    states: tuple[StateSpec, ...]
    until: int

    @property
    def years(self) -> list[int]:
        """Its calendar years, the last one perhaps in part."""
        return list(year_ends(self.scenario))

    @property
    def known_years(self) -> int:
        """How many of its years may be inferred on."""
        return sum(year <= self.until for year in self.years)

    def known(self, kinds: Sequence[str]) -> int:
        """Return how many events of these kinds its record names that may be inferred on."""
        return sum(fact.event in kinds and int((fact.until or fact.date)[:4]) <= self.until for fact in self.scenario.record)


@dataclass(frozen=True)
class LeaveOneOut:
    """A file of histories that are left out in turn, made ready.

    Attributes:
        spec: As written.
        calibration: Whose priors are shared.
        held: The histories, in the file's order.
    """

    spec: LeaveOneOutSpec
    calibration: Calibration
    held: tuple[Witness, ...]

    def __repr__(self) -> str:
        return f"<LeaveOneOut {self.spec.name!r}: {len(self.held)} histories, {len(self.calibration.factors)} shared parameters>"

    def others(self, one: Witness) -> tuple[Witness, ...]:
        """Return the histories that something is inferred on when one is left out."""
        return tuple(h for h in self.held if h is not one and h.facts)

    def table(self, one: Witness) -> Study:
        """Return the sweep of the prior in a history: its points are those of every other's, its chances are not.

        Twins in two histories would share luck, of which the world's histories have none in common.
        """
        return self._study(one, "prior", {"kind": "prior", "points": self.spec.histories, "seed": self.calibration.spec.seed})

    def predictive(self, one: Witness, draws: Path) -> Study:
        """Return the sweep of a posterior's points in the history left out, under chances that no table has seen."""
        return self._study(one, "predicted", {"kind": "list", "file": str(draws.resolve())})

    def _study(self, one: Witness, what: str, design: dict[str, Any]) -> Study:
        seed = zlib.crc32(f"{self.calibration.spec.seed}:{one.name}:{what}".encode())
        told = {"title": self.spec.title, "claim": self.spec.claim, "scenario": one.source, "design": design}
        outcomes = [f"{series}@{year}" for year in one.years for series in YEARLY_NAMES]
        return load_study(self.calibration.shared(f"{self.spec.name}-{one.name}", seed) | told | {"outcomes": outcomes})

    @cached_property
    def questions(self) -> dict[str, list[Asked]]:
        """What is asked of each history, by its name."""
        return {h.name: [*self._dated(h), *self._by_year(h), *(_stated(s) for s in h.states)] for h in self.held}

    def _dated(self, h: Witness) -> list[Asked]:
        found = []
        for fact in h.scenario.record:
            first, last = int(fact.date[:4]), int((fact.until or fact.date)[:4])
            if fact.event in SERIES_OF:
                years = range(max(first - self.spec.window, h.years[0]), min(last + self.spec.window, h.years[-1]) + 1)
                when = fact.date + (f" to {fact.until}" if fact.until else "")
                words = f"{fact.event} in {years[0]}-{years[-1]} ({when}{f', {fact.who}' if fact.who else ''})"
                found.append(Asked(Question(DATED, words, SERIES_OF[fact.event], (), years[0], years[-1], 1.0, None), (fact.event,), True))
        return found

    def _by_year(self, h: Witness) -> list[Asked]:
        found = []
        for number in self.spec.numbers:
            spans = [(int(f.date[:4]), int((f.until or f.date)[:4])) for f in h.scenario.record if f.event in number.kinds]
            for year in h.years:
                if not any(first <= year <= last and first < last for first, last in spans):
                    question = Question(YEARLY, f"{number.number}, any in {year}", tuple(number.of), (), year, year, 1.0, None)
                    found.append(Asked(question, tuple(number.kinds), any(first == year for first, _ in spans)))
        return found


def _stated(state: StateSpec) -> Asked:
    first = state.year if state.since is None else state.since
    return Asked(Question(STATE, state.event, tuple(state.of), tuple(state.over), first, state.year, state.least, None), (), state.happened)


def load_leave_one_out(source: str | os.PathLike[str], changes: Mapping[str, Any] | None = None) -> LeaveOneOut:
    """Read a file of histories that are left out in turn, and check it.

    Args:
        source: A path, or the name of a shipped one.
        changes: What is to differ from the file, by key.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    path = located(source)
    node = read_file(path, os.fspath(path), "histories to leave out")
    try:
        spec = LeaveOneOutSpec.model_validate({**node.plain(), **(changes or {})})
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, LeaveOneOutSpec)) from None
    written = Written(spec, node, path.parent)  # type: ignore[arg-type]
    where: str | Path = spec.calibration if spec.calibration in shipped_studies() else path.parent / spec.calibration
    with told_at(written, ("calibration",)):
        calibration = load_calibration(where)
    held, problems = [], _counts(written, spec)
    for k, one in enumerate(spec.held_out):
        at = ("held_out", k)
        place = one.scenario if one.scenario in shipped() else str(path.parent / one.scenario)
        with told_at(written, (*at, "scenario")):
            draft = Draft(place)
            scenario = draft.scenario()
        for f in calibration.factors:
            for end in (f.low, f.high):
                with told_at(written, (*at, "scenario")):
                    draft.scenario({f.path: end})
        own = scenario.name == calibration.scenario.name
        facts = calibration.spec.facts if own else one.facts
        held.append(Witness(scenario.name, scenario, place, tuple(facts), tuple(one.states), calibration.spec.until))
        problems += fact_problems(written, (*at, "facts"), one.facts, calibration.spec.until, scenario)
        problems += _states(written, at, one, scenario)
        if own and one.facts:
            problems.append(written.problem((*at, "facts"), f"{scenario.name} has the facts of {calibration.spec.name}, and no others"))
    found = LeaveOneOut(spec, calibration, tuple(held))
    problems += _whole(written, found)
    if problems:
        raise ScenarioError(problems)
    return found


def _counts(written: Written, spec: LeaveOneOutSpec) -> list[Problem]:
    found = _series(written, [(("numbers", k), number) for k, number in enumerate(spec.numbers)])
    for k, number in enumerate(spec.numbers):
        for n, kind in enumerate(number.kinds):
            if kind not in SERIES_OF:
                found.append(written.problem(("numbers", k, "kinds", n), f"no year counts {kind!r}; years count {', '.join(SERIES_OF)}"))
    return found


def _states(written: Written, at: tuple[str | int, ...], one: HistorySpec, scenario: Scenario) -> list[Problem]:
    found, years = _series(written, [((*at, "states", k), state) for k, state in enumerate(one.states)]), year_ends(scenario)
    for k, state in enumerate(one.states):
        first = state.year if state.since is None else state.since
        if first > state.year or not {first, state.year} <= set(years):
            found.append(written.problem((*at, "states", k, "year"), f"{first} to {state.year} is no span of the years of {scenario.name}"))
    return found


def _series(written: Written, entries: Sequence[tuple[tuple[str | int, ...], CountSpec | StateSpec]]) -> list[Problem]:
    found = []
    for at, entry in entries:
        for key in ("of", "over"):
            for n, name in enumerate(getattr(entry, key, [])):
                if name not in YEARLY_NAMES:
                    message = f"no year has {name!r}; a year has {', '.join(YEARLY_NAMES)}"
                    found.append(written.problem((*at, key, n), message, nearest(name, YEARLY_NAMES)))
    return found


def _whole(written: Written, found: LeaveOneOut) -> list[Problem]:
    """Return what is wrong with the histories together: twins, nothing to infer on, nothing to ask."""
    problems, names = [], [h.name for h in found.held]
    for k, h in enumerate(found.held):
        at = ("held_out", k, "scenario")
        if h.name in names[:k]:
            problems.append(written.problem(at, f"{h.name!r} is there twice"))
        if not found.others(h):
            problems.append(written.problem(at, f"no other history has facts to {h.until} that could be inferred on when {h.name} is left out"))
        if not found.questions[h.name]:
            problems.append(written.problem(at, f"{h.name} has no record of what a year counts, and no state: there is nothing to ask of it"))
    facts = [fact.fact for h in found.held for fact in h.facts]
    problems += [written.problem(("held_out",), f"the fact {name!r} is there twice") for k, name in enumerate(facts) if name in facts[:k]]
    return problems
