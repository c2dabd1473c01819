"""Recruits, want and wear: how a katiba grows and shrinks from month to month.

Recruits come from communities with grievance, more readily by conviction and the lesser evil than by fear, are shared
with rivals (M11), deterred by repression (the suppression side of M17) and joined by outsiders drawn by a brand and a
cause (M24). They are a Poisson draw around that mean. Katibas wear down at a base rate, faster where money is short,
and under repression whoever is near. Amnesty takes those who see no future, and those who remain are the harder ones
(FACTS 12).
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.divergence import gloom
from sim.rules.forms import chance, clamp, positive, rule, toward
from sim.world.codes import JIHADIST, KATIBA_LOST, NO_BRAND, RIVAL
from sim.world.decisions import RECRUIT
from sim.world.draws import poisson_quantile
from sim.world.layout import TIES_PER_EMIR


@rule
def recruit(w, p, t, i):
    """A katiba's recruits of the month. Row: emir."""
    e = w.emir
    o = w.organisation
    c = w.community
    r = w.region
    y = w.tie
    g = e.organisation[i]
    k = e.region[i]
    pool = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + TIES_PER_EMIR):
        m = y.community[j]
        if m >= 0 and c.region[m] == k:
            view = 0.1 * y.fear[j] + 0.5 * y.money[j] + 0.8 * y.lesser_evil[j] + 1.2 * y.conviction[j]
            pool += c.population[m] * c.grievance[m] * view * (0.5 + c.socialisation[m])
    # A local rhetoric speaks to local grievances; a global one to whoever the cause moves.
    tongue = 1.0 - 0.25 * (1.0 + o.rhetoric[g]) * (1.0 - w.clock.cause[0])
    saturation = 1.0 / (1.0 + r.strength[k] / (p.recruitable * (1.0 + r.population[k])))
    mean = p.recruitment_rate * pool * tongue * saturation * (0.5 + e.skill[i]) * (1.0 - 0.7 * e.crowding[i])
    mean *= 1.0 - p.suppression * r.repression[k]
    mean *= 1.0 + p.fame_recruits * o.fame[g] / (o.fame[g] + 5.0)
    if o.kind[g] == JIHADIST and o.brand[g] != NO_BRAND:
        reach = w.clock.cause[0]
        if o.brand[g] == RIVAL:
            reach = w.clock.rival[0]
        mean += p.brand_recruits * reach * (1.0 - r.pressure[k]) * e.strength[i] / (e.strength[i] + 60.0)
    if e.dormant[i] == 1:
        mean *= p.dormant_recruitment
    if o.disruption[g] > 0.0:
        mean *= 0.7
    mean = clamp(mean, 0.0, 0.15 * e.strength[i] + 2.0)
    n = poisson_quantile(chance(w, t, e.identity[i], RECRUIT, 0), mean)
    e.strength[i] += n
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.recruits[0] += n


@rule
def wear(w, p, t, i):
    """Attrition, want and repression wear a katiba down; amnesty draws fighters away; below the least it can hold, it is gone. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    s = e.strength[i]
    quiet = 1.0
    if e.dormant[i] == 1:
        quiet = p.dormant_attrition
    attrition = s * quiet * (p.attrition + p.want_attrition * e.hardship[i])
    o.lost_to_attrition[g] += attrition
    worn = s * quiet * p.repression_attrition * r.repression[k] * (1.0 - 0.6 * e.haven[i])
    o.lost_to_force[g] += worn
    open_door = w.elite.amnesty[r.elite[k]]
    taken = 0.0
    if open_door > 0.0 and p.on_exit_voice_loyalty == 1:
        taken = s * p.amnesty_rate * open_door * gloom(w, i) * (1.0 - 0.5 * e.support[i])
        o.lost_to_amnesty[g] += taken
        # Those who stay believe more: the remnant is hardened.
        if s > 0.0:
            harder = taken / s
            e.belief[i] = toward(e.belief[i], 1.0, 0.5 * harder)
            e.loyalty[i] = toward(e.loyalty[i], 1.0, 0.5 * harder)
    e.strength[i] = positive(s - attrition - worn - taken)


@rule
def fold(w, p, t, i):
    """A katiba too small to hold together is gone; its last people join a sister katiba nearby if there is one (the strongest there). Row: emir."""
    e = w.emir
    o = w.organisation
    if e.strength[i] >= p.least_katiba:
        return
    g = e.organisation[i]
    if p.on_endings == 0 and o.katibas[g] <= 1:
        e.strength[i] = p.least_katiba
        return
    k = e.region[i]
    j = w.region.first_emir[k]
    if j >= 0 and j != i and w.emir.alive[j] == 1 and e.organisation[j] == g:
        e.strength[j] += e.strength[i]
    else:
        o.lost_to_attrition[g] += e.strength[i]
    emit(w, t, KATIBA_LOST, e.identity[i], o.identity[g], -1, k, e.strength[i], i)
    e.strength[i] = 0.0
    e.alive[i] = 0
    o.katibas[g] -= 1
