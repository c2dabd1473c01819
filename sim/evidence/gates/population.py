"""G7: the levels of a population that founds itself, beside those observed, under three inclusion rules."""

from __future__ import annotations

import numpy as np

from sim.evidence.gates.gate import Gate, Number, decided
from sim.evidence.gates.runs import Runs
from sim.evidence.levels import read_levels, spread
from sim.evidence.life_courses import STARTS, Population, counted, life_courses

RULE = "struck once"
"""The rule of the data the levels come from; the others stand beside it."""


def population(runs: Runs) -> Gate:
    """Run the population and read its levels; with several seeds, their spread as well."""
    drawn = Population(settings=runs.settings, seed=runs.seed)
    courses = life_courses(drawn, runs.threads)
    numbers: list[Number] = []
    groups = {}
    for rule in (RULE, *(name for name in STARTS if name != RULE)):
        groups[rule] = len(counted(courses, rule).left)
        for level in read_levels(courses, rule):
            low, high = level.observed
            wanted = f"{low:.3g} to {high:.3g}"
            numbers.append(
                Number(f"{rule}: {level.name}", level.value, level.low, level.high, wanted, level.met if rule == RULE else None, between=(low, high))
            )
    if runs.seeds > 1:
        for name, values in spread(drawn, range(runs.seed, runs.seed + runs.seeds), RULE, runs.threads).items():
            seen = values[np.isfinite(values)]
            low, middle, high = (float(np.min(seen)), float(np.mean(seen)), float(np.max(seen))) if len(seen) else (np.nan, np.nan, np.nan)
            numbers.append(Number(f"{runs.seeds} seeds, {RULE}: {name} (mean, least, most)", middle, low, high))
    asked = [n for n in numbers if n.met is not None]
    counts = ", ".join(f"{n} {rule}" for rule, n in groups.items())
    found = f"{sum(bool(n.met) for n in asked)} of {len(asked)} levels; groups: {counts} in {runs.settings} settings"
    found += f"; in {courses.full} of them every row for organisations was taken" if courses.full else ""
    return Gate("G7", "the levels of groups' life courses (FACTS)", decided(all(n.met for n in asked)), found, tuple(numbers))
