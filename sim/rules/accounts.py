"""The month's accounts: sums from which the outcomes of a run are read (see :mod:`sim.observe.outcomes`). Nothing here acts on the world."""

from __future__ import annotations

from sim.rules.forms import rule


@rule
def count_month(w, p, t, i):
    """Sums over months that belong to no one group. Row: clock."""
    m = w.measure
    m.months[0] += 1.0
    n = w.force.morale.shape[0]
    if n > 0:
        total = 0.0
        for f in range(n):
            total += w.force.morale[f]
        m.morale[0] += total / n
    n = w.elite.volatility.shape[0]
    total = 0.0
    for s in range(n):
        total += w.elite.volatility[s]
    m.volatility[0] += total / n


@rule
def count_organisation(w, p, t, i):
    """Sums over the organisations of the lineage that is followed. Row: organisation."""
    o = w.organisation
    if o.lineage[i] != w.clock.focus[0]:
        return
    m = w.measure
    m.organisation_months[0] += 1.0
    m.control[0] += o.control[i]
    m.agency_loss[0] += o.agency_loss[i]
    m.divergence[0] += o.divergence[i]
    m.polarisation[0] += o.polarisation[i]
    m.tension[0] += o.tension[i]
    m.outside[0] += o.outside[i]
    m.institutions[0] += o.institutions[i]
    m.r0[0] += o.r0[i]
    m.strength[0] += o.strength[i]
    if o.identity[i] == w.clock.focus[0]:
        m.root_months[0] += 1.0
        m.root_strength[0] += o.strength[i]
    if o.strength[i] > m.peak[0]:
        m.peak[0] = o.strength[i]


@rule
def count_katiba(w, p, t, i):
    """Sums over the katibas of the lineage that is followed. Row: emir."""
    e = w.emir
    if w.organisation.lineage[e.organisation[i]] != w.clock.focus[0]:
        return
    m = w.measure
    m.katiba_months[0] += 1.0
    m.ties[0] += e.ties[i]
    m.haven[0] += e.haven[i]
    m.support[0] += e.support[i]
    m.instrumental[0] += e.instrumental[i]
    m.crowding[0] += e.crowding[i]
    m.dormant[0] += e.dormant[i]
