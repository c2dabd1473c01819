"""M8 Safe haven as a social space: measured as detection avoided (B; Campana & Ducol 2011).

Nothing is put in. A katiba is found by what people tell and by what terrain shows of it (violence); haven is the share of that which it is spared,
against a stranger on open ground under the same forces:

    haven = 1 - terrain exposure x tips

with tips made by whom people tell on (legitimacy): ties, norms, trust in the state, weariness. Switched off, people keep silent to the same degree
about everybody, so a haven is terrain alone.
"""

from __future__ import annotations

from sim.rules.forms import rule, share


@rule
def shown(p, r, k):
    """Return how much of what is there the terrain shows: less the remoter, and where the state is absent."""
    return 1.0 - p.terrain_cover * r.remoteness[k]


@rule
def measure(w, p, t, i):
    """Haven that a katiba enjoys; the best of a region is the region's. Row: emir."""
    e = w.emir
    r = w.region
    k = e.region[i]
    e.haven[i] = share(1.0 - shown(p, r, k) * e.tips[i])
    if e.haven[i] > r.found[k]:
        r.found[k] = e.haven[i]


@rule
def index(w, p, t, i):
    """Haven of a region: what the best-connected katiba there has, or a stranger would. Row: region."""
    r = w.region
    r.terrain[i] = share(1.0 - shown(p, r, i))
    r.haven[i] = r.found[i]
    if r.first_group[i] < 0:
        r.haven[i] = share(1.0 - shown(p, r, i) * (p.tips_floor + (1.0 - p.tips_floor) * r.informers[i]))
