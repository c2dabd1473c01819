"""M22 Decapitation and succession: leaders are lost, the office stands empty until it is filled, legacies last (T; Jordan 2009; Price 2012; Weber).

A leader is lost to a trace that reaches him (violence), to a dated death, or to all else at a low hazard. While nobody leads there are no meetings,
no allocations and no remittances, attacks halve, and emirs are likelier to leave. A successor is found with hazard succession + succession_office x
institutions: how long a group is without a head is made by what outlives people, and so are what its members do (some go home at once) and what is
left of emirs' loyalty. Switched off, a lost leader is replaced at once by his equal.

An emir who is taken is replaced from his katiba: personal ties (above all matrimonial) die with him in part, and so does what he feared of the
leader.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import attribute, emit
from sim.rules.embedding import bind
from sim.rules.forms import chance, clamp, count, risk, rule, share, toward
from sim.rules.people import HOME, ORPHANED, take
from sim.world.codes import EMIR_SUCCESSION, SUCCESSION
from sim.world.decisions import EMIR_SUCCESSOR, FOUND_LEADER, GO_HOME, LEADER_RISK, SUCCESSOR
from sim.world.draws import child_identity
from sim.world.layout import TIES_PER_EMIR


@rule
def replace_emir(w, p, t, i):
    """A new emir takes over a katiba."""
    e = w.emir
    y = w.tie
    g = e.organisation[i]
    fallen = e.identity[i]
    e.identity[i] = child_identity(fallen, t, 0)
    if w.organisation.leader[g] == fallen:
        # Leader and emir are one man: who loses the one loses the other.
        w.organisation.struck[g] = WITH_KATIBA
    emit(w, t, EMIR_SUCCESSION, e.identity[i], w.organisation.identity[g], fallen, e.region[i], e.strength[i], i)
    if p.on_succession == 0:
        return
    who = e.identity[i]
    spread = 1.0 - p.legacy
    e.skill[i] = share(toward(e.skill[i], chance(w, t, who, EMIR_SUCCESSOR, 0), spread))
    e.loyalty[i] = share(toward(e.loyalty[i], chance(w, t, who, EMIR_SUCCESSOR, 1), spread))
    e.agenda[i] = clamp(e.agenda[i] + spread * (2.0 * chance(w, t, who, EMIR_SUCCESSOR, 2) - 1.0), -1.0, 1.0)
    e.belief[i] = clamp(e.belief[i] + spread * (2.0 * chance(w, t, who, EMIR_SUCCESSOR, BELIEF) - 1.0), -1.0, 1.0)
    e.deterrence[i] *= p.legacy
    e.trace[i] = 0.0
    for j in range(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR):
        y.matrimonial[j] *= p.legacy
        y.pragmatic[j] *= p.legacy
        bind(w, p, j)


BELIEF = 3
"""Index of the draw of a successor's belief."""
DATED, WITH_KATIBA, SURRENDERED = 1, 2, 3
"""How a leader is struck: by a dated death, with the katiba that he led himself, by an amnesty that he took."""


@rule
def lead(w, p, t, i):
    """Whether the leader is lost this month, whom he gives away, and who follows. Row: organisation."""
    o = w.organisation
    o.given[i] = 0
    o.shock[i] = 0.0
    if o.vacant[i] == 1:
        o.vacant_months[i] += 1
        found = risk(p.succession + p.succession_office * o.institutions[i])
        o.traced[i] = 0
        o.struck[i] = 0
        if chance(w, t, o.leader[i], FOUND_LEADER, 0) < found:
            follow_on(w, p, t, i)
        return
    taken = 0
    exogenous = o.struck[i]
    if o.traced[i] > 0:
        o.given[i] = 1
        if chance(w, t, o.leader[i], LEADER_RISK, 1) < 1.0 - math.exp(o.traced[i] * math.log(1.0 - p.leader_taken)):
            taken = 1
    traced = o.traced[i]
    o.traced[i] = 0
    o.struck[i] = 0
    if exogenous == 0 and taken == 0:
        return
    fallen = o.leader[i]
    o.fallen[i] = fallen
    o.leader[i] = child_identity(fallen, t, 1)
    o.tenure[i] = 0
    row = emit(w, t, SUCCESSION, o.leader[i], o.identity[i], fallen, o.seat[i], o.institutions[i], exogenous)
    # Raids that led to him; an amnesty that he took; all else (a dated death, the loss of the katiba he led).
    accepted = 0.0
    other = 0.0
    if exogenous == SURRENDERED:
        accepted = 1.0
    elif exogenous > 0:
        other = 1.0
    attribute(w, row, repression=1.0 * taken * traced, accommodation=accepted, leadership_loss=other)
    if taken == 1:
        o.tight[i] += p.leader_home * o.strength[i]
    if p.on_succession == 1:
        o.vacant[i] = 1
        o.vacant_months[i] = 0
        o.shock[i] = 1.0 - o.institutions[i]
        o.felled[i] = 0
        if taken == 1 or exogenous == WITH_KATIBA:
            o.felled[i] = 1
        if p.on_institutions == 1:
            o.institutions[i] *= 1.0 - p.office_lost * (1.0 - o.institutions[i])


@rule
def follow_on(w, p, t, i):
    """A successor takes office: he keeps the means of the old leader but for legacy, a part of each line is his own."""
    o = w.organisation
    who = o.leader[i]
    spread = 1.0 - p.legacy
    o.vacant[i] = 0
    o.rhetoric[i] = clamp(o.rhetoric[i] + spread * (2.0 * chance(w, t, who, SUCCESSOR, 0) - 1.0), -1.0, 1.0)
    o.agenda_line[i] = clamp(o.agenda_line[i] + spread * (2.0 * chance(w, t, who, SUCCESSOR, 1) - 1.0), -1.0, 1.0)
    o.patience[i] = share(toward(o.patience[i], chance(w, t, who, SUCCESSOR, 2), spread))


@rule
def bond(w, p, t, i):
    """An emir's bond grows with every meeting and fades; with a lost leader part of it dies, and some of his people go home. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    e.loyalty[i] = share(e.loyalty[i] * (1.0 - p.bond_fade) + p.bond_growth * e.contact[i] * (1.0 - e.loyalty[i]))
    if e.identity[i] == o.fallen[g]:
        replace_emir(w, p, t, i)
    if o.shock[g] > 0.0:
        e.loyalty[i] *= 1.0 - p.office_lost * o.shock[g]
        n = take(w, t, i, count(w, t, e.identity[i], GO_HOME, 1, p.leader_home * o.shock[g] * e.strength[i]), ORPHANED, HOME)
        if o.felled[g] == 1:
            # Who goes home because force took the leader is lost to force.
            o.lost_to_force[g] += n
        else:
            o.lost_to_attrition[g] += n
