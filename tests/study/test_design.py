"""Designs: what each kind promises about its points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.study import design
from sim.study.factor import Factor
from sim.study.plan import load_study

PARAMETERS = ("percolation", "tips_floor", "unseen", "deterrence", "crowd_push")


def study(kind: str, d: int = 3, seed: int = 0, folder: Path | None = None, **more: Any) -> Any:
    experiment = {
        "name": "d", "claim": "c", "scenario": "dilemma-101", "seed": seed, "outcomes": ["survived"], "replicates": 1,
        "factors": {name: {"range": [0.1, 0.5]} for name in PARAMETERS[:d]}, "design": {"kind": kind, **more},
    }  # fmt: skip
    return load_study(experiment)


@settings(max_examples=25, deadline=None)
@given(d=st.integers(1, 4), levels=st.integers(2, 5))
def test_a_grid_has_every_combination_once(d: int, levels: int) -> None:
    points = study("grid", d, levels=levels).points
    assert len(np.unique(points, axis=0)) == len(points) == levels**d
    assert points.min() == 0.1
    assert points.max() == 0.5


@settings(max_examples=25, deadline=None)
@given(d=st.integers(1, 5), n=st.integers(1, 60), seed=st.integers(0, 2**32 - 1))
def test_a_latin_hypercube_has_one_point_in_every_stratum(d: int, n: int, seed: int) -> None:
    points = study("lhs", d, seed, points=n).points
    strata = np.floor((points - 0.1) / 0.4 * n).clip(0, n - 1)
    assert all(sorted(strata[:, k]) == list(range(n)) for k in range(d))


@settings(max_examples=15, deadline=None)
@given(power=st.integers(1, 8), seed=st.integers(0, 1000))
def test_a_sobol_sequence_is_balanced_in_every_half(power: int, seed: int) -> None:
    points = study("sobol", 4, seed, points=2**power).points
    assert ((points < 0.3).sum(axis=0) == 2 ** (power - 1)).all()


@settings(max_examples=15, deadline=None)
@given(d=st.integers(2, 5), n=st.integers(2, 10), seed=st.integers(0, 1000))
def test_morris_moves_one_factor_at_a_time(d: int, n: int, seed: int) -> None:
    points = study("morris", d, seed, trajectories=n).points.reshape(n, d + 1, d)
    moved = (np.diff(points, axis=1) != 0.0).sum(axis=2)
    assert (moved == 1).all()
    assert ((np.diff(points, axis=1) != 0.0).sum(axis=1) == 1).all()


@pytest.mark.parametrize("second", [True, False])
def test_saltelli_has_the_size_its_scheme_needs(second: bool) -> None:
    s = study("saltelli", 3, points=16, second_order=second)
    assert len(s.points) == 16 * (8 if second else 5) == design.size(s.spec.design, s.factors)


@pytest.mark.parametrize(
    ("kind", "more"), [("lhs", {"points": 9}), ("sobol", {"points": 8}), ("saltelli", {"points": 8}), ("morris", {"trajectories": 5})]
)
def test_a_design_is_drawn_from_its_seed_alone(kind: str, more: dict[str, int]) -> None:
    np.random.seed(5)  # noqa: NPY002  the global state of the host program must neither matter nor move
    before = np.random.get_state()[1].tobytes()  # type: ignore[index,union-attr]  # noqa: NPY002
    one, same, other = (study(kind, 3, seed, **more).points for seed in (1, 1, 2))
    assert one.tobytes() == same.tobytes() != other.tobytes()
    assert np.random.get_state()[1].tobytes() == before  # type: ignore[index,union-attr]  # noqa: NPY002


def test_one_at_a_time_leaves_everything_else_as_written() -> None:
    points = study("one-at-a-time", 3, levels=2).points
    assert np.isnan(points[0]).all()
    assert (np.isnan(points[1:]).sum(axis=1) == 2).all()
    assert points.shape == (7, 3)


@settings(max_examples=50, deadline=None)
@given(low=st.floats(1e-6, 1.0), ratio=st.floats(1.01, 1e6), unit=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_a_log_range_keeps_to_its_ends_and_its_order(low: float, ratio: float, unit: list[float]) -> None:
    factor = Factor("x", "x", "x", low, low * ratio, logarithmic=True)
    coded = factor.coded(np.sort(np.array(unit)))
    assert (coded >= factor.low).all()
    assert (coded <= factor.high).all()
    assert (np.diff(coded) >= 0.0).all()
    assert factor.coded(np.array([0.0, 1.0])) == pytest.approx([factor.low, factor.high], rel=1e-12)


@given(unit=st.floats(0.0, 1.0), count=st.integers(1, 7))
def test_listed_values_are_picked_evenly(unit: float, count: int) -> None:
    factor = Factor("x", "x", "x", values=tuple(range(count)))
    assert factor.value(float(factor.coded(np.array([unit]))[0])) == min(int(unit * count), count - 1)


def listed(tmp_path: Path, text: str) -> Any:
    (tmp_path / "points.csv").write_text(text)
    (tmp_path / "e.yaml").write_text(
        "name: e\nclaim: c\nscenario: dilemma-101\nfactors:\n  crowd_push: {}\n  brokerage: {values: [on, off]}\n"
        "design: {kind: list, file: points.csv}\n"
    )
    return load_study(tmp_path / "e.yaml")


def test_a_list_is_read_as_written(tmp_path: Path) -> None:
    points = listed(tmp_path, "brokerage,crowd_push\noff,0.25\non,\n,1e-1\n").points
    assert points[:, 0].tolist()[::2] == [0.25, 0.1]
    assert np.isnan(points[1, 0])
    assert np.isnan(points[2, 1])
    assert points[:2, 1].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "crowd_pus,brokerage\n1,on\n",
            "points.csv:1:1: there is no factor 'crowd_pus'; the experiment's are crowd_push, brokerage; did you mean 'crowd_push'?",
        ),
        ("crowd_push\n1\n", "points.csv:1:1: column 'brokerage' is missing"),
        ("crowd_push,brokerage\n1,on\n2\n", "points.csv:3:1: 1 cells, where the heading has 2"),
        ("crowd_push,brokerage\n1,maybe\n", "points.csv:2:1: brokerage: the text 'maybe' is not one of the factor's values; they are on, off"),
        ("crowd_push,brokerage\nmuch,on\n", "points.csv:2:1: crowd_push: a number is wanted, not the text 'much'"),
        ("crowd_push,brokerage\n", "points.csv:1:1: has no points"),
        ("crowd_push,brokerage\n1,on\n99,on\n", "e.yaml:7:28: design.file: parameters.crowd_push: 99.0 is out of range; allowed is 0 to 5"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_where_it_is(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as told:
        listed(tmp_path, text)
    assert message in str(told.value)
