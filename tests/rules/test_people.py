"""People: whole persons, from a community and back to it; forms that all rules share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import forms, people
from sim.rules.forms import befalls, chance, count, happens, logistic, part, positive, remainder, risk, share, toward, whole, yields
from sim.world.draws import poisson_quantile
from sim.world.layout import TIES_PER_EMIR


@pytest.mark.parametrize(("fate", "column"), [(people.HOME, None), (people.JAILED, "jailed"), (people.DEAD, "dead")])
def test_whoever_is_taken_meets_one_fate(small, fate, column):
    small.people(0, {0: 20.0, 1: 10.0}, outsiders=5.0)
    before = {name: small.tables.community[name].sum() for name in ("armed", "jailed", "dead")}
    wanted = {"emir.strength", "emir.outsiders", "measure.outsiders", "tie.fighters", "community.armed"} | (
        {f"community.{column}"} if column else set()
    )
    assert small.touched(people.take, 0, 0, 21.0, people.KILLED, fate) == wanted
    left = small.tables.emir["outsiders"][0]
    ours = 21.0 - (5.0 - left)
    assert small.tables.emir["strength"][0] == 14.0
    assert small.tables.community["armed"].sum() == before["armed"] - ours
    for name in ("jailed", "dead"):
        assert small.tables.community[name].sum() == before[name] + (ours if name == column else 0.0)


@given(st.lists(st.integers(0, 40), min_size=TIES_PER_EMIR, max_size=TIES_PER_EMIR), st.integers(0, 40), st.floats(0, 1), st.integers(0, 13))
def test_they_are_taken_in_proportion(world_of, fighters, outsiders, of_them, occasion):
    small = world_of()
    small.people(0, {m: float(n) for m, n in enumerate(fighters)}, float(outsiders))
    s = small.tables.emir["strength"][0]
    n = float(math.floor(of_them * s))
    assert people.take(small.w, 3, 0, n, occasion, people.HOME) == n
    left = [*small.tables.tie["fighters"][:TIES_PER_EMIR], small.tables.emir["outsiders"][0]]
    for had, has in zip([*fighters, outsiders], left, strict=True):
        assert has == int(has)
        assert 0 <= has <= had
        assert abs((had - has) - part(n * had, s)) < 1.0 + 1e-9, "systematic sampling: within one of the share"
    assert small.tables.emir["strength"][0] == s - n == sum(left)


def test_nobody_is_taken_where_nobody_is(small):
    small.people(0, {})
    assert small.touched(people.take, 0, 0, 3.0, people.KILLED, people.DEAD) == set()


def test_nobody_joins_who_does_not_exist(small):
    c = small.tables.community
    small.people(0, {6: 4.0})
    c["jailed"][6], c["dead"][6] = 7.0, 5.0
    c["people"][6] = c["armed"][6] + 7.0 + 5.0 + 3.0
    assert people.join_up(small.w, 0, 0, 10.0) == 3.0
    assert people.free(small.w.community, 6) == 0.0
    assert small.touched(people.join_up, 0, 0, 1.0) == set()


def test_people_handed_over_are_the_same_people(small):
    small.people(0, {0: 20.0, 1: 10.0}, 6.0)
    small.people(3, {4: 5.0}, 0.0)
    before = [small.tables.community[name].copy() for name in ("armed", "jailed", "dead")]
    people.hand_over(small.w, 0, 0, 3, 36.0, people.SENT)
    assert small.tables.emir["strength"][0] == 0.0
    assert small.tables.emir["strength"][3] == 41.0
    assert small.tables.emir["outsiders"][3] == 6.0
    assert dict(zip(small.tables.tie["community"][18:21].tolist(), small.tables.tie["fighters"][18:21].tolist(), strict=True)) == {
        4: 5.0,
        0: 20.0,
        1: 10.0,
    }
    for was, name in zip(before, ("armed", "jailed", "dead"), strict=True):
        np.testing.assert_array_equal(small.tables.community[name], was)


def test_whoever_finds_no_place_goes_home(small):
    small.people(0, {6: 7.0})
    small.people(3, {m: 1.0 for m in range(TIES_PER_EMIR)})
    armed = small.tables.community["armed"][6]
    people.hand_over(small.w, 0, 0, 3, 7.0, people.SENT)
    assert small.tables.emir["strength"][[0, 3]].tolist() == [0.0, 6.0]
    assert small.tables.community["armed"][6] == armed - 7.0


def test_the_jailed_come_out_in_time_and_no_more_than_there_are(small):
    small.tables.community["jailed"][2] = 4.0
    small.p.release_rate = 0.0
    assert small.touched(people.release, small.p, 0, 2) == set()
    small.p.release_rate = 1000.0
    assert small.touched(people.release, small.p, 0, 2) == {"community.jailed"}
    assert small.tables.community["jailed"][2] == 0.0


def test_a_group_that_enters_takes_up_arms_as_far_as_there_are_people(small):
    c = small.tables.community
    small.people(0, {0: 9.0, 1: 4.0}, 2.0)
    c["armed"][[0, 1]] -= [9.0, 4.0]
    c["people"][1] = c["armed"][1] + 1.0
    outsiders, armed = small.tables.measure["outsiders"][0], c["armed"].copy()
    assert people.muster(small.w, 0) == 12.0 == small.tables.emir["strength"][0]
    assert (c["armed"] - armed)[:2].tolist() == [9.0, 1.0]
    assert small.tables.measure["outsiders"][0] == outsiders + 2.0


@given(st.floats(-1e6, 1e6), st.floats(0, 1, exclude_max=True))
def test_forms(x, u):
    assert 0.0 <= share(x) <= 1.0
    assert positive(x) == max(x, 0.0)
    assert 0.0 <= logistic(x) <= 1.0
    assert logistic(-x) == pytest.approx(1.0 - logistic(x))
    assert 0.0 <= risk(x) <= 1.0
    assert risk(0.0) == risk(-abs(x)) == 0.0
    assert part(x, 0.0) == 0.0
    assert toward(x, 2.0, 1.0) == pytest.approx(2.0, abs=1e-9)
    assert toward(x, 2.0, 0.0) == x
    assert whole(x, u) in (math.floor(x), math.floor(x) + 1)


UNIFORM = st.floats(0, 1, exclude_min=True, exclude_max=True)


@given(UNIFORM, st.one_of(st.floats(-100, 100), st.floats(-1e-3, 1e-3), st.sampled_from([0.0, -0.0, forms.FLAT, -forms.FLAT])))
def test_a_choice_is_the_one_its_chance_gives(u, x):
    """Told without an exponential or with one, the answer is the same."""
    assert yields(u, x) == (u < logistic(x))


@given(st.floats(-45, 45), st.floats(-1e-9, 1e-9))
def test_a_choice_turns_where_its_chance_is(x, off):
    u = min(max(logistic(x) + off, 1e-300), 1.0 - 1e-16)
    assert yields(u, x) == (u < logistic(x))


@given(UNIFORM, st.lists(st.floats(0.01, 0.99), min_size=1, max_size=4))
def test_what_is_left_of_a_uniform_answers_as_nested_intervals_would(u, chances):
    """One uniform asked several yes-or-no questions in turn lies in the interval that has the answers' chances as its length."""
    low, high, v = 0.0, 1.0, u
    for x in chances:
        cut = low + x * (high - low)
        if abs(u - cut) < 1e-9:
            return  # on the edge, to the last digits: either answer is right
        happened = v < x
        assert happened == (u < cut)
        low, high = (low, cut) if happened else (cut, high)
        v = remainder(v, x, happened)
        assert 0.0 <= v <= 1.0
        assert v == pytest.approx((u - low) / (high - low), abs=1e-6)


@pytest.mark.parametrize("x", [0.0, 1.0])
def test_nothing_is_divided_by_a_chance_that_is_none(x):
    assert remainder(0.3, x, x > 0.3) == 0.3


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_two_answers_of_one_draw_are_independent(a, b):
    u = (np.arange(4000) + 0.5) / 4000
    first = u < a
    second = np.array([remainder(v, a, v < a) for v in u]) < b
    assert first.mean() == pytest.approx(a, abs=1e-3)
    assert second.mean() == pytest.approx(b, abs=1e-3)
    assert (first & second).mean() == pytest.approx(a * b, abs=1e-3)


@given(UNIFORM, st.one_of(st.floats(0, 3, exclude_min=True), st.floats(0, 60, exclude_min=True), st.floats(1e-9, 1e-3)))
def test_a_count_is_the_quantile_of_its_mean(u, mean):
    """Most noughts are told without an exponential: never one too many, nor one too few where the chance of none ends."""
    none = math.exp(-mean)
    with pytest.MonkeyPatch.context() as patch:
        for v in (u, none + 1e-6 * (1.0 - none), none * (1.0 - 1e-6), u * none):
            v = min(max(v, 1e-12), 1.0 - 1e-12)  # As drawn: neither end.
            patch.setattr(forms, "chance", lambda *address, v=v: v)
            assert count(None, 0, 5, 40, 0, mean) == poisson_quantile(v, mean)


def test_what_has_no_hazard_is_not_drawn_and_what_has_one_happens_at_it(small):
    w = small.w
    assert not happens(w, 0, 5, 40, 0, 0.0)
    assert not happens(w, 0, 5, 40, 0, -1.0)
    for t in range(200):
        assert happens(w, t, 5, 40, 0, 0.4) == befalls(chance(w, t, 5, 40, 0), 0.4) == (chance(w, t, 5, 40, 0) < risk(0.4))


def test_counts_have_their_mean(small):
    draws = np.array([count(small.w, t, 5, 40, 0, 2.5) for t in range(4000)])
    assert draws.mean() == pytest.approx(2.5, abs=4 * np.sqrt(2.5 / 4000))
    assert draws.var() == pytest.approx(2.5, rel=0.1)
    assert count(small.w, 0, 5, 40, 0, 0.0) == 0.0
