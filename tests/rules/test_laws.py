"""Laws that hold whatever the parameters: every state variable stays within its range, people are conserved, lying tables stay in step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import engine
from sim.scenario.load import load_scenario, shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.timeline import month_count
from sim.world import codes
from sim.world.build import Capacity, build, emirs_by_row, parameters
from tests.laws import dangling, out_of_range, people_astray, whole

MONTHS = 150
DEATHS = {codes.STATE_BASED: "deaths_state", codes.NON_STATE: "deaths_non_state", codes.ONE_SIDED: "deaths_one_sided"}


@st.composite
def worlds(draw):
    """A shipped scenario with some parameters anywhere within their ranges, and some mechanisms off; and a seed."""
    name = draw(st.sampled_from(sorted(shipped())))
    changed = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=40, unique=True))
    values = {n: PARAMETERS[n].low + (PARAMETERS[n].high - PARAMETERS[n].low) * draw(st.floats(0, 1)) ** 3 for n in changed}
    off = draw(st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=4, unique=True))
    scenario = load_scenario(name).model_copy(update={"parameters": values, "mechanisms": dict.fromkeys(off, False)})
    return scenario, draw(st.integers(0, 2**32 - 1))


def history(case, violence=1):
    """Yield the world at its start (month -1) and after every month: the same tables, as they change."""
    scenario, seed = case
    world, p = build(scenario, seed, capacity=Capacity.of(scenario, violence=violence)), parameters(scenario)
    yield -1, world
    for month in engine.months_of(world, p, min(month_count(scenario), MONTHS)):
        yield month, world


@settings(max_examples=25)
@given(worlds())
def test_every_state_variable_stays_within_its_range_and_every_row_that_is_named_is_there(case):
    for month, world in history(case):
        assert [*out_of_range(world), *dangling(world)] == [], month


@settings(max_examples=25)
@given(worlds())
def test_people_are_conserved_to_the_last_digit(case):
    people = None
    for month, world in history(case):
        people = world.community["people"].copy() if people is None else people
        assert people_astray(world, people) == [], month


@settings(max_examples=25)
@given(worlds())
def test_tables_stay_in_step(case):
    scenario, _ = case
    entering = {t.target for t in scenario.timeline if t.event == "entry"}
    held = np.array([e.organisation in entering for e in emirs_by_row(scenario)])
    for month, world in history(case):
        emir, organisation = world.emir, world.organisation
        here = emir["alive"] == 1
        assert (organisation["alive"][emir["organisation"][here]] == 1).all(), f"month {month}: a katiba serves an organisation that is gone"
        gone = ~here
        gone[: len(held)] &= ~(held & (emir["born"][: len(held)] < 0))
        assert (emir["strength"][gone] == 0).all(), month
        for table in (organisation, emir[here]):
            ids = table["identity"][table["identity"] != 0]
            assert len(set(ids.tolist())) == len(ids), f"month {month}: identities are unique"
        counted = np.bincount(emir["organisation"][here], minlength=len(organisation))
        alive = organisation["alive"] == 1
        np.testing.assert_array_equal(organisation["katibas"][alive], counted[alive], err_msg=f"month {month}")
        at = world.tie["community"].reshape(len(emir), -1)
        beyond = np.arange(at.shape[1]) >= emir["places"][:, np.newaxis]
        assert (at[here[:, np.newaxis] & beyond] == -1).all(), f"month {month}: who is kept at a place that rules pass over"
        for row in at[here]:
            tied = row[row >= 0]
            assert len(set(tied.tolist())) == len(tied), f"month {month}: one katiba keeps a community twice"


@settings(max_examples=25)
@given(worlds())
def test_lineages_have_roots_and_lives_have_ends(case):
    for month, world in history(case):
        o = world.organisation
        ever = np.flatnonzero(o["identity"] != 0)
        row_of = {int(o["identity"][i]): int(i) for i in ever}
        for i in ever:
            seen, j = {int(i)}, int(o["parent"][i])
            while j >= 0:
                assert j not in seen, f"month {month}: organisation {i} is its own ancestor"
                assert o["lineage"][j] == o["lineage"][i], month
                assert o["born"][j] <= o["born"][i], f"month {month}: a child older than its parent"
                seen.add(j)
                j = int(o["parent"][j])
            assert o["lineage"][i] in row_of, month
            seen, j = {int(i)}, int(o["heir"][i])
            while j >= 0:
                assert j not in seen, f"month {month}: organisation {i} inherits from itself"
                seen.add(j)
                j = int(o["heir"][j])
        over = o["ended"][ever] >= 0
        assert (o["alive"][ever][over] == 0).all(), month
        assert (o["ended"][ever][over] >= o["born"][ever][over]).all(), month
        assert ((o["ending"][ever] != codes.NOT_ENDED) == over).all(), month


@settings(max_examples=15)
@given(worlds())
def test_the_log_of_violence_adds_up(case):
    for month, world in history(case, violence=400_000):
        entries = int(world.clock["recorded"][0])
        if entries > len(world.violence):
            pytest.fail(f"month {month}: {entries} entries do not fit; give the test more room")
        log = world.violence[:entries]
        assert not world.violence[entries:]["deaths"].any(), "entries beyond those counted"
        assert whole(log["deaths"]), month
        for kind, name in DEATHS.items():
            assert log["deaths"][log["kind"] == kind].sum() == world.measure[name][0], (month, name)
        assert np.isin(log["kind"], list(DEATHS)).all(), month
        known = set(world.organisation["identity"].tolist()) | {codes.A_STATE, codes.CIVILIANS}
        assert set(log["by"].tolist()) | set(log["against"].tolist()) <= known, month
        assert (log["by"] != codes.CIVILIANS).all(), "civilians strike nobody"
        assert ((log["against"] == codes.CIVILIANS) == (log["kind"] == codes.ONE_SIDED)).all(), month
        now = log[log["month"] == month]
        by_region = np.bincount(now["region"], now["deaths"], minlength=len(world.region))
        np.testing.assert_array_equal(world.region["deaths"], by_region, err_msg=f"month {month}: deaths of the month, by region")
