"""Calibration from file to report: ordinary stores, the same bytes whatever computes them, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.evidence.calibration import load_calibration
from sim.evidence.inference import read_table
from sim.scenario.errors import ScenarioError
from sim.show.calibration_text import _aligned
from sim.study.experiment import shipped_studies
from sim.study.result import SweepResult
from sim.world.outcomes import YEARLY

SMALL: dict[str, Any] = {
    "name": "small", "claim": "For tests.", "scenario": "dilemma-101", "seed": 2, "until": 2004, "histories": 400,
    "priors": {
        "recruitment": {"range": [0.1, 3.0], "scale": "log"},
        "home_rate": {"range": [0.001, 0.1], "scale": "log"},
        "raid_size": {"range": [2.0, 30.0]},
    },
    "facts": [
        {"fact": "Strength in 2001", "of": ["strength"], "year": 2001, "value": 60.0, "scale": "log", "error": 0.1},
        {"fact": "Strength in 2004", "of": ["strength"], "year": 2004, "value": 40.0, "scale": "log", "error": 0.1},
        {"fact": "Attacks to 2004", "of": ["attacks"], "kind": "sum", "since": 2000, "year": 2004, "value": 30.0, "scale": "log"},
    ],
    "nearest": 0.2, "planted": 60, "predicted": 20, "forest": {"trees": 30, "rows": 300, "least_leaf": 5},
    "rulebooks": {"histories": 80, "without": {"control": ["M2", "M3"], "exit": ["M5"]}},
}  # fmt: skip
READ = ("posterior.csv", "statistics.csv", "importances.csv", "ranks.csv", "rulebooks.csv", "draws.csv", "report.txt")


FIGURES = ("posterior", "ranks", "importances", "statistics", "rulebooks")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("calibration") / "calibrate-small.yaml"
    path.write_text(yaml.safe_dump(SMALL, sort_keys=False))
    return path


@pytest.fixture(scope="module")
def done(file: Path) -> Path:
    assert main(["calibrate", str(file), "--out", str(file.parent / "one"), "--workers", "1"]) == 0
    return file.parent / "one"


def test_it_writes_what_it_found(done: Path) -> None:
    posterior = pd.read_csv(done / "posterior.csv")
    assert posterior["parameter"].tolist() == [name for name in SMALL["priors"] for _ in range(2)]
    assert ((posterior["low"] <= posterior["q05"]) & (posterior["q05"] <= posterior["q50"]) & (posterior["q95"] <= posterior["high"])).all()
    # Going home is what strength and attacks tell of.
    best = posterior.set_index("parameter")["explained"].idxmax()
    assert best == "home_rate"
    ranks = pd.read_csv(done / "ranks.csv")
    assert len(ranks) == 2 * SMALL["planted"]
    assert ranks.drop(columns="reader").to_numpy().min() >= 0.0
    rulebooks = pd.read_csv(done / "rulebooks.csv")
    assert rulebooks["rulebook"].tolist() == ["whole", "control", "exit"]
    assert rulebooks["probability"].sum() == pytest.approx(1.0, abs=1e-3)
    for name in (*READ, *(f"{figure}.{form}" for figure in FIGURES for form in ("png", "svg"))):
        assert (done / name).stat().st_size > 100
    assert "The statistics do not tell" in (done / "report.txt").read_text()


def test_columns_of_a_report_are_as_wide_as_what_stands_in_them() -> None:
    rows = [["parameter", "median", "  interval", "ranks"], ["blow_half", "0.00001234", "  [0.000001234, 0.00008765]", "uniform"]]
    head, row = _aligned(rows, (-22, 9, -12, -1))
    assert head.index("median") + len("median") == row.index("0.00001234") + len("0.00001234")
    assert head.index("interval") == row.index("[0.000001234")
    assert head.index("ranks") == row.index("uniform") > row.index("]") + 1
    assert _aligned([["a", "1"]], (-22, 9)) == ["a" + 29 * " " + "1"], "and no narrower than they are wanted"


def test_the_table_is_an_ordinary_store_of_the_prior_and_of_no_later_year(file: Path, done: Path) -> None:
    result = SweepResult(done / "table")
    assert result.complete
    assert result.outcomes == [f"{name}@{year}" for year in range(2000, 2005) for name, _, _ in YEARLY]
    frame = result.to_pandas()
    assert len(frame) == SMALL["histories"]
    calibration = load_calibration(file)
    table = read_table(calibration, done / "table", 2)
    assert abs(np.sort(table.units[:, 0]) - (np.arange(400) + 0.5) / 400).max() < 0.07
    # A shorter table is the beginning of a longer one, and a family's has other chances.
    assert (calibration.table().points[:50] == load_calibration(file, {"histories": 50, "rulebooks": None}).table().points).all()
    assert SweepResult(done / "without-exit").study.spec.seed == 4
    assert SweepResult(done / "without-exit").study.spec.without == ["exit_voice_loyalty"]


PROBE = """
import hashlib, sys
import numpy as np
from threadpoolctl import threadpool_info
x = np.random.default_rng(1).random((60, 60))
told = [i["architecture"] for i in threadpool_info() if i["internal_api"] == "openblas"][:1], hashlib.sha256(np.linalg.cholesky(x @ x.T)).hexdigest()
"""
KERNEL = f"""{PROBE}
print(*told)
from sim.cli import main
from sim.show import calibration_text
calibration_text.write_figures = lambda found, folder: []
sys.exit(main(sys.argv[1:]))
"""


def test_the_same_bytes_under_two_blas_kernels_and_any_number_of_threads(file: Path, done: Path, tmp_path: Path) -> None:
    # This process has this machine's own kernel, and computed with one worker.
    here: dict[str, Any] = {}
    exec(PROBE, here)
    shutil.copytree(done, tmp_path / "other", ignore=shutil.ignore_patterns("predicted-*", *READ, "*.png", "*.svg"))
    words = [sys.executable, "-c", KERNEL, "calibrate", str(file), "--out", str(tmp_path / "other"), "--resume", "--workers", "2"]
    where = {**os.environ, "OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    job = subprocess.run(words, env=where, capture_output=True, text=True, timeout=300, check=False)
    assert job.returncode == 0, job.stderr
    kernel, _, digest = job.stdout.splitlines()[0].rpartition(" ")
    if kernel == str(here["told"][0]):
        pytest.skip(f"this machine has one BLAS kernel: {kernel}")
    # The kernels do differ: what goes through them comes out otherwise.
    assert digest != here["told"][1]
    for name in READ:
        assert (tmp_path / "other" / name).read_bytes() == (done / name).read_bytes(), name
    runs, before = (next(base.glob("predicted-*")) / "runs.parquet" for base in (tmp_path / "other", done))
    assert runs.read_bytes() == before.read_bytes()


def test_it_goes_on_and_mixes_nothing(
    file: Path, done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.show.calibration_text.write_figures", lambda found, folder: [])
    assert main(["calibrate", str(file), "--out", str(done)]) == 2
    assert "--resume" in capsys.readouterr().err
    other = tmp_path / "calibrate-other.yaml"
    other.write_text(yaml.safe_dump({**SMALL, "seed": 3}, sort_keys=False))
    assert main(["calibrate", str(other), "--out", str(done), "--resume"]) == 2
    assert "was made from something else" in capsys.readouterr().err
    # Facts are read from the same table: other facts need no other histories.
    facts = [{**SMALL["facts"][0], "value": 10.0}, *SMALL["facts"][1:]]
    other.write_text(yaml.safe_dump({**SMALL, "facts": facts, "planted": 20, "rulebooks": None}, sort_keys=False))
    folder = tmp_path / "again"
    shutil.copytree(done / "table", folder / "table")
    assert main(["calibrate", str(other), "--out", str(folder), "--resume", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["histories"] == SMALL["histories"]
    assert (folder / "table" / "runs.parquet").read_bytes() == (done / "table" / "runs.parquet").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"until": 2003}, "facts.1.year: 2004 is after 2003, the last year that may be used"),
        ({"facts": [{**SMALL["facts"][0], "year": 1990}]}, "1990 is not a year of dilemma-101"),
        ({"facts": [{**SMALL["facts"][0], "of": ["strengh"]}]}, "did you mean 'strength'?"),
        ({"facts": [{**SMALL["facts"][0], "kind": "share"}]}, "a share needs over"),
        ({"facts": [SMALL["facts"][0], SMALL["facts"][0]]}, "is there twice"),
        ({"facts": [{**SMALL["facts"][0], "error": -1.0}]}, "facts[0].error"),
        ({"priors": {"raid_siz": {"range": [0.1, 0.2]}}}, "did you mean 'raid_size'?"),
        ({"priors": {"emir_taken": {"range": [0.1, 1.2]}}}, "1.2 is out of range"),
        ({"priors": {"raid_size": {"range": [0.2, 0.1]}}}, "0.2 is not below 0.1"),
        ({"rulebooks": {"histories": 80, "without": {"exit": ["M55"]}}}, "there is no mechanism 'M55'"),
        ({"rulebooks": {"histories": 800, "without": {"exit": ["M5"]}}}, "800 histories of each rulebook, and the whole one has 400"),
        ({"scenario": "dilema-101"}, "scenario"),
        ({"historys": 300}, "did you mean 'histories'?"),
        ({"fixed": ["raid_size"]}, "fixes priors of another calibration"),
        ({"recalibrated": 3}, "3 is too few to learn from; allowed is 0, or 400 and more"),
        ({"recalibrated": 400}, "60 planted and 400 to learn from are more than the 400 histories"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "calibrate-wrong.yaml"
    path.write_text(yaml.safe_dump({**SMALL, **change}, sort_keys=False))
    with pytest.raises(ScenarioError) as told:
        load_calibration(path)
    assert message in str(told.value)
    assert main(["calibrate", str(path)]) == 2


def test_a_smaller_calibration_compares_as_many_histories_of_each_rulebook(file: Path) -> None:
    assert load_calibration(file, {"histories": 60}).spec.rulebooks.histories == 60  # type: ignore[union-attr]
    assert load_calibration(file, {"histories": 300}).spec.rulebooks.histories == 80  # type: ignore[union-attr]
    assert load_calibration("calibrate-aqim", {"histories": 500}).rulebook("exit").runs == (500, 500)


def _extending(folder: Path, **says: Any) -> Path:
    """Write a calibration and, beside it, one that extends it; the scenario of the first is a file of its own."""
    (folder / "own.yaml").write_text("extends: dilemma-101\nname: own\n")
    (folder / "base.yaml").write_text(yaml.safe_dump({**SMALL, "scenario": "own.yaml"}, sort_keys=False))
    child = folder / "child.yaml"
    child.write_text(yaml.safe_dump({"name": "child", "claim": "For tests.", "extends": "base.yaml", **says}, sort_keys=False))
    return child


def test_a_calibration_takes_from_another_what_it_does_not_say_and_fixes_priors_of_it(tmp_path: Path) -> None:
    found = load_calibration(_extending(tmp_path, fixed=["raid_size"], seed=3, rulebooks=None))
    assert [f.name for f in found.factors] == ["recruitment", "home_rate"]
    assert (found.spec.seed, found.spec.histories, found.scenario.name, found.families) == (3, 400, "own", {})
    assert main(["check", str(tmp_path / "child.yaml")]) == 0


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"extends": "nowhere"}, "child.yaml:3:10: extends: there is no calibration 'nowhere'"),
        ({"extends": "child.yaml"}, "child.yaml:3:10: extends: 'child.yaml' extends another calibration itself"),
        ({"fixed": ["raid_siz"]}, "did you mean 'raid_size'?"),
        ({"fixed": [{"a": 1}]}, "fixed[0]"),
    ],
)
def test_what_is_wrong_with_what_it_extends_is_told_where_it_stands(tmp_path: Path, says: dict[str, Any], message: str) -> None:
    child = _extending(tmp_path, **says)
    with pytest.raises(ScenarioError) as told:
        load_calibration(child)
    assert message in str(told.value)


def test_a_look_at_a_recalibrated_one_learns_from_half_of_its_histories(tmp_path: Path) -> None:
    child = _extending(tmp_path, histories=4000, recalibrated=1000, planted=500, rulebooks=None)
    spec = load_calibration(child, {"histories": 200}).spec
    assert (spec.histories, spec.recalibrated, spec.planted) == (200, 100, 50)


def test_posteriors_are_recalibrated_by_histories_that_are_not_those_that_check_them(tmp_path: Path) -> None:
    child = _extending(tmp_path, histories=900, recalibrated=400, planted=60, rulebooks=None, predicted=20)
    assert main(["calibrate", str(child), "--out", str(tmp_path / "out"), "--workers", "2"]) == 0
    assert "Recalibrated by the ranks of 400 further planted histories" in (tmp_path / "out" / "report.txt").read_text(encoding="utf-8")
    assert len(pd.read_csv(tmp_path / "out" / "ranks.csv")) == 2 * 60


def test_shipped_calibrations_are_sound_and_look_no_further_than_they_say() -> None:
    for name in (n for n in shipped_studies() if n.startswith("calibrate")):
        calibration = load_calibration(name)
        assert calibration.spec.name == name
        assert max(year for fact in calibration.spec.facts for year in fact.years) <= calibration.spec.until
        assert {int(outcome[-4:]) for outcome in calibration.outcomes} == set(range(1998, calibration.spec.until + 1))
