"""What exists: one table per kind, one column per state variable.

A table is a structured NumPy array, so the columns of one agent lie side by side in memory: a rule touches many columns
of one agent, and this is what makes the compiled month fast. A rule writes ``w.emir.strength[i]`` and reads as if it
had a struct of arrays before it; both ways of running see the same memory. Columns that a scenario sets take their
unit, range and meaning from the schema; the others state them here. ``docs/ODD.md`` prints this file.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.scenario import schema

TIES_PER_EMIR = 6
"""Communities with which one katiba can keep ties at a time: attention is finite, and it keeps interactions sparse."""

CAUSES = (
    "agenda", "beliefs", "information", "autonomy", "competition", "repression",
    "accommodation", "rival brand", "hardship", "leadership loss", "brokerage", "shared threat",
)  # fmt: skip
"""What can drive a fragmentation, a merger or an ending; the columns of a cause vector, whose shares add up to one."""


@dataclass(frozen=True, slots=True)
class Column:
    """A state variable: name, unit, range, meaning; ``whole`` marks integers (rows, months, codes, flags)."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    whole: bool = False


def _real(name: str, unit: str, low: float, high: float, meaning: str) -> Column:
    return Column(name, unit, low, high, meaning)


def _share(name: str, meaning: str) -> Column:
    return Column(name, "1", 0.0, 1.0, meaning)


def _line(name: str, meaning: str) -> Column:
    return Column(name, "1", -1.0, 1.0, meaning)


def _whole(name: str, meaning: str, unit: str = "row") -> Column:
    return Column(name, unit, -1, 2.0**32, meaning, whole=True)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "0/1", 0, 1, meaning, whole=True)


def _from(spec: type[BaseModel], *names: str) -> tuple[Column, ...]:
    """Columns that a scenario sets, described as the schema describes them."""
    columns = []
    for name in names:
        info = spec.model_fields[name]
        extra: Any = info.json_schema_extra
        low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
        high = next(m.le for m in info.metadata if hasattr(m, "le"))
        columns.append(Column(name, extra["unit"], low, high, info.description or ""))
    return tuple(columns)


STRENGTH = "fighter-equivalents"
MONEY = "money index"
FEW = 1.0e9

LAYOUT: dict[str, tuple[Column, ...]] = {
    "clock": (
        _whole("seed", "Seed of the run.", "1"),
        _whole("replicate", "Replicate number.", "1"),
        _share("rival", "Reach of the rival brand."),
        _share("cause", "Appeal that world events lend the global cause."),
        _whole("first_month", "Calendar month of the scenario's first month, 0 to 11.", "month"),
        _whole("logged", "Entries in the event log.", "entries"),
        _whole("recorded", "Entries in the log of violence.", "entries"),
        _whole("focus", "Identity of the lineage that is followed.", "identity"),
        _whole("home", "State where the followed lineage began."),
        _whole("next_emir", "Where to look first for a free row among katibas."),
        _whole("next_organisation", "Where to look first for a free row among organisations."),
        _whole("next_alliance", "Where to look first for a free row among alliances."),
        _whole("refused", "Foundings refused because a table was full.", "events"),
    ),
    "elite": (
        *_from(schema.StateSpec, "horizon", "share", "services"),
        _whole("identity", "Identity.", "identity"),
        _share("horizon_start", "Time horizon at the start."),
        _share("share_start", "Share of the centre at the start."),
        _share("amnesty", "Openness of an amnesty in force."),
        _share("coup", "Depth of a rupture of the state."),
        _share("protest", "Burden of protest on the state's forces."),
        _share("purge", "Reshuffling of the security services."),
        _share("aid", "Extra services from events and policies."),
        _share("peace", "Openness of a negotiated settlement that comes from outside."),
        _share("extra_force", "Policy level: force."),
        _share("clean", "Policy level: anti-corruption."),
        _share("dialogue", "Policy level: dialogue."),
        _real("deaths", "deaths / month", 0, FEW, "Deaths in its regions last month."),
        _real("armed", STRENGTH, 0, FEW, "People under arms against it last month."),
        _real("garrison", "personnel-equivalents", 0, FEW, "What its own forces can use, summed this month."),
        _real("capacity", "personnel-equivalents", 0, FEW, "What its own forces could use last month."),
        _share("cost", "What violence costs it, felt."),
        _share("harshness", "How heavy the hand it answers with."),
        _share("power", "Armed groups' part of the power in the state when the last bargain was struck."),
        _share("volatility", "Recent swings of the bargain over shares."),
        _whole("bargains", "Renegotiations so far.", "events"),
        _whole("offers", "Offers made so far.", "events"),
    ),
    "region": (
        *_from(schema.RegionSpec, "remoteness", "reach", "route_value", "capture"),
        _whole("elite", "State whose elite governs it."),
        _share("reach_start", "State reach at the start."),
        _share("absence", "Absence of the state, as a fighter meets it."),
        _whole("first_community", "First of its communities."),
        _whole("communities", "Number of its communities.", "rows"),
        _whole("first_edge", "First of its edges."),
        _whole("edges", "Number of its edges.", "rows"),
        _real("population", "thousand people", 0, FEW, "People living there."),
        _real("strength", STRENGTH, 0, FEW, "Strength of all armed groups present."),
        _real("armed_before", STRENGTH, 0, FEW, "The same a month ago."),
        _whole("first_group", "Strongest organisation present, or -1."),
        _real("first_strength", STRENGTH, 0, FEW, "Strength of that organisation's strongest katiba there."),
        _whole("second_group", "A second organisation present, or -1."),
        _real("second_strength", STRENGTH, 0, FEW, "Strength of the second organisation's strongest katiba there."),
        _whole("first_emir", "Strongest katiba present, or -1."),
        _whole("second_emir", "Strongest katiba of the second organisation, or -1."),
        _real("effort", "personnel-equivalents", 0, FEW, "Force effort posted there."),
        _real("garrison", "personnel-equivalents", 0, FEW, "The same a month ago."),
        _real("effort_intelligence", "personnel-equivalents", 0, FEW, "Effort weighted by intelligence."),
        _real("effort_repression", "personnel-equivalents", 0, FEW, "Effort weighted by repression."),
        _whole("main_force", "Force with most effort there, or -1."),
        _real("main_effort", "personnel-equivalents", 0, FEW, "Effort of that force."),
        _real("pressure", "1", 0, FEW, "Force per fighter, against the ratio at which it is 1."),
        _share("intelligence", "What the forces there can learn from contacts and tips."),
        _share("repression", "Indiscriminate share of what the forces there do."),
        _flag("clash", "The two strongest groups fight this month."),
        _share("conflict", "Recent deaths, felt."),
        _real("deaths", "deaths / month", 0, FEW, "Deaths of the month so far."),
        _real("deaths_before", "deaths / month", 0, FEW, "Deaths of the last month."),
        _share("terrain", "Part of haven that is terrain."),
        _share("found", "Best haven that a katiba was counted to have there this month."),
        _share("ties", "Embedding of whoever is best connected there."),
        _share("norms", "Mean norm of its communities."),
        _share("haven", "Haven: detection avoided by whoever is best hidden there, or by a stranger."),
        _share("grievance", "Mean grievance of its communities."),
        _share("informers", "How ready people are to inform: trust in the state, less where norms accept the guests."),
        _share("margin", "Mean marginality (neglect with cleavage) of its communities."),
        _share("weariness", "Mean weariness of its communities."),
        _share("bridge", "Standing with both sides of the best broker there."),
        _real("protection", MONEY + " / month", 0, FEW, "Protection money paid by smugglers there."),
        _real("bribes", MONEY + " / month", 0, FEW, "Bribes paid to officials there."),
        _share("notables", "Standing of smugglers as notables there."),
        _share("interdiction", "Share of trade the state stops."),
    ),
    "edge": (
        _whole("to", "Region at the other end."),
        _share("ease", "How easily one moves along it."),
    ),
    "community": (
        *_from(schema.CommunitySpec, "population", "grievance", "trust", "norm", "cleavage", "neglect", "socialisation"),
        _whole("identity", "Identity.", "identity"),
        _whole("region", "Region."),
        _share("grievance_start", "Grievance at the start."),
        _share("trust_start", "Trust at the start."),
        _share("norm_start", "Norm at the start."),
        _share("cleavage_start", "Cleavage at the start."),
        _share("neglect_start", "Neglect at the start."),
        _real("people", "people", 0, FEW, "People who were ever of it: civilians, armed, jailed and dead."),
        _real("armed", "people", 0, FEW, "Of them, under arms with any group."),
        _real("jailed", "people", 0, FEW, "Of them, in jail."),
        _real("dead", "people", 0, FEW, "Of them, killed."),
        _share("room", "How many of those who might take up arms have not."),
        _share("harm_state", "Harm by the state that is remembered."),
        _share("harm_groups", "Harm by armed groups that is remembered."),
        _share("weariness", "Weariness of war."),
        _flag("reached", "An armed group has a tie here."),
        _whole("reached_month", "First month an armed group built a tie here, or -1.", "month"),
    ),
    "organisation": (
        *_from(
            schema.OrganisationSpec, "control", "rhetoric", "posture", "centralisation", "patience", "brutality", "aims", "treasury", "institutions"
        ),
        _whole("identity", "Identity.", "identity"),
        _flag("alive", "It exists."),
        _whole("kind", "Kind: 0 jihadist, 1 rebel, 2 militia.", "code"),
        _whole("brand", "Brand: 0 none, 1 global, 2 rival.", "code"),
        _whole("home", "Region where it began."),
        _whole("seat", "Region where the leadership sits."),
        Column("born", "month", -12_000, 12_000, "Month of founding, counted from the scenario's start.", whole=True),
        _whole("ended", "Month it ended, or -1.", "month"),
        _whole("ending", "How it ended.", "code"),
        _whole("lineage", "Identity of its root.", "identity"),
        _whole("parent", "Organisation it came from, or -1."),
        _whole("origin", "How it came to be.", "code"),
        _whole("heir", "Organisation that absorbed it, or -1."),
        _whole("leader", "Identity of the leader, or of who will be.", "identity"),
        _whole("fallen", "Identity of the leader last lost.", "identity"),
        _whole("tenure", "Months since the last leader was lost.", "months"),
        _flag("vacant", "Nobody leads it."),
        _whole("vacant_months", "Months for which nobody has led it.", "months"),
        _whole("struck", "The leader is lost this month: 1 by a dated death, 2 with the katiba that he led himself.", "code"),
        _whole("traced", "Raids of the month that led to the leader.", "raids"),
        _flag("given", "A leader who was found may give away whom he meets."),
        _share("shock", "What a lost leader takes along this month."),
        _line("agenda_line", "Agenda the leadership stands for."),
        _line("information_line", "Reading of the field at the centre."),
        _real("strength", STRENGTH, 0, FEW, "Strength of all its katibas."),
        _real("strength_before", STRENGTH, 0, FEW, "Strength a month ago."),
        _real("peak", STRENGTH, 0, FEW, "Highest strength so far."),
        _whole("katibas", "Number of katibas.", "rows"),
        _real("fitness", "1 / month", -FEW, FEW, "Perceived survival: smoothed growth of strength."),
        _real("aspiration", "1 / month", -FEW, FEW, "Growth the leadership has come to expect."),
        _real("tight", STRENGTH, 0, FEW, "Symptom of too much control since the last look."),
        _real("loose", STRENGTH, 0, FEW, "Symptom of too little control since the last look."),
        _share("posture_told", "Posture when a change of it was last told."),
        _share("morale", "What its people hope for."),
        _share("support", "Support in the communities where it is present."),
        _share("agency_loss", "Share of its emirs' choices of late that served their own ends, by strength."),
        _share("divergence", "Mean preference divergence of its emirs."),
        _share("polarisation", "Polarisation of its emirs into two camps."),
        _share("cohesion", "1 minus divergence and polarisation."),
        _share("contact", "Mean chance that an emir is called to account."),
        _real("threat", "1", 0, FEW, "Mean force per fighter times intelligence that its katibas face."),
        _share("crowding", "Mean crowding of the places it is in."),
        _share("hardship", "Mean shortfall of money."),
        _share("tension", "Mean tension over autonomy."),
        _share("weariness", "Mean weariness where it is."),
        _real("r0", "1", 0, FEW, "Mean reproduction number of its katibas."),
        _share("outside", "Share of strength outside the state where it began."),
        _real("dissent", STRENGTH, 0, FEW, "Strength of the dissident camp."),
        _whole("dissident", "Strongest katiba of the dissident camp, or -1."),
        _line("dissent_agenda", "Agenda of the dissident camp."),
        _line("dissent_belief", "Belief of the dissident camp."),
        _line("dissent_information", "Reading of the field in the dissident camp."),
        _real("attacks", "attacks", 0, FEW, "Attacks of late."),
        _real("toll", "deaths", 0, FEW, "Deaths of late in violence it took part in."),
        _real("deaths", "deaths", 0, FEW, "Deaths so far in violence it took part in."),
        _real("deaths_year", "deaths", 0, FEW, "Those of the year so far."),
        _whole("first_attack", "Month of its first attack, or -1.", "month"),
        _whole("first_25", "First month in which the year's deaths reached twenty-five, or -1.", "month"),
        _real("disgrace", STRENGTH, 0, FEW, "Attacks on civilians of late, by the strength of who made them."),
        _real("newcomers", STRENGTH, 0, FEW, "Recruits of the month."),
        _real("retreat", "months", 0, 600, "Months the order to fall back holds."),
        _whole("allies", "Alliances in force.", "rows"),
        *(_whole(f"ally_{n}", "An ally, or -1.") for n in range(1, 5)),
        _real("at_seat", STRENGTH, 0, FEW, "Strength where the leadership sits."),
        _real("largest", STRENGTH, 0, FEW, "Strength of its largest katiba."),
        _whole("largest_region", "Region of its largest katiba, or -1."),
        _whole("breakaway", "Organisation that breaks away from it this month, or -1."),
        _whole("entry", "Row of the log that tells how it came to be, or -1."),
        _real("lost_to_force", STRENGTH, 0, FEW, "Recent losses to raids and in attacks."),
        _real("lost_to_exit", STRENGTH, 0, FEW, "Recent losses to splits and departures."),
        _real("lost_to_amnesty", STRENGTH, 0, FEW, "Recent losses to amnesty."),
        _real("lost_to_rivals", STRENGTH, 0, FEW, "Recent losses to infighting and purges."),
        _real("lost_to_attrition", STRENGTH, 0, FEW, "Recent losses of people who went home."),
        _real("sum_agenda", "sum", -FEW, FEW, "Running sum for the dissident camp (agenda)."),
        _real("sum_belief", "sum", -FEW, FEW, "Running sum for the dissident camp (belief)."),
        _real("sum_information", "sum", -FEW, FEW, "Running sum (information)."),
    ),
    "emir": (
        _real("strength", STRENGTH, 0, FEW, "Strength of the katiba: whole people."),
        _real("outsiders", "people", 0, FEW, "Of them, people from beyond the map."),
        *_from(schema.EmirSpec, "purse", "skill", "loyalty", "agenda", "belief", "information"),
        _whole("identity", "Identity of the emir; a successor has a new one.", "identity"),
        _whole("katiba", "Identity of the katiba, which outlives its emir.", "identity"),
        _flag("alive", "The katiba exists."),
        _whole("organisation", "Organisation it belongs to."),
        _whole("region", "Region it is in."),
        _whole("born", "Month the katiba was founded.", "month"),
        _whole("faction", "0 with the leadership, 1 in the dissident camp.", "code"),
        _flag("dormant", "It lies low."),
        _share("gap_agenda", "Divergence of agenda."),
        _share("gap_belief", "Divergence of belief."),
        _share("gap_information", "Divergence of information."),
        _share("divergence", "Preference divergence."),
        _real("met", "meetings / month", 0, FEW, "Meetings with the leadership this month."),
        _real("trace", "meetings", 0, FEW, "What meetings have left behind."),
        _share("contact", "Chance that he is called to account this month."),
        _share("deterrence", "What he has learnt of that chance."),
        _real("skims", "0/1", 0, 1, "He keeps the leadership's money this month."),
        _real("strays", "0/1", 0, 1, "He chooses his own targets this month."),
        _real("caught", "0/1", 0, 1, "He is called to account for money this month."),
        _share("shirking", "Share of his choices of late that served his own ends."),
        _share("autonomy", "Effective autonomy."),
        _share("tension", "Effective autonomy beyond what is granted."),
        _share("ties", "Embedding in the communities where he is."),
        _share("support", "Support in the communities where he is."),
        _share("instrumental", "Share of that support that is instrumental."),
        _share("tips", "How readily people there inform on him."),
        _share("haven", "Detection avoided."),
        _share("crowding", "Share of rivals in the armed presence around him."),
        _share("hardship", "Shortfall of money."),
        _real("attacks", "attacks / month", 0, FEW, "Attacks of the month."),
        _flag("raided", "It was raided this month."),
        _real("gained", "1 / month", 0, FEW, "Recruits of late, as a share of strength."),
        _share("lost", "People lately lost to raids, as a share of strength a month."),
        _real("r0", "1", 0, FEW, "Reproduction number: recruits in an untouched pool over losses."),
        _share("discontent", "Discontent with the organisation."),
        _real("counted", STRENGTH, 0, FEW, "Strength when he was last counted."),
    ),
    "tie": (
        _whole("community", "Community at the other end, or -1."),
        _real("fighters", "people", 0, FEW, "Of the katiba's people, those who come from there."),
        *_from(schema.TieSpec, "matrimonial", "pragmatic", "economic"),
        _share("fear", "Support out of fear."),
        _share("money", "Support for money."),
        _share("lesser_evil", "Support as the lesser evil."),
        _share("conviction", "Support out of conviction."),
        _share("harm", "Harm done there that is held against it."),
    ),
    "smuggler": (
        *_from(schema.SmugglerSpec, "routes", "respectability"),
        _whole("identity", "Identity.", "identity"),
        _whole("region", "Region."),
        _real("profit", MONEY + " / month", 0, FEW, "Profit of the month."),
        _real("protection", MONEY + " / month", 0, FEW, "Protection bought from armed groups."),
        _real("bribes", MONEY + " / month", 0, FEW, "Officials and votes bought."),
        _whole("backs", "Organisation he pays, or -1."),
    ),
    "broker": (
        *_from(schema.BrokerSpec, "standing_state", "standing_groups", "standing_communities"),
        _whole("identity", "Identity.", "identity"),
        _whole("region", "Region."),
        _whole("group", "Organisation he founded, or -1."),
        _whole("deals", "Deals brokered so far.", "events"),
    ),
    "force": (
        *_from(schema.ForceSpec, "strength", "intelligence", "discrimination", "morale", "division"),
        _whole("identity", "Identity.", "identity"),
        _whole("kind", "Kind: 0 national, 1 regional, 2 foreign.", "code"),
        _whole("elite", "State it serves."),
        _whole("recruits_from", "Region its people come from."),
        _whole("first_posting", "First of its postings."),
        _whole("postings", "Number of its postings.", "rows"),
        _share("morale_start", "Morale at the start."),
        _share("division_start", "Divisions at the start."),
        _real("surge", "personnel-equivalents", 0, FEW, "Strength added by an intervention."),
        _real("capacity", "personnel-equivalents", 0, FEW, "Strength that can be used."),
        _share("repression", "Indiscriminate share of what it does."),
        _real("casualties", "deaths", 0, FEW, "Deaths it suffered this month."),
    ),
    "posting": (
        _whole("region", "Region."),
        _real("effort", "personnel-equivalents", 0, FEW, "Effort posted."),
    ),
    "alliance": (
        _flag("alive", "In force."),
        _whole("one", "First organisation."),
        _whole("other", "Second organisation."),
        _share("trust", "Trust between the two."),
        _whole("made", "Month it was made.", "month"),
        _whole("broker", "Broker who made it, or -1."),
        _whole("region", "Region where they met."),
        _real("balance", "1", 0, 1, "Share of the first in their joint strength when made."),
    ),
    "timeline": (
        _whole("month", "First month.", "month"),
        _whole("kind", "Kind of event.", "code"),
        _whole("target", "Row it strikes, or -1."),
        _real("magnitude", "1", 0, FEW, "How strong it is."),
        _whole("months", "How long it lasts.", "months"),
    ),
    "log": (
        _whole("month", "Month.", "month"),
        _whole("kind", "Kind of event.", "code"),
        _whole("actor", "Identity of who did it.", "identity"),
        _whole("organisation", "Identity of the organisation concerned.", "identity"),
        _whole("other", "Identity of the other party, or -1.", "identity"),
        _whole("region", "Region, or -1."),
        _real("amount", "by kind", 0, FEW, "Size of the event."),
        _whole("detail", "Code by kind of event.", "code"),
        *(_share("cause_" + cause.replace(" ", "_"), f"Share of the cause: {cause}.") for cause in CAUSES),
    ),
    "violence": (
        _whole("month", "Month.", "month"),
        _whole("region", "Region."),
        Column("by", "identity", -2, 2.0**32, "Identity of the organisation that struck, or -1: a state.", whole=True),
        Column("against", "identity", -2, 2.0**32, "Identity of the organisation that was struck, or -1: a state, -2: civilians.", whole=True),
        _whole("kind", "0 state-based, 1 non-state, 2 one-sided (UCDP).", "code"),
        _real("deaths", "deaths", 0, FEW, "Deaths, which may be none."),
    ),
    "tally": (
        _whole("count", "Events of this kind so far.", "events"),
        _real("amount", "by kind", 0, FEW, "Sum of their sizes."),
    ),
    "measure": (
        _real("months", "months", 0, FEW, "Months counted."),
        _real("organisation_months", "months", 0, FEW, "Organisation-months counted."),
        _real("control", "sum", 0, FEW, "Sum of control in the followed lineage, by organisation-month."),
        _real("agency_loss", "sum", 0, FEW, "Sum of agency loss in the followed lineage."),
        _real("divergence", "sum", 0, FEW, "Sum of divergence in the followed lineage."),
        _real("polarisation", "sum", 0, FEW, "Sum of polarisation in the followed lineage."),
        _real("tension", "sum", 0, FEW, "Sum of tension over autonomy in the followed lineage."),
        _real("outside", "sum", 0, FEW, "Sum of the share outside the home state in the followed lineage."),
        _real("institutions", "sum", 0, FEW, "Sum of institutions in the followed lineage."),
        _real("r0", "sum", 0, FEW, "Sum of reproduction numbers in the followed lineage."),
        _real("strength", "sum", 0, FEW, "Sum over months of the strength of the followed lineage."),
        _real("root_strength", "sum", 0, FEW, "Sum over months of the strength of its root."),
        _real("root_months", "months", 0, FEW, "Months its root stood."),
        _real("katiba_months", "months", 0, FEW, "Katiba-months counted in the followed lineage."),
        _real("ties", "sum", 0, FEW, "Sum of embedding in the followed lineage."),
        _real("haven", "sum", 0, FEW, "Sum of haven in the followed lineage."),
        _real("support", "sum", 0, FEW, "Sum of support in the followed lineage."),
        _real("instrumental", "sum", 0, FEW, "Sum of the instrumental share of support."),
        _real("crowding", "sum", 0, FEW, "Sum of crowding in the followed lineage."),
        _real("dormant", "months", 0, FEW, "Katiba-months spent dormant."),
        _real("detections", "events", 0, FEW, "Detections of katibas of the followed lineage."),
        _real("raids", "people", 0, FEW, "People the followed lineage lost to raids."),
        _real("reports", "events", 0, FEW, "Raids that led to a leader of the followed lineage."),
        _real("attacks", "events", 0, FEW, "Attacks by all groups."),
        _real("own_attacks", "events", 0, FEW, "Attacks by the followed lineage."),
        _real("own_outside", "events", 0, FEW, "Those outside the state where it began."),
        _real("own_deaths", "deaths", 0, FEW, "Deaths in violence the followed lineage took part in."),
        _real("deaths_state", "deaths", 0, FEW, "Deaths in state-based violence."),
        _real("deaths_non_state", "deaths", 0, FEW, "Deaths in non-state violence."),
        _real("deaths_one_sided", "deaths", 0, FEW, "Deaths in one-sided violence."),
        _real("severity", "deaths", 0, FEW, "Deaths in attacks."),
        _real("impact", "1", 0, FEW, "Casualties of forces over what those could use, summed."),
        _real("infighting", STRENGTH, 0, FEW, "Strength lost to infighting in the followed lineage."),
        _real("recruits", STRENGTH, 0, FEW, "Recruits of the followed lineage."),
        _real("outsiders", "people", -FEW, FEW, "People from beyond the map now under arms."),
        _real("morale", "sum", 0, FEW, "Sum over months of mean morale of the forces."),
        _real("profit", MONEY, 0, FEW, "Smugglers' profit so far."),
        _real("volatility", "sum", 0, FEW, "Sum over months of the elites' mean volatility."),
        _real("alliance_months", "months", 0, FEW, "Alliance-months counted."),
        _real("policy_cost", "policy cost units", 0, FEW, "Money spent on policies."),
        _real("brand_joined", "month", -1, FEW, "Month the root of the followed lineage joined the global brand, or -1."),
        _real("peak", STRENGTH, 0, FEW, "Highest strength of the followed lineage."),
        _real("grievance_fed", "sum", 0, FEW, "Grievance and remembered harm that casualties and blind force fed."),
    ),
}
"""Columns by table. The order of tables is the order of fields of :data:`sim.world.world.World`."""


@functools.cache
def dtype_of(table: str) -> np.dtype[Any]:
    """Return the structured dtype of a table: float64 for quantities, int64 for whole numbers. One object a table: compiled code knows it by that."""
    return np.dtype([(c.name, np.int64 if c.whole else np.float64) for c in LAYOUT[table]])
