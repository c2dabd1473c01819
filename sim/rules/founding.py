"""Foundings: a local group from a community, a new katiba from a large one, a new organisation from an emir or a broker.

Local armed groups arise by themselves where neglect, cleavage and absence meet (SECOND 2): a community that has grievance, no state and people to
spare brings one forth at a hazard, a handful strong; from then on it is a group like any other, and most are gone within a few years. Whoever is
founded in a run gets an identity mixed from its founder's, the month and an ordinal, so one founding more does not shift anybody else's draws. It
acts from the next month on. Where a table is full the founding is refused and counted: a run never grows without bound.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import emit
from sim.rules.displacement import outlook
from sim.rules.embedding import wipe
from sim.rules.forms import chance, clamp, happens, part, positive, risk, rule, share
from sim.rules.people import SENT, free, hand_over, join_up, settle
from sim.world.codes import BY_AUTONOMY, BY_BROKER, BY_PLEDGE, FOUNDED, FOUNDING, GLOBAL, JIHADIST, MILITIA, NEW_KATIBA, NO_BRAND, REBEL, RIVAL
from sim.world.decisions import ARISE, KATIBA, TRAITS
from sim.world.draws import child_identity
from sim.world.layout import TIES_PER_EMIR

AS_KATIBA, AS_GROUP, AS_FOUNDER = 2, 100, 101
"""Ordinals under which those who are founded get their identities."""


@rule
def free_emir(w):
    """Return a free row for a katiba, or -1; the search starts where the last one ended."""
    n = w.emir.alive.shape[0]
    start = w.clock.next_emir[0]
    for step in range(n):
        j = start + step
        if j >= n:
            j -= n
        # A row held for an organisation that has yet to enter has strength and is not free.
        if w.emir.alive[j] == 0 and w.emir.strength[j] <= 0.0:
            w.clock.next_emir[0] = j
            return j
    w.clock.refused[0] += 1
    return -1


@rule
def blank_katiba(w, t, j, who, g, k):
    """Clear row j for a katiba that is founded in region k, for organisation g, under an emir of that identity."""
    e = w.emir
    e.identity[j] = who
    e.katiba[j] = who
    e.alive[j] = 1
    e.organisation[j] = g
    e.region[j] = k
    e.born[j] = t
    e.faction[j] = 0
    e.dormant[j] = 0
    e.strength[j] = 0.0
    e.outsiders[j] = 0.0
    e.purse[j] = 0.0
    e.skill[j] = chance(w, t, who, TRAITS, 0)
    e.loyalty[j] = chance(w, t, who, TRAITS, 1)
    e.agenda[j] = 0.0
    e.belief[j] = 0.0
    e.information[j] = 0.0
    e.gap_agenda[j] = 0.0
    e.gap_belief[j] = 0.0
    e.gap_information[j] = 0.0
    e.divergence[j] = 0.0
    e.met[j] = 0.0
    e.trace[j] = 0.0
    e.contact[j] = 0.0
    e.deterrence[j] = 0.0
    e.skims[j] = 0.0
    e.strays[j] = 0.0
    e.caught[j] = 0.0
    e.shirking[j] = 0.0
    e.autonomy[j] = 0.0
    e.tension[j] = 0.0
    e.ties[j] = 0.0
    e.support[j] = 0.0
    e.instrumental[j] = 0.0
    e.tips[j] = w.region.informers[k]
    e.haven[j] = 0.0
    e.crowding[j] = 0.0
    e.hardship[j] = 0.0
    e.attacks[j] = 0.0
    e.raided[j] = 0
    e.gained[j] = 0.0
    e.lost[j] = 0.0
    e.r0[j] = 0.0
    e.counted[j] = 0.0
    e.places[j] = 0
    w.organisation.katibas[g] += 1
    for y in range(j * TIES_PER_EMIR, (j + 1) * TIES_PER_EMIR):
        wipe(w, y)


@rule
def new_katiba(w, p, t, i, k, n, ordinal, occasion):
    """Let n people of katiba i found one in region k; return its row, or -1."""
    e = w.emir
    j = free_emir(w)
    if j < 0:
        return -1
    who = child_identity(e.identity[i], t, AS_KATIBA + ordinal)
    blank_katiba(w, t, j, who, e.organisation[i], k)
    some = share(part(n, e.strength[i]))
    e.purse[j] = some * e.purse[i]
    e.purse[i] -= e.purse[j]
    spread = 1.0 - p.legacy
    e.skill[j] = share(e.skill[i] + spread * (e.skill[j] - e.skill[i]))
    e.loyalty[j] = share(e.loyalty[i] + spread * (e.loyalty[j] - e.loyalty[i]))
    e.agenda[j] = clamp(e.agenda[i] + spread * (2.0 * chance(w, t, who, KATIBA, 1) - 1.0), -1.0, 1.0)
    e.belief[j] = clamp(e.belief[i] + spread * (2.0 * chance(w, t, who, KATIBA, 2) - 1.0), -1.0, 1.0)
    e.information[j] = e.information[i]
    e.lost[j] = e.lost[i]
    e.gained[j] = e.gained[i]
    hand_over(w, t, i, j, n, occasion)
    e.counted[j] = e.strength[j]
    return j


@rule
def grow(w, p, t, i):
    """A katiba too large for one emir sends people next door or next to it, where its outlook is better. Row: emir."""
    e = w.emir
    r = w.region
    if e.strength[i] < p.large_katiba or e.dormant[i] == 1:
        return
    k = e.region[i]
    n = r.edges[k]
    chance_of_it = risk(p.katiba_hazard * e.strength[i] / p.large_katiba)
    u = chance(w, t, e.identity[i], KATIBA, 0)
    if u >= chance_of_it:
        return
    there = k
    if n > 0:
        # The chance below the threshold is again uniform once divided by it: it picks the way.
        pick = int(u / chance_of_it * n)
        if pick >= n:
            pick = n - 1
        next_door = w.edge.to[r.first_edge[k] + pick]
        patience = w.organisation.patience[e.organisation[i]]
        if outlook(w, p, next_door, patience) > outlook(w, p, k, patience):
            there = next_door
    j = new_katiba(w, p, t, i, there, math.floor(0.5 * e.strength[i]) * 1.0, 0, SENT)
    if j >= 0:
        emit(w, t, NEW_KATIBA, e.identity[j], w.organisation.identity[e.organisation[i]], e.identity[i], there, e.strength[j], j)


@rule
def free_organisation(w):
    """Return a row for an organisation, or -1; rows of the ended are kept, for they are history."""
    j = w.clock.next_organisation[0]
    if j >= w.organisation.alive.shape[0]:
        w.clock.refused[0] += 1
        return -1
    w.clock.next_organisation[0] = j + 1
    return j


@rule
def blank_organisation(w, p, t, j, who, k):
    """Make row j an organisation that begins in region k: no treasury, no record."""
    o = w.organisation
    o.identity[j] = who
    o.alive[j] = 1
    o.home[j] = k
    o.seat[j] = k
    o.born[j] = t
    o.ended[j] = -1
    o.first_attack[j] = -1
    o.last_attack[j] = -1
    o.first_25[j] = -1
    o.lineage[j] = who
    o.parent[j] = -1
    o.heir[j] = -1
    o.breakaway[j] = -1
    o.dissident[j] = -1
    o.largest_region[j] = k
    o.entry[j] = -1
    o.brand[j] = NO_BRAND
    o.cohesion[j] = 1.0
    o.morale[j] = 1.0
    o.control[j] = 0.5
    o.posture[j] = 0.5
    o.posture_told[j] = 0.5
    o.centralisation[j] = 0.5
    o.patience[j] = 0.5
    o.institutions[j] = 0.0
    if p.on_institutions == 0:
        o.institutions[j] = 0.5


@rule
def arise(w, p, t, i):
    """A community may bring forth an armed group of its own. Row: community."""
    c = w.community
    r = w.region
    k = c.region[i]
    ripe = c.neglect[i] * c.cleavage[i] * c.grievance[i] * r.absence[k] * c.room[i] * (1.0 - c.weariness[i])
    hazard = p.founding_rate * math.sqrt(c.population[i]) * ripe
    if not happens(w, t, c.identity[i], ARISE, 0, hazard):
        return
    # At least one, and geometric beyond.
    n = 1.0 + math.floor(math.log(chance(w, t, c.identity[i], ARISE, 1)) / math.log(1.0 - 1.0 / p.founding_size))
    if n > free(c, i):
        return
    if w.clock.next_organisation[0] >= w.organisation.alive.shape[0]:
        w.clock.refused[0] += 1
        return
    j = free_emir(w)
    if j < 0:
        return
    e = w.emir
    o = w.organisation
    g = free_organisation(w)
    who = child_identity(c.identity[i], t, AS_FOUNDER)
    blank_organisation(w, p, t, g, child_identity(c.identity[i], t, AS_GROUP), k)
    blank_katiba(w, t, j, who, g, k)
    o.leader[g] = who
    o.origin[g] = FOUNDED
    # A group in a quarrel among neighbours is a militia; one that a global cause reaches is jihadist in the measure people are socialised into it.
    u = chance(w, t, who, TRAITS, 2)
    called = share(w.clock.cause[0] + c.socialisation[i])
    o.kind[g] = REBEL
    if u < called:
        o.kind[g] = JIHADIST
    elif u < called + (1.0 - called) * part(c.cleavage[i], c.cleavage[i] + c.grievance[i]):
        o.kind[g] = MILITIA
    o.aims[g] = chance(w, t, who, TRAITS, AIMS)
    o.brutality[g] = chance(w, t, who, TRAITS, BRUTALITY)
    o.rhetoric[g] = 2.0 * share(called) * chance(w, t, who, TRAITS, RHETORIC) - 1.0
    e.belief[j] = o.rhetoric[g]
    e.loyalty[j] = 1.0
    base = j * TIES_PER_EMIR
    y = w.tie
    settle(w, j, base, i)
    if p.on_embedding == 1:
        # Its people are this community's sons.
        y.matrimonial[base] = p.native_ties
        y.pragmatic[base] = p.native_ties
        c.reached[i] = 1
        if c.reached_month[i] < 0:
            c.reached_month[i] = t
    y.lesser_evil[base] = c.grievance[i] * (1.0 - c.trust[i])
    y.conviction[base] = c.socialisation[i]
    join_up(w, j, base, n)
    o.strength[g] = e.strength[j]
    o.strength_before[g] = e.strength[j]
    o.peak[g] = e.strength[j]
    row = emit(w, t, FOUNDING, who, o.identity[g], -1, k, e.strength[j], i)
    o.entry[g] = row


AIMS, BRUTALITY, RHETORIC = 3, 4, 5
"""Indices of a founder's traits."""


@rule
def new_organisation(w, p, t, i, origin):
    """The emir of katiba i founds an organisation of his own, with his katiba; return its row, or -1."""
    e = w.emir
    o = w.organisation
    j = free_organisation(w)
    if j < 0:
        return -1
    g = e.organisation[i]
    k = e.region[i]
    blank_organisation(w, p, t, j, child_identity(e.identity[i], t, AS_GROUP), k)
    o.kind[j] = o.kind[g]
    o.aims[j] = o.aims[g]
    o.brutality[j] = o.brutality[g]
    o.posture[j] = o.posture[g]
    o.posture_told[j] = o.posture[g]
    if origin == BY_PLEDGE:
        # The brand's line, and what it asks for: a rival of whom one has been with.
        o.brand[j] = RIVAL
        if o.brand[g] == RIVAL:
            o.brand[j] = GLOBAL
        o.kind[j] = JIHADIST
    elif origin == BY_AUTONOMY:
        o.brand[j] = o.brand[g]
    o.lineage[j] = o.lineage[g]
    o.parent[j] = g
    if origin == BY_BROKER:
        o.lineage[j] = o.identity[j]
        o.parent[j] = -1
    o.origin[j] = origin
    o.leader[j] = e.identity[i]
    o.control[j] = o.control[g]
    o.rhetoric[j] = e.belief[i]
    o.agenda_line[j] = e.agenda[i]
    o.information_line[j] = e.information[i]
    o.centralisation[j] = o.centralisation[g]
    o.patience[j] = o.patience[g]
    o.institutions[j] = p.office_inherited * o.institutions[g]
    if p.on_institutions == 0:
        o.institutions[j] = 0.5
    join(w, t, i, j)
    e.loyalty[i] = 1.0
    return j


@rule
def join(w, t, i, j):
    """Katiba i goes over to organisation j, with its strength."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    o.strength[g] = positive(o.strength[g] - e.strength[i])
    o.katibas[g] -= 1
    o.strength[j] += e.strength[i]
    o.strength_before[j] += e.strength[i]
    o.katibas[j] += 1
    if o.strength[j] > o.peak[j]:
        o.peak[j] = o.strength[j]
    e.organisation[i] = j
    e.faction[i] = 0
