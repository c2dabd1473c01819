"""M12 Shifting alliances: precarious, constantly renegotiated (B; Bencherif & Campana 2017).

The two strongest groups of a region ally, and stay allied, while both expect to gain:

    gain = threat (share of people lost to force lately) + likeness + trust - crowding - volatility - shift - 1/2

with likeness by brand, kind, aims and rhetoric, crowding what they take from one another in the same place, volatility that of the elites' bargains
where they met (M13), and shift how far the balance of power has moved since the deal: partners renegotiate when it no longer mirrors their weight.
Two sides that do not trust each other (likeness below one half) do not meet without a broker (M10). Trust grows while an alliance holds. Switched
off, no alliance is made or broken.
"""

from __future__ import annotations

from sim.rules.census import befriend
from sim.rules.chronicling import attribute, emit
from sim.rules.competition import allied
from sim.rules.forms import befalls, chance, logistic, part, rule, share, toward
from sim.world.codes import ALLIANCE_BROKEN, ALLIANCE_MADE, GLOBAL, RIVAL
from sim.world.decisions import ALLY, BREAK

MOST_ALLIES = 4


@rule
def likeness(w, a, b):
    """Return how alike two organisations are in brand, kind, aims and rhetoric, in [0, 1]."""
    o = w.organisation
    if (o.brand[a] == RIVAL and o.brand[b] == GLOBAL) or (o.brand[a] == GLOBAL and o.brand[b] == RIVAL):
        return 0.0
    x = 1.0
    if o.kind[a] != o.kind[b]:
        x = 0.5
    apart = 0.5 * (o.rhetoric[a] - o.rhetoric[b])
    if apart < 0.0:
        apart = -apart
    aims = o.aims[a] - o.aims[b]
    if aims < 0.0:
        aims = -aims
    return x * (1.0 - 0.5 * (apart + aims))


@rule
def gain(w, a, b, k, trust, shift):
    """Return what two groups expect of an alliance in region k."""
    o = w.organisation
    threat = share(part(o.lost_to_force[a] + o.lost_to_force[b], o.strength[a] + o.strength[b]))
    return threat + likeness(w, a, b) + trust - 0.5 * (o.crowding[a] + o.crowding[b]) - w.elite.volatility[w.region.elite[k]] - shift - 0.5


@rule
def meet(w, p, t, i):
    """The two strongest groups of a region may ally of themselves. Row: region."""
    r = w.region
    a = r.first_group[i]
    b = r.second_group[i]
    if p.on_shifting_alliances == 0 or a < 0 or b < 0:
        return
    o = w.organisation
    if o.alive[a] == 0 or o.alive[b] == 0 or allied(w, a, b) == 1 or likeness(w, a, b) < 0.5:
        return
    hazard = p.alliance_hazard * logistic(p.choice_slope * gain(w, a, b, i, 0.0, 0.0))
    if befalls(chance(w, t, o.identity[a], ALLY, o.identity[b]), hazard):
        ally(w, p, t, a, b, i, -1)


@rule
def ally(w, p, t, a, b, k, broker):
    """Two organisations ally in region k; return 1 if there was room for it."""
    o = w.organisation
    y = w.alliance
    if o.allies[a] >= MOST_ALLIES or o.allies[b] >= MOST_ALLIES:
        return 0
    n = y.alive.shape[0]
    start = w.clock.next_alliance[0]
    for step in range(n):
        j = start + step
        if j >= n:
            j -= n
        if y.alive[j] == 0:
            w.clock.next_alliance[0] = j
            y.alive[j] = 1
            y.one[j] = a
            y.other[j] = b
            y.trust[j] = 0.0
            y.made[j] = t
            y.broker[j] = broker
            y.region[j] = k
            y.balance[j] = part(o.strength[a], o.strength[a] + o.strength[b])
            befriend(w, a, b)
            befriend(w, b, a)
            who = o.leader[a]
            brokered = 0.0
            if broker >= 0:
                who = w.broker.identity[broker]
                brokered = w.broker.standing_groups[broker]
            row = emit(w, t, ALLIANCE_MADE, who, o.identity[a], o.identity[b], k, y.balance[j], broker)
            threat = share(part(o.lost_to_force[a] + o.lost_to_force[b], o.strength[a] + o.strength[b]))
            attribute(w, row, beliefs=likeness(w, a, b), brokerage=brokered, shared_threat=threat)
            return 1
    w.clock.refused[0] += 1
    return 0


@rule
def renegotiate(w, p, t, i):
    """An alliance holds, or breaks. Row: alliance."""
    y = w.alliance
    o = w.organisation
    a = y.one[i]
    b = y.other[i]
    if o.alive[a] == 0 or o.alive[b] == 0:
        y.alive[i] = 0
        return
    w.measure.alliance_months[0] += 1.0
    if p.on_shifting_alliances == 0:
        return
    k = y.region[i]
    y.trust[i] = share(toward(y.trust[i], 1.0, p.memory))
    shift = part(o.strength[a], o.strength[a] + o.strength[b]) - y.balance[i]
    if shift < 0.0:
        shift = -shift
    x = gain(w, a, b, k, y.trust[i], shift)
    if befalls(chance(w, t, o.identity[a], BREAK, o.identity[b]), p.break_hazard * logistic(-p.choice_slope * x)):
        y.alive[i] = 0
        row = emit(w, t, ALLIANCE_BROKEN, o.leader[a], o.identity[a], o.identity[b], k, 1.0 * (t - y.made[i]), y.broker[i])
        volatile = w.elite.volatility[w.region.elite[k]]
        attribute(w, row, competition=shift + 0.5 * (o.crowding[a] + o.crowding[b]), brokerage=volatile, beliefs=1.0 - likeness(w, a, b))
