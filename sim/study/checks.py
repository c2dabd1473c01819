"""What may be wrong with an experiment beyond its shape: told all at once, at the place where it was written."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.observe.outcome_words import NEVER
from sim.scenario.errors import Problem, ScenarioError, listed, nearest
from sim.scenario.load import Draft
from sim.scenario.mechanisms import MECHANISMS, mechanism_key
from sim.study import design
from sim.study.experiment import ALL, Written
from sim.study.factor import Factor
from sim.study.functions import ARGUMENTS, BOUNDS, OUTCOME
from sim.study.work import Arm
from sim.world.outcomes import OUTCOMES

COLUMNS = ("scenario", "policy", "without", "point", "replicate", "error")
"""Columns of every table of runs, beside its factors and outcomes."""


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
            found.append(written.problem((*here, "range"), f"{f.low:g} is not below {f.high:g}"))
        if one.scale == "log" and (one.range is None or f.low <= 0.0):
            found.append(written.problem((*here, "scale"), "a log scale needs a range above 0"))
        for k, value in enumerate(one.values or ()):
            if isinstance(value, dict | list) or value is None:
                found.append(written.problem((*here, "values", k), "a number, a text, on or off is wanted"))
            elif any(value == other and isinstance(value, bool) == isinstance(other, bool) for other in (one.values or ())[:k]):
                found.append(written.problem((*here, "values", k), f"{value!r} is there twice"))
        if spec.function is not None and f.name in ARGUMENTS[spec.function] and one.range is not None:
            low, high = BOUNDS[spec.function]
            if f.low < low or f.high > high:
                found.append(written.problem((*here, "range"), f"allowed is {low:g} to {high:g}"))
    return found


def _kept(written: Written) -> list[Problem]:
    """Return what is wrong with outcomes, until and budget."""
    spec, names = written.spec, [name for name, _, _ in OUTCOMES]
    found = [
        written.problem(("outcomes", k), f"there is no outcome {name!r} (`dilemma explain` tells of all)", nearest(name, names))
        for k, name in enumerate(spec.outcomes)
        if name not in names
    ]
    found += [written.problem(("outcomes", k), f"{name!r} is there twice") for k, name in enumerate(spec.outcomes) if name in spec.outcomes[:k]]
    kept = spec.outcomes or names
    found += [
        written.problem(("about", k), f"{name!r} is not among the outcomes kept", nearest(name, kept))
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
    found = []
    for section in ("without", "ablate"):
        for k, name in enumerate(getattr(written.spec, section)):
            if mechanism_key(name) is None and not (section == "ablate" and written.spec.ablate == [ALL]):
                message = f"there is no mechanism {name!r}; mechanisms are {listed(MECHANISMS, 30)}"
                found.append(written.problem((section, k), message, nearest(name, MECHANISMS)))
    return found


class told_at:
    """Tells what goes wrong inside as a problem of the experiment, at the place where it was written."""

    def __init__(self, written: Written, path: tuple[str | int, ...]) -> None:
        self.written = written
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, ScenarioError):
            raise ScenarioError(
                [self.written.problem(self.path, f"{p.path}: {p.message}" if p.path else p.message, p.nearest) for p in error.problems]
            ) from None


def try_every_level(
    written: Written, factors: Sequence[Factor], arms: Sequence[Arm], drafts: Mapping[str, Draft], points: np.ndarray[Any, Any]
) -> None:
    """Check each arm, and the ends or values of each factor in each scenario, before anything runs.

    A value may be admissible only beside others (a policy's budget beside its shares), so each is tried within a design point that is admissible as a
    whole, and alone; what is refused both ways is a problem. A combination that is refused all the same becomes a failed row of its own.
    """
    problems: list[Problem] = []
    tries = points[np.unique(np.linspace(0, len(points) - 1, min(len(points), 64)).astype(int))].tolist()
    for name in drafts:
        for arm in (a for a in arms if a.scenario == name and not a.without):
            refused: ScenarioError | None = None
            for point in tries:
                context = dict(arm.changes)
                for f, coded in zip(factors, point, strict=True):
                    context.update(f.changes(coded))
                try:
                    drafts[name].scenario(context)
                except ScenarioError as error:
                    refused = refused or error
                else:
                    refused = None
                    break
            attempt = functools.partial(_attempt, written, drafts[name], context if refused is None else {})
            problems += attempt(("policies", arm.policy), dict(arm.changes)) if arm.policy else []
            for column, f in enumerate(factors):
                if f.values is not None:
                    for k, value in enumerate(f.values):
                        problems += attempt(("factors", f.name, "values", k), {f.path: value})
                elif math.isfinite(f.low):
                    for end in (f.low, f.high):
                        problems += attempt(("factors", f.name, "range"), {f.path: end})
                else:
                    listed_values = np.unique(points[:, column])
                    for value in listed_values[~np.isnan(listed_values)].tolist():
                        problems += attempt(("design", "file"), {f.path: value})
            if refused is not None and not problems:
                where = ("factors",) if factors else ("set",)
                problems += [written.problem(where, f"no design point is admissible; the first: {p}", p.nearest) for p in refused.problems]
    if problems:
        # Several arms or both ends of a range may say the same.
        raise ScenarioError(dict.fromkeys(problems))


def _attempt(written: Written, draft: Draft, context: dict[str, Any], path: tuple[str | int, ...], changes: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with changes both within a context and alone."""
    for around in (context, {}):
        try:
            with told_at(written, path):
                draft.scenario({**around, **changes})
        except ScenarioError as error:
            found = error.problems
        else:
            return []
    return found
