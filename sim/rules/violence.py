"""Attacks and detections, and M18: impact depends on context (T).

Attacks are Poisson with mean strike_rate x posture x (1 - shirking) x sqrt(strength / 50) x outbidding, and each has a
severity from a Pareto tail (Clauset, Young & Gleditsch 2007). An attack of severity v on forces under tension q weighs

    impact = v (1 + context_gain q),

on morale (M17) and on fame: "if compared historically" it may be small, "the meaning of a similar attack can be very
different" under pressure (T).

A detection has hazard detection_rate x pressure x (0.2 + intelligence) x exposure (M3). It costs the katiba part of its
strength, sometimes its emir, and by contact it points to the leadership.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import emit
from sim.rules.forms import chance, clamp, risk, rule, share, toward
from sim.rules.succession import replace_emir
from sim.world.codes import OUTBIDDING
from sim.world.decisions import RAID, RAID_KILL, RAID_LOSS, SEVERITY, STRIKE
from sim.world.draws import poisson_quantile

MOST_ATTACKS = 8


@rule
def impact(p, severity, tension):
    """Return what an attack weighs in its context."""
    if p.on_contextual_impact == 0:
        return severity
    return severity * (1.0 + p.context_gain * tension)


@rule
def strike(w, p, t, i):
    """A katiba's attacks of the month. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    if e.dormant[i] == 1:
        e.tempo[i] = toward(e.tempo[i], 0.0, 0.3)
        return
    bid = 1.0 + p.outbidding * e.crowding[i]
    mean = p.strike_rate * o.posture[g] * (1.0 - e.shirking[i]) * math.sqrt(e.strength[i] / 50.0) * bid * (0.5 + e.skill[i])
    if o.disruption[g] > 0.0:
        mean *= 0.7
    mean = clamp(mean, 0.0, 20.0)
    n = poisson_quantile(chance(w, t, e.identity[i], STRIKE, 0), mean)
    e.tempo[i] = toward(e.tempo[i], float(n), 0.3)
    if n == 0:
        return
    if n > MOST_ATTACKS:
        n = MOST_ATTACKS
    if e.crowding[i] > 0.5 and n > mean:
        emit(w, t, OUTBIDDING, e.identity[i], o.identity[g], -1, k, float(n), i)
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.own_attacks[0] += float(n)
        if r.elite[k] != w.clock.home[0]:
            w.measure.own_outside[0] += float(n)
    brutal = o.brutality[g]
    tension = r.tension[k]
    for j in range(n):
        u = chance(w, t, e.identity[i], SEVERITY, j)
        # Inverse of a Pareto tail with exponent 2.5 beyond 1: u^(-2/3) written without a power.
        severity = clamp(math.exp(-math.log(u) / 1.5), 1.0, p.severity_most)
        weight = impact(p, severity, tension)
        r.violence[k] += severity
        o.harm[g] += severity
        o.fame[g] += p.fame_gain * weight * (1.0 - 0.5 * brutal)
        f = r.main_force[k]
        if f >= 0:
            w.force.casualties[f] += severity * (1.0 - brutal)
            w.force.blow[f] += weight * (1.0 - brutal)
        w.measure.attacks[0] += 1.0
        w.measure.severity[0] += severity
        w.measure.impact[0] += weight
    e.strength[i] *= 1.0 - clamp(p.strike_cost * n, 0.0, 0.2)


@rule
def detect(w, p, t, i):
    """Contact, activity and tips may give a katiba away. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    hazard = p.detection_rate * r.pressure[k] * (0.2 + r.intelligence[k]) * e.exposure[i]
    if chance(w, t, e.identity[i], RAID, 0) >= risk(hazard):
        return
    focus = o.lineage[g] == w.clock.focus[0]
    if focus:
        w.measure.detections[0] += 1.0
    lost = e.strength[i] * share(p.raid_loss * (0.5 + chance(w, t, e.identity[i], RAID_LOSS, 0)))
    e.strength[i] -= lost
    o.lost_to_force[g] += lost
    if p.on_control_dilemma == 1:
        o.trail[g] = share(o.trail[g] + p.trail * e.contact[i])
    if chance(w, t, e.identity[i], RAID_KILL, 0) < p.emir_killed:
        replace_emir(w, p, t, i)
