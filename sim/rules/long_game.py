"""M21 The long game: a residual presence is kept cheaply for its option value (T).

Lying low is chosen for what waiting is worth. Now and then an emir compares what a month of fighting does to his strength (recruits less what raids
take of it) with what a month in hiding would, which is nothing, nor does it cost upkeep. He lies low if hiding loses less *and* the
leadership's patience lets it (it discounts the future little); he comes back when fighting would make his people grow again, R0 > 1, which is when
cleavages deepen, the state goes or the forces leave. "Residual, but not wholly irrelevant" (T). Hiding needs people who keep silent: it is worth as
much as they do (B).
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, rule
from sim.rules.haven import shown
from sim.rules.recruitment import office
from sim.world.codes import DORMANCY, RE_EMERGENCE
from sim.world.decisions import DORMANT, WAKE


@rule
def rest(w, p, t, i):
    """A katiba lies low, or comes back. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    k = e.region[i]
    if e.dormant[i] == 0:
        fighting = e.gained[i] - e.lost[i]
        # An impatient leadership counts what it would not do in the meantime.
        better = -fighting > (1.0 - o.patience[g]) * p.home_rate
        if better and p.on_long_game == 1 and chance(w, t, e.identity[i], DORMANT, 0) < p.reconsider:
            e.dormant[i] = 1
            row = emit(w, t, DORMANCY, e.identity[i], o.identity[g], -1, k, e.strength[i], i)
            attribute(w, row, repression=e.lost[i], hardship=p.home_rate * e.hardship[i])
    elif chance(w, t, e.identity[i], WAKE, 0) < p.reconsider:
        # What his people would do a month if they came out, by the recruits and detections of this place.
        r = w.region
        raids = p.raid_size * p.detection * r.pressure[k] * r.intelligence[k] * shown(p, r, k) * e.tips[i]
        opened = p.stranger_reach + (1.0 - p.stranger_reach) * p.ties_recruit * e.ties[i]
        recruits = p.recruitment * office(p, o.institutions[g]) * opened * e.support[i] * r.grievance[k] * r.absence[k] * (1.0 - r.weariness[k])
        if recruits > raids + p.home_rate * (1.0 - p.office_hold * o.institutions[g]) or p.on_long_game == 0:
            e.dormant[i] = 0
            emit(w, t, RE_EMERGENCE, e.identity[i], o.identity[g], -1, k, e.strength[i], i)
