"""M10 Brokerage: notables are the only bridge where two sides do not trust each other; a broker may found a group (B).

"The group negotiated the liberation of hostages with important Tuareg figures playing the role of brokers", and the best-known broker then led a
group of his own (B). A broker with standing on both sides strikes deals that bring a group money; he brings together groups too unlike to meet by
themselves; he carries an elite's offers to those who would not take them from its hand (endings); and where his people are aggrieved and the state is
far he may raise a group himself, once.
"""

from __future__ import annotations

import math

from sim.rules.alliances import ally, gain, likeness
from sim.rules.chronicling import attribute, emit
from sim.rules.competition import allied
from sim.rules.forms import happens, logistic, rule
from sim.rules.founding import AS_FOUNDER, blank_katiba, free_emir, new_organisation
from sim.rules.people import free, join_up, settle
from sim.world.codes import BROKER_GROUP, BY_BROKER, DEAL, JIHADIST, REBEL
from sim.world.decisions import BROKER_ALLY, BROKER_DEAL, BROKER_FOUND
from sim.world.draws import child_identity
from sim.world.layout import TIES_PER_EMIR


@rule
def broker(w, p, t, i):
    """A broker deals, introduces, carries offers, or founds. Row: broker."""
    if p.on_brokerage == 0:
        return
    b = w.broker
    r = w.region
    k = b.region[i]
    both = b.standing_groups[i] * b.standing_state[i]
    if both > r.bridge[k]:
        r.bridge[k] = both
    first = r.first_group[k]
    if first < 0 or r.first_emir[k] < 0 or w.organisation.alive[first] == 0:
        return
    deal(w, p, t, i, k, first)
    second = r.second_group[k]
    if second >= 0 and p.on_shifting_alliances == 1 and w.organisation.alive[second] == 1 and allied(w, first, second) == 0:
        x = gain(w, first, second, k, b.standing_groups[i], 0.0)
        hazard = p.alliance_hazard * b.standing_groups[i] * logistic(p.choice_slope * x)
        if likeness(w, first, second) < 0.5 and happens(w, t, b.identity[i], BROKER_ALLY, 0, hazard):
            ally(w, p, t, first, second, k, i)
    if b.group[i] < 0:
        ripe = r.grievance[k] * r.absence[k] * b.standing_communities[i] * (1.0 - r.weariness[k])
        if happens(w, t, b.identity[i], BROKER_FOUND, 0, p.broker_founding * ripe * ripe):
            found(w, p, t, i, k)


@rule
def deal(w, p, t, i, k, g):
    """A deal brings the strongest katiba of the region money, and the broker standing with the groups."""
    b = w.broker
    m = w.region.first_emir[k]
    if w.emir.alive[m] == 0 or w.emir.organisation[m] != g or w.emir.region[m] != k:
        return
    hazard = p.deal_rate * b.standing_groups[i] * b.standing_state[i] * w.organisation.posture[g] * w.region.absence[k]
    if not happens(w, t, b.identity[i], BROKER_DEAL, 0, hazard):
        return
    b.deals[i] += 1
    owed = p.deal_money * p.remittance * (1.0 - w.emir.skims[m])
    w.emir.purse[m] += p.deal_money - owed
    w.organisation.treasury[g] += owed
    row = emit(w, t, DEAL, b.identity[i], w.organisation.identity[g], w.emir.identity[m], k, p.deal_money, i)
    attribute(w, row, brokerage=1.0)


@rule
def following(w, p, i, k):
    """Return how many people of region k would follow broker i: by his standing, their grievance, and who is not under arms yet.

    Of no more communities than one katiba can keep ties with.
    """
    c = w.community
    r = w.region
    n = 0.0
    most = r.communities[k]
    if most > TIES_PER_EMIR:
        most = TIES_PER_EMIR
    for m in range(r.first_community[k], r.first_community[k] + most):
        n += math.floor(p.broker_following * w.broker.standing_communities[i] * c.population[m] * c.grievance[m] * c.room[m])
    return n


@rule
def found(w, p, t, i, k):
    """A broker raises a group of his own from the communities of his region, by his standing with them."""
    b = w.broker
    e = w.emir
    o = w.organisation
    r = w.region
    c = w.community
    host = r.first_group[k]
    if host < 0 or following(w, p, i, k) < p.handful:
        return
    if w.clock.next_organisation[0] >= o.alive.shape[0]:
        w.clock.refused[0] += 1
        return
    j = free_emir(w)
    if j < 0:
        return
    blank_katiba(w, t, j, child_identity(b.identity[i], t, AS_FOUNDER), host, k)
    e.agenda[j] = 0.5
    e.belief[j] = -0.5
    n = r.communities[k]
    if n > TIES_PER_EMIR:
        n = TIES_PER_EMIR
    for y in range(n):
        slot = j * TIES_PER_EMIR + y
        m = r.first_community[k] + y
        settle(w, j, slot, m)
        w.tie.lesser_evil[slot] = b.standing_communities[i]
        if p.on_embedding == 1:
            # A notable founds on the ties he already has.
            w.tie.matrimonial[slot] = p.native_ties * b.standing_communities[i]
            w.tie.pragmatic[slot] = p.native_ties * b.standing_communities[i]
            c.reached[m] = 1
            if c.reached_month[m] < 0:
                c.reached_month[m] = t
        own = math.floor(p.broker_following * b.standing_communities[i] * c.population[m] * c.grievance[m] * c.room[m])
        if own > free(c, m):
            own = math.floor(free(c, m))
        join_up(w, j, slot, own * 1.0)
    o.strength[host] += e.strength[j]
    g = new_organisation(w, p, t, j, BY_BROKER)
    b.group[i] = g
    o.kind[g] = REBEL
    if o.kind[host] == JIHADIST and b.standing_groups[i] >= 0.5:
        o.kind[g] = JIHADIST
    o.aims[g] = 0.5
    # His own man: nothing but what was brutal around him is learnt from the strongest group there.
    o.control[g] = 0.5
    o.patience[g] = 0.5
    o.posture[g] = 0.5
    o.posture_told[g] = 0.5
    o.centralisation[g] = 0.5
    if p.on_institutions == 1:
        o.institutions[g] = 0.0
    o.brutality[g] = 0.5 * o.brutality[host]
    row = emit(w, t, BROKER_GROUP, b.identity[i], o.identity[g], -1, k, e.strength[j], g)
    attribute(w, row, autonomy=r.absence[k], brokerage=b.standing_communities[i], shared_threat=r.grievance[k])
    o.entry[g] = row
