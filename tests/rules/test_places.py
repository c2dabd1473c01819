"""Places and money: states, elites, trade, capture, reach; who moves, who lies low; what a month earns and what is counted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules import accounts, census, displacement, economy, elites, long_game, policy, reach, reading, smuggling, timeline
from sim.world import codes
from sim.world.outcomes import outcome_dtype
from sim.world.world import Columns

AMBER, BASALT, CEDAR, DUNE, EMBER, FLINT = range(6)
CAPITAL, HILLS, STEPPE, DESERT = range(4)


def event(small, kind, target, magnitude=1.0, months=1):
    """Let the one entry of the timeline be of this kind, in month 0."""
    row = small.tables.timeline
    row["month"], row["kind"], row["target"], row["magnitude"], row["months"] = 0, kind, target, magnitude, months


# Events


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (codes.AMNESTY, "elite.amnesty"), (codes.COUP, "elite.coup"), (codes.PROTEST, "elite.protest"), (codes.RESHUFFLE, "elite.purge"),
        (codes.SERVICES, "elite.aid"), (codes.PEACE, "elite.peace"), (codes.INTERVENTION, "force.surge"), (codes.RIVAL_BRAND, "clock.rival"),
        (codes.GLOBAL_CAUSE, "clock.cause"), (codes.LEADER_DEATH, "organisation.struck"), (codes.CLEAVAGE, "community.cleavage"),
    ],
)  # fmt: skip
def test_an_event_does_one_thing_while_it_is_in_force_and_nothing_at_magnitude_zero(small, kind, column):
    w, p = small.counted(), small.p
    event(small, kind, 0, magnitude=0.0)
    assert small.touched(timeline.strike, p, 0, 0) == set()
    event(small, kind, 0, magnitude=0.5)
    assert small.touched(timeline.strike, p, 1, 0) == set(), "it is over"
    assert small.touched(timeline.strike, p, 0, 0) == {column}
    timeline.clear(w, p, 1, 0)
    lasting = column in ("organisation.struck", "community.cleavage")
    table, name = column.split(".")
    base = p.global_appeal if column == "clock.cause" else 0.0
    assert (getattr(small.tables, table)[name][0] == base) == (not lasting)


def test_a_cleavage_deepens_by_its_size_over_its_months(small):
    w, p = small.counted(), small.p
    event(small, codes.CLEAVAGE, DESERT, magnitude=0.4, months=4)
    before = w.community.cleavage[5], w.community.cleavage[6], w.community.cleavage[0]
    for t in range(10):
        timeline.strike(w, p, t, 0)
    after = w.community.cleavage[5], w.community.cleavage[6], w.community.cleavage[0]
    assert after == pytest.approx((before[0] + 0.4, before[1] + 0.4, before[2]))


def test_who_enters_brings_his_katibas_and_their_people(small):
    w, p = small.counted(), small.p
    j = small.split(FLINT)
    w.organisation.alive[j] = w.emir.alive[FLINT] = 0
    w.community.armed[6] -= 80.0
    event(small, codes.ENTRY, j)
    timeline.strike(w, p, 0, 0)
    assert (w.organisation.alive[j], w.organisation.born[j], w.emir.alive[FLINT], w.emir.born[FLINT]) == (1, 0, 1, 0)
    assert w.organisation.strength[j] == w.emir.strength[FLINT] == w.community.armed[6] == 80.0
    assert small.events() == {"entry": 1}


# Elites


def test_a_bargain_is_reopened_when_power_has_moved_and_the_share_mirrors_it(small):
    w, p = small.counted(), small.p
    e = w.elite
    e.capacity[0], e.armed[0], e.power[0], e.share[0] = 0.0, 100.0, 0.0, 0.7
    p.on_tactical_elites = 0
    elites.bargain(w, p, 5, 0)
    assert (e.share[0], e.bargains[0], e.harshness[0]) == (0.7, 0, 0.0)
    p.on_tactical_elites = 1
    elites.bargain(w, p, 5, 0)
    assert (e.share[0], e.power[0], e.bargains[0]) == (0.0, 1.0, 1)
    assert e.volatility[0] > 0.0
    elites.bargain(w, p, 6, 0)
    assert e.bargains[0] == 1, "it rests on the power of today"


def test_short_horizons_answer_violence_with_a_heavy_hand(small):
    w, p = small.counted(), small.p
    e = w.elite
    e.deaths[0], e.horizon_start[0], e.horizon[0] = 100.0, 1.0, 1.0
    elites.bargain(w, p, 5, 0)
    assert e.harshness[0] == pytest.approx(0.0)
    e.coup[0], p.memory = 1.0, 1.0
    elites.bargain(w, p, 6, 0)
    assert e.horizon[0] == 0.0
    assert e.harshness[0] == e.cost[0] > 0.0


def test_a_short_horizon_neglects_and_aid_reaches(small):
    w, p = small.counted(), small.p
    c, e = w.community, w.elite
    assert small.touched(elites.serve, p, 0, 4) == set(), "nothing moved, nothing moves"
    e.horizon[0] = 0.0
    elites.serve(w, p, 0, 4)
    neglect = c.neglect[4]
    assert neglect > c.neglect_start[4]
    e.horizon[0], e.aid[0], e.dialogue[0], cleavage = e.horizon_start[0], 1.0, 0.5, c.cleavage[4]
    elites.serve(w, p, 0, 4)
    assert c.neglect[4] < neglect
    assert c.cleavage[4] == pytest.approx(cleavage * (1 - 0.5 * p.dialogue_effect))


def test_the_elite_learns_what_its_forces_can_do(small):
    small.w.elite.garrison[0] = 321.0
    assert small.touched(elites.hear, small.p, 0, 0) == {"elite.capacity"}
    assert small.w.elite.capacity[0] == 321.0


def test_policies_cost_what_they_use_and_buy_less_with_every_unit(small):
    w, p = small.w, small.p
    p.policy_budget, p.policy_half_cost, p.policy_force, p.policy_dialogue, p.policy_start, p.policy_end = 2.0, 1.0, 0.5, 0.25, 3, 5
    assert small.touched(policy.spend, p, 2, 0) == set()
    policy.spend(w, p, 3, 0)
    assert w.elite.extra_force[0] == pytest.approx(0.5), "half of the full level for half_cost"
    assert w.elite.dialogue[0] == pytest.approx(1 - 0.5**0.5)
    assert w.measure.policy_cost[0] == pytest.approx(1.5)
    p.on_policy = 0
    policy.spend(w, p, 4, 0)
    assert (w.elite.extra_force[0], w.elite.dialogue[0]) == (0.0, 0.0)
    assert w.measure.policy_cost[0] == pytest.approx(1.5)


# Trade, capture, reach


def test_a_baron_pays_whom_it_pays_to_pay(small):
    w, p = small.counted(), small.p
    s, r = w.smuggler, w.region
    p.bribe_cover = p.protection_cover = 1.0
    p.bribe_share = p.protection_share = 0.1

    def pays(interdiction, armed):
        r.protection[DESERT] = r.bribes[DESERT] = 0.0
        r.interdiction[DESERT], r.strength[DESERT], r.conflict[DESERT] = interdiction, armed, 0.0
        smuggling.trade(w, p, 0, 0)
        assert (r.protection[DESERT], r.bribes[DESERT]) == (s.protection[0], s.bribes[0])
        return s.bribes[0] > 0, s.protection[0] > 0

    assert pays(0.0, 0.0) == (False, False)
    assert pays(0.9, 0.0) == (True, False)
    assert pays(0.0, 1e6) == (False, True)
    assert s.backs[0] == r.first_group[DESERT] == 0
    assert pays(0.9, 1e6) == (True, True)
    r.first_group[DESERT] = -1
    assert pays(0.9, 1e6) == (True, False), "there is nobody to pay"
    p.on_smuggling = 0
    assert pays(0.5, 1e6) == (False, False)
    assert s.profit[0] == pytest.approx(p.trade_income * s.routes[0] * r.route_value[DESERT] * 0.5)


def test_what_he_keeps_falls_with_every_price_he_does_not_avert(small):
    p = small.p
    assert smuggling.kept(p, 0.0, 0.0, 0.0, 0.0) == 1.0
    assert smuggling.kept(p, 1.0, 0.0, 0.0, 0.0) == smuggling.kept(p, 0.0, 1.0, 0.0, 0.0) == 0.0
    assert smuggling.kept(p, 1.0, 0.0, 1.0, 0.0) == pytest.approx(p.bribe_cover * (1 - p.bribe_share))


def test_the_state_stops_what_its_reach_lets_it(small):
    w, p = small.counted(), small.p
    w.region.bribes[DESERT] = w.region.protection[DESERT] = 5.0
    smuggling.interdict(w, p, 0, DESERT)
    assert w.region.interdiction[DESERT] == pytest.approx(w.region.reach[DESERT] * (1 - w.region.capture[DESERT]))
    assert (w.region.bribes[DESERT], w.region.protection[DESERT]) == (0.0, 0.0)


def test_bribes_capture_the_more_the_shorter_the_horizon_and_capture_outlives_them(small):
    w, p = small.counted(), small.p
    r = w.region
    caught = {}
    for horizon in (0.0, 0.5, 1.0):
        r.capture[DESERT], r.bribes[DESERT], w.elite.horizon[0] = 0.2, 10.0, horizon
        reach.drift(w, p, 0, DESERT)
        caught[horizon] = r.capture[DESERT]
    assert caught[0.0] > caught[0.5] > caught[1.0]
    assert caught[1.0] == pytest.approx(0.2 * (1 - p.capture_fade))
    p.on_state_capture = 0
    reach.drift(w, p, 0, DESERT)
    assert r.capture[DESERT] == 0.0


def test_reach_goes_where_only_the_armed_are_and_comes_back_with_forces_that_stay(small):
    w, p = small.counted(), small.p
    r = w.region
    r.armed_before[DESERT], r.garrison[DESERT] = 0.0, 0.0
    r.reach[DESERT] = 0.1
    reach.drift(w, p, 0, DESERT)
    assert r.reach[DESERT] == 0.1, "no forces, no armed: nothing moves"
    r.armed_before[DESERT] = 500.0
    reach.drift(w, p, 0, DESERT)
    assert r.reach[DESERT] < 0.1
    r.armed_before[DESERT], r.garrison[DESERT], low = 0.0, 1000.0, r.reach[DESERT]
    reach.drift(w, p, 0, DESERT)
    assert r.reach[DESERT] == pytest.approx(low + p.reach_growth * (r.reach_start[DESERT] - low))
    w.elite.coup[0], margin, centre = 1.0, r.reach[DESERT], r.reach[CAPITAL]
    r.armed_before[CAPITAL] = 0.0
    reach.drift(w, p, 0, DESERT)
    reach.drift(w, p, 0, CAPITAL)
    assert r.reach[DESERT] / margin < r.reach[CAPITAL] / centre < 1.0, "a state that breaks goes first at the margins"


# Moving, lying low


def test_a_katiba_moves_along_an_edge_if_it_is_better_there(small):
    w, p = small.counted(), small.p
    p.move_rate, p.move_sharpness = 1.0, 1000.0
    w.emir.lost[AMBER] = 1.0
    for t in range(40):
        displacement.move(w, p, t, AMBER)
        if w.emir.region[AMBER] != CAPITAL:
            break
    assert w.emir.region[AMBER] == HILLS, "the capital has one way out"
    assert small.events() == {"relocation": 1}
    assert w.emir.strength[AMBER] == 40.0


@pytest.mark.parametrize("why_not", ["off", "no way", "never looks", "better here"])
def test_who_stays(small, why_not):
    w, p = small.counted(), small.p
    p.move_rate, p.move_sharpness = 1.0, 1000.0
    w.emir.lost[AMBER] = 1.0
    if why_not == "off":
        p.on_displacement = 0
    elif why_not == "no way":
        w.region.edges[CAPITAL] = 0
    elif why_not == "never looks":
        p.move_rate = 0.0
    else:
        w.emir.lost[AMBER], w.emir.gained[AMBER] = 0.0, 5.0
    for t in range(20):
        assert small.touched(displacement.move, p, t, AMBER) == set()


def test_an_outlook_is_worse_under_pressure_and_better_where_no_state_is(small):
    w, p = small.counted(), small.p
    here = displacement.outlook(w, p, STEPPE, 0.5)
    w.region.pressure[STEPPE], w.region.intelligence[STEPPE] = 2.0, 1.0
    pressed = displacement.outlook(w, p, STEPPE, 0.5)
    assert pressed < here
    w.region.absence[STEPPE] = 1.0
    assert displacement.outlook(w, p, STEPPE, 0.5) > pressed


def test_an_outlook_rises_with_welcome_and_patience_and_falls_with_the_room_that_is_taken(small):
    w, p = small.counted(), small.p
    c = w.community

    def seen(patience=0.5):
        return displacement.outlook(w, p, STEPPE, patience)

    assert seen(0.0) < seen(0.5) < seen(1.0), "ties to come count for the patient"
    trust, half = c.trust[4], seen()
    c.trust[4] = 1.0
    assert seen() < half, "who trusts the state takes in no armed guest"
    c.trust[4] = 0.0
    assert seen() > half
    c.trust[4], c.room[4] = trust, 0.5 * c.room[4]
    crowded = seen()
    assert crowded < half
    c.room[4] = 0.0
    assert seen() < crowded
    assert seen(1.0) == seen(0.0), "where nobody is left to come, ties bring nobody"


def test_with_embedding_off_a_newcomer_stays_a_stranger(small):
    w, p = small.counted(), small.p
    bound = displacement.outlook(w, p, STEPPE, 0.0)
    p.on_embedding = 0
    assert displacement.outlook(w, p, STEPPE, 1.0) == displacement.outlook(w, p, STEPPE, 0.0) == bound


def test_the_patient_lie_low_while_it_costs_less_and_come_back_when_they_would_grow(small):
    w, p = small.counted(), small.p
    p.reconsider, w.organisation.patience[0], w.emir.lost[BASALT], w.emir.tips[BASALT] = 1.0, 1.0, 0.2, 0.0
    p.on_long_game = 0
    assert small.touched(long_game.rest, p, 0, BASALT) == set()
    p.on_long_game = 1
    long_game.rest(w, p, 0, BASALT)
    assert w.emir.dormant[BASALT] == 1
    w.region.absence[HILLS] = 0.0
    assert small.touched(long_game.rest, p, 1, BASALT) == set(), "nobody would join"
    w.region.absence[HILLS], w.emir.support[BASALT], w.region.grievance[HILLS], p.recruitment = 1.0, 1.0, 1.0, 10.0
    long_game.rest(w, p, 2, BASALT)
    assert w.emir.dormant[BASALT] == 0
    assert small.events() == {"dormancy": 1, "re-emergence": 1}


def test_a_channel_of_ties_that_is_closed_wakes_nobody(small):
    """Who lies low counts the recruits that ties would bring, as far as they bring any."""
    w, p = small.counted(), small.p
    e, r = w.emir, w.region
    p.reconsider, p.stranger_reach, p.recruitment, e.dormant[BASALT], e.tips[BASALT] = 1.0, 0.0, 10.0, 1, 0.0
    r.absence[HILLS], e.support[BASALT], r.grievance[HILLS], e.ties[BASALT] = 1.0, 1.0, 1.0, 0.5
    p.ties_recruit = 0.0
    assert small.touched(long_game.rest, p, 0, BASALT) == set()
    p.ties_recruit = 1.0
    long_game.rest(w, p, 0, BASALT)
    assert e.dormant[BASALT] == 0


def test_who_grows_or_counts_the_days_does_not_lie_low(small):
    w, p = small.counted(), small.p
    p.reconsider, w.organisation.patience[0] = 1.0, 1.0
    w.emir.gained[BASALT], w.emir.lost[BASALT] = 0.3, 0.2
    assert small.touched(long_game.rest, p, 0, BASALT) == set()
    w.emir.gained[BASALT], w.emir.lost[BASALT], p.home_rate, w.organisation.patience[0] = 0.0, 0.01, 0.01, 0.0
    assert small.touched(long_game.rest, p, 0, BASALT) == set()
    w.organisation.patience[0] = 1.0
    long_game.rest(w, p, 0, BASALT)
    assert w.emir.dormant[BASALT] == 1


# Money


def test_who_keeps_what_he_owes_has_it_and_the_treasury_has_not(small):
    w, p = small.counted(), small.p
    w.emir.support[FLINT], w.region.absence[DESERT], p.levy = 1.0, 1.0, 1.0
    taken = {}
    for skims in (0.0, 1.0):
        w.emir.purse[FLINT], w.organisation.treasury[0], w.emir.skims[FLINT] = 0.0, 100.0, skims
        economy.earn(w, p, 0, FLINT)
        taken[skims] = w.organisation.treasury[0] - 100.0, w.emir.purse[FLINT]
    assert taken[0.0][0] > 0.0 == taken[1.0][0]
    assert taken[1.0][1] - taken[0.0][1] == pytest.approx(taken[0.0][0] * (1 - p.purse_leak))


@pytest.mark.parametrize("why_not", ["", "caught", "vacant", "empty"])
def test_want_is_met_from_the_treasury_but_for_who_was_caught_or_has_no_leader(small, why_not):
    w, p = small.counted(), small.p
    p.levy = p.trade_income = 0.0
    p.upkeep = 0.1
    w.emir.purse[BASALT], w.organisation.treasury[0] = 0.0, 1000.0
    if why_not == "caught":
        w.emir.caught[BASALT] = 1.0
    elif why_not == "vacant":
        w.organisation.vacant[0] = 1
    elif why_not == "empty":
        w.organisation.treasury[0] = 0.0
    treasury, loose = w.organisation.treasury[0], w.organisation.loose[0]
    w.organisation.agency_loss[0] = 0.5
    economy.earn(w, p, 0, BASALT)
    if why_not:
        assert (w.organisation.treasury[0], w.emir.hardship[BASALT]) == (treasury, p.memory)
        assert w.organisation.loose[0] - loose == pytest.approx(0.5 * p.want * p.home_rate * 90.0), (
            "a symptom of too loose a rein, as far as emirs keep money"
        )
    else:
        assert (w.organisation.treasury[0], w.emir.hardship[BASALT]) == (pytest.approx(treasury - 9.0), 0.0)
        assert w.organisation.loose[0] == loose


def test_a_brand_pays_by_its_reach_and_who_flies_none_gets_nothing(small):
    w, p = small.counted(), small.p
    o = w.organisation
    assert small.touched(economy.fund, p, 0, 0) == set()
    o.treasury[0], o.brand[0], w.clock.rival[0], w.clock.cause[0] = 0.0, codes.RIVAL, 0.5, 1.0
    economy.fund(w, p, 0, 0)
    assert o.treasury[0] == pytest.approx(0.5 * p.brand_money)


# Counts and accounts


def test_an_organisations_means_are_weighted_by_strength(small):
    for i, x in enumerate((0.1, 0.9, 0.4, 0.2, 0.7, 0.5)):
        small.tables.emir["divergence"][i] = x
        small.tables.emir["faction"][i] = i in (EMBER, FLINT)
    small.counted()
    e, o = small.tables.emir[:6], small.tables.organisation
    assert o["strength"][0] == e["strength"].sum() == 400.0
    assert o["divergence"][0] == pytest.approx((e["strength"] * e["divergence"]).sum() / 400.0)
    assert (o["dissent"][0], o["dissident"][0], o["katibas"][0]) == (140.0, FLINT, 6)


def test_a_leadership_follows_its_people_once_none_are_left_where_it_sits(small):
    w = small.counted()
    assert w.organisation.seat[0] == HILLS
    for i in (BASALT, CEDAR):
        w.emir.region[i] = DESERT
    small.counted(1)
    assert w.organisation.seat[0] == DESERT


def test_room_is_what_is_left_of_those_who_might(small):
    w, p = small.w, small.p
    census.open_region(w, p, 0, HILLS)
    c, r = w.community, w.region
    most = p.recruitable * c.population[3] * c.grievance[3] * r.absence[HILLS]
    assert c.room[3] == pytest.approx(max(0.0, 1.0 - 90.0 / most))
    assert r.absence[HILLS] == pytest.approx(1.0 - r.reach[HILLS] * (1.0 - r.capture[HILLS]))
    c.grievance[3] = 0.0
    census.open_region(w, p, 0, HILLS)
    assert c.room[3] == 0.0, "nobody who is content might"


def test_elites_and_alliances_are_counted_anew_every_month(small):
    w, p = small.w, small.p
    w.elite.deaths[0] = w.elite.armed[0] = w.elite.garrison[0] = 7.0
    census.open_elite(w, p, 0, 0)
    assert (w.elite.deaths[0], w.elite.armed[0], w.elite.garrison[0]) == (0.0, 0.0, 0.0)
    w.region.deaths[HILLS], w.region.strength[HILLS] = 4.0, 50.0
    census.open_region(w, p, 0, HILLS)
    assert (w.elite.deaths[0], w.elite.armed[0]) == (4.0, 50.0)
    assert (w.region.deaths[HILLS], w.region.deaths_before[HILLS], w.region.armed_before[HILLS]) == (0.0, 4.0, 50.0)
    w.alliance.one[0], w.alliance.other[0] = 0, 0
    census.count_alliance(w, p, 0, 0)
    census.open_organisation(w, p, 0, 0)
    assert (w.organisation.allies[0], w.organisation.ally_1[0]) == (0, -1)


def test_accounts_are_of_the_lineage_that_is_followed(small):
    w, p = small.counted(), small.p
    accounts.count_month(w, p, 0, 0)
    accounts.count_organisation(w, p, 0, 0)
    for i in range(6):
        accounts.count_katiba(w, p, 0, i)
    m = w.measure
    assert (m.months[0], m.organisation_months[0], m.root_months[0], m.katiba_months[0]) == (1.0, 1.0, 1.0, 6.0)
    assert m.strength[0] == m.root_strength[0] == m.peak[0] == 400.0
    w.organisation.lineage[0] = 1
    assert small.touched(accounts.count_organisation, p, 0, 0) == set()
    assert small.touched(accounts.count_katiba, p, 0, BASALT) == set()


def test_outcomes_are_read_and_change_nothing(small):
    j = small.split(FLINT)
    w, p = small.counted(), small.p
    accounts.count_organisation(w, p, 0, 0)
    x = np.zeros(1, outcome_dtype())
    assert small.touched(reading.read_outcomes, 5, Columns(x), 0) == set()
    (row,) = x
    assert (row["survived"], row["root_survived"], row["months_survived"]) == (1.0, 1.0, 5.0)
    assert (row["strength_end"], row["organisations_end"], row["lineage_organisations"]) == (400.0, 2.0, 2.0)
    w.organisation.alive[0], w.organisation.ended[0], w.organisation.ending[0] = 0, 3, codes.BY_FORCE
    reading.read_outcomes(w, 5, Columns(x), 0)
    assert (row["survived"], row["root_survived"], row["ended_by_force"]) == (1.0, 0.0, 1.0)
    w.organisation.alive[j], w.organisation.ended[j], w.organisation.ending[j] = 0, 4, codes.BY_INACTIVITY
    reading.read_outcomes(w, 5, Columns(x), 0)
    assert (row["survived"], row["months_survived"], row["organisations_end"]) == (0.0, 4.0, 0.0)


def test_who_was_absorbed_by_a_group_that_stands_goes_on_in_it(small):
    j = small.split(FLINT)
    o = small.w.organisation
    o.alive[0], o.ending[0], o.heir[0] = 0, codes.BY_ABSORPTION, j
    assert reading.stands(small.w, 0) == 1
    o.alive[j], o.ending[j], o.heir[j] = 0, codes.BY_FORCE, -1
    assert reading.stands(small.w, 0) == 0
