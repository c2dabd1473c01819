"""What a forecast is asked: dated events of a scenario's record, each in a window, states, and numbers of every year.

Questions stand in a file, and what happened beside them; :mod:`sim.evidence.predictive` reads the questions alone, :mod:`sim.evidence.scores` what
happened. The record's own events become questions by themselves: of the kind that the record names, in the calendar years in which it may fall and
``window`` years on either side, as far as they are forecast.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
from pydantic import Field, ValidationError

from sim.evidence.calibration import Calibration, Year, load_calibration
from sim.evidence.statistics import YEARLY_NAMES
from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.schema import RecordKind, Scenario, Spec
from sim.scenario.timeline import year_ends
from sim.scenario.translate import problems_of
from sim.scenario.yaml_text import read_file
from sim.study.checks import told_at
from sim.study.experiment import Written, located, shipped_studies

_Array = np.ndarray[Any, Any]
SERIES_OF: dict[str, tuple[str, ...]] = {
    "splinter": ("splinters",),
    "autonomy": ("autonomies",),
    "pledge": ("pledges",),
    "departure": ("departures",),
    "fragmentation": ("splinters", "autonomies", "pledges", "departures"),
    "return": ("returns",),
    "merger": ("mergers",),
    "surrender": ("surrenders",),
    "succession": ("successions",),
    "ending": tuple(name for name in YEARLY_NAMES if name.startswith("ended_by_")),
}
"""Series of years that count each kind of event; a kind that no year counts (a change of brand) is none of them."""
DATED, YEARLY, STATE = "dated", "by year", "state"
GROUPS = (DATED, YEARLY, STATE)


class EventSpec(Spec):
    """A question with the answer yes or no."""

    event: str = Field(min_length=1, max_length=120, description="What it asks, in words.")
    of: list[str] = Field(min_length=1, max_length=12, description="What is added up over the years.")
    over: list[str] = Field(default_factory=list, max_length=12, description="What that sum is a share of.")
    year: Year = Field(description="The year, or the last of a span.")
    since: Year | None = Field(None, description="First year of a span; `year` alone where absent.")
    least: float = Field(1.0, ge=0.0, description="It happens where the sum, or the share, is at least this.")
    before: int | None = Field(
        None, ge=0, description="How often it happened in the years `like`; absent for a state of those years, which may be lost."
    )
    happened: bool = Field(description="What happened; the forecast does not read it.")
    source: str = Field("", max_length=300, description="Where that comes from.")


class NumberSpec(Spec):
    """A number of every year."""

    number: str = Field(min_length=1, max_length=80, description="What it is, in words.")
    of: list[str] = Field(min_length=1, max_length=12, description="What is added up.")
    over: list[str] = Field(default_factory=list, max_length=12, description="What that sum is a share of.")
    kinds: list[RecordKind] = Field(
        default_factory=list, max_length=8, description="Kinds of the record's events that it counts: what happened is then read from the record."
    )
    known: dict[Annotated[int, Field(strict=False)], float] = Field(
        default_factory=dict, description="What was observed, by year, up to the last year that may be used."
    )
    unit: str = Field("1", max_length=40, description="Unit.")
    source: str = Field("", max_length=300, description="Where `known` comes from.")


class ForecastSpec(Spec):
    """A forecast."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")
    title: str = Field("", max_length=160, description="Title for figures.")
    claim: str = Field(min_length=1, max_length=2000, description="What it is for.")
    calibration: str = Field(min_length=1, description="The calibration whose posterior it is of: a shipped name, or a path relative to this file.")
    until: Year = Field(description="Last year that is forecast; the first is the one after the calibration's last.")
    like: list[Year] = Field(min_length=2, max_length=2, description="First and last year of the span that the naive forecast carries on.")
    window: int = Field(1, ge=0, le=10, description="Years on either side of a dated event that its window has.")
    histories: int = Field(2000, ge=20, le=1_000_000, description="Histories of the prior that are carried on.")
    events: list[EventSpec] = Field(default_factory=list, max_length=100, description="Questions beside those of the record.")
    numbers: list[NumberSpec] = Field(min_length=1, max_length=50, description="Numbers of every year.")


@dataclass(frozen=True)
class Question:
    """A question with the answer yes or no.

    Attributes:
        group: Which mean its score goes into: one of :data:`GROUPS`.
        words: What it asks, in words.
        of: Series that are added up over the years.
        over: Series that sum is a share of; none where it is no share.
        first: First year.
        last: Last year.
        least: It happens where the sum, or the share, is at least this.
        before: How often it happened in the years that the naive forecast carries on, or None for a state of them.
    """

    group: str
    words: str
    of: tuple[str, ...]
    over: tuple[str, ...]
    first: int
    last: int
    least: float
    before: int | None

    @property
    def columns(self) -> list[str]:
        """Outcomes of years that it looks at."""
        return [f"{name}@{year}" for year in range(self.first, self.last + 1) for name in (*self.of, *self.over)]

    def answered(self, columns: Mapping[str, _Array]) -> _Array:
        """Return whether it happens in each history, shape (n,)."""
        total = _sum(self.of, range(self.first, self.last + 1), columns)
        return (total if not self.over else _share(total, _sum(self.over, range(self.first, self.last + 1), columns))) >= self.least


@dataclass(frozen=True)
class Forecast:
    """A forecast made ready.

    Attributes:
        written: As written.
        calibration: The calibration whose posterior it is of.
    """

    written: Written
    spec: ForecastSpec
    calibration: Calibration

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is."""
        return self.calibration.scenario

    @property
    def years(self) -> range:
        """Years that are forecast."""
        return range(self.calibration.spec.until + 1, self.spec.until + 1)

    @property
    def span(self) -> int:
        """How many years the naive forecast carries on."""
        return self.spec.like[1] - self.spec.like[0] + 1

    def counted(self, kinds: Sequence[str], first: int, last: int) -> int:
        """Return how many of the record's events of these kinds fall, by their last month in question, in a span of years."""
        return sum(fact.event in kinds and first <= int((fact.until or fact.date)[:4]) <= last for fact in self.scenario.record)

    @property
    def questions(self) -> list[Question]:
        """Every question, in the order of its group."""
        return [*self._dated(), *self._by_year(), *(self._stated(event) for event in self.spec.events)]

    @property
    def answers(self) -> list[bool]:
        """What happened, question by question: dated events did, years have what the record names, and of the rest the file says it."""
        counts = [self.observed(number, year) for number in self.spec.numbers if number.kinds for year in self.years]
        return [*(True for _ in self._dated()), *(bool(count) for count in counts), *(event.happened for event in self.spec.events)]

    def observed(self, number: NumberSpec, year: int) -> float | None:
        """Return what was observed in a year that is forecast: what the record names, or None where it does not count such things."""
        return float(self.counted(number.kinds, year, year)) if number.kinds else None

    def _dated(self) -> list[Question]:
        found = []
        for fact in self.scenario.record:
            first, last = int(fact.date[:4]), int((fact.until or fact.date)[:4])
            if fact.event not in SERIES_OF or not self.years[0] <= first <= self.years[-1]:
                continue
            years = range(max(first - self.spec.window, self.years[0]), min(last + self.spec.window, self.years[-1]) + 1)
            when = fact.date + (f" to {fact.until}" if fact.until else "")
            words = f"{fact.event} in {years[0]}-{years[-1]} ({when}{f', {fact.who}' if fact.who else ''})"
            found.append(Question(DATED, words, SERIES_OF[fact.event], (), years[0], years[-1], 1.0, self.counted([fact.event], *self.spec.like)))
        return found

    def _by_year(self) -> list[Question]:
        return [
            Question(YEARLY, f"{number.number}, any in {year}", tuple(number.of), (), year, year, 1.0, self.counted(number.kinds, *self.spec.like))
            for number in self.spec.numbers
            if number.kinds
            for year in self.years
        ]

    def _stated(self, event: EventSpec) -> Question:
        first = event.year if event.since is None else event.since
        return Question(STATE, event.event, tuple(event.of), tuple(event.over), first, event.year, event.least, event.before)

    @property
    def sha256(self) -> str:
        """SHA-256 of what is asked, without what happened: questions, numbers and what is known of them, years."""
        numbers = [number.model_dump() for number in self.spec.numbers]
        data = {
            "years": [self.years[0], self.years[-1]],
            "like": self.spec.like,
            "histories": self.spec.histories,
            "questions": [vars(q) for q in self.questions],
            "numbers": numbers,
        }
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _sum(names: Sequence[str], years: Sequence[int], columns: Mapping[str, _Array]) -> _Array:
    """Return the sum of series over years, added up in one order."""
    total = np.zeros(len(columns[f"{names[0]}@{years[0]}"]))
    for year in years:
        for name in names:
            total = total + columns[f"{name}@{year}"]
    return total


def _share(part: _Array, whole: _Array) -> _Array:
    """Return a share; of nothing it is 0."""
    return np.where(whole > 0.0, part / np.where(whole > 0.0, whole, 1.0), 0.0)


def number_in(number: NumberSpec, year: int, columns: Mapping[str, _Array]) -> _Array:
    """Return a number of a year in each history, shape (n,)."""
    part = _sum(number.of, [year], columns)
    return part if not number.over else _share(part, _sum(number.over, [year], columns))


def columns_of(number: NumberSpec, year: int) -> list[str]:
    """Return the outcomes of years that a number of a year is made of."""
    return [f"{name}@{year}" for name in (*number.of, *number.over)]


def load_forecast(source: str | os.PathLike[str], changes: Mapping[str, Any] | None = None) -> Forecast:
    """Read a forecast and check it.

    Args:
        source: A path, or the name of a shipped one.
        changes: What is to differ from its calibration's file, by key, as :func:`sim.evidence.calibration.load_calibration` takes it.

    Raises:
        ScenarioError: If anything is wrong; it tells every problem found, with file, line and column.
    """
    path = located(source)
    node = read_file(path, os.fspath(path), "a forecast")
    try:
        spec = ForecastSpec.model_validate(node.plain())
    except ValidationError as error:
        raise ScenarioError(problems_of(error, node, ForecastSpec)) from None
    written = Written(spec, node, path.parent)  # type: ignore[arg-type]
    where: str | Path = spec.calibration if spec.calibration in shipped_studies() else path.parent / spec.calibration
    with told_at(written, ("calibration",)):
        calibration = load_calibration(where, changes)
    problems = [*_years(written, spec, calibration), *_series(written, spec, calibration)]
    if problems:
        raise ScenarioError(problems)
    return Forecast(written, spec, calibration)


def _years(written: Written, spec: ForecastSpec, calibration: Calibration) -> list[Problem]:
    used, years, found = calibration.spec.until, year_ends(calibration.scenario), []
    if not used < spec.until:
        found.append(written.problem(("until",), f"{spec.until} is not after {used}, the last year that {calibration.spec.name} uses"))
    elif spec.until not in years:
        found.append(written.problem(("until",), f"{spec.until} is not a year of {calibration.scenario.name}"))
    if not spec.like[0] <= spec.like[1] <= used:
        found.append(written.problem(("like",), f"{spec.like[0]} to {spec.like[1]} is no span up to {used}"))
    for k, event in enumerate(spec.events):
        first = event.year if event.since is None else event.since
        if not used < first <= event.year <= spec.until:
            found.append(
                written.problem(("events", k, "year"), f"{first} to {event.year} is not within the years forecast, {used + 1} to {spec.until}")
            )
    for k, number in enumerate(spec.numbers):
        for year in number.known:
            if year > used:
                found.append(written.problem(("numbers", k, "known"), f"{year} is after {used}; what a forecast may know ends there"))
    return found


def _series(written: Written, spec: ForecastSpec, calibration: Calibration) -> list[Problem]:
    found = []
    for part, listing in (("events", spec.events), ("numbers", spec.numbers)):
        for k, entry in enumerate(listing):
            for key in ("of", "over"):
                for n, name in enumerate(getattr(entry, key)):
                    if name not in YEARLY_NAMES:
                        message = f"no year has {name!r}; a year has {', '.join(YEARLY_NAMES)}"
                        found.append(written.problem((part, k, key, n), message, nearest(name, YEARLY_NAMES)))
    for k, number in enumerate(spec.numbers):
        for n, kind in enumerate(number.kinds):
            if kind not in SERIES_OF:
                listing_of = ", ".join(kind for kind in get_args(RecordKind) if kind in SERIES_OF)
                found.append(written.problem(("numbers", k, "kinds", n), f"no year counts {kind!r}; years count {listing_of}"))
    for part, key, names in (("events", "event", [e.event for e in spec.events]), ("numbers", "number", [n.number for n in spec.numbers])):
        found += [written.problem((part, k, key), f"{name!r} is there twice") for k, name in enumerate(names) if name in names[:k]]
    return found
