"""What is written into a world that stands is, bit by bit, what is built from the scenario; what is not plainly admissible is not written."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.load import Draft, shipped
from sim.scenario.mechanisms import MECHANISMS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.schema import Scenario
from sim.world.build import build, parameters
from sim.world.variation import TABLE_OF, Path, Variation

SEED = 7
WHOLE = ("aqim", "dilemma-101", "gia-1990s")
"""The largest, the smallest, and one with parameters of its own: each has every kind of number; what is drawn at random is of all that ship."""
WRONG = st.sampled_from([math.nan, math.inf, -1e9, 1e9, 1, 0, True, False, "0.5", "a word", 2**80])

draft = functools.cache(Draft)


@functools.cache
def whole(name: str) -> Scenario:
    return draft(name).scenario()


@functools.cache
def numbers_of(name: str) -> dict[Path, st.SearchStrategy[Any]]:
    """Every number and switch of a scenario, with its admissible values: found in the schema, not in what can be written."""
    found: dict[Path, st.SearchStrategy[Any]] = {("parameters", p.name): st.floats(p.low, p.high) for p in PARAMETERS.values()}
    found |= {("mechanisms", key): st.booleans() for key in MECHANISMS}
    entries = [(("policies",), whole(name).policies)]
    entries += [((section, index), entry) for section in TABLE_OF for index, entry in enumerate(getattr(whole(name), section))]
    for path, entry in entries:
        for field, info in type(entry).model_fields.items():
            ends = [getattr(m, end) for end in ("ge", "le") for m in info.metadata if hasattr(m, end)]
            if len(ends) == 2:
                found[(*path, field)] = st.floats(*ends) if info.annotation is float else st.integers(*ends)
    return found


@functools.cache
def varied(name: str) -> tuple[Variation, list[Path]]:
    """A scenario all of whose numbers vary, and those that cannot be written: found out once, which takes a second or two."""
    variation = Variation(whole(name), SEED)
    return variation, variation.vary(numbers_of(name))


@st.composite
def changes(draw: st.DrawFn, most: int = 12) -> tuple[str, dict[Path, Any]]:
    """A shipped scenario and other values for some of its numbers; seldom, one that is wrong."""
    name = draw(st.sampled_from(sorted(shipped())))
    known = numbers_of(name)
    section = draw(st.sampled_from(["", "", "policies", "timeline", *TABLE_OF, "parameters"]))
    among = [path for path in known if path[0] == section] or list(known)
    paths = draw(st.lists(st.sampled_from(among), min_size=1, max_size=most, unique=True))
    values = {path: draw(known[path]) for path in paths}
    if draw(st.integers(0, 4)) == 0:
        values[draw(st.sampled_from(paths))] = draw(WRONG)
    return name, values


def in_full(name: str, values: dict[Path, Any]) -> Scenario | None:
    """The scenario read and checked with the changes, as nobody would do it in a hurry."""
    try:
        return draft(name).scenario({".".join(map(str, path)): value for path, value in values.items()})
    except ScenarioError:
        return None


def assert_same(made: Any, scenario: Scenario) -> None:
    world, row = made
    built, built_row = build(scenario, SEED), parameters(scenario)
    assert (row.dtype, row.tobytes()) == (built_row.dtype, built_row.tobytes())
    for one, other in zip(world, built, strict=True):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


@settings(max_examples=150, deadline=None)
@given(changes())
def test_what_is_written_is_what_is_built(change: tuple[str, dict[Path, Any]]) -> None:
    name, values = change
    variation = Variation(whole(name), SEED)
    built = variation.vary(values)
    values = {path: value for path, value in values.items() if path not in built}
    made, scenario = variation.at(values), in_full(name, values)
    assert (made is None) == (scenario is None)
    if scenario is not None:
        assert_same(made, scenario)


@pytest.mark.parametrize("name", WHOLE)
def test_every_number_that_is_written_is_what_is_built(name: str) -> None:
    variation, built = varied(name)
    scenario, values = whole(name), {}
    for path in numbers_of(name):
        if path in built or path[0] == "policies" or path[0] == "mechanisms":
            continue
        spec = PARAMETERS[path[1]] if path[0] == "parameters" else None
        old = scenario.parameters.get(path[1], spec.default) if spec else getattr(getattr(scenario, path[0])[path[1]], path[2])
        # Nearer to nil, where nil is admissible: another number that is admissible too, and that no rounding leaves as it is.
        if isinstance(old, float) and (other := old * 0.7310585786300049) and (spec is None or spec.low <= other <= spec.high):
            values[path] = other
    made, changed = variation.at(values), in_full(name, values)
    assert changed is not None
    assert len(values) > 200
    assert_same(made, changed)


@pytest.mark.parametrize("name", WHOLE)
def test_most_numbers_are_written(name: str) -> None:
    known = numbers_of(name)
    _, built = varied(name)
    assert len([path for path in built if path[0] == "parameters"]) <= 0.1 * len(PARAMETERS)
    assert not [path for path in built if path[0] == "policies"]
    assert len(built) <= 0.3 * len(known)


def test_what_more_hangs_on_is_built() -> None:
    paths: list[Path] = [
        ("emirs", 0, "strength"),
        ("organisations", 0, "founded"),
        ("regions", 0, "neighbours"),
        ("start",),
        ("parameters", "no such"),
    ]
    variation = Variation(whole("dilemma-101"), SEED)
    assert variation.vary([*paths, ("organisations", 0, "control")]) == paths


def test_a_combination_that_does_not_fit_is_not_written() -> None:
    variation = Variation(in_full("dilemma-101", {("policies", "budget"): 1.0, ("policies", "force"): 0.5}), SEED)
    assert variation.vary([("policies", "amnesty"), ("policies", "force")]) == []
    assert variation.at({("policies", "amnesty"): 0.5}) is not None
    assert variation.at({("policies", "amnesty"): 0.6}) is None
    assert variation.at({("policies", "force"): 0.0}) is None


def test_a_world_is_nobody_elses() -> None:
    variation = Variation(whole("dilemma-101"), SEED)
    variation.vary([("organisations", 0, "control")])
    world, row = variation.at({})
    world.organisation["control"][0], row["detection"] = 0.123, 0.456
    assert_same(variation.at({}), whole("dilemma-101"))
