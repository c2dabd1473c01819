"""One rulebook, two ways to run it: the Mesa model and the compiled engine agree bit for bit, month by month."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import engine
from sim.model import DilemmaModel
from sim.scenario.load import change, load_scenario, shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.world.build import Capacity, build, parameters
from sim.world.world import same_bits

POLICY = ("policies.budget=2", "policies.force=0.2", "policies.amnesty=0.2", "policies.services=0.2", "policies.anti_corruption=0.1",
          "policies.dialogue=0.2", "policies.horizon=0.1")  # fmt: skip


NAMES = sorted(shipped())
# Every mechanism is switched off in one history or another, in turn: all in all of them would take ten times as long, and
# tests/rules/test_interpreted.py switches off what it pleases.
TURNS = [(mechanism, NAMES[n % len(NAMES)]) for n, mechanism in enumerate(MECHANISMS)]
LOG = 4_000
"""Rows of the event log: what comes beyond is written over, alike in both."""


def assert_agree(scenario, seed, replicate=0):
    model = DilemmaModel(scenario, rng=seed, replicate=replicate, log=LOG)
    world = build(scenario, seed, replicate, Capacity.of(scenario, LOG))
    p = parameters(scenario)
    assert same_bits(model.world, world) == []
    for month in engine.months_of(world, p, model.months):
        model.step()
        if any(one.tobytes() != other.tobytes() for one, other in zip(model.world, world, strict=True)):
            pytest.fail(f"{scenario.name}, seed {seed}: month {month} differs at {same_bits(model.world, world)[:8]}")
    assert not model.running
    assert model.outcomes().tobytes() == engine.outcomes(world, model.months).tobytes()


@pytest.mark.parametrize("seed", [0, 1, 4_294_967_295])
@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_scenario_month_by_month(name, seed):
    assert_agree(load_scenario(name), seed, replicate=seed % 7)


@pytest.mark.parametrize(("mechanism", "name"), TURNS)
def test_with_each_mechanism_off(mechanism, name):
    overrides = POLICY if mechanism == "policy" else ()
    assert_agree(load_scenario(name, overrides=overrides, without=[mechanism]), seed=2)


@pytest.mark.parametrize("name", ["aqim", "gia-1990s", "libya-platform"])
def test_with_policies(name):
    assert_agree(load_scenario(name, overrides=POLICY), seed=3)


def test_the_ensemble_is_the_single_runs_whatever_the_threads():
    scenario = load_scenario("dilemma-101")
    start, p, months = build(scenario, 5), parameters(scenario), 120
    one = engine.ensemble(start, p, months, range(24), threads=1)
    two = engine.ensemble(start, p, months, range(24), threads=2)
    backwards = engine.ensemble(start, p, months, range(23, -1, -1), threads=2)
    assert one.tobytes() == two.tobytes() == backwards[::-1].tobytes()
    for replicate in (0, 7, 23):
        world = build(scenario, 5, replicate)
        engine.advance(world, p, 0, months)
        assert engine.outcomes(world, months).tobytes() == one[replicate].tobytes()
    assert len({row.tobytes() for row in one}) == 24, "replicates differ"


def test_an_ensemble_leaves_its_start_as_it_was():
    scenario = load_scenario("dilemma-101")
    start = build(scenario, 5)
    before = [table.tobytes() for table in start]
    engine.ensemble(start, parameters(scenario), 36, range(4))
    assert [table.tobytes() for table in start] == before


def test_replicates_may_come_in_any_kind_of_array():
    scenario = load_scenario("dilemma-101")
    world, p = build(scenario), parameters(scenario)
    numbers = np.arange(8)
    fixed = numbers.copy()
    fixed.flags.writeable = False
    first = engine.ensemble(world, p, 12, numbers)
    assert engine.ensemble(world, p, 12, fixed).tobytes() == first.tobytes()
    assert engine.ensemble(world, p, 12, numbers[::2]).tobytes() == first[::2].tobytes()
    strength, _ = engine.following(world, p, 12, numbers[::2])
    assert strength.tobytes() == engine.following(world, p, 12, [0, 2, 4, 6])[0].tobytes()


@pytest.mark.parametrize("run", [lambda w, p: engine.advance(w, p, 0, 3), lambda w, p: engine.ensemble(w, p, 3, [0, 1])])
def test_what_a_rule_raises_is_not_lost_in_compiled_code(run):
    scenario = load_scenario("dilemma-101")
    world = build(scenario)
    world.emir["strength"][0] = math.nan
    with pytest.raises(ValueError, match="must lie"):
        run(world, parameters(scenario))


def test_no_run_touches_a_global_generator(global_random_state_untouched):
    scenario = load_scenario("dilemma-101")
    with global_random_state_untouched():
        engine.ensemble(build(scenario, 1), parameters(scenario), 60, range(3))
    model = DilemmaModel(scenario, rng=1)
    states = model.random.getstate(), model.rng.bit_generator.state
    with global_random_state_untouched():
        for _ in range(12):
            model.step()
    assert (model.random.getstate(), model.rng.bit_generator.state) == states, "rules draw from addresses, not from Mesa's generators"


def test_an_event_that_is_removed_leaves_no_trace_before_it():
    whole = load_scenario("aqim")
    without = whole.model_copy(update={"timeline": [e for e in whole.timeline if e.event != "intervention"]})
    first = min(e.date for e in whole.timeline if e.event == "intervention")
    one, other = build(whole, 4), build(without, 4)
    p = parameters(whole)
    months = (int(first[:4]) - 1998) * 12 + int(first[5:]) - 1
    engine.advance(one, p, 0, months)
    engine.advance(other, p, 0, months)
    assert [place for place in same_bits(one._replace(timeline=other.timeline), other)] == []
    engine.advance(one, p, months, months + 1)
    engine.advance(other, p, months, months + 1)
    assert same_bits(one._replace(timeline=other.timeline), other)


def test_an_agent_added_elsewhere_moves_nobody_elses_draws():
    """Identities come from names: a community appended in a region of its own changes no row of the others in the first month's draws."""
    scenario = load_scenario("dilemma-101")
    more = scenario.model_copy(
        update={
            "regions": [*scenario.regions, scenario.regions[0].model_copy(update={"name": "Island", "neighbours": {}})],
            "brokers": [*scenario.brokers, scenario.brokers[0].model_copy(update={"name": "Islander", "region": "Island"})],
        }
    )
    one, other = build(scenario, 1), build(more, 1)
    p = parameters(scenario)
    engine.advance(one, p, 0, 60)
    engine.advance(other, p, 0, 60)
    assert one.emir.tobytes() == other.emir.tobytes()
    assert one.organisation.tobytes() == other.organisation.tobytes()


def test_changes_are_checked_as_if_written_by_a_user():
    scenario = change(load_scenario("dilemma-101"), {"remote_contact": 0.25, "brokerage": False})
    assert scenario.parameters["remote_contact"] == 0.25
    assert scenario.mechanisms["brokerage"] is False
