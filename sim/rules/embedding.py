"""M7 Local embedding: matrimonial, pragmatic and economic ties, each with its own speed and durability (B), and M19 who accepts whom (T).

    dm/dt = a x matrimonial_growth (1 - m)                             slow, and for good
    dp/dt = a x pragmatic_growth (1 - p) - pragmatic_fade p            fast, short
    de/dt = a x economic_growth v (1 - e) - economic_fade e            needs trade v in the region

where a is the effort of the emir: more for one whose agenda is his own, less for one in want. Effort is all that a tie costs. A tie with a community
is 1 - (1 - w_m m)(1 - w_p p)(1 - w_e e); embedding is its mean over the people of his region.

Approach (M19): an emir asks one community at a time, and the *community* decides. It weighs what it is not given and fears from its neighbours
(neglect, cleavages, grievance) against what the state is worth to it (trust), what armed men have done to it, and how tired it is of war. Whoever is
left aside accepts first; within a region nobody aims at them (between regions a move weighs who would accept: see displacement). Switched off, all
answer alike.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import emit
from sim.rules.forms import chance, clamp, logistic, part, rule, share
from sim.rules.people import place_of, settle
from sim.world.codes import REACHED
from sim.world.decisions import APPROACH
from sim.world.layout import TIES_PER_EMIR


@rule
def strength_of(p, m, q, e):
    """Return the strength of a tie from its three strands, in [0, 1]."""
    return 1.0 - (1.0 - p.matrimonial_weight * m) * (1.0 - p.pragmatic_weight * q) * (1.0 - p.economic_weight * e)


@rule
def welcome(p, c, m):
    """Return how readily community m accepts an armed guest."""
    if p.on_cleavage_exploitation == 0:
        return 0.5
    wants = 0.5 * (c.neglect[m] + c.cleavage[m]) + c.grievance[m] + c.norm[m]
    return logistic(p.welcome_slope * (wants - 2.0 * c.trust[m] - c.harm_groups[m] - c.weariness[m]))


@rule
def approach(w, p, t, i):
    """An emir asks one more community of his region for shelter. Row: emir."""
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
    if v >= p.approach_rate or v >= p.approach_rate * welcome(p, c, m):
        return
    slot = place_of(w, i, m)
    if slot < 0:
        slot = weakest(w, p, i)
    if slot < 0 or (w.tie.community[slot] == m and (w.tie.pragmatic[slot] > 0.0 or p.on_embedding == 0)):
        return
    if w.tie.community[slot] != m:
        wipe(w, slot)
        settle(w, i, slot, m)
    if p.on_embedding == 0:
        # He may be among them, and they may come to him; but nobody is bound to anybody.
        return
    w.tie.pragmatic[slot] = p.pragmatic_growth
    c.reached[m] = 1
    if c.reached_month[m] < 0:
        c.reached_month[m] = t
        emit(w, t, REACHED, e.identity[i], w.organisation.identity[e.organisation[i]], c.identity[m], k, 0.5 * (c.neglect[m] + c.cleavage[m]), m)


@rule
def weakest(w, p, i):
    """Return the place of katiba i whose tie is weakest, weaker than a first one, and that nobody in its ranks comes from, or -1."""
    found = -1
    least = p.pragmatic_growth
    for j in range(i * TIES_PER_EMIR, (i + 1) * TIES_PER_EMIR):
        if w.tie.fighters[j] <= 0.0 and w.tie.bond[j] < least:
            least = w.tie.bond[j]
            found = j
    return found


@rule
def wipe(w, j):
    """Empty a place for a tie."""
    y = w.tie
    y.community[j] = -1
    y.fighters[j] = 0.0
    y.matrimonial[j] = 0.0
    y.pragmatic[j] = 0.0
    y.economic[j] = 0.0
    y.fear[j] = 0.0
    y.money[j] = 0.0
    y.lesser_evil[j] = 0.0
    y.conviction[j] = 0.0
    y.harm[j] = 0.0
    y.bond[j] = 0.0


@rule
def bind(w, p, j):
    """Take the tie at place j together from its three strands."""
    y = w.tie
    y.bond[j] = strength_of(p, y.matrimonial[j], y.pragmatic[j], y.economic[j])


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
    # An agenda of one's own (+1) doubles the effort, one that is all the cause's (-1) leaves none.
    effort = clamp(p.embedding_effort * (1.0 + e.agenda[i]), 0.0, 1.0)
    effort *= 1.0 - e.hardship[i]
    if e.dormant[i] == 1:
        effort *= 0.5
    trade = math.sqrt(r.route_value[k])
    held = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + e.places[i]):
        m = y.community[j]
        if m < 0:
            continue
        here = 0.0
        if c.region[m] == k:
            here = effort
        y.matrimonial[j] += here * p.matrimonial_growth * (1.0 - y.matrimonial[j])
        y.pragmatic[j] += here * p.pragmatic_growth * (1.0 - y.pragmatic[j]) - p.pragmatic_fade * y.pragmatic[j]
        y.economic[j] += here * p.economic_growth * trade * (1.0 - y.economic[j]) - p.economic_fade * y.economic[j]
        bind(w, p, j)
        if c.region[m] == k:
            held += c.population[m] * y.bond[j]
    e.ties[i] = share(part(held, r.population[k]))
