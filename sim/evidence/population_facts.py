"""The stylised facts 1-9 read from a population of groups: effect, interval, verdict.

Intervals are bootstrap percentiles over settings, since groups of one setting share a field. A gate is *shown* if its whole 95 % interval lies on
the predicted side, *contrary* if it lies on the other, *not shown* otherwise; a share, which is never below nought, has to be more than one that
would say nothing. Facts about which the literature disagrees are *reported*.
Hazards are endings per group-month of observation, so groups that still stand are counted for as long as they were seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.evidence.claims import AQIM, GIA
from sim.evidence.patterns import run
from sim.evidence.population import PRECEDED
from sim.world.layout import CAUSES

if TYPE_CHECKING:
    import pandas as pd

RESAMPLES = 2000
YOUNG_MONTHS = 60
AFTER_MONTHS = 24
REJOIN_MONTHS = 60
LEAST_REJOINING = 0.05
"""Share of breakaways that rejoin from which on it is a thing that happens, and no oddity: an assumption."""
BREAKAWAYS = ("splinter", "autonomy", "pledge")
GONE = ("force", "inactivity", "splintering", "amnesty", "infighting", "politics")
"""Endings that are endings: who is absorbed or comes back goes on in another group."""


@dataclass(frozen=True)
class Fact:
    """A fact as it came out.

    Attributes:
        number: Number in the list of stylised facts.
        says: What it says.
        effect: What was measured.
        low: Lower end of its 95 % interval.
        high: Upper end.
        unit: Unit of the effect.
        verdict: ``shown``, ``not shown``, ``contrary`` or ``reported``.
    """

    number: int
    says: str
    effect: float
    low: float
    high: float
    unit: str
    verdict: str


def resampled(
    sums: np.ndarray[Any, Any], statistic: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]], seed: int = 0
) -> tuple[float, float, float]:
    """Return a statistic of sums over settings with its 95 % bootstrap interval.

    Args:
        sums: A row a setting, a column a sum, shape (settings, k).
        statistic: From totals, shape (..., k), to numbers, shape (...).
        seed: Seed of the resampling.

    Returns:
        Statistic, lower end, upper end; NaN where there is nothing to tell it from.
    """
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1.0 / len(sums)), RESAMPLES) @ sums
    with np.errstate(invalid="ignore", divide="ignore"):
        found, many = float(statistic(sums.sum(axis=0))), statistic(drawn.astype(float))
    many = many[np.isfinite(many)]
    if not np.isfinite(found) or not len(many):
        return math.nan, math.nan, math.nan
    low, high = np.percentile(many, [2.5, 97.5])
    return found, float(low), float(high)


def _gate(number: int, says: str, found: tuple[float, float, float], unit: str) -> Fact:
    effect, low, high = found
    verdict = "shown" if low > 0.0 else "contrary" if high < 0.0 else "not shown"
    return Fact(number, says, effect, low, high, unit, verdict)


def _more_than(least: float, number: int, says: str, found: tuple[float, float, float]) -> Fact:
    """Return a fact about a share: no share lies below nought, so it has to be more than a least one that would say something."""
    effect, low, high = found
    verdict = "shown" if low > least else "contrary" if high < least else "not shown"
    return Fact(number, f"{says}: more than {least:.0%}", effect, low, high, "1", verdict)


def _by_setting(frame: pd.DataFrame, columns: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    number = frame["setting"].to_numpy()
    if not len(number):  # Nobody to tell it from: one setting with nothing in it.
        return np.zeros((1, len(columns)))
    return np.array([np.bincount(number, c, number.max() + 1) for c in columns]).T


def _hazard_gap(t: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the hazard of the first two columns (endings, months) minus that of the last two."""
    gap: np.ndarray[Any, Any] = t[..., 0] / t[..., 1] - t[..., 2] / t[..., 3]
    return gap


def facts(frame: pd.DataFrame, spared: pd.DataFrame, pairs: int = 200) -> list[Fact]:
    """Read the facts.

    Args:
        frame: From :func:`sim.evidence.population.population`.
        spared: The same settings with no leader's death.
        pairs: Replicates of aqim and gia-1990s behind fact 8.
    """
    gone = (frame["ended"] & frame["ending"].isin(GONE)).to_numpy()
    found = [_age(frame, gone)]
    size, months = frame["strength_start"].to_numpy(), frame["months"].to_numpy().astype(float)
    small = size < np.median(size)
    gap = _by_setting(frame, [gone & small, months * small, gone & ~small, months * ~small])
    found.append(_gate(2, "Small groups end sooner than large ones", resampled(gap, _hazard_gap), "endings / month"))
    # Months allied against months alone: a group that lives long has more time to find an ally, which must not count for it.
    allied = frame["allied"].to_numpy() * months
    last = (frame["allied"].to_numpy() > 0.5).astype(float)
    gap = _by_setting(frame, [gone * (1.0 - last), months - allied, gone * last, allied])
    found.append(_gate(2, "Groups without allies end sooner than groups with them", resampled(gap, _hazard_gap), "endings / month"))
    found.append(_endings(frame))
    found += _leaders(frame, spared)
    splinter = frame["origin"].isin(BREAKAWAYS).to_numpy()
    share = _by_setting(frame, [splinter, np.ones(len(frame))])
    found.append(Fact(5, "Share of groups that begin as a break from another", *resampled(share, lambda t: t[..., 0] / t[..., 1]), "1", "reported"))
    found.append(_lethality(frame))
    for cause in PRECEDED:
        part = _by_setting(frame, [frame[f"cause_{cause}"].to_numpy(), frame["breaks"].to_numpy().astype(float)])
        # Of so many causes, one that has no more than an equal part does not stand out.
        words = f"Share of what drove a break: {cause} (of {len(CAUSES)} causes)"
        found.append(_more_than(1.0 / len(CAUSES), 7, words, resampled(part, lambda t: t[..., 0] / t[..., 1])))
    found.append(_infighting(pairs))
    found.append(_rejoining(frame))
    return found


def _age(frame: pd.DataFrame, gone: np.ndarray[Any, Any]) -> Fact:
    """Fact 1: the hazard among the young (under five years) minus that among the old."""
    start, end = frame["start"].to_numpy(), frame["end"].to_numpy()
    seen = np.maximum(start, 0)
    grown = np.maximum(seen, np.minimum(end, start + YOUNG_MONTHS))
    young, old = (grown - seen).astype(float), (end - grown).astype(float)
    ends_young = gone & (end - start <= YOUNG_MONTHS)
    gap = _by_setting(frame, [ends_young, young, gone & ~ends_young, old])
    return _gate(1, "The hazard of ending falls with age (under five years against older)", resampled(gap, _hazard_gap), "endings / month")


def _endings(frame: pd.DataFrame) -> Fact:
    """Fact 3: the commonest way of ending does not take (nearly) all."""
    ended = frame[frame["ended"]]
    counts = ended["ending"].value_counts()
    if ended.empty:
        return Fact(3, "No one way of ending takes all (nobody ended)", math.nan, math.nan, math.nan, "share of the commonest", "not shown")
    table = _by_setting(ended, [(ended["ending"] == counts.index[0]).to_numpy(), np.ones(len(ended))])
    effect, low, high = resampled(table, lambda t: t[..., 0] / t[..., 1])
    verdict = "shown" if high < 0.8 and len(counts) >= 4 else "not shown"
    mix = ", ".join(f"{name} {count / len(ended):.0%}" for name, count in counts.items())
    return Fact(3, f"No one way of ending takes all ({mix})", effect, low, high, "share of the commonest", verdict)


def _leaders(frame: pd.DataFrame, spared: pd.DataFrame) -> list[Fact]:
    """Fact 4: the same groups with and without the death of their leader."""
    keys = ["setting", "organisation"]
    both = frame[frame["struck"]].merge(spared, on=keys, suffixes=("", "_spared"))
    # Only where the leader was still there to be lost.
    both = both[both["end"] > both["struck_month"]]
    within = both["struck_month"] + AFTER_MONTHS

    def ends(suffix: str) -> np.ndarray[Any, Any]:
        return (both[f"ended{suffix}"] & (both[f"end{suffix}"] <= within)).to_numpy().astype(float)

    gone = _by_setting(both, [ends("") - ends("_spared"), np.ones(len(both))])
    broken = _by_setting(both, [(both["breaks"] - both["breaks_spared"]).to_numpy(), np.ones(len(both))])

    def mean(t: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        average: np.ndarray[Any, Any] = t[..., 0] / t[..., 1]
        return average

    reported = []
    for words, part in (
        ("younger than five years", both["struck_month"] - both["start"] < YOUNG_MONTHS),
        ("older", both["struck_month"] - both["start"] >= YOUNG_MONTHS),
        ("small when first seen", both["strength_start"] < frame["strength_start"].median()),
        ("large", both["strength_start"] >= frame["strength_start"].median()),
    ):
        inside = part.to_numpy().astype(float)
        change = (ends("") - ends("_spared")) * inside
        found = resampled(_by_setting(both, [change, inside]), mean)
        reported.append(Fact(4, f"The same among the {words} ({int(inside.sum())} pairs)", *found, "share", "reported"))
    return [
        _gate(4, f"Losing its leader, a group ends more often within two years ({len(both)} pairs)", resampled(gone, mean), "share"),
        *reported,
        _gate(4, "Losing its leader, a group breaks more often", resampled(broken, mean), "breaks"),
    ]


def _lethality(frame: pd.DataFrame) -> Fact:
    """Fact 6: deaths per fighter-month, breakaways less the groups they broke from."""
    both = frame[frame["origin"].isin(BREAKAWAYS)].merge(
        frame, left_on=["setting", "parent"], right_on=["setting", "organisation"], suffixes=("", "_parent")
    )
    gap = _by_setting(both, [(both["lethality"] - both["lethality_parent"]).to_numpy(), np.ones(len(both))])
    words = f"Breakaways are more lethal than their parents, for their size ({len(both)} pairs)"
    return Fact(6, words, *resampled(gap, lambda t: t[..., 0] / t[..., 1]), "deaths / fighter-month", "reported")


def _infighting(pairs: int) -> Fact:
    """Fact 8: the GIA lost more to infighting for every break than the GSPC."""
    aqim, gia = run(AQIM, pairs, 0), run(GIA, pairs, 0)
    columns = [gia["infighting"], gia["fragmentations"], aqim["infighting"], aqim["fragmentations"]]
    return _gate(8, "Infighting for every break: the GIA against the GSPC", resampled(np.array(columns).T, _hazard_gap), "fighter-equivalents")


def _rejoining(frame: pd.DataFrame) -> Fact:
    """Fact 9: breakaways that come back to a group within five years."""
    mine = frame[frame["origin"].isin(BREAKAWAYS)]
    back = (mine["ending"].isin(("return", "absorption")) & (mine["end"] - mine["start"] <= REJOIN_MONTHS)).to_numpy()
    found = resampled(_by_setting(mine, [back, np.ones(len(mine))]), lambda t: t[..., 0] / t[..., 1])
    return _more_than(LEAST_REJOINING, 9, "Share of breakaways that rejoin within five years", found)
