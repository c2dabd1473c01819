"""The mechanisms: what each says, what shows it, and what its absence should change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A mechanism that can be switched off alone.

    Attributes:
        id: ``M1``, ``M2``, ….
        key: The name under ``mechanisms:`` in a scenario and after ``--without``.
        title: Its name in words.
        claim: What the source says.
        source: ``B`` (Bencherif 2018), ``T`` (Terrorism Monitor 17:12) or the literature.
        observable: What is recorded.
        prediction: What should follow if the claim holds.
        off: What the world does instead when it is switched off.
    """

    id: str
    key: str
    title: str
    claim: str
    source: str
    observable: str
    prediction: str
    off: str


_ROWS = (
    ("M1", "meta_strategy", "Meta-strategy of survival",
     "survival is the goal; means are chosen and re-chosen in a dialectic with their results", "B",
     "means in use over time and what triggered each change", "frozen means: survival falls under shocks",
     "the leadership keeps the means it started with"),
    ("M2", "preference_divergence", "Preference divergence",
     "agendas, beliefs and field information diverge and polarise", "B; Shapiro 2013",
     "divergence by its three sources; polarisation index", "more polarisation: more fragmentation",
     "every emir holds the leadership's agenda, beliefs and information"),
    ("M3", "control_dilemma", "The terrorist's dilemma",
     "control needs contact, and contact exposes operatives", "B; Shapiro 2013",
     "control chosen, agency loss, detections",
     "an interior optimum of control; better state intelligence: less control, more agency loss",
     "meetings show nobody and lead nowhere"),
    ("M4", "deconcentration", "Centralised and deconcentrated power",
     "power is claimed at the centre and held in the field", "B",
     "claimed minus effective autonomy per emir", "tension raises exits of strong, embedded emirs",
     "the centre grants whatever autonomy the field holds"),
    ("M5", "exit_voice_loyalty", "Exit, voice, loyalty, return",
     "defection, a new group, a pledge to a rival brand, amnesty, coming back", "B; Hirschman 1970",
     "typed exits with the shares of what drove them", "a rising rival brand adds pledges, not just splits",
     "nobody leaves; discontent can only shirk"),
    ("M6", "merger", "Merger and reconciliation",
     "former fragments merge again under threat", "B; T",
     "mergers, returns", "shared pressure with a broker raises mergers",
     "no mergers and no returns"),
    ("M7", "embedding", "Local embedding",
     "matrimonial, pragmatic and economic ties, each with its own cost, speed and durability", "B",
     "ties by type per emir", "embedding raises survival and divergence together",
     "no ties are built, and none stand at the start"),
    ("M8", "social_haven", "Safe haven as a social space",
     "a haven is made of ties and norms, not of territory alone", "B; Campana & Ducol 2011",
     "detection avoided, by katiba and region", "same terrain, no ties: no haven",
     "people keep silent to the same degree about everybody: haven is terrain alone"),
    ("M9", "legitimacy_channels", "Legitimacy in four channels",
     "fear, money, lesser evil and conviction; justice shown", "B; T",
     "support by channel", "fear fades fast, conviction slowly; most support is instrumental",
     "one undifferentiated support that fades at the mean rate"),
    ("M10", "brokerage", "Brokerage",
     "notables broker hostage releases and alliances; a broker may found a group", "B",
     "deals, alliances through brokers, broker-founded groups", "brokers raise alliances and mergers",
     "brokers stay at home"),
    ("M11", "competition", "Competition",
     "armed groups compete for recruits, rents and communities", "B; Bloom 2005",
     "overlap, outbidding events", "crowding raises tempo and splits",
     "groups in one region neither heed nor fight one another"),
    ("M12", "shifting_alliances", "Shifting alliances",
     "alliances are precarious and constantly renegotiated", "B",
     "alliance half-life, switches", "volatility rises with short horizons",
     "no alliance is made or broken"),
    ("M13", "tactical_elites", "Tactical elites (bricolage)",
     "elites have short horizons and want a piece of the cake", "B; Guichaoua",
     "renegotiations, share swings", "longer horizons: calmer alliances, less haven",
     "shares, services and forces stay as they are, and nobody is harsh"),
    ("M14", "smuggling", "Barons want impunity, not war",
     "instability helps the barons; too much conflict hurts them", "B",
     "profit against conflict", "an inverted U",
     "barons pay nobody, and armed men leave them be"),
    ("M15", "state_capture", "State capture",
     "officials and votes are bought; barons become notables", "B",
     "captured share per region", "capture persists after peace",
     "nothing can be bought"),
    ("M16", "norm_change", "Norm change",
     "norms shift with notables and contact; divisions blur", "B; Scheele 2012",
     "norm index, between-community distance", "slow, with hysteresis",
     "norms stay where they started"),
    ("M17", "security_forces", "Security forces as people",
     "morale, divisions, protest burden, recruits from the margins; casualties feed regional grievance", "T",
     "morale, capacity, grievance fed", "indiscriminate pressure feeds the group it fights",
     "forces are machines: full morale, no grievance from casualties or repression"),
    ("M18", "contextual_impact", "Impact depends on context",
     "the same small attack weighs more under tension", "T",
     "casualties over usable capacity", "the same dead cost more morale under protest and division",
     "an attack weighs against a force's strength on paper"),
    ("M19", "cleavage_exploitation", "Exploiting cleavages",
     "protection for the neglected; support is instrumental and socialisation slow", "T",
     "communities reached, salience, socialisation", "neglected margins are reached first",
     "all communities answer alike"),
    ("M20", "displacement", "Displacement",
     "pressure moves groups to the margins; some regions serve as logistic platforms", "T",
     "centre of gravity, presence by region", "intervention shifts presence outward",
     "katibas stay where they are"),
    ("M21", "long_game", "The long game",
     "a residual presence is kept cheaply for its option value", "T",
     "residual regions, dormancy, re-emergence", "patience raises re-emergence when cleavages deepen",
     "nobody goes dormant"),
    ("M22", "succession", "Decapitation and succession",
     "leaders die; the group reorganises; legacies last", "T; Jordan 2009; Price 2012",
     "successions, disruption length", "young, small groups suffer more than old, large ones",
     "a lost leader is replaced at once by his equal"),
    ("M23", "policy", "Policies",
     "force, amnesty, services, anti-corruption, dialogue, longer horizons, each with a cost", "B",
     "effect per unit cost", "to be tested at equal cost: force alone is not viable",
     "no budget is spent"),
    ("M24", "rebranding", "Renewal by rebranding",
     "a group in crisis globalises its rhetoric and joins a brand", "B",
     "brand changes; recruits and money gained; pressure drawn",
     "joins when support is low; gains reach and pays in divergence",
     "brands are never joined or changed"),
    ("M25", "endings", "Endings",
     "collapse, absorption, amnesty, politics, residual survival", "B; T; Jones & Libicki 2008",
     "how each organisation ended", "a brutal, unembedded group dies",
     "nobody negotiates; all other roads stay open"),
    ("M26", "institutions", "Institutions that outlive people",
     "routines, succession rules and trust in the office carry a group through losses", "Stinchcombe 1965; T (legacies)",
     "institutions by organisation", "without them young groups die no sooner than old ones",
     "everybody has the same, whatever happens"),
)  # fmt: skip

MECHANISMS: dict[str, Mechanism] = {row[1]: Mechanism(*row) for row in _ROWS}
"""Mechanisms by key, in the order of their ids."""


def mechanism_key(name: str) -> str | None:
    """Return the key of a mechanism named by key or id in any case, or None."""
    fold = name.strip().casefold().replace("-", "_")
    return next((m.key for m in MECHANISMS.values() if fold in (m.key, m.id.casefold())), None)
