"""M11 Competition: armed groups compete for recruits, rents and communities (B; Bloom 2005).

Crowding of a katiba is the share of others, allies and its own organisation apart, in the armed presence around it. It
takes recruits (recruitment), raises tempo (outbidding: violence), feeds discontent (exit) and, where the two strongest
groups are not allied, costs lives (infighting), the more so the more brutal they are.
"""

from __future__ import annotations

from sim.rules.forms import chance, risk, rule, share
from sim.world.decisions import INFIGHT


@rule
def allied(w, a, b):
    """Return 1 if two organisations are allied."""
    if a < 0 or b < 0:
        return 0
    o = w.organisation
    if o.ally_1[a] == b or o.ally_2[a] == b or o.ally_3[a] == b or o.ally_4[a] == b:
        return 1
    return 0


@rule
def crowd(w, p, t, i):
    """Crowding around a katiba: of those nearby, the strongest other group stands for the rest. Row: emir."""
    e = w.emir
    r = w.region
    if p.on_competition == 0:
        e.crowding[i] = 0.0
        return
    k = e.region[i]
    g = e.organisation[i]
    other = r.first_group[k]
    size = r.first_strength[k]
    if other == g:
        other = r.second_group[k]
        size = r.second_strength[k]
    if other < 0:
        e.crowding[i] = 0.0
        return
    x = size / (size + e.strength[i] + p.crowding_room)
    if allied(w, g, other) == 1:
        x *= 0.3
    e.crowding[i] = share(x)


@rule
def fight(w, p, t, i):
    """Infighting between the two strongest groups of a region, if they are not allied. Row: region."""
    r = w.region
    r.clash[i] = 0.0
    if p.on_competition == 0:
        return
    a = r.first_group[i]
    b = r.second_group[i]
    if a < 0 or b < 0:
        return
    o = w.organisation
    if o.alive[a] == 0 or o.alive[b] == 0 or allied(w, a, b) == 1:
        return
    # Rival brands fight, and so do the brutal; groups of one brand mostly leave one another be.
    heat = 0.5 * (o.brutality[a] + o.brutality[b])
    if o.brand[a] != o.brand[b] or o.kind[a] != o.kind[b]:
        heat += 0.2
    overlap = 2.0 * r.second_strength[i] / (r.first_strength[i] + r.second_strength[i] + p.crowding_room)
    if chance(w, t, o.identity[a], INFIGHT, i) < risk(p.infighting_hazard * heat * overlap):
        r.clash[i] = p.infighting_loss


@rule
def suffer(w, p, t, i):
    """A katiba's losses where groups fight one another: each loses in proportion to the other's share. Row: emir."""
    if p.on_competition == 0:
        return
    e = w.emir
    o = w.organisation
    r = w.region
    k = e.region[i]
    if r.clash[k] <= 0.0:
        return
    g = e.organisation[i]
    if g != r.first_group[k] and g != r.second_group[k]:
        return
    lost = r.clash[k] * e.crowding[i] * e.strength[i]
    e.strength[i] -= lost
    o.lost_to_rivals[g] += lost
    r.violence[k] += 0.1 * lost
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.infighting[0] += lost
