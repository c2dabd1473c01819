"""What a run comes to: the outcomes of a history, with unit and meaning; and what each of its calendar years may be asked for."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

_LINEAGE = "followed lineage"

OUTCOMES: tuple[tuple[str, str, str], ...] = (
    ("survived", "0/1", f"Some organisation of the {_LINEAGE} stands at the end."),
    ("root_survived", "0/1", f"The organisation that began the {_LINEAGE} stands at the end."),
    ("months_survived", "months", f"Months until the last organisation of the {_LINEAGE} ended."),
    ("root_months", "months", f"Months the organisation that began the {_LINEAGE} stood."),
    ("strength_mean", "fighter-equivalents", f"Mean strength of the {_LINEAGE} over all months, 0 once it is gone."),
    ("root_strength_mean", "fighter-equivalents", "Mean strength of the organisation that began it over all months, 0 once it is gone."),
    ("strength_end", "fighter-equivalents", f"Strength of the {_LINEAGE} at the end."),
    ("strength_peak", "fighter-equivalents", f"Peak strength of one organisation of the {_LINEAGE}."),
    ("organisations_end", "organisations", "Organisations standing at the end."),
    ("lineage_organisations", "organisations", f"Organisations the {_LINEAGE} ever had."),
    ("fragmentations", "events", "Splinters, bids for autonomy, pledges and departures."),
    ("splinters", "events", "New organisations by splinter."),
    ("autonomies", "events", "Strong emirs who went their own way."),
    ("pledges", "events", "Pledges to the rival brand."),
    ("departures", "events", "Departures without a new group."),
    ("surrenders", "events", "Katibas that took an amnesty."),
    ("voices", "events", "Emirs who spoke up and were heard."),
    ("returns", "events", "Breakaways that came back."),
    ("mergers", "events", "Mergers of allies."),
    ("brand_joined_month", "months", f"Month the root of the {_LINEAGE} joined the global brand, or -1."),
    ("successions", "events", "Leaders of organisations who were replaced."),
    ("alliances_made", "events", "Alliances made."),
    ("alliances_broken", "events", "Alliances broken."),
    ("alliance_break_rate", "1 / month", "Alliances broken per alliance-month."),
    ("deals", "events", "Deals through brokers."),
    ("broker_groups", "events", "Organisations founded by brokers."),
    ("relocations", "events", "Moves of katibas."),
    ("dormancies", "events", "Times a katiba lay low."),
    ("re_emergences", "events", "Times one came back."),
    ("outbiddings", "events", "Months of outbidding."),
    ("means_changes", "events", "Means that leaderships re-chose."),
    ("renegotiations", "events", "Bargains reopened by elites."),
    ("captures", "events", "Regions whose institutions passed half captured."),
    ("endings", "events", "Organisations that ended of themselves."),
    ("ended_by_force", "events", "… by force."),
    ("ended_by_inactivity", "events", "… by inactivity."),
    ("ended_by_splintering", "events", "… by splintering."),
    ("ended_by_amnesty", "events", "… by amnesty."),
    ("ended_by_infighting", "events", "… by infighting."),
    ("ended_by_politics", "events", "… by politics."),
    ("ended_by_absorption", "events", "Organisations absorbed by another, or returned to their parent."),
    ("foundings", "events", "Local armed groups that arose by themselves."),
    ("purges", "events", "Camps that their own leadership struck."),
    ("offers", "events", "Offers that elites made."),
    ("offers_accepted", "events", "… and that were taken."),
    ("communities_reached", "communities", "Communities in which an armed group built a tie."),
    ("reach_margin", "1", "Mean marginality of the communities reached during the run, at the time."),
    ("control", "1", f"Mean control in the {_LINEAGE}."),
    ("agency_loss", "1", f"Mean agency loss in the {_LINEAGE}."),
    ("divergence", "1", f"Mean preference divergence in the {_LINEAGE}."),
    ("polarisation", "1", f"Mean polarisation in the {_LINEAGE}."),
    ("tension", "1", f"Mean tension over autonomy in the {_LINEAGE}."),
    ("outside", "1", f"Mean share of strength outside the state where it began, in the {_LINEAGE}."),
    ("outside_end", "1", "… at the end."),
    ("home_residue", "fighter-equivalents", f"Strength of the {_LINEAGE} in the state where it began, at the end."),
    ("institutions", "1", f"Mean institutions in the {_LINEAGE}."),
    ("r0", "1", f"Mean reproduction number in the {_LINEAGE}."),
    ("ties", "1", f"Mean embedding in the {_LINEAGE}."),
    ("haven", "1", f"Mean haven of katibas in the {_LINEAGE}."),
    ("support", "1", f"Mean support in the {_LINEAGE}."),
    ("instrumental", "1", "Mean instrumental share of that support."),
    ("crowding", "1", f"Mean crowding in the {_LINEAGE}."),
    ("dormant_share", "1", f"Share of katiba-months spent dormant in the {_LINEAGE}."),
    ("detection_rate", "1 / month", f"Detections per katiba-month in the {_LINEAGE}."),
    ("attacks", "events", "Attacks by all groups."),
    ("attacks_outside", "1", f"Share of the attacks of the {_LINEAGE} outside the state where it began."),
    ("severity", "deaths", "Deaths in all attacks."),
    ("own_deaths", "deaths", f"Deaths in violence the {_LINEAGE} took part in."),
    ("deaths_state_based", "deaths", "Deaths in state-based violence (UCDP)."),
    ("deaths_non_state", "deaths", "Deaths in non-state violence."),
    ("deaths_one_sided", "deaths", "Deaths in one-sided violence."),
    ("raids", "people", f"People the {_LINEAGE} lost to raids."),
    ("reports", "events", f"Raids that led to a leader of the {_LINEAGE}."),
    ("impact", "1", "Casualties of forces over what those could use, summed over months and forces."),
    ("infighting", "fighter-equivalents", f"Strength the {_LINEAGE} lost to infighting."),
    ("recruits", "fighter-equivalents", f"Recruits of the {_LINEAGE}."),
    ("morale", "1", "Mean morale of the security forces."),
    ("grievance_end", "1", "Mean grievance of communities at the end."),
    ("grievance_fed", "sum", "Grievance that casualties and repression fed."),
    ("weariness_end", "1", "Mean weariness of communities at the end."),
    ("armed_end", "people", "People under arms at the end."),
    ("reach_end", "1", "Mean reach of the state over regions at the end."),
    ("norm_end", "1", "Mean norm of communities at the end."),
    ("socialisation_end", "1", "Mean socialisation of communities at the end."),
    ("capture_end", "1", "Mean captured share of regions at the end."),
    ("haven_regions", "1", "Mean haven index of regions at the end."),
    ("profit", "money index / month", "Mean monthly profit of all smugglers."),
    ("volatility", "1", "Mean volatility of the elites' bargains."),
    ("policy_cost", "policy cost units", "Money spent on policies."),
    ("refused", "events", "Foundings refused because a table was full (0 in a sound run)."),
)


@functools.cache
def outcome_dtype() -> np.dtype[Any]:
    """Return the structured dtype of a row of outcomes: float64 throughout."""
    return np.dtype([(name, np.float64) for name, _, _ in OUTCOMES])


_DEAD = "Deaths in {} violence the lineage took part in that year, {}."
_PLACES = (("home", "in the state where it began"), ("outside", "elsewhere"))

YEARLY: tuple[tuple[str, str, str], ...] = (
    ("strength", "people", "Strength of the lineage at the year's end."),
    ("strength_home", "people", "Its strength in the state where it began, at the year's end."),
    ("outside", "1", "Share of its strength outside that state, at the year's end."),
    ("organisations", "organisations", "Its organisations that stand at the year's end."),
    ("root_stands", "0/1", "The organisation that began it stands at the year's end."),
    ("brand_joined", "0/1", "Its root has joined the global brand by the year's end."),
    ("attacks", "events", "Its attacks of the year."),
    ("attacks_outside", "events", "Those outside the state where it began."),
    *((f"deaths_state_{key}", "deaths", _DEAD.format("state-based", place)) for key, place in _PLACES),
    *((f"deaths_non_state_{key}", "deaths", _DEAD.format("non-state", place)) for key, place in _PLACES),
    *((f"deaths_one_sided_{key}", "deaths", _DEAD.format("one-sided", place)) for key, place in _PLACES),
    ("splinters", "events", "New organisations that split off it in the year."),
    ("autonomies", "events", "Its strong emirs who went their own way."),
    ("pledges", "events", "Its emirs who pledged to the rival brand."),
    ("departures", "events", "Departures from it without a new group."),
    ("returns", "events", "Its breakaways that came back."),
    ("mergers", "events", "Mergers that it took part in."),
    ("surrenders", "events", "Its katibas that took an amnesty."),
    ("successions", "events", "Leaders of its organisations who were replaced."),
    ("ended_by_force", "events", "Its organisations that ended by force."),
    ("ended_by_inactivity", "events", "… by inactivity."),
    ("ended_by_splintering", "events", "… by splintering."),
    ("ended_by_amnesty", "events", "… by amnesty."),
    ("ended_by_infighting", "events", "… by infighting."),
    ("ended_by_politics", "events", "… by politics."),
    ("ended_by_absorption", "events", "… by absorption, or by their return to their parent."),
)
"""What may be asked of each calendar year of the followed lineage: name, unit, meaning. As an outcome: ``attacks@2006``. Costs nothing unasked."""


@functools.cache
def yearly_dtype() -> np.dtype[Any]:
    """Return the structured dtype of a year: float64 throughout."""
    return np.dtype([(name, np.float64) for name, _, _ in YEARLY])


@functools.cache
def _meanings() -> dict[str, tuple[str, str]]:
    return {name: (unit, meaning) for name, unit, meaning in OUTCOMES}


@functools.cache
def _yearly_meanings() -> dict[str, tuple[str, str]]:
    return {name: (unit, meaning) for name, unit, meaning in YEARLY}


def described(outcome: str) -> tuple[str, str]:
    """Return unit and meaning of an outcome, of a whole run or of a year; unit ``1`` and no meaning for what is none."""
    asked = of_year(outcome)
    if asked is None:
        return _meanings().get(outcome, ("1", ""))
    unit, meaning = _yearly_meanings().get(asked[0], ("1", ""))
    return unit, f"{asked[1]}: {meaning}"


def of_year(outcome: str) -> tuple[str, int] | None:
    """Return the name and the calendar year of an outcome of a year (``attacks@2006``), or None where it is one of the whole run."""
    name, at, year = outcome.partition("@")
    return (name, int(year)) if at and len(year) == 4 and year.isdecimal() else None
