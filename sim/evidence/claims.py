"""What the two articles claim, as contrasts that could come out otherwise: for each mechanism M1–M25, and for what they say of mechanisms together.

A claim is put to the test by setting worlds side by side that differ in one thing and share their draws. A contrast is a sum of outcomes of such
worlds with weights, taken replicate by replicate, and a sign that the source predicts. Where a claim has several contrasts, all must hold.

Most contrasts were written before they were run; docs/FINDINGS.md tells which were chosen, changed or dropped after a look. A contrast that comes
out contrary stays here, and is discussed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class World:
    """A scenario with something changed.

    Attributes:
        scenario: Name of a shipped scenario.
        changes: Values by path.
        without: Mechanisms that are off, by id.
    """

    scenario: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def key(self) -> tuple[Any, ...]:
        """Return what tells two worlds apart."""
        return self.scenario, tuple(sorted(self.changes.items())), self.without


@dataclass(frozen=True)
class Contrast:
    """A sum of outcomes with weights, and the sign that is predicted.

    Attributes:
        words: What is compared, as a reader would say it.
        terms: Weight, outcome and world of each term; outcomes of :mod:`sim.world.outcomes`, or of :data:`sim.evidence.patterns.DERIVED`.
        sign: +1 if the sum is predicted to be above 0, -1 below.
        constant: Added to the sum.
    """

    words: str
    terms: tuple[tuple[float, str, World], ...]
    sign: int
    constant: float = 0.0


@dataclass(frozen=True)
class Claim:
    """A claim of a source.

    Attributes:
        id: The mechanism's id, or I1 … for what holds between mechanisms.
        says: What the source says.
        source: Where: B, T, or the literature.
        contrasts: What must hold.
    """

    id: str
    says: str
    source: str
    contrasts: tuple[Contrast, ...]


AQIM = World("aqim")
GIA = World("gia-1990s")
LESSON = World("dilemma-101")
STATES = ("Algeria", "Mali", "Niger", "Mauritania", "Libya", "Tunisia", "Burkina Faso")
FORCES = (
    "Algerian army and services", "Algerian local defence", "Malian army", "Nigerien army", "Mauritanian army", "Libyan forces", "Tunisian forces",
    "Burkinabe army",
)  # fmt: skip


def changed(world: World, changes: Mapping[str, Any] | None = None, without: tuple[str, ...] = ()) -> World:
    """Return a world with more changed."""
    return World(world.scenario, {**world.changes, **(changes or {})}, (*world.without, *without))


def _norms(level: float) -> dict[str, Any]:
    names = ("City quarters", "City outskirts", "Hill towns", "Hill villages", "Steppe herders", "Oasis traders", "Desert clans")
    return everywhere("communities", names, "norm", level)


def off(mechanism: str, outcome: str, sign: int, words: str, world: World = AQIM) -> Contrast:
    """Return the contrast of an ablation: an outcome with the mechanism minus without it."""
    return Contrast(words, ((1.0, outcome, world), (-1.0, outcome, changed(world, without=(mechanism,)))), sign)


def more(outcome: str, sign: int, words: str, high: Mapping[str, Any], low: Mapping[str, Any], world: World = AQIM) -> Contrast:
    """Return the contrast of two levels: an outcome at the high one minus at the low one."""
    return Contrast(words, ((1.0, outcome, changed(world, high)), (-1.0, outcome, changed(world, low))), sign)


def everywhere(kind: str, names: tuple[str, ...], what: str, value: float) -> dict[str, Any]:
    """Return a change made to every state or force."""
    return {f"{kind}.{name}.{what}": value for name in names}


def between(outcome: str, words: str, path: str, levels: tuple[float, float, float], world: World) -> tuple[Contrast, ...]:
    """Return the contrasts of an interior optimum: the middle level is above both ends."""
    low, middle, high = levels
    best = changed(world, {path: middle})
    return tuple(
        Contrast(f"{words} at {middle:g} against {end:g}", ((1.0, outcome, best), (-1.0, outcome, changed(world, {path: end}))), 1)
        for end in (low, high)
    )


_HARSH = {"detection_rate": 0.8, "raid_loss": 0.5}
_INTELLIGENT, _BLIND = ({"forces.National force.intelligence": x} for x in (0.8, 0.2))
_LONG, _SHORT = (everywhere("states", STATES, "horizon", x) for x in (0.9, 0.1))
_BLUNT, _SHARP = (everywhere("forces", FORCES, "discrimination", x) for x in (0.1, 0.9))
_PATIENT, _IMPATIENT = ({"organisations.GSPC.patience": x} for x in (0.95, 0.05))
_NO_RIVAL = {"timeline.Islamic State at its height.magnitude": 0.0, "timeline.Islamic State in decline.magnitude": 0.0}
_EMBEDS, _STAYS_APART = ({"embedding_effort": x} for x in (0.6, 0.1))
_FROZEN = changed(LESSON, without=("M1",))
_YOUNG = {"organisations.The Front.founded": "1999-12", "organisations.The Front.bench": 0.1}
_OLD = {"organisations.The Front.founded": "1980-01", "organisations.The Front.bench": 0.9}
_SPARED = {"timeline.0.magnitude": 0.0}
_BUDGET = {"policies.budget": 1.0}
_FORCE = {**_BUDGET, "policies.force": 1.0}
_MIX = {
    **_BUDGET, "policies.force": 0.25, "policies.amnesty": 0.15, "policies.services": 0.15, "policies.anti_corruption": 0.15,
    "policies.dialogue": 0.15, "policies.horizon": 0.15,
}  # fmt: skip

CLAIMS: tuple[Claim, ...] = (
    Claim("M1", "Survival is the goal and means are re-chosen: frozen means survive shocks less.", "B", (
        off("M1", "survived", 1, "the lineage survives harsh raids, means re-chosen against frozen", changed(AQIM, _HARSH)),
        off("M1", "strength_end", 1, "what is left of it after harsh raids, means re-chosen against frozen", changed(AQIM, _HARSH)),
    )),
    Claim("M2", "Preferences do not only diverge, they polarise, and polarisation breaks groups.", "B; Shapiro 2013", (
        more("fragmentations", 1, "fragmentations at a strong pull of polarisation against none",
             {"polarisation_pull": 0.1}, {"polarisation_pull": 0.0}),
        more("breaks_per_divergence", 1, "fragmentations for the same divergence: polarised against drifting apart evenly",
             {"polarisation_pull": 0.1}, {"polarisation_pull": 0.0, "agenda_rate": 0.06}),
    )),
    Claim("M3", "Control needs contact and contact exposes: an interior optimum; a better-informed state means less control, more agency loss.",
          "B; Shapiro 2013", (
        more("control", -1, "control, at high against low state intelligence", _INTELLIGENT, _BLIND, LESSON),
        more("agency_loss", 1, "agency loss, at high against low state intelligence", _INTELLIGENT, _BLIND, LESSON),
        *between("strength_end", "strength under control fixed", "organisations.The Front.control", (0.05, 0.5, 0.95), _FROZEN),
    )),
    Claim("M4", "Power claimed at the centre and held in the field: the tension drives strong, embedded emirs out.", "B", (
        more("autonomies", 1, "bids for autonomy under a claim to all power against hardly any",
             {"organisations.GSPC.centralisation": 0.95}, {"organisations.GSPC.centralisation": 0.3}),
        off("M4", "autonomies", 1, "bids for autonomy with the tension against without"),
    )),
    Claim("M5", "A rising rival brand adds pledges, not just splits.", "B", (
        more("pledges", 1, "pledges with the rival brand against without", {}, _NO_RIVAL),
        Contrast("pledges added by the rival brand, against splinters added", (
            (1.0, "pledges", AQIM), (-1.0, "pledges", changed(AQIM, _NO_RIVAL)),
            (-1.0, "splinters", AQIM), (1.0, "splinters", changed(AQIM, _NO_RIVAL)),
        ), 1),
    )),
    Claim("M6", "Former fragments merge again under shared pressure, through brokers.", "B; T", (
        more("reunions", 1, "mergers and returns under doubled Algerian forces against as they were",
             {"forces.Algerian army and services.strength": 60000.0}, {}),
        off("M10", "mergers", 1, "mergers with brokers against without"),
    )),
    Claim("M7", "Embedding raises survival and divergence together.", "B", (
        off("M7", "survived", 1, "the lineage survives, with embedding against without"),
        more("divergence", 1, "divergence, embedding much against little", _EMBEDS, _STAYS_APART),
    )),
    Claim("M8", "Haven is made of ties and norms, not of terrain alone.", "B; Campana & Ducol 2011", (
        off("M7", "haven", 1, "haven of katibas on the same terrain, with ties against without"),
        off("M7", "re_emergences", 1, "places that can be lain low in and come back to, with ties against without"),
    )),
    Claim("M9", "Most support is instrumental; fear buys little that lasts.", "B; T", (
        Contrast("instrumental share of support, above one half", ((1.0, "instrumental", AQIM),), 1, -0.5),
        more("support", -1, "support for the brutal against the restrained",
             {"organisations.GSPC.brutality": 0.9}, {"organisations.GSPC.brutality": 0.1}),
    )),
    Claim("M10", "Notables broker alliances and mergers.", "B", (
        off("M10", "alliances_made", 1, "alliances with brokers against without"),
        off("M10", "mergers", 1, "mergers with brokers against without"),
    )),
    Claim("M11", "Armed groups compete: crowding raises tempo and splits.", "B", (
        off("M11", "attack_rate", 1, "attacks for the same strength, with competition against without"),
        off("M11", "fragmentations", 1, "fragmentations with competition against without"),
    )),
    Claim("M12", "Alliances are precarious; volatility rises with short horizons.", "B", (
        more("alliance_break_rate", 1, "alliances broken per alliance-month, short horizons against long", _SHORT, _LONG),
    )),
    Claim("M13", "Tactical elites: longer horizons calm alliances and leave less haven.", "B", (
        more("renegotiations", -1, "bargains reopened, long horizons against short", _LONG, _SHORT),
        more("haven_regions", -1, "haven of regions, long horizons against short", _LONG, _SHORT),
    )),
    Claim("M14", "Barons want impunity, not war: instability helps them up to a point.", "B",
          between("profit", "profit of smugglers, where institutions cannot be bought, with tempo", "strike_rate", (0.0, 0.5, 6.0),
                  changed(AQIM, without=("M15",)))),
    Claim("M15", "Captured institutions outlast the conflict that made them cheap.", "B", (
        Contrast("captured share where violence stops for good, against nine tenths of where it goes on",
                 ((1.0, "capture_end", changed(AQIM, {"strike_rate": 0.0})), (-0.9, "capture_end", AQIM)), 1),
        off("M14", "capture_end", 1, "captured share with barons who buy protection against without"),
    )),
    Claim("M16", "Norms shift with notables and contact, slowly and with hysteresis.", "B", (
        off("M15", "norm_end", 1, "norms with captured institutions and their notables against without"),
        Contrast("norms that begin 0.4 apart are still more than half as far apart after ten years",
                 ((1.0, "norm_end", changed(LESSON, _norms(0.5))), (-1.0, "norm_end", changed(LESSON, _norms(0.1)))), 1, -0.2),
    )),
    Claim("M17", "Indiscriminate pressure feeds the group it fights.", "T; Kalyvas 2006", (
        more("grievance_end", 1, "grievance under blunt forces against discriminating ones", _BLUNT, _SHARP),
        more("recruits", 1, "recruits of the group under blunt forces against discriminating ones", _BLUNT, _SHARP),
    )),
    Claim("M18", "The same attack weighs more under tension.", "T", (
        more("impact_ratio", 1, "impact over severity, with deeply divided forces against united ones",
             everywhere("forces", FORCES, "division", 0.8), everywhere("forces", FORCES, "division", 0.05)),
    )),
    Claim("M19", "Neglected margins are reached first.", "T", (
        off("M19", "reach_margin", 1, "marginality of the communities reached, with the mechanism against without"),
    )),
    Claim("M20", "Pressure moves groups to the margins.", "T", (
        more("outside", 1, "strength outside Algeria under doubled Algerian forces against halved",
             {"forces.Algerian army and services.strength": 60000.0}, {"forces.Algerian army and services.strength": 15000.0}),
        off("M20", "outside_end", 1, "strength outside Algeria at the end, with displacement against without"),
    )),
    Claim("M21", "A residual presence pays for the patient when cleavages deepen.", "T", (
        more("re_emergences", 1, "re-emergences, patient against impatient", _PATIENT, _IMPATIENT),
        Contrast("what a deepening cleavage adds to re-emergences, for the patient against the impatient", (
            (1.0, "re_emergences", changed(AQIM, _PATIENT)), (-1.0, "re_emergences", changed(AQIM, {**_PATIENT, "cleavage_grievance": 0.0})),
            (-1.0, "re_emergences", changed(AQIM, _IMPATIENT)), (1.0, "re_emergences", changed(AQIM, {**_IMPATIENT, "cleavage_grievance": 0.0})),
        ), 1),
    )),
    Claim("M22", "Leaders die and groups reorganise; the young suffer more than the old.", "T; Price 2012", (
        more("fragmentations", 1, "fragmentations after the leader's death against without it", _YOUNG, {**_YOUNG, **_SPARED}, LESSON),
        Contrast("fragmentations that the death adds, young against old", (
            (1.0, "fragmentations", changed(LESSON, _YOUNG)), (-1.0, "fragmentations", changed(LESSON, {**_YOUNG, **_SPARED})),
            (-1.0, "fragmentations", changed(LESSON, _OLD)), (1.0, "fragmentations", changed(LESSON, {**_OLD, **_SPARED})),
        ), 1),
    )),
    Claim("M23", "Force alone is not viable; a mix at equal cost does better.", "B", (
        more("strength_end", -1, "strength at the end, a mix against force alone, at equal cost", _MIX, _FORCE),
        more("grievance_end", -1, "grievance at the end, a mix against force alone, at equal cost", _MIX, _FORCE),
    )),
    Claim("M24", "A group in crisis globalises and joins a brand: it gains reach and pays in divergence.", "B", (
        more("joined", 1, "joins a brand, with brutality that costs support against restraint",
             {"organisations.GSPC.brutality": 0.8}, {"organisations.GSPC.brutality": 0.05}),
        off("M24", "recruits", 1, "recruits with a brand to join against none"),
        off("M24", "divergence", 1, "divergence with a brand to join against none"),
    )),
    Claim("M25", "A brutal, unembedded group dies.", "B; T", (
        Contrast("the root survives: GSPC against GIA", ((1.0, "root_survived", AQIM), (-1.0, "root_survived", GIA)), 1),
        more("root_survived", -1, "the GIA survives, brutal as it was against restrained", {}, {"organisations.GIA.brutality": 0.2}, GIA),
    )),
    Claim("I1", "Resilience and fragmentation come together: embedding raises both.", "B", (
        more("strength_end", 1, "strength at the end, embedding much against little", _EMBEDS, _STAYS_APART),
        more("fragmentations", 1, "fragmentations, embedding much against little", _EMBEDS, _STAYS_APART),
    )),
    Claim("I2", "Indiscriminate force works through two opposing channels.", "Kalyvas 2006; Lyall 2009", (
        more("recruits", -1, "recruits, with deterrence against without", {"suppression": 0.8, **_BLUNT}, {"suppression": 0.0, **_BLUNT}),
        more("recruits", 1, "recruits, with backlash against without", {"backlash": 0.06, **_BLUNT}, {"backlash": 0.0, **_BLUNT}),
    )),
    Claim("I3", "A residue is left: no collapse in the Maghreb, and the centre of gravity moves outward.", "T", (
        Contrast("strength left in Algeria at the end, above the least an organisation holds", ((1.0, "home_residue", AQIM),), 1, -20.0),
        Contrast("share outside Algeria at the end, above one half", ((1.0, "outside_end", AQIM),), 1, -0.5),
    )),
    Claim("I4", "A residual presence pays for the patient.", "T", (
        more("strength_end", 1, "strength at the end, patient against impatient", _PATIENT, _IMPATIENT),
    )),
)  # fmt: skip
