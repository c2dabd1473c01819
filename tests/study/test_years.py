"""Outcomes of a year in a study, and designs of prior draws: the same from both engines, and refused where there is no such year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.scenario.errors import ScenarioError
from sim.study.plan import load_study
from sim.study.sweep import sweep

YEARLY = ["strength@2001", "attacks@2000", "deaths_state_home@2001", "root_stands@2001"]


@pytest.fixture
def drawn() -> dict[str, Any]:
    return {
        "name": "years", "claim": "c", "scenario": "dilemma-101", "seed": 4, "draws": "independent", "replicates": 1,
        "factors": {"recruitment": {"range": [0.1, 2.0], "scale": "log"}, "brokerage": {"values": [True, False]}},
        "design": {"kind": "prior", "points": 6}, "outcomes": YEARLY,
    }  # fmt: skip


def test_both_engines_give_the_same_file_and_whole_runs_the_same_years(drawn: dict[str, Any], tmp_path: Path) -> None:
    years = sweep(drawn, tmp_path / "compiled", workers=1, progress=False).to_pandas()
    sweep({**drawn, "design": {"kind": "prior", "points": 2}}, tmp_path / "short", workers=1, progress=False)
    sweep({**drawn, "design": {"kind": "prior", "points": 2}}, tmp_path / "mesa", workers=1, engine="mesa", progress=False)
    assert (tmp_path / "mesa" / "runs.parquet").read_bytes() == (tmp_path / "short" / "runs.parquet").read_bytes()
    both = sweep({**drawn, "outcomes": ["months_survived", *YEARLY, "attacks"]}, tmp_path / "both", workers=1, progress=False).to_pandas()
    assert (both[YEARLY] == years[YEARLY]).all(axis=None)
    whole = sweep({**drawn, "outcomes": ["months_survived", "attacks"]}, tmp_path / "whole", workers=1, progress=False).to_pandas()
    assert (both[["months_survived", "attacks"]] == whole[["months_survived", "attacks"]]).all(axis=None)
    assert years["strength@2001"].nunique() > 2


def test_a_prior_draw_has_an_address(drawn: dict[str, Any]) -> None:
    points = load_study(drawn).points
    longer = load_study({**drawn, "design": {"kind": "prior", "points": 500}}).points
    assert (longer[:6] == points).all()
    alone = load_study({**drawn, "factors": {"recruitment": drawn["factors"]["recruitment"]}}).points
    assert (alone[:, 0] == points[:, 0]).all()
    assert set(longer[:, 1]) == {0.0, 1.0}
    assert abs(np.log(longer[:, 0] / 0.1).mean() / np.log(20.0) - 0.5) < 0.05
    assert load_study({**drawn, "seed": 5}).points[0, 0] != points[0, 0]
    # 24 significant bits are all there are.
    assert (longer[:, 0] == longer[:, 0].astype(np.float32)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outcomes": ["strength@1999"]}, "outcomes.0: dilemma-101 has the years 2000 to"),
        ({"outcomes": ["strength@99"]}, "'strength@99' is no outcome of a year, such as attacks@2006"),
        ({"outcomes": ["strengh@2001"]}, "did you mean 'strength'?"),
        ({"set": {"end": "2008-12"}}, "outcomes of a year cannot be asked for where 'end' is changed"),
        ({"design": {"kind": "prior"}}, "points is missing"),
    ],
)
def test_what_is_wrong_is_told(drawn: dict[str, Any], change: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as told:
        load_study({**drawn, **change})
    assert message in str(told.value)
