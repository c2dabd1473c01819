"""M2 Preference divergence: agendas, beliefs and field information diverge, and polarise (B; Shapiro 2013).

The leadership holds a line (A, R, I) in three dimensions kept apart: agenda, belief (its rhetoric) and reading of the
field. Each month an emir's

    agenda       moves towards his local stake (economic ties, purse, embedding), and, by contact, towards A;
    belief       is localised by embedding, and, by contact, taught towards R;
    information  moves towards what he sees (support and haven against pressure and want), with noise, and, by contact, towards I.

Gaps are half distances, and divergence d = w_a g_a + w_b g_b + w_i g_i. *Polarisation* is a separate force: an emir
nearer to the dissident camp than to the line drifts to that camp's mean at rate polarisation_pull, so that groups of
emirs and not only individuals move apart. With p the share of strength in the camp and D its distance from the line,
the index is 4 p (1 - p) D (after Esteban & Ray 1994).
"""

from __future__ import annotations

from sim.rules.forms import chance, clamp, rule, share, toward
from sim.world.decisions import NOISE


@rule
def gap(x, y):
    """Return half the distance of two positions in [-1, 1]."""
    if x > y:
        return 0.5 * (x - y)
    return 0.5 * (y - x)


@rule
def distance(p, agenda, belief, information, agenda_, belief_, information_):
    """Return the divergence of two positions: weighted half distances, in [0, 1]."""
    return (
        p.weight_agenda * gap(agenda, agenda_) + p.weight_belief * gap(belief, belief_) + p.weight_information * gap(information, information_)
    ) / (p.weight_agenda + p.weight_belief + p.weight_information)


@rule
def drift(w, p, t, i):
    """An emir's agenda, belief and information of the month. Row: emir."""
    e = w.emir
    o = w.organisation
    r = w.region
    g = e.organisation[i]
    k = e.region[i]
    if p.on_preference_divergence == 0:
        e.agenda[i] = o.agenda_line[g]
        e.belief[i] = o.rhetoric[g]
        e.information[i] = o.information_line[g]
    else:
        contact = e.contact[i]
        riches = e.purse[i] / (e.purse[i] + p.purse_half)
        stake = clamp(-0.5 + 0.9 * e.ties[i] + 0.8 * riches, -1.0, 1.0)
        e.agenda[i] = toward(e.agenda[i], stake, p.agenda_rate)
        e.agenda[i] = toward(e.agenda[i], o.agenda_line[g], p.discipline_rate * contact)
        e.belief[i] = toward(e.belief[i], -1.0, p.localisation_rate * e.ties[i])
        e.belief[i] = toward(e.belief[i], o.rhetoric[g], p.teaching_rate * contact)
        noise = p.information_noise * (2.0 * chance(w, t, e.identity[i], NOISE, 0) - 1.0)
        seen = clamp(0.8 * e.support[i] + 0.6 * e.haven[i] - 1.2 * r.pressure[k] - 0.6 * e.hardship[i] + noise, -1.0, 1.0)
        e.information[i] = toward(e.information[i], seen, p.information_rate)
        e.information[i] = toward(e.information[i], o.information_line[g], p.sharing_rate * contact)
        if e.faction[i] == 1:
            pull = p.polarisation_pull
            e.agenda[i] = toward(e.agenda[i], clamp(1.3 * o.dissent_agenda[g] - 0.3 * o.agenda_line[g], -1.0, 1.0), pull)
            e.belief[i] = toward(e.belief[i], clamp(1.3 * o.dissent_belief[g] - 0.3 * o.rhetoric[g], -1.0, 1.0), pull)
            e.information[i] = toward(e.information[i], o.dissent_information[g], pull)
    e.gap_agenda[i] = gap(e.agenda[i], o.agenda_line[g])
    e.gap_belief[i] = gap(e.belief[i], o.rhetoric[g])
    e.gap_information[i] = gap(e.information[i], o.information_line[g])
    e.divergence[i] = share(distance(p, e.agenda[i], e.belief[i], e.information[i], o.agenda_line[g], o.rhetoric[g], o.information_line[g]))
    side(w, p, i, g)


@rule
def side(w, p, i, g):
    """An emir takes the side he is nearer to; a camp forms around whoever has drifted beyond camp_distance."""
    e = w.emir
    o = w.organisation
    if o.dissent[g] > 0.0:
        there = distance(p, e.agenda[i], e.belief[i], e.information[i], o.dissent_agenda[g], o.dissent_belief[g], o.dissent_information[g])
        if there < e.divergence[i] and e.divergence[i] > 0.5 * p.camp_distance:
            e.faction[i] = 1
        else:
            e.faction[i] = 0
    elif e.divergence[i] > p.camp_distance:
        e.faction[i] = 1
    else:
        e.faction[i] = 0


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
        apart = distance(
            p, o.dissent_agenda[i], o.dissent_belief[i], o.dissent_information[i], o.agenda_line[i], o.rhetoric[i], o.information_line[i]
        )
        part = share(d / s)
        o.polarisation[i] = share(4.0 * part * (1.0 - part) * apart)
    o.cohesion[i] = share((1.0 - o.divergence[i]) * (1.0 - o.polarisation[i]))


@rule
def gloom(w, i):
    """Return how little future an emir and his people see: a bad reading of the field, want, and no wider cause."""
    e = w.emir
    return share(0.5 - 0.5 * e.information[i] + 0.3 * e.hardship[i] - 0.3 * e.belief[i])
