"""Inheritance: the rules of merging, their laws, and that an error names the file to mend."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import inheritance
from sim.scenario.errors import ScenarioError
from sim.scenario.event_names import event_names
from sim.scenario.json_schema import json_schema
from sim.scenario.load import load_scenario, resolved_parameters, scenario_hash
from sim.show.scaffold import scaffold

BASE = scaffold("base")


@pytest.fixture
def write(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")

    def child(text, name="child", extends="base.yaml"):
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"name: {name}\nextends: {extends}\n{text}", encoding="utf-8")
        return file

    return child


def refused(file):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    return str(caught.value)


def test_a_mapping_within_a_thing_merges_by_key(write):
    child = load_scenario(write("regions: [{name: Capital, reach: 0.8, neighbours: {Desert: 0.2}}]"))
    assert child.regions[0].neighbours == {"Hills": 0.7, "Desert": 0.2}
    assert child.regions[0].reach == 0.8
    assert child.regions[0].remoteness == 0.1


def test_a_key_left_empty_takes_the_inherited_one_away(write):
    write("parameters: {remote_contact: 0.1, choice_slope: 3}\nmechanisms: {merger: off}\npolicies: {budget: 1, force: 1}\n", "middle")
    child = load_scenario(
        write(
            "parameters: {remote_contact: ~}\nmechanisms: {merger: }\npolicies: {budget: ~, force: ~}\n"
            "regions: [{name: Capital, neighbours: {Hills: ~, Desert: 0.5}}]\norganisations: [{name: The Front, control: ~, brutality: 0.9}]\n",
            extends="middle.yaml",
        )
    )
    assert child.parameters == {"choice_slope": 3}
    assert child.mechanisms == {}
    assert child.policies.budget == child.policies.force == 0
    assert child.regions[0].neighbours == {"Desert": 0.5}
    assert child.organisations[0].brutality == 0.9
    assert child.organisations[0].control == 0.5


def test_an_empty_key_takes_nothing_away_where_it_is_needed_or_nothing_was_inherited(write):
    assert "emirs[0].region: is missing" in refused(write("emirs: [{name: Amber, region: ~}]"))
    assert "a number from 0 to 1 is wanted, not nothing" in refused(write("parameters: {remote_contact: ~}"))
    assert "communities" in refused(write("communities:\n"))


def test_a_list_can_be_replaced_whole(write):
    child = load_scenario(write("brokers: {replace: [{name: Other, region: Hills}]}\ntimeline: {replace: []}\nsmugglers: {replace: []}\n"))
    assert [broker.name for broker in child.brokers] == ["Other"]
    assert child.timeline == []
    assert child.smugglers == []


def test_timeline_entries_come_after_the_inherited_ones(write):
    child = load_scenario(write("timeline: [{date: 2001-01, event: global_cause, magnitude: 0.1}]"))
    assert [entry.date for entry in child.timeline] == ["2003-01", "2006-01", "2001-01"]


EVENTS = """timeline: {replace: [
  {date: 2003-01, event: global_cause, magnitude: 0.1, label: A far war (first)},
  {date: 2004-01, event: amnesty, target: Republic, magnitude: 0.5, label: Amnesty},
  {date: 2006-01, event: amnesty, target: Republic, magnitude: 0.5, label: Amnesty},
  {date: 2007-01, event: coup, target: Republic}]}
"""


@pytest.fixture
def grandchild(write):
    write(EVENTS, "middle")
    return lambda text: load_scenario(write(f"timeline: {text}", "child", "middle.yaml"))


def test_an_inherited_event_is_changed_moved_and_removed_by_its_name(grandchild, write):
    changes = (
        "[{name: a-far-war-first, magnitude: 0.3}, {label: Amnesty 2006-01, remove: true}, {name: coup Republic, date: 2008-01},"
        " {date: 2005-01, event: purge, target: Republic}]"
    )
    child = grandchild(changes)
    assert [(e.date, e.event, e.magnitude) for e in child.timeline] == [
        ("2003-01", "global_cause", 0.3), ("2004-01", "amnesty", 0.5), ("2008-01", "coup", 1.0), ("2005-01", "purge", 1.0)]  # fmt: skip
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(f"{{name: x, extends: y, timeline: {changes}}}"))
    # Written again under its label, it is the same event.
    again = grandchild("[{date: 2003-06, event: global_cause, magnitude: 0.2, label: A far war (first)}]")
    assert [(e.date, e.magnitude) for e in again.timeline] == [("2003-06", 0.2), ("2004-01", 0.5), ("2006-01", 0.5), ("2007-01", 1.0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{name: A far wat (first), remove: true}]", "there is no inherited event 'A far wat (first)'; inherited are A far war"),
        ("[{name: far war, remove: true}]", "did you mean 'A far war (first)'?"),
        ("[{name: Amnesty, remove: true}]", "'Amnesty' is the name of several: say which; inherited are Amnesty 2004-01, Amnesty 2006-01"),
        ("[{name: coup Republic, remove: true, date: 2008-01}]", "write {name: coup Republic, remove: true} and nothing more"),
        ("[{name: coup Republic, remove: true}, {name: coup Republic, date: 2008-01}]", "removed and changed in one list"),
    ],
)
def test_an_event_that_is_not_inherited_has_a_neighbour(grandchild, text, said):
    with pytest.raises(ScenarioError) as caught:
        grandchild(text)
    assert said in str(caught.value)
    assert "child.yaml:3:" in str(caught.value)


def test_facts_of_the_record_come_after_the_inherited_ones_and_can_be_replaced(write):
    fact = "{{date: {}, what: Something., source: A book}}"
    write(f"record: [{fact.format('2004-01')}]", "middle")
    more, other = (write(text, name, "middle.yaml") for text, name in (
        (f"record: [{fact.format('2003-01')}]", "more"), (f"record: {{replace: [{fact.format('2005-01')}]}}", "other")))  # fmt: skip
    assert [entry.date for entry in load_scenario(more).record] == ["2004-01", "2003-01"]
    assert [entry.date for entry in load_scenario(other).record] == ["2005-01"]
    changed = load_scenario(more, overrides=["record.1.date=2008-01"])
    assert [entry.date for entry in changed.record] == ["2004-01", "2008-01"]
    for file in (more, other):
        jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_a_record_makes_no_other_world(write):
    fact = "{date: 2004-01, what: Something., source: A book}"
    assert scenario_hash(load_scenario(write(f"record: [{fact}]"))) == scenario_hash(load_scenario(write("record: []")))


def test_replace_works_where_nothing_was_inherited(tmp_path, write):
    bare = BASE[: BASE.index("timeline:")]
    (tmp_path / "bare.yaml").write_text(bare, encoding="utf-8")
    child = load_scenario(write("timeline: {replace: [{date: 2001-01, event: global_cause, magnitude: 0.1}]}", extends="bare.yaml"))
    assert [entry.date for entry in child.timeline] == ["2001-01"]


def test_replace_is_for_children_only(tmp_path):
    file = tmp_path / "alone.yaml"
    file.write_text(BASE[: BASE.index("timeline:")] + "timeline: {replace: []}\n", encoding="utf-8")
    assert "timeline: a list is wanted, not a mapping" in refused(file)


def test_order_is_kept_and_new_things_come_last(write):
    child = load_scenario(write("emirs:\n  - {name: New, organisation: The Front, region: Capital}\n  - {name: Dune, skill: 0.9}\n"))
    assert [emir.name for emir in child.emirs] == ["Amber", "Dune", "New"]


def test_the_same_name_twice_in_one_file_is_refused(write):
    message = refused(write("emirs:\n  - {name: Dune, skill: 0.1}\n  - {name: Dune, skill: 0.2}\n"))
    assert "child.yaml:5:5: emirs[1]: 'Dune' is named twice in this list" in message


def test_the_same_name_twice_in_the_parent_is_not_hidden_by_a_child(tmp_path, write):
    (tmp_path / "twice.yaml").write_text(BASE.replace("name: Dune", "name: Amber"), encoding="utf-8")
    assert "twice.yaml:31:12: emirs[1].name: the name 'Amber' is taken" in refused(write("emirs: [{name: Amber, skill: 0.1}]", extends="twice.yaml"))


def test_a_removal_leaves_no_dangling_name_untold(write):
    told = refused(write("regions: [{name: Desert, remove: true}]")).splitlines()
    where = {line.split(": ")[1] for line in told}
    assert where == {
        "regions[1].neighbours.Desert",
        "communities[2].region",
        "emirs[1].region",
        "smugglers[0].region",
        "brokers[0].region",
        "forces[0].regions[2]",
    }
    assert all("base.yaml:" in line for line in told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("emirs: [{name: Dune, remove: false}]", "child.yaml:3:9: emirs[0]: to take 'Dune' away"),
        ("emirs: [{name: Dune, remove: true, skill: 1}]", "child.yaml:3:9: emirs[0]: to take 'Dune' away"),
        ("emirs: [{name: Dunes, remove: true}]", "there is no 'Dunes' to remove; did you mean 'Dune'?"),
        ("emirs: {name: Dune}", "child.yaml:3:8: emirs: a list, or {replace: […]}"),
        ("timeline: {replac: []}", "child.yaml:3:11: timeline: a list, or {replace: […]}"),
        ("emirs: 5", "emirs: a list, or {replace: […]}"),
        ("emirs: [5]", "child.yaml:3:9: emirs[2]: a mapping is wanted, not the number 5"),
        ("policies: 5", "child.yaml:3:11: policies: a mapping is wanted, not the number 5"),
        ("mechanisms: {M10: off, brokerage: on}", "child.yaml:3:24: mechanisms.brokerage: 'brokerage' is written twice"),
        ("focus: The Back", "child.yaml:3:8: focus: there is no 'The Back'"),
        ("end: 1990-01", "child.yaml:3:6: end: 1990-01 is before the start"),
        ("emirs: [{name: Dune, loyalti: 1}]", "child.yaml:3:22: emirs[1].loyalti: unknown key 'loyalti'"),
    ],
)
def test_what_a_child_may_not_say(write, text, said):
    assert said in refused(write(text))


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("nowhere.yaml", "there is no file 'nowhere.yaml'"),
        (".", "is a directory"),
        ("a" * 5000 + ".yaml", "there is no file 'aaa"),
        ("aqmi", "did you mean 'aqim'"),
        ("[base.yaml]", "not a list"),
        ("''", "not the text ''"),
        ("~", "not nothing"),
        ("child.yaml", "comes back to a file of its own chain"),
        ("./../{}/child.yaml", "comes back to a file of its own chain"),
    ],
)
def test_what_cannot_be_extended_is_told_where_it_is_written(tmp_path, write, extends, said):
    message = refused(write("", extends=extends.format(tmp_path.name)))
    assert "child.yaml:2:10: extends: " in message
    assert said in message
    assert len(message) < 600


def test_chains_have_an_end(write):
    extends = "base.yaml"
    for n in range(8):
        file = write("", f"link-{n}", extends)
        extends = f"link-{n}.yaml"
    assert load_scenario(file).name == "link-7"
    assert "a chain of more than 8 files" in refused(write("", "link-8", extends))


def test_a_path_is_relative_to_the_file_that_names_it(tmp_path, write):
    write("title: Middle", "middle")
    (tmp_path / "below").mkdir()
    file = tmp_path / "below" / "child.yaml"
    file.write_text("name: child\nextends: ../middle.yaml\n", encoding="utf-8")
    assert load_scenario(file).title == "Middle"


def test_a_mechanism_by_id_is_the_mechanism_by_key(write):
    write("mechanisms: {m10: off, M12: off}", "middle")
    assert load_scenario(write("mechanisms: {brokerage: on}", extends="middle.yaml")).mechanisms == {"brokerage": True, "shifting_alliances": False}


NUMBERS = st.floats(0, 1).map(lambda x: round(x, 3))
CHANGES = st.dictionaries(
    st.sampled_from(
        [
            ("emirs", "Amber", "skill"),
            ("emirs", "Dune", "loyalty"),
            ("regions", "Hills", "reach"),
            ("states", "Republic", "share"),
            ("organisations", "The Front", "control"),
            ("forces", "Army", "morale"),
            ("brokers", "The Notable", "standing_state"),
            ("communities", "Clans", "trust"),
            ("parameters", "remote_contact"),
            ("parameters", "hold_bond"),
        ]
    ),
    NUMBERS,
)


def as_child(changes):
    text = {}
    for (section, *rest), value in changes.items():
        if len(rest) == 1:
            text.setdefault(section, {})[rest[0]] = value
        else:
            things = text.setdefault(section, [])
            thing = next((t for t in things if t["name"] == rest[0]), None)
            if thing is None:
                things.append(thing := {"name": rest[0]})
            thing[rest[1]] = value
    return json.dumps(text)[1:-1]


def written(folder, name, extends, changes):
    body = as_child(changes)
    (folder / f"{name}.yaml").write_text(f'{{"name": "{name}", "extends": "{extends}"{"," if body else ""} {body}}}', encoding="utf-8")
    return folder / f"{name}.yaml"


@given(CHANGES, CHANGES)
def test_the_laws_of_merging(tmp_path_factory, first, second):
    folder = tmp_path_factory.getbasetemp()
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    one = load_scenario(written(folder, "one", "base.yaml", first))
    # A child says what overrides of its parent say.
    paths = {".".join(path): value for path, value in first.items()}
    by_path = load_scenario(folder / "base.yaml", overrides=[f"{path}={value}" for path, value in paths.items()])
    assert one == by_path.model_copy(update={"name": "one"})
    assert load_scenario(folder / "base.yaml", overrides=paths) == by_path
    # A child of a child says what one child with both changes says, the later winning.
    two = load_scenario(written(folder, "two", "one.yaml", second))
    both = load_scenario(written(folder, "both", "base.yaml", first | second))
    assert two == both.model_copy(update={"name": "two"})
    # To say the same again changes nothing.
    assert load_scenario(written(folder, "again", "two.yaml", second)) == two.model_copy(update={"name": "again"})
    # Equal content, equal hash; and only then. A parameter written at its default is no other content.
    said = [scenario.model_copy(update={"name": "x", "parameters": resolved_parameters(scenario)}) for scenario in (one, two)]
    assert (scenario_hash(said[0]) == scenario_hash(said[1])) == (said[0] == said[1])
    assert scenario_hash(two) == scenario_hash(said[1].model_copy(update={"name": "two"}))
    # Whoever read it meanwhile, the base says what it said: it is not read anew where it has not changed.
    base = inheritance.read(folder / "base.yaml")
    inheritance._written.cache_clear()
    assert inheritance.read(folder / "base.yaml") == base, "values, keys and places"


def test_a_file_that_was_changed_is_read_anew_whatever_its_date(write, tmp_path):
    file = write("parameters: {percolation: 0.2}")
    before = file.stat()
    assert load_scenario(file).parameters["percolation"] == 0.2
    file.write_text(file.read_text().replace("0.2", "0.3"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load_scenario(file).parameters["percolation"] == 0.3
    # A large one is not kept: what it says takes many times as much memory.
    file.write_text(file.read_text() + f"# {'much ' * 30_000}\n")
    inheritance._written.cache_clear()
    assert load_scenario(file).parameters["percolation"] == 0.3
    assert inheritance._written.cache_info().currsize == 1, "the base alone"
    # The same words in another place are told of where they stand.
    for name in ("one", "other"):
        (tmp_path / f"{name}.yaml").write_text(file.read_text().replace("0.3", "-1"), encoding="utf-8")
        assert f"{name}.yaml:" in refused(tmp_path / f"{name}.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "regions: [{name: Capital, neighbours: {Hills: ~, Desert: 0.5}}]",
        "parameters: {remote_contact: 0.2}",
        "brokers: {replace: []}",
        "mechanisms: {M10: off}",
        "policies: {budget: 1, force: 1}",
        "organisations: [{name: The Front, control: ~, kind: rebel}]",
        "timeline: [{date: 2001-01, event: global_cause}]",
    ],
)
def test_an_editor_accepts_what_the_loader_accepts(write, text):
    file = write(text)
    load_scenario(file)
    jsonschema.Draft202012Validator(json_schema()).validate(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "regions: [{name: Capital, neighbours: {Hills: 2}}]",
        "parameters: {remote_contac: 0.2}",
        "brokers: {replaces: []}",
        "mechanisms: {M99: off}",
        "organisations: [{name: The Front, kind: rebels}]",
        "emirs: [{skill: 1}]",
        "timeline: [{date: 2001-13, event: global_cause}]",
    ],
)
def test_an_editor_refuses_what_the_loader_refuses(write, text):
    file = write(text)
    refused(file)
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(yaml.safe_load(file.read_text(encoding="utf-8")))


def test_the_example_of_the_docs_loads(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "add-a-scenario.md").read_text(encoding="utf-8")
    (example,) = [block.partition("```")[0] for block in page.split("```yaml\n") if "extends: aqim" in block.partition("```")[0]]
    file = tmp_path / "example.yaml"
    file.write_text(example, encoding="utf-8")
    child, parent = load_scenario(file), load_scenario("aqim")
    assert len(child.brokers) == len(parent.brokers) - 1
    # It does what its name says, and moves one event, and adds one.
    assert len(child.timeline) == len(parent.timeline)
    assert "French intervention (Serval)" not in event_names(child.timeline)
    assert [(e.date, e.magnitude) for e in child.timeline if e.label == "War in Iraq"] == [("2004-01", 0.2)]
    assert child.parameters["percolation"] == 0.3
