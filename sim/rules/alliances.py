"""M12 Shifting alliances: precarious, constantly renegotiated (B; Bencherif & Campana 2017).

The two strongest groups of a region may ally, with hazard alliance_hazard x (shared pressure + 0.2) x compatibility,
more readily through a broker (M10). Trust grows with shared pressure and time. An alliance breaks with hazard
break_hazard x (0.3 + volatility_gain x volatility) x (1 - trust) x (1 + shift), where volatility is that of the elites'
bargains where the allies met (M13) and shift is how far their balance of power has moved since the deal: partners
renegotiate when it no longer mirrors their weight. Switched off, no alliance is made or broken.
"""

from __future__ import annotations

from sim.rules.census import befriend
from sim.rules.chronicling import attribute, emit
from sim.rules.competition import allied
from sim.rules.forms import chance, risk, rule, share, toward
from sim.world.codes import ALLIANCE_BROKEN, ALLIANCE_MADE, GLOBAL, RIVAL
from sim.world.decisions import ALLY, BREAK

MOST_ALLIES = 4


@rule
def compatible(w, a, b):
    """Return how readily two organisations deal with one another, by brand, kind, rhetoric and brutality."""
    o = w.organisation
    x = 1.0
    if (o.brand[a] == RIVAL and o.brand[b] == GLOBAL) or (o.brand[a] == GLOBAL and o.brand[b] == RIVAL):
        x = 0.05
    if o.kind[a] != o.kind[b]:
        x *= 0.5
    apart = o.rhetoric[a] - o.rhetoric[b]
    if apart < 0.0:
        apart = -apart
    return x * (1.0 - 0.3 * apart) * (1.0 - 0.4 * (o.brutality[a] + o.brutality[b]) * 0.5)


@rule
def meet(w, p, t, i):
    """The two strongest groups of a region may ally of themselves. Row: region."""
    r = w.region
    a = r.first_group[i]
    b = r.second_group[i]
    if p.on_shifting_alliances == 0 or a < 0 or b < 0:
        return
    o = w.organisation
    if o.alive[a] == 0 or o.alive[b] == 0 or allied(w, a, b) == 1:
        return
    hazard = p.alliance_hazard * (0.2 + r.pressure[i]) * compatible(w, a, b)
    if chance(w, t, o.identity[a], ALLY, i) < risk(hazard):
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
            y.trust[j] = 0.2
            y.made[j] = t
            y.broker[j] = broker
            y.region[j] = k
            y.balance[j] = o.strength[a] / (o.strength[a] + o.strength[b] + 1.0)
            befriend(w, a, b)
            befriend(w, b, a)
            who = o.leader[a]
            brokered = 0.0
            if broker >= 0:
                who = w.broker.identity[broker]
                brokered = w.broker.standing_groups[broker]
            row = emit(w, t, ALLIANCE_MADE, who, o.identity[a], o.identity[b], k, y.balance[j], broker)
            attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, brokered, w.region.pressure[k])
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
    threat = w.region.pressure[k]
    y.trust[i] = share(toward(y.trust[i], 0.4 + 0.5 * threat, p.trust_growth))
    shift = o.strength[a] / (o.strength[a] + o.strength[b] + 1.0) - y.balance[i]
    if shift < 0.0:
        shift = -shift
    volatility = w.elite.volatility[w.region.elite[k]]
    swing = p.volatility_gain * volatility
    hazard = p.break_hazard * (0.3 + swing) * (1.0 - y.trust[i]) * (1.0 + 3.0 * shift) / (0.3 + compatible(w, a, b))
    if chance(w, t, o.identity[a], BREAK, i) < risk(hazard):
        y.alive[i] = 0
        row = emit(w, t, ALLIANCE_BROKEN, o.leader[a], o.identity[a], o.identity[b], k, 1.0 * (t - y.made[i]), y.broker[i])
        attribute(w, row, 0.0, 0.0, 0.0, 0.0, 3.0 * shift, 0.0, 0.0, 0.0, 0.0, 0.0, swing, 0.0)
