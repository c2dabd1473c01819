"""Recruits, want and going home: how a katiba grows and shrinks from month to month (SECOND 1).

Recruits bring recruits, from one pool that all katibas share, sisters too:

    mean from community k = recruitment x S_i x share_k x reach_ik x view_ik x g_k x a_k x room_k x office x (1 - weariness_k),

with share_k its part of the region's people, reach_ik what ties open (a stranger reaches few), view_ik the community's view (M9), g grievance, a
absence of the state, room_k = 1 - N_k / K_k (census) and office what routines add (institutions). A trickle comes without ties, from prisons and from
afar, and more of it to whoever flies a brand; nobody joins who lies low. How many come in all is one Poisson count, and who of them comes from
where is drawn in proportion to the means. People go home at a rate that want, gloom and an open amnesty raise and that institutions lower. The
*reproduction number* R0 of a katiba is what recruits would be in an untouched pool, over what it loses a month: home, raids, jail and graves.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import emit
from sim.rules.divergence import gloom
from sim.rules.forms import chance, count, part, ratio, rule, share, toward
from sim.rules.legitimacy import view
from sim.rules.people import AMNESTIED, FOLDED, HOME, HOMEWARD, come_in, hand_over, join_up, take, vacate
from sim.world.codes import GLOBAL, JIHADIST, KATIBA_LOST, RIVAL
from sim.world.decisions import DISPERSE, GO_HOME, OUTSIDER, RECRUIT, TAKE_AMNESTY
from sim.world.layout import TIES_PER_EMIR


@rule
def office(p, institutions):
    """Return what routines leave of a group's capacity to take in and train: full at 1."""
    return p.office_floor + (1.0 - p.office_floor) * institutions


@rule
def pull(w, p, j, k):
    """Return what draws people of the community at place j to a katiba in region k: their share of people, reach, view and grievance."""
    c = w.community
    y = w.tie
    m = y.community[j]
    if m < 0 or c.region[m] != k:
        return 0.0
    opened = p.stranger_reach + (1.0 - p.stranger_reach) * p.ties_recruit * y.bond[j]
    return part(c.population[m], w.region.population[k]) * opened * view(p, y, j) * c.grievance[m] * (1.0 - c.weariness[m])


@rule
def recruit(w, p, t, i):
    """A katiba's recruits of the month: how many is one count, and who of them comes from where is drawn in proportion. Row: emir."""
    e = w.emir
    o = w.organisation
    c = w.community
    y = w.tie
    g = e.organisation[i]
    k = e.region[i]
    capacity = p.recruitment * e.strength[i] * w.region.absence[k] * office(p, o.institutions[g])
    trickle = p.outsiders * e.strength[i]
    if o.kind[g] == JIHADIST:
        # Whom a cause moves, and who hears a leadership that speaks to it (B: "the younger generations willing to fight a global jihad").
        trickle *= 1.0 + p.cause_recruits * w.clock.cause[0] * (0.5 + 0.5 * o.rhetoric[g])
        if o.brand[g] == GLOBAL:
            trickle += p.brand_recruits * w.clock.cause[0] * part(e.counted[i], o.strength[g])
        elif o.brand[g] == RIVAL:
            trickle += p.brand_recruits * w.clock.rival[0] * part(e.counted[i], o.strength[g])
    if e.dormant[i] == 1:
        capacity = 0.0
        trickle = 0.0
    wanted = 0.0
    total = trickle
    base = i * TIES_PER_EMIR
    for j in range(base, base + e.places[i]):
        mean = capacity * pull(w, p, j, k)
        wanted += mean
        if mean > 0.0:
            total += mean * c.room[y.community[j]]
    came = 0.0
    n = count(w, t, e.identity[i], RECRUIT, 0, total)
    if n > 0.0:
        u = chance(w, t, e.identity[i], OUTSIDER, 0)
        seen = 0.0
        drawn = 0.0
        for j in range(base, base + e.places[i]):
            mean = capacity * pull(w, p, j, k)
            if mean > 0.0:
                seen += mean * c.room[y.community[j]]
                upto = float(math.floor(n * seen / total + u))
                came += join_up(w, i, j, upto - drawn)
                drawn = upto
        come_in(w, i, n - drawn)
        came += n - drawn
    o.newcomers[g] += came
    e.gained[i] = toward(e.gained[i], part(came, e.counted[i]), p.memory)
    leaves = p.home_rate * (1.0 - p.office_hold * o.institutions[g]) + e.lost[i]
    e.r0[i] = ratio(part(wanted + trickle, e.strength[i]), leaves)
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.recruits[0] += came


@rule
def wear(w, p, t, i):
    """People go home, for want, gloom or an open door. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    s = e.strength[i]
    weary = 1.0 + p.want * e.hardship[i] + p.gloom * (1.0 - o.morale[g])
    rate = p.home_rate * weary * (1.0 - p.office_hold * o.institutions[g])
    gone = take(w, t, i, count(w, t, e.identity[i], GO_HOME, 0, s * rate), HOMEWARD, HOME)
    o.lost_to_attrition[g] += gone
    open_door = w.elite.amnesty[r.elite[e.region[i]]]
    if open_door > 0.0 and p.on_exit_voice_loyalty == 1 and s > 0.0:
        taken = take(w, t, i, count(w, t, e.identity[i], TAKE_AMNESTY, 0, s * p.amnesty_rate * open_door * gloom(w, i)), AMNESTIED, HOME)
        o.lost_to_amnesty[g] += taken
        # Those who stay are those who believe: the remnant is hardened.
        harder = 0.5 * share(taken / s)
        e.belief[i] = toward(e.belief[i], 1.0, harder)
        e.loyalty[i] = toward(e.loyalty[i], 1.0, harder)


@rule
def fold(w, p, t, i):
    """A handful disperses by chance, exp(-S / dispersal) a month, or joins a sister katiba nearby; an empty katiba is gone. Row: emir."""
    e = w.emir
    o = w.organisation
    s = e.strength[i]
    if s >= p.dispersal * CERTAIN:
        return
    g = e.organisation[i]
    if s > 0.0 and chance(w, t, e.identity[i], DISPERSE, 0) >= disperses(p, s):
        return
    k = e.region[i]
    j = w.region.first_emir[k]
    if j >= 0 and j != i and e.alive[j] == 1 and e.organisation[j] == g and e.region[j] == k and s > 0.0:
        hand_over(w, t, i, j, s, FOLDED)
    else:
        o.lost_to_attrition[g] += take(w, t, i, s, FOLDED, HOME)
    emit(w, t, KATIBA_LOST, e.identity[i], o.identity[g], -1, k, s, i)
    vacate(w, i)
    o.katibas[g] -= 1


CERTAIN = 10.0
"""Multiples of ``dispersal`` from which nobody asks any more whether a katiba disperses (once in 20,000 months)."""


@rule
def disperses(p, s):
    """Return the chance that s people who are left go their ways this month."""
    return math.exp(-s / p.dispersal)
