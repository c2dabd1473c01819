"""The parameter of a model, as a reader of the methods section meets it.

A parameter stands here once: name, default, range, unit, meaning, the mechanism it belongs to, and two sources: of the *claim* that there is such a
thing, and of the *value*. An article without numbers backs a claim and never a value. The scenario schema, the compiled engine, ``dilemma explain`` and
the tables in ``docs/ODD.md`` are all made from this list, so they cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

MAGNITUDE = "order of magnitude"
FREE = "free"
PROTOTYPE = "prototype"
LEVELS = "levels"
VALUES = {
    MAGNITUDE: "an order of magnitude that a reader of the field would accept; nothing measured",
    FREE: "a choice; screened, and inferred or reported with its effect where it matters",
    PROTOTYPE: "from a small prototype searched for the pattern (docs/ODD.md, Input); free otherwise",
    LEVELS: "fitted to levels of group life courses (Hou, Gaibulloev & Sandler 2020) and to 1998-2010, never to later years (docs/population.md)",
}
"""What a value rests on, beside ``measured: …`` and ``literature: …``, which say of what."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the rulebook.

    Attributes:
        name: The standard term, in ``snake_case``; the key under ``parameters:`` in a scenario.
        default: The value used where a scenario is silent.
        low: Smallest admissible value.
        high: Largest admissible value.
        unit: Unit of measure; ``1`` for a pure number.
        meaning: One sentence.
        claim: Where the claim comes from: ``B`` (Bencherif 2018), ``T`` (Terrorism Monitor 17:12), the literature, or ``model`` (needed to close it).
        value: What the number rests on: one of :data:`VALUES`, or ``measured: …`` or ``literature: …``.
        mechanism: Key of the mechanism it serves (see :mod:`sim.scenario.mechanisms`), or ``base``.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    claim: str
    value: str
    mechanism: str

    @property
    def basis(self) -> str:
        """What the value rests on, in full."""
        return f"{self.value}: {VALUES[self.value]}" if self.value in VALUES else self.value

    @property
    def source(self) -> str:
        """Both sources in a line."""
        return f"claim: {self.claim}; value: {self.value}"


_ROWS: tuple[tuple[str, float, float, float, str, str, str, str, str], ...] = (
    # World events
    ("global_appeal", 0.15, 0.0, 1.0, "1", "Appeal of the global cause when no event lends it more.", "B", MAGNITUDE, "rebranding"),
    # People: one pool (SECOND 1)
    ("recruitment", 0.416, 0.0, 10.0, "1 / month", "Recruits a fighter brings a month where all know him, all see him as theirs, all are aggrieved and no state is there.", "model; Epstein 2002", LEVELS, "base"),
    ("recruitable", 6.134, 0.01, 100.0, "people / 1000", "People in a thousand, wholly aggrieved and without a state, who might be under arms at once.", "Lichbach 1995, the five per cent rule", LEVELS, "base"),
    ("stranger_reach", 0.1731, 0.0, 1.0, "1", "Share of a community that hears of a katiba without ties.", "Staniland 2014", LEVELS, "base"),
    ("outsiders", 0.000741, 0.0, 0.1, "1 / month", "Recruits a fighter brings a month from prisons and beyond the map.", "model", LEVELS, "base"),
    ("cause_recruits", 6.0, 0.0, 100.0, "1", "How many times more come from beyond the map when a global cause is at its height and a jihadist group speaks to it.", "B", MAGNITUDE, "base"),
    ("home_rate", 0.009207, 0.0, 0.5, "1 / month", "Rate at which people go home from a group without routines that wants for nothing.", "model; Horgan 2009", LEVELS, "base"),
    ("want", 1.5, 0.0, 10.0, "1", "How much more readily they go in full want.", "Shapiro 2013", PROTOTYPE, "base"),
    ("gloom", 0.7827, 0.0, 10.0, "1", "How much more readily they go without morale.", "Cronin 2009", LEVELS, "base"),
    ("release_rate", 1.0 / 36.0, 0.0, 0.5, "1 / month", "Rate at which the jailed are let go.", "model", "literature: three years is a usual term (order of magnitude)", "base"),
    ("memory", 0.1, 0.001, 1.0, "1 / month", "Rate at which people, emirs, leaders and elites renew what they hold of recent months: growth, losses, conflict, morale, posture.", "model", MAGNITUDE, "base"),
    ("dispersal", 0.4208, 0.1, 100.0, "people", "People left at which a katiba that disperses by chance has 1/e a month of doing so.", "model", LEVELS, "base"),
    ("large_katiba", 60.0, 10.0, 10000.0, "fighter-equivalents", "Strength at which a katiba may send people to found another.", "model", MAGNITUDE, "base"),
    ("katiba_hazard", 0.002363, 0.0, 1.0, "1 / month", "Hazard of that founding at that strength.", "model", LEVELS, "base"),
    ("founding_rate", 0.00612, 0.0, 5.0, "1 / month", "Hazard that a community of a thousand people brings forth a local group, wholly neglected, cleft, aggrieved and without a state; it grows with the square root of its size.", "Fearon & Laitin 2003; Seymour et al. 2016", LEVELS, "base"),
    ("founding_size", 6.784, 1.01, 1000.0, "people", "Mean size of a local group when it arises.", "Clauset & Gleditsch 2012", LEVELS, "base"),
    ("native_ties", 0.6, 0.0, 1.0, "1", "Ties of a local founder with his own community.", "Staniland 2014", MAGNITUDE, "base"),
    # Morale
    ("gloom_loss", 0.7081, 0.0, 5.0, "1", "Morale lost per share of people lost of late.", "Cronin 2009", LEVELS, "base"),
    ("gloom_silence", 0.2597, 0.0, 5.0, "1", "Morale lost by a group that strikes no more.", "Cronin 2009", LEVELS, "base"),
    ("loss_memory", 0.03, 0.001, 1.0, "1 / month", "Rate at which losses, attacks and deaths of late are forgotten.", "model", MAGNITUDE, "base"),
    # Exit, voice, loyalty (M5)
    ("exit_hazard", 0.02052, 0.0, 0.5, "1 / month", "Hazard of exit of a wholly discontented emir.", "Hirschman 1970", LEVELS, "exit_voice_loyalty"),
    ("choice_slope", 6.0, 0.0, 20.0, "1", "How sharply emirs and allies weigh what speaks for cheating, leaving, following and holding together.", "model", PROTOTYPE, "exit_voice_loyalty"),
    ("crowd_push", 0.1652, 0.0, 5.0, "1", "Push of full crowding.", "Seymour, Bakke & Cunningham 2016", LEVELS, "exit_voice_loyalty"),
    ("hold_bond", 1.0, 0.0, 5.0, "1", "Hold of a full bond to the leader.", "Hirschman 1970", PROTOTYPE, "exit_voice_loyalty"),
    ("voice_rate", 0.05, 0.0, 1.0, "1 / month", "Chance that a bonded and wholly discontented emir speaks up.", "Hirschman 1970", MAGNITUDE, "exit_voice_loyalty"),
    ("follow_slope", 3.028, 0.0, 20.0, "1", "How sharply people weigh the emir against the office.", "Perkoski 2019", LEVELS, "exit_voice_loyalty"),
    ("arrive", 0.2921, 0.0, 1.0, "1", "Share of those who follow an emir out who arrive in his group.", "Perkoski 2019", LEVELS, "exit_voice_loyalty"),
    ("handful", 3.325, 1.0, 100.0, "people", "Followers below which a departure founds nothing.", "B", LEVELS, "exit_voice_loyalty"),
    ("amnesty_rate", 0.1, 0.0, 0.5, "1 / month", "Share of the wholly gloomy that an open amnesty draws away.", "B", "literature: several hundred of about a thousand sought terms in the twelve months of 2005-06", "exit_voice_loyalty"),
    ("purge_rate", 0.2, 0.0, 5.0, "1 / month", "Hazard that a wholly brutal leadership without routines strikes a camp when it is wholly polarised.", "L: the GIA, 1995-97", FREE, "exit_voice_loyalty"),
    ("purge_toll", 0.2, 0.0, 1.0, "1", "Share of a purged katiba that is killed, and share that goes home.", "model", MAGNITUDE, "exit_voice_loyalty"),
    # Divergence (M2)
    ("temptation", 6.0, 0.0, 10.0, "1", "Weight of divergence in what an emir wants otherwise.", "Shapiro 2013", PROTOTYPE, "preference_divergence"),
    ("agenda_rate", 0.025, 0.0, 1.0, "1 / month", "Rate at which agenda and belief move to the local stake and, in full contact, to the leadership's line.", "B; Shapiro 2013", MAGNITUDE, "preference_divergence"),
    ("information_gain", 10.0, 0.0, 100.0, "months", "How strongly a month's growth colours his reading of the field.", "B", MAGNITUDE, "preference_divergence"),
    ("polarisation_pull", 0.04, 0.0, 1.0, "1 / month", "Rate at which the dissident camp draws its members together.", "B; Esteban & Ray 1994", FREE, "preference_divergence"),
    ("camp_distance", 0.22, 0.0, 1.0, "1", "Divergence beyond which an emir starts or joins a camp.", "B", FREE, "preference_divergence"),
    # Control (M3)
    ("meetings", 10.0, 0.0, 50.0, "meetings / month", "Meetings of full control with an emir next door.", "Shapiro 2013", PROTOTYPE, "control_dilemma"),
    ("remote_contact", 0.5, 0.0, 1.0, "1", "Share of meetings lost in the remotest region.", "B", PROTOTYPE, "control_dilemma"),
    ("trace_keep", 0.67, 0.0, 1.0, "1", "Share of the traces of meetings that are there a month later.", "Shapiro 2013", PROTOTYPE, "control_dilemma"),
    ("unseen", 0.4, 0.001, 1.0, "1", "Chance that what an emir does stays unseen at a meeting.", "Becker 1968", PROTOTYPE, "control_dilemma"),
    ("deterrence_rate", 0.2, 0.0, 1.0, "1 / month", "Rate at which an emir learns how likely he is called to account.", "Sah 1991", PROTOTYPE, "control_dilemma"),
    ("deterrence", 2.2, 0.0, 10.0, "1", "Weight of being called to account.", "Becker 1968", PROTOTYPE, "control_dilemma"),
    ("meeting_signal", 0.3, 0.0, 50.0, "fighters told on", "What a meeting shows, in people told on.", "Shapiro 2013", PROTOTYPE, "control_dilemma"),
    ("percolation", 0.14, 0.0, 5.0, "1 / meeting", "Chance, at full intelligence, that a trace of one meeting leads on.", "Lindelauf, Borm & Hamers 2009", PROTOTYPE, "control_dilemma"),
    ("remittance", 0.6, 0.0, 1.0, "1", "Share of income owed to the leadership.", "Shapiro 2013", PROTOTYPE, "control_dilemma"),
    # Meta-strategy (M1)
    ("aspiration_rate", 0.03, 0.0, 1.0, "1 / month", "Rate at which aspiration follows results.", "Cyert & March 1963", MAGNITUDE, "meta_strategy"),
    ("search_months", 6.0, 1.0, 120.0, "months", "Months between two looks at the means in use, and months an order to fall back holds.", "Greve 2003", PROTOTYPE, "meta_strategy"),
    ("search_step", 0.12, 0.0, 1.0, "1", "How far control moves at a look, and the least a leadership tries; 0 holds it where it is.", "Cyert & March 1963", PROTOTYPE, "meta_strategy"),
    ("means_step", 0.15, 0.0, 1.0, "1", "Size of a change of rhetoric, and of one of posture that is told.", "model", MAGNITUDE, "meta_strategy"),
    ("posture_slope", 0.9827, 0.0, 10.0, "1", "How strongly circumstances move posture.", "B; Cronin 2009", LEVELS, "meta_strategy"),
    # Rebranding (M24)
    ("joining_hazard", 6.126, 0.0, 50.0, "1 / month", "Hazard of joining a brand in full crisis when it would double a group's means.", "B", LEVELS, "rebranding"),
    ("brand_money", 2.0, 0.0, 100.0, "money index / month", "Money a brand sends at full reach.", "B", MAGNITUDE, "rebranding"),
    ("brand_recruits", 0.7122, 0.0, 100.0, "people / month", "Recruits a brand sends a group at full reach.", "B", LEVELS, "rebranding"),
    ("brand_pressure", 0.3, 0.0, 5.0, "1", "Extra attention of the forces to a branded group.", "B", MAGNITUDE, "rebranding"),
    # Embedding and approach (M7, M19)
    ("approach_rate", 0.15, 0.0, 1.0, "1 / month", "Chance that an emir asks a community at all and is heard.", "B", MAGNITUDE, "embedding"),
    ("embedding_effort", 0.35, 0.0, 1.0, "1", "Effort an emir between cause and business puts into ties.", "B", FREE, "embedding"),
    ("matrimonial_growth", 0.015, 0.0, 1.0, "1 / month", "Growth of matrimonial ties at full effort.", "B", MAGNITUDE, "embedding"),
    ("pragmatic_growth", 0.1, 0.0, 1.0, "1 / month", "Growth of pragmatic alliances at full effort, and the tie that a first acceptance makes.", "B", MAGNITUDE, "embedding"),
    ("pragmatic_fade", 0.04, 0.0, 1.0, "1 / month", "Fading of pragmatic alliances.", "B", MAGNITUDE, "embedding"),
    ("economic_growth", 0.08, 0.0, 1.0, "1 / month", "Growth of economic connections at full effort and trade.", "B", MAGNITUDE, "embedding"),
    ("economic_fade", 0.03, 0.0, 1.0, "1 / month", "Fading of economic connections.", "B", MAGNITUDE, "embedding"),
    ("matrimonial_weight", 0.6, 0.0, 1.0, "1", "Share of embedding that a full matrimonial tie gives.", "B", MAGNITUDE, "embedding"),
    ("pragmatic_weight", 0.4, 0.0, 1.0, "1", "Share of embedding that a full pragmatic alliance gives.", "B", MAGNITUDE, "embedding"),
    ("economic_weight", 0.4, 0.0, 1.0, "1", "Share of embedding that a full economic connection gives.", "B", MAGNITUDE, "embedding"),
    ("ties_recruit", 1.0, 0.0, 1.0, "1", "How far ties open a community to recruiting (1: fully; set to 0 to close the channel).", "B", "a switch for experiments", "embedding"),
    ("ties_silence", 1.0, 0.0, 1.0, "1", "How far ties keep people silent (1: fully).", "B", "a switch for experiments", "embedding"),
    ("ties_money", 1.0, 0.0, 1.0, "1", "How far ties earn money (1: fully).", "B", "a switch for experiments", "embedding"),
    ("welcome_slope", 3.0, 0.0, 20.0, "1", "How sharply a community weighs whether to accept an armed guest.", "T", FREE, "cleavage_exploitation"),
    ("socialisation_rate", 0.004, 0.0, 1.0, "1 / month", "Growth of socialisation where conviction is full.", "T", MAGNITUDE, "cleavage_exploitation"),
    # Haven (M8)
    ("tips_floor", 0.1, 0.0, 1.0, "1", "How readily people tell who trust the state not at all.", "Kalyvas 2006", MAGNITUDE, "social_haven"),
    ("kin_silence", 0.4, 0.0, 1.0, "1", "Silence of full kin and partners beyond what they think of the cause.", "B; Campana & Ducol 2011", FREE, "social_haven"),
    ("terrain_cover", 0.5, 0.0, 1.0, "1", "What the remotest terrain hides.", "Fearon & Laitin 2003", MAGNITUDE, "social_haven"),
    # Legitimacy (M9)
    ("fear_gain", 0.25, 0.0, 1.0, "1 / month", "Growth of fear under full coercion.", "B", MAGNITUDE, "legitimacy_channels"),
    ("fear_fade", 0.3, 0.0, 1.0, "1 / month", "Fading of fear.", "B", MAGNITUDE, "legitimacy_channels"),
    ("fear_weight", 0.25, 0.0, 1.0, "1", "Support that full fear gives.", "B", FREE, "legitimacy_channels"),
    ("money_gain", 0.12, 0.0, 1.0, "1 / month", "Growth of support for money at full spending.", "B", MAGNITUDE, "legitimacy_channels"),
    ("money_fade", 0.12, 0.0, 1.0, "1 / month", "Fading of support for money.", "B", MAGNITUDE, "legitimacy_channels"),
    ("money_weight", 0.25, 0.0, 1.0, "1", "Support that money at its fullest gives.", "B", FREE, "legitimacy_channels"),
    ("lesser_evil_gain", 0.12, 0.0, 1.0, "1 / month", "Growth of the lesser evil at full grievance and no trust.", "B", MAGNITUDE, "legitimacy_channels"),
    ("lesser_evil_fade", 0.04, 0.0, 1.0, "1 / month", "Fading of the lesser evil.", "B", MAGNITUDE, "legitimacy_channels"),
    ("lesser_evil_weight", 0.4, 0.0, 1.0, "1", "Support that the lesser evil at its fullest gives.", "B", FREE, "legitimacy_channels"),
    ("conviction_gain", 0.015, 0.0, 1.0, "1 / month", "Growth of conviction at full socialisation and justice.", "B; T", MAGNITUDE, "legitimacy_channels"),
    ("conviction_fade", 0.008, 0.0, 1.0, "1 / month", "Fading of conviction.", "B; T", MAGNITUDE, "legitimacy_channels"),
    ("conviction_weight", 0.4, 0.0, 1.0, "1", "Support that full conviction gives.", "B", FREE, "legitimacy_channels"),
    ("outrage", 0.15, 0.0, 1.0, "1", "Share of a view that one attack on civilians costs.", "Kalyvas 2006", PROTOTYPE, "legitimacy_channels"),
    ("outrage_fade", 0.06, 0.0, 1.0, "1 / month", "Rate at which a katiba's own harm is forgiven.", "Kalyvas 2006", PROTOTYPE, "legitimacy_channels"),
    # Money
    ("trade_income", 8.0, 0.0, 100.0, "money index / month", "What all of the best route is worth without interdiction.", "B; Scheele 2012", MAGNITUDE, "base"),
    ("levy", 0.2, 0.0, 1.0, "money index / fighter-month", "Levy a fighter raises where all see him as theirs and no state is there.", "Olson 1993", PROTOTYPE, "base"),
    ("upkeep", 0.025, 0.0001, 1.0, "money index / fighter-month", "Upkeep of a fighter.", "model", PROTOTYPE, "base"),
    ("purse_half", 5.0, 0.1, 1000.0, "money index", "Purse that makes an emir half as independent as money can.", "B", MAGNITUDE, "base"),
    ("purse_leak", 0.03, 0.0, 1.0, "1 / month", "Share of a purse spent on houses and favours.", "B", MAGNITUDE, "base"),
    # Violence
    ("strike_rate", 0.04081, 0.0, 5.0, "attacks / month", "Attacks of a fighter at full posture and morale.", "Kalyvas 2006", LEVELS, "base"),
    ("strike_cost", 0.2, 0.0, 10.0, "people", "People an attack costs the attacker.", "model", MAGNITUDE, "base"),
    ("severity_tail", 1.5, 0.5, 10.0, "1", "Tail exponent of the deaths of an attack.", "Clauset, Young & Gleditsch 2007", "literature: density exponent 2.5", "base"),
    ("severity_most", 300.0, 1.0, 100000.0, "deaths", "Most deaths of one attack.", "model", MAGNITUDE, "base"),
    ("detection", 0.01056, 0.0, 1.0, "1 / month", "Detections for each person told on, at a force per fighter of 1 and full intelligence.", "Kress & Szechtman 2009", LEVELS, "base"),
    ("attack_signal", 2.351, 0.0, 100.0, "fighters told on", "What an attack shows, in people told on.", "Kalyvas 2006", LEVELS, "base"),
    ("raid_size", 17.97, 0.0, 1000.0, "people", "People a raid takes on average.", "model", LEVELS, "base"),
    ("emir_taken", 0.2, 0.0, 1.0, "1", "Chance that a raid costs the emir.", "model", PROTOTYPE, "base"),
    ("conflict_half", 10.0, 0.1, 1000.0, "deaths / month", "Deaths in a month that make half of full conflict.", "model", MAGNITUDE, "base"),
    # Competition (M11)
    ("infighting_hazard", 0.05552, 0.0, 5.0, "1 / month", "Hazard of a clash between wholly brutal equals.", "Fjelde & Nilsson 2012", LEVELS, "competition"),
    ("infighting_loss", 0.05, 0.0, 1.0, "1", "People lost in a clash per fighter of the other side.", "Lanchester 1916", MAGNITUDE, "competition"),
    # Displacement (M20)
    ("move_rate", 0.01953, 0.0, 1.0, "1 / month", "Chance of looking seriously at the region next door, on an easy way.", "T", LEVELS, "displacement"),
    ("move_sharpness", 20.94, 0.0, 1000.0, "months", "How sharply a month's growth there and here decides.", "model", LEVELS, "displacement"),
    # Long game (M21)
    ("reconsider", 0.15, 0.0, 1.0, "1 / month", "Chance that an emir reconsiders whether to lie low or to come out.", "T", MAGNITUDE, "long_game"),
    # Succession (M22)
    ("leader_taken", 0.4, 0.0, 0.99, "1", "Chance that a leader to whom a raid led is lost.", "model", PROTOTYPE, "succession"),
    ("succession", 0.1, 0.0, 5.0, "1 / month", "Hazard that a successor is found where there are no routines.", "Weber; Price 2012", PROTOTYPE, "succession"),
    ("succession_office", 0.9, 0.0, 5.0, "1 / month", "What full institutions add to it.", "Weber; Price 2012", PROTOTYPE, "succession"),
    ("leader_home", 0.07895, 0.0, 1.0, "1", "Share of people who go home when a leader is lost and nothing outlives him.", "Jordan 2009", LEVELS, "succession"),
    ("bond_growth", 0.06, 0.0, 1.0, "1 / month", "Growth of an emir's bond with the leader in full contact.", "Hirschman 1970", PROTOTYPE, "succession"),
    ("bond_fade", 0.02, 0.0, 1.0, "1 / month", "Fading of that bond.", "Hirschman 1970", PROTOTYPE, "succession"),
    ("legacy", 0.6, 0.0, 1.0, "1", "Share of a line that outlives its holder.", "T", MAGNITUDE, "succession"),
    # Institutions (M26)
    ("office_growth", 0.03104, 0.0, 1.0, "1 / month", "Growth of routines in full contact.", "Stinchcombe 1965", LEVELS, "institutions"),
    ("office_dilution", 0.3, 0.0, 5.0, "1", "Share of routines that newcomers as many as the group would cost.", "Stinchcombe 1965", PROTOTYPE, "institutions"),
    ("office_lost", 0.6, 0.0, 1.0, "1", "Share of what is not yet routine that goes with a leader.", "Weber", PROTOTYPE, "institutions"),
    ("office_inherited", 0.3765, 0.0, 1.0, "1", "Share of its parent's routines that a breakaway starts with.", "Stinchcombe 1965", LEVELS, "institutions"),
    ("office_floor", 0.5, 0.0, 1.0, "1", "Capacity to take in recruits without any routine.", "Stinchcombe 1965", PROTOTYPE, "institutions"),
    ("office_hold", 0.7, 0.0, 1.0, "1", "Share of those who would go home whom full institutions hold.", "Stinchcombe 1965", PROTOTYPE, "institutions"),
    ("hold_office", 1.0, 0.0, 5.0, "1", "Hold of full institutions on an emir.", "Hirschman 1970", PROTOTYPE, "institutions"),
    # Alliances, brokers, mergers (M6, M10, M12)
    ("alliance_hazard", 0.04, 0.0, 1.0, "1 / month", "Hazard of an alliance from which both expect much.", "B", FREE, "shifting_alliances"),
    ("break_hazard", 0.1, 0.0, 1.0, "1 / month", "Hazard of breaking an alliance from which neither expects anything.", "B", FREE, "shifting_alliances"),
    ("broker_founding", 0.05, 0.0, 5.0, "1 / month", "Hazard that a wholly trusted broker founds a group where the state is absent and grievance full.", "B", FREE, "brokerage"),
    ("broker_following", 2.0, 0.0, 100.0, "people / 1000", "People in a thousand, wholly aggrieved, who follow a wholly trusted broker.", "B", MAGNITUDE, "brokerage"),
    ("deal_rate", 0.1, 0.0, 1.0, "1 / month", "Hazard of a deal with full standing on both sides.", "B", MAGNITUDE, "brokerage"),
    ("deal_money", 10.0, 0.0, 1000.0, "money index", "Money a deal brings.", "B", MAGNITUDE, "brokerage"),
    ("merger_hazard", 0.003945, 0.0, 1.0, "1 / month", "Hazard of a merger between trusting, like allies under full threat.", "B; T", LEVELS, "merger"),
    ("return_hazard", 0.01865, 0.0, 1.0, "1 / month", "Hazard that a breakaway of like mind that fails returns.", "B", LEVELS, "merger"),
    # Elites (M13)
    ("bargain_tolerance", 0.2, 0.001, 1.0, "1", "Shift of power that an elite with the longest horizon lets pass.", "B; Powell 2006", FREE, "tactical_elites"),
    ("cost_half", 30.0, 0.1, 10000.0, "deaths / month", "Deaths in a month that cost an elite half of what violence can.", "model", MAGNITUDE, "tactical_elites"),
    ("neglect_by_horizon", 0.5, 0.0, 2.0, "1", "Neglect added as a horizon shortens from its start to nothing, or a share is kept.", "B", MAGNITUDE, "tactical_elites"),
    # Smugglers, capture and reach (M14, M15)
    ("bribe_cover", 0.6, 0.0, 1.0, "1", "Share of interdiction that bribes avert.", "B", MAGNITUDE, "smuggling"),
    ("bribe_share", 0.2, 0.0, 1.0, "1", "Share of trade paid to officials and for votes.", "B", MAGNITUDE, "smuggling"),
    ("protection_cover", 0.7, 0.0, 1.0, "1", "Share of what armed men take that protection averts.", "B", MAGNITUDE, "smuggling"),
    ("protection_share", 0.15, 0.0, 1.0, "1", "Share of trade paid to armed groups for protection.", "B", MAGNITUDE, "smuggling"),
    ("capture_gain", 0.05, 0.0, 1.0, "1 / month", "Growth of capture under large bribes where an elite lives for the month.", "B", MAGNITUDE, "state_capture"),
    ("capture_fade", 0.002, 0.0, 1.0, "1 / month", "Fading of capture.", "B", MAGNITUDE, "state_capture"),
    ("reach_growth", 0.02, 0.0, 1.0, "1 / month", "Rate at which reach comes back where forces stay and nobody is armed.", "T", MAGNITUDE, "state_capture"),
    ("reach_loss", 0.04, 0.0, 1.0, "1 / month", "Rate at which reach goes where only the armed are.", "B; T", MAGNITUDE, "state_capture"),
    ("collapse", 0.15, 0.0, 1.0, "1 / month", "Rate at which a complete rupture takes reach from the remotest region.", "B", MAGNITUDE, "state_capture"),
    ("garrison_weight", 0.1, 0.0001, 10.0, "1", "Fighters whom one of the forces outweighs.", "ten to one, McGrath 2006", "literature: force ratios of counterinsurgency, McGrath 2006", "state_capture"),
    # Norms (M16)
    # Security forces (M17, M18)
    ("force_ratio", 10.0, 0.1, 1000.0, "1", "Forces per fighter at which force per fighter counts as 1.", "Deitchman 1962", "literature: ten to one, McGrath 2006", "base"),
    ("society_rate", 0.015, 0.0, 1.0, "1 / month", "Pace at which communities' neglect, grievance, trust and norms settle, and smugglers become notables.", "B; T; Scheele 2012", MAGNITUDE, "base"),
    ("presence_density", 0.3, 0.001, 100.0, "fighter-equivalents / 1000 people", "Armed presence among a thousand people that is half of what can be seen, heard or feared.", "Quinlivan 1995; Kalyvas 2006", "order of magnitude: between 0.1 and 1 in a thousand people are in arms at the height of the larger insurgencies", "base"),
    ("patrol_floor", 0.1, 0.0, 1.0, "1", "Attention to a region where nothing happens.", "model", MAGNITUDE, "base"),
    ("morale_recovery", 0.03, 0.0, 1.0, "1 / month", "Rate at which morale and divisions recover.", "T", MAGNITUDE, "security_forces"),
    ("morale_loss", 0.1, 0.0, 1.0, "1 / month", "Morale lost to heavy blows.", "T", MAGNITUDE, "security_forces"),
    ("blow_half", 0.005, 1e-06, 1.0, "deaths / personnel", "Deaths per personnel in a month that make half of the loss.", "T", MAGNITUDE, "security_forces"),
    ("purge_division", 0.05, 0.0, 1.0, "1 / month", "Divisions that a full reshuffle adds.", "T", MAGNITUDE, "security_forces"),
    ("protest_weight", 0.4, 0.0, 1.0, "1", "Capacity that full protest ties down, and repression it holds back.", "T", MAGNITUDE, "security_forces"),
    ("blind_harm", 0.003, 0.0, 10.0, "thousand people / personnel-month", "Harm that blind force leaves in memory.", "Kalyvas 2006", FREE, "security_forces"),
    ("blind_deaths", 0.0005, 0.0, 1.0, "deaths / personnel-month", "Civilians killed by blind force.", "Kalyvas 2006", MAGNITUDE, "security_forces"),
    ("harm_fade", 1.0 / 60.0, 0.0, 1.0, "1 / month", "Rate at which harm and weariness are forgotten.", "Kalyvas 2006", "order of magnitude: five years", "security_forces"),
    ("harm_grievance", 0.5, 0.0, 5.0, "1", "Grievance that full harm by the state adds.", "Kalyvas 2006", FREE, "security_forces"),
    ("casualty_grievance", 0.1, 0.0, 10.0, "thousand people / death", "Grievance that a death among the forces leaves where their people come from.", "T", MAGNITUDE, "security_forces"),
    ("weary_gain", 1.283, 0.0, 100.0, "thousand people / death", "Weariness that deaths leave.", "Zartman 1989", LEVELS, "security_forces"),
    ("neglect_grievance", 0.6, 0.0, 5.0, "1", "Grievance per unit of added neglect or cleavage.", "T", MAGNITUDE, "security_forces"),
    # Policies (M23)
    ("policy_half_cost", 1.0, 0.01, 100.0, "policy cost units / month", "Spending that buys half of a policy's full level.", "model", "a convention: the unit of cost", "policy"),
    ("policy_force_gain", 0.5, 0.0, 10.0, "1", "Extra capacity of the forces at full level.", "model", MAGNITUDE, "policy"),
    ("policy_amnesty_openness", 0.6, 0.0, 1.0, "1", "Openness of the amnesty at full level.", "model", MAGNITUDE, "policy"),
    ("services_effect", 0.4, 0.0, 1.0, "1", "Neglect that full aid removes.", "Berman, Shapiro & Felter 2011", MAGNITUDE, "policy"),
    ("services_trust", 0.5, 0.0, 5.0, "1", "Trust per unit of neglect undone.", "Berman, Shapiro & Felter 2011", MAGNITUDE, "policy"),
    ("clean_effect", 0.03, 0.0, 1.0, "1 / month", "Capture undone by full anti-corruption.", "B", MAGNITUDE, "policy"),
    ("dialogue_effect", 0.02, 0.0, 1.0, "1 / month", "Share of cleavages that full dialogue closes.", "B", MAGNITUDE, "policy"),
    # Endings (M25)
    ("look_rate", 0.02067, 0.0, 1.0, "1 / month", "Chance that an elite looks at a group and weighs an offer.", "Jones & Libicki 2008", LEVELS, "endings"),
    ("offer_weight", 82.76, 0.0, 1000.0, "people / death", "What an elite would give up for a death it is spared, over the longest horizon.", "Zartman 1989", LEVELS, "endings"),
    ("trust_floor", 0.6939, 0.0, 1.0, "1", "Chance that an offer arrives without broker or dialogue.", "B; Walter 1997", LEVELS, "endings"),
)  # fmt: skip

PARAMETERS: dict[str, Parameter] = {row[0]: Parameter(*row) for row in _ROWS}
"""Parameters by name, in the order of the rulebook's parts."""
