"""Recruits, people who go home, handfuls that disperse; support, silence, haven and norms, from which they come."""

from __future__ import annotations

import pytest

from sim.rules import haven, legitimacy, norms, recruitment
from sim.rules.embedding import strength_of
from sim.rules.forms import logistic

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


def test_without_endings_the_last_katiba_never_empties(small):
    w, p = small.counted(), small.p
    p.on_endings, w.organisation.katibas[0] = 0, 1
    small.people(BASALT, {3: 0.0})
    recruitment.fold(w, p, 0, BASALT)
    assert (w.emir.alive[BASALT], w.emir.strength[BASALT], w.emir.outsiders[BASALT]) == (1, 1.0, 1.0)


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
        for on in (1, 0):
            p.on_social_haven = on
            legitimacy.earn(w, p, 0, BASALT)
            tips[name, on] = w.emir.tips[BASALT]
    assert tips["kin", 1] < tips["stranger", 1]
    assert tips["weary kin", 1] > tips["kin", 1]
    assert tips["kin", 0] == tips["stranger", 0] == tips["weary kin", 0]


def test_socialisation_grows_by_conviction_and_wears_off(small):
    w, p = small.counted(), small.p
    before = w.community.socialisation[3]
    assert small.touched(legitimacy.forget, p, 0, 3) == {"community.socialisation"}
    assert w.community.socialisation[3] == before * (1.0 - p.socialisation_fade)


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
    assert c.norm[6] == pytest.approx(before + p.norm_rate * 0.5 * (1.0 - before))
    p.on_norm_change = 0
    assert small.touched(norms.shift, p, 0, 6) == set()


def test_a_tie_is_made_of_three_strands(small):
    p = small.p
    assert strength_of(p, 0.0, 0.0, 0.0) == 0.0
    assert strength_of(p, 1.0, 0.0, 0.0) == pytest.approx(p.matrimonial_weight)
    assert strength_of(p, 1.0, 1.0, 1.0) <= 1.0
    assert logistic(0.0) == 0.5
