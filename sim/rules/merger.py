"""M6 Merger and reconciliation: former fragments merge again under threat (JNIM 2017; B, T).

Two allies merge with hazard merger_hazard x trust x likeness x (what force has taken of them lately), more readily where they are kin or a broker
stands between them. The smaller is absorbed; the name and lineage of the larger go on, and a brand is kept. A group that broke away may come back to
a parent that still stands, or to whoever absorbed it, when it does not grow by itself (R0 below 1), by likeness of their lines; one that pledged to a
rival only as that rival's reach fades. Emirs of an absorbed organisation go over with their katibas.
"""

from __future__ import annotations

from sim.rules.alliances import likeness
from sim.rules.chronicling import attribute, emit
from sim.rules.divergence import distance
from sim.rules.forms import happens, part, positive, rule, share
from sim.rules.founding import join
from sim.rules.people import FOLDED, HOME, take, vacate
from sim.world.codes import BY_ABSORPTION, BY_PLEDGE, BY_RETURN, GLOBAL, JIHADIST, MERGER, NO_BRAND, RETURN
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
    threat = share(part(o.lost_to_force[a] + o.lost_to_force[b], o.strength[a] + o.strength[b]))
    kin = 0.0
    if o.lineage[a] == o.lineage[b]:
        kin = 1.0
    brokered = 0.0
    if y.broker[i] >= 0:
        brokered = 1.0
    alike = likeness(w, a, b)
    hazard = p.merger_hazard * y.trust[i] * alike * threat * (1.0 + kin + brokered)
    if not happens(w, t, o.identity[a], MERGE, o.identity[b], hazard):
        return
    if o.strength[b] > o.strength[a]:
        a, b = b, a
    row = absorb(w, t, b, a, BY_ABSORPTION, MERGER)
    attribute(w, row, beliefs=alike, brokerage=brokered, shared_threat=2.0 * threat)
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
    while g >= 0 and o.alive[g] == 0:
        g = o.heir[g]
    if g < 0 or g == i or o.katibas[i] <= 0:
        return
    failing = positive(1.0 - o.r0[i])
    apart = distance(o.agenda_line[i], o.rhetoric[i], o.information_line[i], o.agenda_line[g], o.rhetoric[g], o.information_line[g])
    warm = 1.0
    if o.origin[i] == BY_PLEDGE:
        warm = 1.0 - w.clock.rival[0]
    like = positive(1.0 - p.temptation * apart)
    if not happens(w, t, o.identity[i], COME_BACK, 0, p.return_hazard * failing * like * warm):
        return
    row = absorb(w, t, i, g, BY_RETURN, RETURN)
    attribute(w, row, beliefs=like, hardship=failing, shared_threat=share(part(o.lost_to_force[i], o.strength[i])))


@rule
def regroup(w, p, t, i):
    """A katiba whose organisation is gone follows its heir, or goes home if it left none. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    if o.alive[g] == 1:
        return
    h = o.heir[g]
    while h >= 0 and o.alive[h] == 0:
        h = o.heir[h]
    if h >= 0:
        join(w, t, i, h)
        return
    o.strength[g] = positive(o.strength[g] - e.strength[i])
    o.katibas[g] -= 1
    take(w, t, i, e.strength[i], FOLDED, HOME)
    vacate(w, i)
