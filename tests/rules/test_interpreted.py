"""One text, two ways to run it, under odd parameters too.

Interpreted rules give the bits that compiled rules give, and write no real number into a whole one.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import engine
from sim.model import DilemmaModel
from sim.scenario.load import load_scenario
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.world.build import Capacity, build, parameters
from sim.world.world import same_bits

MONTHS = 24
LOG = 2_000
POLICY = {"budget": 2.0, "force": 0.2, "amnesty": 0.2, "services": 0.2, "anti_corruption": 0.1, "dialogue": 0.2, "horizon": 0.1}


@st.composite
def scenarios(draw, name):
    """A shipped scenario with many parameters anywhere within their ranges, the ends included, some mechanisms off, and perhaps policies."""
    changed = draw(st.lists(st.sampled_from(sorted(PARAMETERS)), max_size=60, unique=True))
    values = {n: draw(st.floats(PARAMETERS[n].low, PARAMETERS[n].high)) for n in changed}
    off = draw(st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=4, unique=True))
    scenario = load_scenario(name)
    update = {"parameters": values, "mechanisms": dict.fromkeys(off, False)}
    if draw(st.booleans()):
        update["policies"] = scenario.policies.model_copy(update=POLICY)
    return scenario.model_copy(update=update)


@pytest.mark.parametrize("name", ["dilemma-101", "northern-mali-2012"])
@settings(max_examples=12)
@given(st.data(), st.integers(0, 2**32 - 1))
def test_interpreted_and_compiled_agree_to_the_bit(name, data, seed):
    scenario = data.draw(scenarios(name))
    model = DilemmaModel(scenario, rng=seed, log=LOG)
    world, p = build(scenario, seed, capacity=Capacity.of(scenario, LOG)), parameters(scenario)
    for month in range(MONTHS):
        model.step()
        engine.advance(world, p, month, month + 1)
        assert same_bits(model.world, world) == [], f"month {month}"
