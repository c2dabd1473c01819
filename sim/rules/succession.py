"""M22 Decapitation and succession: leaders die, the group reorganises, legacies last (T; Jordan 2009; Price 2012).

A leader's hazard comes from the pressure and intelligence where he sits, his contacts, and the trail that detections
leave. A dead leader leaves a disruption of

    disruption_base x (1 - bench / 2) x (0.4 + 0.8 exp(-age / 5 years) + 0.8 exp(-strength / 300))  months,

longer for young and small groups: institutions and numbers carry a group through (a claim contested for age: Jordan
2009, Price 2012, Johnston 2012). Contact is halved meanwhile, money and recruits suffer, emirs' loyalty to the dead man
is lost in part. The new leader keeps the means of the old but for legacy: a part of each line is his own. Switched off,
the dead are replaced by their equals.

An emir who is killed is replaced from his katiba: personal ties (above all matrimonial) die with him in part, and so
does what the leadership knew of him.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, clamp, risk, rule, share, toward
from sim.world.codes import EMIR_SUCCESSION, SUCCESSION
from sim.world.decisions import EMIR_SUCCESSOR, LEADER_RISK, SUCCESSOR
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
    emit(w, t, EMIR_SUCCESSION, e.identity[i], w.organisation.identity[g], fallen, e.region[i], e.strength[i], i)
    if p.on_succession == 0:
        return
    who = e.identity[i]
    spread = 1.0 - p.legacy
    e.skill[i] = share(toward(e.skill[i], chance(w, t, who, EMIR_SUCCESSOR, 0), spread))
    e.loyalty[i] = share(toward(e.loyalty[i], chance(w, t, who, EMIR_SUCCESSOR, 1), spread))
    e.agenda[i] = clamp(e.agenda[i] + spread * (chance(w, t, who, EMIR_SUCCESSOR, 2) - 0.5), -1.0, 1.0)
    e.belief[i] = clamp(e.belief[i] + spread * (chance(w, t, who, EMIR_SUCCESSOR, 3) - 0.5), -1.0, 1.0)
    e.perceived[i] = toward(e.perceived[i], p.prior_divergence, 0.7)
    for j in range(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR):
        y.matrimonial[j] *= p.legacy
        y.pragmatic[j] *= 0.5 + 0.5 * p.legacy


@rule
def lead(w, p, t, i):
    """Whether the leader dies this month, and who follows. Row: organisation."""
    o = w.organisation
    r = w.region
    k = o.seat[i]
    contact = 0.3
    if p.on_control_dilemma == 1:
        contact = 0.2 + 0.5 * o.control[i] + o.trail[i]
    hazard = p.leader_hazard * r.pressure[k] * (0.2 + r.intelligence[k]) * (1.0 - 0.8 * r.haven[k]) * contact + p.leader_mortality
    o.trail[i] *= 0.8
    o.shock[i] = 0.0
    if o.struck[i] == 0 and chance(w, t, o.leader[i], LEADER_RISK, 0) >= risk(hazard):
        return
    exogenous = o.struck[i]
    o.struck[i] = 0
    fallen = o.leader[i]
    o.leader[i] = child_identity(fallen, t, 1)
    months = 0.0
    if p.on_succession == 1:
        age = (t - o.born[i]) / 12.0
        fragile = 0.4 + 0.8 * math.exp(-age / 5.0) + 0.8 * math.exp(-o.strength[i] / 300.0)
        months = p.disruption_base * (1.0 - 0.5 * o.bench[i]) * fragile
        o.disruption[i] = months
        who = o.leader[i]
        spread = 0.6 * (1.0 - p.legacy)
        o.rhetoric[i] = clamp(o.rhetoric[i] + 2.0 * spread * (chance(w, t, who, SUCCESSOR, 0) - 0.5), -1.0, 1.0)
        o.centralisation[i] = share(o.centralisation[i] + spread * (chance(w, t, who, SUCCESSOR, 1) - 0.5))
        o.patience[i] = share(o.patience[i] + spread * (chance(w, t, who, SUCCESSOR, 2) - 0.5))
        o.bench[i] = share(o.bench[i] * 0.8)
        o.shock[i] = p.loyalty_lost * months / (months + 6.0)
    o.tenure[i] = 0
    row = emit(w, t, SUCCESSION, o.leader[i], o.identity[i], fallen, k, months, exogenous)
    attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.0, hazard + exogenous, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@rule
def groom(w, p, t, i):
    """A bench of successors and the loyalty of emirs are rebuilt with time. Row: organisation."""
    w.organisation.bench[i] = toward(w.organisation.bench[i], 0.3 + 0.5 * share(w.organisation.katibas[i] / 8.0), 0.02)


@rule
def bond(w, p, t, i):
    """An emir's loyalty grows with contact and cohesion, wears with want, and dies in part with a leader. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    goal = share(0.2 + 0.5 * o.cohesion[g] + 0.4 * e.contact[i] - 0.4 * e.hardship[i])
    e.loyalty[i] = toward(e.loyalty[i], goal, p.loyalty_rate) * (1.0 - o.shock[g])
