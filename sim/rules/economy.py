"""Money: what an emir earns where he is, what he owes, what the leadership gives back.

An emir earns from economic ties along routes, from protection that smugglers pay (M14) and from communities that
support him. He remits remittance x (1 - shirking) of it: agency loss is felt first in the treasury. The leadership
meets the cost of control, and shares the rest of its income out by strength: dependence on it is what its control rests
on (M4). Money that does not cover upkeep is hardship.
"""

from __future__ import annotations

from sim.rules.forms import rule, share
from sim.world.codes import GLOBAL, NO_BRAND, RIVAL
from sim.world.layout import TIES_PER_EMIR


@rule
def earn(w, p, t, i):
    """Income, remittance, upkeep, hardship. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    y = w.tie
    g = e.organisation[i]
    k = e.region[i]
    trade = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + TIES_PER_EMIR):
        m = y.community[j]
        if m >= 0 and w.community.region[m] == k:
            trade += y.economic[j]
    part = 1.0
    if r.strength[k] > 0.0:
        part = share(e.alone[i] / r.strength[k])
    harm = 1.0 - 0.5 * r.conflict[k]
    income = p.trade_income * trade * r.route_value[k] * (1.0 - r.interdiction[k]) * harm
    income += part * r.protection[k]
    income += p.levy * e.strength[i] * e.support[i]
    if e.dormant[i] == 1:
        income *= 0.5
    remitted = p.remittance * income * (1.0 - e.shirking[i])
    if o.disruption[g] > 0.0:
        remitted *= 0.5
    o.treasury[g] += remitted
    upkeep = p.upkeep * e.strength[i]
    if e.dormant[i] == 1:
        upkeep *= p.dormant_upkeep
    given = 0.0
    if o.strength[g] > 0.0:
        given = p.treasury_share * o.treasury[g] * e.alone[i] / o.strength[g]
    if given > upkeep:
        given = upkeep
    o.treasury[g] -= given
    purse = e.purse[i] + income - remitted + given - upkeep
    short = 0.0
    if purse < 0.0:
        short = share(-purse / (upkeep + 1.0e-9))
        purse = 0.0
    # What is spent on houses and favours does not stay in a purse for ever.
    e.purse[i] = purse * (1.0 - p.purse_leak)
    e.hardship[i] = e.hardship[i] + 0.3 * (short - e.hardship[i])


@rule
def fund(w, p, t, i):
    """Money from a brand while it lasts, and the cost of control. Row: organisation."""
    o = w.organisation
    if o.brand[i] != NO_BRAND:
        reach = w.clock.cause[0]
        if o.brand[i] == RIVAL:
            reach = w.clock.rival[0]
        if o.brand[i] == GLOBAL or o.brand[i] == RIVAL:
            o.treasury[i] += p.brand_money * reach
    o.treasury[i] *= 1.0 - p.contact_cost * o.control[i]
