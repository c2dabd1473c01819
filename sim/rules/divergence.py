"""M2 Preference divergence: agendas, beliefs and field information diverge, and polarise (B; Shapiro 2013).

The leadership holds a line (A, R, I) in three dimensions kept apart: agenda, belief (its rhetoric) and reading of the
field. Each month an emir's

    agenda       moves towards his local stake (ties, purse), and, by contact, towards A;
    belief       is localised by embedding, and, by contact, taught towards R;
    information  moves towards how it goes where he is (recruits against losses), and, by contact, towards I.

Gaps are half distances, and divergence is their mean. *Polarisation* is a separate force: an emir nearer to the dissident camp than to the line
drifts to that camp's mean, so that groups of emirs and not only individuals move apart. With p the share of strength in the camp and D its distance
from the line, the index is 4 p (1 - p) D (after Esteban & Ray 1994). Switched off, every emir holds the leadership's line.
"""

from __future__ import annotations

from sim.rules.forms import clamp, part, rule, share, toward


@rule
def gap(x, y):
    """Return half the distance of two positions in [-1, 1]."""
    if x > y:
        return 0.5 * (x - y)
    return 0.5 * (y - x)


@rule
def distance(agenda, belief, information, agenda_, belief_, information_):
    """Return the divergence of two positions: the mean of three half distances, in [0, 1]."""
    return (gap(agenda, agenda_) + gap(belief, belief_) + gap(information, information_)) / DIMENSIONS


DIMENSIONS = 3.0
"""Agenda, belief, information."""


@rule
def drift(w, p, t, i):
    """An emir's agenda, belief and information of the month. Row: emir."""
    e = w.emir
    o = w.organisation
    g = e.organisation[i]
    if p.on_preference_divergence == 0:
        e.agenda[i] = o.agenda_line[g]
        e.belief[i] = o.rhetoric[g]
        e.information[i] = o.information_line[g]
    else:
        contact = e.contact[i]
        riches = part(e.purse[i], e.purse[i] + p.purse_half)
        stake = clamp(e.ties[i] + riches - 0.5, -1.0, 1.0)
        e.agenda[i] = toward(e.agenda[i], stake, p.agenda_rate)
        e.agenda[i] = toward(e.agenda[i], o.agenda_line[g], p.agenda_rate * contact)
        e.belief[i] = toward(e.belief[i], -1.0, p.agenda_rate * e.ties[i])
        e.belief[i] = toward(e.belief[i], o.rhetoric[g], p.agenda_rate * contact)
        seen = clamp(p.information_gain * (e.gained[i] - e.lost[i]) - e.hardship[i], -1.0, 1.0)
        e.information[i] = toward(e.information[i], seen, p.memory)
        e.information[i] = toward(e.information[i], o.information_line[g], p.memory * contact)
        if e.faction[i] == 1:
            pull = p.polarisation_pull
            e.agenda[i] = toward(e.agenda[i], o.dissent_agenda[g], pull)
            e.belief[i] = toward(e.belief[i], o.dissent_belief[g], pull)
            e.information[i] = toward(e.information[i], o.dissent_information[g], pull)
    e.gap_agenda[i] = gap(e.agenda[i], o.agenda_line[g])
    e.gap_belief[i] = gap(e.belief[i], o.rhetoric[g])
    e.gap_information[i] = gap(e.information[i], o.information_line[g])
    e.divergence[i] = share((e.gap_agenda[i] + e.gap_belief[i] + e.gap_information[i]) / DIMENSIONS)
    side(w, p, i, g)


@rule
def side(w, p, i, g):
    """An emir takes the side he is nearer to; a camp forms around whoever has drifted beyond camp_distance."""
    e = w.emir
    o = w.organisation
    e.faction[i] = 0
    if o.dissent[g] > 0.0:
        there = distance(e.agenda[i], e.belief[i], e.information[i], o.dissent_agenda[g], o.dissent_belief[g], o.dissent_information[g])
        if there < e.divergence[i] and e.divergence[i] > 0.5 * p.camp_distance:
            e.faction[i] = 1
    elif e.divergence[i] > p.camp_distance:
        e.faction[i] = 1


@rule
def polarise(w, p, t, i):
    """Where the dissident camp stands, and how far the organisation has come apart. Row: organisation."""
    o = w.organisation
    s = o.strength[i]
    o.polarisation[i] = 0.0
    if o.dissent[i] > 0.0 and s > 0.0:
        d = o.dissent[i]
        o.dissent_agenda[i] = clamp(o.sum_agenda[i] / d, -1.0, 1.0)
        o.dissent_belief[i] = clamp(o.sum_belief[i] / d, -1.0, 1.0)
        o.dissent_information[i] = clamp(o.sum_information[i] / d, -1.0, 1.0)
        apart = distance(o.dissent_agenda[i], o.dissent_belief[i], o.dissent_information[i], o.agenda_line[i], o.rhetoric[i], o.information_line[i])
        camp = share(d / s)
        o.polarisation[i] = share(2.0 * 2.0 * camp * (1.0 - camp) * apart)
    o.cohesion[i] = share((1.0 - o.divergence[i]) * (1.0 - o.polarisation[i]))


@rule
def gloom(w, i):
    """Return how little future an emir and his people see: a bad reading of the field, want, and a tired organisation."""
    e = w.emir
    return share(0.5 - 0.5 * e.information[i] + 0.5 * e.hardship[i] + 0.5 * (0.5 - w.organisation.morale[e.organisation[i]]))
