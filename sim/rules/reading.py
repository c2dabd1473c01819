"""Reading the outcomes of a run off the world at its end. Nothing here acts on the world."""

from __future__ import annotations

from sim.rules.forms import rule
from sim.world import codes


@rule
def ratio(x, n):
    """Return x / n, or 0 where there is nothing to count."""
    if n > 0.0:
        return x / n
    return 0.0


@rule
def read_outcomes(w, months, x, n):
    """Write the outcomes of a world after so many months into row n of x."""
    lineage(w, months, x, n)
    events(w, x, n)
    averages(w, x, n)
    places(w, x, n)


@rule
def lineage(w, months, x, n):
    """What became of the lineage that is followed."""
    o = w.organisation
    e = w.emir
    focus = w.clock.focus[0]
    x.survived[n] = 0.0
    x.root_survived[n] = 0.0
    last = 0
    home = -1
    ever = 0
    standing = 0
    for i in range(o.alive.shape[0]):
        if o.identity[i] == 0:
            continue
        if o.alive[i] == 1:
            standing += 1
        if o.identity[i] == focus:
            home = w.region.elite[o.home[i]]
            if o.alive[i] == 1:
                x.root_survived[n] = 1.0
        if o.lineage[i] == focus:
            ever += 1
            until = o.ended[i]
            if o.alive[i] == 1:
                x.survived[n] = 1.0
                until = months
            elif o.ending[i] == codes.BY_ABSORPTION and stands(w, o.heir[i]) == 1:
                # Absorbed by a group that still stands: its people go on (JNIM, 2017).
                x.survived[n] = 1.0
                until = months
            if until > last:
                last = until
    x.months_survived[n] = float(last)
    x.organisations_end[n] = float(standing)
    x.lineage_organisations[n] = float(ever)
    x.strength_peak[n] = w.measure.peak[0]
    total = 0.0
    outside = 0.0
    for i in range(e.alive.shape[0]):
        if e.alive[i] == 1 and o.lineage[e.organisation[i]] == focus:
            total += e.strength[i]
            if w.region.elite[e.region[i]] != home:
                outside += e.strength[i]
    x.strength_end[n] = total
    x.outside_end[n] = ratio(outside, total)
    x.home_residue[n] = total - outside


@rule
def stands(w, g):
    """Return 1 if an organisation stands, or whoever absorbed it, or whoever absorbed that one, and so on."""
    o = w.organisation
    while g >= 0 and o.alive[g] == 0:
        if o.ending[g] != codes.BY_ABSORPTION and o.ending[g] != codes.BY_RETURN:
            return 0
        g = o.heir[g]
    if g >= 0:
        return 1
    return 0


@rule
def events(w, x, n):
    """How often each kind of event happened."""
    c = w.tally.count
    x.splinters[n] = float(c[codes.SPLINTER])
    x.autonomies[n] = float(c[codes.AUTONOMY])
    x.pledges[n] = float(c[codes.PLEDGE])
    x.departures[n] = float(c[codes.DEPARTURE])
    x.fragmentations[n] = x.splinters[n] + x.autonomies[n] + x.pledges[n] + x.departures[n]
    x.surrenders[n] = float(c[codes.SURRENDER])
    x.voices[n] = float(c[codes.VOICE])
    x.returns[n] = float(c[codes.RETURN])
    x.mergers[n] = float(c[codes.MERGER])
    x.successions[n] = float(c[codes.SUCCESSION])
    x.alliances_made[n] = float(c[codes.ALLIANCE_MADE])
    x.alliances_broken[n] = float(c[codes.ALLIANCE_BROKEN])
    x.alliance_break_rate[n] = ratio(x.alliances_broken[n], w.measure.alliance_months[0])
    x.deals[n] = float(c[codes.DEAL])
    x.broker_groups[n] = float(c[codes.BROKER_GROUP])
    x.relocations[n] = float(c[codes.RELOCATION])
    x.dormancies[n] = float(c[codes.DORMANCY])
    x.re_emergences[n] = float(c[codes.RE_EMERGENCE])
    x.outbiddings[n] = float(c[codes.OUTBIDDING])
    x.means_changes[n] = float(c[codes.MEANS_CHANGE])
    x.renegotiations[n] = float(c[codes.RENEGOTIATION])
    x.captures[n] = float(c[codes.CAPTURE])
    x.endings[n] = float(c[codes.ENDING])
    x.communities_reached[n] = float(c[codes.REACHED])
    x.foundings[n] = float(c[codes.FOUNDING])
    x.purges[n] = float(c[codes.PURGE])
    x.offers[n] = float(c[codes.OFFER])
    x.offers_accepted[n] = 0.0
    x.reach_margin[n] = ratio(w.tally.amount[codes.REACHED], x.communities_reached[n])
    x.ended_by_force[n] = 0.0
    x.ended_by_inactivity[n] = 0.0
    x.ended_by_splintering[n] = 0.0
    x.ended_by_amnesty[n] = 0.0
    x.ended_by_infighting[n] = 0.0
    x.ended_by_politics[n] = 0.0
    x.ended_by_absorption[n] = 0.0
    o = w.organisation
    for i in range(o.alive.shape[0]):
        how = o.ending[i]
        if how == codes.BY_FORCE:
            x.ended_by_force[n] += 1.0
        elif how == codes.BY_INACTIVITY:
            x.ended_by_inactivity[n] += 1.0
        elif how == codes.BY_SPLINTERING:
            x.ended_by_splintering[n] += 1.0
        elif how == codes.BY_AMNESTY:
            x.ended_by_amnesty[n] += 1.0
        elif how == codes.BY_INFIGHTING:
            x.ended_by_infighting[n] += 1.0
        elif how == codes.BY_POLITICS:
            x.ended_by_politics[n] += 1.0
            x.offers_accepted[n] += 1.0
        elif how == codes.BY_ABSORPTION or how == codes.BY_RETURN:
            x.ended_by_absorption[n] += 1.0


@rule
def averages(w, x, n):
    """Means over the months of the run."""
    m = w.measure
    k = m.organisation_months[0]
    x.control[n] = ratio(m.control[0], k)
    x.agency_loss[n] = ratio(m.agency_loss[0], k)
    x.divergence[n] = ratio(m.divergence[0], k)
    x.polarisation[n] = ratio(m.polarisation[0], k)
    x.tension[n] = ratio(m.tension[0], k)
    x.outside[n] = ratio(m.outside[0], k)
    x.institutions[n] = ratio(m.institutions[0], k)
    x.r0[n] = ratio(m.r0[0], k)
    x.strength_mean[n] = ratio(m.strength[0], m.months[0])
    x.root_strength_mean[n] = ratio(m.root_strength[0], m.months[0])
    x.root_months[n] = m.root_months[0]
    x.raids[n] = m.raids[0]
    x.reports[n] = m.reports[0]
    x.own_deaths[n] = m.own_deaths[0]
    x.deaths_state_based[n] = m.deaths_state[0]
    x.deaths_non_state[n] = m.deaths_non_state[0]
    x.deaths_one_sided[n] = m.deaths_one_sided[0]
    k = m.katiba_months[0]
    x.ties[n] = ratio(m.ties[0], k)
    x.haven[n] = ratio(m.haven[0], k)
    x.support[n] = ratio(m.support[0], k)
    x.instrumental[n] = ratio(m.instrumental[0], k)
    x.crowding[n] = ratio(m.crowding[0], k)
    x.dormant_share[n] = ratio(m.dormant[0], k)
    x.detection_rate[n] = ratio(m.detections[0], k)
    x.attacks[n] = m.attacks[0]
    x.attacks_outside[n] = ratio(m.own_outside[0], m.own_attacks[0])
    x.severity[n] = m.severity[0]
    x.impact[n] = m.impact[0]
    x.infighting[n] = m.infighting[0]
    x.recruits[n] = m.recruits[0]
    x.morale[n] = ratio(m.morale[0], m.months[0])
    x.grievance_fed[n] = m.grievance_fed[0]
    x.profit[n] = ratio(m.profit[0], m.months[0])
    x.volatility[n] = ratio(m.volatility[0], m.months[0])
    x.policy_cost[n] = m.policy_cost[0]
    x.refused[n] = float(w.clock.refused[0])
    x.brand_joined_month[n] = m.brand_joined[0]


@rule
def places(w, x, n):
    """Communities and regions at the end."""
    c = w.community
    r = w.region
    grievance = 0.0
    norm = 0.0
    weariness = 0.0
    armed = 0.0
    socialisation = 0.0
    for i in range(c.norm.shape[0]):
        grievance += c.grievance[i]
        norm += c.norm[i]
        weariness += c.weariness[i]
        armed += c.armed[i]
        socialisation += c.socialisation[i]
    k = float(c.norm.shape[0])
    x.grievance_end[n] = ratio(grievance, k)
    x.norm_end[n] = ratio(norm, k)
    x.weariness_end[n] = ratio(weariness, k)
    x.armed_end[n] = armed + w.measure.outsiders[0]
    x.socialisation_end[n] = ratio(socialisation, k)
    capture = 0.0
    haven = 0.0
    reach = 0.0
    for i in range(r.haven.shape[0]):
        capture += r.capture[i]
        haven += r.haven[i]
        reach += r.reach[i]
    k = float(r.haven.shape[0])
    x.capture_end[n] = ratio(capture, k)
    x.haven_regions[n] = ratio(haven, k)
    x.reach_end[n] = ratio(reach, k)
