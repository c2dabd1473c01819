"""M17 Security forces as people: morale, divisions, protest burden, recruits from the margins (T).

Capacity is strength times what people and politics leave of it:

    capacity = (strength + surge)(1 + force policy) x morale x (1 - protest_weight x protest)(1 - division_weight x division)

posted in proportion to the violence and the armed presence seen. Pressure in a region is effort / (effort +
pressure_half). Repression is the part that does not discriminate; protest moderates it ("strike a balance between
repression and moderation", T) and casualties harden it. Two opposing channels follow (Kalyvas 2006; Lyall 2009):
repression deters recruits and wears katibas down, and it feeds grievance and costs trust. Casualties feed grievance
where the force's people come from: the margins "pay twice" (T).
"""

from __future__ import annotations

from sim.rules.forms import positive, rule, share, toward
from sim.world.codes import FOREIGN


@rule
def muster(w, p, t, i):
    """People: morale, divisions, and the capacity they leave; last month's casualties are felt. Row: force."""
    f = w.force
    s = f.elite[i]
    strength = f.strength[i] + f.surge[i]
    protest = w.elite.protest[s]
    purge = w.elite.purge[s]
    if f.kind[i] == FOREIGN:
        protest = 0.0
        purge = 0.0
    burden = 1.0
    anger = 0.0
    if p.on_security_forces == 1:
        rate = 0.0
        if strength > 0.0:
            rate = f.blow[i] / (f.blow[i] + p.blow_half * (0.2 + strength / 5000.0))
        f.morale[i] = share(
            f.morale[i] + p.morale_recovery * (f.morale_start[i] - f.morale[i]) - p.morale_loss * (rate + 0.3 * protest) * f.morale[i]
        )
        f.division[i] = share(
            f.division[i] + p.division_recovery * (f.division_start[i] - f.division[i]) + p.purge_division * purge * (1.0 - f.division[i])
        )
        burden = f.morale[i] * (1.0 - p.protest_weight * protest) * (1.0 - p.division_weight * f.division[i])
        anger = rate
        feed(w, p, f.recruits_from[i], p.casualty_grievance * f.casualties[i] / (f.casualties[i] + p.casualty_half))
    f.capacity[i] = strength * (1.0 + p.policy_force_gain * w.elite.extra_force[s]) * burden
    f.repression[i] = share((1.0 - f.discrimination[i]) * (1.0 + p.anger * anger) * (1.0 - p.protest_moderation * protest))
    f.casualties[i] = 0.0
    f.blow[i] = 0.0


@rule
def feed(w, p, k, dose):
    """Casualties feed grievance in the communities of region k, more where they are neglected."""
    r = w.region
    c = w.community
    for m in range(r.first_community[k], r.first_community[k] + r.communities[k]):
        more = dose * (0.5 + 0.5 * c.neglect[m]) * (1.0 - c.grievance[m])
        c.grievance[m] += more
        w.measure.grievance_fed[0] += more


@rule
def post(w, p, t, i):
    """Post the force where violence and armed groups are, as far as the state reaches. Row: force."""
    f = w.force
    r = w.region
    total = 0.0
    first = f.first_posting[i]
    last = first + f.postings[i]
    foreign = f.kind[i] == FOREIGN
    for k in range(first, last):
        g = w.posting.region[k]
        seen = p.patrol_floor + r.conflict[g] + r.strength[g] / (r.strength[g] + p.presence_half)
        brand = 1.0
        if r.first_group[g] >= 0 and w.organisation.brand[r.first_group[g]] > 0:
            brand = 1.0 + p.brand_pressure
        weight = seen * brand
        if not foreign:
            weight *= 0.1 + 0.9 * r.reach[g]
        w.posting.effort[k] = weight
        total += weight
    for k in range(first, last):
        g = w.posting.region[k]
        effort = 0.0
        if total > 0.0:
            effort = f.capacity[i] * w.posting.effort[k] / total
        w.posting.effort[k] = effort
        r.effort[g] += effort
        r.effort_discrimination[g] += effort * f.discrimination[i]
        r.effort_intelligence[g] += effort * f.intelligence[i]
        r.effort_repression[g] += effort * f.repression[i]
        if foreign:
            r.effort_foreign[g] += effort
        if effort > r.main_effort[g]:
            r.main_effort[g] = effort
            r.main_force[g] = i


@rule
def press(w, p, t, i):
    """What the postings add up to in a region: pressure, intelligence, repression, tension. Row: region."""
    r = w.region
    effort = r.effort[i]
    if effort <= 0.0:
        r.pressure[i] = 0.0
        r.intelligence[i] = 0.0
        r.repression[i] = 0.0
        r.tension[i] = 0.0
        return
    r.pressure[i] = effort / (effort + p.pressure_half)
    # Bought officials do not pass on what they know (M15).
    r.intelligence[i] = share(r.effort_intelligence[i] / effort * (1.0 - 0.7 * r.capture[i]))
    r.repression[i] = r.pressure[i] * r.effort_repression[i] / effort
    f = r.main_force[i]
    s = w.force.elite[f]
    strain = 1.0 - (1.0 - w.elite.protest[s]) * (1.0 - w.force.division[f]) * (0.4 + 0.6 * w.force.morale[f])
    r.tension[i] = share(strain)


@rule
def resent(w, p, t, i):
    """Grievance and trust of a community under neglect, cleavages, repression and foreign presence. Row: community."""
    c = w.community
    r = w.region
    k = c.region[i]
    s = r.elite[k]
    goal = (
        c.grievance_start[i]
        + p.neglect_grievance * (c.neglect[i] - c.neglect_start[i])
        + p.cleavage_grievance * (c.cleavage[i] - c.cleavage_start[i])
    )
    goal = share(goal - p.dialogue_grievance * w.elite.dialogue[s])
    grievance = toward(c.grievance[i], goal, p.grievance_rate)
    foreign = 0.0
    if r.effort[k] > 0.0:
        foreign = r.effort_foreign[k] / r.effort[k] * r.pressure[k]
    if p.on_security_forces == 1:
        backlash = p.backlash * r.repression[k] * (1.0 - grievance)
        grievance += backlash
        w.measure.grievance_fed[0] += backlash
        hurt = p.trust_loss * r.repression[k] + p.foreign_resentment * foreign
        c.trust[i] = share(c.trust[i] * (1.0 - hurt))
    c.grievance[i] = share(grievance)
    lift = positive(c.neglect_start[i] - c.neglect[i])
    c.trust[i] = toward(c.trust[i], share(c.trust_start[i] + p.services_trust * lift), p.trust_rate)
