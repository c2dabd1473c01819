"""Results as they are read: tables, xarray, notebooks, and progress lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.study.progress import Progress, clock, told
from sim.study.store import StoreError


@pytest.fixture
def result(tmp_path: Path, experiment: dict[str, Any]) -> sim.SweepResult:
    return sim.sweep(experiment, tmp_path / "s", progress=False)


def test_the_table_is_what_the_engine_says(result: sim.SweepResult) -> None:
    frame = result.to_pandas()
    assert frame["point"].drop_duplicates().tolist() == [p for p in range(18) if p not in (10, 11, 14, 15, 16, 17)]
    row = frame.iloc[40]
    scenario = sim.load(
        "dilemma-101",
        overrides={
            "policies.budget": 1.0,
            "policies.force": row["force"],
            "policies.amnesty": row["amnesty"],
            "brokerage": bool(row["brokerage"] == "on"),
        },
    )
    again = sim.ensemble(scenario, seed=3, replicates=1, first=int(row["replicate"])).iloc[0]
    assert all(again[name] == row[name] for name in result.outcomes)


def test_only_what_is_asked_for_is_read(result: sim.SweepResult) -> None:
    assert list(result.to_pandas(["control"]).columns) == ["scenario", "policy", "without", "point", "replicate", "control"]
    with pytest.raises(StoreError, match="the table has no column 'controll'"):
        result.to_pandas(["controll"])
    parts = list(result.frames(["control"]))
    assert sum(len(p) for p in parts) == len(result) == 216


def test_a_grid_becomes_an_array_with_a_dimension_a_factor(result: sim.SweepResult) -> None:
    pytest.importorskip("xarray")
    data = result.to_xarray()
    assert dict(data.sizes) == {"force": 3, "amnesty": 3, "brokerage": 2, "replicate": 12}
    frame = result.to_pandas()
    row = frame.iloc[100]
    at = {name: row[name] for name in ("force", "amnesty", "brokerage", "replicate")}
    assert float(data["strength_end"].sel(at)) == row["strength_end"]
    # What failed is NaN, not missing rows that shift the others.
    assert np.isnan(data["control"].sel(force=0.7, amnesty=0.7, method="nearest")).all()


def test_other_designs_become_an_array_over_points(tmp_path: Path, experiment: dict[str, Any]) -> None:
    pytest.importorskip("xarray")
    experiment["design"] = {"kind": "lhs", "points": 5}
    experiment.update(set={}, ablate=["M7"], replicates=4, draws="independent")
    experiment["factors"] = {"crowd_push": {"range": [0.1, 0.9]}, "brokerage": {"values": [True, False]}}
    result = sim.sweep(experiment, tmp_path / "lhs", progress=False)
    data = result.to_xarray(["control"])
    assert dict(data.sizes) == {"without": 2, "point": 5, "replicate": 4}
    assert data["crowd_push"].dims == ("point",)
    assert data["crowd_push"].to_numpy() == pytest.approx(result.design()["crowd_push"].to_numpy())
    assert not np.isnan(data["control"]).any()


def test_means_count_what_there_is(result: sim.SweepResult) -> None:
    means = result.means(["control"])
    assert (means["control", "count"] == 12).all()
    assert means["control", "mean"].iloc[0] == pytest.approx(result.to_pandas().query("point == 0")["control"].mean())


def test_a_notebook_shows_it(result: sim.SweepResult) -> None:
    assert "A study for tests." in result._repr_html_()
    assert "216 runs" in repr(result)


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such directory"):
        sim.open_store(tmp_path / "nowhere")
    with pytest.raises(StoreError, match=r"is no store \(it has no manifest.json\)"):
        sim.open_store(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        sim.open_store(tmp_path)
    (tmp_path / "manifest.json").write_text('{"schema_version": 99}')
    with pytest.raises(StoreError, match="is a store of version 99; this program reads versions 1 and 2"):
        sim.open_store(tmp_path)


def test_a_complete_sweep_is_returned_as_it_is(result: sim.SweepResult, experiment: dict[str, Any]) -> None:
    stamp = (result.path / "runs.parquet").stat().st_mtime_ns
    again = sim.sweep(experiment, result.path, progress=False)
    assert (again.path / "runs.parquet").stat().st_mtime_ns == stamp
    assert len(again.store.sessions()) == 1


def test_the_design_is_a_table(result: sim.SweepResult) -> None:
    design = result.design()
    assert len(design) == 18
    assert design["brokerage"].astype(str).value_counts().to_dict() == {"on": 9, "off": 9}


def test_progress_says_done_total_rate_left_and_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.study.sweep as module

    monkeypatch.setattr(module.time, "monotonic", lambda: 110.0)
    progress = Progress(total=2000, shards=10, done=1000, before=500, shards_done=5, failures=3, began=100.0)
    assert told(progress) == "1,000 of 2,000 runs, 50 runs/s, 20 s left, 3 failed"
    progress.stopping = True
    assert "stopping after the current shards" in told(progress)
    assert [clock(s) for s in (5, 600, 7200)] == ["5 s", "10 min", "2.0 h"]


def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(tmp_path: Path, experiment: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    import json
    import os
    import pty
    import subprocess
    import sys

    sim.sweep(experiment, tmp_path / "lines")
    lines = capfd.readouterr().err.splitlines()
    assert lines[-1].startswith("216 of 216 runs, ")
    assert lines[-1].endswith("72 failed")
    (tmp_path / "e.yaml").write_text(json.dumps(experiment))
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "sim.cli", "sweep", str(tmp_path / "e.yaml"), "--out", str(tmp_path / "bar"), "--resume"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    subprocess.run(command, stderr=writer, stdout=subprocess.DEVNULL, check=False, env=environment)
    os.close(writer)
    shown = b""
    while True:
        try:
            part = os.read(reader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    assert b"216 of 216 runs" in shown
    assert "━".encode() in shown
