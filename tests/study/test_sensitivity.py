"""Sensitivity indices through our own pipeline (experiment, design, sweep, store, analysis), on functions whose indices are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import main
from sim.study.functions import ARGUMENTS, BOUNDS, G_COEFFICIENTS, indices
from sim.study.sensitivity import sensitivity
from sim.study.store import StoreError


def on_function(function: str, design: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    low, high = BOUNDS[function]
    return {
        "name": function, "claim": "Indices are known.", "function": function, "seed": seed, "replicates": 1, "design": design,
        "factors": {name: {"range": [low, high]} for name in ARGUMENTS[function]},
    }  # fmt: skip


def table(found: Any, kind: str) -> pd.DataFrame:
    frame = found.to_pandas()
    return frame[frame["kind"] == kind].reset_index(drop=True)


@pytest.mark.parametrize("function", ["ishigami", "sobol-g"])
def test_sobol_indices_of_known_functions(tmp_path: Path, function: str) -> None:
    found = sensitivity(sim.sweep(on_function(function, {"kind": "saltelli", "points": 1024}), tmp_path / "s", progress=False))
    for kind, known in zip(("first", "total"), indices(function), strict=True):
        estimated = table(found, kind)
        assert estimated["factor"].tolist() == list(ARGUMENTS[function])
        assert estimated["value"].to_numpy() == pytest.approx(known, abs=0.03)


def test_the_intervals_cover_the_known_indices_as_often_as_they_say(tmp_path: Path) -> None:
    known = np.concatenate(indices("ishigami"))
    hits = []
    for seed in range(16):
        found = sensitivity(sim.sweep(on_function("ishigami", {"kind": "saltelli", "points": 256}, seed), tmp_path / str(seed), progress=False))
        both = pd.concat([table(found, "first"), table(found, "total")])
        hits.append((both["low"].to_numpy() <= known) & (known <= both["high"].to_numpy()))
    assert np.mean(hits) >= 0.9


def test_second_order_indices_find_the_interaction(tmp_path: Path) -> None:
    found = sensitivity(
        sim.sweep(on_function("ishigami", {"kind": "saltelli", "points": 1024, "second_order": True}), tmp_path / "s", progress=False)
    )
    second = table(found, "second").set_index("factor")["value"]
    first, total = indices("ishigami")
    assert second["x1 x x3"] == pytest.approx(total[2] - first[2], abs=0.05)
    assert second[["x1 x x2", "x2 x x3"]].abs().max() < 0.05


def test_morris_ranks_the_g_function_and_knows_what_does_not_matter(tmp_path: Path) -> None:
    found = sensitivity(sim.sweep(on_function("sobol-g", {"kind": "morris", "trajectories": 100}), tmp_path / "s", progress=False))
    mu = table(found, "mu_star").set_index("factor")
    assert mu["value"].sort_values(ascending=False).index[:4].tolist() == ["x1", "x2", "x3", "x4"]
    assert mu.loc[["x5", "x6", "x7", "x8"], "value"].max() < 0.1
    assert ((mu["low"] <= mu["value"]) & (mu["value"] <= mu["high"])).all()


def test_morris_effects_are_per_full_range_whatever_the_range(tmp_path: Path) -> None:
    """The range given is the range meant: an effect is what the outcome does over all of it."""
    experiment = on_function("sobol-g", {"kind": "morris", "trajectories": 60})
    experiment["factors"]["x1"]["range"] = [0.5, 1.0]
    narrow = table(sensitivity(sim.sweep(experiment, tmp_path / "s", progress=False)), "mu").set_index("factor")["value"]
    # On [0.5, 1] the factor of x1 is 4x - 2, which rises by 2 over its range; for the others |4x - 2| has mean 4/3 over the levels of the design.
    others = np.prod([(4 / 3 + a) / (1 + a) for a in G_COEFFICIENTS[1:]])
    assert narrow["x1"] == pytest.approx(2.0 * others, rel=0.1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sensitivity") / "s"
    experiment = {
        "name": "s", "claim": "c", "scenario": "dilemma-101", "ablate": ["M7"], "replicates": 6, "outcomes": ["strength_end", "pledges"],
        "factors": {"recruitment": {"range": [1.0, 5.0]}, "release_rate": {"range": [0.0, 0.01]}, "raid_size": {"range": [4.0, 16.0]}},
        "design": {"kind": "morris", "trajectories": 8},
    }  # fmt: skip
    sim.sweep(experiment, path, progress=False)
    return path


def test_on_the_model_what_matters_is_told_from_what_does_not(store: Path) -> None:
    found = sensitivity(sim.open_store(store))
    mu = table(found, "mu_star")
    assert sorted(set(mu["arm"])) == ["", "embedding off"]
    mine = mu[mu["arm"] == ""].set_index("factor")["value"]
    assert mine["recruitment"] > mine["release_rate"]
    assert found.still == ["pledges", "embedding off pledges"]


def test_chance_widens_the_interval(store: Path, tmp_path: Path) -> None:
    """With one replicate, nothing is known of chance; with six, the interval counts it too."""
    result = sim.open_store(store)
    whole = table(sensitivity(result, ["strength_end"]), "mu_star")
    from sim.study import sensitivity as module

    module_resamples, module.REPLICATE_RESAMPLES = module.REPLICATE_RESAMPLES, 0
    try:
        points_only = table(sensitivity(result, ["strength_end"]), "mu_star")
    finally:
        module.REPLICATE_RESAMPLES = module_resamples
    assert (whole["high"] - whole["low"] >= points_only["high"] - points_only["low"]).all()
    assert (whole["high"] - whole["low"]).sum() > 1.02 * (points_only["high"] - points_only["low"]).sum()


def test_the_command_sweeps_and_analyses_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "e.yaml"
    file.write_text(json.dumps(on_function("ishigami", {"kind": "saltelli", "points": 64})))
    assert main(["sensitivity", str(file), "--out", str(tmp_path / "s"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["indices"]) == 6
    for name in ("sensitivity.csv", "sensitivity.png", "sensitivity.svg"):
        assert (tmp_path / "s" / "figures" / name).stat().st_size > 100
    # A store is analysed again without being run again.
    assert main(["sensitivity", str(tmp_path / "s"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["indices"] == found["indices"]
    assert main(["sensitivity", str(file), "--out", str(tmp_path / "s")]) == 2
    assert "this sweep is complete; --resume shows" in capsys.readouterr().err
    assert main(["sensitivity", str(file), "--out", str(tmp_path / "s"), "--resume"]) == 0
    assert "x1" in capsys.readouterr().out


def test_a_design_without_indices_is_refused(tmp_path: Path, experiment: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "e.yaml").write_text(json.dumps(experiment))
    assert main(["sensitivity", str(tmp_path / "e.yaml")]) == 2
    assert "design.kind: sensitivity indices need a design of kind saltelli or morris" in capsys.readouterr().err
    experiment["replicates"] = 1
    result = sim.sweep(experiment, tmp_path / "s", progress=False)
    with pytest.raises(StoreError, match="has grid design; indices need one of kind saltelli or morris"):
        sensitivity(result)


def test_a_point_without_a_run_leaves_no_indices(tmp_path: Path, experiment: dict[str, Any]) -> None:
    experiment.update(replicates=1, design={"kind": "morris", "trajectories": 20}, outcomes=["control"])
    experiment["factors"].pop("brokerage")
    with pytest.raises(StoreError, match="design points no run succeeded"):
        sensitivity(sim.sweep(experiment, tmp_path / "s", progress=False))
