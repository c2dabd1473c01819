"""M11 Competition: armed groups compete for recruits, rents and communities (B; Bloom 2005).

They draw on one pool (recruitment) and one trade (economy), whoever they are; that needs no rule here. Crowding of a katiba is the part of the
strongest other, not allied, group in the armed presence around it: it drives posture (leadership: outbidding) and discontent (exit), and where the
two strongest are not allied it costs lives: each loses by the other's strength, the likelier they meet the more brutal they are and where brand or
kind divides them. Switched off, groups in one region neither heed nor fight one another.
"""

from __future__ import annotations

from sim.rules.chronicling import blame, inflict, record
from sim.rules.forms import befalls, chance, count, part, rule, share
from sim.rules.people import CLASHED, DEAD, take
from sim.world.codes import NON_STATE
from sim.world.decisions import CLASH, INFIGHT


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
    e.crowding[i] = 0.0
    if p.on_competition == 0:
        return
    k = e.region[i]
    g = e.organisation[i]
    other = r.first_group[k]
    size = r.first_strength[k]
    if other == g:
        other = r.second_group[k]
        size = r.second_strength[k]
    if other < 0 or allied(w, g, other) == 1:
        return
    e.crowding[i] = share(part(size, size + e.strength[i] + r.room[k]))


@rule
def fight(w, p, t, i):
    """Whether the two strongest groups of a region fight this month. Row: region."""
    r = w.region
    r.clash[i] = 0
    if p.on_competition == 0:
        return
    a = r.first_group[i]
    b = r.second_group[i]
    if a < 0 or b < 0:
        return
    o = w.organisation
    if o.alive[a] == 0 or o.alive[b] == 0 or allied(w, a, b) == 1:
        return
    heat = 0.5 * (o.brutality[a] + o.brutality[b])
    if o.brand[a] != o.brand[b] or o.kind[a] != o.kind[b]:
        heat += 0.5
    overlap = part(2.0 * r.second_strength[i], r.first_strength[i] + r.second_strength[i])
    if befalls(chance(w, t, o.identity[a], INFIGHT, o.identity[b]), p.infighting_hazard * heat * overlap):
        r.clash[i] = 1


@rule
def suffer(w, p, t, i):
    """The strongest katiba of either side loses people by the other's strength where they fight. Row: emir."""
    e = w.emir
    r = w.region
    k = e.region[i]
    if r.clash[k] == 0 or (i != r.first_emir[k] and i != r.second_emir[k]):
        return
    o = w.organisation
    g = e.organisation[i]
    enemy = r.second_group[k]
    size = r.second_strength[k]
    if i == r.second_emir[k]:
        enemy = r.first_group[k]
        size = r.first_strength[k]
    lost = take(w, t, i, count(w, t, e.identity[i], CLASH, 0, p.infighting_loss * size), CLASHED, DEAD)
    o.lost_to_rivals[g] += lost
    blame(w, t, g, lost)
    # Both sides took part; in the sums of a lineage whose own groups fight, the dead count once.
    inflict(w, t, enemy, lost)
    if o.lineage[enemy] == w.clock.focus[0] and o.lineage[g] != w.clock.focus[0]:
        w.measure.own_deaths[0] += lost
    record(w, t, k, o.identity[enemy], o.identity[g], NON_STATE, lost)
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.infighting[0] += lost
