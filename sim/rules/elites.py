"""M13 Tactical elites: short horizons, a piece of the cake (B; "bricolage", Guichaoua).

Each month the bargain over shares is reopened with hazard bargain_hazard x (1 - horizon); a reopened bargain swings the
centre's share by up to (1 - horizon) / 2, and the swing adds to the volatility that allies read (M12). The horizon
itself is the scenario's, shortened by ruptures of the state and lengthened by policy. What a scenario calls neglect is
the level that goes with the horizon it starts from: shorter horizons let it grow, longer ones and aid let it shrink,
both slowly.
"""

from __future__ import annotations

from sim.rules.chronicling import emit
from sim.rules.forms import chance, clamp, risk, rule, share, toward
from sim.rules.policy import bought
from sim.world.codes import RENEGOTIATION
from sim.world.decisions import BARGAIN, BARGAIN_SWING


@rule
def bargain(w, p, t, i):
    """The elite's horizon moves, and it may reopen the bargain over shares. Row: elite."""
    e = w.elite
    longer = 0.0
    if p.on_policy == 1 and t >= p.policy_start and t <= p.policy_end:
        longer = bought(w, p, p.policy_horizon)
    horizon = e.horizon_start[i] * (1.0 - e.coup[i]) * (1.0 - 0.5 * e.protest[i])
    e.horizon[i] = toward(e.horizon[i], share(horizon + longer * (1.0 - horizon)), p.horizon_rate)
    swing = 0.0
    if p.on_tactical_elites == 1:
        short = 1.0 - e.horizon[i]
        if chance(w, t, e.identity[i], BARGAIN, 0) < risk(p.bargain_hazard * short):
            u = chance(w, t, e.identity[i], BARGAIN_SWING, 0)
            before = e.share[i]
            e.share[i] = clamp(before + (u - 0.5) * short, 0.05, 0.95)
            swing = e.share[i] - before
            if swing < 0.0:
                swing = -swing
            e.bargains[i] += 1
            emit(w, t, RENEGOTIATION, e.identity[i], -1, -1, -1, swing, i)
    e.volatility[i] = toward(e.volatility[i], share(4.0 * swing), p.volatility_rate)


@rule
def serve(w, p, t, i):
    """Neglect moves with the horizon of the elite and with aid. Row: community."""
    c = w.community
    e = w.elite
    s = w.region.elite[c.region[i]]
    shortening = 0.0
    if p.on_tactical_elites == 1:
        shortening = p.neglect_by_horizon * (e.horizon_start[s] - e.horizon[s] + 0.5 * (0.5 - e.share[s]))
    # What a ruptured state no longer provides is missed; what it can provide decides how much of an aid arrives.
    failing = e.services[s] * e.coup[s] * (1.0 - c.neglect_start[i])
    arriving = p.services_effect * e.aid[s] * (0.5 + e.services[s])
    goal = share(c.neglect_start[i] + shortening + failing - arriving)
    c.neglect[i] = toward(c.neglect[i], goal, p.neglect_rate)
    if e.dialogue[s] > 0.0:
        c.cleavage[i] -= p.dialogue_effect * e.dialogue[s] * c.cleavage[i]
