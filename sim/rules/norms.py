"""M16 Norm change: norms shift with notables and contact, and divisions blur (B; Scheele 2012).

Acceptance n of a community of smuggling and of armed guests follows a double well with tipping point norm_tipping,
pushed by the standing of smugglers as notables, by ties of armed guests and by the mean norm around it:

    dn/dt = norm_rate [ norm_inertia n (1 - n) (n - n*) + (notables + ties)/2 (1 - n)
                       - norm_resistance (1 - x)(n - n0) + norm_contact (n_region - n) ]

The well makes the change slow and hysteretic: beyond n* a norm stays when what shifted it has gone. The resistance of
the old norm is itself weaker the further one has come (x = n).
"""

from __future__ import annotations

from sim.rules.forms import rule, share


@rule
def shift(w, p, t, i):
    """The norm of a community. Row: community."""
    if p.on_norm_change == 0:
        return
    c = w.community
    r = w.region
    k = c.region[i]
    n = c.norm[i]
    well = p.norm_inertia * n * (1.0 - n) * (n - p.norm_tipping)
    push = 0.5 * (r.notables[k] + r.ties[k]) * (1.0 - n)
    back = p.norm_resistance * (1.0 - n) * (n - c.norm_start[i])
    near = p.norm_contact * (r.norms[k] - n)
    c.norm[i] = share(n + p.norm_rate * (well + push - back + near))
