"""Recruits, people who go home, handfuls that disperse; support, silence, haven and norms, from which they come."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules import haven, legitimacy, norms, recruitment
from sim.rules.embedding import bind, strength_of
from sim.rules.forms import logistic
from sim.world.layout import TIES_PER_EMIR

BASALT, CEDAR, DESERT = 1, 2, 3


def recruits(small, i=BASALT, months=40):
    """Recruits of katiba i in so many first months, each drawn for itself."""
    small.p.recruitable, small.p.recruitment, small.p.outsiders = 30.0, 10.0, 0.0
    w, p = small.counted(), small.p
    came = []
    before = small.tables.measure["recruits"][0]
    for t in range(months):
        recruitment.recruit(w, p, t, i)
        came.append(small.tables.measure["recruits"][0] - before)
        before = small.tables.measure["recruits"][0]
        small.people(i, {3: 90.0})
        w.tie.lesser_evil[i * 6], w.tie.pragmatic[i * 6] = 0.5, 0.5
        bind(w, p, i * 6)
    return came


@pytest.mark.parametrize(
    ("table", "column", "row", "less"),
    [("community", "grievance", 3, 0.1), ("community", "weariness", 3, 0.9), ("region", "reach", 1, 1.0), ("organisation", "institutions", 0, 0.0)],
)
def test_recruits_come_by_grievance_absence_rest_and_routines(world_of, table, column, row, less):
    """With the same draws, never more in any month where one of them is worse, and fewer in all."""
    one, other = world_of(), world_of()
    getattr(other.tables, table)[column][row] = less
    if column == "reach":
        other.tables.region["capture"][row] = 0.0
    more, fewer = recruits(one), recruits(other)
    assert all(a >= b for a, b in zip(more, fewer, strict=True))
    assert sum(more) > sum(fewer)


def test_no_room_no_recruits_but_outsiders_come_all_the_same(small):
    w, p = small.counted(), small.p
    w.community.room[3] = 0.0
    p.outsiders = 10.0
    assert "tie.fighters" not in small.touched(recruitment.recruit, p, 0, BASALT)
    assert small.tables.emir["outsiders"][BASALT] > 0
    assert small.tables.emir["r0"][BASALT] > 0, "the reproduction number is that of an untouched pool"


def towards(small, means, outsiders, i=BASALT):
    """Let katiba i, in months in which all else is as it is, be one to which communities 2 and 3 send so many, and so many come from afar."""
    w, p = small.w, small.p
    p.on_institutions = p.on_embedding = 1
    p.cause_recruits, p.recruitment, p.stranger_reach, p.ties_recruit = 0.0, 1.0, 1.0, 1.0
    p.outsiders = outsiders / 90.0
    small.people(i, {2: 45.0, 3: 45.0})
    for j, mean in zip((i * TIES_PER_EMIR, i * TIES_PER_EMIR + 1), means, strict=True):
        m = w.tie.community[j]
        w.tie.lesser_evil[j], w.tie.harm[j], w.community.room[m], w.community.weariness[m] = 1.0, 0.0, 1.0, 0.0
        drawn = 90.0 * w.region.absence[1] * recruitment.office(p, w.organisation.institutions[0]) * recruitment.pull(w, p, j, 1)
        w.community.room[m] = mean / drawn


def test_recruits_are_one_count_and_come_in_proportion(small):
    """How many come in a month is Poisson in the sum of the means; over many months each place sends its part, and everybody is counted."""
    w, p = small.counted(), small.p
    months, told = 1500, []
    for t in range(months):
        towards(small, (2.0, 1.0), 3.0)
        armed, beyond = small.tables.community["armed"].copy(), small.tables.measure["outsiders"][0]
        recruitment.recruit(w, p, t, BASALT)
        came = small.tables.community["armed"] - armed
        told.append((came[2], came[3], small.tables.measure["outsiders"][0] - beyond))
        assert came.sum() == came[2] + came[3], "nobody comes from where nobody is asked"
        assert small.tables.emir["strength"][BASALT] == 90.0 + sum(told[-1]), "whoever comes is counted"
        assert small.tables.emir["outsiders"][BASALT] == told[-1][2]
        assert all(x >= 0 and x == int(x) for x in told[-1])
    told = np.array(told)
    total = told.sum(axis=1)
    assert total.mean() == pytest.approx(6.0, abs=4 * np.sqrt(6.0 / months))
    assert total.var() == pytest.approx(6.0, rel=0.2), "one Poisson count"
    assert told.mean(axis=0) == pytest.approx([2.0, 1.0, 3.0], abs=4 * np.sqrt(3.0 / months))
    off = np.abs(told - total[:, None] * np.array([2.0, 1.0, 3.0]) / 6.0)
    assert off.max() < 1.0 + 1e-9, "of a month's recruits nobody's part is off by one"


def test_nobody_is_asked_where_nobody_lives_any_more(small):
    """A community that has nobody left sends nobody, and its part does not come from elsewhere."""
    w, p = small.counted(), small.p
    towards(small, (30.0, 0.0), 0.0)
    c = small.tables.community
    c["people"][2] = c["armed"][2] + c["jailed"][2] + c["dead"][2] + 2.0
    recruitment.recruit(w, p, 0, BASALT)
    assert small.tables.emir["strength"][BASALT] == 92.0
    assert small.tables.emir["outsiders"][BASALT] == 0.0


def test_who_lies_low_is_joined_by_fewer_from_afar_too(world_of):
    came = {}
    for dormant in (0, 1):
        small = world_of()
        w, p = small.counted(), small.p
        p.recruitment, p.outsiders, w.emir.dormant[BASALT] = 0.0, 0.1, dormant
        for t in range(60):
            small.people(BASALT, {3: 90.0})
            recruitment.recruit(w, p, t, BASALT)
        came[dormant] = small.tables.measure["recruits"][0]
    assert came[0] > 300
    assert came[1] == 0


def test_a_community_elsewhere_sends_nobody(small):
    w, p = small.counted(), small.p
    p.outsiders = 0.0
    w.emir.region[BASALT] = DESERT
    assert "emir.strength" not in small.touched(recruitment.recruit, p, 0, BASALT)
    assert small.tables.emir["r0"][BASALT] == 0.0


def test_routines_that_hold_everybody_let_nobody_go(small):
    w, p = small.counted(), small.p
    p.office_hold = w.organisation.institutions[0] = 1.0
    p.home_rate = 0.5
    assert small.touched(recruitment.wear, p, 0, BASALT) == set()
    p.office_hold = 0.0
    recruitment.wear(w, p, 0, BASALT)
    assert small.tables.organisation["lost_to_attrition"][0] == 90.0 - small.tables.emir["strength"][BASALT] > 0


def test_an_open_door_hardens_those_who_stay(small):
    w, p = small.counted(), small.p
    w.elite.amnesty[0] = 1.0
    p.home_rate, p.amnesty_rate = 0.0, 0.5
    w.emir.information[BASALT], w.emir.hardship[BASALT] = -1.0, 1.0
    belief, bond = w.emir.belief[BASALT], w.emir.loyalty[BASALT]
    recruitment.wear(w, p, 0, BASALT)
    assert small.tables.organisation["lost_to_amnesty"][0] == 90.0 - small.tables.emir["strength"][BASALT] > 0
    assert w.emir.belief[BASALT] > belief
    assert w.emir.loyalty[BASALT] > bond
    p.on_exit_voice_loyalty = 0
    assert small.touched(recruitment.wear, p, 1, BASALT) == set()


def test_only_handfuls_disperse_and_the_empty_are_gone(small):
    w, p = small.counted(), small.p
    small.people(BASALT, {3: 15.0})
    assert p.dispersal * recruitment.CERTAIN <= 15.0
    assert small.touched(recruitment.fold, p, 0, BASALT) == set()
    small.people(BASALT, {3: 0.0})
    recruitment.fold(w, p, 0, BASALT)
    assert (w.emir.alive[BASALT], w.organisation.katibas[0]) == (0, 5)
    assert small.events() == {"katiba lost": 1}


def test_a_handful_that_has_a_sister_nearby_joins_her(small):
    w, p = small.counted(), small.p
    p.dispersal = 5.0
    small.people(CEDAR, {2: 1.0})
    for t in range(40):
        recruitment.fold(w, p, t, CEDAR)
        if not w.emir.alive[CEDAR]:
            break
    assert w.emir.alive[CEDAR] == 0
    assert w.emir.strength[BASALT] == 91.0
    assert w.organisation.lost_to_attrition[0] == 0.0


# Support, silence, haven


def test_harm_takes_from_a_view_what_it_weighs(small):
    y, p = small.w.tie, small.p
    y.fear[6], y.money[6], y.lesser_evil[6], y.conviction[6] = 0.2, 0.4, 0.6, 0.8
    support = 0.2 * p.fear_weight + 0.4 * p.money_weight + 0.6 * p.lesser_evil_weight + 0.8 * p.conviction_weight
    for harm in (0.0, 0.25, 1.0):
        y.harm[6] = harm
        assert legitimacy.view(p, y, 6) == pytest.approx(support * (1.0 - harm))


def test_each_channel_fades_at_its_own_rate_and_one_store_at_the_mean(small):
    w, p = small.counted(), small.p
    w.emir.region[BASALT] = DESERT  # nobody of his is there: nothing is gained
    y = w.tie
    names = ("fear", "money", "lesser_evil", "conviction")
    for name in names:
        getattr(y, name)[6] = 0.8
    legitimacy.earn(w, p, 0, BASALT)
    for name in names:
        assert getattr(y, name)[6] == pytest.approx(0.8 * (1.0 - getattr(p, f"{name}_fade")))
        getattr(y, name)[6] = 0.8
    p.on_legitimacy_channels = 0
    legitimacy.earn(w, p, 0, BASALT)
    fade = sum(getattr(p, f"{name}_fade") for name in names) / 4
    assert [getattr(y, name)[6] for name in names] == pytest.approx([0.8 * (1.0 - fade)] * 4)


def test_kin_keep_silent_the_weary_do_not_and_without_a_social_haven_all_do_alike(small):
    w, p = small.counted(), small.p
    tips = {}
    for name, tie, weary in (("stranger", 0.0, 0.0), ("kin", 1.0, 0.0), ("weary kin", 1.0, 1.0)):
        w.tie.matrimonial[6], w.tie.pragmatic[6], w.community.weariness[3] = tie, tie, weary
        bind(w, p, 6)
        for on in (1, 0):
            p.on_social_haven = on
            legitimacy.earn(w, p, 0, BASALT)
            tips[name, on] = w.emir.tips[BASALT]
    assert tips["kin", 1] < tips["stranger", 1]
    assert tips["weary kin", 1] > tips["kin", 1]
    assert tips["kin", 0] == tips["stranger", 0] == tips["weary kin", 0]


def test_haven_is_what_tips_and_terrain_leave_unseen(small):
    w, p = small.counted(), small.p
    w.emir.tips[BASALT], w.emir.tips[CEDAR] = 0.5, 0.25
    for i in (BASALT, CEDAR):
        haven.measure(w, p, 0, i)
    shown = 1.0 - p.terrain_cover * w.region.remoteness[1]
    assert w.emir.haven[BASALT] == pytest.approx(1.0 - shown * 0.5)
    haven.index(w, p, 0, 1)
    assert w.region.haven[1] == w.emir.haven[CEDAR], "the region's is that of whoever is hidden best"
    w.region.first_group[1] = -1
    haven.index(w, p, 0, 1)
    assert w.region.haven[1] == pytest.approx(1.0 - shown * (p.tips_floor + (1.0 - p.tips_floor) * w.region.informers[1])), "a stranger's"


def test_norms_stay_where_nothing_pushes_and_move_with_notables(small):
    w, p = small.counted(), small.p
    r, c = w.region, w.community
    r.norms[3], r.notables[3], r.ties[3] = c.norm[6], 0.0, 0.0
    before = c.norm[6]
    norms.shift(w, p, 0, 6)
    assert c.norm[6] == pytest.approx(before, abs=1e-15)
    r.notables[3] = 1.0
    norms.shift(w, p, 0, 6)
    assert c.norm[6] == pytest.approx(before + p.society_rate * 0.5 * (1.0 - before))
    p.on_norm_change = 0
    assert small.touched(norms.shift, p, 0, 6) == set()


def test_a_tie_is_made_of_three_strands(small):
    p = small.p
    assert strength_of(p, 0.0, 0.0, 0.0) == 0.0
    assert strength_of(p, 1.0, 0.0, 0.0) == pytest.approx(p.matrimonial_weight)
    assert strength_of(p, 1.0, 1.0, 1.0) <= 1.0
    assert logistic(0.0) == 0.5
