"""Loading: inheritance, overrides, switches, and the schema that editors use."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.json_schema import json_schema
from sim.scenario.load import active_mechanisms, change, load_scenario, resolved_parameters, scenario_hash, shipped
from sim.scenario.parameters import PARAMETERS
from sim.show.scaffold import scaffold

SCHEMA = Path(__file__).parents[2] / "scenarios" / "scenario.schema.json"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_loads_and_bears_its_name(name):
    assert load_scenario(name).name == name


def write(tmp_path, name, text):
    (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path / f"{name}.yaml"


def test_extends_with_nothing_more_says_the_same(tmp_path):
    child = load_scenario(write(tmp_path, "child", "name: child\nextends: dilemma-101\n"))
    parent = load_scenario("dilemma-101")
    assert child.model_copy(update={"name": "dilemma-101"}) == parent


def test_named_things_merge_by_name_are_added_and_removed(tmp_path):
    text = """
name: child
extends: dilemma-101
parameters: {remote_contact: 0.3}
emirs:
  - {name: Amber, loyalty: 0.1}
  - {name: Dune, remove: true}
  - {name: Zinc, organisation: The Front, region: Hills}
timeline:
  - {date: 2001-01, event: global_cause, magnitude: 0.2}
"""
    parent, child = load_scenario("dilemma-101"), load_scenario(write(tmp_path, "child", text))
    before, after = {e.name: e for e in parent.emirs}, {e.name: e for e in child.emirs}
    if "Dune" not in before:
        pytest.fail("dilemma-101 has an emir named Dune")
    assert after["Amber"].loyalty == 0.1
    assert after["Amber"].strength == before["Amber"].strength
    assert "Dune" not in after
    assert after["Zinc"].loyalty == 0.5
    assert len(child.timeline) == len(parent.timeline) + 1
    assert child.parameters == {"remote_contact": 0.3}


def test_the_timeline_can_be_replaced(tmp_path):
    child = load_scenario(write(tmp_path, "child", "name: child\nextends: dilemma-101\ntimeline: {replace: []}\n"))
    assert child.timeline == []


def test_an_error_in_what_is_inherited_names_the_parents_file(tmp_path):
    write(tmp_path, "parent", scaffold("parent").replace("loyalty: 0.8", "loyalty: 8"))
    with pytest.raises(ScenarioError, match=r"parent\.yaml:\d+:\d+: emirs\[0\]\.loyalty: 8 is out of range"):
        load_scenario(write(tmp_path, "child", "name: child\nextends: parent.yaml\n"))


def test_a_circle_of_files_is_refused(tmp_path):
    write(tmp_path, "one", "name: one\nextends: two.yaml\n")
    with pytest.raises(ScenarioError, match="comes back"):
        load_scenario(write(tmp_path, "two", "name: two\nextends: one.yaml\n"))


def test_overrides_by_name_by_index_and_bare():
    loaded = load_scenario(
        "dilemma-101",
        overrides=["remote_contact=1e-1", "organisations.The Front.control=0.9", "timeline.0.magnitude=0", "mechanisms.merger=off"],
        without=["M10"],
    )
    assert loaded.parameters["remote_contact"] == 0.1
    assert loaded.organisations[0].control == 0.9
    assert loaded.timeline[0].magnitude == 0
    assert loaded.mechanisms == {"merger": False, "brokerage": False}
    assert active_mechanisms(loaded)["competition"] is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("remote_contac=1", "did you mean 'remote_contact'"),
        ("remote_contact", "path=value"),
        ("remote_contact=", "a number"),
        ("remote_contact=9", "0 to 1"),
        ("organisations.The Frond.control=1", "did you mean 'The Front'"),
        ("organisations.9.control=1", "names nothing"),
        ("organisations.0.controll=1", "did you mean 'control'"),
        ("timeline.99.magnitude=0", "counted from 0"),
        ("organisation.0.control=1", "did you mean 'organisations'"),
        ("start.x=1", "has no parts"),
        ("=1", "path=value"),
        ("remote_contact=[", "not valid YAML"),
    ],
)
def test_bad_overrides_name_the_option(text, said):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("dilemma-101", overrides=[text])
    assert "--set" in str(caught.value)
    assert said in str(caught.value)


def test_an_unknown_mechanism_has_a_neighbour():
    with pytest.raises(ScenarioError, match="did you mean 'brokerage'"):
        load_scenario("dilemma-101", without=["brokrage"])


@given(st.sampled_from(sorted(PARAMETERS)), st.floats(0, 1))
def test_an_override_comes_back_as_it_was_given(name, share):
    p = PARAMETERS[name]
    value = p.low + (p.high - p.low) * share
    loaded = load_scenario("dilemma-101", overrides=[f"{name}={value!r}"])
    assert resolved_parameters(loaded)[name] == value
    assert change(load_scenario("dilemma-101"), {name: value}) == loaded


def test_changes_by_keyword_are_checked():
    with pytest.raises(ScenarioError, match=r"did you mean 'remote_contact'"):
        change(load_scenario("dilemma-101"), {"remote_contac": 0.2})
    with pytest.raises(ScenarioError, match=r"0 to 1"):
        change(load_scenario("dilemma-101"), {"remote_contact": 2.0})


def test_the_hash_is_of_what_is_said_not_of_how(tmp_path):
    one = load_scenario("dilemma-101")
    default = PARAMETERS["remote_contact"].default
    assert scenario_hash(one) == scenario_hash(load_scenario("dilemma-101", overrides=[f"remote_contact={default}", "mechanisms.merger=on"]))
    assert scenario_hash(one) != scenario_hash(load_scenario("dilemma-101", overrides=["remote_contact=0.123"]))


def test_the_committed_schema_is_current():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema(), "write it anew: dilemma schema --out scenarios/scenario.schema.json"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_fits_the_schema_and_names_it(name):
    text = shipped()[name].read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(text))


def test_a_child_fits_the_schema_and_a_slip_does_not():
    validator = jsonschema.Draft202012Validator(json_schema())
    child = {"name": "x", "extends": "aqim", "emirs": [{"name": "Amber", "loyalty": 0.1}, {"name": "B", "remove": True}], "timeline": {"replace": []}}
    assert validator.is_valid(child)
    assert not validator.is_valid(child | {"emirs": [{"name": "Amber", "loyalti": 0.1}]})
    assert not validator.is_valid(child | {"parameters": {"remote_contact": 2}})
    assert not validator.is_valid({"name": "x"})
