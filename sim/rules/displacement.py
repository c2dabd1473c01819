"""M20 Displacement: pressure moves groups to the margins; some regions serve as logistic platforms (T).

A katiba looks at one adjoining region a month and compares, in one currency, what its strength would do a month: recruits and trade against detections.
There it would be a stranger, who reaches few and of whom people tell; here it has its ties. It moves with chance move_rate x ease x
logistic(move_sharpness (outlook there - outlook here)); an order to fall back weighs nothing here, so that any quieter place will do.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, logistic, part, rule, share
from sim.rules.haven import shown
from sim.world.codes import RELOCATION
from sim.world.decisions import RELOCATE


@rule
def outlook(w, p, k):
    """Return what a stranger's strength would do a month in region k: recruits and what trade feeds, against what he would lose to raids (1 / month)."""
    r = w.region
    recruits = p.recruitment * p.stranger_reach * p.lesser_evil_weight * r.grievance[k] * r.absence[k] * (1.0 - r.weariness[k])
    trade = p.home_rate * part(p.trade_income * 0.5 * r.route_value[k] * (1.0 - r.interdiction[k]), p.upkeep * (r.strength[k] + p.presence_room))
    tips = p.tips_floor + (1.0 - p.tips_floor) * r.informers[k]
    raids = p.raid_size * p.detection * r.pressure[k] * r.intelligence[k] * shown(p, r, k) * tips
    return recruits + share(trade) - raids


@rule
def move(w, p, t, i):
    """A katiba stays or goes. Row: emir."""
    if p.on_displacement == 0:
        return
    e = w.emir
    o = w.organisation
    r = w.region
    k = e.region[i]
    g = e.organisation[i]
    n = r.edges[k]
    if n == 0:
        return
    u = chance(w, t, e.identity[i], RELOCATE, 0)
    pick = int(u * n)
    edge = r.first_edge[k] + pick
    there = w.edge.to[edge]
    ease = w.edge.ease[edge]
    # What is left of u after the pick is again uniform: one draw serves both questions.
    v = u * n - pick
    if v >= p.move_rate * ease:
        return
    here = e.gained[i] - e.lost[i] - p.want * p.home_rate * e.hardship[i]
    if o.retreat[g] > 0.0:
        here = -e.lost[i]
    gain = outlook(w, p, there) - here
    if v >= p.move_rate * ease * logistic(p.move_sharpness * gain):
        return
    e.region[i] = there
    row = emit(w, t, RELOCATION, e.identity[i], o.identity[g], -1, there, e.strength[i], k)
    attribute(w, row, competition=p.home_rate * e.crowding[i], repression=e.lost[i], hardship=p.home_rate * e.hardship[i], autonomy=e.gained[i])
