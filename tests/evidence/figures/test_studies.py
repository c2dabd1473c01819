"""The studies behind the figures: what must hold whatever the numbers are. Nothing done changes nothing; parts add up; threads decide nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from sim import engine
from sim.evidence.figures import backfire, causes, channels, contingency, decapitation, embedding, extinction
from sim.evidence.figures.catalogue import STUDIES
from sim.evidence.figures.study import Ask, mapped
from sim.evidence.life_courses import Population
from sim.scenario.load import load_scenario
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import Capacity, build, parameters
from sim.world.layout import CAUSES
from sim.world.world import copy, same_bits

SMALL = "dilemma-101"
ASK = Ask(4, seed=3)


def _ordered(table: pd.DataFrame) -> None:
    """An interval holds its estimate."""
    told = table.dropna(subset=["value", "low", "high"])
    assert len(told)
    assert (told["low"] <= told["value"] + 1e-9).all()
    assert (told["value"] <= told["high"] + 1e-9).all()


def test_an_event_of_magnitude_nothing_turns_no_fate(tmp_path):
    silent = load_scenario(SMALL).model_dump(mode="json", exclude_none=True)
    silent["timeline"][0]["magnitude"] = 0.0
    file = tmp_path / "silent.yaml"
    file.write_text(json.dumps(silent), encoding="utf-8")
    table = contingency.contingency(replace(ASK, size=12), str(file))
    turned = table[table["what"].isin(["removed", "moved", "difference"])]
    assert len(turned) == 3 * len(contingency.FATES)
    assert (turned["value"] == 0.0).all()


def test_an_event_that_kills_a_leader_is_removed_and_moved():
    scenario = load_scenario(SMALL)
    p = parameters(scenario)
    differ = 0
    for replicate in range(6):
        start = build(scenario, 3, replicate)
        month = int(start.timeline["month"][0])
        worlds = {arm: contingency.changed(start, arm, 0) for arm in ("whole", "removed", "moved")}
        assert same_bits(start, worlds["whole"]) == []
        for world in worlds.values():
            engine.advance(world, p, 0, month + 1)
        # A month after the date the moved event is still to come; the whole world differs where there was a leader to lose.
        assert worlds["moved"].organisation.tobytes() == worlds["removed"].organisation.tobytes()
        differ += worlds["whole"].organisation.tobytes() != worlds["removed"].organisation.tobytes()
    assert differ > 0
    _ordered(contingency.contingency(ASK, SMALL))


def test_shares_of_channels_add_up_and_one_without_effect_has_none():
    draws = np.random.default_rng(1)
    names = ("a", "b", "idle")
    sets = [frozenset(some) for k in range(4) for some in combinations(names, k)]
    value = {some: draws.normal(size=9) for some in sets if "idle" not in some}
    worlds = {some: value[some - {"idle"}] for some in sets}
    shares = channels.shapley(worlds)
    np.testing.assert_allclose(sum(shares.values()), worlds[frozenset(names)] - worlds[frozenset()])
    np.testing.assert_allclose(shares["idle"], 0.0, atol=1e-12)
    # By hand: with one other, the mean of what it adds first and what it adds last.
    a, b, ab, none = (value[frozenset(s)] for s in ({"a"}, {"b"}, {"a", "b"}, set()))
    np.testing.assert_allclose(shares["a"], 0.5 * (a - none + ab - b))


def test_shares_in_a_history_add_up_to_what_all_channels_do():
    table = channels.channels(ASK, (SMALL,))
    for outcome in channels.OUTCOMES:
        own = table[table["outcome"] == outcome]
        parts = own[own["what"] == "share"]["value"].sum()
        assert parts == pytest.approx(own[own["what"] == "together"]["value"].item(), abs=1e-9)
    _ordered(table)


def test_a_split_is_there_when_nothing_is_removed():
    table = causes.causes(replace(ASK, size=2), "gia-1990s", per_history=3)
    nothing = table[(table["what"] == "gone") & (table["removed"] == causes.NOTHING)]
    assert len(nothing)
    assert (nothing["value"] == 0.0).all()
    for _, own in table[table["what"].isin(["own", "placebo", "own less placebo"])].groupby(["same", "cause"]):
        by = own.set_index("what")["value"]
        assert by["own less placebo"] == pytest.approx(by["own"] - by["placebo"])


def test_every_cause_of_an_exit_can_be_taken_out_and_each_removal_changes_the_world():
    assert set(causes.REMOVALS) == set(CAUSES) - {"brokerage", "shared threat"}
    scenario = load_scenario("aqim")
    world, p = build(scenario, 3), parameters(scenario)
    for removal in causes.REMOVALS.values():
        branch, own = copy(world), p.copy()
        branch.organisation["lost_to_force"][0], branch.organisation["vacant"][0], branch.emir["hardship"][0] = 5.0, 1, 0.5
        before = copy(branch)
        removal.once(branch, own)
        if removal.monthly is not None:
            removal.monthly(branch, own)
        assert same_bits(before, branch) or own.tobytes() != p.tobytes()


def test_the_largest_cause_is_the_one_that_the_log_says():
    scenario = load_scenario("gia-1990s")
    found = []
    for seed in range(5):
        world = build(scenario, seed, 0, replace(Capacity.of(scenario), log=causes.LOG_ROWS))
        engine.advance(world, parameters(scenario), 0, month_count(scenario))
        some = causes.splits(world, 5, np.random.default_rng(0))
        assert len(some) <= 5
        found += list(some)
    assert found
    for split in found:
        shares = {cause: split[f"cause_{cause.replace(' ', '_')}"] for cause in CAUSES}
        assert shares[causes.largest(split)] == max(shares.values())
        assert split["kind"] in (codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE)


def test_as_much_force_as_before_changes_nothing():
    table = backfire.backfire(replace(ASK, size=6), (0.2, 0.8), (0.2, 0.8), times=1.0)
    assert len(table) == 4 * len(backfire.READINGS)
    assert (table["value"] == 0.0).all()
    assert (table[["low", "high"]] == 0.0).all(axis=None)
    met = table.groupby("absence")["absence_met"].mean()
    assert met[0.8] > met[0.2]


def test_a_relative_change_is_that_of_means_and_of_ratios_of_means():
    base = np.array([[2.0, 10.0, 1.0], [4.0, 20.0, 3.0]])
    more = np.array([[3.0, 10.0, 1.0], [6.0, 5.0, 1.0]])
    assert backfire.relative(more, base, 0, None)[0] == pytest.approx(0.5)
    assert backfire.relative(more, base, 0, 1)[0] == pytest.approx((9.0 / 15.0) / (6.0 / 30.0) - 1.0)
    assert np.isnan(backfire.relative(more, 0.0 * base, 0, None)).all()


def test_pairs_of_leaders_do_not_depend_on_threads_and_their_table_holds_them_all():
    population = Population(years=12, burn_in=2)
    ask = Ask(12, seed=5)
    one, two = (decapitation.pairs(replace(ask, threads=n), population) for n in (1, 3))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])
    assert len(one[1]) >= 12
    assert (one[1][:, :2] > [-1e-9, 0.0]).all()
    assert set(np.unique(one[1][:, 2])) <= {-1.0, 0.0, 1.0}
    table = decapitation.tabulated(np.repeat(np.arange(len(one[1]) // 2 + 1), 2)[: len(one[1])], one[1])
    whole = table[(table["age"] == "all") & (table["size"] == "all")]
    assert (whole["pairs"] == len(one[1])).all()
    _ordered(table)


def test_a_contrast_of_clusters_is_a_difference_of_means():
    y, one = np.array([1.0, 3.0, 5.0, 5.0]), np.array([True, True, False, False])
    value, low, high = decapitation.contrast(y, one, np.array([0, 1, 0, 1]))
    assert value == pytest.approx(-3.0)
    assert low <= value <= high


def test_where_survival_passes_one_half():
    at = np.array([0.0, 1.0, 3.0])
    assert extinction.crossing(at, np.array([1.0, 0.75, 0.25])) == pytest.approx(2.0)
    assert extinction.crossing(at, np.array([0.0, 1.0, 1.0])) == pytest.approx(0.5)
    assert np.isnan(extinction.crossing(at, np.array([0.9, 0.8, 0.6])))


def test_a_group_alone_has_no_company_and_dies_of_enough_force():
    table = extinction.extinction(replace(ASK, size=6), (0.0, 1.0), (0.01, 60.0))
    survival = table[table["what"] == "survival"].groupby("force_ratio")["value"].mean()
    assert survival.iloc[0] > survival.iloc[-1]
    critical = table[(table["what"] == "critical force ratio") & table["value"].notna()]
    ratios = table["force_ratio"].dropna()
    assert critical["value"].between(ratios.min(), ratios.max()).all()


def test_levels_of_embedding_and_slopes_are_those_of_the_worlds():
    table = embedding.embedding(ASK, (SMALL,))
    level = table[(table["what"] == "level") & (table["outcome"] == "fragmentations")].set_index("effort")["value"]
    efforts = level.index.to_numpy(float)
    slope = table[(table["what"] == "slope") & (table["outcome"] == "fragmentations")]["value"].item()
    assert slope == pytest.approx((efforts[-1] - efforts[0]) * np.polyfit(efforts, level.to_numpy(), 1)[0], abs=1e-9)
    _ordered(table)


def test_what_has_not_begun_is_dropped_when_interrupted():
    begun = []

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mapped(lambda n: begun.append(n) or sum(range(100_000)), range(5000), Ask(1, threads=1, watch=interrupt))
    assert len(begun) < 5000


def test_every_study_says_how_much_is_quick_and_full():
    assert all(0 < study.quick < study.full for study in STUDIES.values())
