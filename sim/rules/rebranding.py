"""M24 Renewal by rebranding: a group in crisis globalises its rhetoric and joins a brand (GSPC to AQIM, 2007; B).

"The GSPC was in crisis because of its lack of support … To survive and renew its forces, the leadership decided to internationalize its rhetoric"
(B). The leadership weighs what the brand would send (money against upkeep, recruits against those who go home) by how global its own line is, against
the attention a brand draws to people whom force already takes. It looks the harder the worse its morale and want. The price comes by itself: its line
has moved, its aims have grown, and embedded emirs have not.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import clamp, happens, part, positive, rule, share
from sim.world.codes import BRAND_CHANGE, GLOBAL, JIHADIST, NO_BRAND
from sim.world.decisions import REBRAND


@rule
def consider(w, p, t, i):
    """Weigh the brand, and perhaps join. Row: organisation."""
    o = w.organisation
    if p.on_rebranding == 0 or o.kind[i] != JIHADIST or o.brand[i] != NO_BRAND or o.vacant[i] == 1:
        return
    s = o.strength[i]
    appeal = w.clock.cause[0]
    sent = share(part(p.brand_money * appeal, p.upkeep * s)) + share(part(p.brand_recruits * appeal, p.home_rate * s))
    drawn = p.brand_pressure * share(part(o.lost_to_force[i], s))
    crisis = share(1.0 - o.morale[i] + o.hardship[i])
    worth = positive(sent * (0.5 + 0.5 * o.rhetoric[i]) - drawn)
    if not happens(w, t, o.identity[i], REBRAND, 0, p.joining_hazard * crisis * worth):
        return
    o.brand[i] = GLOBAL
    o.rhetoric[i] = clamp(o.rhetoric[i] + 2.0 * p.means_step, -1.0, 1.0)
    o.aims[i] = share(o.aims[i] + p.means_step)
    if o.identity[i] == w.clock.focus[0]:
        w.measure.brand_joined[0] = 1.0 * t
    row = emit(w, t, BRAND_CHANGE, o.leader[i], o.identity[i], -1, o.seat[i], s, GLOBAL)
    attribute(w, row, beliefs=0.5 + 0.5 * o.rhetoric[i], repression=1.0 - o.morale[i], hardship=o.hardship[i])
