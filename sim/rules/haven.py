"""M8 Safe haven as a social space: ties and norms, not territory alone (B; Campana & Ducol 2011).

    terrain T = (remoteness + 1 - R (1 - C)) / 2        social S = 1 - (1 - ties)(1 - norm_shelter x norms)
    haven   H = sqrt(T S)

A geometric mean: without ties and norms the best terrain shelters nobody. Switched off, the social part is held at
haven_neutral everywhere, so haven is terrain alone.
"""

from __future__ import annotations

import math

from sim.rules.competition import allied
from sim.rules.forms import rule, share


@rule
def social(p, ties, norms):
    """Return the social part of haven."""
    if p.on_social_haven == 0:
        return p.haven_neutral
    return 1.0 - (1.0 - ties) * (1.0 - p.norm_shelter * norms)


@rule
def index(w, p, t, i):
    """Haven of a region and its parts. Row: region."""
    r = w.region
    r.terrain[i] = share(0.5 * (r.remoteness[i] + 1.0 - r.reach[i] * (1.0 - r.capture[i])))
    r.haven[i] = math.sqrt(r.terrain[i] * social(p, r.ties[i], r.norms[i]))


@rule
def shelter(w, p, t, i):
    """Haven that a katiba enjoys where it is, through its own ties; allies lend theirs (M12). Row: emir."""
    e = w.emir
    r = w.region
    k = e.region[i]
    ties = e.ties[i]
    if allied(w, e.organisation[i], r.first_group[k]) == 1:
        ties = ties + p.alliance_shelter * positive_gap(r.ties[k], ties)
    e.haven[i] = math.sqrt(r.terrain[k] * social(p, ties, r.norms[k]))


@rule
def positive_gap(x, y):
    """Return x - y where positive, else 0."""
    if x > y:
        return x - y
    return 0.0
