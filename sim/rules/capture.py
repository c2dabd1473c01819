"""M15 State capture: officials and votes are bought, barons become notables (B).

    dC/dt = capture_gain x b / (b + 1) x (1 - C) - capture_fade x C - clean_effect x policy x C

Captured institutions outlast the conflict that made them cheap: capture_fade is small, and a notable keeps paying.
Capture lowers interdiction (M14), the reach of the state as a fighter meets it (M8), and what its forces learn (M3).
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.forms import rule, share
from sim.world.codes import CAPTURE


@rule
def drift(w, p, t, i):
    """Captured share and state reach of a region. Row: region."""
    r = w.region
    s = r.elite[i]
    before = r.capture[i]
    if p.on_state_capture == 1:
        bribes = r.bribes[i]
        gain = p.capture_gain * bribes / (bribes + 1.0) * (1.0 - before)
        r.capture[i] = share(before + gain - (p.capture_fade + p.clean_effect * w.elite.clean[s]) * before)
        if before < 0.5 and r.capture[i] >= 0.5:
            emit(w, t, CAPTURE, r.elite[i], -1, -1, i, r.capture[i], 0)
    else:
        r.capture[i] = 0.0
    r.reach[i] = r.reach_start[i] * (1.0 - w.elite.coup[s] * (0.3 + 0.7 * r.remoteness[i]))
