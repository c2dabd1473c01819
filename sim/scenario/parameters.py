"""The parameter of a model, as a reader of the methods section meets it.

A parameter stands here once: name, default, range, unit, meaning, source and the mechanism it belongs to. The scenario
schema, the compiled engine, ``dilemma explain`` and the tables in ``docs/ODD.md`` are all made from this list, so they
cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass


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
        source: Where the claim comes from: ``B`` (Bencherif 2018), ``T`` (Terrorism Monitor 17:12), the literature, or ``assumption``.
        mechanism: Key of the mechanism it serves (see :mod:`sim.scenario.mechanisms`), or ``base``.
    """

    name: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    mechanism: str


_ROWS: tuple[tuple[str, float, float, float, str, str, str, str], ...] = (
    # Timeline and world events
    ("global_appeal", 0.15, 0.0, 1.0, "1", "Appeal of the global cause when no event lends it more.", "B", "rebranding"),
    # Exit, voice, loyalty (M5)
    ("exit_hazard", 0.003, 0.0, 0.2, "1 / month", "Hazard of exit of an emir whose push equals his hold.", "assumption", "exit_voice_loyalty"),
    ("exit_slope", 2.0, 0.0, 10.0, "1", "How steeply discontent raises that hazard.", "assumption", "exit_voice_loyalty"),
    ("exit_agenda", 1.0, 0.0, 5.0, "1", "Weight of the agenda gap in the push to leave.", "B", "exit_voice_loyalty"),
    ("exit_belief", 1.0, 0.0, 5.0, "1", "Weight of the belief gap in the push to leave.", "B", "exit_voice_loyalty"),
    ("exit_information", 0.6, 0.0, 5.0, "1", "Weight of the information gap in the push to leave.", "B", "exit_voice_loyalty"),
    ("exit_autonomy", 1.5, 0.0, 5.0, "1", "Weight of tension over autonomy, for a strong and embedded emir.", "B", "deconcentration"),
    ("exit_competition", 0.5, 0.0, 5.0, "1", "Weight of crowding in the push to leave.", "B; Seymour et al. 2016", "competition"),
    ("exit_pressure", 0.4, 0.0, 5.0, "1", "Weight of pressure in the push to leave.", "Seymour et al. 2016", "exit_voice_loyalty"),
    ("exit_hardship", 0.4, 0.0, 5.0, "1", "Weight of want in the push to leave.", "assumption", "exit_voice_loyalty"),
    ("exit_disruption", 0.5, 0.0, 5.0, "1", "Weight of a disrupted leadership in the push to leave.", "T", "succession"),
    ("exit_rival", 0.6, 0.0, 5.0, "1", "Weight of a rival brand's reach in the push to leave.", "B", "exit_voice_loyalty"),
    ("exit_amnesty", 0.6, 0.0, 5.0, "1", "Weight of an open amnesty in the push to leave.", "B; Seymour et al. 2016", "exit_voice_loyalty"),
    ("exit_loyalty", 1.0, 0.0, 5.0, "1", "Weight of loyalty in what holds an emir.", "Hirschman 1970", "exit_voice_loyalty"),
    ("exit_solidarity", 0.6, 0.0, 5.0, "1", "Weight of the organisation's cohesion in what holds an emir.", "assumption", "exit_voice_loyalty"),
    ("camp_boost", 2.0, 0.0, 10.0, "1", "How much polarisation raises the hazard of exit in the dissident camp.", "B; Shapiro 2013", "preference_divergence"),
    ("voice_rate", 0.05, 0.0, 1.0, "1 / month", "Chance that a loyal and wholly discontented emir speaks up.", "Hirschman 1970", "exit_voice_loyalty"),
    ("voice_weight", 0.3, 0.0, 1.0, "1", "How far the leadership's line moves towards an emir who speaks up and is all its strength.", "Hirschman 1970", "exit_voice_loyalty"),
    ("amnesty_rate", 0.02, 0.0, 0.5, "1 / month", "Share of a wholly gloomy katiba that an open amnesty draws away.", "B", "exit_voice_loyalty"),
    ("follow_base", -1.5, -10.0, 5.0, "1", "Log-odds of following a breakaway, all else zero.", "assumption", "exit_voice_loyalty"),
    ("follow_camp", 1.5, 0.0, 10.0, "1", "Log-odds added by belonging to the dissident camp.", "B", "preference_divergence"),
    ("follow_near", 1.0, 0.0, 10.0, "1", "Log-odds added by being in the same region.", "assumption", "exit_voice_loyalty"),
    ("follow_divergence", 4.0, 0.0, 20.0, "1", "Log-odds per unit by which the new line is nearer than the old.", "B", "preference_divergence"),
    ("follow_loyalty", 1.5, 0.0, 10.0, "1", "Log-odds taken by full loyalty.", "Hirschman 1970", "exit_voice_loyalty"),
    # Divergence (M2)
    ("weight_agenda", 0.4, 0.0, 1.0, "1", "Weight of the agenda gap in divergence.", "B; Shapiro 2013", "preference_divergence"),
    ("weight_belief", 0.35, 0.0, 1.0, "1", "Weight of the belief gap in divergence.", "B; Shapiro 2013", "preference_divergence"),
    ("weight_information", 0.25, 0.01, 1.0, "1", "Weight of the information gap in divergence.", "B; Shapiro 2013", "preference_divergence"),
    ("agenda_rate", 0.03, 0.0, 1.0, "1 / month", "Rate at which an agenda moves to the local stake.", "B", "preference_divergence"),
    ("discipline_rate", 0.04, 0.0, 1.0, "1 / month", "Rate at which full contact brings an agenda to the leadership's line.", "Shapiro 2013", "preference_divergence"),
    ("localisation_rate", 0.02, 0.0, 1.0, "1 / month", "Rate at which full embedding makes beliefs local.", "B", "preference_divergence"),
    ("teaching_rate", 0.04, 0.0, 1.0, "1 / month", "Rate at which full contact teaches the leadership's rhetoric.", "assumption", "preference_divergence"),
    ("information_rate", 0.15, 0.0, 1.0, "1 / month", "Rate at which what an emir sees becomes what he holds true.", "B", "preference_divergence"),
    ("information_noise", 0.4, 0.0, 1.0, "1", "Half-range of the error in what he sees.", "B", "preference_divergence"),
    ("sharing_rate", 0.15, 0.0, 1.0, "1 / month", "Rate at which full contact shares the centre's reading of the field.", "B", "preference_divergence"),
    ("polarisation_pull", 0.04, 0.0, 1.0, "1 / month", "Rate at which the dissident camp draws its members together and away.", "B", "preference_divergence"),
    ("camp_distance", 0.22, 0.0, 1.0, "1", "Divergence beyond which an emir starts or joins a camp.", "assumption", "preference_divergence"),
    # Control (M3, M4)
    ("agency_weight", 1.0, 0.0, 10.0, "1", "Weight of agency loss in the leadership's expected loss.", "Shapiro 2013", "control_dilemma"),
    ("exposure_weight", 1.2, 0.0, 10.0, "1", "Weight of exposure by contact in the leadership's expected loss.", "Shapiro 2013", "control_dilemma"),
    ("control_cost", 0.05, 0.001, 10.0, "1", "Cost of control that has nothing to do with exposure.", "assumption", "meta_strategy"),
    ("control_rate", 0.1, 0.0, 1.0, "1 / month", "Rate at which control moves to its optimum.", "assumption", "meta_strategy"),
    ("contact_cost", 0.02, 0.0, 0.5, "1 / month", "Share of the treasury that full control costs.", "Shapiro 2013", "control_dilemma"),
    ("monitoring", 0.7, 0.0, 1.0, "1", "Share of shirking that full contact prevents.", "Shapiro 2013", "control_dilemma"),
    ("remote_contact", 0.5, 0.0, 1.0, "1", "Share of contact lost in the remotest region.", "B", "deconcentration"),
    ("perception_noise", 0.3, 0.0, 1.0, "1", "Half-range of the leadership's error about an emir out of contact.", "B", "control_dilemma"),
    ("learning_rate", 0.2, 0.0, 1.0, "1 / month", "Rate at which the leadership learns an emir's divergence.", "assumption", "control_dilemma"),
    ("prior_divergence", 0.2, 0.0, 1.0, "1", "What it believes of an emir it does not know.", "assumption", "control_dilemma"),
    ("base_exposure", 0.15, 0.0, 1.0, "1", "Exposure of a katiba that meets nobody and does nothing.", "assumption", "base"),
    ("contact_exposure", 0.5, 0.0, 1.0, "1", "Exposure added by full contact.", "Shapiro 2013", "control_dilemma"),
    ("activity_exposure", 0.3, 0.0, 1.0, "1", "Exposure added by a high tempo.", "assumption", "base"),
    ("tip_exposure", 0.3, 0.0, 1.0, "1", "Exposure added by people who inform.", "Kalyvas 2006", "base"),
    # Meta-strategy (M1)
    ("fitness_memory", 0.1, 0.001, 1.0, "1 / month", "Rate at which the leadership's view of its growth is renewed.", "assumption", "meta_strategy"),
    ("aspiration_rate", 0.03, 0.0, 1.0, "1 / month", "Rate at which aspiration follows results.", "Cyert & March 1963", "meta_strategy"),
    ("patience_months", 12.0, 0.0, 120.0, "months", "Months of crisis that the most patient leadership sits out.", "T", "meta_strategy"),
    ("means_step", 0.15, 0.0, 1.0, "1", "Size of a change of means.", "assumption", "meta_strategy"),
    ("retreat_months", 6.0, 0.0, 60.0, "months", "Months an order to fall back holds.", "assumption", "meta_strategy"),
    # Rebranding (M24)
    ("globalising_rate", 0.03, 0.0, 1.0, "1 / month", "Rate at which crisis and appeal globalise rhetoric.", "B", "rebranding"),
    ("joining_hazard", 0.06, 0.0, 1.0, "1 / month", "Hazard of joining a brand in full crisis, at full appeal and global rhetoric.", "B", "rebranding"),
    ("joining_step", 0.3, 0.0, 2.0, "1", "Jump of rhetoric on joining.", "B", "rebranding"),
    ("brand_money", 1.0, 0.0, 100.0, "money index / month", "Money a brand sends at full reach.", "B", "rebranding"),
    ("brand_recruits", 1.5, 0.0, 100.0, "fighter-equivalents / month", "Recruits a brand sends a large katiba at full reach.", "B", "rebranding"),
    ("brand_pressure", 0.3, 0.0, 5.0, "1", "Extra attention of the forces to a branded group.", "B", "rebranding"),
    # Embedding and approach (M7, M19)
    ("approach_rate", 0.15, 0.0, 1.0, "1 / month", "Chance of approaching a community successfully where welcome is full.", "assumption", "embedding"),
    ("embedding_effort", 0.35, 0.0, 1.0, "1", "Effort an emir puts into ties without pressure or agenda.", "B", "embedding"),
    ("embedding_cost", 0.05, 0.0, 10.0, "money index / month", "Cost of full effort with one community.", "B", "embedding"),
    ("matrimonial_growth", 0.015, 0.0, 1.0, "1 / month", "Growth of matrimonial ties at full effort.", "B", "embedding"),
    ("matrimonial_fade", 0.002, 0.0, 1.0, "1 / month", "Fading of matrimonial ties.", "B", "embedding"),
    ("pragmatic_growth", 0.1, 0.0, 1.0, "1 / month", "Growth of pragmatic alliances at full effort.", "B", "embedding"),
    ("pragmatic_fade", 0.04, 0.0, 1.0, "1 / month", "Fading of pragmatic alliances.", "B", "embedding"),
    ("economic_growth", 0.08, 0.0, 1.0, "1 / month", "Growth of economic connections at full effort and trade.", "B", "embedding"),
    ("economic_fade", 0.03, 0.0, 1.0, "1 / month", "Fading of economic connections.", "B", "embedding"),
    ("matrimonial_weight", 0.6, 0.0, 1.0, "1", "Share of embedding that a full matrimonial tie gives.", "B", "embedding"),
    ("pragmatic_weight", 0.4, 0.0, 1.0, "1", "Share of embedding that a full pragmatic alliance gives.", "B", "embedding"),
    ("economic_weight", 0.4, 0.0, 1.0, "1", "Share of embedding that a full economic connection gives.", "B", "embedding"),
    # Haven (M8)
    ("haven_neutral", 0.4, 0.0, 1.0, "1", "Social part of haven everywhere when the mechanism is off.", "assumption", "social_haven"),
    ("norm_shelter", 0.5, 0.0, 1.0, "1", "Share of social haven that norms alone can give.", "B", "social_haven"),
    ("alliance_shelter", 0.3, 0.0, 1.0, "1", "Share of others' better ties that an ally can use.", "B", "shifting_alliances"),
    # Legitimacy (M9)
    ("fear_gain", 0.25, 0.0, 1.0, "1 / month", "Growth of fear under full coercion.", "B", "legitimacy_channels"),
    ("fear_fade", 0.3, 0.0, 1.0, "1 / month", "Fading of fear.", "B", "legitimacy_channels"),
    ("fear_weight", 0.25, 0.0, 1.0, "1", "Support that full fear gives.", "B", "legitimacy_channels"),
    ("money_gain", 0.12, 0.0, 1.0, "1 / month", "Growth of support for money at full spending.", "B", "legitimacy_channels"),
    ("money_fade", 0.12, 0.0, 1.0, "1 / month", "Fading of support for money.", "B", "legitimacy_channels"),
    ("money_weight", 0.25, 0.0, 1.0, "1", "Support that money at its fullest gives.", "B", "legitimacy_channels"),
    ("lesser_evil_gain", 0.1, 0.0, 1.0, "1 / month", "Growth of the lesser evil at full grievance and no trust.", "B", "legitimacy_channels"),
    ("lesser_evil_fade", 0.04, 0.0, 1.0, "1 / month", "Fading of the lesser evil.", "B", "legitimacy_channels"),
    ("lesser_evil_weight", 0.3, 0.0, 1.0, "1", "Support that the lesser evil at its fullest gives.", "B", "legitimacy_channels"),
    ("conviction_gain", 0.015, 0.0, 1.0, "1 / month", "Growth of conviction at full socialisation and justice.", "B; T", "legitimacy_channels"),
    ("conviction_fade", 0.008, 0.0, 1.0, "1 / month", "Fading of conviction.", "B; T", "legitimacy_channels"),
    ("conviction_weight", 0.35, 0.0, 1.0, "1", "Support that full conviction gives.", "B", "legitimacy_channels"),
    ("socialisation_rate", 0.004, 0.0, 1.0, "1 / month", "Growth of socialisation where ties and conviction are full.", "T", "cleavage_exploitation"),
    ("socialisation_fade", 0.002, 0.0, 1.0, "1 / month", "Fading of socialisation.", "T", "cleavage_exploitation"),
    # Recruitment and wear
    ("recruitment_rate", 0.06, 0.0, 5.0, "fighter-equivalents / month", "Recruits per thousand people wholly aggrieved and wholly supportive.", "assumption", "base"),
    ("recruitable", 2.0, 0.01, 100.0, "fighter-equivalents", "Armed people per thousand at which recruits are halved.", "assumption", "base"),
    ("suppression", 0.5, 0.0, 1.0, "1", "Share of recruits that full repression deters.", "Lyall 2009", "security_forces"),
    ("fame_recruits", 0.5, 0.0, 5.0, "1", "Extra recruits of the most talked-about group.", "Bloom 2005", "competition"),
    ("attrition", 0.01, 0.0, 0.5, "1 / month", "Attrition of a katiba that wants for nothing.", "assumption", "base"),
    ("want_attrition", 0.04, 0.0, 0.5, "1 / month", "Extra attrition in full want.", "assumption", "base"),
    ("repression_attrition", 0.03, 0.0, 0.5, "1 / month", "Extra losses under full repression.", "Lyall 2009", "security_forces"),
    ("least_katiba", 4.0, 0.1, 100.0, "fighter-equivalents", "Strength below which a katiba folds.", "assumption", "endings"),
    # Money
    ("trade_income", 4.0, 0.0, 100.0, "money index / month", "Income from a full economic connection on the best route.", "B", "smuggling"),
    ("levy", 0.02, 0.0, 1.0, "money index / month", "Money per fighter where support is full.", "assumption", "base"),
    ("upkeep", 0.012, 0.0, 1.0, "money index / month", "Upkeep of a fighter.", "assumption", "base"),
    ("remittance", 0.4, 0.0, 1.0, "1", "Share of income owed to the leadership.", "Shapiro 2013", "control_dilemma"),
    ("treasury_share", 0.08, 0.0, 1.0, "1 / month", "Share of the treasury given out each month.", "assumption", "base"),
    ("purse_half", 5.0, 0.1, 1000.0, "money index", "Purse that makes an emir half as independent as money can.", "B", "deconcentration"),
    ("purse_leak", 0.03, 0.0, 1.0, "1 / month", "Share of a purse spent on houses and favours.", "assumption", "base"),
    # Violence (M18)
    ("strike_rate", 0.5, 0.0, 20.0, "attacks / month", "Attacks of a katiba of 50 at full posture.", "assumption", "base"),
    ("strike_cost", 0.008, 0.0, 0.2, "1", "Share of strength an attack costs.", "assumption", "base"),
    ("severity_most", 300.0, 1.0, 100000.0, "severity", "Largest severity.", "assumption", "base"),
    ("context_gain", 1.5, 0.0, 10.0, "1", "Extra weight of an attack on forces under full tension.", "T", "contextual_impact"),
    ("fame_gain", 0.05, 0.0, 5.0, "1", "Fame per unit of impact.", "T", "contextual_impact"),
    ("fame_fade", 0.1, 0.0, 1.0, "1 / month", "Fading of fame.", "assumption", "contextual_impact"),
    ("detection_rate", 0.3, 0.0, 5.0, "1 / month", "Hazard of detection at full pressure, intelligence and exposure.", "Shapiro 2013", "control_dilemma"),
    ("raid_loss", 0.25, 0.0, 1.0, "1", "Mean share of strength lost to a detection.", "assumption", "base"),
    ("emir_killed", 0.15, 0.0, 1.0, "1", "Chance that a detection costs the emir.", "assumption", "succession"),
    ("trail", 0.15, 0.0, 1.0, "1", "How far a detection in full contact points to the leadership.", "Shapiro 2013", "control_dilemma"),
    ("conflict_half", 5.0, 0.1, 1000.0, "severity", "Severity in a month that makes half of full conflict: about two attacks of mean severity.", "assumption", "base"),
    ("conflict_memory", 0.15, 0.001, 1.0, "1 / month", "Rate at which conflict is renewed.", "assumption", "base"),
    ("loss_memory", 0.06, 0.001, 1.0, "1 / month", "Rate at which losses are forgotten.", "assumption", "base"),
    # Competition (M11)
    ("crowding_room", 30.0, 0.0, 1000.0, "fighter-equivalents", "Armed people a region has room for before anyone is crowded.", "assumption", "competition"),
    ("outbidding", 1.0, 0.0, 10.0, "1", "Extra tempo when fully crowded.", "Bloom 2005", "competition"),
    ("infighting_hazard", 0.15, 0.0, 5.0, "1 / month", "Hazard of a clash between wholly brutal equals.", "B; Fjelde & Nilsson 2012", "competition"),
    ("infighting_loss", 0.15, 0.0, 1.0, "1", "Share lost in a clash by a group wholly crowded.", "assumption", "competition"),
    # Displacement (M20)
    ("move_rate", 0.12, 0.0, 1.0, "1 / month", "Chance of looking seriously at the region next door, on an easy way.", "assumption", "displacement"),
    ("move_sharpness", 6.0, 0.0, 50.0, "1", "How sharply worth decides.", "assumption", "displacement"),
    ("moving_cost", 0.25, 0.0, 5.0, "1", "Worth lost in moving.", "assumption", "displacement"),
    ("roots", 0.4, 0.0, 5.0, "1", "Weight of ties, beyond the haven they give, against leaving.", "B", "displacement"),
    ("pressure_aversion", 1.2, 0.0, 10.0, "1", "Weight of pressure and intelligence against a region.", "T", "displacement"),
    ("large_katiba", 120.0, 10.0, 10000.0, "fighter-equivalents", "Strength at which a katiba may send people to found another.", "assumption", "base"),
    ("katiba_hazard", 0.03, 0.0, 1.0, "1 / month", "Hazard of that founding at that strength.", "assumption", "base"),
    # Long game (M21)
    ("dormancy_rate", 0.12, 0.0, 5.0, "1 / month", "Hazard of lying low of a very weak katiba under full pressure in a wholly patient group.", "T", "long_game"),
    ("weak_katiba", 30.0, 1.0, 1000.0, "fighter-equivalents", "Strength at which a katiba is half weak.", "assumption", "long_game"),
    ("waking_rate", 0.12, 0.0, 5.0, "1 / month", "Hazard of coming back where grievance and cleavage are full.", "T", "long_game"),
    ("dormant_exposure", 0.15, 0.0, 1.0, "1", "Exposure left while lying low.", "T", "long_game"),
    ("dormant_recruitment", 0.1, 0.0, 1.0, "1", "Recruits left while lying low.", "T", "long_game"),
    ("dormant_attrition", 0.15, 0.0, 1.0, "1", "Attrition left while lying low.", "T", "long_game"),
    ("dormant_upkeep", 0.3, 0.0, 1.0, "1", "Upkeep left while lying low.", "T", "long_game"),
    # Succession (M22)
    ("leader_hazard", 0.06, 0.0, 5.0, "1 / month", "Hazard of a leader in full contact under full pressure and intelligence.", "assumption", "succession"),
    ("leader_mortality", 0.001, 0.0, 0.1, "1 / month", "Hazard of a leader from all else.", "assumption", "succession"),
    ("disruption_base", 6.0, 0.0, 60.0, "months", "Disruption of a middling group with no bench.", "T; Price 2012", "succession"),
    ("loyalty_lost", 0.5, 0.0, 1.0, "1", "Share of emirs' loyalty that dies with a leader in a long disruption.", "assumption", "succession"),
    ("loyalty_rate", 0.02, 0.0, 1.0, "1 / month", "Rate at which loyalty is rebuilt.", "assumption", "succession"),
    ("legacy", 0.6, 0.0, 1.0, "1", "Share of a line that outlives its holder.", "T", "succession"),
    # Alliances, brokers, mergers (M6, M10, M12)
    ("alliance_hazard", 0.02, 0.0, 1.0, "1 / month", "Hazard of an alliance between compatible groups under full pressure.", "B", "shifting_alliances"),
    ("break_hazard", 0.08, 0.0, 1.0, "1 / month", "Hazard of breaking an alliance without trust.", "B", "shifting_alliances"),
    ("volatility_gain", 2.0, 0.0, 20.0, "1", "How much the elites' volatility shakes alliances.", "B", "shifting_alliances"),
    ("trust_growth", 0.03, 0.0, 1.0, "1 / month", "Rate at which trust between allies grows.", "assumption", "shifting_alliances"),
    ("broker_alliance", 0.06, 0.0, 1.0, "1 / month", "Hazard that a broker of full standing brings two groups together under full pressure.", "B", "brokerage"),
    ("broker_merger", 1.0, 0.0, 10.0, "1", "How much more readily brokered allies merge.", "B", "brokerage"),
    ("broker_founding", 0.1, 0.0, 5.0, "1 / month", "Hazard that a wholly trusted broker founds a group where the state is absent and grievance full.", "B", "brokerage"),
    ("broker_following", 40.0, 1.0, 1000.0, "fighter-equivalents", "Following of a wholly trusted broker.", "assumption", "brokerage"),
    ("deal_rate", 0.1, 0.0, 1.0, "1 / month", "Hazard of a deal with full standing on both sides.", "B", "brokerage"),
    ("deal_money", 6.0, 0.0, 1000.0, "money index", "Money a deal brings.", "B", "brokerage"),
    ("merger_hazard", 0.02, 0.0, 1.0, "1 / month", "Hazard of a merger between trusting, compatible allies under full pressure.", "B; T", "merger"),
    ("return_hazard", 0.03, 0.0, 1.0, "1 / month", "Hazard that a very weak breakaway returns under full pressure.", "B", "merger"),
    # Elites (M13)
    ("bargain_hazard", 0.12, 0.0, 5.0, "1 / month", "Hazard that an elite that lives for the month reopens the bargain.", "B", "tactical_elites"),
    ("horizon_rate", 0.05, 0.0, 1.0, "1 / month", "Rate at which horizons adjust.", "assumption", "tactical_elites"),
    ("volatility_rate", 0.1, 0.0, 1.0, "1 / month", "Rate at which swings are taken in and forgotten.", "assumption", "tactical_elites"),
    ("neglect_by_horizon", 0.5, 0.0, 2.0, "1", "Neglect added as a horizon shortens from its start to nothing.", "B", "tactical_elites"),
    ("neglect_rate", 0.01, 0.0, 1.0, "1 / month", "Rate at which neglect changes.", "assumption", "tactical_elites"),
    ("services_effect", 0.4, 0.0, 1.0, "1", "Neglect that full aid removes.", "Berman et al. 2011", "policy"),
    # Smugglers and capture (M14, M15)
    ("smuggling_scale", 4.0, 0.0, 100.0, "money index / month", "Profit from all of the best route with no interdiction.", "assumption", "smuggling"),
    ("instability_cover", 0.8, 0.0, 1.0, "1", "Share of interdiction that full conflict removes.", "B", "smuggling"),
    ("conflict_harm", 0.9, 0.0, 1.0, "1", "Share of profit that full conflict destroys.", "B", "smuggling"),
    ("conflict_tolerance", 0.7, 0.0, 1.0, "1", "Conflict beyond which protection is no longer worth buying.", "B", "smuggling"),
    ("protection_share", 0.25, 0.0, 1.0, "1", "Share of profit paid to armed groups for protection.", "B", "smuggling"),
    ("bribe_share", 0.25, 0.0, 1.0, "1", "Share of profit paid to officials and for votes.", "B", "state_capture"),
    ("respect_rate", 0.01, 0.0, 1.0, "1 / month", "Rate at which a smuggler becomes a notable.", "B", "norm_change"),
    ("capture_gain", 0.05, 0.0, 1.0, "1 / month", "Growth of capture under large bribes (barons become notables within a decade or two).", "B", "state_capture"),
    ("capture_fade", 0.002, 0.0, 1.0, "1 / month", "Fading of capture.", "B", "state_capture"),
    ("clean_effect", 0.03, 0.0, 1.0, "1 / month", "Capture undone by full anti-corruption.", "B", "policy"),
    # Norms (M16)
    ("norm_rate", 0.02, 0.0, 1.0, "1 / month", "Pace of norm change.", "B", "norm_change"),
    ("norm_inertia", 2.0, 0.0, 20.0, "1", "Strength of the two wells.", "assumption", "norm_change"),
    ("norm_tipping", 0.5, 0.0, 1.0, "1", "Norm beyond which acceptance sustains itself.", "assumption", "norm_change"),
    ("norm_resistance", 0.6, 0.0, 10.0, "1", "Pull of the old norm.", "B; Scheele 2012", "norm_change"),
    ("norm_contact", 0.3, 0.0, 10.0, "1", "Pull of the norms around.", "B", "norm_change"),
    # Security forces (M17)
    ("pressure_half", 1500.0, 1.0, 1000000.0, "personnel-equivalents", "Effort in a region that makes half of full pressure.", "assumption", "base"),
    ("patrol_floor", 0.1, 0.0, 1.0, "1", "Attention to a region where nothing happens.", "assumption", "base"),
    ("presence_half", 150.0, 1.0, 100000.0, "fighter-equivalents", "Armed presence that draws half of full attention.", "assumption", "base"),
    ("morale_recovery", 0.03, 0.0, 1.0, "1 / month", "Rate at which morale recovers.", "assumption", "security_forces"),
    ("morale_loss", 0.05, 0.0, 1.0, "1 / month", "Morale lost to heavy blows.", "T", "security_forces"),
    ("blow_half", 20.0, 0.1, 10000.0, "severity", "Weight of attacks that makes half of the loss, for a force of 4 000.", "assumption", "security_forces"),
    ("division_recovery", 0.02, 0.0, 1.0, "1 / month", "Rate at which divisions heal.", "assumption", "security_forces"),
    ("purge_division", 0.05, 0.0, 1.0, "1 / month", "Divisions that a full reshuffle adds.", "T", "security_forces"),
    ("protest_weight", 0.4, 0.0, 1.0, "1", "Capacity that full protest ties down.", "T", "security_forces"),
    ("division_weight", 0.4, 0.0, 1.0, "1", "Capacity that full division costs.", "T", "security_forces"),
    ("protest_moderation", 0.4, 0.0, 1.0, "1", "Repression that full protest holds back.", "T", "security_forces"),
    ("anger", 0.5, 0.0, 5.0, "1", "Extra repression after heavy casualties.", "T", "security_forces"),
    ("backlash", 0.03, 0.0, 1.0, "1 / month", "Grievance that full repression adds.", "Kalyvas 2006", "security_forces"),
    ("trust_loss", 0.04, 0.0, 1.0, "1 / month", "Share of trust that full repression costs.", "Kalyvas 2006", "security_forces"),
    ("foreign_resentment", 0.01, 0.0, 1.0, "1 / month", "Share of trust that a full foreign presence costs.", "B", "security_forces"),
    ("casualty_grievance", 0.01, 0.0, 1.0, "1 / month", "Grievance that heavy casualties feed where the force recruits.", "T", "security_forces"),
    ("casualty_half", 30.0, 0.1, 10000.0, "severity", "Casualties that feed half of that.", "assumption", "security_forces"),
    ("grievance_rate", 0.02, 0.0, 1.0, "1 / month", "Rate at which grievance settles.", "assumption", "base"),
    ("neglect_grievance", 0.6, 0.0, 5.0, "1", "Grievance per unit of added neglect.", "T", "base"),
    ("cleavage_grievance", 0.5, 0.0, 5.0, "1", "Grievance per unit of added cleavage.", "T", "cleavage_exploitation"),
    ("trust_rate", 0.02, 0.0, 1.0, "1 / month", "Rate at which trust recovers.", "assumption", "base"),
    ("services_trust", 0.5, 0.0, 5.0, "1", "Trust per unit of neglect undone.", "Berman et al. 2011", "policy"),
    # Policies (M23)
    ("policy_half_cost", 1.0, 0.01, 100.0, "policy cost units / month", "Spending that buys half of a policy's full level.", "assumption", "policy"),
    ("policy_force_gain", 0.5, 0.0, 10.0, "1", "Extra capacity of the forces at full level.", "assumption", "policy"),
    ("policy_amnesty_openness", 0.6, 0.0, 1.0, "1", "Openness of the amnesty at full level.", "assumption", "policy"),
    ("dialogue_effect", 0.02, 0.0, 1.0, "1 / month", "Share of cleavages that full dialogue closes.", "B", "policy"),
    ("dialogue_grievance", 0.15, 0.0, 1.0, "1", "Grievance that full dialogue takes away.", "B", "policy"),
    # Endings (M25)
    ("least_organisation", 20.0, 0.1, 1000.0, "fighter-equivalents", "Strength below which an organisation is over (the last few dozen of the GIA were not counted as one).", "L", "endings"),
    ("politics_hazard", 0.04, 0.0, 1.0, "1 / month", "Hazard that a rebel group takes a wholly open settlement.", "B; Jones & Libicki 2008", "endings"),
)  # fmt: skip

PARAMETERS: dict[str, Parameter] = {row[0]: Parameter(*row) for row in _ROWS}
"""Parameters by name, in the order of the rulebook's parts."""
