"""M10 Brokerage: notables broker releases and alliances; a broker may found a group (B).

"The group negotiated the liberation of hostages with important Tuareg figures playing the role of brokers", and the
best-known broker then led a group of his own (B). A broker with standing on both sides strikes deals that bring a group
money; one with standing among the groups brings two of them together under shared pressure; and one with standing among
his people, where the state is far and grievance deep, may raise a group himself, once.
"""

from __future__ import annotations

from sim.rules.alliances import ally, compatible
from sim.rules.chronicling import attribute, emit
from sim.rules.competition import allied
from sim.rules.forms import chance, risk, rule, share
from sim.rules.founding import new_katiba, new_organisation
from sim.world.codes import BROKER_GROUP, BY_BROKER, DEAL, JIHADIST, REBEL
from sim.world.decisions import BROKER_ALLY, BROKER_DEAL, BROKER_FOUND
from sim.world.layout import TIES_PER_EMIR


@rule
def broker(w, p, t, i):
    """A broker deals, introduces, or founds. Row: broker."""
    if p.on_brokerage == 0:
        return
    b = w.broker
    r = w.region
    k = b.region[i]
    first = r.first_group[k]
    if first < 0 or r.first_emir[k] < 0 or w.organisation.alive[first] == 0:
        return
    deal(w, p, t, i, k, first)
    second = r.second_group[k]
    if second >= 0 and p.on_shifting_alliances == 1 and w.organisation.alive[second] == 1 and allied(w, first, second) == 0:
        dialogue = w.elite.dialogue[r.elite[k]]
        hazard = p.broker_alliance * b.standing_groups[i] * (0.2 + r.pressure[k]) * compatible(w, first, second) * (1.0 - 0.5 * dialogue)
        if chance(w, t, b.identity[i], BROKER_ALLY, 0) < risk(hazard):
            ally(w, p, t, first, second, k, i)
    if b.group[i] < 0:
        ripe = r.grievance[k] * (1.0 - r.reach[k]) * b.standing_communities[i]
        if chance(w, t, b.identity[i], BROKER_FOUND, 0) < risk(p.broker_founding * ripe * ripe * ripe):
            found(w, p, t, i, k)


@rule
def deal(w, p, t, i, k, g):
    """A deal brings the strongest katiba of the region money, and the broker standing with the groups."""
    b = w.broker
    m = w.region.first_emir[k]
    if w.emir.alive[m] == 0 or w.emir.organisation[m] != g:
        return
    hazard = p.deal_rate * b.standing_groups[i] * b.standing_state[i] * w.organisation.posture[g] * (1.0 - w.region.reach[k])
    if chance(w, t, b.identity[i], BROKER_DEAL, 0) >= risk(hazard):
        return
    b.deals[i] += 1
    w.emir.purse[m] += p.deal_money * (1.0 - p.remittance * (1.0 - w.emir.shirking[m]))
    w.organisation.treasury[g] += p.deal_money * p.remittance * (1.0 - w.emir.shirking[m])
    b.standing_groups[i] = share(b.standing_groups[i] + 0.02)
    row = emit(w, t, DEAL, b.identity[i], w.organisation.identity[g], w.emir.identity[m], k, p.deal_money, i)
    attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@rule
def found(w, p, t, i, k):
    """A broker raises a group of his own around people who leave the strongest katiba, and his own following."""
    b = w.broker
    e = w.emir
    o = w.organisation
    r = w.region
    m = r.first_emir[k]
    if e.alive[m] == 0 or w.clock.next_organisation[0] >= o.alive.shape[0]:
        return
    j = new_katiba(w, p, t, m, k, 0.05, 1)
    if j < 0:
        return
    e.strength[j] += p.broker_following * b.standing_communities[i]
    e.identity[j] = b.identity[i]
    e.belief[j] = -0.3
    e.agenda[j] = 0.3
    g = new_organisation(w, p, t, j, BY_BROKER)
    if g < 0:
        e.alive[j] = 0
        o.katibas[e.organisation[j]] -= 1
        e.strength[j] = 0.0
        return
    b.group[i] = g
    kind = REBEL
    host = r.first_group[k]
    if host >= 0 and o.kind[host] == JIHADIST and b.standing_groups[i] >= 0.5:
        kind = JIHADIST
    o.kind[g] = kind
    o.brutality[g] = 0.3
    # A notable founds on the ties he already has.
    n = r.communities[k]
    if n > TIES_PER_EMIR:
        n = TIES_PER_EMIR
    for y in range(n):
        slot = j * TIES_PER_EMIR + y
        if p.on_embedding == 1:
            w.tie.community[slot] = r.first_community[k] + y
            w.community.reached[r.first_community[k] + y] = 1
            if w.community.reached_month[r.first_community[k] + y] < 0:
                w.community.reached_month[r.first_community[k] + y] = t
            w.tie.matrimonial[slot] = 0.6 * b.standing_communities[i]
            w.tie.pragmatic[slot] = 0.6 * b.standing_communities[i]
    row = emit(w, t, BROKER_GROUP, b.identity[i], o.identity[g], -1, k, e.strength[j], g)
    attribute(w, row, 0.0, 0.0, 0.0, 1.0 - r.reach[k], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, b.standing_communities[i], r.grievance[k])
    o.entry[g] = row
