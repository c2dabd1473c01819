"""Reading a calendar year of the followed lineage off the world, month by month, where somebody asks for it. Nothing here acts on the world.

Who died how and where, and who broke with whom, stand in the logs. So a month's entries are counted while they are there, and the logs begin anew
with the next month: a few thousand rows are room enough for a history of any length. Where a month has more, the year's counts are NaN, not too low.
"""

from __future__ import annotations

import math

from sim.rules.forms import rule
from sim.rules.reading import ratio
from sim.world import codes


@rule
def member(w, who):
    """Return 1 if an identity is that of an organisation of the followed lineage."""
    focus = w.clock.focus[0]
    if who == focus:
        return 1
    o = w.organisation
    for i in range(w.clock.next_organisation[0]):
        if o.identity[i] == who and o.lineage[i] == focus:
            return 1
    return 0


@rule
def read_month(w, x, n):
    """Add what the logs hold of the month to the year in row n of x, nought before, and let the logs begin anew."""
    entries = w.clock.recorded[0]
    if entries > w.violence.month.shape[0]:
        spoil_deaths(x, n)
        entries = w.violence.month.shape[0]
    for j in range(entries):
        count_deaths(w, x, n, j)
    w.clock.recorded[0] = 0
    entries = w.clock.logged[0]
    if entries > w.log.month.shape[0]:
        spoil_events(x, n)
        entries = w.log.month.shape[0]
    for j in range(entries):
        count_event(w, x, n, j)
    w.clock.logged[0] = 0


@rule
def count_deaths(w, x, n, j):
    """Count the dead of entry j of the log of violence, if the lineage took part."""
    v = w.violence
    dead = v.deaths[j]
    if dead == 0.0 or (member(w, v.by[j]) == 0 and member(w, v.against[j]) == 0):
        return
    kind = v.kind[j]
    if w.region.elite[v.region[j]] == w.clock.home[0]:
        if kind == codes.STATE_BASED:
            x.deaths_state_home[n] += dead
        elif kind == codes.NON_STATE:
            x.deaths_non_state_home[n] += dead
        else:
            x.deaths_one_sided_home[n] += dead
    elif kind == codes.STATE_BASED:
        x.deaths_state_outside[n] += dead
    elif kind == codes.NON_STATE:
        x.deaths_non_state_outside[n] += dead
    else:
        x.deaths_one_sided_outside[n] += dead


@rule
def count_event(w, x, n, j):
    """Count entry j of the event log, if it befell the lineage."""
    kind = w.log.kind[j]
    if kind > codes.MERGER and kind != codes.SUCCESSION:
        return
    if member(w, w.log.organisation[j]) == 0 and (kind != codes.MERGER or member(w, w.log.other[j]) == 0):
        return
    if kind == codes.SPLINTER:
        x.splinters[n] += 1.0
    elif kind == codes.AUTONOMY:
        x.autonomies[n] += 1.0
    elif kind == codes.PLEDGE:
        x.pledges[n] += 1.0
    elif kind == codes.DEPARTURE:
        x.departures[n] += 1.0
    elif kind == codes.RETURN:
        x.returns[n] += 1.0
    elif kind == codes.MERGER:
        x.mergers[n] += 1.0
    elif kind == codes.SURRENDER:
        x.surrenders[n] += 1.0
    elif kind == codes.SUCCESSION:
        x.successions[n] += 1.0


@rule
def spoil_deaths(x, n):
    """More violence in a month than there was room for: the year's dead are not known."""
    x.deaths_state_home[n] = math.nan
    x.deaths_state_outside[n] = math.nan
    x.deaths_non_state_home[n] = math.nan
    x.deaths_non_state_outside[n] = math.nan
    x.deaths_one_sided_home[n] = math.nan
    x.deaths_one_sided_outside[n] = math.nan


@rule
def spoil_events(x, n):
    """More events in a month than there was room for: the year's are not known."""
    x.splinters[n] = math.nan
    x.autonomies[n] = math.nan
    x.pledges[n] = math.nan
    x.departures[n] = math.nan
    x.returns[n] = math.nan
    x.mergers[n] = math.nan
    x.surrenders[n] = math.nan
    x.successions[n] = math.nan


@rule
def before(column, first, n):
    """Return the sum of a column over the years before row n."""
    total = 0.0
    for j in range(first, n):
        total += column[j]
    return total


@rule
def close_year(w, x, first, n):
    """Write the state at the year's end, and what was counted since the last one's, into row n of x; the history's years begin in row first."""
    o = w.organisation
    e = w.emir
    focus = w.clock.focus[0]
    total = 0.0
    outside = 0.0
    for i in range(e.alive.shape[0]):
        if e.alive[i] == 1 and o.lineage[e.organisation[i]] == focus:
            total += e.strength[i]
            if w.region.elite[e.region[i]] != w.clock.home[0]:
                outside += e.strength[i]
    x.strength[n] = total
    x.strength_home[n] = total - outside
    x.outside[n] = ratio(outside, total)
    x.organisations[n] = 0.0
    x.root_stands[n] = 0.0
    force = 0.0
    inactivity = 0.0
    splintering = 0.0
    amnesty = 0.0
    infighting = 0.0
    politics = 0.0
    absorption = 0.0
    for i in range(w.clock.next_organisation[0]):
        if o.lineage[i] == focus and o.identity[i] != 0:
            how = o.ending[i]
            if o.alive[i] == 1:
                x.organisations[n] += 1.0
                if o.identity[i] == focus:
                    x.root_stands[n] = 1.0
            elif how == codes.BY_FORCE:
                force += 1.0
            elif how == codes.BY_INACTIVITY:
                inactivity += 1.0
            elif how == codes.BY_SPLINTERING:
                splintering += 1.0
            elif how == codes.BY_AMNESTY:
                amnesty += 1.0
            elif how == codes.BY_INFIGHTING:
                infighting += 1.0
            elif how == codes.BY_POLITICS:
                politics += 1.0
            elif how == codes.BY_ABSORPTION or how == codes.BY_RETURN:
                absorption += 1.0
    x.ended_by_force[n] = force - before(x.ended_by_force, first, n)
    x.ended_by_inactivity[n] = inactivity - before(x.ended_by_inactivity, first, n)
    x.ended_by_splintering[n] = splintering - before(x.ended_by_splintering, first, n)
    x.ended_by_amnesty[n] = amnesty - before(x.ended_by_amnesty, first, n)
    x.ended_by_infighting[n] = infighting - before(x.ended_by_infighting, first, n)
    x.ended_by_politics[n] = politics - before(x.ended_by_politics, first, n)
    x.ended_by_absorption[n] = absorption - before(x.ended_by_absorption, first, n)
    m = w.measure
    x.attacks[n] = m.own_attacks[0] - before(x.attacks, first, n)
    x.attacks_outside[n] = m.own_outside[0] - before(x.attacks_outside, first, n)
    x.brand_joined[n] = 0.0
    if m.brand_joined[0] >= 0.0:
        x.brand_joined[n] = 1.0
