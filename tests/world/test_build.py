"""People at the start: whole persons, allotted to communities that have them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.load import load_scenario, shipped
from sim.scenario.schema import Scenario
from sim.world.build import _allotted, build, emirs_by_row
from sim.world.layout import TIES_PER_EMIR


@st.composite
def allotments(draw):
    """People, and communities with a weight and a limit each."""
    n = draw(st.integers(0, TIES_PER_EMIR))
    weights = draw(st.lists(st.floats(0.0, 1e5) | st.just(0.0), min_size=n, max_size=n))
    most = draw(st.lists(st.integers(0, 3000), min_size=n, max_size=n))
    return draw(st.integers(1, 2000)), weights, most


@given(allotments())
def test_people_are_allotted_whole_by_weight_and_never_more_than_there_are(case):
    people, weights, most = case
    own = _allotted(people, weights, most)
    assert len(own) == len(weights)
    assert all(isinstance(n, int) and 0 <= n <= limit for n, limit in zip(own, most, strict=True))
    assert sum(own) <= people
    total = sum(weights)
    if total > 0.0:
        for n, weight, limit in zip(own, weights, most, strict=True):
            assert n == limit or abs(n - people * weight / total) < 1.0 + 1e-9
        if all(limit >= people for limit in most):
            assert sum(own) == people, "with room for all, all have a place"
    else:
        assert sum(own) == 0


@st.composite
def scenarios(draw):
    """A shipped scenario with people, strengths and places drawn anew."""
    scenario = load_scenario(draw(st.sampled_from(sorted(shipped()))))
    regions = [r.name for r in scenario.regions]
    people = st.floats(0.001, 1.0) | st.floats(1.0, 3000.0)
    communities = [c.model_copy(update={"population": draw(people)}) for c in scenario.communities]
    emirs = [e.model_copy(update={"strength": draw(st.floats(0.0, 3000.0)), "region": draw(st.sampled_from(regions))}) for e in scenario.emirs]
    return scenario.model_copy(update={"communities": communities, "emirs": emirs})


def assert_people_add_up(scenario: Scenario) -> None:
    world = build(scenario)
    n = len(scenario.emirs)
    emir, community = world.emir[:n], world.community
    tie = world.tie[: n * TIES_PER_EMIR]
    fighters = tie["fighters"].reshape(n, TIES_PER_EMIR)
    for table, columns in ((community, ("people", "armed")), (emir, ("strength", "outsiders")), (tie, ("fighters",))):
        for column in columns:
            assert (table[column] == np.floor(table[column])).all(), column
            assert (table[column] >= 0).all(), column
    np.testing.assert_array_equal(fighters.sum(axis=1) + emir["outsiders"], emir["strength"])
    assert (emir["strength"] >= 1).all(), "a katiba is somebody"
    assert (tie["community"][tie["fighters"] > 0] >= 0).all(), "who has fighters has a name"
    from_there = np.bincount(tie["community"][tie["fighters"] > 0], tie["fighters"][tie["fighters"] > 0], minlength=len(community))
    assert (from_there <= community["people"]).all(), "with those who are yet to enter"
    present = np.repeat(emir["alive"] == 1, TIES_PER_EMIR) & (tie["fighters"] > 0)
    np.testing.assert_array_equal(community["armed"], np.bincount(tie["community"][present], tie["fighters"][present], minlength=len(community)))
    assert world.measure["outsiders"][0] == emir["outsiders"][emir["alive"] == 1].sum()
    for row in tie["community"].reshape(n, TIES_PER_EMIR):
        known = row[row >= 0].tolist()
        assert len(set(known)) == len(known), "a katiba keeps a community once"


@given(scenarios())
def test_people_add_up_whatever_the_scenario(scenario):
    assert_people_add_up(scenario)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_people_add_up_in_every_shipped_scenario(name):
    assert_people_add_up(load_scenario(name))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_fighters_of_a_katiba_come_from_where_it_has_ties_if_it_has_any(name):
    scenario = load_scenario(name)
    world = build(scenario)
    for i, spec in enumerate(emirs_by_row(scenario)):
        here = {c.name for c in scenario.communities if c.region == spec.region}
        if not any(bond.community in here for bond in spec.ties):
            continue
        rows = world.tie[i * TIES_PER_EMIR : (i + 1) * TIES_PER_EMIR]
        origins = set(world.community["identity"][rows["community"][rows["fighters"] > 0]].tolist())
        tied = rows["community"][(rows["matrimonial"] + rows["pragmatic"] + rows["economic"]) > 0]
        assert origins <= set(world.community["identity"][tied].tolist()), spec.name
