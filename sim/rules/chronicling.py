"""Writing the event log, with the shares of what drove an event (MODEL.md: causes are recorded)."""

from __future__ import annotations

from sim.rules.forms import positive, rule


@rule
def emit(w, t, kind, actor, organisation, other, region, size, detail):
    """Count an event, write it to the log and return its row; once the log is full its last row is written over (the count goes on)."""
    w.tally.count[kind] += 1
    w.tally.amount[kind] += size
    row = w.clock.logged[0]
    w.clock.logged[0] = row + 1
    last = w.log.month.shape[0] - 1
    if row > last:
        row = last
    log = w.log
    log.month[row] = t
    log.kind[row] = kind
    log.actor[row] = actor
    log.organisation[row] = organisation
    log.other[row] = other
    log.region[row] = region
    log.amount[row] = size
    log.detail[row] = detail
    attribute(w, row, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    return row


@rule
def attribute(
    w,
    row,
    agenda,
    beliefs,
    information,
    autonomy,
    competition,
    repression,
    accommodation,
    rival_brand,
    hardship,
    leadership_loss,
    brokerage,
    shared_threat,
):
    """Write the shares of what drove the event in a row of the log: positive contributions over their sum."""
    agenda = positive(agenda)
    beliefs = positive(beliefs)
    information = positive(information)
    autonomy = positive(autonomy)
    competition = positive(competition)
    repression = positive(repression)
    accommodation = positive(accommodation)
    rival_brand = positive(rival_brand)
    hardship = positive(hardship)
    leadership_loss = positive(leadership_loss)
    brokerage = positive(brokerage)
    shared_threat = positive(shared_threat)
    total = agenda + beliefs + information + autonomy + competition + repression
    total += accommodation + rival_brand + hardship + leadership_loss + brokerage + shared_threat
    if total <= 0.0:
        total = 1.0
    log = w.log
    log.cause_agenda[row] = agenda / total
    log.cause_beliefs[row] = beliefs / total
    log.cause_information[row] = information / total
    log.cause_autonomy[row] = autonomy / total
    log.cause_competition[row] = competition / total
    log.cause_repression[row] = repression / total
    log.cause_accommodation[row] = accommodation / total
    log.cause_rival_brand[row] = rival_brand / total
    log.cause_hardship[row] = hardship / total
    log.cause_leadership_loss[row] = leadership_loss / total
    log.cause_brokerage[row] = brokerage / total
    log.cause_shared_threat[row] = shared_threat / total
