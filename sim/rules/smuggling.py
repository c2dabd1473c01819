"""M14 Barons want impunity, not war (B).

"Political instability can reinforce the climate of impunity. However, too many conflicts … can also threaten the drug barons' economic activities.
The lack of state control can be advantageous for the barons, but it is even better for them to control the state institutions" (B). A baron knows two
prices. Trade worth v loses to the state what it interdicts, I = R (1 - C), and to armed men what they take and what fighting destroys,
A = 1 - (1 - armed / (armed + room))(1 - conflict):

    what he keeps = v (1 - I (1 - bribe_cover b)) (1 - A (1 - protection_cover s)) (1 - bribe_share b - protection_share s)

He picks the best of four: pay nobody, officials (b = 1), the strongest armed group (s = 1), or both. Whether instability helps him, how much war is
too much, and whether he buys officials are results of those prices; so is capture (reach), which his bribes feed.
"""

from __future__ import annotations

from sim.rules.forms import part, rule, share, toward


@rule
def interdict(w, p, t, i):
    """What the state stops of the trade in a region, and last month's payments cleared. Row: region."""
    r = w.region
    r.protection[i] = 0.0
    r.bribes[i] = 0.0
    r.notables[i] = 0.0
    r.interdiction[i] = 1.0 - r.absence[i]


@rule
def kept(p, interdiction, armed, b, s):
    """Return the share of his trade's worth that a baron keeps if he pays officials (b) and armed men (s), each 0 or 1."""
    return (
        (1.0 - interdiction * (1.0 - p.bribe_cover * b))
        * (1.0 - armed * (1.0 - p.protection_cover * s))
        * (1.0 - p.bribe_share * b - p.protection_share * s)
    )


@rule
def trade(w, p, t, i):
    """A smuggler looks at his prices, pays whom it is worth paying, trades and gains standing. Row: smuggler."""
    s = w.smuggler
    r = w.region
    k = s.region[i]
    worth = p.trade_income * s.routes[i] * r.route_value[k]
    s.protection[i] = 0.0
    s.bribes[i] = 0.0
    s.backs[i] = -1
    armed = 0.0
    if p.on_smuggling == 1:
        armed = 1.0 - (1.0 - part(r.strength[k], r.strength[k] + r.room[k])) * (1.0 - r.conflict[k])
    best = kept(p, r.interdiction[k], armed, 0.0, 0.0)
    bribe = 0.0
    protect = 0.0
    x = kept(p, r.interdiction[k], armed, 1.0, 0.0)
    if x > best and p.on_smuggling == 1:
        best = x
        bribe = 1.0
    if r.first_group[k] >= 0 and p.on_smuggling == 1:
        x = kept(p, r.interdiction[k], armed, 0.0, 1.0)
        if x > best:
            best = x
            bribe = 0.0
            protect = 1.0
        x = kept(p, r.interdiction[k], armed, 1.0, 1.0)
        if x > best:
            best = x
            bribe = 1.0
            protect = 1.0
    s.profit[i] = worth * best
    w.measure.profit[0] += s.profit[i]
    if protect > 0.0:
        s.backs[i] = r.first_group[k]
        s.protection[i] = p.protection_share * worth
        r.protection[k] += s.protection[i]
    if bribe > 0.0:
        s.bribes[i] = p.bribe_share * worth
        r.bribes[k] += s.bribes[i]
    s.respectability[i] = toward(s.respectability[i], share(0.5 * (r.capture[k] + best)), p.society_rate)
    r.notables[k] = 1.0 - (1.0 - r.notables[k]) * (1.0 - s.respectability[i])
