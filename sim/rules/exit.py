"""M5 Exit, voice, loyalty, return (B; Hirschman 1970; Shapiro 2013); a split is costly to those who leave (SECOND 8).

Each month an emir holds what draws him out against what holds him:

    push = temptation x divergence + tension + hardship + losses + vacancy + what a rival brand would bring him + an open amnesty x gloom
    hold = bond to the leader + institutions
    hazard = exit_hazard x logistic(choice_slope (push - hold))

A bonded and discontented emir may speak up, and the leadership's line moves towards him by his weight. One draw tells both: from below whether he
speaks, from above whether he goes. The way he goes is drawn in
proportion to what draws him (in a group of one katiba, its second man): surrender (amnesty), pledge (the rival's offer), autonomy (what he holds by
himself), or a group of his own line; and to all but a surrender he needs people who would follow. Then *his people* decide, each for himself, by the
person, his ties and his money against the routines and prospects of what they would leave:

    share that follows = logistic(follow_slope (skill + ties + riches - institutions - morale))

If only a handful does, it is a departure. Otherwise a new organisation begins with them: no treasury, hardly any routines, and the old one beside it.
Of those who do not follow, as many stay under a new emir as the office holds, and the others
go home; and of those who follow only some arrive. A split of the young costs them most of what they had. Other emirs decide in turn, by camp,
nearness and bond. A leadership that fears a camp may strike it first: a purge, likelier the more brutal it is, the more it has come apart, and the
less routines bind it (F13).

The causes of an exit are the terms of the push, as shares.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, blame, emit, record
from sim.rules.divergence import DIMENSIONS, distance, gloom
from sim.rules.forms import befalls, chance, count, happens, logistic, part, rule, share, toward, whole, yields
from sim.rules.founding import join, new_katiba, new_organisation
from sim.rules.institutions import torn
from sim.rules.people import ASTRAY, DEAD, HOME, LEFT, PURGED, STAYED, UNHELD, take, vacate
from sim.rules.succession import SURRENDERED, replace_emir
from sim.world.codes import (
    AUTONOMY,
    BY_AUTONOMY,
    BY_PLEDGE,
    BY_SPLINTER,
    DEPARTURE,
    JIHADIST,
    NON_STATE,
    PLEDGE,
    PURGE,
    RIVAL,
    SPLINTER,
    SURRENDER,
    VOICE,
)  # fmt: skip
from sim.world.decisions import EXIT, EXIT_KIND, FOLLOW, FOLLOWERS, QUARREL
from sim.world.decisions import PURGE as STRIKE_CAMP


@rule
def follows(w, p, i, g):
    """Return the share of katiba i's people who would follow their emir out of organisation g."""
    e = w.emir
    o = w.organisation
    riches = part(e.purse[i], e.purse[i] + p.purse_half)
    return logistic(p.follow_slope * (e.skill[i] + e.ties[i] + riches - o.institutions[g] - o.morale[g]))


@rule
def choose(w, p, t, i):
    """An emir stays, speaks or goes. Row: emir."""
    if p.on_exit_voice_loyalty == 0:
        return
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    if e.identity[i] == o.fallen[g]:
        # He is lost; who follows him is known next month.
        return
    who = e.identity[i]
    # One draw: from below whether he speaks, from above whether he goes. What makes him discontented is asked where either may be.
    u = chance(w, t, who, EXIT, 0)
    if u >= p.voice_rate and 1.0 - u >= p.exit_hazard:
        return
    k = e.region[i]
    s = e.strength[i]
    alone = o.katibas[g] <= 1
    agenda = p.temptation * e.gap_agenda[i] / DIMENSIONS
    beliefs = p.temptation * e.gap_belief[i] / DIMENSIONS
    information = p.temptation * e.gap_information[i] / DIMENSIONS
    if alone and p.on_preference_divergence == 1:
        # Where the leader commands himself, it is a second man who may quarrel with him: how far they are apart is drawn.
        apart = p.temptation * (1.0 - p.legacy) / DIMENSIONS
        agenda = apart * chance(w, t, who, QUARREL, 0)
        beliefs = apart * chance(w, t, who, QUARREL, 1)
        information = apart * chance(w, t, who, QUARREL, 2)
    repression = share(part(o.lost_to_force[g], o.strength[g]))
    loss = 1.0 * o.vacant[g]
    rival = 0.0
    if o.kind[g] == JIHADIST and o.brand[g] != RIVAL:
        # What a rival brand would pay him and send him, to one who believes in what it stands for.
        offer = share(part(p.brand_money * w.clock.rival[0], p.upkeep * s)) + share(part(p.brand_recruits * w.clock.rival[0], p.home_rate * s))
        rival = 0.5 * offer * (0.5 + 0.5 * e.belief[i])
    amnesty = w.elite.amnesty[w.region.elite[k]] * gloom(w, i)
    push = agenda + beliefs + information + e.tension[i] + e.crowding[i] * p.crowd_push + repression + e.hardship[i] + loss + rival + amnesty
    hold = p.hold_bond * e.loyalty[i] + p.hold_office * o.institutions[g]
    discontent = logistic(p.choice_slope * (push - hold))
    if not alone and u < p.voice_rate * discontent * e.loyalty[i]:
        speak(w, p, t, i, g, discontent)
        return
    if not befalls(1.0 - u, p.exit_hazard * discontent):
        return
    line = agenda + beliefs + information + e.crowding[i] * p.crowd_push + loss
    row = -1
    u = chance(w, t, who, EXIT_KIND, 0) * (amnesty + rival + e.autonomy[i] + line)
    origin = BY_SPLINTER
    kind = SPLINTER
    if u < amnesty + rival:
        origin = BY_PLEDGE
        kind = PLEDGE
    elif u < amnesty + rival + e.autonomy[i]:
        origin = BY_AUTONOMY
        kind = AUTONOMY
    if u < amnesty:
        row = emit(w, t, SURRENDER, who, o.identity[g], -1, k, s, i)
        o.lost_to_amnesty[g] += take(w, t, i, s, LEFT, HOME)
        vacate(w, i)
        o.katibas[g] -= 1
        torn(w, p, g, s)
        if who == o.leader[g]:
            o.struck[g] = SURRENDERED
    elif s < 2.0 * p.handful or o.breakaway[g] >= 0 or chance(w, t, who, EXIT, 1) >= follows(w, p, i, g):
        # A handful is no group, and whom few would follow stays; one breakaway a month: others may follow it.
        return
    elif alone:
        row = second_man(w, p, t, i, g, origin, kind)
    elif who == o.leader[g]:
        # A leader does not leave himself.
        return
    else:
        row = leave(w, p, t, i, g, origin, kind)
    if row >= 0:
        attribute(
            w, row, agenda=agenda, beliefs=beliefs, information=information, autonomy=e.tension[i], competition=e.crowding[i] * p.crowd_push,
            repression=repression, accommodation=amnesty, rival_brand=rival, hardship=e.hardship[i], leadership_loss=loss,
        )  # fmt: skip


@rule
def speak(w, p, t, i, g, discontent):
    """Voice: the leadership's line moves towards the emir, by his weight in the organisation, and it grants him what he holds."""
    e = w.emir
    o = w.organisation
    step = share(part(e.strength[i], o.strength[g]))
    o.agenda_line[g] = toward(o.agenda_line[g], e.agenda[i], step)
    o.rhetoric[g] = toward(o.rhetoric[g], e.belief[i], step)
    o.information_line[g] = toward(o.information_line[g], e.information[i], step)
    o.centralisation[g] = share(toward(o.centralisation[g], 1.0 - e.autonomy[i], step))
    emit(w, t, VOICE, e.identity[i], o.identity[g], -1, e.region[i], discontent, i)


@rule
def leave(w, p, t, i, g, origin, kind):
    """An emir goes: with those who follow, if they are more than a handful, else as a departure. Return the row of the log."""
    e = w.emir
    o = w.organisation
    who = e.identity[i]
    k = e.region[i]
    s = e.strength[i]
    n = whole(s * follows(w, p, i, g), chance(w, t, who, FOLLOWERS, 0))
    if n < 1.0:
        return -1
    torn(w, p, g, n)
    o.lost_to_exit[g] += n
    o.loose[g] += n
    few = n * p.arrive < p.handful
    full = w.clock.next_organisation[0] >= o.alive.shape[0]
    if full and not few:
        w.clock.refused[0] += 1
    if few or full:
        row = emit(w, t, DEPARTURE, who, o.identity[g], -1, k, n, i)
        take(w, t, i, n, LEFT, HOME)
        replace_emir(w, p, t, i)
        return row
    # Those who do not follow him stay as far as the office holds them; whom neither holds goes home.
    home = whole((s - n) * (1.0 - o.institutions[g]), chance(w, t, who, FOLLOWERS, 1))
    stay = s - n - home
    o.lost_to_exit[g] += home
    # Leaving is not arriving: on the way most think better of it.
    lost = whole(n * (1.0 - p.arrive), chance(w, t, who, FOLLOWERS, 2))
    n -= take(w, t, i, lost, ASTRAY, HOME)
    if stay >= p.handful and new_katiba(w, p, t, i, k, stay, 1, STAYED) >= 0:
        stay = 0.0
    take(w, t, i, home + stay, UNHELD, HOME)
    j = new_organisation(w, p, t, i, origin)
    o.breakaway[g] = j
    row = emit(w, t, kind, who, o.identity[g], o.identity[j], k, e.strength[i], j)
    o.entry[j] = row
    return row


@rule
def second_man(w, p, t, i, g, origin, kind):
    """The second man of a group of one katiba goes his own way with those who follow him and arrive. Return the row of the log."""
    e = w.emir
    o = w.organisation
    who = e.identity[i]
    k = e.region[i]
    s = e.strength[i]
    n = whole(s * follows(w, p, i, g), chance(w, t, who, FOLLOWERS, 0))
    if n < 1.0:
        return -1
    torn(w, p, g, n)
    o.lost_to_exit[g] += n
    arrive = whole(n * p.arrive, chance(w, t, who, FOLLOWERS, 2))
    take(w, t, i, n - arrive, ASTRAY, HOME)
    j = -1
    if arrive >= p.handful:
        if w.clock.next_organisation[0] >= o.alive.shape[0]:
            w.clock.refused[0] += 1
        else:
            j = new_katiba(w, p, t, i, k, arrive, 1, STAYED)
    if j < 0:
        take(w, t, i, arrive, LEFT, HOME)
        return emit(w, t, DEPARTURE, who, o.identity[g], -1, k, n, i)
    h = new_organisation(w, p, t, j, origin)
    row = emit(w, t, kind, e.identity[j], o.identity[g], o.identity[h], k, e.strength[j], h)
    o.entry[h] = row
    return row


@rule
def follow(w, p, t, i):
    """An emir whose organisation has just been broken decides whether to follow, by camp, nearness, likeness and bond. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    j = o.breakaway[g]
    if j < 0 or o.alive[j] == 0 or e.identity[i] == o.leader[g] or e.identity[i] == o.fallen[g]:
        return
    there = distance(e.agenda[i], e.belief[i], e.information[i], o.agenda_line[j], o.rhetoric[j], o.information_line[j])
    near = 0.0
    if e.region[i] == o.home[j]:
        near = 0.5
    x = p.temptation * (e.divergence[i] - there) + 0.5 * e.faction[i] + near - p.hold_bond * e.loyalty[i] - p.hold_office * o.institutions[g]
    if not yields(chance(w, t, e.identity[i], FOLLOW, 0), p.choice_slope * x):
        return
    s = e.strength[i]
    take(w, t, i, whole(s * (1.0 - p.arrive * follows(w, p, i, g)), chance(w, t, e.identity[i], FOLLOWERS, 1)), LEFT, HOME)
    if o.entry[j] >= 0 and o.entry[j] < w.log.month.shape[0] - 1:
        w.log.amount[o.entry[j]] += e.strength[i]
    o.lost_to_exit[g] += s
    o.loose[g] += s
    torn(w, p, g, e.strength[i])
    join(w, t, i, j)
    e.loyalty[i] = 0.5 + 0.5 * e.loyalty[i]


@rule
def purge(w, p, t, i):
    """A leadership that fears a camp strikes its strongest emir. Row: organisation."""
    o = w.organisation
    j = o.dissident[i]
    if p.on_exit_voice_loyalty == 0 or j < 0 or o.vacant[i] == 1 or o.katibas[i] <= 1:
        return
    e = w.emir
    if e.alive[j] == 0 or e.organisation[j] != i or e.identity[j] == o.leader[i]:
        return
    hazard = p.purge_rate * o.polarisation[i] * o.brutality[i] * (1.0 - o.institutions[i])
    if not happens(w, t, o.leader[i], STRIKE_CAMP, 0, hazard):
        return
    s = e.strength[j]
    fallen = e.identity[j]
    killed = take(w, t, j, count(w, t, fallen, STRIKE_CAMP, 1, p.purge_toll * s), PURGED, DEAD)
    gone = take(w, t, j, count(w, t, fallen, STRIKE_CAMP, 2, p.purge_toll * e.strength[j]), LEFT, HOME)
    o.lost_to_rivals[i] += killed
    blame(w, t, i, killed)
    o.lost_to_exit[i] += gone
    record(w, t, e.region[j], o.identity[i], o.identity[i], NON_STATE, killed)
    row = emit(w, t, PURGE, o.leader[i], o.identity[i], fallen, e.region[j], killed, j)
    attribute(w, row, agenda=e.gap_agenda[j], beliefs=e.gap_belief[j], information=e.gap_information[j], repression=o.brutality[i])
    # His successor is the leadership's man, and everybody has seen what happens.
    replace_emir(w, p, t, j)
    e.agenda[j] = o.agenda_line[i]
    e.belief[j] = o.rhetoric[i]
    torn(w, p, i, s)
