"""M5 Exit, voice, loyalty, return (B; Hirschman 1970; Shapiro 2013).

Discontent weighs what pushes an emir out against what holds him:

    push = a_1 agenda gap + a_2 belief gap + a_3 information gap + a_4 tension x own strength x embedding
         + a_5 crowding + a_6 pressure + a_7 hardship + a_8 disruption + a_9 rival brand x globality of belief + a_10 amnesty x gloom
    hold = b_1 loyalty + b_2 cohesion
    hazard of exit = exit_hazard x exp(exit_slope (push - hold)) x (1 + camp_boost x polarisation, in the dissident camp)

Before exit comes voice: a loyal and discontented emir speaks up, and the leadership moves its line towards him by his
weight. If he leaves, the way he goes is drawn in proportion to what makes each way attractive: surrender (an amnesty,
gloom), pledge (the rival brand's reach, a global belief), autonomy (tension, strength, embedding), splinter (gaps and a
camp behind him), departure (a belief gap and little strength). A split takes followers "according to ties and
divergence, not a coin": each emir of the old organisation then decides for himself.

The causes of an exit are the terms of the push, as shares.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import attribute, emit
from sim.rules.divergence import distance, gloom
from sim.rules.forms import chance, clamp, logistic, risk, rule, share, toward
from sim.rules.founding import join, new_organisation
from sim.rules.succession import replace_emir
from sim.world.codes import (
    AUTONOMY,
    BY_AUTONOMY,
    BY_PLEDGE,
    BY_SPLINTER,
    DEPARTURE,
    JIHADIST,
    PLEDGE,
    RIVAL,
    SPLINTER,
    SURRENDER,
    VOICE,
)  # fmt: skip
from sim.world.decisions import EXIT, EXIT_KIND, FOLLOW
from sim.world.decisions import VOICE as SPEAK


@rule
def choose(w, p, t, i):
    """An emir stays, speaks or goes. Row: emir."""
    if p.on_exit_voice_loyalty == 0:
        return
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    weight = e.strength[i] / (e.strength[i] + 60.0)
    agenda = p.exit_agenda * e.gap_agenda[i]
    beliefs = p.exit_belief * e.gap_belief[i]
    information = p.exit_information * e.gap_information[i]
    autonomy = p.exit_autonomy * e.tension[i] * weight * (0.4 + e.ties[i])
    competition = p.exit_competition * e.crowding[i]
    repression = p.exit_pressure * r.pressure[k] * (1.0 - e.haven[i])
    hardship = p.exit_hardship * e.hardship[i]
    loss = p.exit_disruption * o.disruption[g] / (o.disruption[g] + 6.0)
    rival = 0.0
    if o.kind[g] == JIHADIST and o.brand[g] != RIVAL:
        rival = p.exit_rival * w.clock.rival[0] * share(0.5 + 0.5 * e.belief[i])
    amnesty = p.exit_amnesty * w.elite.amnesty[r.elite[k]] * gloom(w, i)
    push = agenda + beliefs + information + autonomy + competition + repression + hardship + loss + rival + amnesty
    hold = p.exit_loyalty * e.loyalty[i] + p.exit_solidarity * o.cohesion[g]
    x = p.exit_slope * (push - hold)
    e.discontent[i] = logistic(x)
    alone = o.katibas[g] <= 1
    if not alone and chance(w, t, e.identity[i], SPEAK, 0) < p.voice_rate * e.discontent[i] * e.loyalty[i]:
        speak(w, p, t, i, g)
        return
    hazard = p.exit_hazard * math.exp(clamp(x, -8.0, 5.0))
    if e.faction[i] == 1:
        hazard *= 1.0 + p.camp_boost * o.polarisation[g]
    if chance(w, t, e.identity[i], EXIT, 0) >= risk(hazard):
        return
    surrender = amnesty * (1.0 - 0.5 * e.loyalty[i]) * 1.5
    pledge = rival
    own = autonomy * 1.5
    splinter = (agenda + beliefs + 0.5 * information) * weight * (0.5 + 2.0 * o.polarisation[g]) + 0.5 * competition * weight
    leave = (beliefs + 0.5 * loss + 0.3 * hardship) * (1.0 - weight)
    if alone:
        pledge = 0.0
        own = 0.0
        splinter = 0.0
        leave = 0.0
        if p.on_endings == 0:
            surrender = 0.0
    if o.breakaway[g] >= 0:
        # One breakaway a month: a second emir who would go now may follow the first.
        pledge = 0.0
        own = 0.0
        splinter = 0.0
    u = chance(w, t, e.identity[i], EXIT_KIND, 0) * (surrender + pledge + own + splinter + leave)
    size = e.strength[i]
    who = e.identity[i]
    row = -1
    if u < surrender:
        row = emit(w, t, SURRENDER, who, o.identity[g], -1, k, size, i)
        o.lost_to_amnesty[g] += size
        e.strength[i] = 0.0
        e.alive[i] = 0
        o.katibas[g] -= 1
    elif u < surrender + pledge:
        row = break_away(w, p, t, i, BY_PLEDGE, PLEDGE)
    elif u < surrender + pledge + own:
        row = break_away(w, p, t, i, BY_AUTONOMY, AUTONOMY)
    elif u < surrender + pledge + own + splinter:
        row = break_away(w, p, t, i, BY_SPLINTER, SPLINTER)
    elif leave > 0.0:
        gone = 0.4 * size
        row = emit(w, t, DEPARTURE, who, o.identity[g], -1, k, gone, i)
        o.lost_to_exit[g] += gone
        e.strength[i] -= gone
        replace_emir(w, p, t, i)
    if row >= 0:
        attribute(w, row, agenda, beliefs, information, autonomy, competition, repression, amnesty, rival, hardship, loss, 0.0, 0.0)


@rule
def speak(w, p, t, i, g):
    """Voice: the leadership's line moves towards the emir, by his weight in the organisation."""
    e = w.emir
    o = w.organisation
    weight = 0.0
    if o.strength[g] > 0.0:
        weight = share(e.strength[i] / o.strength[g])
    step = p.voice_weight * (0.2 + weight)
    if step > 1.0:
        step = 1.0
    o.agenda_line[g] = toward(o.agenda_line[g], e.agenda[i], step)
    o.rhetoric[g] = toward(o.rhetoric[g], e.belief[i], step)
    o.information_line[g] = toward(o.information_line[g], e.information[i], step)
    emit(w, t, VOICE, e.identity[i], o.identity[g], -1, e.region[i], e.discontent[i], i)


@rule
def break_away(w, p, t, i, origin, kind):
    """An emir founds an organisation of his own; return the row of the log, or -1 where no row was free."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    size = e.strength[i]
    j = new_organisation(w, p, t, i, origin)
    if j < 0:
        return -1
    o.lost_to_exit[g] += size
    o.breakaway[g] = j
    row = emit(w, t, kind, e.identity[i], o.identity[g], o.identity[j], e.region[i], size, j)
    o.entry[j] = row
    return row


@rule
def follow(w, p, t, i):
    """An emir whose organisation has just been broken decides whether to follow, by camp, nearness, likeness and loyalty. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    j = o.breakaway[g]
    if j < 0 or o.alive[j] == 0:
        return
    there = distance(p, e.agenda[i], e.belief[i], e.information[i], o.agenda_line[j], o.rhetoric[j], o.information_line[j])
    near = 0.0
    if e.region[i] == o.home[j]:
        near = 1.0
    elif w.region.elite[e.region[i]] == w.region.elite[o.home[j]]:
        near = 0.3
    camp = 0.0
    if e.faction[i] == 1:
        camp = 1.0
    x = (
        p.follow_base
        + p.follow_camp * camp
        + p.follow_near * near
        + p.follow_divergence * (e.divergence[i] - there)
        - p.follow_loyalty * e.loyalty[i]
    )
    if chance(w, t, e.identity[i], FOLLOW, 0) >= logistic(x):
        return
    row = o.entry[j]
    if row >= 0:
        w.log.amount[row] += e.strength[i]
    o.lost_to_exit[g] += e.strength[i]
    join(w, t, i, j)
    e.loyalty[i] = 0.5 + 0.4 * e.loyalty[i]
