"""Experiments as users write them: what is refused, where, and in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.scenario.errors import ScenarioError
from sim.scenario.parameters import PARAMETERS
from sim.study.experiment import read_experiment, shipped_experiments
from sim.study.plan import load_study

GOOD = """\
name: small
claim: A claim.
scenario: dilemma-101
factors:
  percolation: {range: [0.1, 0.9]}
  brokerage: {values: [on, off]}
design: {kind: grid, levels: 3}
replicates: 4
outcomes: [survived, control]
"""

BAD = [
    ("claim: A claim.", "", "1:1: claim: is missing: The claim or question"),
    ("name: small", "name: Small", "1:7: name: 'Small' is not admissible: a name in lower case"),
    ("scenario: dilemma-101", "scenario: dilema-101", "3:11: scenario: there is no shipped scenario 'dilema-101'"),
    ("scenario: dilemma-101", "scenario: dilema-101", "did you mean 'dilemma-101'?"),
    ("scenario: dilemma-101", "", "1:1: says not what to run"),
    ("scenario: dilemma-101", "scenario: aqim\nfunction: ishigami", "4:1: function: scenario is given too"),
    ("scenario: dilemma-101", "scenarios: [aqim, aqim]", "scenarios.1: a second scenario with the name 'aqim'"),
    ("percolation:", "percolaton:", "did you mean 'percolation'?"),
    ("[0.1, 0.9]", "[0.1, 5.9]", "5:24: factors.percolation.range: parameters.percolation: 5.9 is out of range; allowed is 0 to 5"),
    ("[0.1, 0.9]", "[0.9, 0.1]", "factors.percolation.range: 0.9 is not below 0.1"),
    ("[0.1, 0.9]", "[0.1]", "factors.percolation.range: at least 2 is wanted"),
    ("{range: [0.1, 0.9]}", "{range: [0.0, 0.9], scale: log}", "factors.percolation.scale: a log scale needs a range above 0"),
    ("{range: [0.1, 0.9]}", "{}", "factors.percolation: a range [low, high] or values is wanted"),
    ("{range: [0.1, 0.9]}", "{range: [0.1, 0.9], values: [0.2]}", "factors.percolation: has a range and values"),
    ("[on, off]", "[on, maybe]", "factors.brokerage.values.1: mechanisms.brokerage: on or off is wanted, not the text 'maybe'"),
    ("[on, off]", "[on, on]", "factors.brokerage.values.1: True is there twice"),
    ("brokerage: {values", "survived: {path: brokerage, values", "the table of runs has a column 'survived' of its own"),
    ("brokerage: {values: [on, off]}", "other: {path: percolation, range: [0.2, 0.3]}", "varies 'percolation', and so does factor"),
    (
        "kind: grid",
        "kind: gird",
        "design.kind: the text 'gird' is not one of grid, lhs, sobol, saltelli, morris, list, one-at-a-time, prior; did you mean 'grid'?",
    ),
    ("kind: grid, levels: 3", "kind: lhs", "design: points is missing: a lhs design needs it"),
    ("kind: grid, levels: 3", "kind: grid, points: 3", "design.points: says nothing for a grid design; it takes levels"),
    (
        "kind: grid, levels: 3",
        "kind: sobol, points: 100",
        "100 is not a power of two, without which a Sobol' sequence loses its balance; near it is 128",
    ),
    ("kind: grid, levels: 3", "kind: morris, trajectories: 4", "factors.brokerage: a morris design walks over ranges"),
    ("kind: grid, levels: 3", "kind: grid, levels: 10000000", "design.levels: 10000000 is out of range"),
    ("kind: grid, levels: 3", "kind: list, file: nowhere.csv", "design.file: "),
    ("design: {kind: grid, levels: 3}", "", "factors: factors vary, but there is no design"),
    ("replicates: 4", "replicates: 0", "replicates: 0 is out of range; allowed is 1 to 10000000"),
    (
        "replicates: 4",
        "replicates: 4\nuntil: {interval_of: survived, narrower_than: 0.1, at_most: 4}",
        "until.at_most: 4 is not above the 4 replicates",
    ),
    ("replicates: 4", "replicates: 4\nuntil: {interval_of: surviv, narrower_than: 0.1, at_most: 9}", "did you mean 'survived'?"),
    ("[survived, control]", "[survived, controll]", "outcomes.1: there is no outcome 'controll'"),
    ("[survived, control]", "[survived, survived]", "outcomes.1: 'survived' is there twice"),
    ("replicates: 4", "without: [brokrage]", "without.0: there is no mechanism 'brokrage'"),
    ("replicates: 4", "ablate: [M99]", "ablate.0: there is no mechanism 'M99'"),
    ("replicates: 4", "ablate: [all, M1]", "ablate.0: there is no mechanism 'all'"),
    ("replicates: 4", "set: {emirs.Nobody.skill: 0.2}", "set.emirs.Nobody.skill: 'Nobody' names nothing"),
    ("replicates: 4", "policies: {mix: {budget: 1, force: 0.7, amnesty: 0.7}}", "policies.mix: policies: the shares of the budget add up to 1.4"),
    ("replicates: 4", "policies: {mix: {bugdet: 1}}", "policies.mix.bugdet: unknown key 'bugdet'"),
    ("replicates: 4", "replicats: 4", "did you mean 'replicates'?"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_what_is_wrong_is_told_where_it_is(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert GOOD.count(old) == 1
    file = tmp_path / "bad.yaml"
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(ScenarioError) as told:
        load_study(file)
    assert message in str(told.value)
    assert str(told.value).startswith(f"{file}:")


def test_the_good_one_is_good(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    study = load_study(tmp_path / "good.yaml")
    assert (study.cells, study.runs) == (6, (24, 24))
    assert study.sha256 == load_study(yaml.safe_load(GOOD) | {"title": "Words do not matter.", "budget": {"runs": 1}}).sha256
    for other in (
        {"seed": 1},
        {"replicates": 5},
        {"outcomes": ["survived"]},
        {"set": {"crowd_push": 0.1}},
        {"without": ["M7"]},
        {"draws": "independent"},
    ):
        assert study.sha256 != load_study({**yaml.safe_load(GOOD), **other}).sha256


def test_several_problems_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(GOOD.replace("control]", "controll]").replace("kind: grid", "kind: lhs").replace("[0.1, 0.9]", "[0.9, 0.1]"))
    with pytest.raises(ScenarioError) as told:
        load_study(tmp_path / "bad.yaml")
    assert len(told.value.problems) == 4


def test_values_that_need_each_other_are_not_refused_alone() -> None:
    """A budget needs shares, and shares a budget; neither is wrong by itself."""
    experiment: dict[str, Any] = yaml.safe_load(GOOD)
    experiment["set"] = {"policies.budget": 1.0}
    experiment["factors"] = {"force": {"path": "policies.force", "range": [0.1, 0.9]}}
    assert load_study(experiment).cells == 3


def test_a_study_in_which_no_point_is_admissible_is_refused() -> None:
    experiment: dict[str, Any] = yaml.safe_load(GOOD)
    experiment["set"] = {"policies.budget": 1.0}
    with pytest.raises(ScenarioError, match="no share spent on anything"):
        load_study(experiment)


def test_data_that_is_not_plain_is_refused() -> None:
    with pytest.raises(ScenarioError, match="is not plain data"):
        read_experiment({"name": object()})


@pytest.mark.parametrize("name", sorted(shipped_experiments()))
def test_shipped_experiments_are_sound_and_say_what_they_test(name: str) -> None:
    study = load_study(name)
    assert study.spec.name == name
    assert study.spec.title
    assert study.cells >= 1
    if study.spec.design is not None and study.spec.design.kind == "one-at-a-time":
        assert study.factors
    for factor in study.factors:
        if factor.path in PARAMETERS and factor.values is None:
            assert factor.low <= PARAMETERS[factor.path].default <= factor.high, f"the range of {factor.path} leaves out its default"


def test_shards_hold_every_run_once() -> None:
    for replicates, levels in ((1, 2), (7, 9), (300, 2), (5000, 2)):
        study = load_study({**yaml.safe_load(GOOD), "replicates": replicates, "design": {"kind": "grid", "levels": levels}})
        seen: dict[int, list[int]] = {}
        for shard in range(study.shards):
            pieces = study.pieces(shard)
            assert pieces
            for piece in pieces:
                seen.setdefault(piece.cell, []).extend(range(piece.first, piece.first + piece.count))
        assert list(seen) == list(range(study.cells))
        assert all(numbers == list(range(replicates)) for numbers in seen.values())


def test_independent_draws_have_addresses_of_their_own() -> None:
    study = load_study({**yaml.safe_load(GOOD), "draws": "independent"})
    firsts = [p.first for shard in range(study.shards) for p in study.pieces(shard)]
    numbers = [n for shard in range(study.shards) for p in study.pieces(shard) for n in range(p.first, p.first + p.count)]
    assert len(set(numbers)) == len(numbers) == 24
    assert firsts == sorted(firsts)


def test_the_command_of_a_run_says_all_of_it() -> None:
    study = load_study({**yaml.safe_load(GOOD), "seed": 9, "set": {"crowd_push": 0.25}, "ablate": ["M7"], "without": ["M15"]})
    command = study.command(study.cells - 1, 3)
    assert command == (
        "dilemma run dilemma-101 --seed 9 --replicate 3 --set crowd_push=0.25 --set percolation=0.9 --set brokerage=false"
        " --without M15 --without embedding"
    )
