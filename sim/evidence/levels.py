"""Levels of a population, beside those that were observed: hazard by age, survival, how groups end, how many begin as splinters.

The observed levels are computed from the Extended Data on Terrorist Groups (Hou, Gaibulloev & Sandler 2020), 760 groups, each counted from its first
recorded attack; its figures are uncertain by about a tenth. The model's intervals are bootstrap percentiles over settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.life_courses import AGES, ROADS, SPANS, Counted, Courses, Population, at_risk, counted, hazards, life_courses, survival

RESAMPLES = 1000
SLACK = 0.1
"""Share of an observed figure by which it is uncertain."""

_SPAN_NAMES = tuple(f"hazard in year {b}" if b == a + 1 else f"hazard in years {a + 1}–{b}" for a, b in SPANS)

OBSERVED: dict[str, tuple[float, float]] = {
    **{name: (x * (1.0 - SLACK), x * (1.0 + SLACK)) for name, x in zip(_SPAN_NAMES[:3], (0.13, 0.064, 0.043), strict=True)},
    **dict.fromkeys(_SPAN_NAMES[3:], (0.02, 0.045)),
    **{f"survival after {age} y": (x * (1.0 - SLACK), x * (1.0 + SLACK)) for age, x in zip(AGES, (0.87, 0.74, 0.63, 0.51), strict=True)},
    **{f"ended by {road}": (x * (1.0 - SLACK), x * (1.0 + SLACK)) for road, x in zip(ROADS, (0.30, 0.26, 0.22, 0.18, 0.04), strict=True)},
    "born as splinters": (0.27, 0.33),
}
"""Lowest and highest value that the data allow, by level."""


@dataclass(frozen=True)
class Level:
    """A level of the model beside the observed one.

    Attributes:
        name: A name of :data:`OBSERVED`.
        value: The model's.
        low: Lower end of its 95 % interval over settings.
        high: Upper end.
        observed: What the data allow.
    """

    name: str
    value: float
    low: float
    high: float
    observed: tuple[float, float]

    @property
    def met(self) -> bool:
        """Whether the two intervals overlap."""
        return self.low <= self.observed[1] and self.high >= self.observed[0]


def levels(
    changes: Mapping[str, float] | None = None,
    settings: int = 200,
    seed: int = 0,
    rule: str = "struck once",
    threads: int = 1,
) -> dict[str, float]:
    """Return the levels of a population under changed rulebook parameters: what a calibration calls. Settings are drawn once and kept.

    Args:
        changes: Parameters that differ from their defaults, by name.
        settings: How many settings.
        seed: Seed of settings and runs.
        rule: Inclusion rule, a name of :data:`sim.evidence.life_courses.STARTS`.
        threads: Threads; the result does not depend on it.

    Returns:
        A number for each name of :data:`OBSERVED`; NaN where nobody is there to tell it from.
    """
    courses = life_courses(Population(settings=settings, seed=seed, changes=changes or {}), threads)
    ones = np.ones((1, settings))
    return {name: float(values[0]) for name, values in weighted(counted(courses, rule), courses, ones).items()}


def read_levels(courses: Courses, rule: str = "struck once", seed: int = 0) -> list[Level]:
    """Return the levels of a population with their intervals.

    Args:
        courses: From :func:`sim.evidence.life_courses.life_courses`.
        rule: Inclusion rule.
        seed: Seed of the resampling.
    """
    n = courses.settings
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(float)
    found = weighted(counted(courses, rule), courses, np.concatenate([np.ones((1, n)), drawn]))
    rows = []
    for name, values in found.items():
        many = values[1:][np.isfinite(values[1:])]
        low, high = np.percentile(many, [2.5, 97.5]) if len(many) else (np.nan, np.nan)
        rows.append(Level(name, float(values[0]), float(low), float(high), OBSERVED[name]))
    return rows


def spread(population: Population, seeds: range, rule: str = "struck once", threads: int = 1) -> dict[str, np.ndarray[Any, Any]]:
    """Return the levels under several seeds: other settings and other chances, each array of shape (seeds,).

    Args:
        population: Whose settings, but for the seed.
        seeds: Seeds.
        rule: Inclusion rule.
        threads: Threads.
    """
    rows = [levels(population.changes, population.settings, seed, rule, threads) for seed in seeds]
    return {name: np.array([row[name] for row in rows]) for name in OBSERVED}


def weighted(c: Counted, courses: Courses, weights: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return every level under weights of settings, shape (draws, settings); each array has shape (draws,)."""
    months = 12 * AGES[-1]
    ends, risk = at_risk(c, courses.settings, months)
    curve = survival(weights @ ends, weights @ risk)
    found = dict(zip(_SPAN_NAMES, hazards(curve).T, strict=True))
    found |= {f"survival after {age} y": curve[:, 12 * age] for age in AGES}

    def total(who: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        sums: np.ndarray[Any, Any] = weights @ np.bincount(c.setting[who], minlength=courses.settings)
        return sums

    with np.errstate(divide="ignore", invalid="ignore"):
        found |= {f"ended by {road}": total(c.gone & (c.road == road)) / total(c.gone) for road in ROADS}
        found["born as splinters"] = total(c.began & c.breakaway) / total(c.began)
    return found
