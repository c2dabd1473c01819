"""Laws that hold whatever the parameters: every state variable stays within its range, people are conserved, lying tables stay in step."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import engine
from sim.scenario.load import load_scenario, shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.timeline import month_count
from sim.world.build import build, parameters
from sim.world.layout import LAYOUT


@st.composite
def worlds(draw):
    """A shipped scenario with some parameters anywhere within their ranges, and some mechanisms off."""
    name = draw(st.sampled_from(sorted(shipped())))
    changed = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=40, unique=True))
    values = {n: PARAMETERS[n].low + (PARAMETERS[n].high - PARAMETERS[n].low) * draw(st.floats(0, 1)) ** 3 for n in changed}
    off = draw(st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=4, unique=True))
    scenario = load_scenario(name).model_copy(update={"parameters": values, "mechanisms": dict.fromkeys(off, False)})
    return scenario, draw(st.integers(0, 2**32 - 1))


@settings(max_examples=25)
@given(worlds())
def test_every_state_variable_stays_within_its_range(case):
    scenario, seed = case
    world, p = build(scenario, seed), parameters(scenario)
    for month in engine.months_of(world, p, min(month_count(scenario), 150)):
        for table, columns in LAYOUT.items():
            rows = getattr(world, table)
            for column in columns:
                values = rows[column.name]
                if values.size:
                    assert np.isfinite(values).all(), (month, table, column.name)
                    assert values.min() >= column.low - 1e-9, (month, table, column.name, values.min())
                    assert values.max() <= column.high + 1e-9, (month, table, column.name, values.max())


@settings(max_examples=15)
@given(worlds())
def test_tables_stay_in_step(case):
    scenario, seed = case
    world, p = build(scenario, seed), parameters(scenario)
    for _ in engine.months_of(world, p, min(month_count(scenario), 150)):
        emir, organisation = world.emir, world.organisation
        here = emir["alive"] == 1
        assert (organisation["alive"][emir["organisation"][here]] == 1).all(), "no katiba serves an organisation that is gone"
        assert (emir["strength"][here] > 0).all()
        gone = (emir["alive"] == 0) & (emir["born"] >= 0)
        assert (emir["strength"][gone] == 0).all()
        ids = organisation["identity"][organisation["identity"] != 0]
        assert len(set(ids.tolist())) == len(ids), "identities are unique"
        counted = np.bincount(emir["organisation"][here], minlength=len(organisation))
        alive = organisation["alive"] == 1
        np.testing.assert_array_equal(organisation["katibas"][alive], counted[alive])
        tie = world.tie.reshape(len(emir), -1)["community"]
        for row in tie[here]:
            held = row[row >= 0]
            assert len(set(held.tolist())) == len(held), "no community is tied twice to one katiba"
