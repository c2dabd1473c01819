"""What a user writes: the scenario as pydantic models.

Every field carries its unit, range, meaning and source; the world's layout, ``dilemma explain`` and the JSON Schema
read them from here. Strengths are fighter-equivalents, money is an index, an attack is an event with a severity:
nothing here is operational.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[
    str,
    Field(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$", description="A name, unique among its kind: one line, no space before or after it."),
]
Month = Annotated[str, Field(pattern=r"^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])$", description="A calendar month, written YYYY-MM.")]

OrganisationKind = Literal["jihadist", "rebel", "militia"]
Brand = Literal["none", "global", "rival"]
ForceKind = Literal["national", "regional", "foreign"]
EventKind = Literal[
    "amnesty", "coup", "protest", "purge", "services", "peace",
    "intervention", "rival_brand", "global_cause", "leader_death", "entry", "cleavage",
]  # fmt: skip

RecordKind = Literal[
    "splinter", "autonomy", "pledge", "departure", "surrender", "return", "merger", "brand change", "succession", "ending", "entry",
    "fragmentation",
]  # fmt: skip
"""Kinds of event of the model's log that a recorded fact can be an instance of; a fragmentation is any of the first four."""

TARGET_OF: dict[str, str] = {
    "amnesty": "states",
    "coup": "states",
    "protest": "states",
    "purge": "states",
    "services": "states",
    "peace": "states",
    "intervention": "forces",
    "rival_brand": "none",
    "global_cause": "none",
    "leader_death": "organisations",
    "entry": "organisations",
    "cleavage": "regions",
}
"""What the ``target`` of each kind of timeline entry names: the section of the scenario, or ``none``."""


def quantity(default: Any, low: float, high: float, unit: str, meaning: str, source: str = "assumption", **more: Any) -> Any:
    """Return a pydantic field with a range, a unit, a meaning and a source."""
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra={"unit": unit, "source": source}, **more)


class Spec(BaseModel):
    """Base of every part of a scenario: unknown keys are refused, nothing is coerced from text, NaN and infinities are not numbers here."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


class StateSpec(Spec):
    """A state and its political elite."""

    name: Name
    horizon: float = quantity(0.5, 0.0, 1.0, "1", "Time horizon of the elite: 0 lives for the month, 1 for the generation.", "B")
    share: float = quantity(0.5, 0.0, 1.0, "1", "Share of the state's rents the elite's present bargain gives the centre.", "B")
    services: float = quantity(0.4, 0.0, 1.0, "1", "Level of public services the elite provides.", "B")


class RegionSpec(Spec):
    """A region of the graph."""

    name: Name
    state: Name = Field(description="State it belongs to: the name of one of the states.")
    # Where a sketch draws it, roughly. No rule reads them: distance in the model is remoteness, and how easily one moves between neighbours.
    longitude: float | None = Field(
        None, ge=-180.0, le=180.0, description="Degrees east of its middle; for maps only.", json_schema_extra={"unit": "degrees"}
    )
    latitude: float | None = Field(
        None, ge=-90.0, le=90.0, description="Degrees north of its middle; for maps only.", json_schema_extra={"unit": "degrees"}
    )
    remoteness: float = quantity(0.5, 0.0, 1.0, "1", "Distance from the state's centre in terrain and travel.", "T")
    reach: float = quantity(0.5, 0.0, 1.0, "1", "Share of the region where the state can act.", "T")
    route_value: float = quantity(0.2, 0.0, 1.0, "1", "Value of the smuggling routes that cross the region; 1 the best there are.", "B")
    capture: float = quantity(0.1, 0.0, 1.0, "1", "Share of local institutions bought at the start.", "B")
    neighbours: dict[str, Annotated[float, Field(gt=0.0, le=1.0)]] = Field(
        default_factory=dict,
        description="Adjoining regions and how easily one moves there (0 to 1); an edge named on one side holds on both.",
    )


class CommunitySpec(Spec):
    """A community in a region."""

    name: Name
    region: Name = Field(description="Region it lives in: the name of one of the regions.")
    population: float = quantity(100.0, 0.1, 1.0e5, "thousand people", "Size of the community.")
    grievance: float = quantity(0.4, 0.0, 1.0, "1", "Grievance against the state.", "T")
    trust: float = quantity(0.4, 0.0, 1.0, "1", "Trust in the state.", "B")
    norm: float = quantity(0.2, 0.0, 1.0, "1", "Acceptance of smuggling and of armed guests as normal.", "B; Scheele 2012")
    cleavage: float = quantity(0.3, 0.0, 1.0, "1", "Depth of the community's internal and external divisions.", "T")
    neglect: float = quantity(0.4, 0.0, 1.0, "1", "How far state structures have left the community aside.", "T")
    socialisation: float = quantity(0.05, 0.0, 1.0, "1", "Share of the community socialised into the cause.", "T")


class OrganisationSpec(Spec):
    """An organisation and its leadership."""

    name: Name
    kind: OrganisationKind = Field("jihadist", description="Kind of organisation.")
    brand: Brand = Field("none", description="Brand it is affiliated with at the start.")
    home: Name = Field(description="Region where it began and where its leadership sits: the name of one of the regions.")
    founded: Month | None = Field(None, description="Month of founding; the scenario's start where absent.")
    absent: bool = Field(False, description="True if it enters only with an `entry` in the timeline.")
    leader: str = Field("", max_length=60, description="Name of the leader, for the chronicle.")
    renamed: str = Field("", max_length=60, description="Name it takes if it joins the global brand.")
    control: float = quantity(0.5, 0.0, 1.0, "1", "Control: intensity of contact with the emirs.", "Shapiro 2013")
    rhetoric: float = quantity(-0.3, -1.0, 1.0, "1", "Rhetoric: -1 local, +1 global.", "B")
    posture: float = quantity(0.5, 0.0, 1.0, "1", "Tempo of violence sought: 0 quiet, 1 offensive.", "B")
    centralisation: float = quantity(0.6, 0.0, 1.0, "1", "Power claimed at the centre.", "B")
    patience: float = quantity(0.6, 0.0, 1.0, "1", "Weight of the long game in the leadership's choices.", "T")
    brutality: float = quantity(0.3, 0.0, 1.0, "1", "Brutality; its square is the share of ordered attacks that fall on civilians.", "B")
    aims: float = quantity(0.7, 0.0, 1.0, "1", "Breadth of aims: 0 a local demand, 1 another order everywhere.", "Jones & Libicki 2008")
    treasury: float = quantity(10.0, 0.0, 1.0e6, "money index", "Treasury of the leadership.")
    institutions: float = quantity(
        0.5, 0.0, 1.0, "1", "Routines, rules of succession and trust in the office: what outlives people.", "Stinchcombe 1965; Price 2012"
    )


class TieSpec(Spec):
    """Ties of an emir with a community at the start."""

    community: Name = Field(description="Community he is tied to: the name of one of the communities.")
    matrimonial: float = quantity(0.0, 0.0, 1.0, "1", "Matrimonial alliance.", "B")
    pragmatic: float = quantity(0.0, 0.0, 1.0, "1", "Pragmatic alliance.", "B")
    economic: float = quantity(0.0, 0.0, 1.0, "1", "Economic connection.", "B")


class EmirSpec(Spec):
    """A local emir and his katiba."""

    name: Name
    organisation: Name = Field(description="Organisation he belongs to: the name of one of the organisations.")
    region: Name = Field(description="Region where his katiba is: the name of one of the regions.")
    strength: float = quantity(50.0, 1.0, 1.0e5, "fighter-equivalents", "Strength of the katiba; rounded to whole people.")
    purse: float = quantity(2.0, 0.0, 1.0e6, "money index", "The emir's own purse.", "B")
    skill: float = quantity(0.5, 0.0, 1.0, "1", "Skill of the emir.")
    loyalty: float = quantity(0.5, 0.0, 1.0, "1", "Personal loyalty to the leadership.", "Hirschman 1970")
    agenda: float = quantity(0.0, -1.0, 1.0, "1", "Personal agenda: -1 the cause, +1 his own business.", "B")
    belief: float = quantity(-0.2, -1.0, 1.0, "1", "Belief: -1 local struggle, +1 global struggle.", "B")
    information: float = quantity(0.0, -1.0, 1.0, "1", "Reading of the field: -1 the war goes badly, +1 well.", "B")
    ties: list[TieSpec] = Field(default_factory=list, max_length=6, description="Ties with communities at the start.")


class SmugglerSpec(Spec):
    """A smuggler ("drug baron")."""

    name: Name
    region: Name = Field(description="Region whose routes he works: the name of one of the regions.")
    routes: float = quantity(0.5, 0.0, 1.0, "1", "Share of the region's routes held.", "B")
    respectability: float = quantity(0.2, 0.0, 1.0, "1", "Standing as a notable.", "B")


class BrokerSpec(Spec):
    """A notable who can broker."""

    name: Name
    region: Name = Field(description="Region where he is a notable: the name of one of the regions.")
    standing_state: float = quantity(0.5, 0.0, 1.0, "1", "Standing with the state.", "B")
    standing_groups: float = quantity(0.5, 0.0, 1.0, "1", "Standing with the armed groups.", "B")
    standing_communities: float = quantity(0.5, 0.0, 1.0, "1", "Standing with the communities.", "B")


class ForceSpec(Spec):
    """A security force."""

    name: Name
    kind: ForceKind = Field("national", description="Kind of force.")
    state: Name = Field(description="State it serves, or whose guest it is: the name of one of the states.")
    regions: list[Name] = Field(min_length=1, description="Regions where it can be posted.")
    recruits_from: Name = Field(description="Region from whose communities most of its people come.")
    strength: float = quantity(1000.0, 0.0, 1.0e6, "personnel-equivalents", "Strength deployed against armed groups.")
    intelligence: float = quantity(0.4, 0.0, 1.0, "1", "Capacity to learn from contacts and tips.", "Shapiro 2013")
    discrimination: float = quantity(0.5, 0.0, 1.0, "1", "Ability and will to tell fighters from civilians.", "Kalyvas 2006")
    morale: float = quantity(0.7, 0.0, 1.0, "1", "Morale.", "T")
    division: float = quantity(0.2, 0.0, 1.0, "1", "Internal divisions.", "T")


class PolicySpec(Spec):
    """A policy mix: shares of one budget."""

    budget: float = quantity(
        0.0, 0.0, 10.0, "policy cost units / month", "Money spent each month on all policies in all states together; each state spends an equal part."
    )
    force: float = quantity(0.0, 0.0, 1.0, "1", "Share spent on more security forces.", "B")
    amnesty: float = quantity(0.0, 0.0, 1.0, "1", "Share spent on amnesty and reintegration.", "B")
    services: float = quantity(0.0, 0.0, 1.0, "1", "Share spent on services in neglected communities.", "B")
    anti_corruption: float = quantity(0.0, 0.0, 1.0, "1", "Share spent against capture.", "B")
    dialogue: float = quantity(0.0, 0.0, 1.0, "1", "Share spent on dialogue within and between communities.", "B")
    horizon: float = quantity(0.0, 0.0, 1.0, "1", "Share spent on lengthening elite horizons.", "B")
    start: Month | None = Field(None, description="First month of the policy; the scenario's start where absent.")
    end: Month | None = Field(None, description="Last month of the policy; the scenario's end where absent.")


class TimelineEntry(Spec):
    """A dated exogenous event. What the groups then do is endogenous."""

    date: Month = Field(description="Month in which it begins, written YYYY-MM.")
    event: EventKind = Field(description="Kind of event.")
    target: str = Field(
        "", max_length=60, description="What it strikes: a state, force, organisation or region, by the kind of event; empty for brands and causes."
    )
    magnitude: float = quantity(1.0, 0.0, 1.0e6, "1 (personnel-equivalents for interventions)", "How strong it is.")
    months: int = Field(1, ge=1, le=600, description="How long it lasts.", json_schema_extra={"unit": "months", "source": "dated fact"})
    label: str = Field("", max_length=80, description="What the chronicle and the figure call it.")
    source: str = Field("", max_length=200, description="Where the date comes from.")


class RecordEntry(Spec):
    """A dated fact: what the sources say the groups did. It stands beside what the model does, and no rule ever reads it."""

    date: Month = Field(description="Month of the fact, written YYYY-MM; the first in question where `until` is given.")
    until: Month | None = Field(None, description="Last month in question, where sources date the fact no closer than `date` to `until`.")
    what: str = Field(min_length=1, max_length=200, description="The fact, in one sentence.")
    event: RecordKind | None = Field(
        None,
        description="Kind of event of the followed lineage that the fact is an instance of, where the model and not the timeline is to bring it "
        "forth: `dilemma run --replicates` says how often it does.",
    )
    strength: tuple[Annotated[float, Field(gt=0.0)], Annotated[float, Field(gt=0.0)]] | None = Field(
        None,
        strict=False,
        description="Least and most people under arms that sources give the followed lineage then, where the fact is about that: "
        "`dilemma run --nearest` reads it.",
        json_schema_extra={"unit": "fighter-equivalents"},
    )
    who: str = Field("", max_length=80, description="Whom the fact is about.")
    source: str = Field(min_length=1, max_length=200, description="Who says so.")


class DataPlace(Spec):
    """A place that the scenario and data sets of events both know: regions of the one, countries or provinces of the other."""

    name: Name = Field(description="What the comparison calls it.")
    regions: list[Name] = Field(min_length=1, description="Regions of the scenario that make it up.")
    countries: list[Name] = Field(default_factory=list, description="Names of the country in data sets (UCDP and ACLED may differ).")
    gwno: list[int] = Field(default_factory=list, description="Gleditsch and Ward's numbers of the country, which UCDP's data carry.")
    provinces: list[Name] = Field(
        default_factory=list, description="First-level divisions of the country that it takes (adm_1, admin1); what no place takes where empty."
    )


class DataActor(Spec):
    """An actor that the scenario and data sets of events both know."""

    name: Name = Field(description="What the comparison calls it.")
    organisations: list[Name] = Field(min_length=1, description="Organisations of the scenario that it is.")
    aliases: list[Name] = Field(min_length=1, description="Names of it in data sets, or what stands before the colon in them.")
    offspring: bool = Field(False, description="Whether all that broke from these organisations count as well.")


class DataSpec(Spec):
    """How data sets of events name what is in the scenario; no rule ever reads it."""

    places: list[DataPlace] = Field(default_factory=list, description="Places; the states, each with its regions, where there are none.")
    actors: list[DataActor] = Field(default_factory=list, description="Actors; the organisations by their names, where there are none.")


class Scenario(Spec):
    """A history: places, people, parameters and the timeline."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="Short name, in lower case with hyphens.")]
    title: str = Field("", max_length=120, description="Title for figures and the chronicle.")
    summary: str = Field("", max_length=2000, description="What the scenario is about.")
    sources: list[str] = Field(default_factory=list, description="References for its dated facts.")
    start: Month = Field(description="First month.")
    end: Month = Field(description="Last month, included.")
    focus: Name = Field(description="Organisation whose lineage is followed: the name of one of the organisations.")
    parameters: dict[str, float] = Field(
        default_factory=dict, description="Rulebook parameters that differ from their defaults; see `dilemma explain`."
    )
    mechanisms: dict[str, bool] = Field(default_factory=dict, description="Mechanisms switched on or off; all are on where silent.")
    states: list[StateSpec] = Field(min_length=1)
    regions: list[RegionSpec] = Field(min_length=1)
    communities: list[CommunitySpec] = Field(min_length=1)
    organisations: list[OrganisationSpec] = Field(min_length=1)
    emirs: list[EmirSpec] = Field(min_length=1)
    smugglers: list[SmugglerSpec] = Field(default_factory=list)
    brokers: list[BrokerSpec] = Field(default_factory=list)
    forces: list[ForceSpec] = Field(default_factory=list)
    policies: PolicySpec = Field(default_factory=lambda: PolicySpec.model_validate({}))
    timeline: list[TimelineEntry] = Field(default_factory=list)
    record: list[RecordEntry] = Field(default_factory=list, description="What the sources say happened: shown beside the model, never read by it.")
    data: DataSpec = Field(
        default_factory=lambda: DataSpec.model_validate({}),
        description="How data sets of events name its places and organisations, for `dilemma hold`; never read by the model.",
    )

    def __repr__(self) -> str:
        counts = f"{len(self.organisations)} organisations, {len(self.emirs)} emirs, {len(self.regions)} regions, {len(self.timeline)} events"
        return f"<Scenario {self.name!r}: {self.start} to {self.end}, following {self.focus}; {counts}>"
