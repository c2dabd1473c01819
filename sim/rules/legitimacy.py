"""M9 Legitimacy in four channels: fear, money, lesser evil, conviction; justice shown (B, T).

Each channel of a community's view of a katiba is a leaky store, f' = f + gain (1 - f) - fade f, and each fades at its
own rate: fear within weeks, conviction over years.

    fear         gain: coercion, from strength present and brutality
    money        gain: what the emir can spend there
    lesser evil  gain: grievance without trust, against his brutality; with M19 also protection for the neglected
    conviction   gain: socialisation (slow, T) times justice shown: little brutality, little shirking

Support is their weighted sum. All but conviction is instrumental. Switched off, the four are one undifferentiated store
that takes the mean gain and fades at the mean rate.
"""

from __future__ import annotations

from sim.rules.embedding import strength_of
from sim.rules.forms import positive, rule, share
from sim.world.layout import TIES_PER_EMIR


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
    loud = e.strength[i] / (e.strength[i] + 60.0)
    if e.dormant[i] == 1:
        loud *= 0.2
    brutal = o.brutality[g]
    spend = e.purse[i] / (e.purse[i] + p.purse_half)
    justice = (1.0 - brutal) * (1.0 - 0.5 * e.shirking[i])
    held = 0.0
    meant = 0.0
    silent = 0.0
    base = i * TIES_PER_EMIR
    for j in range(base, base + TIES_PER_EMIR):
        m = y.community[j]
        if m < 0:
            continue
        here = 0.0
        bond = 0.0
        if c.region[m] == k:
            here = 1.0
            bond = strength_of(p, y.matrimonial[j], y.pragmatic[j], y.economic[j])
        fear = p.fear_gain * here * loud * (0.3 + 0.7 * brutal)
        money = p.money_gain * here * spend * (0.3 + 0.7 * y.economic[j])
        need = c.grievance[m] * (1.0 - c.trust[m])
        if p.on_cleavage_exploitation == 1:
            need = need * (0.6 + 0.8 * 0.5 * (c.neglect[m] + c.cleavage[m]))
        evil = p.lesser_evil_gain * here * need * (1.0 - brutal)
        conviction = p.conviction_gain * here * (0.2 + 0.8 * c.socialisation[m]) * justice * (0.4 + 0.6 * bond)
        fear_fade = p.fear_fade
        money_fade = p.money_fade
        evil_fade = p.lesser_evil_fade + 0.1 * brutal * loud * here
        conviction_fade = p.conviction_fade + 0.05 * brutal * loud * here
        if p.on_legitimacy_channels == 0:
            gain = 0.25 * (fear + money + evil + conviction)
            fade = 0.25 * (fear_fade + money_fade + evil_fade + conviction_fade)
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
        if here > 0.0:
            use = p.fear_weight * y.fear[j] + p.money_weight * y.money[j] + p.lesser_evil_weight * y.lesser_evil[j]
            faith = p.conviction_weight * y.conviction[j]
            n = c.population[m]
            held += n * (use + faith)
            meant += n * use
            silent += n * share(use + faith + 0.5 * bond)
            taught = p.socialisation_rate * (0.3 * bond + 0.7 * y.conviction[j]) * (1.0 - c.socialisation[m])
            c.socialisation[m] = share(c.socialisation[m] + taught)
    people = r.population[k]
    e.support[i] = 0.0
    e.instrumental[i] = 0.0
    e.tips[i] = 1.0
    if people > 0.0:
        e.support[i] = share(held / people)
        if held > 0.0:
            e.instrumental[i] = share(meant / held)
        e.tips[i] = share(r.informers[k] * (1.0 - silent / people) * (1.0 + 0.3 * brutal))


@rule
def forget(w, p, t, i):
    """Socialisation wears off slowly, and what a community shelters is recounted. Row: community."""
    c = w.community
    c.socialisation[i] = share(c.socialisation[i] * (1.0 - p.socialisation_fade))
    k = c.region[i]
    c.compliance[i] = 0.0
    j = w.region.first_emir[k]
    if j >= 0:
        c.compliance[i] = positive(w.emir.support[j])
