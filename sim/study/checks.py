"""What may be wrong with an experiment beyond its shape: told all at once, at the place where it was written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.observe.outcome_words import NEVER
from sim.scenario.errors import MOST_TOLD, Hints, Problem, ScenarioError, listed, nearest
from sim.scenario.load import Draft, parameter_problem
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.scenario.numbers import between, unrounded
from sim.scenario.parameters import PARAMETERS
from sim.study import design
from sim.study.experiment import ALL, Written
from sim.study.factor import Factor
from sim.study.functions import ARGUMENTS, BOUNDS, OUTCOME
from sim.study.work import Arm
from sim.world.outcomes import OUTCOMES, YEARLY, of_year

COLUMNS = ("scenario", "policy", "without", "point", "replicate", "error")
"""Columns of every table of runs, beside its factors and outcomes."""
MOST_TRIED = 1_200_000
"""Values of scenarios that are looked at to try what an experiment says: some two seconds' worth."""


def problems(written: Written, factors: Sequence[Factor]) -> list[Problem]:
    """Return what is wrong with an experiment, as far as it can be told without its scenarios."""
    return [*_what_runs(written), *_factors(written, factors), *design.problems(written, factors), *_kept(written), *_mechanisms(written)]


def _what_runs(written: Written) -> list[Problem]:
    spec = written.spec
    given = [name for name in ("scenario", "scenarios", "function") if getattr(spec, name) is not None]
    if not given:
        return [Problem(written.node.place, "", "says not what to run: a scenario, scenarios, or a test function")]
    if len(given) > 1:
        return [written.problem((given[1],), f"{given[0]} is given too; an experiment has one of scenario, scenarios and function", key=True)]
    if spec.function is None:
        return []
    found = []
    for name in ("set", "without", "policies", "ablate", "outcomes", "about", "until"):
        if getattr(spec, name):
            found.append(written.problem((name,), f"a test function has no {name}", key=True))
    wanted = ARGUMENTS[spec.function]
    if tuple(spec.factors) != wanted:
        found.append(written.problem(("factors",), f"the factors of {spec.function} are {', '.join(wanted)}, in this order"))
    return found


def _factors(written: Written, factors: Sequence[Factor]) -> list[Problem]:
    """Return what is wrong with the factors, apart from their values."""
    spec, found = written.spec, []
    taken = {*COLUMNS, *(name for name, _, _ in OUTCOMES), OUTCOME}
    paths: dict[str, str] = {}
    for f in factors:
        here, one = ("factors", f.name), spec.factors[f.name]
        if f.name in taken:
            found.append(
                written.problem(here, f"the table of runs has a column {f.name!r} of its own; give another name with path: {f.path}", key=True)
            )
        if f.path in paths:
            found.append(written.problem(here, f"varies {f.path!r}, and so does factor {paths[f.path]!r}", key=True))
        paths[f.path] = f.name
        if one.range is not None and one.values is not None:
            found.append(written.problem(here, "has a range and values; one of them is wanted", key=True))
        elif one.range is None and one.values is None and not (spec.design and spec.design.kind == "list"):
            found.append(written.problem(here, "a range [low, high] or values is wanted", key=True))
        elif one.range is not None and not f.low < f.high:
            found.append(written.problem((*here, "range"), f"{unrounded(f.low)} is not below {unrounded(f.high)}"))
        if one.scale == "log" and (one.range is None or f.low <= 0.0):
            found.append(written.problem((*here, "scale"), "a log scale needs a range above 0"))
        twice = repeated(one.values or ())
        for k, value in enumerate(one.values or ()):
            if isinstance(value, dict | list) or value is None:
                found.append(written.problem((*here, "values", k), "a number, a text, on or off is wanted"))
            elif k in twice:
                found.append(written.problem((*here, "values", k), f"{value!r} is there twice"))
        if spec.function is not None and f.name in ARGUMENTS[spec.function] and one.range is not None:
            low, high = BOUNDS[spec.function]
            if f.low < low or f.high > high:
                found.append(written.problem((*here, "range"), f"allowed is {between(low, high)}"))
    return found


def repeated(values: Sequence[Any]) -> set[int]:
    """Return the numbers of those values that stand in a list before; ``on`` is not the number 1."""
    seen: set[Any] = set()
    found = set()
    for k, value in enumerate(values):
        if isinstance(value, dict | list):
            continue
        key = isinstance(value, bool), value
        if key in seen:
            found.add(k)
        seen.add(key)
    return found


def _kept(written: Written) -> list[Problem]:
    """Return what is wrong with outcomes, until and budget."""
    spec, names, hint = written.spec, [name for name, _, _ in OUTCOMES], Hints()
    yearly, found = [name for name, _, _ in YEARLY], []
    for k, name in enumerate(spec.outcomes):
        if "@" not in name and name not in names:
            found.append(written.problem(("outcomes", k), f"there is no outcome {name!r} (`dilemma explain` tells of all)", hint(name, names)))
        elif "@" in name and of_year(name) is None:
            found.append(written.problem(("outcomes", k), f"{name!r} is no outcome of a year, such as attacks@2006"))
        elif "@" in name and (series := name.partition("@")[0]) not in yearly:
            found.append(written.problem(("outcomes", k), f"no year has {series!r}; a year has {', '.join(yearly)}", nearest(series, yearly)))
    found += [written.problem(("outcomes", k), f"{spec.outcomes[k]!r} is there twice") for k in repeated(spec.outcomes)]
    kept = spec.outcomes or names
    found += [
        written.problem(("about", k), f"{name!r} is not among the outcomes kept", hint(name, kept))
        for k, name in enumerate(spec.about)
        if name not in kept
    ]
    if spec.until is not None:
        if spec.until.interval_of not in kept:
            near = nearest(spec.until.interval_of, kept)
            found.append(written.problem(("until", "interval_of"), f"{spec.until.interval_of!r} is not among the outcomes kept", near))
        if spec.until.interval_of in NEVER:
            message = f"{spec.until.interval_of!r} is no amount in runs in which it never happens, so its mean has no width to wait for"
            found.append(written.problem(("until", "interval_of"), message))
        if spec.until.at_most <= spec.replicates:
            found.append(written.problem(("until", "at_most"), f"{spec.until.at_most} is not above the {spec.replicates} replicates it starts with"))
        if spec.replicates < 2:
            found.append(written.problem(("replicates",), "an interval needs at least 2 replicates to start with"))
    return found


def _mechanisms(written: Written) -> list[Problem]:
    found, hint = [], Hints()
    for section in ("without", "ablate"):
        for k, name in enumerate(getattr(written.spec, section)):
            if mechanism_key(name) is None and not (section == "ablate" and written.spec.ablate == [ALL]):
                message = f"there is no mechanism {name!r}; mechanisms are {listed(MECHANISMS, 30)}"
                found.append(written.problem((section, k), message, hint(name, MECHANISMS)))
    return found


class told_at:
    """Tells what goes wrong inside as a problem of the experiment, at the place where it was written."""

    def __init__(self, written: Written, path: tuple[str | int, ...]) -> None:
        self.written = written
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ScenarioError) and not isinstance(error, _TooMuchError):
            raise ScenarioError(
                [self.written.problem(self.path, f"{p.path}: {p.message}" if p.path else p.message, p.nearest) for p in error.problems]
            ) from None


def try_every_level(
    written: Written, factors: Sequence[Factor], arms: Sequence[Arm], drafts: Mapping[str, Draft], points: np.ndarray[Any, Any]
) -> None:
    """Check each arm, and the ends or values of each factor in each scenario, before anything runs.

    A value may be admissible only beside others (a policy's budget beside its shares), so each is tried within a design point that is admissible as a
    whole, and alone; what is refused both ways is a problem. A combination that is refused all the same becomes a failed row of its own. Of numbers
    the ends are tried, and all if an end is refused: what is allowed of a number is a range.
    """
    problems: list[Problem] = []
    tries = points[np.unique(np.linspace(0, len(points) - 1, min(len(points), 64)).astype(int))].tolist()
    left = MOST_TRIED
    for name, draft in drafts.items():
        trial = _Trial(written, draft, left)
        levels = [(f, trial.doubtful(f, _levels(f, points[:, column]))) for column, f in enumerate(factors)]
        for arm in (a for a in arms if a.scenario == name and not a.without):
            refused = trial.context(arm, factors, tries)
            problems += trial.attempt(("policies", arm.policy), dict(arm.changes)) if arm.policy else []
            for f, of_factor in levels:
                ends = _ends(of_factor)
                found = trial.attempts(f, ends)
                problems += trial.attempts(f, of_factor) if found and len(ends) < len(of_factor) else found
            if refused is not None and not problems:
                where = ("factors",) if factors else ("set",)
                problems += [written.problem(where, f"no design point is admissible; the first: {p}", p.nearest) for p in refused.problems]
            if len(problems) > MOST_TOLD or refused is not None:
                # Others would say the same, and each takes its time.
                raise ScenarioError(dict.fromkeys(problems))
        left = trial.left
    if problems:
        # Several arms or both ends of a range may say the same.
        raise ScenarioError(dict.fromkeys(problems))


_Level = tuple[tuple[str | int, ...], Any]
"""Where a value is written, and the value."""


def _levels(factor: Factor, column: np.ndarray[Any, Any]) -> list[_Level]:
    """Return the values that a factor can have: those listed, the ends of its range, or what its column of the design has."""
    if factor.values is not None:
        return [(("factors", factor.name, "values", k), value) for k, value in enumerate(factor.values)]
    if math.isfinite(factor.low):
        return [(("factors", factor.name, "range"), end) for end in (factor.low, factor.high)]
    found = np.unique(column)
    return [(("design", "file"), value) for value in found[~np.isnan(found)].tolist()]


def _ends(levels: list[_Level]) -> list[_Level]:
    """Return, of whole and of other numbers, the lowest and the highest; of anything else, all."""
    kept = [level for level in levels if type(level[1]) not in (int, float)]
    for kind in (int, float):
        numbers = sorted((level for level in levels if type(level[1]) is kind), key=lambda level: level[1])
        kept += numbers[:1] + numbers[1:][-1:]
    return kept


class _Trial:
    """Tries changes to one scenario.

    Attributes:
        left: Values of scenarios that may yet be looked at, so that no check takes for ever.
    """

    def __init__(self, written: Written, draft: Draft, left: int) -> None:
        self.written, self.draft, self.left = written, draft, left
        self._cost = draft.nodes
        self._context: dict[str, Any] = {}

    def doubtful(self, factor: Factor, levels: list[_Level]) -> list[_Level]:
        """Return the values of a factor of which the scenario as a whole has to tell whether they are admissible."""
        try:
            section, *rest = self.draft.located(factor.path)
        except ScenarioError:
            return levels
        place = self.written.place("factors", factor.name)
        if section == "parameters" and rest[0] in PARAMETERS:
            return [level for level in levels if parameter_problem(str(rest[0]), level[1], place)]
        if section == "mechanisms" and rest[0] in MECHANISMS:
            return [level for level in levels if not isinstance(level[1], bool)]
        return levels

    def context(self, arm: Arm, factors: Sequence[Factor], tries: Sequence[Sequence[float]]) -> ScenarioError | None:
        """Find a design point that is admissible as a whole, to try values within; return what is wrong with the first where none is."""
        refused: ScenarioError | None = None
        for point in tries:
            context = dict(arm.changes)
            for f, coded in zip(factors, point, strict=True):
                context.update(f.changes(coded))
            try:
                self._scenario(context)
            except _TooMuchError:
                raise
            except ScenarioError as error:
                refused = refused or error
            else:
                self._context = context
                return None
        self._context = {}
        return refused

    def attempts(self, factor: Factor, levels: Sequence[_Level]) -> list[Problem]:
        """Return what is wrong with values of a factor, or with as many of them as are told."""
        found: list[Problem] = []
        for where, value in levels:
            found += self.attempt(where, {factor.path: value})
            if len(found) > MOST_TOLD:
                break
        return found

    def attempt(self, path: tuple[str | int, ...], changes: dict[str, Any]) -> list[Problem]:
        """Return what is wrong with changes both within the context and alone."""
        found: list[Problem] = []
        for around in (self._context, {}):
            try:
                with told_at(self.written, path):
                    self._scenario({**around, **changes})
            except _TooMuchError:
                raise
            except ScenarioError as error:
                found = error.problems
            else:
                return []
        return found

    def _scenario(self, changes: dict[str, Any]) -> None:
        self.left -= self._cost
        if self.left < 0:
            message = "so many values of factors, policies and scenarios cannot be tried in reasonable time; make them fewer"
            raise _TooMuchError([self.written.problem((), message)])
        self.draft.scenario(changes)


class _TooMuchError(ScenarioError):
    """There is more to try than a check takes time for."""
