"""M20 Displacement: pressure moves groups to the margins; some regions serve as logistic platforms (T).

A katiba looks at one adjoining region a month and compares, in one currency, what its strength would do a month: recruits and trade against
detections. Here it has what it has. There it begins as a stranger, of whom people tell and who reaches few. What it may become is made by who
would take it in (M19), by how far the leadership's patience lets it count on ties to come (B: the south was entered by marriage), and by how many are
under arms there already. It moves with chance move_rate x ease x logistic(move_sharpness (outlook there - outlook here)); under an order to
fall back only what it loses here counts.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.embedding import welcome
from sim.rules.forms import chance, part, rule, share, yields
from sim.rules.haven import shown
from sim.world.codes import RELOCATION
from sim.world.decisions import RELOCATE


@rule
def outlook(w, p, k, patience):
    """Return what a newcomer's strength would do a month in region k: recruits and what trade feeds, less what raids would take (1 / month)."""
    r = w.region
    c = w.community
    drawn = 0.0
    for m in range(r.first_community[k], r.first_community[k] + r.communities[k]):
        opened = p.stranger_reach
        if p.on_embedding == 1:
            opened += (1.0 - p.stranger_reach) * p.ties_recruit * p.pragmatic_weight * patience * welcome(p, c, m)
        drawn += part(c.population[m], r.population[k]) * opened * c.grievance[m] * (1.0 - c.weariness[m]) * c.room[m]
    recruits = p.recruitment * p.office_floor * p.lesser_evil_weight * r.absence[k] * drawn
    trade = p.home_rate * part(p.trade_income * 0.5 * r.route_value[k] * (1.0 - r.interdiction[k]), p.upkeep * (r.strength[k] + r.room[k]))
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
    if not yields(v / (p.move_rate * ease), p.move_sharpness * (outlook(w, p, there, o.patience[g]) - here)):
        return
    e.region[i] = there
    row = emit(w, t, RELOCATION, e.identity[i], o.identity[g], -1, there, e.strength[i], k)
    attribute(w, row, competition=p.home_rate * e.crowding[i], repression=e.lost[i], hardship=p.home_rate * e.hardship[i], autonomy=e.gained[i])
