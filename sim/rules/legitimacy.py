"""M9 Legitimacy in four channels: fear, money, lesser evil, conviction; justice shown (B, T).

Each channel of a community's view of a katiba is a leaky store, f' = f + gain (1 - f) - fade f, and each fades at its
own rate: fear within weeks, conviction over years.

    fear         gain: coercion, from the armed presence and its brutality
    money        gain: what the emir can spend there
    lesser evil  gain: grievance without trust in the state
    conviction   gain: socialisation (slow, T) times justice shown: little brutality, few own targets

Support is their weighted sum; all but conviction is instrumental. Harm that a katiba has done is a stock of its own and takes from the view what it
weighs. View = support x (1 - harm), and it is what recruits come by and what keeps people silent. Switched
off, the four are one undifferentiated store that takes the mean gain and fades at the mean rate.
"""

from __future__ import annotations

from sim.rules.forms import part, rule, share
from sim.world.layout import TIES_PER_EMIR


@rule
def use_of(p, y, j):
    """Return the instrumental support at place j."""
    return p.fear_weight * y.fear[j] + p.money_weight * y.money[j] + p.lesser_evil_weight * y.lesser_evil[j]


@rule
def view(p, y, j):
    """Return how a community sees the katiba that keeps it at place j: support, less what harm weighs, in [0, 1]."""
    return share(use_of(p, y, j) + p.conviction_weight * y.conviction[j]) * (1.0 - y.harm[j])


@rule
def earn(w, p, t, i):
    """Support for a katiba in each community it has a tie with, and what becomes of tips. Row: emir."""
    e = w.emir
    o = w.organisation
    c = w.community
    r = w.region
    y = w.tie
    g = e.organisation[i]
    k = e.region[i]
    loud = part(e.strength[i], e.strength[i] + r.room[k])
    if e.dormant[i] == 1:
        loud = 0.0
    brutal = o.brutality[g]
    spend = part(e.purse[i], e.purse[i] + p.purse_half)
    justice = (1.0 - brutal) * (1.0 - e.shirking[i])
    held = 0.0
    meant = 0.0
    silent = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + e.places[i]):
        m = y.community[j]
        if m < 0:
            continue
        here = 0.0
        bond = 0.0
        if c.region[m] == k:
            here = 1.0
            bond = y.bond[j]
        fear = p.fear_gain * here * loud * (0.5 + brutal)
        money = p.money_gain * here * spend
        evil = p.lesser_evil_gain * here * c.grievance[m] * (1.0 - c.trust[m])
        conviction = p.conviction_gain * here * share(c.socialisation[m] + bond) * justice
        fear_fade = p.fear_fade
        money_fade = p.money_fade
        evil_fade = p.lesser_evil_fade
        conviction_fade = p.conviction_fade
        if p.on_legitimacy_channels == 0:
            gain = 0.5 * 0.5 * (fear + money + evil + conviction)
            fade = 0.5 * 0.5 * (fear_fade + money_fade + evil_fade + conviction_fade)
            fear = gain
            money = gain
            evil = gain
            conviction = gain
            fear_fade = fade
            money_fade = fade
            evil_fade = fade
            conviction_fade = fade
        y.fear[j] = share(y.fear[j] + fear * (1.0 - y.fear[j]) - fear_fade * y.fear[j])
        y.money[j] = share(y.money[j] + money * (1.0 - y.money[j]) - money_fade * y.money[j])
        y.lesser_evil[j] = share(y.lesser_evil[j] + evil * (1.0 - y.lesser_evil[j]) - evil_fade * y.lesser_evil[j])
        y.conviction[j] = share(y.conviction[j] + conviction * (1.0 - y.conviction[j]) - conviction_fade * y.conviction[j])
        y.harm[j] = share(y.harm[j] * (1.0 - p.outrage_fade))
        if here > 0.0:
            n = c.population[m]
            seen = view(p, y, j)
            held += n * seen
            meant += n * use_of(p, y, j) * (1.0 - y.harm[j])
            # Kin and partners keep silent beyond what they think of the cause; the weary shelter nobody.
            silent += n * share(seen + p.ties_silence * p.kin_silence * bond) * (1.0 - c.weariness[m])
            taught = p.socialisation_rate * y.conviction[j] * part(e.counted[i], r.strength[k])
            c.socialisation[m] = share(c.socialisation[m] + share(taught) * (1.0 - c.socialisation[m]))
    people = r.population[k]
    e.support[i] = share(part(held, people))
    e.instrumental[i] = share(part(meant, held))
    hidden = part(silent, people)
    if p.on_social_haven == 0:
        hidden = 0.5
    e.tips[i] = share((p.tips_floor + (1.0 - p.tips_floor) * r.informers[k]) * (1.0 - hidden))
