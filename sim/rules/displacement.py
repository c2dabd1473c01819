"""M20 Displacement: pressure moves groups to the margins; some regions serve as logistic platforms (T).

A katiba looks at one adjoining region a month. There it would be a stranger: the haven it could have is that of terrain
and norms without a tie (M8); here its own ties shelter it, and they hold it, as families and suppliers do (B). It weighs
haven, trade (a platform is a region worth more for its routes than for its people), grievance, pressure and rivals. It
moves with chance move_rate x ease x logistic(sharpness (value there - value here - roots x ties - moving_cost)); an
order to fall back lowers the threshold.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import chance, logistic, rule
from sim.rules.haven import social
from sim.world.codes import RELOCATION
from sim.world.decisions import RELOCATE


@rule
def worth(w, p, k, haven):
    """Return what a region is worth to whoever has so much haven there."""
    r = w.region
    trade = r.route_value[k] * (1.0 - r.interdiction[k])
    return haven + 0.4 * trade + 0.5 * r.grievance[k] - p.pressure_aversion * r.pressure[k] * (0.5 + r.intelligence[k])


@rule
def move(w, p, t, i):
    """A katiba stays or goes. Row: emir."""
    if p.on_displacement == 0:
        return
    e = w.emir
    o = w.organisation
    r = w.region
    k = e.region[i]
    g = e.organisation[i]
    n = r.edges[k]
    if n == 0:
        return
    u = chance(w, t, e.identity[i], RELOCATE, 0)
    pick = int(u * n)
    v = u * n - pick
    edge = r.first_edge[k] + pick
    there = w.edge.to[edge]
    ease = w.edge.ease[edge]
    if v >= p.move_rate * ease:
        return
    stranger = math.sqrt(r.terrain[there] * social(p, 0.0, r.norms[there]))
    gain = worth(w, p, there, stranger) - worth(w, p, k, e.haven[i]) - p.roots * e.ties[i] + 0.4 * e.crowding[i] - p.moving_cost
    # Katibas of the same organisation spread rather than pile up, unless falling back together.
    if r.first_group[there] == g:
        gain -= 0.15
    if o.retreat[g] > 0.0:
        gain += 0.25
    if v >= p.move_rate * ease * logistic(p.move_sharpness * gain):
        return
    e.region[i] = there
    row = emit(w, t, RELOCATION, e.identity[i], o.identity[g], -1, there, e.strength[i], k)
    attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.4 * e.crowding[i], r.pressure[k], 0.0, 0.0, 0.3 * e.hardship[i], 0.0, 0.0, 0.1)
