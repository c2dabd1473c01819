"""M25 Endings: collapse, absorption, amnesty, politics, residual survival (B, T; Jones & Libicki 2008).

An organisation without katibas, or below the strength that holds an organisation together, is over. How it ended is
what cost it most over the recent past: force, exits, amnesty, infighting or erosion. A negotiated settlement lets
rebels and militias leave for politics with hazard politics_hazard x openness; jihadists hardly ever take it. Absorption
and return are in merger. Switched off, a remnant always survives.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, risk, rule
from sim.world.codes import BY_AMNESTY, BY_EROSION, BY_FORCE, BY_FRAGMENTATION, BY_INFIGHTING, BY_POLITICS, ENDING, JIHADIST
from sim.world.decisions import POLITICS


@rule
def judge(w, p, t, i):
    """Whether an organisation is over, and why. Row: organisation."""
    if p.on_endings == 0:
        return
    o = w.organisation
    s = w.region.elite[o.home[i]]
    peace = w.elite.peace[s]
    how = -1
    if o.katibas[i] <= 0 or o.strength[i] < p.least_organisation:
        how = BY_EROSION
        most = o.lost_to_attrition[i]
        if o.lost_to_force[i] > most:
            most = o.lost_to_force[i]
            how = BY_FORCE
        if o.lost_to_exit[i] > most:
            most = o.lost_to_exit[i]
            how = BY_FRAGMENTATION
        if o.lost_to_amnesty[i] > most:
            most = o.lost_to_amnesty[i]
            how = BY_AMNESTY
        if o.lost_to_rivals[i] > most:
            how = BY_INFIGHTING
    elif peace > 0.0:
        will = 1.0 - 0.5 * o.brutality[i]
        if o.kind[i] == JIHADIST:
            will *= 0.03
        if chance(w, t, o.identity[i], POLITICS, 0) < risk(p.politics_hazard * peace * will):
            how = BY_POLITICS
    if how < 0:
        return
    row = emit(w, t, ENDING, o.leader[i], o.identity[i], -1, o.seat[i], o.peak[i], how)
    accommodation = o.lost_to_amnesty[i]
    if how == BY_POLITICS:
        accommodation += o.strength[i]
    attribute(
        w, row, 0.0, 0.0, 0.0, o.lost_to_exit[i], o.lost_to_rivals[i], o.lost_to_force[i], accommodation, 0.0, o.lost_to_attrition[i], 0.0, 0.0, 0.0
    )
    o.alive[i] = 0
    o.ended[i] = t
    o.ending[i] = how
    o.heir[i] = -1
