"""M1 The meta-strategy of survival: survival is the goal, means are chosen and re-chosen in a dialectic with their results (B).

The leadership perceives its survival as smoothed growth of strength and compares it with what it has come to expect
(aspiration: Cyert & March 1963; Simon 1955). Months below aspiration make a crisis; when the crisis has outlasted its
patience it changes *one* of its means, the one that answers what it believes hurts most:

    losses to force          -> quieter posture; when it is quiet already, katibas fall back
    tension over autonomy    -> looser rein
    agency loss believed     -> tighter rein
    lack of support          -> the rhetoric, local or global, that speaks to the better audience
    rivals and obscurity     -> bolder posture

Then it waits for the result. Frozen (switched off), it keeps the means it began with, control included.
"""

from __future__ import annotations

from sim.rules.chronicling import attribute, emit
from sim.rules.forms import clamp, positive, rule, share, toward
from sim.world.codes import BOLDER, FALL_BACK, GLOBAL_RHETORIC, LOCAL_RHETORIC, LOOSER, MEANS_CHANGE, QUIETER, TIGHTER


@rule
def rechoose(w, p, t, i):
    """Judge the result of the means in use and, in a crisis, change one of them. Row: organisation."""
    o = w.organisation
    if p.on_meta_strategy == 0:
        return
    o.aspiration[i] = clamp(toward(o.aspiration[i], o.fitness[i], p.aspiration_rate), -0.02, 0.02)
    if o.fitness[i] < o.aspiration[i]:
        o.crisis[i] += 1
    elif o.crisis[i] > 0:
        o.crisis[i] -= 1
    if o.crisis[i] < 3.0 + p.patience_months * o.patience[i]:
        return
    o.crisis[i] = 0
    s = o.strength[i] + 1.0
    force = 3.0 * share(o.lost_to_force[i] / s) * (0.3 + o.posture[i])
    rein = 1.5 * o.tension[i] * o.centralisation[i]
    agency = o.perceived[i] * (1.0 - o.centralisation[i])
    cold = 1.0 - o.support[i]
    rivals = (0.8 * o.crowding[i] + 0.3 / (1.0 + o.fame[i])) * (1.0 - o.posture[i])
    k = o.seat[i]
    appeal = w.clock.cause[0]
    local = w.region.grievance[k] * (1.0 - o.brutality[i])
    speech = 0.6 * cold
    if appeal > local and o.rhetoric[i] > 0.8:
        speech = 0.0
    if appeal <= local and o.rhetoric[i] < -0.8:
        speech = 0.0
    best = force
    change = QUIETER
    if rein > best:
        best = rein
        change = LOOSER
    if agency > best:
        best = agency
        change = TIGHTER
    if speech > best:
        best = speech
        change = LOCAL_RHETORIC
        if appeal > local:
            change = GLOBAL_RHETORIC
    if rivals > best:
        best = rivals
        change = BOLDER
    if change == QUIETER and o.posture[i] < 0.2:
        # Quiet already: what is left is to go.
        change = FALL_BACK
        o.retreat[i] = p.retreat_months
    elif change == QUIETER:
        o.posture[i] = clamp(o.posture[i] - p.means_step, 0.05, 1.0)
    elif change == LOOSER:
        o.centralisation[i] = share(o.centralisation[i] - p.means_step)
    elif change == TIGHTER:
        o.centralisation[i] = share(o.centralisation[i] + p.means_step)
    elif change == LOCAL_RHETORIC:
        o.rhetoric[i] = clamp(o.rhetoric[i] - p.means_step, -1.0, 1.0)
        # A local rhetoric has to show justice (B): civilians are spared.
        o.brutality[i] = share(o.brutality[i] - 0.5 * p.means_step * (1.0 - o.rhetoric[i]) * 0.5)
    elif change == GLOBAL_RHETORIC:
        o.rhetoric[i] = clamp(o.rhetoric[i] + p.means_step, -1.0, 1.0)
    else:
        o.posture[i] = clamp(o.posture[i] + p.means_step, 0.05, 1.0)
    row = emit(w, t, MEANS_CHANGE, o.leader[i], o.identity[i], -1, k, best, change)
    attribute(w, row, 0.0, agency, 0.0, rein, positive(rivals), force, 0.0, 0.0, speech, 0.0, 0.0, 0.0)
