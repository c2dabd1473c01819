"""Money: what an emir earns where he is, what he owes, what the leadership gives back.

An emir earns from economic ties along routes, from protection that smugglers pay the strongest (M14) and, where the state is absent, from levies on
people who see him as their own. He remits what he owes unless he keeps it (M3). The leadership covers shortfalls out of its treasury, by strength,
and gives nothing to whoever was caught. Money that does not cover upkeep is hardship: people go home for it, and what kept money might have covered
counts as a symptom of too loose a rein.
"""

from __future__ import annotations

from sim.rules.forms import part, rule, share, toward
from sim.world.codes import NO_BRAND, RIVAL
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
    for j in range(base, base + e.places[i]):
        m = y.community[j]
        if m >= 0 and w.community.region[m] == k:
            trade += y.economic[j]
    mine = share(part(e.counted[i], r.strength[k]))
    income = p.ties_money * 0.5 * p.trade_income * share(trade) * mine * r.route_value[k] * (1.0 - r.interdiction[k])
    if i == r.first_emir[k]:
        income += r.protection[k]
    income += p.levy * e.strength[i] * e.support[i] * r.absence[k]
    upkeep = p.upkeep * e.strength[i]
    if e.dormant[i] == 1:
        income *= 0.5
        upkeep = 0.0
    remitted = p.remittance * income * (1.0 - e.skims[i])
    if o.vacant[g] == 1:
        remitted = 0.0
    o.treasury[g] += remitted
    purse = e.purse[i] + income - remitted - upkeep
    given = 0.0
    if purse < 0.0 and e.caught[i] == 0.0 and o.vacant[g] == 0:
        # Half the treasury may go in a month, to each by strength.
        most = 0.5 * part(o.treasury[g] * e.counted[i], o.strength[g])
        given = -purse
        if given > most:
            given = most
        o.treasury[g] -= given
    purse += given
    short = 0.0
    if purse < 0.0:
        short = share(part(-purse, upkeep))
        # What was kept from the treasury is what it lacks now: want is a symptom of too loose a rein as far as emirs serve themselves.
        o.loose[g] += short * p.want * p.home_rate * e.strength[i] * o.agency_loss[g]
        purse = 0.0
    # What is spent on houses and favours does not stay in a purse for ever.
    e.purse[i] = purse * (1.0 - p.purse_leak)
    e.hardship[i] = toward(e.hardship[i], short, p.memory)


@rule
def fund(w, p, t, i):
    """Money from a brand while it lasts. Row: organisation."""
    o = w.organisation
    if o.brand[i] != NO_BRAND:
        reach = w.clock.cause[0]
        if o.brand[i] == RIVAL:
            reach = w.clock.rival[0]
        o.treasury[i] += p.brand_money * reach
