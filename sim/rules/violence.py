"""Attacks, and the raids that follow from information (B; Shapiro 2013; Kress & Szechtman 2009).

Force finds who is shown, and contact gives away who meets.

Attacks of a katiba are Poisson with mean strike_rate x strength x posture x morale, fewer while nobody leads; across the border, where it rests and
trades, as many of them as its rhetoric is global. One that an emir chose for himself, or
that a brutal organisation wants so, falls on civilians (one-sided), all others on the state. Deaths of an attack have a Pareto tail (Clauset, Young &
Gleditsch 2007) and may be none. Attacks on civilians are remembered against the katiba (Kalyvas 2006).

Detections of a katiba are Poisson with mean

    detection x force per fighter x intelligence x shown x [S x tips + attack_signal x attacks + meeting_signal x meetings],

no ceiling, and each takes Poisson(raid_size) *people*, so that more raids do more, and the same people in several katibas are found alike. A raid
leads on: to the leader with chance 1 - exp(-percolation x intelligence x X_i), X the trace of his meetings with that emir, and from a leader so found
to every other emir with chance 1 - exp(-percolation x intelligence x X_j): percolation through the hub of a star (Lindelauf, Borm & Hamers 2009).
Switched off (M3), meetings show nobody and lead nowhere.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import blame, emit, record
from sim.rules.forms import befalls, chance, count, part, rule, share
from sim.rules.haven import shown
from sim.rules.people import CAUGHT, DEAD, FALLEN, JAILED, KILLED, take
from sim.rules.security import bury
from sim.rules.succession import replace_emir
from sim.world.codes import ONE_SIDED, OUTBIDDING, STATE_BASED
from sim.world.decisions import BRUTAL, CASCADE, EMIR_TAKEN, LOSS, RAID, RAID_SIZE, SEVERITY, STRIKE, TRACED
from sim.world.layout import TIES_PER_EMIR

MOST_ATTACKS = 20
"""Attacks of one katiba that are told apart in a month."""


@rule
def strike(w, p, t, i):
    """A katiba's attacks of the month. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    e.attacks[i] = 0.0
    if e.dormant[i] == 1:
        return
    mean = p.strike_rate * e.strength[i] * o.posture[g] * o.morale[g] * (0.5 + e.skill[i])
    if o.vacant[g] == 1:
        mean *= 0.5
    if r.elite[k] != r.elite[o.home[g]]:
        # Across the border is a sanctuary (Salehyan 2009), spared as far as the group's war is with the state at home and not with the world (B).
        mean *= 0.5 + 0.5 * o.rhetoric[g]
    n = count(w, t, e.identity[i], STRIKE, 0, mean)
    if n > MOST_ATTACKS:
        n = 1.0 * MOST_ATTACKS
    if n == 0.0:
        return
    e.attacks[i] = n
    o.attacks[g] += n
    o.last_attack[g] = t
    if o.first_attack[g] < 0:
        o.first_attack[g] = t
    w.measure.attacks[0] += n
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.own_attacks[0] += n
        if r.elite[k] != w.clock.home[0]:
            w.measure.own_outside[0] += n
    if e.crowding[i] > 0.5 and n > mean:
        emit(w, t, OUTBIDDING, e.identity[i], o.identity[g], -1, k, n, i)
    wanton = 0.0
    for j in range(int(n)):
        # Inverse of a Pareto tail beyond 1: u^(-1/tail) without a power; the dead are what exceeds it.
        dead = math.exp(-math.log(chance(w, t, e.identity[i], SEVERITY, j)) / p.severity_tail)
        if dead > p.severity_most + 1.0:
            dead = p.severity_most + 1.0
        dead = math.floor(dead) - 1.0
        w.measure.severity[0] += dead
        f = r.main_force[k]
        if e.strays[i] == 1.0 or chance(w, t, e.identity[i], BRUTAL, j) < o.brutality[g] * o.brutality[g]:
            wanton += 1.0
            dead = bury(w, k, dead)
            record(w, t, k, o.identity[g], -2, ONE_SIDED, dead)
        else:
            if f >= 0:
                w.force.casualties[f] += dead
            record(w, t, k, o.identity[g], -1, STATE_BASED, dead)
        blame(w, t, g, dead)
    if wanton > 0.0:
        hurt(w, p, i, k, wanton)
        if e.strays[i] == 1.0:
            o.loose[g] += p.outrage * wanton * e.support[i] * p.recruitment * e.strength[i]
    fallen = take(w, t, i, count(w, t, e.identity[i], LOSS, 0, p.strike_cost * n), FALLEN, DEAD)
    if fallen > 0.0:
        o.lost_to_force[g] += fallen
        blame(w, t, g, fallen)
        record(w, t, k, -1, o.identity[g], STATE_BASED, fallen)


@rule
def hurt(w, p, i, k, wanton):
    """Attacks on civilians are remembered: against the katiba in its communities there, and against armed men in all."""
    c = w.community
    y = w.tie
    r = w.region
    dose = share(p.outrage * wanton)
    for j in range(i * TIES_PER_EMIR, i * TIES_PER_EMIR + w.emir.places[i]):
        m = y.community[j]
        if m >= 0 and c.region[m] == k:
            y.harm[j] = share(y.harm[j] + dose * (1.0 - y.harm[j]))
            y.fear[j] = share(y.fear[j] + dose * (1.0 - y.fear[j]))
    for m in range(r.first_community[k], r.first_community[k] + r.communities[k]):
        c.harm_groups[m] = share(c.harm_groups[m] + dose * part(c.population[m], r.population[k]) * (1.0 - c.harm_groups[m]))


@rule
def detect(w, p, t, i):
    """What people tell, what an attack shows and what meetings show may give a katiba away. Row: emir."""
    e = w.emir
    r = w.region
    k = e.region[i]
    e.raided[i] = 0
    meetings = 0.0
    if p.on_control_dilemma == 1:
        meetings = p.meeting_signal * e.met[i]
    signal = p.attack_signal * e.attacks[i] + meetings
    if e.dormant[i] == 0:
        signal += e.strength[i] * e.tips[i]
    mean = p.detection * r.pressure[k] * r.intelligence[k] * shown(p, r, k) * signal
    n = count(w, t, e.identity[i], RAID, 0, mean)
    e.lost[i] *= 1.0 - p.memory
    if n > 0.0:
        raid(w, p, t, i, n, 0)


@rule
def raid(w, p, t, i, n, index):
    """So many raids on katiba i: people taken, killed and jailed, perhaps the emir, perhaps a trail to the leader."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    k = e.region[i]
    who = e.identity[i]
    e.raided[i] = 1
    s = e.strength[i]
    found = count(w, t, who, RAID_SIZE, index, p.raid_size * n)
    if found > s:
        found = s
    killed = math.floor(found * 0.5 + chance(w, t, who, RAID_SIZE, 2 + index))
    if killed > found:
        killed = found
    killed = take(w, t, i, killed * 1.0, KILLED + index, DEAD)
    jailed = take(w, t, i, found - killed, CAUGHT + index, JAILED)
    lost = killed + jailed
    o.lost_to_force[g] += lost
    e.lost[i] += p.memory * part(lost, s)
    blame(w, t, g, killed)
    record(w, t, k, -1, o.identity[g], STATE_BASED, killed)
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.detections[0] += n
        w.measure.raids[0] += lost
    if index == 0:
        if p.on_control_dilemma == 1 and befalls(chance(w, t, who, TRACED, 0), p.percolation * w.region.intelligence[k] * e.trace[i]):
            o.traced[g] += 1
            if o.lineage[g] == w.clock.focus[0]:
                w.measure.reports[0] += 1.0
    else:
        o.tight[g] += lost
    if chance(w, t, who, EMIR_TAKEN, index) < p.emir_taken:
        replace_emir(w, p, t, i)


@rule
def cascade(w, p, t, i):
    """A leader who was found gives away whom he meets. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    if o.given[g] == 0 or e.raided[i] == 1:
        return
    k = e.region[i]
    if befalls(chance(w, t, e.identity[i], CASCADE, 0), p.percolation * w.region.intelligence[k] * e.trace[i]):
        raid(w, p, t, i, 1.0, 1)
