r"""Life courses of groups in a population that founds itself: who was alive in the window, from when it counts, when and how it ended.

A row is an organisation that stood at any time after the burn-in. It may have been there before (delayed entry, or left truncation: it counts from
the age it had then) and may stand at the end (right censoring). Age counts from what an inclusion rule takes for the beginning: the first month
(*ever noticed*), the first attack (*struck once*, as in the data the levels come from), the first month by which a calendar year held twenty-five
deaths.
Under the two rules that count attacks a
group that fades away ended when it last struck, as in data that know groups by their attacks; else when its last member left.
A split-off is a group, a change of name is no ending, a return or a merger into another is absorption.

Survival is Kaplan and Meier's with delayed entry (Tsai, Jewell & Wang 1987): :math:`S(t) = \prod_{u \le t} (1 - d_u / r_u)`, with :math:`r_u` those
who have entered before age *u* and not left before it. The hazard of a span of years is what is lost a year,
:math:`1 - (S(b) / S(a))^{1 / (b - a)}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.evidence.settings import setting
from sim.scenario.parameters import PARAMETERS
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import Capacity, build, parameters

ROOM = Capacity(organisations=700, emirs=900, alliances=400, log=1)
"""Rows for those who come and go in two generations."""

ROADS = ("politics", "force", "splintering", "inactivity", "absorption")
ROAD_OF = {
    "politics": "politics", "amnesty": "politics", "force": "force", "splintering": "splintering", "infighting": "splintering",
    "inactivity": "inactivity", "absorption": "absorption", "return": "absorption",
}  # fmt: skip
"""Which of the roads that data sets tell apart an ending is."""

STARTS = {"ever noticed": "born", "struck once": "first_attack", "twenty-five deaths in a year": "first_25"}
"""Inclusion rules, and the column that holds the month from which a group then counts."""

BREAKAWAYS = ("splinter", "autonomy", "pledge")
SPANS = ((0, 1), (1, 2), (2, 3), (3, 5), (5, 10), (10, 20))
"""Ages, in years, whose hazards are read."""
AGES = (1, 5, 10, 20)
"""Ages, in years, at which survival is read."""


@dataclass(frozen=True)
class Population:
    """A population of settings.

    Attributes:
        settings: How many settings.
        years: Years each runs.
        burn_in: Years at the start that are not looked at.
        seed: Seed of settings and runs.
        changes: Rulebook parameters that differ from their defaults.
    """

    settings: int = 300
    years: int = 45
    burn_in: int = 15
    seed: int = 0
    changes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Courses:
    """Organisations of a population, a row each.

    Attributes:
        settings: How many settings were run.
        first: First month of the window, counted from a setting's start.
        last: Month at which it closes.
        setting: Number of the setting, shape (n,).
        born: Month of founding.
        first_attack: Month of the first attack, or -1.
        last_attack: Month of the last attack, or -1.
        first_25: First month by which the calendar year held twenty-five deaths, or -1.
        ended: Month it ended, or -1.
        road: How: a name of :data:`ROADS`, empty where it stands.
        breakaway: Whether it began as a break from another.
        full: Settings in which every row for organisations was taken, so that nobody more could be founded; 0 in a sound run.
    """

    settings: int
    first: int
    last: int
    setting: np.ndarray[Any, Any]
    born: np.ndarray[Any, Any]
    first_attack: np.ndarray[Any, Any]
    last_attack: np.ndarray[Any, Any]
    first_25: np.ndarray[Any, Any]
    ended: np.ndarray[Any, Any]
    road: np.ndarray[Any, Any]
    breakaway: np.ndarray[Any, Any]
    full: int


def life_courses(population: Population, threads: int = 1) -> Courses:
    """Run the settings of a population and return every organisation that ever stood.

    Args:
        population: Which settings, under which rulebook.
        threads: Threads; the result does not depend on it.

    Raises:
        KeyError: If a parameter that is changed does not exist.
    """
    from sim.study.work import warm

    warm()
    for name in population.changes:
        if name not in PARAMETERS:
            raise KeyError(f"there is no parameter {name!r}")
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda n: _run(population, n), range(population.settings)))
    whole = np.concatenate(found)
    number = np.repeat(np.arange(population.settings), [len(t) for t in found])
    roads = np.array(["", *(ROAD_OF[name] for name in codes.ENDINGS[1:])])
    breakaway = np.isin(whole["origin"], [codes.ORIGINS.index(name) for name in BREAKAWAYS])
    first, last = 12 * population.burn_in, 12 * population.years
    return Courses(
        population.settings, first, last, number, whole["born"], whole["first_attack"], whole["last_attack"], whole["first_25"], whole["ended"],
        roads[whole["ending"]], breakaway, sum(len(t) == ROOM.organisations for t in found),
    )  # fmt: skip


def _run(population: Population, number: int) -> np.ndarray[Any, Any]:
    """Run one setting in one call of the engine; return the rows of its organisations."""
    from sim import engine

    scenario = setting(population.seed, number, population.years).model_copy(update={"parameters": dict(population.changes)})
    world = build(scenario, population.seed, number, ROOM)
    engine.advance(world, parameters(scenario), 0, month_count(scenario))
    taken: np.ndarray[Any, Any] = world.organisation[: int(world.clock["next_organisation"][0])].copy()
    return taken


@dataclass(frozen=True)
class Counted:
    """Those whom an inclusion rule counts, with what survival needs; arrays of shape (n,), ages in months.

    Attributes:
        setting: Number of the setting.
        entered: Age at which it came under observation.
        left: Age at which it ended, or was last seen.
        gone: Whether it ended.
        road: How.
        breakaway: Whether it began as a break from another.
        began: Whether it began within the window.
    """

    setting: np.ndarray[Any, Any]
    entered: np.ndarray[Any, Any]
    left: np.ndarray[Any, Any]
    gone: np.ndarray[Any, Any]
    road: np.ndarray[Any, Any]
    breakaway: np.ndarray[Any, Any]
    began: np.ndarray[Any, Any]


def counted(courses: Courses, rule: str = "struck once") -> Counted:
    """Return those whom an inclusion rule counts.

    Args:
        courses: From :func:`life_courses`.
        rule: A name of :data:`STARTS`.
    """
    column = STARTS[rule]
    start = getattr(courses, column)
    gone = courses.ended >= 0
    ended = courses.ended
    if column != "born":
        # Who counts attacks sees a group that fades away for the last time when it last strikes.
        ended = np.where((courses.road == "inactivity") & (courses.last_attack >= 0), np.minimum(courses.last_attack + 1, ended), ended)
    stop = np.where(gone, ended, courses.last)
    entry = np.maximum(start, courses.first)
    # The band a setting begins with is as old as the setting: it was founded in month -1.
    known = (start >= 0) | (column == "born")
    inside = known & (stop > entry) | (known & gone & (stop == entry) & (start == entry))
    s, e, b = start[inside], entry[inside], stop[inside]
    return Counted(
        courses.setting[inside], e - s, np.maximum(b - s, e - s + 1), gone[inside], courses.road[inside], courses.breakaway[inside],
        s >= courses.first,
    )  # fmt: skip


def at_risk(c: Counted, settings: int, months: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return endings and those at risk by setting and age in months, each of shape (settings, months + 1)."""

    def table(age: np.ndarray[Any, Any], who: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        place = c.setting[who] * (months + 2) + np.minimum(age[who], months + 1)
        return np.bincount(place, minlength=settings * (months + 2)).reshape(settings, months + 2)

    everyone = np.ones(len(c.left), bool)
    ends = table(c.left, c.gone)[:, : months + 1]
    entered, left = (np.cumsum(table(age, everyone), axis=1) for age in (c.entered, c.left))
    # At risk at age u: entered before u, and not left before it.
    risk = np.zeros((settings, months + 1), int)
    risk[:, 1:] = entered[:, :months] - left[:, :months]
    return ends, risk


def survival(ends: np.ndarray[Any, Any], risk: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the survival curve from endings and those at risk by age, shape (..., months + 1); NaN beyond the last age at which anyone was seen."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(risk > 0, ends / risk, 0.0)
    seen = np.maximum.accumulate(risk[..., ::-1], axis=-1)[..., ::-1] > 0
    # Nobody is at risk at age 0, where every curve begins.
    seen[..., 0] = seen[..., 1]
    return np.where(seen, np.cumprod(1.0 - lost, axis=-1), np.nan)


def hazards(curve: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the yearly hazard in each of :data:`SPANS` from survival curves of shape (..., months + 1)."""
    spans = []
    for a, b in SPANS:
        with np.errstate(divide="ignore", invalid="ignore"):
            spans.append(1.0 - (curve[..., 12 * b] / curve[..., 12 * a]) ** (1.0 / (b - a)))
    return np.stack(spans, axis=-1)
