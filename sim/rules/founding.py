"""Foundings: a new katiba from a large one, a new organisation from an emir or a broker.

Whoever is founded in a run gets an identity mixed from its founder's, the month and an ordinal, so one founding more
does not shift anybody else's draws. It acts from the next month on. Where a table is full the founding is refused and
counted: a run never grows without bound.
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.embedding import wipe
from sim.rules.forms import chance, clamp, positive, risk, rule, share
from sim.world.codes import BY_AUTONOMY, BY_BROKER, BY_PLEDGE, JIHADIST, NEW_KATIBA, NO_BRAND, RIVAL
from sim.world.decisions import KATIBA
from sim.world.draws import child_identity
from sim.world.layout import TIES_PER_EMIR


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
def new_katiba(w, p, t, i, k, part, ordinal):
    """Take a part of katiba i to found one in region k; return its row, or -1."""
    e = w.emir
    j = free_emir(w)
    if j < 0:
        return -1
    who = child_identity(e.identity[i], t, 2 + ordinal)
    e.identity[j] = who
    e.katiba[j] = who
    e.alive[j] = 1
    e.organisation[j] = e.organisation[i]
    e.region[j] = k
    e.born[j] = t
    e.former[j] = -1
    e.faction[j] = 0
    e.dormant[j] = 0
    e.strength[j] = part * e.strength[i]
    e.strength[i] -= e.strength[j]
    e.purse[j] = part * e.purse[i]
    e.purse[i] -= e.purse[j]
    e.skill[j] = share(0.5 * e.skill[i] + 0.5 * chance(w, t, who, KATIBA, 1))
    e.loyalty[j] = share(0.5 * e.loyalty[i] + 0.5 * chance(w, t, who, KATIBA, 2))
    e.agenda[j] = clamp(e.agenda[i] + 0.4 * (chance(w, t, who, KATIBA, 3) - 0.5), -1.0, 1.0)
    e.belief[j] = clamp(e.belief[i] + 0.4 * (chance(w, t, who, KATIBA, 4) - 0.5), -1.0, 1.0)
    e.information[j] = e.information[i]
    e.gap_agenda[j] = 0.0
    e.gap_belief[j] = 0.0
    e.gap_information[j] = 0.0
    e.divergence[j] = 0.0
    e.perceived[j] = p.prior_divergence
    e.contact[j] = e.contact[i]
    e.shirking[j] = 0.0
    e.autonomy[j] = 0.0
    e.tension[j] = 0.0
    e.ties[j] = 0.0
    e.support[j] = 0.0
    e.instrumental[j] = 0.0
    e.tips[j] = e.tips[i]
    e.haven[j] = 0.0
    e.exposure[j] = e.exposure[i]
    e.crowding[j] = 0.0
    e.hardship[j] = 0.0
    e.tempo[j] = 0.0
    e.discontent[j] = 0.0
    e.alone[j] = e.strength[j]
    w.organisation.katibas[e.organisation[j]] += 1
    for y in range(j * TIES_PER_EMIR, (j + 1) * TIES_PER_EMIR):
        wipe(w, y)
    return j


@rule
def grow(w, p, t, i):
    """A katiba too large for one emir sends people next door, where the organisation is not the first already. Row: emir."""
    e = w.emir
    r = w.region
    if e.strength[i] < p.large_katiba or e.dormant[i] == 1:
        return
    k = e.region[i]
    n = r.edges[k]
    u = chance(w, t, e.identity[i], KATIBA, 0)
    if u >= risk(p.katiba_hazard * (e.strength[i] / p.large_katiba)):
        return
    there = k
    if n > 0:
        # The chance below the threshold is again uniform once divided by it: it picks the way.
        pick = int(u / risk(p.katiba_hazard * (e.strength[i] / p.large_katiba)) * n)
        if pick >= n:
            pick = n - 1
        there = w.edge.to[r.first_edge[k] + pick]
        if r.pressure[there] > r.pressure[k] + 0.2 or r.first_group[there] == e.organisation[i]:
            there = k
    j = new_katiba(w, p, t, i, there, 0.35, 0)
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
def new_organisation(w, p, t, i, origin):
    """The emir of katiba i founds an organisation of his own; return its row, or -1."""
    e = w.emir
    o = w.organisation
    j = free_organisation(w)
    if j < 0:
        return -1
    g = e.organisation[i]
    o.identity[j] = child_identity(e.identity[i], t, 100)
    o.alive[j] = 1
    o.kind[j] = o.kind[g]
    o.brand[j] = o.brand[g]
    o.brutality[j] = o.brutality[g]
    o.posture[j] = o.posture[g]
    if origin == BY_PLEDGE:
        # The rival brand asks for spectacle.
        o.brand[j] = RIVAL
        o.brutality[j] = share(o.brutality[g] + 0.3)
        o.posture[j] = share(o.posture[g] + 0.3)
        o.kind[j] = JIHADIST
    elif origin != BY_AUTONOMY:
        o.brand[j] = NO_BRAND
    k = e.region[i]
    o.home[j] = k
    o.seat[j] = k
    o.born[j] = t
    o.ended[j] = -1
    o.lineage[j] = o.lineage[g]
    o.parent[j] = g
    if origin == BY_BROKER:
        o.lineage[j] = o.identity[j]
        o.parent[j] = -1
    o.origin[j] = origin
    o.heir[j] = -1
    o.leader[j] = e.identity[i]
    o.control[j] = o.control[g]
    o.rhetoric[j] = e.belief[i]
    o.agenda_line[j] = e.agenda[i]
    o.information_line[j] = e.information[i]
    o.centralisation[j] = 0.8 * o.centralisation[g]
    o.patience[j] = 0.5 * o.patience[g] + 0.25
    o.treasury[j] = 0.3 * e.purse[i]
    e.purse[i] -= o.treasury[j]
    o.bench[j] = 0.3
    o.cohesion[j] = 1.0
    o.breakaway[j] = -1
    o.entry[j] = -1
    join(w, t, i, j)
    e.loyalty[i] = 0.9
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
    e.former[i] = g
    e.organisation[i] = j
    e.faction[i] = 0
