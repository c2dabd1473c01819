"""M1 The meta-strategy of survival: survival is the goal, means are chosen and re-chosen in a dialectic with their results (B).

Problemistic search (Cyert & March 1963; Greve 2003; March & Simon 1958). The leadership perceives its survival as smoothed growth of strength and
compares it with what it has come to expect. It does not know the best control. Every search_months, if growth is below aspiration, it moves control
by search_step towards the larger *symptom* it has seen since the last look:

    too tight   people lost in raids to which a found leader led on; and, when a trail ended in his loss, those who will go home for it
    too loose   people gone with emirs, those who go home for want that kept money made, and recruits whom targets that emirs chose will cost

Posture moves both ways each month: success, means, rivals, a brand's expectations and a weak state raise it; losses, want and weariness lower it. A
leadership out of favour turns its rhetoric to the better audience, local or global; one that is hit hard while quiet lets its katibas fall back.
Frozen (switched off), it keeps the means it began with.
"""

from __future__ import annotations

import math

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import clamp, logistic, part, rule, share, toward
from sim.world.codes import BOLDER, FALL_BACK, GLOBAL, GLOBAL_RHETORIC, LOCAL_RHETORIC, LOOSER, MEANS_CHANGE, QUIETER, RIVAL, TIGHTER


@rule
def rechoose(w, p, t, i):
    """Posture of the month; and, when it is time to look, control, rhetoric and retreat. Row: organisation."""
    o = w.organisation
    if p.on_meta_strategy == 0:
        return
    o.aspiration[i] = toward(o.aspiration[i], o.fitness[i], p.aspiration_rate)
    # A brand expects deeds as long as what it stands for moves the world.
    brand = 0.0
    if o.brand[i] == GLOBAL:
        brand = w.clock.cause[0]
    elif o.brand[i] == RIVAL:
        brand = w.clock.rival[0]
    s = o.strength[i]
    k = o.seat[i]
    rich = part(o.treasury[i], o.treasury[i] + p.upkeep * s)
    lost = share(part(o.lost_to_force[i], s))
    grows = share(p.information_gain * o.fitness[i])
    up = grows + rich + o.crowding[i] + brand + w.region.absence[k]
    down = 2.0 * lost + o.hardship[i] + 2.0 * o.weariness[i] + 1.0 - o.morale[i]
    o.posture[i] = toward(o.posture[i], logistic(p.posture_slope * (up - down)), p.memory)
    since = o.posture[i] - o.posture_told[i]
    if since > p.means_step or since < -p.means_step:
        o.posture_told[i] = o.posture[i]
        change = BOLDER
        if since < 0.0:
            change = QUIETER
        row = emit(w, t, MEANS_CHANGE, o.leader[i], o.identity[i], -1, k, o.posture[i], change)
        attribute(w, row, competition=o.crowding[i], repression=2.0 * lost, hardship=o.hardship[i] + o.weariness[i], rival_brand=brand)
    age = t - o.born[i]
    if o.vacant[i] == 1 or math.floor(age / p.search_months) == math.floor((age - 1) / p.search_months):
        return
    if o.fitness[i] < o.aspiration[i]:
        search(w, p, t, i, k)
        speak(w, p, t, i, k)
        if lost > p.means_step and o.posture[i] < 0.5:
            o.retreat[i] = p.search_months
            row = emit(w, t, MEANS_CHANGE, o.leader[i], o.identity[i], -1, k, lost, FALL_BACK)
            attribute(w, row, repression=lost)
    o.tight[i] = 0.0
    o.loose[i] = 0.0


@rule
def search(w, p, t, i, k):
    """Move control towards the larger symptom."""
    o = w.organisation
    if p.search_step <= 0.0 or o.tight[i] == o.loose[i]:
        return
    change = LOOSER
    step = -p.search_step
    if o.loose[i] > o.tight[i]:
        change = TIGHTER
        step = p.search_step
    before = o.control[i]
    o.control[i] = clamp(before + step, p.search_step, 1.0)
    if o.control[i] != before:
        row = emit(w, t, MEANS_CHANGE, o.leader[i], o.identity[i], -1, k, o.control[i], change)
        attribute(w, row, repression=o.tight[i], autonomy=o.loose[i])


@rule
def speak(w, p, t, i, k):
    """Turn to the audience that promises more: those a global cause moves, or those who see the group as theirs."""
    o = w.organisation
    appeal = w.clock.cause[0]
    local = o.support[i]
    change = GLOBAL_RHETORIC
    step = p.means_step
    if local > appeal:
        change = LOCAL_RHETORIC
        step = -p.means_step
    before = o.rhetoric[i]
    o.rhetoric[i] = clamp(before + step, -1.0, 1.0)
    # A local rhetoric has to show justice (B): civilians are spared. Before a global audience one outbids rivals by what one dares (Bloom 2005).
    if step < 0.0:
        o.brutality[i] = share(o.brutality[i] * (1.0 - p.means_step))
    else:
        o.brutality[i] = share(o.brutality[i] + p.means_step * o.crowding[i] * (1.0 - o.brutality[i]))
    if o.rhetoric[i] != before:
        row = emit(w, t, MEANS_CHANGE, o.leader[i], o.identity[i], -1, k, 0.5 + 0.5 * o.rhetoric[i], change)
        attribute(w, row, beliefs=appeal, hardship=1.0 - local)
