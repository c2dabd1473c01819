"""What the two articles claim, as contrasts that could come out otherwise: for each mechanism, and for what they say of mechanisms together.

A claim is put to the test by setting worlds side by side that differ in one thing and share their draws. A contrast is a sum of outcomes of such
worlds with weights, taken replicate by replicate, and a sign that the source predicts. Where a claim has several contrasts, all must hold.

What differs is a value of the scenario, a dated event or a mechanism, and what is tested stands two or more rules away from it: a contrast that
follows from a coefficient checks the code and lives in ``tests/``. Outcomes are those of the organisation that began the history, not of whatever
descends from it. Contrasts and signs carry the day they were written, which was before the second rulebook was first run; one that comes out
contrary stays here, and is discussed in docs/FINDINGS.md.
"""

from __future__ import annotations

from typing import Any

from sim.evidence.contrasts import Claim, Contrast, World, adds, between, changed, everywhere, more, off

WRITTEN = "2026-11-21"

AQIM = World("aqim")
GIA = World("gia-1990s")
LESSON = World("dilemma-101")
MALI = World("northern-mali-2012")
ALGERIA = World("algeria-2019")

STATES = ("Algeria", "Mali", "Niger", "Mauritania", "Libya", "Tunisia", "Burkina Faso")
FORCES = (
    "Algerian army and services", "Algerian local defence", "Malian army", "Nigerien army", "Mauritanian army", "Libyan forces", "Tunisian forces",
    "Burkinabe army",
)  # fmt: skip
REGIONS = ("Capital", "Hills", "Steppe", "Desert")
EMIRS = ("Amber", "Basalt", "Cedar", "Dune", "Ember", "Flint")
COMMUNITIES = ("City quarters", "City outskirts", "Hill towns", "Hill villages", "Steppe herders", "Oasis traders", "Desert clans")
GIA_EMIRS = (
    "Zone of Algiers", "Eastern suburbs", "Zone of Blida", "Zone of Medea", "Returned fighters", "Hattab", "Zone of the Ouarsenis",
    "Zone of the west", "Zone of the Aures", "Zone of the plateaus",
)  # fmt: skip
ROUTES = (
    "Algiers and coast", "Kabylia", "Eastern Algeria", "Algerian South", "Kidal", "Timbuktu", "Gao", "Central Mali", "Western Niger",
    "Northern Burkina", "Eastern Mauritania", "Southern Libya", "Chaambi", "Tunisian coast",
)  # fmt: skip


def _of(kind: str, names: tuple[str, ...], what: str, values: tuple[float, ...]) -> dict[str, Any]:
    return {f"{kind}.{name}.{what}": value for name, value in zip(names, values, strict=True)}


def _fixed(control: float, intelligence: float = 0.45) -> World:
    """A world whose leader keeps to one level of control."""
    changes = {"search_step": 0.0, "organisations.The Front.control": control, "forces.National force.intelligence": intelligence}
    return changed(LESSON, changes)


_HARSH = {"forces.National force.strength": 6000.0}
_MILD = {"forces.National force.strength": 1500.0}
# The leader stands at -0.3. Each emir is 0.7 from him, all on one side or three on each: the mean distance is the same, only the camps differ.
_DRIFT = everywhere("emirs", EMIRS, "belief", 0.4)
_CAMPS = _of("emirs", EMIRS, "belief", (-1.0, 0.4, -1.0, 0.4, -1.0, 0.4))
_CLAIMING, _GRANTING = ({"organisations.The Front.centralisation": x} for x in (0.95, 0.2))
_NO_RIVAL = {"timeline.Islamic State at its height.magnitude": 0.0, "timeline.Islamic State in decline.magnitude": 0.0}
_PRESSED, _SPARED_NORTH = (
    {"forces.Algerian army and services.strength": 30000.0 * x, "forces.Algerian local defence.strength": 12000.0 * x} for x in (2.0, 0.5)
)
_EMBEDS, _STAYS_APART = ({"embedding_effort": x} for x in (0.6, 0.1))
_NO_SHELTER = {"ties_silence": 0.0}
_REMOTE, _NEAR = (everywhere("regions", REGIONS, "remoteness", x) for x in (0.8, 0.2))
_SHORT, _LONG = (everywhere("states", STATES, "horizon", x) for x in (0.1, 0.9))
_MALI_SHORT, _MALI_LONG = (everywhere("states", ("Mali", "Algeria", "Niger", "Mauritania"), "horizon", x) for x in (0.1, 0.9))
_NO_ROUTES = everywhere("regions", ROUTES, "route_value", 0.0)
_BLUNT, _SHARP = (everywhere("forces", FORCES, "discrimination", x) for x in (0.1, 0.9))
_DIVIDED, _UNITED = (everywhere("forces", FORCES, "division", x) for x in (0.8, 0.05))
# Neglect in the margins as it is, and the same neglect of everyone (the mean over people).
_ALIKE = everywhere("communities", COMMUNITIES, "neglect", 0.35)
_PATIENT, _IMPATIENT = ({"organisations.AQIM.patience": x} for x in (0.95, 0.05))
_FRONT_PATIENT, _FRONT_IMPATIENT = ({"organisations.The Front.patience": x, **_HARSH} for x in (0.95, 0.05))
# What age is in the field: a young organisation has hardly any routines, an old one has them.
_YOUNG = {"organisations.The Front.founded": "1999-12", "organisations.The Front.institutions": 0.1}
_OLD = {"organisations.The Front.founded": "1980-01", "organisations.The Front.institutions": 0.9}
_SPARED = {"timeline.The Leader is killed.magnitude": 0.0}
_BUDGET = {"policies.budget": 1.0}
_FORCE = {**_BUDGET, "policies.force": 1.0}
_DOUBLE_FORCE = {**_FORCE, "policies.budget": 2.0}
_MIX = {
    **_BUDGET, "policies.force": 0.25, "policies.amnesty": 0.15, "policies.services": 0.15, "policies.anti_corruption": 0.15,
    "policies.dialogue": 0.15, "policies.horizon": 0.15,
}  # fmt: skip
_CRUSHED_LATE, _CRUSHED_AT_ONCE = ({"policies.budget": 10.0, "policies.force": 1.0, "policies.start": start} for start in ("2005-01", "2000-01"))
_TIED = {
    f"emirs.{name}.ties": [{"community": community, "matrimonial": 0.5, "pragmatic": 0.5}]
    for name, community in zip(
        GIA_EMIRS,
        ("Popular quarters", "Popular quarters", "Mitidja towns", "Mitidja villages", "Mitidja villages", "Kabyle villages",
         "Ouarsenis mountains", "Western cities", "Aures highlands", "Plateau herders"),
        strict=True,
    )
}  # fmt: skip
_UNTIED: dict[str, Any] = {f"emirs.{name}.ties": [] for name in GIA_EMIRS}
_RESTRAINED = {"organisations.GIA.brutality": 0.2}
_STATE_THERE, _STATE_AWAY = (everywhere("regions", REGIONS, "reach", x) for x in (0.9, 0.2))
_LESSON_BLUNT, _LESSON_SHARP = ({"forces.National force.discrimination": x} for x in (0.1, 0.9))
_NO_RECRUITS_BY_TIES = {"ties_recruit": 0.0}
_NO_WAR_IN_THE_SOUTH = {
    f"timeline.{label}.magnitude": 0.0
    for label in ("Libyan state collapses", "Rebellion in northern Mali", "Coup in Mali", "Divisions in central Mali")
}
_NO_FRENCH = {f"timeline.French intervention ({name}).magnitude": 0.0 for name in ("Serval", "Barkhane")}

CLAIMS: tuple[Claim, ...] = (
    Claim("M1", "Survival is the goal and means are re-chosen: frozen means survive shocks less.", "B", WRITTEN,
          "reported growth → search → control, posture and place → contact, money and violence → raids, recruits and exits → an end or none", (
        off("M1", "root_survived", 1, "the organisation survives a harsh force, means re-chosen against frozen", changed(LESSON, _HARSH)),
        adds("root_months", 1, "months that re-choosing adds under a harsh force, above what it adds under a mild one",
             (changed(LESSON, _HARSH), changed(LESSON, _HARSH, ("M1",))), (changed(LESSON, _MILD), changed(LESSON, _MILD, ("M1",)))),
    )),
    Claim("M2", "Preferences do not only diverge, they polarise, and polarisation breaks groups.", "B; Shapiro 2013", WRITTEN,
          "beliefs in two camps at the same mean distance from the leader → quarrels and shirking → bonds → who leaves, and who follows him", (
        more("fragmentations", 1, "fragmentations: two camps against one drift, both as far from the leader", _CAMPS, _DRIFT, LESSON),
        more("root_strength_mean", -1, "strength of the organisation: two camps against one drift", _CAMPS, _DRIFT, LESSON),
    )),
    Claim("M3", "Control needs contact and contact exposes: an interior optimum; a better-informed state means less control.",
          "B; Shapiro 2013", WRITTEN,
          "control → meetings → what emirs keep and whom they strike, and whom one detection gives away → money, view and raids → strength, an end", (
        *(Contrast(f"the organisation survives ten years under control fixed at 0.375 against {end:g}",
                   ((1.0, "root_survived", _fixed(0.375)), (-1.0, "root_survived", _fixed(end))), 1) for end in (0.125, 1.0)),
        *(Contrast(f"its strength under control fixed at 0.375 against {end:g}",
                   ((1.0, "root_strength_mean", _fixed(0.375)), (-1.0, "root_strength_mean", _fixed(end))), 1) for end in (0.125, 1.0)),
        adds("root_strength_mean", -1, "what tight control (0.75) adds to loose (0.25), against a well-informed state less against a blind one",
             (_fixed(0.75, 0.7), _fixed(0.25, 0.7)), (_fixed(0.75, 0.25), _fixed(0.25, 0.25))),
    )),
    Claim("M4", "Power claimed at the centre and held in the field: the tension drives strong, embedded emirs out.", "B", WRITTEN,
          "claim → what the centre takes and grants → discontent of those who could stand alone → choice to leave → what is left of the centre", (
        adds("fragmentations", 1, "fragmentations that a claim to all power adds where emirs have ties, less where they have none",
             (changed(LESSON, _CLAIMING), changed(LESSON, _GRANTING)),
             (changed(LESSON, _CLAIMING, ("M7",)), changed(LESSON, _GRANTING, ("M7",)))),
        more("root_months", -1, "months the organisation stands, claiming all power against hardly any", _CLAIMING, _GRANTING, LESSON),
    )),
    Claim("M5", "A rising rival brand adds exits of its own kind, not just splits that would have come anyway.", "B", WRITTEN,
          "the rival's prospects → an emir's options → who goes, and who follows → people and ties lost to the organisation", (
        more("fragmentations", 1, "fragmentations of all kinds with the rival brand against without", {}, _NO_RIVAL, AQIM),
        more("root_strength_mean", -1, "strength of the organisation with the rival brand against without", {}, _NO_RIVAL, AQIM),
    )),
    Claim("M6", "Former fragments merge again under shared pressure, through brokers.", "B; T", WRITTEN,
          "pressure on both → what each expects of standing together → trust, lent by a broker → alliance → merger or return", (
        more("reunion_rate", 1, "mergers and returns per break under doubled Algerian forces against halved", _PRESSED, _SPARED_NORTH, AQIM),
        adds("reunion_rate", 1, "what pressure adds to mergers and returns per break with brokers, less without",
             (changed(AQIM, _PRESSED), changed(AQIM, _SPARED_NORTH)),
             (changed(AQIM, _PRESSED, ("M10",)), changed(AQIM, _SPARED_NORTH, ("M10",)))),
    )),
    Claim("M7", "Embedding raises survival and divergence together.", "B", WRITTEN,
          "ties → recruits, silence and money of its own → an emir's independence and his people's concerns → agendas; raids and exits → an end", (
        off("M7", "root_survived", 1, "the organisation survives, with ties against without", LESSON),
        more("divergence", 1, "divergence at equal size, embedding much against little", _EMBEDS, _STAYS_APART, AQIM, given="size"),
    )),
    Claim("M8", "Haven is made of ties and norms, not of terrain alone.", "B; Campana & Ducol 2011", WRITTEN,
          "ties → what people tell → what raids find → people lost → months the organisation stands", (
        more("root_survived", 1, "the organisation survives on the same terrain, where ties keep silent against where they do not",
             {}, _NO_SHELTER, LESSON),
        Contrast("months it stands among its people in easy terrain, against in hard terrain where nobody keeps silent",
                 ((1.0, "root_months", changed(LESSON, _NEAR)), (-1.0, "root_months", changed(LESSON, {**_REMOTE, **_NO_SHELTER}))), 1),
    )),
    Claim("M9", "Most support is instrumental; fear buys little that lasts.", "B; T", WRITTEN,
          "brutality → harm remembered → view → recruits, shelter and tips → strength; trade → money → what is paid for → support", (
        more("root_strength_mean", -1, "strength of the brutal against the restrained",
             {"organisations.GSPC.brutality": 0.9}, {"organisations.GSPC.brutality": 0.1}, AQIM),
        more("support", 1, "support where routes are worth something against where they are worth nothing", {}, _NO_ROUTES, AQIM),
    )),
    Claim("M10", "Notables broker: they bridge where two sides do not trust each other.", "B", WRITTEN,
          "a broker's standing → trust between two sides → alliances → fights that do not happen, mergers that do", (
        off("M10", "infighting", -1, "strength lost to other armed groups, with brokers against without", MALI),
        off("M10", "mergers", 1, "mergers with brokers against without", AQIM),
    )),
    Claim("M11", "Armed groups compete: crowding raises violence against people, and splits.", "B; Bloom 2005", WRITTEN,
          "rivals in one place → recruits and rents that go elsewhere → posture and targets → harm; want → who leaves", (
        off("M11", "deaths_one_sided", 1, "deaths of unarmed people, with competition against without", MALI),
        off("M11", "fragmentations", 1, "fragmentations, with competition against without", AQIM),
    )),
    Claim("M12", "Alliances are precarious; volatility rises with short horizons.", "B", WRITTEN,
          "elites' horizons → bargains and services → what each side expects to gain from the other → alliances that are left", (
        more("alliance_break_rate", 1, "alliances broken per alliance-month, short horizons against long", _SHORT, _LONG, AQIM),
        more("alliance_break_rate", 1, "the same in northern Mali", _MALI_SHORT, _MALI_LONG, MALI),
    )),
    Claim("M13", "Tactical elites: longer horizons leave less room for armed groups.", "B", WRITTEN,
          "horizon → services, offers and what may be bought → grievance and reach → where groups arise and hold on", (
        more("reach_end", 1, "the state's reach at the end, long horizons against short", _LONG, _SHORT, AQIM),
        more("foundings", -1, "armed groups that arise by themselves, long horizons against short", _LONG, _SHORT, AQIM),
    )),
    Claim("M14", "Barons want impunity, not war: instability helps them up to a point.", "B", WRITTEN,
          "posture → violence → the state's reach and the roads' safety → whom barons pay and what trade brings",
          between("profit", "profit of smugglers with the posture of armed groups, means frozen,", "organisations.AQIM Sahara.posture",
                  (0.0, 0.5, 1.0), changed(MALI, without=("M1",)))),
    Claim("M15", "Captured institutions outlast the conflict that made them cheap, and weaken the state.", "B", WRITTEN,
          "conflict → what impunity is worth and costs → officials bought → reach; conflict ends → who goes on paying", (
        Contrast("captured share of regions five years after a war of five years, against where the group was crushed at once",
                 ((1.0, "capture_end", changed(LESSON, _CRUSHED_LATE)), (-1.0, "capture_end", changed(LESSON, _CRUSHED_AT_ONCE))), 1),
        off("M15", "reach_end", -1, "the state's reach at the end, where officials can be bought against where they cannot", AQIM),
    )),
    Claim("M16", "Norms shift with notables and contact, and shelter guests.", "B", WRITTEN,
          "notables and contact → norms → what people tell → raids → where strength stays", (
        off("M16", "detection_rate", -1, "detections per katiba-month, where norms move against where they stay", AQIM),
        off("M16", "outside_end", 1, "share of strength outside Algeria at the end, where norms move against where they stay", AQIM),
    )),
    Claim("M17", "Indiscriminate pressure feeds the group it fights.", "T; Kalyvas 2006", WRITTEN,
          "blunt force → harm and fewer fighters found → grievance, view and deterrence → recruits and tips → strength", (
        more("recruits", 1, "recruits of the lineage under blunt forces against discriminating ones", _BLUNT, _SHARP, AQIM),
        more("root_strength_mean", 1, "strength of the organisation under blunt forces against discriminating ones", _BLUNT, _SHARP, AQIM),
    )),
    Claim("M18", "The same attack weighs more under tension.", "T", WRITTEN,
          "attack in its context → morale of the force → capacity → reach", (
        adds("reach_end", -1, "what divided forces take from the state's reach where context counts, less where it does not",
             (changed(AQIM, _DIVIDED), changed(AQIM, _UNITED)), (changed(AQIM, _DIVIDED, ("M18",)), changed(AQIM, _UNITED, ("M18",)))),
    )),
    Claim("M19", "Neglected margins are reached first, and carry the group.", "T", WRITTEN,
          "neglect, uneven or the same for everyone → who accepts whom → ties → recruits and silence → strength", (
        more("root_strength_mean", 1, "strength of the organisation where neglect lies in the margins, against the same neglect of everyone",
             {}, _ALIKE, LESSON),
    )),
    Claim("M20", "Pressure moves groups to the margins.", "T", WRITTEN,
          "pressure at home → losses → orders, moves and who is still recruited where → where strength and attacks are", (
        more("attacks_outside", 1, "share of attacks outside Algeria under doubled Algerian forces against halved", _PRESSED, _SPARED_NORTH, AQIM),
        more("outside_end", 1, "share of strength outside Algeria at the end, the same", _PRESSED, _SPARED_NORTH, AQIM),
    )),
    Claim("M21", "A residual presence pays for the patient.", "T", WRITTEN,
          "patience → what waiting is worth → lying low → fewer found, fewer recruited → who is still there", (
        more("root_survived", 1, "the organisation survives a harsh force, patient against impatient", _FRONT_PATIENT, _FRONT_IMPATIENT, LESSON),
        more("root_survived", 1, "AQIM survives in Algeria, patient against impatient", _PATIENT, _IMPATIENT, ALGERIA),
    )),
    Claim("M22", "Leaders die and groups reorganise; the young suffer more than the old.", "T; Price 2012", WRITTEN,
          "death → vacancy → contact, routines and loyalty lost → exits, posture and raids → an end; age only through institutions that grew", (
        more("root_months", -1, "months a young organisation stands, the leader killed against spared", _YOUNG, {**_YOUNG, **_SPARED}, LESSON),
        adds("root_strength_mean", -1, "what the death takes from a young organisation, less what it takes from an old one",
             (changed(LESSON, _YOUNG), changed(LESSON, {**_YOUNG, **_SPARED})), (changed(LESSON, _OLD), changed(LESSON, {**_OLD, **_SPARED}))),
    )),
    Claim("M23", "Force alone is not viable; a mix at equal cost does better.", "B", WRITTEN,
          "money → posts, amnesties, services, clean offices, talks, horizons → harm, grievance, reach and offers → people in arms", (
        more("root_survived", -1, "the organisation survives, a mix against force alone, at equal cost", _MIX, _FORCE, LESSON),
        more("armed_end", -1, "people in arms at the end, a mix against force alone, at equal cost", _MIX, _FORCE, LESSON),
    )),
    Claim("M24", "A group in crisis globalises and joins a brand: it gains reach and pays in divergence.", "B", WRITTEN,
          "losses → search → rhetoric → joining → money, outsiders and expectations → where it strikes; local emirs' beliefs → who leaves", (
        more("joined", 1, "joins a brand, under doubled Algerian forces against halved", _PRESSED, _SPARED_NORTH, AQIM),
        off("M24", "attacks_outside", 1, "share of attacks outside Algeria, with a brand to join against none", AQIM),
        off("M24", "fragmentations", 1, "fragmentations at equal size, with a brand to join against none", AQIM, given="size"),
    )),
    Claim("M25", "A brutal, unembedded group dies.", "B; T", WRITTEN,
          "brutality and ties → view → shelter, recruits, tips, and emirs who object → raids and splits → an end", (
        more("root_months", -1, "months the GIA stands, brutal as it was against restrained", {}, _RESTRAINED, GIA),
        more("root_months", 1, "months the GIA stands, its emirs tied to people against tied to nobody", _TIED, _UNTIED, GIA),
    )),
    Claim("M26", "Institutions outlive people: the young die because they have few.", "Stinchcombe 1965; Weber 1922", WRITTEN,
          "age and contact → routines and trust in the office → length of a vacancy, who stays, what is replaced → an end", (
        off("M26", "root_survived", 1, "the organisation survives, with institutions against without", AQIM),
        adds("root_months", 1, "months that a leader's death takes with institutions, above what it takes without (both below zero)",
             (LESSON, changed(LESSON, _SPARED)), (changed(LESSON, without=("M26",)), changed(LESSON, _SPARED, ("M26",)))),
    )),
    Claim("I1", "Resilience and fragmentation come together: embedding raises both, at equal size.", "B", WRITTEN,
          "ties → silence and means of one's own → survival of the whole; independence of its parts → who leaves", (
        more("fragmentations", 1, "fragmentations at equal size, embedding much against little", _EMBEDS, _STAYS_APART, AQIM, given="size"),
        more("root_survived", 1, "the organisation survives, embedding much against little", _EMBEDS, _STAYS_APART, AQIM),
    )),
    Claim("I2", "Indiscriminate force works through two opposing channels: it backfires where the state is absent.", "Kalyvas 2006; Lyall 2009",
          WRITTEN, "blunt force → harm remembered against fear and flight → who can be recruited where nobody protects → strength", (
        adds("root_strength_mean", 1, "what blunt force adds to sharp where the state is absent, less where it is present",
             (changed(LESSON, {**_STATE_AWAY, **_LESSON_BLUNT}), changed(LESSON, {**_STATE_AWAY, **_LESSON_SHARP})),
             (changed(LESSON, {**_STATE_THERE, **_LESSON_BLUNT}), changed(LESSON, {**_STATE_THERE, **_LESSON_SHARP}))),
    )),
    Claim("I3", "A residue is left: no collapse in the Maghreb, and the centre of gravity moves outward.", "T", WRITTEN,
          "twenty-one years of every rule", (
        Contrast("share of histories with a remnant in Algeria at the end, above one half", ((1.0, "residue", AQIM),), 1, -0.5),
        Contrast("share of strength outside Algeria at the end, above one half", ((1.0, "outside_end", AQIM),), 1, -0.5),
    )),
    Claim("I4", "Survival by embedding is more than recruits: ties shelter and pay as well.", "B", WRITTEN,
          "ties that recruit nobody → silence and money → raids and want → an end", (
        more("root_survived", 1, "the organisation survives, where ties shelter and pay but recruit nobody, against no effect of ties at all",
             _NO_RECRUITS_BY_TIES, {**_NO_RECRUITS_BY_TIES, **_NO_SHELTER, "ties_money": 0.0}, LESSON),
    )),
    Claim("I5", "Contingency: without the wars and coups of the south the group would not have gone there.", "B; T", WRITTEN,
          "coup, collapse, rebellion → reach and cleavage → who arises and is recruited there, who moves → where it strikes", (
        more("attacks_outside", 1, "share of attacks outside Algeria, with the wars of the south against without", {}, _NO_WAR_IN_THE_SOUTH, AQIM),
        more("strength_end", 1, "strength of the lineage at the end, with the wars of the south against without", {}, _NO_WAR_IN_THE_SOUTH, AQIM),
    )),
    Claim("I6", "An intervention weakens the group and does not end it.", "B; T", WRITTEN,
          "troops → raids and reach, harm and resentment → losses, moves and recruits → strength and survival", (
        more("strength_end", -1, "strength of the lineage at the end, with the French interventions against without", {}, _NO_FRENCH, AQIM),
        Contrast("share of histories in which the organisation stands at the end of them, above one half", ((1.0, "root_survived", AQIM),), 1, -0.5),
    )),
    Claim("I7", "More of the same force does not do what a mix does, even at twice the money.", "B", WRITTEN,
          "as M23, and no saturation of force by assumption", (
        more("armed_end", -1, "people in arms at the end, a mix against force alone at twice its cost", _MIX, _DOUBLE_FORCE, LESSON),
    )),
    Claim("I8", "Splits cost those who leave and those who stay: fewer breaks, longer life.", "B; Findley & Rudloff 2012", WRITTEN,
          "exit made impossible → discontent stays inside → shirking against people kept → an end", (
        off("M5", "root_months", -1, "months the organisation stands, where emirs can leave against where they cannot", AQIM),
    )),
)  # fmt: skip
