"""M23 Policies: force, amnesty, services, anti-corruption, dialogue and longer horizons, each with a cost (B).

"Simply reinforcing the security forces is not a viable solution by itself" (B) is a claim to be tested at equal cost,
so every policy buys its level on the same terms: a share x of a monthly budget B buys

    level = 1 - exp(-x B / c),   c = policy_half_cost / ln 2,

with decreasing returns. What a level then does is in the rules of what it acts on.
"""

from __future__ import annotations

import math

from sim.rules.forms import rule, share

LN_2 = math.log(2.0)


@rule
def bought(w, p, part):
    """Return the level that a share of the budget buys in each state, among which the budget is divided."""
    budget = p.policy_budget / w.elite.identity.shape[0]
    return 1.0 - math.exp(-LN_2 * part * budget / p.policy_half_cost)


@rule
def spend(w, p, t, i):
    """The state spends its budget of the month. Row: elite."""
    e = w.elite
    e.extra_force[i] = 0.0
    e.clean[i] = 0.0
    e.dialogue[i] = 0.0
    if p.on_policy == 0 or p.policy_budget <= 0.0 or t < p.policy_start or t > p.policy_end:
        return
    e.extra_force[i] = bought(w, p, p.policy_force)
    e.amnesty[i] = share(e.amnesty[i] + p.policy_amnesty_openness * bought(w, p, p.policy_amnesty))
    e.aid[i] = share(e.aid[i] + bought(w, p, p.policy_services))
    e.clean[i] = bought(w, p, p.policy_anti_corruption)
    e.dialogue[i] = bought(w, p, p.policy_dialogue)
    used = p.policy_force + p.policy_amnesty + p.policy_services + p.policy_anti_corruption + p.policy_dialogue + p.policy_horizon
    w.measure.policy_cost[0] += p.policy_budget / e.identity.shape[0] * used
