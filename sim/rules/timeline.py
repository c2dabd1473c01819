"""Exogenous events: the dated entries of the scenario. What the groups then do is endogenous.

Levels (an amnesty's openness, a protest's burden …) hold while an entry is in force: they are set anew each month from
the entries, so an entry that is removed leaves no trace, and one of magnitude 0 is as good as removed. A death and an entry of a group strike once. A
cleavage deepens by magnitude / months each month, and stays.
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.forms import rule, share
from sim.rules.people import muster
from sim.world.codes import (
    AMNESTY,
    CLEAVAGE,
    COUP,
    ENTERED,
    ENTRY,
    GLOBAL_CAUSE,
    INTERVENTION,
    LEADER_DEATH,
    PEACE,
    PROTEST,
    RESHUFFLE,
    RIVAL_BRAND,
    SERVICES,
)  # fmt: skip


@rule
def clear(w, p, t, i):
    """Levels of an elite's state go back to nothing before this month's entries are read. Row: elite."""
    e = w.elite
    e.amnesty[i] = 0.0
    e.coup[i] = 0.0
    e.protest[i] = 0.0
    e.purge[i] = 0.0
    e.aid[i] = 0.0
    e.peace[i] = 0.0
    if i == 0:
        w.clock.rival[0] = 0.0
        w.clock.cause[0] = p.global_appeal
        for f in range(w.force.surge.shape[0]):
            w.force.surge[f] = 0.0


@rule
def strike(w, p, t, i):
    """An entry of the timeline takes effect while it is in force. Row: timeline."""
    line = w.timeline
    first = line.month[i]
    if t < first or t >= first + line.months[i]:
        return
    kind = line.kind[i]
    k = line.target[i]
    size = line.magnitude[i]
    e = w.elite
    if kind == AMNESTY:
        e.amnesty[k] = share(e.amnesty[k] + size)
    elif kind == COUP:
        e.coup[k] = share(e.coup[k] + size)
    elif kind == PROTEST:
        e.protest[k] = share(e.protest[k] + size)
    elif kind == RESHUFFLE:
        e.purge[k] = share(e.purge[k] + size)
    elif kind == SERVICES:
        e.aid[k] = share(e.aid[k] + size)
    elif kind == PEACE:
        e.peace[k] = share(e.peace[k] + size)
    elif kind == INTERVENTION:
        w.force.surge[k] += size
    elif kind == RIVAL_BRAND:
        w.clock.rival[0] = share(w.clock.rival[0] + size)
    elif kind == GLOBAL_CAUSE:
        w.clock.cause[0] = share(w.clock.cause[0] + size)
    elif kind == CLEAVAGE:
        r = w.region
        for c in range(r.first_community[k], r.first_community[k] + r.communities[k]):
            w.community.cleavage[c] = share(w.community.cleavage[c] + size / line.months[i])
    elif kind == LEADER_DEATH:
        if t == first and size > 0.0 and w.organisation.alive[k] == 1:
            w.organisation.struck[k] = 1
    elif kind == ENTRY and t == first and size > 0.0:
        enter(w, t, k)


@rule
def enter(w, t, k):
    """An organisation that the scenario holds back enters with its katibas."""
    o = w.organisation
    o.alive[k] = 1
    o.born[k] = t
    total = 0.0
    for m in range(w.emir.alive.shape[0]):
        if w.emir.organisation[m] == k and w.emir.alive[m] == 0 and w.emir.strength[m] > 0.0:
            w.emir.alive[m] = 1
            w.emir.born[m] = t
            total += muster(w, m)
    o.strength[k] = total
    o.strength_before[k] = total
    o.peak[k] = total
    emit(w, t, ENTERED, o.leader[k], o.identity[k], -1, o.home[k], total, o.kind[k])
