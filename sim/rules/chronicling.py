"""Writing the event log, with the shares of what drove an event (MODEL.md: causes are recorded), and the log of violence."""

from __future__ import annotations

from sim.rules.forms import positive, rule
from sim.world.codes import NON_STATE, ONE_SIDED

NOTICED = 25.0
"""Deaths in a calendar year from which UCDP counts a conflict (an inclusion rule of data sets; no rule acts on it)."""


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
    attribute(w, row)
    return row


@rule
def attribute(
    w,
    row,
    agenda=0.0,
    beliefs=0.0,
    information=0.0,
    autonomy=0.0,
    competition=0.0,
    repression=0.0,
    accommodation=0.0,
    rival_brand=0.0,
    hardship=0.0,
    leadership_loss=0.0,
    brokerage=0.0,
    shared_threat=0.0,
):
    """Write the shares of what drove the event in a row of the log: positive contributions, named, over their sum."""
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


@rule
def record(w, t, k, by, against, kind, deaths):
    """Record violence in region k, of one of UCDP's kinds: who (identity of an organisation, or -1 a state) against whom (the same, or -2 civilians).

    Deaths are counted where they fell and for the organisations that took part; the entry is written as long as the table has room for it.
    """
    r = w.region
    m = w.measure
    r.deaths[k] += deaths
    if kind == ONE_SIDED:
        m.deaths_one_sided[0] += deaths
    elif kind == NON_STATE:
        m.deaths_non_state[0] += deaths
    else:
        m.deaths_state[0] += deaths
    row = w.clock.recorded[0]
    w.clock.recorded[0] = row + 1
    if row < w.violence.month.shape[0]:
        v = w.violence
        v.month[row] = t
        v.region[row] = k
        v.by[row] = by
        v.against[row] = against
        v.kind[row] = kind
        v.deaths[row] = deaths


@rule
def inflict(w, t, g, deaths):
    """Count deaths in violence that organisation g took part in, for it."""
    o = w.organisation
    o.deaths[g] += deaths
    o.deaths_year[g] += deaths
    o.toll[g] += deaths
    if o.first_25[g] < 0 and o.deaths_year[g] >= NOTICED:
        o.first_25[g] = t


@rule
def blame(w, t, g, deaths):
    """Count deaths in violence that organisation g took part in, for it and for the lineage that is followed."""
    o = w.organisation
    inflict(w, t, g, deaths)
    if o.lineage[g] == w.clock.focus[0]:
        w.measure.own_deaths[0] += deaths
