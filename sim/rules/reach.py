"""M15 State capture and the reach of the state, which moves (B; T).

    dR/dt = reach_growth (1 - A)(1 - coup)(R* - R)  -  R [reach_loss A + collapse x coup x remoteness]
    A     = armed / (armed + room + garrison_weight x garrison)
    dC/dt = capture_gain x bribes / (bribes + 1) x (1 - horizon)(1 - C) - (capture_fade + clean_effect x policy) C

Reach comes back, slowly, with force that stays; it goes where armed groups outweigh the forces (they kill and drive out its people), and at once
where the state itself breaks (a coup), first at the margins. What it comes back to is what the state could do at the start. Where it is gone a group
governs: it taxes, judges, recruits (economy, recruitment), and founds katibas there.

Officials and votes are bought (B): an elite that lives for the month sells more cheaply. Captured institutions lower interdiction (smuggling), what
the forces learn (security), and the reach of the state as a fighter meets it: absence = 1 - R (1 - C).
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.forms import part, positive, rule, share
from sim.world.codes import CAPTURE


@rule
def drift(w, p, t, i):
    """Captured share and state reach of a region. Row: region."""
    r = w.region
    s = r.elite[i]
    before = r.capture[i]
    if p.on_state_capture == 1:
        bribes = r.bribes[i]
        gain = p.capture_gain * bribes / (bribes + 1.0) * (1.0 - w.elite.horizon[s]) * (1.0 - before)
        r.capture[i] = share(before + gain - (p.capture_fade + p.clean_effect * w.elite.clean[s]) * before)
        if before < 0.5 and r.capture[i] >= 0.5:
            emit(w, t, CAPTURE, r.elite[i], -1, -1, i, r.capture[i], 0)
    else:
        r.capture[i] = 0.0
    armed = part(r.armed_before[i], r.armed_before[i] + r.room[i] + p.garrison_weight * r.garrison[i])
    loss = p.reach_loss * armed + p.collapse * w.elite.coup[s] * r.remoteness[i]
    gain = p.reach_growth * (1.0 - armed) * (1.0 - w.elite.coup[s]) * positive(r.reach_start[i] - r.reach[i])
    if r.garrison[i] <= 0.0:
        gain = 0.0
    r.reach[i] = share(r.reach[i] + gain - share(loss) * r.reach[i])
