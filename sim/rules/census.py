"""Who is where and how strong: the month's counts, from which sparse interactions follow.

Every rule that concerns "the others" reads a count of a region or of an organisation taken here in one pass over the
katibas, never a double loop: the cost of a month grows linearly with the number of agents.
"""

from __future__ import annotations

from sim.rules.forms import part, positive, rule, share, toward

MONTHS = 12
"""Months of a year."""


@rule
def open_elite(w, p, t, i):
    """Clear what an elite hears of its regions and forces this month. Row: elite."""
    e = w.elite
    e.deaths[i] = 0.0
    e.armed[i] = 0.0
    e.garrison[i] = 0.0


@rule
def open_region(w, p, t, i):
    """Clear the counts of a region, take the means of its communities, and tell its elite of last month's dead and armed. Row: region."""
    r = w.region
    s = r.elite[i]
    w.elite.deaths[s] += r.deaths[i]
    w.elite.armed[s] += r.strength[i]
    r.armed_before[i] = r.strength[i]
    r.deaths_before[i] = r.deaths[i]
    r.deaths[i] = 0.0
    r.garrison[i] = r.effort[i]
    r.strength[i] = 0.0
    r.first_group[i] = -1
    r.first_strength[i] = 0.0
    r.second_group[i] = -1
    r.second_strength[i] = 0.0
    r.first_emir[i] = -1
    r.second_emir[i] = -1
    r.bridge[i] = 0.0
    r.ties[i] = 0.0
    r.found[i] = 0.0
    r.effort[i] = 0.0
    r.effort_intelligence[i] = 0.0
    r.effort_repression[i] = 0.0
    r.main_force[i] = -1
    r.main_effort[i] = 0.0
    r.conflict[i] = toward(r.conflict[i], r.deaths_before[i] / (r.deaths_before[i] + p.conflict_half), p.memory)
    r.absence[i] = share(1.0 - r.reach[i] * (1.0 - r.capture[i]))
    c = w.community
    people = 0.0
    norms = 0.0
    grievance = 0.0
    margin = 0.0
    ready = 0.0
    weary = 0.0
    for k in range(r.first_community[i], r.first_community[i] + r.communities[i]):
        n = c.population[k]
        people += n
        norms += n * c.norm[k]
        grievance += n * c.grievance[k]
        margin += n * 0.5 * (c.neglect[k] + c.cleavage[k])
        ready += n * c.trust[k] * (1.0 - 0.5 * c.norm[k])
        weary += n * c.weariness[k]
        # Of those whom grievance and an absent state leave open to it, how many are not yet under arms (Volterra's room to grow).
        most = p.recruitable * n * c.grievance[k] * r.absence[i]
        c.room[k] = positive(1.0 - part(c.armed[k], most))
        if most <= 0.0:
            c.room[k] = 0.0
    r.population[i] = people
    # What is much in a desert is nothing in a city: armed men are felt, and hide, among people (Quinlivan 1995).
    r.room[i] = p.presence_density * people
    if people > 0.0:
        r.norms[i] = norms / people
        r.grievance[i] = grievance / people
        r.margin[i] = margin / people
        # Who tells must reckon with who rules: nobody denounces where the state cannot shield him (Kalyvas 2006).
        r.informers[i] = (1.0 - r.absence[i]) * ready / people
        r.weariness[i] = weary / people


@rule
def open_organisation(w, p, t, i):
    """Clear the counts of an organisation; recent losses fade. Row: organisation."""
    o = w.organisation
    o.strength_before[i] = o.strength[i]
    o.strength[i] = 0.0
    o.katibas[i] = 0
    o.support[i] = 0.0
    o.agency_loss[i] = 0.0
    o.divergence[i] = 0.0
    o.contact[i] = 0.0
    o.threat[i] = 0.0
    o.crowding[i] = 0.0
    o.hardship[i] = 0.0
    o.tension[i] = 0.0
    o.outside[i] = 0.0
    o.weariness[i] = 0.0
    o.r0[i] = 0.0
    o.dissent[i] = 0.0
    o.dissident[i] = -1
    o.sum_agenda[i] = 0.0
    o.sum_belief[i] = 0.0
    o.sum_information[i] = 0.0
    o.allies[i] = 0
    o.ally_1[i] = -1
    o.ally_2[i] = -1
    o.ally_3[i] = -1
    o.ally_4[i] = -1
    o.at_seat[i] = 0.0
    o.largest[i] = 0.0
    o.largest_region[i] = -1
    o.breakaway[i] = -1
    keep = 1.0 - p.loss_memory
    o.lost_to_force[i] *= keep
    o.lost_to_exit[i] *= keep
    o.lost_to_amnesty[i] *= keep
    o.lost_to_rivals[i] *= keep
    o.lost_to_attrition[i] *= keep
    o.attacks[i] *= keep
    o.toll[i] *= keep
    o.newcomers[i] = 0.0
    o.retreat[i] = positive(o.retreat[i] - 1.0)
    o.tenure[i] += 1
    if (t + w.clock.first_month[0]) % MONTHS == 0:
        o.deaths_year[i] = 0.0


@rule
def count_alliance(w, p, t, i):
    """An alliance counts for both sides. Row: alliance."""
    befriend(w, w.alliance.one[i], w.alliance.other[i])
    befriend(w, w.alliance.other[i], w.alliance.one[i])


@rule
def befriend(w, a, b):
    """Write b among the allies of a."""
    o = w.organisation
    o.allies[a] += 1
    if o.ally_1[a] < 0:
        o.ally_1[a] = b
    elif o.ally_2[a] < 0:
        o.ally_2[a] = b
    elif o.ally_3[a] < 0:
        o.ally_3[a] = b
    else:
        o.ally_4[a] = b


@rule
def count(w, p, t, i):
    """A katiba counts in its region and in its organisation, weighted by strength. Row: emir."""
    e = w.emir
    r = w.region
    o = w.organisation
    k = e.region[i]
    g = e.organisation[i]
    s = e.strength[i]
    e.counted[i] = s
    r.strength[k] += s
    # Norms apart, the ties of a region are those of whoever is best connected there.
    if e.ties[i] > r.ties[k]:
        r.ties[k] = e.ties[i]
    if s > r.first_strength[k]:
        if r.first_group[k] != g:
            r.second_group[k] = r.first_group[k]
            r.second_strength[k] = r.first_strength[k]
            r.second_emir[k] = r.first_emir[k]
        r.first_group[k] = g
        r.first_strength[k] = s
        r.first_emir[k] = i
    elif g != r.first_group[k] and s > r.second_strength[k]:
        r.second_group[k] = g
        r.second_strength[k] = s
        r.second_emir[k] = i
    o.strength[g] += s
    o.katibas[g] += 1
    if k == o.seat[g]:
        o.at_seat[g] += s
    if s > o.largest[g]:
        o.largest[g] = s
        o.largest_region[g] = k
    o.support[g] += s * e.support[i]
    o.agency_loss[g] += s * e.shirking[i]
    o.divergence[g] += s * e.divergence[i]
    o.contact[g] += s * e.contact[i]
    o.threat[g] += s * r.intelligence[k] * r.pressure[k]
    o.crowding[g] += s * e.crowding[i]
    o.hardship[g] += s * e.hardship[i]
    o.tension[g] += s * e.tension[i]
    o.weariness[g] += s * r.weariness[k]
    o.r0[g] += s * e.r0[i]
    if r.elite[k] != r.elite[o.home[g]]:
        o.outside[g] += s
    if e.faction[i] == 1:
        o.dissent[g] += s
        if o.dissident[g] < 0 or s > e.strength[o.dissident[g]]:
            o.dissident[g] = i
        o.sum_agenda[g] += s * e.agenda[i]
        o.sum_belief[g] += s * e.belief[i]
        o.sum_information[g] += s * e.information[i]


@rule
def close_organisation(w, p, t, i):
    """Turn the sums of an organisation into means, and judge how it is doing. Row: organisation."""
    o = w.organisation
    s = o.strength[i]
    if s > o.peak[i]:
        o.peak[i] = s
    if s > 0.0:
        o.support[i] /= s
        o.agency_loss[i] /= s
        o.divergence[i] /= s
        o.contact[i] /= s
        o.threat[i] /= s
        o.crowding[i] /= s
        o.hardship[i] /= s
        o.tension[i] /= s
        o.outside[i] /= s
        o.weariness[i] /= s
        o.r0[i] /= s
    # The leadership follows its people once none are left where it sits.
    if o.largest_region[i] >= 0 and o.at_seat[i] <= 0.0:
        o.seat[i] = o.largest_region[i]
    before = o.strength_before[i]
    o.fitness[i] = toward(o.fitness[i], part(s - before, before), p.memory)
    # Morale: what people hope for, from what they lost, whether anybody still strikes, and how tired those around them are.
    lost = share(part(o.lost_to_force[i] + o.lost_to_exit[i] + o.lost_to_rivals[i], s))
    silent = 1.0 / (1.0 + o.attacks[i])
    o.morale[i] = toward(o.morale[i], share(1.0 - p.gloom_loss * lost - p.gloom_silence * silent - o.weariness[i]), p.memory)
