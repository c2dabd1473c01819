"""M14 Barons want impunity, not war (B).

"Political instability can reinforce the climate of impunity. However, too many conflicts … can also threaten the drug
barons' economic activities. The lack of state control can be advantageous for the barons, but it is even better for
them to control the state institutions" (B). With conflict K in [0, 1], reach R and captured share C of the region:

    interdiction  I = R (1 - C) (1 - instability_cover K)
    profit        = smuggling_scale x routes x route value x (1 - I) x (1 - conflict_harm K^2)

which rises in K while cover outweighs harm and falls after: the inverted U is an outcome of two channels, not a shape
put in. A baron buys protection from whoever is armed in his region, less as war makes it worthless, and officials in
proportion to what interdiction costs him (M15).
"""

from __future__ import annotations

from sim.rules.forms import rule, share, toward


@rule
def interdict(w, p, t, i):
    """What the state stops of the trade in a region, and last month's payments cleared. Row: region."""
    r = w.region
    r.protection[i] = 0.0
    r.bribes[i] = 0.0
    r.notables[i] = 0.0
    cover = 1.0
    if p.on_smuggling == 1:
        cover = 1.0 - p.instability_cover * r.conflict[i]
    r.interdiction[i] = share(r.reach[i] * (1.0 - r.capture[i]) * cover)


@rule
def trade(w, p, t, i):
    """A smuggler trades, pays and gains standing. Row: smuggler."""
    s = w.smuggler
    r = w.region
    k = s.region[i]
    conflict = r.conflict[k]
    harm = 0.0
    if p.on_smuggling == 1:
        harm = p.conflict_harm * conflict * conflict
    profit = p.smuggling_scale * s.routes[i] * r.route_value[k] * (1.0 - r.interdiction[k]) * (1.0 - harm)
    s.profit[i] = profit
    s.protection[i] = 0.0
    s.bribes[i] = 0.0
    w.measure.profit[0] += profit
    if p.on_smuggling == 1:
        s.backs[i] = r.first_group[k]
        if s.backs[i] >= 0 and conflict < p.conflict_tolerance:
            s.protection[i] = p.protection_share * profit * (1.0 - conflict)
            r.protection[k] += s.protection[i]
        s.bribes[i] = p.bribe_share * profit * (0.3 + 0.7 * r.reach[k])
        r.bribes[k] += s.bribes[i]
    standing = share(0.5 * r.capture[k] + 0.5 * profit / (profit + 0.3))
    s.respectability[i] = toward(s.respectability[i], standing, p.respect_rate)
    r.notables[k] = 1.0 - (1.0 - r.notables[k]) * (1.0 - 0.5 * s.respectability[i])
