"""The verbs about studies, where they meet files: check, list, schema, and the experiments that ship."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.cli import main
from sim.study.experiment import experiment_schema, kind_of_file, shipped_experiments

SCHEMA = Path(__file__).parents[1] / "experiments" / "experiment.schema.json"


def test_the_schema_of_experiments_is_what_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--experiment"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(experiment_schema())


@pytest.mark.parametrize("name", sorted(shipped_experiments()))
def test_shipped_experiments_keep_to_the_schema(name: str) -> None:
    text = shipped_experiments()[name].read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=experiment.schema.json\n")
    jsonschema.validate(yaml.safe_load(text), experiment_schema())


def test_check_knows_experiments_from_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: bad\nclaim: c\nscenario: aqim\ndesign: {kind: gird}\n")
    assert main(["check", "dilemma", "dilemma-101", str(bad)]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "dilemma: ok (experiment dilemma: 1 arms x 40 points on dilemma-101, 4,000 runs)"
    assert said.out.splitlines()[1].startswith("dilemma-101: ok (dilemma-101, 2000-01 to 2009-12")
    assert f"{bad}:4:16: design.kind: the text 'gird' is not one of" in said.err
    kinds = [kind_of_file(name) for name in ("aqim", "dilemma", "calibrate-aqim", "nowhere")]
    assert kinds == ["scenario", "experiment", "calibration", "scenario"]
    assert main(["check", "calibrate-aqim"]) == 0
    assert "calibration calibrate-aqim: 30 priors of aqim, 22 facts to 2010, 200,000 histories" in capsys.readouterr().out


def test_list_tells_of_experiments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    names = [e["name"] for e in json.loads(capsys.readouterr().out)["experiments"]]
    assert names == sorted(shipped_experiments())
    assert main(["list"]) == 0
    assert "Experiments (dilemma sweep NAME):" in capsys.readouterr().out
