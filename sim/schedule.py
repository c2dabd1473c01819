"""The month, as one readable table: phase, who acts, which rule. Both ways of running read it, and ``docs/ODD.md`` prints it.

Agents act in the order of their rows. An agent founded in a month acts from the next month on, unless its phase says
that newcomers act too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.rules import (
    accounts,
    alliances,
    brokerage,
    census,
    competition,
    control,
    displacement,
    divergence,
    economy,
    elites,
    embedding,
    endings,
    exit,
    founding,
    haven,
    institutions,
    leadership,
    legitimacy,
    long_game,
    merger,
    norms,
    people,
    policy,
    reach,
    rebranding,
    recruitment,
    security,
    smuggling,
    succession,
    timeline,
    violence,
)

Rule = Callable[[Any, Any, int, int], None]
"""A rule: (world, parameters, month counted from the start, row)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One line of the schedule.

    Attributes:
        name: What happens, in words.
        table: Whose rows act.
        rule: The rule, called with (world, parameters, month, row).
        mechanism: Id of the mechanism it serves, or ``-``.
        newcomers: Whether agents founded this month act already.
    """

    name: str
    table: str
    rule: Rule
    mechanism: str
    newcomers: bool = False


MONTH: tuple[Phase, ...] = (
    # The world outside
    Phase("levels of exogenous events are cleared", "elite", timeline.clear, "-"),
    Phase("exogenous events in force take effect", "timeline", timeline.strike, "-"),
    Phase("states spend on policies", "elite", policy.spend, "M23"),
    # Counts
    Phase("elites are opened", "elite", census.open_elite, "-"),
    Phase("regions are opened", "region", census.open_region, "-"),
    Phase("organisations are opened", "organisation", census.open_organisation, "-"),
    Phase("alliances are counted", "alliance", census.count_alliance, "M12"),
    Phase("katibas are counted", "emir", census.count, "-"),
    Phase("organisations judge how they do", "organisation", census.close_organisation, "M1"),
    # Elites
    Phase("elites' horizons move, bargains are reopened", "elite", elites.bargain, "M13"),
    Phase("neglect follows horizons, shares and aid", "community", elites.serve, "M13"),
    # Places
    Phase("the state stops part of the trade", "region", smuggling.interdict, "M14"),
    Phase("smugglers choose whom to pay, and trade", "smuggler", smuggling.trade, "M14"),
    Phase("capture and reach of the state", "region", reach.drift, "M15"),
    Phase("norms shift", "community", norms.shift, "M16"),
    # Security forces
    Phase("forces muster", "force", security.muster, "M17 M18"),
    Phase("elites learn what their forces can do", "elite", elites.hear, "M13"),
    Phase("forces are posted", "force", security.post, "M17"),
    Phase("force per fighter, intelligence, blind force", "region", security.press, "M17"),
    Phase("memory, weariness, grievance and trust", "community", security.resent, "M17"),
    Phase("the jailed are let go", "community", people.release, "-"),
    # The organisation
    Phase("crowding", "emir", competition.crowd, "M11"),
    Phase("organisations polarise", "organisation", divergence.polarise, "M2"),
    Phase("agendas, beliefs and information drift", "emir", divergence.drift, "M2"),
    Phase("meetings, accounts, shirking", "emir", control.supervise, "M3 M4"),
    Phase("means are re-chosen", "organisation", leadership.rechoose, "M1"),
    Phase("brands are joined", "organisation", rebranding.consider, "M24"),
    # Katibas in their places
    Phase("ties are built", "emir", embedding.invest, "M7"),
    Phase("communities are asked for shelter", "emir", embedding.approach, "M7 M19"),
    Phase("legitimacy is earned, and silence", "emir", legitimacy.earn, "M9 M8"),
    Phase("haven of katibas", "emir", haven.measure, "M8"),
    Phase("haven of regions", "region", haven.index, "M8"),
    Phase("money is earned and shared", "emir", economy.earn, "-"),
    Phase("leaderships are funded", "organisation", economy.fund, "M24"),
    Phase("bonds, and what a lost leader takes along", "emir", succession.bond, "M22"),
    Phase("recruits join", "emir", recruitment.recruit, "-"),
    Phase("institutions", "organisation", institutions.grow, "M26"),
    Phase("attacks", "emir", violence.strike, "-"),
    Phase("detections and raids", "emir", violence.detect, "M3"),
    Phase("leaders are lost, and found", "organisation", succession.lead, "M22"),
    Phase("a found leader gives away whom he meets", "emir", violence.cascade, "M3"),
    Phase("clashes between groups", "region", competition.fight, "M11"),
    Phase("losses in clashes", "emir", competition.suffer, "M11"),
    Phase("people go home", "emir", recruitment.wear, "-"),
    Phase("relocation", "emir", displacement.move, "M20"),
    Phase("lying low and coming out", "emir", long_game.rest, "M21"),
    Phase("new katibas", "emir", founding.grow, "-"),
    Phase("local groups arise", "community", founding.arise, "-"),
    # Organisations break, meet, merge and end
    Phase("exit and voice", "emir", exit.choose, "M5"),
    Phase("others follow a breakaway", "emir", exit.follow, "M5"),
    Phase("camps are purged", "organisation", exit.purge, "M5"),
    Phase("handfuls disperse, empty katibas fold", "emir", recruitment.fold, "-"),
    Phase("brokers deal, introduce, found", "broker", brokerage.broker, "M10"),
    Phase("neighbouring groups ally", "region", alliances.meet, "M12"),
    Phase("alliances hold or break", "alliance", alliances.renegotiate, "M12"),
    Phase("allies merge", "alliance", merger.merge, "M6"),
    Phase("breakaways return", "organisation", merger.come_back, "M6"),
    Phase("elites make offers", "organisation", endings.negotiate, "M25"),
    Phase("organisations end", "organisation", endings.judge, "-"),
    Phase("katibas of the ended regroup", "emir", merger.regroup, "M6", newcomers=True),
    # Accounts
    Phase("accounts of the month", "clock", accounts.count_month, "-"),
    Phase("accounts of the lineage", "organisation", accounts.count_organisation, "-"),
    Phase("accounts of its katibas", "emir", accounts.count_katiba, "-"),
)

BORN = {"organisation": "born", "emir": "born", "alliance": "made"}
"""Tables whose rows come and go, and the column that says since when."""
