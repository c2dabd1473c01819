"""M7 Local embedding: matrimonial, pragmatic and economic ties, each with its own cost, speed and durability (B), and M19 whom it reaches first (T).

    dm/dt = a x matrimonial_growth (1 - m) - matrimonial_fade m        slow, dear, durable
    dp/dt = a x pragmatic_growth (1 - p) - pragmatic_fade p            fast, cheap, short
    de/dt = a x economic_growth v (1 - e) - economic_fade e            needs trade v in the region

where a is the effort the emir can afford and wants: more under pressure (he needs haven) and more for one whose agenda
is his own. A tie with a community is 1 - (1 - w_m m)(1 - w_p p)(1 - w_e e); embedding is its mean over the people of
his region. The same tie that hides him gives him a stake of his own (M2): the concomitance of resilience and
fragmentation is not put in, it follows.

Approach (M19): an emir approaches one community at a time. With cleavages exploited, acceptance rises steeply with
marginality (neglect with cleavage): he offers protection to those whom state structures left aside. Switched off, all
are approached alike.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import emit
from sim.rules.forms import chance, clamp, rule, share
from sim.world.codes import REACHED
from sim.world.decisions import APPROACH
from sim.world.layout import TIES_PER_EMIR


@rule
def strength_of(p, m, q, e):
    """Return the strength of a tie from its three strands, in [0, 1]."""
    return 1.0 - (1.0 - p.matrimonial_weight * m) * (1.0 - p.pragmatic_weight * q) * (1.0 - p.economic_weight * e)


@rule
def approach(w, p, t, i):
    """An emir may win over one more community of his region, or trade a dead tie for it. Row: emir."""
    if p.on_embedding == 0:
        return
    e = w.emir
    r = w.region
    c = w.community
    k = e.region[i]
    n = r.communities[k]
    if n == 0 or e.dormant[i] == 1:
        return
    u = chance(w, t, e.identity[i], APPROACH, 0)
    pick = int(u * n)
    m = r.first_community[k] + pick
    # What is left of u after the pick is again uniform: one draw serves both questions.
    v = u * n - pick
    if p.on_cleavage_exploitation == 1:
        margin = 0.5 * (c.neglect[m] + c.cleavage[m])
        welcome = 4.0 * margin * margin * margin
    else:
        welcome = 0.35
    if v >= p.approach_rate * welcome * (0.5 + 0.5 * c.norm[m]):
        return
    base = i * TIES_PER_EMIR
    slot = -1
    weakest = 2.0
    for j in range(base, base + TIES_PER_EMIR):
        if w.tie.community[j] == m:
            return
        bond = -1.0
        if w.tie.community[j] >= 0:
            bond = strength_of(p, w.tie.matrimonial[j], w.tie.pragmatic[j], w.tie.economic[j])
            if c.region[w.tie.community[j]] == k:
                bond += 1.0
        if bond < weakest:
            weakest = bond
            slot = j
    if weakest >= 1.0:
        return
    wipe(w, slot)
    w.tie.community[slot] = m
    w.tie.pragmatic[slot] = 0.05
    c.reached[m] = 1
    if c.reached_month[m] < 0:
        c.reached_month[m] = t
        emit(w, t, REACHED, e.identity[i], w.organisation.identity[e.organisation[i]], c.identity[m], k, 0.5 * (c.neglect[m] + c.cleavage[m]), m)


@rule
def wipe(w, j):
    """Empty a place for a tie."""
    y = w.tie
    y.community[j] = -1
    y.matrimonial[j] = 0.0
    y.pragmatic[j] = 0.0
    y.economic[j] = 0.0
    y.fear[j] = 0.0
    y.money[j] = 0.0
    y.lesser_evil[j] = 0.0
    y.conviction[j] = 0.0


@rule
def invest(w, p, t, i):
    """Ties grow with effort and fade without; embedding is their mean over the people of the region. Row: emir."""
    e = w.emir
    if p.on_embedding == 0:
        e.ties[i] = 0.0
        return
    r = w.region
    c = w.community
    y = w.tie
    k = e.region[i]
    effort = clamp(p.embedding_effort + 0.4 * r.pressure[k] + 0.3 * e.agenda[i], 0.05, 1.0)
    effort *= 0.2 + 0.8 * e.purse[i] / (e.purse[i] + 1.0)
    if e.dormant[i] == 1:
        effort *= 0.4
    trade = math.sqrt(r.route_value[k])
    held = 0.0
    spent = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + TIES_PER_EMIR):
        m = y.community[j]
        if m < 0:
            continue
        here = 0.0
        if c.region[m] == k:
            here = effort
        y.matrimonial[j] += here * p.matrimonial_growth * (1.0 - y.matrimonial[j]) - p.matrimonial_fade * y.matrimonial[j]
        y.pragmatic[j] += here * p.pragmatic_growth * (1.0 - y.pragmatic[j]) - p.pragmatic_fade * y.pragmatic[j]
        y.economic[j] += here * p.economic_growth * trade * (1.0 - y.economic[j]) - p.economic_fade * y.economic[j]
        if c.region[m] == k:
            held += c.population[m] * strength_of(p, y.matrimonial[j], y.pragmatic[j], y.economic[j])
            spent += here * p.embedding_cost
    people = r.population[k]
    e.ties[i] = 0.0
    if people > 0.0:
        e.ties[i] = share(held / people)
    if spent > e.purse[i]:
        spent = e.purse[i]
    e.purse[i] -= spent
