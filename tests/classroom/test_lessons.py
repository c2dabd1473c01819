"""Lessons: those that ship are right, what an instructor gets wrong is told where, and verdicts are read from runs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.classroom.lesson import PAGES, lesson_schema, lessons_in, load_lesson, outcome_of, shipped_lessons, verdict
from sim.cli import main
from sim.observe.ensemble import outcomes
from sim.scenario.errors import ScenarioError

ROOT = Path(__file__).parents[2]
FIVE = ["dilemma", "embedding", "brokers", "residual", "force"]
GOOD = (ROOT / "lessons" / "1-dilemma.yaml").read_text(encoding="utf-8")


def test_five_lessons_ship_in_the_order_of_a_lecture():
    assert [load_lesson(path).spec.name for path in shipped_lessons().values()] == FIVE


@pytest.mark.parametrize("name", list(shipped_lessons()))
def test_a_lesson_has_every_part_and_its_links_lead_to_pages(name):
    spec = load_lesson(name).spec
    assert spec.question.strip()
    assert spec.literature.strip()
    assert spec.discussion
    assert all(link.page.split("?")[0] in PAGES for link in spec.explore)


@pytest.mark.parametrize("name", list(shipped_lessons()))
def test_a_lessons_experiment_tells_its_predictions_apart(name):
    """A question to which all answers come out alike teaches nothing."""
    found = outcome_of(load_lesson(name))
    for option in found["options"]:
        for c in option["contrasts"]:
            assert c["difference"] == found["outcomes"][c["outcome"]]["pairs"][c["pair"]]  # What the figure draws is what the verdict is read from.
    assert len({option["verdict"] for option in found["options"]}) > 1
    assert all(low - 1e-9 <= middle <= high + 1e-9 for o in found["outcomes"] for middle, low, high in o["means"])


@pytest.mark.parametrize("name", list(shipped_lessons()))
def test_a_lesson_lets_students_predict_either_sign(name):
    """What can be predicted in one direction only is no question."""
    expected = {}
    for option in load_lesson(name).spec.prediction.options:
        for e in option.expects:
            one, other = sorted((e.of, e.against))
            turned = {"higher": "lower", "lower": "higher", "same": "same"}[e.sign] if (one, other) != (e.of, e.against) else e.sign
            expected.setdefault((e.outcome, one, other), set()).add(turned)
    assert any({"higher", "lower"} <= signs for signs in expected.values()), expected


def test_the_numbers_are_those_of_the_command_line():
    lesson = load_lesson("3-brokers")
    found = outcome_of(lesson)
    runs = [outcomes(world, seed=lesson.spec.experiment.seed, replicates=lesson.spec.experiment.replicates) for world in lesson.worlds]
    for outcome in found["outcomes"]:
        for (middle, _, _), frame in zip(outcome["means"], runs, strict=True):
            assert middle == pytest.approx(frame[outcome["name"]].mean())
        assert outcome["differences"][0][0] == pytest.approx((runs[1] - runs[0])[outcome["name"]].mean())


@pytest.mark.parametrize(
    ("sign", "difference", "said"),
    [
        ("higher", [1, 0.5, 1.5], "holds"), ("higher", [1, -0.5, 2.5], "open"), ("higher", [-1, -1.5, -0.5], "contrary"),
        ("lower", [-1, -1.5, -0.5], "holds"), ("lower", [0, 0, 0], "open"), ("lower", [1, 0.5, 1.5], "contrary"),
        ("same", [0, 0, 0], "holds"), ("same", [0.1, -0.2, 0.4], "holds"), ("same", [1, 0.5, 1.5], "contrary"),
    ],
)  # fmt: skip
def test_a_verdict_needs_the_whole_interval(sign, difference, said):
    assert verdict(sign, difference) == said


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("title:", "tittle:", ":4:1: tittle: unknown key 'tittle'"),
        ("minutes: 10", "minutes: 0", ":5:10: minutes:"),
        ("sign: same", "sign: equal", "sign:"),
        ("name: control, words", "name: contrl, words", "there is no outcome 'contrl'; did you mean 'control'?"),
        ("outcome: root_survived", "outcome: root_surviving", "is not shown by the experiment, which shows root_survived, root_strength_mean"),
        ("of: Held tight", "of: Held tigt", "there is no world 'Held tigt'; worlds are He searches, Held loose, Held tight"),
        ("label: Held tight", "label: Held loose", "two worlds are called"),
        (
            "search_step: 0, organisations.The Front.control: 0.125",
            "search_step: 7, organisations.The Front.control: 0.125",
            "experiment.worlds[1]: parameters.search_step:",
        ),
        ("Front.control: 1.0}}", "Front.control: 1.85}}", "experiment.worlds[2]: organisations[0].control:"),
        ("organisations.The Front.control: 1.0", "organisations.The Frnt.control: 1.0", "names nothing; there are The Front"),
        ("scenario: dilemma-101\n", "scenario: dilemma-102\n", "experiment.scenario: dilemma-102:"),
        ('page: "dilemma?intelligence=0.85"', 'page: "dilema?intelligence=0.85"', "there is no page 'dilema'; pages are begin, dilemma, history"),
    ],
)
def test_a_wrong_lesson_is_told_with_file_line_and_what_is_allowed(tmp_path, monkeypatch, capsys, was, now, told):
    assert was in GOOD
    monkeypatch.chdir(tmp_path)
    Path("l.yaml").write_text(GOOD.replace(was, now), encoding="utf-8")
    assert main(["check", "l.yaml"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("l.yaml:")
    assert told in said
    assert "Traceback" not in said


def test_a_folder_of_lessons_is_read_in_order_and_names_are_told_apart(tmp_path):
    with pytest.raises(ScenarioError, match="holds no lesson"):
        lessons_in(tmp_path)
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(GOOD.replace("name: dilemma\n", "name: other\n"), encoding="utf-8")
    assert [lesson.spec.name for lesson in lessons_in(tmp_path)] == ["other", "dilemma"]
    (tmp_path / "c.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ScenarioError, match="two lessons are called 'dilemma'"):
        lessons_in(tmp_path)


def test_a_lesson_runs_a_scenario_that_lies_beside_it(tmp_path):
    (tmp_path / "own.yaml").write_text("extends: dilemma-101\nname: own\n", encoding="utf-8")
    (tmp_path / "l.yaml").write_text(GOOD.replace("scenario: dilemma-101\n", "scenario: own.yaml\n"), encoding="utf-8")
    assert load_lesson(tmp_path / "l.yaml").worlds[0].name == "own"


def test_the_schema_that_ships_is_the_schema_and_holds_for_what_ships(capsys):
    written = json.loads((ROOT / "lessons" / "lesson.schema.json").read_text(encoding="utf-8"))
    assert written == lesson_schema()
    assert main(["schema", "--lesson"]) == 0
    assert json.loads(capsys.readouterr().out) == written
    jsonschema.Draft202012Validator.check_schema(written)
    for path in shipped_lessons().values():
        jsonschema.Draft202012Validator(written).validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert main(["schema", "--lesson", "--experiment"]) == 2
