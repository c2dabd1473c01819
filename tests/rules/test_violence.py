"""Attacks, detections, raids; clashes between groups; security forces and what they do to the people around them."""

from __future__ import annotations

import pytest

from sim.rules import chronicling, competition, people, security, violence
from sim.world import codes
from sim.world.draws import child_identity

AMBER, BASALT, CEDAR, DUNE, EMBER, FLINT = range(6)


def fights(small):
    """Two organisations of the hills, counted, with forces posted: the first of Basalt and Cedar, the second of Cedar alone."""
    j = small.split(CEDAR)
    w = small.counted(0)
    security.muster(w, small.p, 0, 0)
    security.post(w, small.p, 0, 0)
    for k in range(4):
        security.press(w, small.p, 0, k)
    return j


def log_of(small):
    return small.tables.violence[: small.tables.clock["recorded"][0]]


# Attacks


def test_who_lies_low_strikes_nobody(small):
    w, p = small.counted(), small.p
    p.strike_rate, w.emir.dormant[BASALT], w.emir.attacks[BASALT] = 5.0, 1, 3.0
    assert small.touched(violence.strike, p, 0, BASALT) == {"emir.attacks"}
    assert w.emir.attacks[BASALT] == 0.0


@pytest.mark.parametrize(("strays", "brutality", "kind"), [(1.0, 0.0, codes.ONE_SIDED), (0.0, 1.0, codes.ONE_SIDED), (0.0, 0.0, codes.STATE_BASED)])
def test_targets_are_the_emirs_or_the_brutal_leaderships_else_the_state(small, strays, brutality, kind):
    fights(small)
    w, p = small.w, small.p
    p.strike_rate, p.strike_cost = 1.0, 0.0
    w.emir.strays[BASALT], w.organisation.brutality[0] = strays, brutality
    harm, force = w.tie.harm[6], w.force.casualties[0]
    violence.strike(w, p, 0, BASALT)
    log = log_of(small)
    assert len(log) == violence.MOST_ATTACKS == w.emir.attacks[BASALT]
    assert set(log["kind"].tolist()) == {kind}
    assert set(log["by"].tolist()) == {w.organisation.identity[0]}
    told = log["deaths"].sum()
    assert told == w.region.deaths[1] == w.organisation.deaths[0] == w.measure.own_deaths[0]
    assert (w.tie.harm[6] > harm) == (kind == codes.ONE_SIDED)
    assert (w.force.casualties[0] - force) == (told if kind == codes.STATE_BASED else 0.0)
    assert w.community.dead[2] == (told if kind == codes.ONE_SIDED else 0.0), "civilians die in the largest community"


def test_harm_is_remembered_where_it_was_done(small):
    w, p = small.counted(), small.p
    people.settle(w, BASALT, 7, 2)
    people.settle(w, BASALT, 8, 6)
    violence.hurt(w, p, BASALT, 1, 2.0)
    dose = 2.0 * p.outrage
    assert [w.tie.harm[j] for j in (6, 7, 8)] == pytest.approx([dose, dose, 0.0])
    assert w.community.harm_groups[2] + w.community.harm_groups[3] == pytest.approx(dose)
    assert w.community.harm_groups[6] == 0.0


# Detections and raids


@pytest.mark.parametrize("on", [1, 0])
def test_meetings_show_a_katiba_unless_the_dilemma_is_off(small, on):
    fights(small)
    w, p = small.w, small.p
    p.on_control_dilemma, p.detection, p.meeting_signal = on, 1.0, 50.0
    w.emir.tips[BASALT], w.emir.attacks[BASALT], w.emir.met[BASALT] = 0.0, 0.0, 10.0
    violence.detect(w, p, 0, BASALT)
    assert w.emir.raided[BASALT] == on


def test_a_raid_takes_people_and_says_what_became_of_them(small):
    fights(small)
    w, p = small.w, small.p
    p.raid_size, p.raid_killed, p.emir_taken = 30.0, 0.5, 0.0
    dead, jailed = w.community.dead[3], w.community.jailed[3]
    violence.raid(w, p, 0, BASALT, 1.0, 0)
    dead, jailed, lost = w.community.dead[3] - dead, w.community.jailed[3] - jailed, 90.0 - w.emir.strength[BASALT]
    assert lost > 0
    assert dead + jailed == lost == w.organisation.lost_to_force[0] == w.measure.raids[0]
    assert abs(dead - 0.5 * lost) <= 1.0
    assert w.emir.lost[BASALT] == pytest.approx(p.memory * lost / 90.0)
    (row,) = log_of(small)
    assert (row["by"], row["against"], row["kind"], row["deaths"]) == (codes.A_STATE, w.organisation.identity[0], codes.STATE_BASED, dead)
    assert w.organisation.deaths[0] == dead


def test_a_raid_takes_no_more_than_there_are(small):
    fights(small)
    w, p = small.w, small.p
    p.raid_size, p.raid_killed = 1000.0, 0.3
    violence.raid(w, p, 0, BASALT, 5.0, 0)
    assert w.emir.strength[BASALT] == 0.0


@pytest.mark.parametrize(("on", "traced"), [(1, 1), (0, 0)])
def test_a_trace_leads_to_the_leader_unless_the_dilemma_is_off(small, on, traced):
    fights(small)
    w, p = small.w, small.p
    p.on_control_dilemma, p.percolation = on, 5.0
    w.emir.trace[BASALT], w.region.intelligence[1] = 100.0, 1.0
    violence.raid(w, p, 0, BASALT, 1.0, 0)
    assert w.organisation.traced[0] == traced == w.measure.reports[0]


def test_only_a_leader_who_was_found_gives_others_away_and_not_those_already_raided(small):
    fights(small)
    w, p = small.w, small.p
    p.percolation, p.raid_size = 5.0, 20.0
    w.emir.trace[BASALT], w.region.intelligence[1] = 100.0, 1.0
    assert small.touched(violence.cascade, p, 0, BASALT) == set()
    w.organisation.given[0], w.emir.raided[BASALT] = 1, 1
    assert small.touched(violence.cascade, p, 0, BASALT) == set()
    w.emir.raided[BASALT] = 0
    violence.cascade(w, p, 0, BASALT)
    assert w.emir.raided[BASALT] == 1
    assert w.organisation.tight[0] == 90.0 - w.emir.strength[BASALT] > 0, "a symptom of too tight a rein"


def test_an_emir_who_is_taken_and_leads_is_lost_as_leader_too(small):
    fights(small)
    w, p = small.w, small.p
    p.emir_taken = 1.0
    fallen = w.organisation.leader[0] = w.emir.identity[BASALT]
    violence.raid(w, p, 0, BASALT, 1.0, 0)
    assert w.emir.identity[BASALT] == child_identity(fallen, 0, 0)
    assert w.organisation.struck[0] == 2


# Clashes


def test_crowding_is_the_strongest_other_and_an_ally_does_not_crowd(small):
    j = fights(small)
    w, p = small.w, small.p
    competition.crowd(w, p, 0, BASALT)
    assert w.emir.crowding[BASALT] == pytest.approx(60.0 / (60.0 + 90.0 + w.region.room[1]))
    competition.crowd(w, p, 0, AMBER)
    assert w.emir.crowding[AMBER] == 0.0, "nobody else is in the capital"
    w.organisation.ally_2[0] = j
    competition.crowd(w, p, 0, BASALT)
    assert w.emir.crowding[BASALT] == 0.0
    w.organisation.ally_2[0], p.on_competition = -1, 0
    competition.crowd(w, p, 0, BASALT)
    assert w.emir.crowding[BASALT] == 0.0


@pytest.mark.parametrize("why_not", ["off", "allied", "over", "alone"])
def test_who_does_not_fight(small, why_not):
    j = fights(small)
    w, p = small.w, small.p
    p.infighting_hazard, w.organisation.brutality[0] = 1e6, 1.0
    competition.fight(w, p, 0, 1)
    assert w.region.clash[1] == 1
    if why_not == "off":
        p.on_competition = 0
    elif why_not == "allied":
        w.organisation.ally_1[0] = j
    elif why_not == "over":
        w.organisation.alive[j] = 0
    competition.fight(w, p, 0, 1 if why_not != "alone" else 0)
    assert w.region.clash[1 if why_not != "alone" else 0] == 0


def test_a_clash_costs_either_side_by_the_others_strength(small):
    j = fights(small)
    w, p = small.w, small.p
    p.infighting_loss, w.region.clash[1] = 0.5, 1
    competition.suffer(w, p, 0, BASALT)
    competition.suffer(w, p, 0, CEDAR)
    one, other = 90.0 - w.emir.strength[BASALT], 60.0 - w.emir.strength[CEDAR]
    assert one > 0
    assert other > 0
    assert (w.organisation.lost_to_rivals[0], w.organisation.lost_to_rivals[j]) == (one, other)
    assert w.measure.deaths_non_state[0] == one + other
    log = log_of(small)
    assert log["against"].tolist() == [w.organisation.identity[0], w.organisation.identity[j]]
    assert log["by"].tolist() == [w.organisation.identity[j], w.organisation.identity[0]]
    assert small.touched(competition.suffer, p, 0, DUNE) == set()


def test_the_dead_of_a_clash_count_for_both_who_took_part_sisters_too(small):
    j = fights(small)
    w, p = small.w, small.p
    assert w.organisation.lineage[j] == w.organisation.lineage[0]
    p.infighting_loss, w.region.clash[1] = 0.5, 1
    competition.suffer(w, p, 0, BASALT)
    dead = 90.0 - w.emir.strength[BASALT]
    assert (w.organisation.deaths[0], w.organisation.deaths[j], w.measure.own_deaths[0]) == (dead, dead, dead)


@pytest.mark.parametrize(("loses", "other"), [(BASALT, CEDAR), (CEDAR, BASALT)])
def test_twenty_five_dead_of_a_clash_are_noticed_for_either_side(small, loses, other):
    fights(small)
    w, p = small.w, small.p
    p.infighting_loss, w.region.clash[1] = 1.0, 1
    competition.suffer(w, p, 3, loses)
    one, enemy = w.emir.organisation[loses], w.emir.organisation[other]
    assert w.organisation.deaths_year[one] == w.organisation.deaths_year[enemy] >= chronicling.NOTICED, "losses enough for the test to tell"
    assert w.organisation.first_25[one] == w.organisation.first_25[enemy] == 3
    assert w.emir.strength[other] == w.emir.counted[other], "the dead are of one side"


def test_who_falls_in_an_attack_is_among_its_dead(small):
    fights(small)
    w, p = small.w, small.p
    p.strike_rate, p.strike_cost, p.severity_most = 1.0, 2.0, 0.0
    w.emir.strays[BASALT], w.organisation.brutality[0] = 0.0, 0.0
    violence.strike(w, p, 0, BASALT)
    fallen = 90.0 - w.emir.strength[BASALT]
    assert fallen > 0
    assert log_of(small)["deaths"].sum() == w.measure.deaths_state[0] == fallen


# Forces


def test_protest_division_and_low_morale_leave_less_of_a_force_but_not_of_a_foreign_one(small):
    w, p = small.counted(), small.p
    security.muster(w, p, 0, 0)
    calm = w.force.capacity[0]
    assert calm == pytest.approx(3000 * w.force.morale[0] * (1 - w.force.division[0]))
    w.elite.protest[0] = 1.0
    security.muster(w, p, 0, 0)
    assert w.force.capacity[0] == pytest.approx(calm * (1 - p.protest_weight))
    w.force.kind[0] = codes.FOREIGN
    security.muster(w, p, 0, 0)
    assert w.force.capacity[0] == pytest.approx(calm)
    p.on_security_forces = 0
    security.muster(w, p, 0, 0)
    assert w.force.capacity[0] == 3000.0


def test_the_same_dead_weigh_more_where_less_is_left_to_bear_them(small):
    w, p = small.counted(), small.p
    morale = {}
    for context in (1, 0):
        p.on_contextual_impact = context
        w.force.morale[0], w.force.division[0], w.force.capacity[0], w.force.casualties[0] = 0.7, 0.2, 500.0, 10.0
        security.muster(w, p, 0, 0)
        morale[context] = w.force.morale[0]
        assert w.force.casualties[0] == 0.0
    assert morale[1] < morale[0]


def test_casualties_are_paid_for_where_the_force_comes_from(small):
    w, p = small.counted(), small.p
    w.force.casualties[0] = 50.0
    before = small.tables.community["grievance"].copy()
    security.muster(w, p, 0, 0)
    assert ((small.tables.community["grievance"] > before) == (small.tables.community["region"] == w.force.recruits_from[0])).all()


def test_forces_go_where_groups_are_and_no_more_than_there_are(small):
    fights(small)
    w, p = small.w, small.p
    effort = small.tables.region["effort"]
    assert 0 < effort.sum() < w.force.capacity[0]
    assert w.region.main_force[1] == 0
    assert w.region.pressure[1] == pytest.approx(effort[1] / (p.force_ratio * (150.0 + w.region.room[1])))
    assert w.region.intelligence[1] == pytest.approx(w.force.intelligence[0] * (1 - w.region.capture[1])), "bought officials pass nothing on"
    branded = w.posting.effort[1]
    w.organisation.brand[0] = codes.GLOBAL
    security.post(w, p, 0, 0)
    assert w.posting.effort[1] > branded, "a brand draws attention"


def test_blind_force_is_remembered_unless_forces_are_machines(small):
    fights(small)
    w, p = small.w, small.p
    assert w.community.harm_state[2] > 0.0
    p.blind_deaths, w.region.conflict[1] = 1.0, 1.0
    w.clock.recorded[0] = 0
    security.press(w, p, 1, 1)
    (row,) = log_of(small)
    assert (row["by"], row["against"], row["kind"]) == (codes.A_STATE, codes.CIVILIANS, codes.ONE_SIDED)
    assert row["deaths"] == w.community.dead[2] > 0
    p.on_security_forces = 0
    assert not {"community.harm_state", "community.dead", "violence.deaths"} & small.touched(security.press, p, 2, 1)


def test_the_living_are_buried_once(small):
    w = small.w
    c = small.tables.community
    c["dead"][2] = c["people"][2] - c["armed"][2] - 3
    assert security.bury(w, 1, 10.0) == 3.0
    assert security.bury(w, 1, 10.0) == 0.0
    w.region.communities[1] = 0
    assert small.touched(security.bury, 1, 10.0) == set()


def test_what_a_community_suffered_holds_its_grievance_up_and_its_trust_down(small):
    w, p = small.counted(), small.p
    grievance, trust = w.community.grievance[3], w.community.trust[3]
    security.resent(w, p, 0, 3)
    assert (w.community.grievance[3], w.community.trust[3]) == pytest.approx((grievance, trust)), "nothing happened, nothing moves"
    w.community.harm_state[3], w.region.deaths_before[1] = 0.8, 20.0
    security.resent(w, p, 0, 3)
    assert w.community.grievance[3] > grievance
    assert w.community.trust[3] < trust
    assert w.community.weariness[3] > 0.0
    assert w.community.harm_state[3] == pytest.approx(0.8 * (1 - p.harm_fade))


# What is told


def test_violence_is_counted_even_where_the_log_is_full(small):
    w = small.counted()
    for _ in range(250):
        chronicling.record(w, 0, 2, 7, codes.CIVILIANS, codes.ONE_SIDED, 2.0)
    assert w.clock.recorded[0] == 250
    assert w.measure.deaths_one_sided[0] == w.region.deaths[2] == 500.0
    assert (small.tables.violence["deaths"] == 2.0).all()


def test_causes_are_shares_of_what_drives_and_nothing_else(small):
    row = chronicling.emit(small.w, 3, codes.SPLINTER, 1, 2, 3, 0, 5.0, 9)
    chronicling.attribute(small.w, row, agenda=1.0, hardship=3.0, beliefs=-5.0)
    told = small.tables.log[row]
    causes = {name: told[name] for name in told.dtype.names if name.startswith("cause_") and told[name]}
    assert causes == {"cause_agenda": 0.25, "cause_hardship": 0.75}
    assert (told["month"], told["kind"], told["amount"], told["detail"]) == (3, codes.SPLINTER, 5.0, 9)


def test_a_year_of_deaths_is_noticed_from_twenty_five(small):
    w = small.counted()
    chronicling.blame(w, 4, 0, 24.0)
    assert w.organisation.first_25[0] == -1
    chronicling.blame(w, 5, 0, 1.0)
    chronicling.blame(w, 6, 0, 40.0)
    assert w.organisation.first_25[0] == 5
    assert w.measure.own_deaths[0] == w.organisation.deaths[0] == 65.0
