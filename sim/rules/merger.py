"""M6 Merger and reconciliation: former fragments merge again under threat (JNIM 2017; B, T).

Two allies merge with hazard merger_hazard x trust x (0.1 + shared pressure) x compatibility x (1 + brokered) x (1 +
kinship). The smaller is absorbed; the name and lineage of the larger go on, and a brand is kept. A group that broke
away may also come back to a parent that still stands, with hazard return_hazard x weakness x (0.2 + pressure) x
likeness x warmth: autonomy sought is more easily undone than a pledge to a rival. Emirs of an absorbed organisation go
over with their katibas.
"""

from __future__ import annotations

from sim.rules.alliances import compatible
from sim.rules.chronicling import attribute, emit
from sim.rules.divergence import distance
from sim.rules.forms import chance, positive, risk, rule
from sim.rules.founding import join
from sim.world.codes import BY_ABSORPTION, BY_AUTONOMY, BY_PLEDGE, BY_RETURN, GLOBAL, JIHADIST, MERGER, NO_BRAND, RETURN
from sim.world.decisions import COME_BACK, MERGE


@rule
def merge(w, p, t, i):
    """Two allies merge. Row: alliance."""
    if p.on_merger == 0:
        return
    y = w.alliance
    o = w.organisation
    a = y.one[i]
    b = y.other[i]
    if o.alive[a] == 0 or o.alive[b] == 0:
        return
    k = y.region[i]
    threat = w.region.pressure[k]
    kin = 0.0
    if o.lineage[a] == o.lineage[b]:
        kin = 1.0
    brokered = 0.0
    if y.broker[i] >= 0:
        brokered = 1.0
    alike = compatible(w, a, b)
    hazard = p.merger_hazard * y.trust[i] * (0.1 + threat) * alike * alike * (1.0 + p.broker_merger * brokered) * (1.0 + kin)
    if chance(w, t, o.identity[a], MERGE, i) >= risk(hazard):
        return
    if o.strength[b] > o.strength[a]:
        a, b = b, a
    row = absorb(w, t, b, a, BY_ABSORPTION, MERGER)
    attribute(w, row, 0.0, alike, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, brokered, 2.0 * threat)
    y.alive[i] = 0


@rule
def absorb(w, t, b, a, ending, kind):
    """Organisation b goes into a; return the row of the log. Its katibas go over when they are next called."""
    o = w.organisation
    row = emit(w, t, kind, o.leader[b], o.identity[a], o.identity[b], o.seat[b], o.strength[b], b)
    o.alive[b] = 0
    o.ended[b] = t
    o.ending[b] = ending
    o.heir[b] = a
    o.treasury[a] += o.treasury[b]
    o.treasury[b] = 0.0
    if o.brand[a] == NO_BRAND and o.brand[b] == GLOBAL and o.kind[a] == JIHADIST:
        o.brand[a] = GLOBAL
    return row


@rule
def come_back(w, p, t, i):
    """A group that broke away returns to its parent, or to whoever absorbed it. Row: organisation."""
    if p.on_merger == 0:
        return
    o = w.organisation
    g = o.parent[i]
    if g < 0:
        return
    if o.alive[g] == 0:
        g = o.heir[g]
        if g < 0 or g == i or o.alive[g] == 0:
            return
    weak = 50.0 / (50.0 + o.strength[i])
    k = o.seat[i]
    threat = w.region.pressure[k]
    apart = distance(p, o.agenda_line[i], o.rhetoric[i], o.information_line[i], o.agenda_line[g], o.rhetoric[g], o.information_line[g])
    warm = 0.6
    if o.origin[i] == BY_AUTONOMY:
        warm = 1.0
    elif o.origin[i] == BY_PLEDGE:
        warm = 0.15 * (1.0 - w.clock.rival[0])
    like = 1.0 - apart
    hazard = p.return_hazard * weak * (0.2 + threat) * like * like * warm
    if t - o.born[i] < 6 or chance(w, t, o.identity[i], COME_BACK, 0) >= risk(hazard):
        return
    row = absorb(w, t, i, g, BY_RETURN, RETURN)
    attribute(w, row, 0.0, like, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, weak, 0.0, 0.0, threat)


@rule
def regroup(w, p, t, i):
    """A katiba whose organisation is gone follows its heir, or goes home if it left none. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    if o.alive[g] == 1:
        return
    h = o.heir[g]
    if h >= 0 and o.alive[h] == 1:
        join(w, t, i, h)
        return
    o.strength[g] = positive(o.strength[g] - e.strength[i])
    o.katibas[g] -= 1
    e.strength[i] = 0.0
    e.alive[i] = 0
