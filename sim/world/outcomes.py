"""What a run comes to: the outcomes of a history, with unit and meaning. One row per run, one column per outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

_LINEAGE = "followed lineage"

OUTCOMES: tuple[tuple[str, str, str], ...] = (
    ("survived", "0/1", f"Some organisation of the {_LINEAGE} stands at the end."),
    ("root_survived", "0/1", f"The organisation that began the {_LINEAGE} stands at the end."),
    ("months_survived", "months", f"Months until the last organisation of the {_LINEAGE} ended."),
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
    ("ended_by_erosion", "events", "… by erosion."),
    ("ended_by_fragmentation", "events", "… by fragmentation."),
    ("ended_by_amnesty", "events", "… by amnesty."),
    ("ended_by_infighting", "events", "… by infighting."),
    ("ended_by_politics", "events", "… by politics."),
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
    ("ties", "1", f"Mean embedding in the {_LINEAGE}."),
    ("haven", "1", f"Mean haven of katibas in the {_LINEAGE}."),
    ("support", "1", f"Mean support in the {_LINEAGE}."),
    ("instrumental", "1", "Mean instrumental share of that support."),
    ("crowding", "1", f"Mean crowding in the {_LINEAGE}."),
    ("dormant_share", "1", f"Share of katiba-months spent dormant in the {_LINEAGE}."),
    ("detection_rate", "1 / month", f"Detections per katiba-month in the {_LINEAGE}."),
    ("attacks", "events", "Attacks by all groups."),
    ("attacks_outside", "1", f"Share of the attacks of the {_LINEAGE} outside the state where it began."),
    ("severity", "severity", "Severity of all attacks."),
    ("impact_ratio", "1", "Impact over severity of all attacks."),
    ("infighting", "fighter-equivalents", f"Strength the {_LINEAGE} lost to infighting."),
    ("recruits", "fighter-equivalents", f"Recruits of the {_LINEAGE}."),
    ("morale", "1", "Mean morale of the security forces."),
    ("grievance_end", "1", "Mean grievance of communities at the end."),
    ("grievance_fed", "sum", "Grievance that casualties and repression fed."),
    ("norm_end", "1", "Mean norm of communities at the end."),
    ("socialisation_end", "1", "Mean socialisation of communities at the end."),
    ("capture_end", "1", "Mean captured share of regions at the end."),
    ("haven_regions", "1", "Mean haven index of regions at the end."),
    ("profit", "money index / month", "Mean monthly profit of all smugglers."),
    ("volatility", "1", "Mean volatility of the elites' bargains."),
    ("policy_cost", "policy cost units", "Money spent on policies."),
    ("refused", "events", "Foundings refused because a table was full (0 in a sound run)."),
)


def outcome_dtype() -> np.dtype[Any]:
    """Return the structured dtype of a row of outcomes: float64 throughout."""
    return np.dtype([(name, np.float64) for name, _, _ in OUTCOMES])
