"""M21 The long game: a residual presence is kept cheaply for its option value (T).

A weak katiba under pressure in a patient organisation goes dormant, with hazard dormancy_rate x patience x pressure x
weakness x (1 - tips): it hides among people who keep silent, hardly recruits, costs little, and wears down slowly.
Where people inform there is no lying low (B: haven is a social space). It wakes with hazard waking_rate x (grievance
and cleavage of the place, cubed) x (1 - pressure): the option is exercised when cleavages deepen. "Residual, but not
wholly irrelevant" (T).
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, risk, rule
from sim.world.codes import DORMANCY, RE_EMERGENCE
from sim.world.decisions import DORMANT, WAKE


@rule
def rest(w, p, t, i):
    """A katiba lies low, or comes back. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    if e.dormant[i] == 0:
        if p.on_long_game == 0:
            return
        weak = p.weak_katiba / (p.weak_katiba + e.strength[i])
        hazard = p.dormancy_rate * o.patience[g] * (r.pressure[k] + 0.5 * e.hardship[i]) * weak * weak * (1.0 - e.tips[i])
        if chance(w, t, e.identity[i], DORMANT, 0) < risk(hazard):
            e.dormant[i] = 1
            row = emit(w, t, DORMANCY, e.identity[i], o.identity[g], -1, k, e.strength[i], i)
            attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.0, r.pressure[k], 0.0, 0.0, 0.5 * e.hardship[i], 0.0, 0.0, 0.0)
    else:
        call = 0.5 * (r.grievance[k] + r.margin[k])
        hazard = p.waking_rate * call * call * call * (1.0 - r.pressure[k]) * (1.0 - 0.7 * e.hardship[i])
        if chance(w, t, e.identity[i], WAKE, 0) < risk(hazard):
            e.dormant[i] = 0
            emit(w, t, RE_EMERGENCE, e.identity[i], o.identity[g], -1, k, e.strength[i], i)
