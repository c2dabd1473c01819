"""What outcomes are called where people read them, and which of their values are no amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.outcomes import YEARLY, described, of_year

if TYPE_CHECKING:
    import pandas as pd

LABELS = {
    "survived": "Lineage stands at the end",
    "root_survived": "Root organisation stands at the end",
    "months_survived": "Months the lineage stood",
    "root_months": "Months the root organisation stood",
    "strength_mean": "Strength of the lineage over all months",
    "root_strength_mean": "Strength of the root organisation over all months",
    "strength_end": "Strength of the lineage at the end",
    "strength_peak": "Peak strength of one organisation",
    "organisations_end": "Organisations standing at the end",
    "lineage_organisations": "Organisations the lineage ever had",
    "autonomies": "Bids for autonomy",
    "pledges": "Pledges to the rival brand",
    "surrenders": "Katibas that took an amnesty",
    "voices": "Emirs who were heard",
    "returns": "Breakaways that came back",
    "brand_joined_month": "Month the brand was joined",
    "successions": "Leaders replaced",
    "alliance_break_rate": "Alliances broken per alliance-month",
    "deals": "Deals through brokers",
    "broker_groups": "Organisations founded by brokers",
    "relocations": "Moves of katibas",
    "dormancies": "Times a katiba lay low",
    "re_emergences": "Times a katiba came back",
    "outbiddings": "Months of outbidding",
    "means_changes": "Changes of means",
    "renegotiations": "Bargains reopened by elites",
    "captures": "Regions captured",
    "endings": "Organisations that ended",
    "foundings": "Local groups that arose",
    "offers": "Offers that elites made",
    "offers_accepted": "Offers that were taken",
    "reach_margin": "Marginality of the communities reached",
    "divergence": "Preference divergence",
    "tension": "Tension over autonomy",
    "outside": "Share of strength outside the home state",
    "outside_end": "Share of strength outside the home state at the end",
    "home_residue": "Strength left in the home state at the end",
    "r0": "Reproduction number",
    "ties": "Embedding",
    "instrumental": "Instrumental share of support",
    "dormant_share": "Share of katiba-months dormant",
    "detection_rate": "Detections per katiba-month",
    "attacks_outside": "Share of attacks outside the home state",
    "severity": "Deaths in all attacks",
    "own_deaths": "Deaths in violence of the lineage",
    "deaths_state_based": "Deaths in state-based violence",
    "deaths_non_state": "Deaths in non-state violence",
    "deaths_one_sided": "Deaths in one-sided violence",
    "raids": "People lost to raids",
    "reports": "Raids that led to a leader",
    "impact": "Casualties over what forces could use",
    "infighting": "Strength lost to infighting",
    "morale": "Morale of the security forces",
    "grievance_fed": "Grievance fed by harm",
    "armed_end": "People under arms at the end",
    "reach_end": "Reach of the state at the end",
    "haven_regions": "Haven index of regions",
    "profit": "Profit of smugglers",
    "volatility": "Volatility of elite bargains",
    "policy_cost": "Money spent on policies",
    "refused": "Foundings refused for want of room",
}
"""Outcomes whose names do not say enough; others are called by their names."""


def label_of(outcome: str) -> str:
    """Return what tables and figures call an outcome; a name that is no outcome's is returned as words too."""
    if outcome in LABELS:
        return LABELS[outcome]
    words = re.sub(r"_end$", " at the end", outcome).replace("_", " ")
    return words[:1].upper() + words[1:]


_ROADS = ("force", "inactivity", "splintering", "amnesty", "infighting", "politics")
_IN_FULL = {
    **{f"ended_by_{road}": f"Organisations that ended by {road}." for road in _ROADS},
    "root_strength_mean": "Mean strength of the organisation that began the followed lineage over all months, 0 once it is gone.",
    "brand_joined_month": "Month in which the root of the followed lineage joined the global brand; missing where it never does.",
    "re_emergences": "Times a katiba that lay low came back.",
    "offers_accepted": "Offers that elites made and that were taken.",
    "strength_peak": "Peak strength of one organisation of the followed lineage, counted in every month that it outlasted, not at the start.",
    "outside_end": "Share of the followed lineage's strength outside the state where it began, at the end; 0 where nothing of it is left.",
    "home_residue": "Strength of the followed lineage in the state where it began, at the end; 0 where nothing of it is left.",
    "instrumental": "Mean instrumental share of the support in the followed lineage.",
}
"""Outcomes of a run whose meaning, where the table of them has it, leans on its neighbours or tells how the table is written."""
_YEAR_IN_FULL = {
    **{f"ended_by_{road}": f"Organisations of the lineage that ended by {road} in the year." for road in _ROADS},
    "ended_by_absorption": "Organisations of the lineage that ended in the year by absorption, or by their return to their parent.",
    "attacks_outside": "Attacks of the lineage in the year, outside the state where it began.",
}


def in_full(outcome: str, of_a_year: bool = False) -> str:
    """Return what an outcome means, in a sentence that stands alone; empty for what is none.

    Args:
        outcome: The outcome; one of a year (``attacks@2006``) is told with the year.
        of_a_year: Whether a name without a year is one of those that are asked of a year.
    """
    asked = of_year(outcome)
    if asked is not None:
        meaning = in_full(asked[0], True)
        return meaning and f"{asked[1]}: {meaning}"
    if of_a_year:
        return _YEAR_IN_FULL.get(outcome) or next((meaning for name, _, meaning in YEARLY if name == outcome), "")
    return _IN_FULL.get(outcome) or described(outcome)[1]


NEVER = {"brand_joined_month": -1.0}
"""Outcomes that are no amount in a run in which it never happens, with what the table has then: a date that never came is missing, and not -1."""


def amounts(outcome: str, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an outcome as a run's table has it, with NaN where it never happened."""
    return np.where(values == NEVER[outcome], np.nan, values) if outcome in NEVER else values


def read(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of runs with NaN where an outcome never happened."""
    held = [name for name in NEVER if name in frame]
    return frame.assign(**{name: amounts(name, frame[name].to_numpy()) for name in held}) if held else frame


def or_none(outcomes: Mapping[str, float]) -> dict[str, float | None]:
    """Return the outcomes of a run by name, None where one never happened."""
    return {name: None if NEVER.get(name) == value else value for name, value in outcomes.items()}


def named_in(claim: str, outcomes: Sequence[str]) -> list[str]:
    """Return the outcomes that a claim speaks of: those with a word of the name or the label, its ending apart, in the claim.

    Words of how a value is taken (mean, end, months …) speak of nothing, and neither does the group itself.
    """
    told = _words(claim)
    found = []
    for outcome in outcomes:
        own = [word for word in _words(outcome.replace("_", " ")) if word not in _HOW]
        if own and all(any(said.startswith(_stem(word)) for said in told) for word in own):
            found.append(outcome)
    return found


_HOW = frozenset(("root", "mean", "end", "peak", "months", "month", "rate", "share", "regions", "lineage", "organisations", "by"))
_STEM = 6


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _stem(word: str) -> str:
    """Return what a word begins with in the singular and the plural, and as a verb as well as a noun."""
    return (word[:-1] if word.endswith("s") and not word.endswith("ss") else word)[:_STEM]
