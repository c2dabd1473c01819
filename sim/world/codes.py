"""Integer codes of what is named in the arrays: plain constants, which compiled code folds and interpreted code reads as they are."""

from __future__ import annotations

JIHADIST, REBEL, MILITIA = 0, 1, 2
ORGANISATION_KINDS = ("jihadist", "rebel", "militia")

NO_BRAND, GLOBAL, RIVAL = 0, 1, 2
BRANDS = ("none", "global", "rival")

NATIONAL, REGIONAL, FOREIGN = 0, 1, 2
FORCE_KINDS = ("national", "regional", "foreign")

(AMNESTY, COUP, PROTEST, RESHUFFLE, SERVICES, PEACE, INTERVENTION, RIVAL_BRAND, GLOBAL_CAUSE, LEADER_DEATH, ENTRY, CLEAVAGE) = range(12)
EXOGENOUS = (
    "amnesty", "coup", "protest", "purge", "services", "peace", "intervention", "rival_brand", "global_cause", "leader_death", "entry", "cleavage",
)  # fmt: skip

# How an organisation came to be.
FOUNDED, BY_SPLINTER, BY_AUTONOMY, BY_PLEDGE, BY_BROKER = range(5)
ORIGINS = ("founded", "splinter", "autonomy", "pledge", "broker-founded")

# How an organisation ended.
NOT_ENDED, BY_FORCE, BY_INACTIVITY, BY_SPLINTERING, BY_AMNESTY, BY_INFIGHTING, BY_ABSORPTION, BY_RETURN, BY_POLITICS = range(9)
ENDINGS = ("alive", "force", "inactivity", "splintering", "amnesty", "infighting", "absorption", "return", "politics")

# What violence was, in UCDP's three kinds.
STATE_BASED, NON_STATE, ONE_SIDED = range(3)
VIOLENCE = ("state-based", "non-state", "one-sided")
A_STATE, CIVILIANS = -1, -2
"""Who has no identity of an organisation in the log of violence."""

# What the event log can hold.
EVENTS = (
    "splinter", "autonomy", "pledge", "departure", "surrender", "voice", "return", "merger", "brand change", "succession", "emir succession",
    "alliance made", "alliance broken", "deal", "relocation", "capture", "ending", "means change", "dormancy", "re-emergence", "new katiba",
    "katiba lost", "broker-founded group", "renegotiation", "outbidding", "entry", "community reached", "founding", "purge", "offer",
)  # fmt: skip
(
    SPLINTER, AUTONOMY, PLEDGE, DEPARTURE, SURRENDER, VOICE, RETURN, MERGER, BRAND_CHANGE, SUCCESSION, EMIR_SUCCESSION,
    ALLIANCE_MADE, ALLIANCE_BROKEN, DEAL, RELOCATION, CAPTURE, ENDING, MEANS_CHANGE, DORMANCY, RE_EMERGENCE, NEW_KATIBA,
    KATIBA_LOST, BROKER_GROUP, RENEGOTIATION, OUTBIDDING, ENTERED, REACHED, FOUNDING, PURGE, OFFER,
) = range(len(EVENTS))  # fmt: skip

# What a leadership can re-choose (M1): the `detail` of a means change.
QUIETER, BOLDER, LOCAL_RHETORIC, GLOBAL_RHETORIC, LOOSER, TIGHTER, FALL_BACK = range(7)
MEANS = ("quieter posture", "bolder posture", "local rhetoric", "global rhetoric", "looser rein", "tighter rein", "fall back")
