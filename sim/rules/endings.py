"""M25 Endings: several roads, each a process (B, T; Jones & Libicki 2008; Cronin 2009).

    politics      an elite looks at a group now and then. What it would save, C = offer_weight x the group's dead of late x horizon, stands against
                  what sharing would cost, S = aims x (strength + room): it offers with chance C²/(C² + S²) x channel, the channel being a
                  broker, a dialogue, or the little trust there is without. The leadership takes it with chance (1 - aims) / (1 + R0²): narrow aims, a
                  closed field.
    force         leaders and people taken faster than replaced, until nobody is left
    splintering   people gone with emirs, or killed in quarrels among them
    amnesty       people gone through an open door
    inactivity    people gone home for want and gloom
    absorption    see merger

An organisation without people is over; there is no floor. It ended by whatever cost it most over the recent past. A handful disperses by chance
(recruitment.fold). Switched off, nobody negotiates: what is taken away is a decision, never the end itself.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, part, rule, share
from sim.world.codes import BY_AMNESTY, BY_FORCE, BY_INACTIVITY, BY_INFIGHTING, BY_POLITICS, BY_SPLINTERING, ENDING, OFFER
from sim.world.decisions import ACCEPT, LOOK


@rule
def negotiate(w, p, t, i):
    """Whether an elite makes an organisation an offer, and whether that takes it. Row: organisation."""
    o = w.organisation
    if p.on_endings == 0 or o.katibas[i] <= 0:
        return
    r = w.region
    k = o.seat[i]
    s = r.elite[k]
    e = w.elite
    if chance(w, t, o.identity[i], LOOK, 0) >= share(p.look_rate + e.peace[s]):
        return
    saved = p.offer_weight * o.toll[i] * e.horizon[s]
    cost = o.aims[i] * (o.strength[i] + r.room[k])
    channel = p.trust_floor
    if r.bridge[k] > channel:
        channel = r.bridge[k]
    if e.dialogue[s] > channel:
        channel = e.dialogue[s]
    if chance(w, t, o.identity[i], LOOK, 1) >= channel * part(saved * saved, saved * saved + cost * cost):
        return
    e.offers[s] += 1
    row = emit(w, t, OFFER, e.identity[s], o.identity[i], -1, k, o.strength[i], 0)
    attribute(w, row, accommodation=saved, brokerage=r.bridge[k])
    if o.vacant[i] == 1 or chance(w, t, o.identity[i], ACCEPT, 0) >= (1.0 - o.aims[i]) / (1.0 + o.r0[i] * o.r0[i]):
        return
    w.log.detail[row] = 1
    over(w, t, i, BY_POLITICS)


@rule
def judge(w, p, t, i):
    """Whether an organisation is over, and why. Row: organisation."""
    o = w.organisation
    if o.katibas[i] > 0:
        return
    how = BY_INACTIVITY
    most = o.lost_to_attrition[i]
    if o.lost_to_force[i] > most:
        most = o.lost_to_force[i]
        how = BY_FORCE
    if o.lost_to_exit[i] > most:
        most = o.lost_to_exit[i]
        how = BY_SPLINTERING
    if o.lost_to_amnesty[i] > most:
        most = o.lost_to_amnesty[i]
        how = BY_AMNESTY
    if o.lost_to_rivals[i] > most:
        how = BY_INFIGHTING
    over(w, t, i, how)


@rule
def over(w, t, i, how):
    """An organisation ends."""
    o = w.organisation
    row = emit(w, t, ENDING, o.leader[i], o.identity[i], -1, o.seat[i], o.peak[i], how)
    settled = o.lost_to_amnesty[i]
    if how == BY_POLITICS:
        settled += o.strength[i]
    attribute(
        w, row, autonomy=o.lost_to_exit[i], competition=o.lost_to_rivals[i], repression=o.lost_to_force[i], accommodation=settled,
        hardship=o.lost_to_attrition[i],
    )  # fmt: skip
    o.alive[i] = 0
    o.ended[i] = t
    o.ending[i] = how
    o.heir[i] = -1
