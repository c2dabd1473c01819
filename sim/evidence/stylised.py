"""The stylised facts of militant groups read as levels of a population: each a number with its interval, its predictive range and its seeds.

Numbers of the list are those of docs/population.md. A fact on whose sign the literature agrees is a gate, and is *shown* where the whole interval
lies on that side of zero, *contrary* where it lies on the other, *not shown* otherwise; one on which it disagrees is *reported*. Where a level was
observed, it is *met* if it meets the predictive range: what a data set of that size may show if the model is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.claims import AQIM, GIA
from sim.evidence.following import AFTER, LATER, PRECEDED, Followed, Moments
from sim.evidence.levels import OBSERVED, weighted
from sim.evidence.life_courses import STARTS, counted
from sim.evidence.matching import matched
from sim.evidence.patterns import run
from sim.evidence.sampling import GROUPS, Function, Sampling, Spread, gap, share, sums
from sim.evidence.trials import ARMS, READINGS, Trials

RULE = "struck once"
"""The inclusion rule of the data that the levels come from."""
YOUNG = 60
"""Months below which a group is young."""
_BORN = "born as splinters"
NO_ONE_WAY = 0.8
"""Share of all endings that the commonest must stay below."""

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fact:
    """A fact as it came out.

    Attributes:
        number: Number in the list of stylised facts.
        says: What it says.
        spread: The number with its uncertainties.
        unit: Its unit.
        gate: Whether the literature agrees that it is above zero.
        observed: Lowest and highest value that data allow, where a level was observed.
    """

    number: int
    says: str
    spread: Spread
    unit: str
    gate: bool = False
    observed: tuple[float, float] | None = None

    @property
    def verdict(self) -> str:
        """``shown``, ``contrary`` or ``not shown`` for a gate, ``met`` or ``missed`` for a level that was observed, else ``reported``."""
        if self.observed is not None:
            return "met" if self.spread.least <= self.observed[1] and self.spread.most >= self.observed[0] else "missed"
        if not self.gate:
            return "reported"
        return "shown" if self.spread.low > 0.0 else "contrary" if self.spread.high < 0.0 else "not shown"


def sampling(followed: Followed, seed: int = 0) -> Sampling:
    """Return the weights under which a population is read: data sets of as many groups as were observed, counted as they were."""
    groups = len(counted(followed.courses, RULE).left)
    settings = followed.courses.settings
    return Sampling(settings, followed.seeds, max(1, round(GROUPS * settings / max(1, groups))), seed)


def levels_of(followed: Followed, s: Sampling) -> dict[str, dict[str, Spread]]:
    """Return every level with its spread, under each inclusion rule."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {rule: weighted(counted(followed.courses, rule), followed.courses, s.weights) for rule in STARTS}
    return {rule: {name: s.spread(values) for name, values in levels.items()} for rule, levels in found.items()}


def facts(followed: Followed, tried: Trials, s: Sampling) -> list[Fact]:
    """Read every fact that a population can tell: 1-7, 9-17; for the eighth see :func:`infighting`."""
    levels = weighted(counted(followed.courses, RULE), followed.courses, s.weights)
    found = [
        *_ages(levels, s), *_sizes(followed, s), *_roads(levels, s), *_leaders(followed, tried, s),
        Fact(5, "Share of groups that begin as a break from another", s.spread(levels[_BORN]), "1", observed=OBSERVED[_BORN]),
        *_breakaways(followed, s), *_severity(followed, s), *_splits(followed, s), *_arms(tried),
    ]  # fmt: skip
    return sorted(found, key=lambda fact: fact.number)


def infighting(replicates: int, seed: int = 0) -> Fact:
    """Read fact 8 from replicates of two histories: what the GIA lost to infighting for every break, less what the GSPC did."""
    gspc, gia = run(AQIM, replicates, seed), run(GIA, replicates, seed)
    of = [np.stack([x["infighting"], x["fragmentations"]], axis=1).astype(float) for x in (gia, gspc)]
    words = "Infighting for every break: the GIA more than the GSPC, in their own histories"
    return Fact(8, words, Sampling(replicates, 1, 0).read(gap(of[0], of[1])), "fighters", gate=True)


def _ages(levels: dict[str, _Array], s: Sampling) -> Iterator[Fact]:
    for name, values in levels.items():
        if name.startswith(("hazard", "survival")):
            yield Fact(1, name.capitalize(), s.spread(values), "1 / year" if name.startswith("hazard") else "1", observed=OBSERVED[name])
    fall = levels["hazard in year 1"] - levels["hazard in years 6–10"]
    yield Fact(1, "The hazard of ending falls: in the first year less in the sixth to tenth", s.spread(fall), "1 / year", gate=True)


def _sizes(followed: Followed, s: Sampling) -> Iterator[Fact]:
    m = followed.januaries
    m = m.where(m.left >= 12)
    n, gone = followed.courses.settings, m.within(12)
    small, allied = m.size < np.median(m.size), m.allied > 0.5

    def hazard(which: _Array) -> _Array:
        return sums(m.setting, n, (gone & which).astype(float), which.astype(float))

    for words, which in (("Small", small), ("Large", ~small), ("Allied", allied), ("Unallied", ~allied)):
        table = hazard(which)
        yield Fact(2, f"{words} groups that end within a year", s.read(share(table[:, 0], table[:, 1])), "1 / year")
    yield Fact(2, "Small groups end sooner than large ones", s.read(gap(hazard(small), hazard(~small))), "1 / year", gate=True)
    alike = matched(m.where(~allied), m.where(allied), n, (gone[~allied], gone[allied]))
    words = f"Groups without allies end sooner than those with, of the same age and size ({alike.pairs:,} group-years)"
    yield Fact(2, words, s.read(alike.difference), "1 / year", gate=True)


def _roads(levels: dict[str, _Array], s: Sampling) -> Iterator[Fact]:
    roads = {name: values for name, values in levels.items() if name.startswith("ended")}
    for name, values in roads.items():
        yield Fact(3, name.capitalize(), s.spread(values), "1", observed=OBSERVED[name])
    room = NO_ONE_WAY - np.max(list(roads.values()), axis=0)
    yield Fact(3, f"No one way of ending takes all: {NO_ONE_WAY:.0%} less the share of the commonest", s.spread(room), "1", gate=True)


def _leaders(followed: Followed, tried: Trials, s: Sampling) -> Iterator[Fact]:
    """Leaders lost: taken at random within the model, and those that the model loses by itself beside groups of the same age and size."""
    r = tried.removals
    own = Sampling(tried.settings, 1, 0)
    everyone = np.ones(len(r.age), bool)
    median = float(np.median(r.size)) if len(r.size) else 0.0

    def effect(values: _Array, which: _Array) -> Function:
        table = sums(r.setting, tried.settings, values * which, which.astype(float))
        return share(table[:, 0], table[:, 1])

    words = f"A leader taken: the group ends within {AFTER} months, beside itself with the leader left ({len(r.age):,} pairs)"
    yield Fact(4, words, own.read(effect(r.ended, everyone)), "1", gate=True)
    yield Fact(4, f"A leader taken: groups that break from it within {AFTER} months", own.read(effect(r.broke, everyone)), "groups", gate=True)
    years = YOUNG // 12
    for age, young in ((f"under {years} years", r.age < YOUNG), (f"{years} years and more", r.age >= YOUNG)):
        for size, small in ((f"under {median:.0f} fighters", r.size < median), (f"{median:.0f} and more", r.size >= median)):
            which = young & small
            words = f"A leader taken, {age}, {size}: ends within {AFTER} months ({int(which.sum()):,} pairs)"
            yield Fact(4, words, own.read(effect(r.ended, which)), "1")
    lost = followed.losses.where(followed.losses.left >= AFTER)
    spared = followed.januaries.where((followed.januaries.left >= AFTER) & (followed.januaries.recent_loss < 0.5))
    for outcome, unit in (("ends", "1"), ("breaks", "1")):

        def came(m: Moments, outcome: str = outcome) -> _Array:
            return m.within(AFTER) if outcome == "ends" else m.broke

        alike = matched(lost, spared, followed.courses.settings, (came(lost), came(spared)))
        words = f"A leader lost: {outcome} within {AFTER} months, beside groups of the same age and size that lost none "
        yield Fact(4, words + f"({alike.pairs:,} losses, {alike.unmatched:,} unmatched)", s.read(alike.difference), unit)
    for age, first, last in ((f"under {years} years", 0, YOUNG), (f"{years} years and more", YOUNG, np.inf)):
        part = [m.where((m.age >= first) & (m.age < last)) for m in (lost, spared)]
        alike = matched(part[0], part[1], followed.courses.settings, (part[0].within(AFTER), part[1].within(AFTER)))
        words = f"A leader lost, {age}: ends within {AFTER} months, beside groups of the same age and size ({alike.pairs:,} losses)"
        yield Fact(4, words, s.read(alike.difference), "1")


def _breakaways(followed: Followed, s: Sampling) -> Iterator[Fact]:
    deaths = followed.lethality

    def ratio(w: _Array) -> _Array:
        found: _Array = np.log(((w @ deaths[:, 0]) / (w @ deaths[:, 1])) / ((w @ deaths[:, 2]) / (w @ deaths[:, 3])))
        return found

    yield Fact(6, "Lethality of breakaways beside the groups they broke from, for their size", s.read(ratio), "log ratio")
    for n, cause in enumerate(PRECEDED):
        yield Fact(7, f"Share of what drove breaks: {cause} (one of twelve causes)", s.read(share(followed.causes[:, n], followed.causes[:, 3])), "1")
    m = followed.januaries.where(followed.januaries.left >= AFTER)
    for cause, level in zip(PRECEDED, (m.crowding, m.threat, m.accommodation), strict=True):
        # Accommodation is nothing most of the time: whoever has more than the median has some.
        under = level > np.median(level)
        alike = matched(m.where(under), m.where(~under), followed.courses.settings, (m.broke[under], m.broke[~under]))
        words = f"Groups under more {cause} break more within {AFTER} months than others of the same age and size ({alike.pairs:,} group-years)"
        yield Fact(7, words, s.read(alike.difference), "1", gate=True)
    back = share(followed.rejoined[:, 0], followed.rejoined[:, 1])
    yield Fact(9, f"Share of breakaways that rejoin within {LATER // 12} years", s.read(back), "1", gate=True)


def _severity(followed: Followed, s: Sampling) -> Iterator[Fact]:
    """Deaths in an attack: the exponent of a power law from x_min on, and how much better it fits there than a geometric law."""
    least = _x_min(followed.attacks.sum(axis=0))
    deaths = np.arange(followed.attacks.shape[1], dtype=float)
    tail = deaths >= least
    logs = np.where(tail, np.log(np.maximum(deaths, 1.0) / (least - 0.5)), 0.0)

    def exponent(w: _Array) -> _Array:
        counts = w @ followed.attacks
        found: _Array = 1.0 + counts[:, tail].sum(axis=1) / (counts @ logs)
        return found

    def better(w: _Array) -> _Array:
        counts = w @ followed.attacks
        n = counts[:, tail].sum(axis=1)
        mean_log = (counts @ logs) / n
        alpha = 1.0 + 1.0 / mean_log
        # Both as continuous laws above x_min - 1/2, which for counts of ten and more is close.
        over = (counts @ np.where(tail, deaths - least + 0.5, 0.0)) / n
        power = np.log((alpha - 1.0) / (least - 0.5)) - alpha * mean_log
        found: _Array = power - (-np.log(over) - 1.0)
        return found

    yield Fact(16, f"Exponent of a power law for deaths in an attack, from {least} on", s.read(exponent), "1")
    yield Fact(16, f"The tail is heavier than an exponential's: log likelihood an attack, from {least} deaths on", s.read(better), "nats")


def _x_min(counts: _Array, fewest: int = 100) -> int:
    """Return the least number of deaths from which a power law fits best (Kolmogorov-Smirnov; Clauset, Shalizi & Newman 2009)."""
    best, chosen = np.inf, 1
    for least in range(1, 41):
        x = np.arange(least, len(counts))
        n = counts[least:].sum()
        if n < fewest:
            break
        alpha = 1.0 + n / (counts[least:] * np.log(x / (least - 0.5))).sum()
        fitted = 1.0 - ((x + 0.5) / (least - 0.5)) ** (1.0 - alpha)
        distance = float(np.abs(np.cumsum(counts[least:]) / n - fitted).max())
        if distance < best:
            best, chosen = distance, least
    return chosen


def _splits(followed: Followed, s: Sampling) -> Iterator[Fact]:
    broken = followed.breaks.where(followed.breaks.left >= LATER)
    whole = followed.januaries.where((followed.januaries.left >= LATER) & (followed.januaries.recent_break < 0.5))
    alike = matched(broken, whole, followed.courses.settings, (broken.within(LATER), whole.within(LATER)))
    words = f"A group that broke: ends within {LATER // 12} years, beside whole ones of the same age and size ({alike.pairs:,} breaks)"
    yield Fact(17, words, s.read(alike.difference), "1")


_READ: tuple[tuple[int, str, str, int, str, str, bool], ...] = (
    (10, "indiscriminate force", "deaths", 1, "Force without discrimination: deaths", "share", False),
    (10, "indiscriminate force", "under_arms", 1, "Force without discrimination: people under arms", "share", False),
    (11, "services", "deaths", -1, "Services alone lower violence: deaths averted", "share", False),
    (12, "amnesty", "under_arms", -1, "An amnesty shrinks groups: people fewer under arms", "share", True),
    (12, "amnesty", "hardness", 1, "An amnesty hardens the remnant: its emirs stand nearer the cause", "agenda", True),
    (13, "concessions", "violence_per_fighter", 1, "Concessions to the centre: deaths for each fighter left", "deaths / fighter", False),
    (14, "force", "away", 1, "Pressure displaces: share of strength away from where its group began", "1", True),
    (14, "force", "standing", 1, "Pressure does not destroy: share of groups that still stand", "1", False),
    (15, "divergence", "divergence", 1, "Emirs set apart: divergence that is left", "1", False),
    (15, "divergence", "control", 1, "More divergence, more control", "1", True),
    (15, "divergence", "contact", 1, "More divergence, more exposure", "1", True),
)  # fmt: skip
"""Facts that arms tell: number, arm, reading, sign in which it is read, words, unit, whether it is a gate."""


def _arms(tried: Trials) -> Iterator[Fact]:
    own = Sampling(tried.settings, 1, 0)

    def effect(arm: str, reading: str, sign: int, which: _Array | None = None) -> Function:
        """Return the mean change by an arm; of people and deaths as a share of those where nothing was done."""
        k, r = ARMS.index(arm), READINGS.index(reading)
        there = np.ones(tried.settings) if which is None else which.astype(float)
        base = tried.untouched[:, r] if reading in ("deaths", "under_arms") else tried.trials
        return share(sign * tried.effects[:, k, r] * there, base * there)

    for number, arm, reading, sign, words, unit, gate in _READ:
        yield Fact(number, f"{words}, after {AFTER} months", own.read(effect(arm, reading, sign)), unit, gate)
    middle = np.nanmedian(tried.reach)
    for words, which in (("more", tried.reach > middle), ("less", tried.reach <= middle)):
        words = f"Force without discrimination where the state reaches {words} than the median: deaths, after {AFTER} months"
        yield Fact(10, words, own.read(effect("indiscriminate force", "deaths", 1, which)), "share")
    # Services with security beside services alone, each against the same without services.
    k, both, alone, r = ARMS.index("services"), ARMS.index("force and services"), ARMS.index("force"), READINGS.index("deaths")
    more = tried.effects[:, alone, r] - tried.effects[:, both, r] + tried.effects[:, k, r]
    words = f"Services avert more deaths with twice the force than without it, after {AFTER} months"
    yield Fact(11, words, own.read(share(more, tried.untouched[:, r])), "share")
