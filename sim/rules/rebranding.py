"""M24 Renewal by rebranding: a group in crisis globalises its rhetoric and joins a brand (GSPC to AQIM, 2007; B).

"The GSPC was in crisis because of its lack of support … To survive and renew its forces, the leadership decided to
internationalize its rhetoric" (B). Crisis is cold support, want and distance from the peak. In a crisis rhetoric climbs
with the appeal of the global cause; the hazard of joining grows with crisis, appeal and rhetoric. Joining brings reach
(recruits and money from afar, while the brand lasts) and pressure; its price comes by itself: the leadership's line has
moved, and embedded emirs have not.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, clamp, risk, rule, share
from sim.world.codes import BRAND_CHANGE, GLOBAL, JIHADIST, NO_BRAND
from sim.world.decisions import REBRAND


@rule
def consider(w, p, t, i):
    """Globalise, and perhaps join. Row: organisation."""
    o = w.organisation
    if p.on_rebranding == 0 or o.kind[i] != JIHADIST or o.brand[i] != NO_BRAND:
        return
    fallen = 0.0
    if o.peak[i] > 0.0:
        fallen = share(1.0 - o.strength[i] / o.peak[i])
    crisis = share(0.4 * (1.0 - o.support[i]) + 0.4 * fallen + 0.2 * o.hardship[i])
    appeal = w.clock.cause[0]
    o.rhetoric[i] = clamp(o.rhetoric[i] + p.globalising_rate * crisis * appeal, -1.0, 1.0)
    hazard = p.joining_hazard * crisis * crisis * appeal * 0.5 * (1.0 + o.rhetoric[i])
    if chance(w, t, o.identity[i], REBRAND, 0) < risk(hazard):
        o.brand[i] = GLOBAL
        o.rhetoric[i] = clamp(o.rhetoric[i] + p.joining_step, -1.0, 1.0)
        o.treasury[i] += p.brand_money * 12.0
        if o.identity[i] == w.clock.focus[0]:
            w.measure.brand_joined[0] = float(t)
        row = emit(w, t, BRAND_CHANGE, o.leader[i], o.identity[i], -1, o.seat[i], o.strength[i], GLOBAL)
        speech = 0.5 * (1.0 + o.rhetoric[i]) * appeal
        want = 0.4 * (1.0 - o.support[i]) + 0.2 * o.hardship[i]
        attribute(w, row, 0.0, speech, 0.0, 0.0, 0.0, 0.4 * fallen, 0.0, 0.0, want, 0.0, 0.0, 0.0)
