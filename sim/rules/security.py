"""M17 Security forces as people, M18 impact in context, and force per fighter.

Forces have morale, divisions and recruits from the margins (T); their pressure needs information.

Capacity is strength times what people and politics leave of it:

    capacity = (strength + surge)(1 + force policy) x morale x (1 - protest_weight x protest)(1 - division)

They are posted where armed groups and violence are seen, less the remoter (the loss of strength gradient, Boulding 1962), and as much of it as is
called for. Pressure in a region is *force per fighter*, effort / (force_ratio x (armed + room)), and has no ceiling: twice the force finds twice as
many (Deitchman 1962). What it finds depends on information (Kress & Szechtman 2009): see violence. What does not discriminate strikes people instead,
and is remembered (Kalyvas 2006): a community's memory of harm by the state fades over years, holds grievance up and trust down. Casualties feed
grievance where the force's people come from: the margins "pay twice" (T).

M18: an attack weighs on morale by what is left to bear it: the same dead are more to a force that protest and division tie down. Switched off, they
are weighed against the force's strength on paper.
"""

from __future__ import annotations

from sim.rules.chronicling import record
from sim.rules.forms import count, part, positive, ratio, rule, share, toward
from sim.world.codes import FOREIGN, ONE_SIDED
from sim.world.decisions import BLIND


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
    harsh = w.elite.harshness[s]
    extra = p.policy_force_gain * w.elite.extra_force[s]
    if f.kind[i] == FOREIGN:
        # A guest answers to its own elite.
        harsh = 0.0
        extra = 0.0
    if p.on_security_forces == 1:
        bearing = strength
        if p.on_contextual_impact == 1:
            bearing = f.capacity[i]
        rate = part(f.casualties[i], f.casualties[i] + p.blow_half * bearing)
        f.morale[i] = share(toward(f.morale[i], f.morale_start[i], p.morale_recovery) - p.morale_loss * rate * f.morale[i])
        f.division[i] = share(toward(f.division[i], f.division_start[i], p.morale_recovery) + p.purge_division * purge * (1.0 - f.division[i]))
        burden = f.morale[i] * (1.0 - p.protest_weight * protest) * (1.0 - f.division[i])
        feed(w, p, f.recruits_from[i], p.casualty_grievance * f.casualties[i])
        harsh = share(harsh + rate)
    f.capacity[i] = strength * (1.0 + extra) * burden
    if f.kind[i] != FOREIGN:
        w.elite.garrison[s] += f.capacity[i]
    # Frightened or impatient, a force strikes wider; protest holds it back ("strike a balance between repression and moderation", T).
    f.repression[i] = share((1.0 - f.discrimination[i]) * (1.0 + harsh) * (1.0 - p.protest_weight * protest))
    w.measure.impact[0] += ratio(f.casualties[i], f.capacity[i])
    f.casualties[i] = 0.0


@rule
def feed(w, p, k, dose):
    """Casualties feed grievance in the communities of region k, by how many of their people there are and how neglected they feel."""
    r = w.region
    c = w.community
    for m in range(r.first_community[k], r.first_community[k] + r.communities[k]):
        more = share(part(dose, r.population[k])) * c.neglect[m] * (1.0 - c.grievance[m])
        c.grievance[m] += more
        w.measure.grievance_fed[0] += more


@rule
def post(w, p, t, i):
    """Post the force where violence and armed groups are, less the farther out. Row: force."""
    f = w.force
    r = w.region
    total = 0.0
    first = f.first_posting[i]
    last = first + f.postings[i]
    foreign = f.kind[i] == FOREIGN
    for k in range(first, last):
        g = w.posting.region[k]
        weight = p.patrol_floor + r.conflict[g] + part(r.strength[g], r.strength[g] + r.room[g])
        if r.first_group[g] >= 0 and w.organisation.brand[r.first_group[g]] > 0:
            weight *= 1.0 + p.brand_pressure
        if not foreign:
            # Strength fades with distance (Boulding 1962); a state that has broken posts what is left of it; a guest comes to fight there.
            weight *= (1.0 - r.remoteness[g]) * (1.0 - w.elite.coup[f.elite[i]])
        w.posting.effort[k] = weight
        total += weight
    for k in range(first, last):
        g = w.posting.region[k]
        # As much as what is seen calls for: the rest of the force stays in barracks or has other things to do.
        effort = f.capacity[i] * w.posting.effort[k] / (1.0 + total)
        w.posting.effort[k] = effort
        r.effort[g] += effort
        r.effort_intelligence[g] += effort * f.intelligence[i]
        r.effort_repression[g] += effort * f.repression[i]
        if effort > r.main_effort[g]:
            r.main_effort[g] = effort
            r.main_force[g] = i


@rule
def press(w, p, t, i):
    """What the postings add up to in a region: force per fighter, intelligence, and blows that strike people instead. Row: region."""
    r = w.region
    effort = r.effort[i]
    if effort <= 0.0:
        r.pressure[i] = 0.0
        r.intelligence[i] = 0.0
        r.repression[i] = 0.0
        return
    r.pressure[i] = ratio(effort, p.force_ratio * (r.strength[i] + r.room[i]))
    # Bought officials do not pass on what they know (M15).
    r.intelligence[i] = share(r.effort_intelligence[i] / effort * (1.0 - r.capture[i]))
    r.repression[i] = share(r.effort_repression[i] / effort)
    if p.on_security_forces == 0 or r.population[i] <= 0.0:
        return
    # Whoever is looked for and not found: blind force falls on the people around.
    sought = share(r.conflict[i] + part(r.strength[i], r.strength[i] + r.room[i]))
    blind = r.effort_repression[i] * sought * (1.0 - r.intelligence[i])
    dead = count(w, t, w.community.identity[r.first_community[i]], BLIND, 0, p.blind_deaths * blind)
    c = w.community
    dose = p.blind_harm * blind / r.population[i]
    for m in range(r.first_community[i], r.first_community[i] + r.communities[i]):
        more = share(dose) * (1.0 - c.harm_state[m])
        c.harm_state[m] += more
        w.measure.grievance_fed[0] += more
    if dead > 0.0:
        dead = bury(w, i, dead)
        record(w, t, i, -1, -2, ONE_SIDED, dead)


@rule
def bury(w, k, dead):
    """Civilians die, in the largest community of region k; return how many there were to die."""
    r = w.region
    c = w.community
    if r.communities[k] == 0:
        return 0.0
    most = r.first_community[k]
    for m in range(most, r.first_community[k] + r.communities[k]):
        if c.population[m] > c.population[most]:
            most = m
    living = c.people[most] - c.armed[most] - c.jailed[most] - c.dead[most]
    if dead > living:
        dead = living
    c.dead[most] += dead
    return dead


@rule
def resent(w, p, t, i):
    """What a community remembers: harm by the state and by armed groups, weariness; grievance and trust follow. Row: community."""
    c = w.community
    r = w.region
    k = c.region[i]
    c.harm_state[i] *= 1.0 - p.harm_fade
    c.harm_groups[i] *= 1.0 - p.harm_fade
    toll = share(p.weary_gain * part(r.deaths_before[k], r.population[k]))
    c.weariness[i] = share(c.weariness[i] * (1.0 - p.harm_fade) + toll * (1.0 - c.weariness[i]))
    goal = c.grievance_start[i] + p.neglect_grievance * (c.neglect[i] - c.neglect_start[i] + c.cleavage[i] - c.cleavage_start[i])
    goal += p.harm_grievance * c.harm_state[i]
    c.grievance[i] = share(toward(c.grievance[i], share(goal), p.society_rate))
    lift = positive(c.neglect_start[i] - c.neglect[i])
    goal = share(c.trust_start[i] + p.services_trust * lift) * (1.0 - c.harm_state[i])
    c.trust[i] = toward(c.trust[i], goal, p.society_rate)
