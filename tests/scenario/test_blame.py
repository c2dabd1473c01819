"""What is wrong with a change is told once, where it was typed, with the nearest name first."""

from __future__ import annotations

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario

SMALL = "name: small\nextends: aqim\n"


def told(source="aqim", **given):
    with pytest.raises(ScenarioError) as found:
        load_scenario(source, **given)
    return found.value.problems


@pytest.mark.parametrize("changes", [["end=2000-01"], {"end": "2000-01"}])
def test_an_end_that_was_moved_is_told_once_and_not_each_event_after_it(changes):
    scenario = load_scenario("aqim")
    events = sum(entry.date > "2000-01" for entry in scenario.timeline)
    facts = sum(max(fact.date, fact.until or "") > "2000-01" for fact in scenario.record)
    (problem,) = told(overrides=changes)
    assert problem.path == "end"
    assert str(problem.place).startswith(("--set 'end=2000-01'", "argument 'end'"))
    assert f"{events} events of the timeline and {facts} facts of the record lie after 2000-01, the last in 2019-06" in problem.message
    assert problem.message.endswith("allowed is 2019-06 or later")


def test_a_start_is_told_so_too():
    (problem,) = told(overrides=["start=2001-04"])
    assert (problem.path, problem.place.file) == ("start", "--set 'start=2001-04'")
    assert "1 event of the timeline and " in problem.message
    assert "allowed is 1998-01 or earlier" in problem.message


def test_the_end_of_a_file_that_extends_another_is_to_blame_and_not_the_file_it_extends(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(f"{SMALL}end: 2000-01\n", encoding="utf-8")
    (problem,) = told(path)
    assert (problem.path, problem.place.line) == ("end", 3)


def test_an_event_that_was_moved_out_is_to_blame_itself():
    (problem,) = told(overrides=["timeline.war-in-iraq.date=2021-01"])
    assert (problem.path, problem.place.file) == ("timeline[3].date", "--set 'timeline.war-in-iraq.date=2021-01'")
    assert "2021-01 is outside the scenario, which runs from 1998-01 to 2019-06" in problem.message


def test_events_of_ones_own_file_are_to_blame_where_the_end_is_inherited(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(f"{SMALL}timeline:\n- {{date: 2030-01, event: global_cause, magnitude: 1, label: Later}}\n", encoding="utf-8")
    (problem,) = told(path)
    assert (problem.path, problem.place.line) == ("timeline[25].date", 4)


@pytest.mark.parametrize(
    ("change", "near"),
    [
        ("GSPC.control=0.9", "organisations.GSPC.control"),
        ("GSCP.control=0.9", "organisations.GSPC.control"),
        ("war-in-iraq.magnitude=0", "timeline.war-in-iraq.magnitude"),
        ("War in Iraq.magnitude=0", "timeline.war-in-iraq.magnitude"),
        ("Droukdel.ties.0.pragmatic=0.1", "emirs.Droukdel.ties.0.pragmatic"),
        ("organisation.GSPC.control=0.9", "organisations"),
    ],
)
def test_a_path_whose_beginning_was_left_out_is_told_whole(change, near):
    (problem,) = told(overrides=[change])
    assert problem.nearest == near
    assert len(problem.message) < 300


@pytest.mark.parametrize(("name", "near"), [("brokrage", "brokerage"), ("war-in-irak", "war-in-iraq"), ("zzzzz", "")])
def test_a_typo_in_without_is_told_in_a_line(name, near):
    (problem,) = told(without=[name])
    assert problem.nearest == near
    assert len(str(problem)) < 200
    assert ("dilemma list --events" in problem.message) == (not near)


def test_a_typo_in_a_mechanism_of_a_file_is_told_in_a_line(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(f"{SMALL}mechanisms: {{brokrage: false}}\n", encoding="utf-8")
    (problem,) = told(path)
    assert (problem.message, problem.nearest) == ("there is no mechanism 'brokrage'", "brokerage")
    path.write_text(f"{SMALL}mechanisms: {{zzzzz: false}}\n", encoding="utf-8")
    (problem,) = told(path)
    assert "mechanisms are meta_strategy" in problem.message
