"""M16 Norm change: norms shift with notables and contact, and divisions blur (B; Scheele 2012).

Acceptance n of a community of smuggling and of armed guests is learnt from those with standing (barons become notables), from armed guests with ties,
and from neighbours, and unlearnt towards what it was; what holds a norm is how many share it, so the pull back weakens the further one has come:

    dn/dt = society_rate [ (notables + ties)/2 (1 - n) + (n_region - n) - (1 - n)(n - n0) ]

Norms lower what people tell the state (haven) and what they think of a stranger who asks to stay (embedding).
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
    push = 0.5 * (r.notables[k] + r.ties[k]) * (1.0 - n)
    back = (1.0 - n) * (n - c.norm_start[i])
    c.norm[i] = share(n + p.society_rate * (push + r.norms[k] - n - back))
