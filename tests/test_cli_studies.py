"""The verbs about studies, where they meet files: check, list, schema, and the experiments that ship."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.cli import main
from sim.study.experiment import experiment_schema, kind_of_file, shipped_experiments, shipped_studies

SCHEMA = Path(__file__).parents[1] / "experiments" / "experiment.schema.json"


def test_the_schema_of_experiments_is_what_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--experiment"]) == 0
    assert capsys.readouterr().out == SCHEMA.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(experiment_schema())


@pytest.mark.parametrize("name", sorted(shipped_experiments()))
def test_shipped_experiments_keep_to_the_schema(name: str) -> None:
    text = shipped_experiments()[name].read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=experiment.schema.json\n")
    jsonschema.Draft202012Validator(experiment_schema()).validate(yaml.safe_load(text))


def test_check_knows_experiments_from_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("name: bad\nclaim: c\nscenario: aqim\ndesign: {kind: gird}\n")
    assert main(["check", "dilemma", "dilemma-101", str(bad)]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "dilemma: ok (experiment dilemma: 1 arms x 40 points on dilemma-101, 4,000 runs)"
    assert said.out.splitlines()[1].startswith("dilemma-101: ok (dilemma-101, 2000-01 to 2009-12")
    assert f"{bad}:4:16: design.kind: the text 'gird' is not one of" in said.err
    kinds = [kind_of_file(name) for name in ("aqim", "dilemma", "calibrate-aqim", "nowhere")]
    assert kinds == [None, "experiment", "calibration", None]
    assert main(["check", "calibrate-aqim"]) == 0
    assert "calibration calibrate-aqim: 30 priors of aqim, 22 facts to 2010, 200,000 histories" in capsys.readouterr().out


def test_list_tells_of_experiments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    names = [e["name"] for e in json.loads(capsys.readouterr().out)["experiments"]]
    assert names == sorted(shipped_experiments())
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert "Experiments (dilemma sweep NAME, dilemma sensitivity NAME):" in said
    # Every study that ships stands under the verb that it is for.
    assert all(f"\n  {name} " in said for name in shipped_studies())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "aqim"], "aqim is a scenario; use: dilemma run aqim"),
        (["sensitivity", "aqim"], "aqim is a scenario; use: dilemma run aqim"),
        (["calibrate", "dilemma"], "dilemma is an experiment; use: dilemma sweep dilemma"),
        (["run", "ablations"], "ablations is an experiment; use: dilemma sweep ablations"),
        (["whatif", "calibrate-aqim", "--without", "M10"], "use: dilemma calibrate calibrate-aqim"),
        (["sweep", "1-dilemma"], "1-dilemma is a lesson; use: dilemma teach\n"),
        (["sweep", "ablation"], "no shipped experiment of that name; shipped are ablations"),
        (["sweep", "ablation"], "did you mean 'ablations'?"),
        (["calibrate", "calibrate-aqmi"], "did you mean 'calibrate-aqim'?"),
        (["sweep", "nowhere/at-all.yaml"], "there is no file 'nowhere/at-all.yaml'"),
    ],
)
def test_a_verb_that_is_given_another_kind_of_file_names_the_one_it_is_for(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
