"""Trials within the model: a copy to which nothing is done stays the same to the bit, and each arm does one thing."""

from __future__ import annotations

import numpy as np
import pytest

from sim import engine
from sim.evidence.following import AFTER
from sim.evidence.life_courses import ROOM, Population
from sim.evidence.settings import setting
from sim.evidence.trials import ARMS, READINGS, _apply, _fate, _read, trials
from sim.study.work import warm
from sim.world import codes
from sim.world.build import build, parameters
from sim.world.world import World, copy, same_bits

SMALL = Population(settings=1, years=24, burn_in=10)


@pytest.fixture(scope="module")
def start() -> World:
    """The first setting that has a group with a leader after ten years, with two spare rows of the timeline."""
    warm()
    for number in range(50):
        scenario = setting(0, number, 24)
        world = build(scenario, 0, number, ROOM)
        world = world._replace(timeline=np.concatenate([world.timeline, np.zeros(2, world.timeline.dtype)]))
        engine.advance(world, parameters(scenario), 0, 120)
        o = world.organisation
        if ((o["alive"] == 1) & (o["vacant"] == 0) & (o["katibas"] > 1)).any():
            return world
    raise AssertionError("no setting has a group of two katibas after ten years")


@pytest.fixture(scope="module")
def rules(start: World) -> np.ndarray:
    return parameters(setting(0, 0, 24))


def test_spare_rows_of_the_timeline_change_nothing() -> None:
    scenario = setting(0, 3, 24)
    plain, spare = (build(scenario, 0, 3, ROOM) for _ in range(2))
    spare = spare._replace(timeline=np.concatenate([spare.timeline, np.zeros(2, spare.timeline.dtype)]))
    for world in (plain, spare):
        engine.advance(world, parameters(scenario), 0, 150)
    assert same_bits(plain._replace(timeline=spare.timeline), spare) == []


def test_a_copy_to_which_nothing_is_done_stays_the_same(start: World, rules: np.ndarray) -> None:
    one, other = copy(start), copy(start)
    for world in (one, other):
        engine.advance(world, rules, 120, 120 + AFTER)
    assert same_bits(one, other) == []
    assert (_read(one, start) - _read(other, start) == 0.0).all()


DOES = {
    "amnesty": {"timeline"},
    "concessions": {"timeline"},
    "services": {"timeline"},
    "force": {"force.strength"},
    "force and services": {"force.strength", "timeline"},
    "indiscriminate force": {"force.discrimination"},
    "divergence": {"emir.agenda", "emir.belief"},
}
"""Columns that an arm writes to; of the timeline, a row of its own."""


@pytest.mark.parametrize("arm", ARMS)
def test_an_arm_does_one_thing(start: World, rules: np.ndarray, arm: str) -> None:
    where = DOES[arm]
    done = copy(start)
    _apply(done, arm, 120)
    touched = {place.split("[")[0] for place in same_bits(start, done)}
    assert {place.split(".")[0] if place.startswith("timeline") else place for place in touched} == where
    base = copy(start)
    for world in (base, done):
        engine.advance(world, rules, 120, 122)
    assert same_bits(base, done) != []
    if "timeline" in where:
        level = {"amnesty": "amnesty", "concessions": "peace"}.get(arm, "aid")
        assert done.elite[level].sum() > base.elite[level].sum()


def test_a_leader_that_is_taken_is_lost(start: World, rules: np.ndarray) -> None:
    o = start.organisation
    row = int(np.flatnonzero((o["alive"] == 1) & (o["vacant"] == 0) & (o["katibas"] > 1))[0])
    taken, base = copy(start), copy(start)
    taken.organisation["struck"][row] = 1
    for world in (taken, base):
        engine.advance(world, rules, 120, 121)
    assert taken.organisation["leader"][row] != o["leader"][row]
    assert taken.tally["count"][codes.SUCCESSION] == base.tally["count"][codes.SUCCESSION] + (base.organisation["leader"][row] == o["leader"][row])
    assert _fate(base, row, 120) == (float(base.organisation["ended"][row] >= 0), 0.0)


def test_trials_do_not_depend_on_threads_and_stop_when_enough_leaders_are_taken() -> None:
    told: list[tuple[int, int]] = []
    one = trials(SMALL, 6, threads=1, watch=lambda done, total: told.append((done, total)))
    two = trials(SMALL, 6, threads=2)
    for name in ("setting", "age", "size", "ended", "broke"):
        assert getattr(one.removals, name).tobytes() == getattr(two.removals, name).tobytes()
    assert one.effects.tobytes() == two.effects.tobytes()
    assert told[-1] == (6, 6)
    # The last setting was needed, and none after it was kept.
    assert (one.removals.setting < one.settings - 1).sum() < 6 <= len(one.removals.age)
    assert one.effects.shape == (one.settings, len(ARMS), len(READINGS))
    assert set(np.unique(one.removals.ended)) <= {-1.0, 0.0, 1.0}
    assert (one.removals.age >= 0.0).all()
