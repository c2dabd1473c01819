"""M26 Institutions outlive people: routines, rules of succession, trust in the office (Stinchcombe 1965; Weber; SECOND 7).

    I' = I + office_growth x contact (1 - I) - office_dilution x I x newcomers / strength        and, once each:
    x (1 - office_lost (1 - I)) when a leader is lost,   x (1 - part that left / 2) at a split;   a breakaway starts at office_inherited of its parent's.

No age stands in any formula. Institutions shorten a vacancy, hold people and emirs, take in and train recruits; a new group has little of them. Switched
off, everybody has the same, whatever happens.
"""

from __future__ import annotations

from sim.rules.forms import part, rule, share


@rule
def grow(w, p, t, i):
    """Routines grow with contact and are thinned by newcomers. Row: organisation."""
    o = w.organisation
    if p.on_institutions == 0:
        o.institutions[i] = 0.5
        return
    x = o.institutions[i]
    if o.vacant[i] == 0:
        x += p.office_growth * o.contact[i] * (1.0 - x)
    o.institutions[i] = share(x - p.office_dilution * o.institutions[i] * share(part(o.newcomers[i], o.strength[i])))


@rule
def torn(w, p, g, left):
    """A split takes half of what its part was to the routines."""
    o = w.organisation
    if p.on_institutions == 1:
        o.institutions[g] *= 1.0 - 0.5 * share(part(left, o.strength[g]))
