"""Alliances, mergers, brokers; brands; how groups end."""

from __future__ import annotations

import pytest

from sim.rules import alliances, brokerage, census, endings, merger, rebranding
from sim.world import codes

AMBER, BASALT, CEDAR, DUNE, EMBER, FLINT = range(6)
HILLS, STEPPE, DESERT = 1, 2, 3


def two(small, i=CEDAR):
    """Two organisations, counted: 0, and the one of katiba i."""
    j = small.split(i)
    return small.counted(0), small.p, j


# Alliances


def test_whoever_is_alike_and_gains_allies_once(small):
    w, p, j = two(small)
    p.alliance_hazard, p.choice_slope = 1e6, 0.0
    assert w.region.first_group[HILLS] == 0
    assert w.region.second_group[HILLS] == j
    alliances.meet(w, p, 0, HILLS)
    alliances.meet(w, p, 1, HILLS)
    assert small.events() == {"alliance made": 1}
    (row,) = small.tables.alliance[small.tables.alliance["alive"] == 1]
    assert (row["one"], row["other"], row["trust"], row["broker"]) == (0, j, 0.0, -1)
    assert row["balance"] == pytest.approx(340 / 400)
    assert (w.organisation.ally_1[0], w.organisation.ally_1[j]) == (j, 0)


@pytest.mark.parametrize("why_not", ["off", "rival brands", "over", "alone"])
def test_who_does_not_ally(small, why_not):
    w, p, j = two(small)
    p.alliance_hazard, p.choice_slope = 1e6, 0.0
    if why_not == "off":
        p.on_shifting_alliances = 0
    elif why_not == "rival brands":
        w.organisation.brand[0], w.organisation.brand[j] = codes.GLOBAL, codes.RIVAL
    elif why_not == "over":
        w.organisation.alive[j] = 0
    assert small.touched(alliances.meet, p, 0, HILLS if why_not != "alone" else DESERT) == set()


def test_likeness_is_of_brand_kind_aims_and_rhetoric(small):
    w, _, j = two(small)
    o = w.organisation
    o.rhetoric[j], o.aims[j] = o.rhetoric[0], o.aims[0]
    assert alliances.likeness(w, 0, j) == 1.0
    o.kind[j] = codes.MILITIA
    assert alliances.likeness(w, 0, j) == alliances.likeness(w, j, 0) == 0.5
    o.rhetoric[0], o.rhetoric[j], o.aims[0], o.aims[j] = -1.0, 1.0, 0.0, 1.0
    assert alliances.likeness(w, 0, j) == 0.0


def test_a_table_that_is_full_and_a_group_with_four_allies_take_no_more(world_of):
    small = world_of(alliances=1)
    w, p, j = two(small)
    assert alliances.ally(w, p, 0, 0, j, HILLS, -1) == 1
    assert alliances.ally(w, p, 0, 0, j, HILLS, -1) == 0
    assert w.clock.refused[0] == 1
    w.organisation.allies[0] = alliances.MOST_ALLIES
    assert small.touched(alliances.ally, p, 0, 0, j, HILLS, -1) == set()


def test_an_alliance_breaks_for_what_it_no_longer_gives_and_with_a_partner_who_is_gone(small):
    w, p, j = two(small)
    alliances.ally(w, p, 0, 0, j, HILLS, -1)
    p.break_hazard = 0.0
    alliances.renegotiate(w, p, 1, 0)
    assert (w.alliance.alive[0], w.alliance.trust[0]) == (1, p.memory)
    p.break_hazard, p.choice_slope = 1e6, 0.0
    p.on_shifting_alliances = 0
    alliances.renegotiate(w, p, 1, 0)
    assert w.alliance.alive[0] == 1, "switched off, none breaks"
    p.on_shifting_alliances = 1
    alliances.renegotiate(w, p, 2, 0)
    assert (w.alliance.alive[0], small.events()["alliance broken"]) == (0, 1)
    alliances.ally(w, p, 3, 0, j, HILLS, -1)
    w.organisation.alive[j] = 0
    alliances.renegotiate(w, p, 4, small.tables.alliance["alive"].argmax())
    assert not small.tables.alliance["alive"].any()
    assert small.events()["alliance broken"] == 1, "a partner who is gone broke nothing"


def test_a_shift_of_power_lessens_what_an_alliance_gives(small):
    w, _, j = two(small)
    assert alliances.gain(w, 0, j, HILLS, 0.5, 0.3) == pytest.approx(alliances.gain(w, 0, j, HILLS, 0.5, 0.0) - 0.3)
    assert alliances.gain(w, 0, j, HILLS, 0.9, 0.0) == pytest.approx(alliances.gain(w, 0, j, HILLS, 0.5, 0.0) + 0.4)


# Mergers


def allied_under_threat(small):
    w, p, j = two(small)
    alliances.ally(w, p, 0, 0, j, HILLS, -1)
    w.alliance.trust[0] = 1.0
    w.organisation.lost_to_force[0] = w.organisation.lost_to_force[j] = 400.0
    w.organisation.rhetoric[j] = w.organisation.rhetoric[0]
    p.merger_hazard = 1e6
    return w, p, j


def test_the_smaller_ally_goes_into_the_larger_with_its_treasury_and_its_katibas(small):
    w, p, j = allied_under_threat(small)
    o = w.organisation
    o.treasury[j], money = 5.0, o.treasury[0]
    merger.merge(w, p, 3, 0)
    assert (o.alive[j], o.ended[j], o.ending[j], o.heir[j], o.alive[0]) == (0, 3, codes.BY_ABSORPTION, 0, 1)
    assert (o.treasury[0], o.treasury[j]) == (money + 5.0, 0.0)
    assert w.alliance.alive[0] == 0
    merger.regroup(w, p, 3, CEDAR)
    assert (w.emir.organisation[CEDAR], w.emir.strength[CEDAR], o.strength[0], o.katibas[0]) == (0, 60.0, 400.0, 6)
    assert small.touched(merger.regroup, p, 3, BASALT) == set(), "who stands where he stood stays"


@pytest.mark.parametrize("without", ["mechanism", "threat", "trust"])
def test_no_merger_without_it(small, without):
    w, p, j = allied_under_threat(small)
    if without == "mechanism":
        p.on_merger = 0
    elif without == "threat":
        w.organisation.lost_to_force[0] = w.organisation.lost_to_force[j] = 0.0
    else:
        w.alliance.trust[0] = 0.0
    assert small.touched(merger.merge, p, 3, 0) == set()


def test_a_breakaway_that_fails_comes_back_to_its_parents_heir_and_one_that_grows_does_not(small):
    w, p, j = two(small)
    heir = small.split(DUNE)
    o = w.organisation
    p.return_hazard, p.temptation = 1e6, 0.0
    o.r0[j] = 1.5
    assert small.touched(merger.come_back, p, 3, j) == set()
    o.r0[j], o.alive[0], o.heir[0] = 0.5, 0, heir
    merger.come_back(w, p, 3, j)
    assert (o.alive[j], o.ending[j], o.heir[j]) == (0, codes.BY_RETURN, heir)
    assert small.events() == {"return": 1}


def test_who_pledged_to_a_rival_returns_only_as_its_reach_fades(small):
    w, p, j = two(small)
    p.return_hazard, p.temptation, w.organisation.origin[j], w.clock.rival[0] = 1e6, 0.0, codes.BY_PLEDGE, 1.0
    assert small.touched(merger.come_back, p, 3, j) == set()
    w.clock.rival[0] = 0.0
    merger.come_back(w, p, 3, j)
    assert w.organisation.alive[j] == 0


def test_people_of_a_group_that_left_no_heir_go_home(small):
    w, p, j = two(small)
    w.organisation.alive[j], w.organisation.heir[j] = 0, -1
    armed = small.tables.community["armed"].sum()
    merger.regroup(w, p, 3, CEDAR)
    assert (w.emir.alive[CEDAR], w.emir.strength[CEDAR]) == (0, 0.0)
    assert small.tables.community["armed"].sum() == armed - 60.0


# Brokers


def test_a_deal_brings_the_host_money_and_the_leadership_its_part(small):
    w, p = small.counted(), small.p
    p.deal_rate, w.emir.skims[DUNE] = 1e9, 0.0
    purse, treasury = w.emir.purse[DUNE], w.organisation.treasury[0]
    brokerage.deal(w, p, 0, 0, STEPPE, 0)
    assert w.broker.deals[0] == 1
    assert w.organisation.treasury[0] - treasury == pytest.approx(p.deal_money * p.remittance)
    assert w.emir.purse[DUNE] - purse == pytest.approx(p.deal_money * (1 - p.remittance))
    w.emir.skims[DUNE], treasury = 1.0, w.organisation.treasury[0]
    brokerage.deal(w, p, 1, 0, STEPPE, 0)
    assert w.organisation.treasury[0] == treasury, "who keeps what he owes keeps it"


def test_a_broker_brings_together_who_would_not_meet(small):
    small.split(DUNE)
    w = small.w
    w.emir.region[CEDAR] = STEPPE
    w, p = small.counted(), small.p
    w.organisation.kind[1], w.organisation.rhetoric[1] = codes.REBEL, 1.0
    assert alliances.likeness(w, 0, 1) < 0.5
    p.alliance_hazard, p.choice_slope, p.deal_rate, p.broker_founding = 1e6, 0.0, 0.0, 0.0
    assert small.touched(alliances.meet, p, 0, STEPPE) == set()
    brokerage.broker(w, p, 0, 0)
    assert small.events() == {"alliance made": 1}
    assert w.alliance.broker[0] == 0


def test_a_broker_founds_once_where_people_are_aggrieved_and_no_longer_than_brokers_are_about(small):
    w, p = small.counted(), small.p
    p.deal_rate, p.broker_founding, p.broker_following = 0.0, 1e6, 100.0
    w.community.room[4] = 1.0
    p.on_brokerage = 0
    assert small.touched(brokerage.broker, p, 0, 0) == set()
    p.on_brokerage = 1
    free = w.community.people[4] - w.community.armed[4]
    brokerage.broker(w, p, 0, 0)
    brokerage.broker(w, p, 1, 0)
    assert small.events() == {"broker-founded group": 1}
    g = w.broker.group[0]
    o = w.organisation
    assert (o.origin[g], o.parent[g], o.lineage[g], o.kind[g], o.katibas[g], o.katibas[0]) == (
        codes.BY_BROKER,
        -1,
        o.identity[g],
        codes.JIHADIST,
        1,
        6,
    )
    assert o.strength[g] == free - (w.community.people[4] - w.community.armed[4]) > 0
    assert o.strength[0] == 400.0, "he takes nobody from the group that is there"


# Brands


def test_a_jihadist_group_in_crisis_joins_and_its_line_moves(small):
    w, p = small.counted(), small.p
    o = w.organisation
    p.joining_hazard, w.clock.cause[0], o.rhetoric[0], o.morale[0], aims = 1e9, 1.0, 0.5, 0.0, o.aims[0]
    rebranding.consider(w, p, 7, 0)
    assert (o.brand[0], w.measure.brand_joined[0]) == (codes.GLOBAL, 7.0)
    assert o.rhetoric[0] == pytest.approx(0.5 + 2 * p.means_step)
    assert o.aims[0] >= aims
    assert small.touched(rebranding.consider, p, 8, 0) == set(), "once"


@pytest.mark.parametrize("why_not", ["off", "rebel", "vacant", "no crisis", "nothing sent", "too local"])
def test_who_joins_no_brand(small, why_not):
    w, p = small.counted(), small.p
    o = w.organisation
    p.joining_hazard, w.clock.cause[0], o.rhetoric[0], o.morale[0] = 1e9, 1.0, 0.5, 0.0
    if why_not == "off":
        p.on_rebranding = 0
    elif why_not == "rebel":
        o.kind[0] = codes.REBEL
    elif why_not == "vacant":
        o.vacant[0] = 1
    elif why_not == "no crisis":
        o.morale[0], o.hardship[0] = 1.0, 0.0
    elif why_not == "nothing sent":
        w.clock.cause[0] = 0.0
    else:
        o.rhetoric[0] = -1.0
    assert small.touched(rebranding.consider, p, 8, 0) == set()


# Endings


def offered(small):
    """An elite that looks, and would save much by sharing little; a leadership that asks for nothing more."""
    w, p = small.counted(), small.p
    p.look_rate, p.trust_floor, p.offer_weight = 1.0, 1.0, 1000.0
    w.organisation.toll[0], w.organisation.aims[0] = 1e6, 0.0
    return w, p


def test_an_offer_that_asks_little_of_a_closed_field_is_taken(small):
    w, p = offered(small)
    endings.negotiate(w, p, 4, 0)
    o = w.organisation
    assert (o.alive[0], o.ended[0], o.ending[0], w.elite.offers[0]) == (0, 4, codes.BY_POLITICS, 1)
    assert small.events() == {"offer": 1, "ending": 1}


@pytest.mark.parametrize("why_not", ["off", "nobody killed", "nobody trusted", "wide aims", "vacant"])
def test_no_settlement(small, why_not):
    w, p = offered(small)
    if why_not == "off":
        p.on_endings = 0
    elif why_not == "nobody killed":
        w.organisation.toll[0] = 0.0
    elif why_not == "nobody trusted":
        p.trust_floor, w.region.bridge[HILLS] = 0.0, 0.0
    elif why_not == "wide aims":
        w.organisation.aims[0] = 1.0
    else:
        w.organisation.vacant[0] = 1
    for t in range(20):
        endings.negotiate(w, p, t, 0)
    assert w.organisation.alive[0] == 1
    assert ("offer" in small.events()) == (why_not in ("wide aims", "vacant"))


@pytest.mark.parametrize(
    ("column", "how"),
    [
        ("force", codes.BY_FORCE),
        ("exit", codes.BY_SPLINTERING),
        ("amnesty", codes.BY_AMNESTY),
        ("rivals", codes.BY_INFIGHTING),
        ("attrition", codes.BY_INACTIVITY),
    ],
)
def test_a_group_without_people_ended_by_what_cost_it_most(small, column, how):
    w, p = small.counted(), small.p
    o = w.organisation
    for name in ("force", "exit", "amnesty", "rivals", "attrition"):
        getattr(o, f"lost_to_{name}")[0] = 9.0 if name == column else 5.0
    assert small.touched(endings.judge, p, 2, 0) == set(), "it has people"
    o.katibas[0] = 0
    endings.judge(w, p, 2, 0)
    assert (o.alive[0], o.ending[0], o.ended[0]) == (0, how, 2)


def test_the_two_strongest_groups_of_a_region_are_counted_whatever_the_order(small):
    small.split(CEDAR)
    small.split(DUNE)
    w = small.w
    w.emir.region[DUNE] = w.emir.region[FLINT] = HILLS
    w = small.counted()
    assert (w.region.first_group[HILLS], w.region.first_emir[HILLS]) == (0, BASALT)
    assert (w.region.second_group[HILLS], w.region.second_emir[HILLS]) == (2, DUNE), "not the sister who comes after, not the weaker who came before"
    assert w.region.strength[HILLS] == 90 + 60 + 70 + 80
    census.befriend(w, 0, 2)
    assert (w.organisation.allies[0], w.organisation.ally_1[0]) == (1, 2)


def test_a_group_that_nobody_is_left_of_neither_settles_nor_returns(small):
    w, p = offered(small)
    w.organisation.katibas[0] = 0
    assert small.touched(endings.negotiate, p, 4, 0) == set()


def test_a_broker_without_a_following_founds_nothing(small):
    w, p = small.counted(), small.p
    p.deal_rate, p.broker_founding, p.outsiders = 0.0, 1e6, 0.0
    w.community.room[4] = 0.0
    brokerage.broker(w, p, 0, 0)
    assert small.events() == {}


def test_a_brokers_group_inherits_no_posture_of_a_group_it_never_was_part_of(small):
    w, p = small.counted(), small.p
    p.deal_rate, p.broker_founding, p.broker_following = 0.0, 1e6, 100.0
    w.community.room[4] = 1.0
    o = w.organisation
    means = "posture", "posture_told", "centralisation", "control", "patience"
    for name in means:
        getattr(o, name)[0] = 0.9
    brokerage.broker(w, p, 0, 0)
    assert [getattr(o, name)[w.broker.group[0]] for name in means] == [0.5] * len(means)


def test_a_brokers_group_inherits_no_routines_of_a_group_it_never_was_part_of(small):
    w, p = small.counted(), small.p
    p.deal_rate, p.broker_founding, p.broker_following = 0.0, 1e6, 100.0
    w.community.room[4], w.organisation.institutions[0] = 1.0, 1.0
    brokerage.broker(w, p, 0, 0)
    assert w.organisation.institutions[w.broker.group[0]] == 0.0
