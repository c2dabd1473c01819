"""Ties: who asks, who accepts, what grows and what fades."""

from __future__ import annotations

import pytest

from sim.rules import embedding
from sim.world.layout import TIES_PER_EMIR

BASALT = 1


def test_an_emir_of_the_cause_builds_nothing_and_what_he_has_fades(small):
    w, p = small.counted(), small.p
    w.emir.agenda[BASALT] = -1.0
    bond = w.tie.matrimonial[6], w.tie.pragmatic[6]
    embedding.invest(w, p, 0, BASALT)
    assert (w.tie.matrimonial[6], w.tie.pragmatic[6]) == pytest.approx((bond[0], bond[1] * (1 - p.pragmatic_fade)))


def test_effort_builds_and_trade_needs_a_route(small):
    w, p = small.counted(), small.p
    w.emir.agenda[BASALT] = 1.0
    w.tie.economic[6] = 0.0
    w.region.route_value[1] = 0.0
    bond = w.tie.matrimonial[6]
    embedding.invest(w, p, 0, BASALT)
    assert w.tie.matrimonial[6] > bond
    assert w.tie.economic[6] == 0.0
    w.region.route_value[1] = 0.5
    embedding.invest(w, p, 0, BASALT)
    assert w.tie.economic[6] > 0.0
    strands = w.tie.matrimonial[6], w.tie.pragmatic[6], w.tie.economic[6]
    assert w.tie.bond[6] == embedding.strength_of(p, *strands), "and the tie is taken together anew"


def test_ties_elsewhere_only_fade_and_do_not_embed(small):
    w, p = small.counted(), small.p
    w.emir.region[BASALT] = 3
    bond = w.tie.pragmatic[6]
    embedding.invest(w, p, 0, BASALT)
    assert w.tie.pragmatic[6] == pytest.approx(bond * (1 - p.pragmatic_fade))
    assert w.emir.ties[BASALT] == 0.0


def test_without_embedding_people_may_meet_and_nothing_binds_them(small):
    w, p = small.counted(), small.p
    p.on_embedding, p.approach_rate, p.welcome_slope = 0, 1.0, 0.0
    w.emir.ties[BASALT] = 0.5
    for t in range(20):
        assert small.touched(embedding.approach, p, t, BASALT) <= {"tie.community", "emir.places"}
    assert [w.tie.pragmatic[j] for j in range(6, 12)] == [0.5, 0.0, 0.0, 0.0, 0.0, 0.0], "what he had, and nothing more"
    assert small.touched(embedding.invest, p, 0, BASALT) == {"emir.ties"}
    assert w.emir.ties[BASALT] == 0.0


@pytest.mark.parametrize(("column", "worse"), [("neglect", 0.0), ("grievance", 0.0), ("trust", 1.0), ("harm_groups", 1.0), ("weariness", 1.0)])
def test_whoever_is_left_aside_accepts_and_whoever_was_hurt_does_not(small, column, worse):
    c, p = small.w.community, small.p
    welcome = embedding.welcome(p, c, 4)
    getattr(c, column)[4] = worse
    assert embedding.welcome(p, c, 4) < welcome
    p.on_cleavage_exploitation = 0
    assert embedding.welcome(p, c, 4) == embedding.welcome(p, c, 0) == 0.5


def test_a_first_tie_is_told_once(small):
    w, p = small.counted(), small.p
    p.approach_rate, p.welcome_slope = 1.0, 0.0
    for t in range(60):
        embedding.approach(w, p, t, BASALT)
    assert {w.tie.community[j] for j in range(6, 12)} == {-1, 2, 3}, "one of each community of his region"
    small.people(BASALT, {3: 90.0})
    for t in range(60):
        embedding.approach(w, p, t, BASALT)
    assert small.events().get("community reached", 0) == 0, "both stood at the start"


def test_a_full_katiba_gives_up_its_weakest_tie_that_nobody_comes_from(small):
    w, p = small.counted(), small.p
    small.people(BASALT, {m: 1.0 for m in (0, 1, 4, 5, 6, 3)})
    assert embedding.weakest(w, p, BASALT) == -1
    for j, strand in ((7, 0.5), (8, 0.2), (9, 0.3)):
        w.tie.fighters[j], w.tie.matrimonial[j] = 0.0, strand
        embedding.bind(w, p, j)
    assert embedding.weakest(w, p, BASALT) == -1, "none is weaker than what he would get for it"
    for j, strand in ((7, 0.05), (8, 0.01), (9, 0.03)):
        w.tie.matrimonial[j] = strand
        embedding.bind(w, p, j)
    assert embedding.weakest(w, p, BASALT) == 8
    p.approach_rate, p.welcome_slope = 1.0, 0.0
    for t in range(60):
        embedding.approach(w, p, t, BASALT)
    assert sorted(w.tie.community[j] for j in range(6, 12)) == [0, 1, 2, 3, 5, 6], "the people keep their places, the weakest (4) went"
    assert w.tie.matrimonial[8] == 0.0


def test_a_wiped_place_remembers_nothing(small):
    base = 5 * TIES_PER_EMIR
    embedding.wipe(small.w, base)
    row = small.tables.tie[base]
    assert row["community"] == -1
    assert [row[name] for name in row.dtype.names if name != "community"] == [0.0] * (len(row.dtype.names) - 1)
