"""M13 Tactical elites: short horizons, a piece of the cake (B; "bricolage", Guichaoua).

An elite hears of the dead and the armed in its state, and decides on shares, services and repression.

    shares       the centre's share mirrors its part of the armed power in the state. Once that part has moved further from what the last bargain
                 rested on than the elite's horizon lets it overlook, the bargain is reopened; the swing is the volatility that allies read (M12)
    services     what it gives the margins grows with its horizon and shrinks with the share it keeps
    repression   an elite that lives for the month answers violence at once, with a heavy hand: harshness = (1 - horizon) x cost
    offers       see endings: violence now, times the horizon over which it would go on, against what sharing would cost
    officials    what it lets be bought: see reach

The horizon is the scenario's, shortened by ruptures of the state and protest and lengthened by policy. Switched off, shares and services stay as they
are, and nobody is harsh.
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.forms import part, rule, share, toward
from sim.rules.policy import bought
from sim.world.codes import RENEGOTIATION


@rule
def bargain(w, p, t, i):
    """The elite's horizon moves; what violence costs it; whether the bargain is reopened, and how harsh it is. Row: elite."""
    e = w.elite
    longer = 0.0
    if p.on_policy == 1 and t >= p.policy_start and t <= p.policy_end:
        longer = bought(w, p, p.policy_horizon)
    horizon = e.horizon_start[i] * (1.0 - e.coup[i]) * (1.0 - 0.5 * e.protest[i])
    e.horizon[i] = toward(e.horizon[i], share(horizon + longer * (1.0 - horizon)), p.memory)
    e.cost[i] = toward(e.cost[i], e.deaths[i] / (e.deaths[i] + p.cost_half), p.memory)
    swing = 0.0
    e.harshness[i] = 0.0
    if p.on_tactical_elites == 1:
        e.harshness[i] = (1.0 - e.horizon[i]) * e.cost[i]
        power = part(e.armed[i], e.armed[i] + p.garrison_weight * e.capacity[i])
        if t <= 1:
            # What the bargain that stands rests on is known once forces and groups have been counted.
            e.power[i] = power
        moved = power - e.power[i]
        if moved < 0.0:
            moved = -moved
        if moved > p.bargain_tolerance * e.horizon[i]:
            e.share[i] = share(e.share[i] - (power - e.power[i]))
            e.power[i] = power
            swing = moved
            e.bargains[i] += 1
            emit(w, t, RENEGOTIATION, e.identity[i], -1, -1, -1, share(moved), i)
    e.volatility[i] = toward(e.volatility[i], share(part(swing, p.bargain_tolerance)), p.memory)


@rule
def hear(w, p, t, i):
    """The elite learns what its own forces are able to do. Row: elite."""
    w.elite.capacity[i] = w.elite.garrison[i]


@rule
def serve(w, p, t, i):
    """Neglect moves with the horizon of the elite, the share it keeps, ruptures and aid. Row: community."""
    c = w.community
    e = w.elite
    s = w.region.elite[c.region[i]]
    shortening = 0.0
    if p.on_tactical_elites == 1:
        shortening = p.neglect_by_horizon * (e.horizon_start[s] - e.horizon[s] + e.share[s] - e.share_start[s])
    # What a ruptured state no longer provides is missed; what it can provide decides how much of an aid arrives.
    failing = e.services[s] * e.coup[s] * (1.0 - c.neglect_start[i])
    arriving = p.services_effect * e.aid[s] * (0.5 + e.services[s])
    goal = share(c.neglect_start[i] + shortening + failing - arriving)
    c.neglect[i] = toward(c.neglect[i], goal, p.society_rate)
    if e.dialogue[s] > 0.0:
        c.cleavage[i] -= p.dialogue_effect * e.dialogue[s] * c.cleavage[i]
