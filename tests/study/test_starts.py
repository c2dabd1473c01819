"""Where runs start from is the same whether a world is written or built, and building happens as seldom as it can."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import Draft
from sim.study import starts
from sim.study.plan import Study, load_study
from sim.study.work import scenario_at
from sim.world.build import build, parameters


class Counted:
    """Counts the worlds that are built in full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.scenarios = 0
        real = Draft.scenario

        def counted(*given: Any) -> Any:
            self.scenarios += 1
            return real(*given)

        monkeypatch.setattr(Draft, "scenario", counted)


def starts_of(study: Study, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Compare every start of a study with the one that is built in full; return how many there are, and how many scenarios were read for them."""
    recipe = study.recipe()
    full: list[Any] = []
    for arm in recipe.arms:
        for point in study.points.tolist():
            try:
                full.append(scenario_at(recipe, arm, point))
            except ScenarioError as error:
                full.append(str(error))
    counted = Counted(monkeypatch)
    k = 0
    for arm_starts in recipe.starts:
        for point in study.points.tolist():
            if isinstance(full[k], str):
                with pytest.raises(ScenarioError) as told:
                    arm_starts.at(point)
                assert str(told.value) == full[k]
            else:
                world, row, months = arm_starts.at(point)
                assert row.tobytes() == parameters(full[k]).tobytes()
                assert [table.tobytes() for table in world] == [table.tobytes() for table in build(full[k], recipe.seed)]
                assert months == 120
            k += 1
    return k, counted.scenarios


def study(factors: dict[str, Any], design: dict[str, Any], **more: Any) -> Study:
    return load_study(
        {"name": "s", "claim": "c", "scenario": "dilemma-101", "seed": 5, "factors": factors, "design": design, "replicates": 1, **more}
    )


NUMBERS: dict[str, Any] = {
    "remote_contact": {"range": [0.1, 0.9]},
    "centre": {"path": "organisations.The Front.control", "range": [0.0, 1.0]},
    "grievance": {"path": "communities.0.grievance", "values": [0, 0.25, 1]},
    "death": {"path": "timeline.0.magnitude", "range": [0.0, 1.0]},
    "M10": {"values": [True, False]},
}


def test_numbers_are_written_into_one_world_an_arm(monkeypatch: pytest.MonkeyPatch) -> None:
    points, read = starts_of(study(NUMBERS, {"kind": "lhs", "points": 40}, ablate=["brokerage", "M7"]), monkeypatch)
    # Where brokerage is off whatever the factor says, it is not written, but built for each of its two values.
    assert (points, read) == (120, 4)


def test_what_is_left_as_written_is_the_scenarios_own(monkeypatch: pytest.MonkeyPatch) -> None:
    points, read = starts_of(study(NUMBERS, {"kind": "one-at-a-time", "levels": 4}), monkeypatch)
    assert points > 10
    assert read == 1


def test_shares_that_are_admissible_only_with_a_budget(experiment: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    points, read = starts_of(load_study(experiment), monkeypatch)
    refused = 2 * 3  # Points whose shares add up to more than 1: these are read once more, to tell why.
    assert points == 18
    assert read <= 2 + refused


FEW: dict[str, Any] = {
    "raid_loss": {"range": [0.1, 0.4]},
    "founded": {"path": "organisations.The Front.founded", "values": ["1980-01", "1999-12"]},
    "strength": {"path": "emirs.0.strength", "values": [20.0, 60, 90.5]},
}


def test_what_has_to_be_built_is_built_once_for_each_combination(monkeypatch: pytest.MonkeyPatch) -> None:
    points, read = starts_of(study(FEW, {"kind": "lhs", "points": 60}), monkeypatch)
    assert points == 60
    # One more, which showed that strength is not only written.
    assert read <= 2 * 3 + 1


def test_what_is_never_the_same_is_built_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {**NUMBERS, "strength": {"path": "emirs.0.strength", "range": [20.0, 90.0]}}
    points, read = starts_of(study(many, {"kind": "lhs", "points": 10}), monkeypatch)
    assert points <= read <= points + 1


def test_a_name_that_varies_is_read_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"raid_loss": {"range": [0.1, 0.4]}, "leader": {"path": "timeline.0.label", "values": ["one", "other"]}}
    points, read = starts_of(study(named, {"kind": "lhs", "points": 6}), monkeypatch)
    assert read == points


def test_more_worlds_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starts, "MOST_BUILT", 2)
    points, read = starts_of(study(FEW, {"kind": "lhs", "points": 12}), monkeypatch)
    assert points <= read <= points + 2


def test_a_packed_recipe_travels_without_its_worlds() -> None:
    recipe = study(NUMBERS, {"kind": "lhs", "points": 4}).recipe()
    before = recipe.packed()
    recipe.starts[0].at((0.5, 0.5, 0.0, 0.5, 0.0))
    assert recipe.packed() == before
