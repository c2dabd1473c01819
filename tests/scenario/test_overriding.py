"""Overrides by path: what they reach, what they leave alone, and what they say when they miss."""

from __future__ import annotations

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.event_names import event_names
from sim.scenario.load import load_scenario
from sim.scenario.overriding import in_words, slug
from sim.show.scaffold import scaffold

BASE = scaffold("base")


@pytest.fixture
def base(tmp_path):
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")
    return file


def test_an_override_of_an_alias_leaves_its_twin_alone(tmp_path):
    file = tmp_path / "twins.yaml"
    entry = "{date: 2003-01, event: amnesty, target: Republic, magnitude: 0.5}"
    text = BASE[: BASE.index("timeline:")].replace("parameters:", "x:").replace("pragmatic: 0.4, matrimonial: 0.2}]", "pragmatic: 0.4}]")
    file.write_text(text + f"timeline:\n  - &e {entry}\n  - *e\n", encoding="utf-8")
    loaded = load_scenario(file, overrides=["timeline.0.magnitude=0.1"])
    assert [entry.magnitude for entry in loaded.timeline] == [0.1, 0.5]


def test_a_name_may_have_dots_in_it(tmp_path):
    file = tmp_path / "dots.yaml"
    file.write_text(BASE.replace("The Front", "St. John. 2"), encoding="utf-8")
    assert load_scenario(file, overrides=["organisations.St. John. 2.control=0.9"]).organisations[0].control == 0.9


def test_deep_paths(base):
    changes = [
        "emirs.Amber.ties.0.pragmatic=0.9",
        "regions.Hills.neighbours.Capital=0.7",
        "policies.budget=2",
        "policies.force=1",
        "forces.0.regions=[Hills]",
    ]
    loaded = load_scenario(base, overrides=changes)
    assert loaded.emirs[0].ties[0].pragmatic == 0.9
    assert loaded.regions[1].neighbours == {"Desert": 0.6, "Capital": 0.7}
    assert (loaded.policies.budget, loaded.policies.force) == (2, 1)
    assert loaded.forces[0].regions == ["Hills"]


def test_the_last_of_two_changes_wins(base):
    assert load_scenario(base, overrides=["remote_contact=0.1", "parameters.remote_contact=0.2"]).parameters == {"remote_contact": 0.2}


@pytest.mark.parametrize("text", ["brokerage=off", "M10=off", "m10=no", "mechanisms.brokerage=false", "mechanisms.M10=off"])
def test_a_mechanism_by_key_or_id(base, text):
    assert load_scenario(base, overrides=[text]).mechanisms == {"brokerage": False}


@pytest.mark.parametrize("name", ["brokerage", "M10", "m10", "Brokerage", " brokerage "])
def test_without_by_key_or_id(base, name):
    assert load_scenario(base, without=[name]).mechanisms == {"brokerage": False}


def test_one_text_is_one_change_not_a_list_of_letters(base):
    assert load_scenario(base, overrides="remote_contact=0.2", without="M10") == load_scenario(
        base, overrides=["remote_contact=0.2"], without=["M10"]
    )


def test_changes_name_a_file_by_what_they_change():
    assert in_words(["percolation=0.5"], ["M10"]) == in_words("percolation=0.5", "brokerage") == ("percolation=0.5", "without brokerage")
    assert slug(in_words({"percolation": 0.5}, ["M10"])) == "percolation-0.5-without-brokerage"
    assert slug(["timeline.War in Iraq.magnitude=0"]) == "timeline.war-in-iraq.magnitude-0"
    assert slug(["record=[{a: ../../b}]"]) == "record-a-..-..-b"
    assert slug([]) == ""
    assert slug(["percolation=-1"]) == "percolation-minus-1"
    long = [slug([f"organisations.A Group With a Very Long Name Indeed.control={n}"]) for n in (1, 2)]
    assert len(set(long)) == 2
    assert all(name.startswith("organisations.a-group-with-a-very-long-name") and len(name) < 60 for name in long)


def test_values_by_path(base):
    loaded = load_scenario(
        base,
        overrides={"remote_contact": 0.2, "organisations.The Front.leader": "Ténéré ✓ 😀: #", "brokerage": False, "end": "2004-05", "timeline": []},
    )
    assert loaded.parameters == {"remote_contact": 0.2}
    assert loaded.organisations[0].leader == "Ténéré ✓ 😀: #"
    assert loaded.mechanisms == {"brokerage": False}
    assert loaded.end == "2004-05"


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["emirs.Ambre.skill=1"], "--set 'emirs.Ambre.skill=1': 'Ambre' names nothing; there are Amber, Dune; did you mean 'Amber'?"),
        (["emirs.2.skill=1"], "'2' names nothing"),
        (["emirs.-1.skill=1"], "'-1' names nothing"),
        (["timeline." + "9" * 5000 + ".magnitude=1"], "names nothing; there are 2 entries, counted from 0"),
        (["emirs.Amber.skil=1"], "emirs[0].skil: unknown key 'skil'"),
        (["emirs.Amber.skill=2"], "--set 'emirs.Amber.skill=2': emirs[0].skill: 2 is out of range; allowed is 0 to 1"),
        (["emirs.Amber.region=Hilz"], "did you mean 'Hills'?"),
        (["emirs.Amber=1"], "a mapping is wanted, not the number 1"),
        (["emirs=[]"], "at least 1 is wanted"),
        (["emirs.Dune.ties.5.pragmatic=1"], "'5' names nothing"),
        (["name.x.y=1"], "has no parts"),
        (["remote_contact=.nan"], ".nan is not a finite number"),
        (["remote_contact=!!float 1"], "tag"),
        (["remote_contact=*a"], "*a"),
        (["remote_contact={a: 1, a: 2}"], "written twice"),
        (["remote_contact=1\n---\n2"], "a second document"),
        (["remote_contact=a\x00b"], "does not belong"),
        (["brokrage=off"], "did you mean 'brokerage'?"),
        (["brokerage=0"], "on or off is wanted, not the number 0"),
        (["extends=aqim"], "there is nothing named 'extends'"),
        (["emirs..skill=1"], "is not of the form path=value"),
        ({"remote_contac": 0.2}, "argument 'remote_contac': there is nothing named 'remote_contac'; did you mean 'remote_contact'?"),
        ({"remote_contact": float("nan")}, "argument 'remote_contact': parameters.remote_contact: a number from 0 to 1 is wanted"),
    ],
)  # fmt: skip
def test_what_misses_is_told_at_the_option(base, overrides, said):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(base, overrides=overrides)
    assert said in str(caught.value)
    assert str(caught.value).startswith(("--set '", "argument '"))


def test_a_section_that_is_not_there_is_told(tmp_path):
    file = tmp_path / "bare.yaml"
    file.write_text(BASE[: BASE.index("timeline:")], encoding="utf-8")
    with pytest.raises(ScenarioError, match="'timeline' is empty here"):
        load_scenario(file, overrides=["timeline.0.magnitude=0.1"])


def test_bad_values_and_dangling_names_are_told_together(base):
    base.write_text(
        BASE.replace("loyalty: 0.8", "loyalty: 8").replace("focus: The Front", "focus: The Fron").replace("routes:", "routs:"), encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(base)
    assert [problem.path for problem in caught.value.problems] == ["focus", "emirs[0].loyalty", "smugglers[0].routs"]


def test_a_value_that_is_not_admissible_casts_no_further_blame(base):
    base.write_text(BASE.replace("home: Hills,", "home: Hills, absent: maybe,"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(base)
    assert [problem.path for problem in caught.value.problems] == ["organisations[0].absent"]


def test_a_place_within_an_override_is_the_option(base):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(base, overrides=["emirs.Amber.ties=[{community: Clans}, {comunity: Clans}]"])
    assert {problem.place.file for problem in caught.value.problems} == {"--set 'emirs.Amber.ties=[{community: Clans}, {comunity: Clans}]'"}
    assert "emirs[0].ties[1].comunity: unknown key" in str(caught.value)


@pytest.mark.parametrize("name", ["War in Iraq", "war-in-iraq", "WAR IN IRAQ", "3"])
def test_an_event_goes_by_its_name(name):
    loaded = load_scenario("aqim", overrides={f"timeline.{name}.magnitude": 0.0, f"timeline.{name}.date": "2004-01"})
    assert [(e.magnitude, e.date) for e in loaded.timeline if e.label == "War in Iraq"] == [(0.0, "2004-01")]
    if name != "3":
        assert [e.label for e in load_scenario("aqim", without=[name]).timeline if e.magnitude == 0.0] == ["War in Iraq"]


def test_events_of_one_name_go_by_their_dates(base):
    twice = "timeline=[{date: 2003-01, event: amnesty, target: Republic}, {date: 2005-01, event: amnesty, target: Republic}]"
    loaded = load_scenario(base, overrides=[twice, "timeline.amnesty-republic-2005-01.magnitude=0.25"])
    assert event_names(loaded.timeline) == ["amnesty Republic 2003-01", "amnesty Republic 2005-01"]
    assert [e.magnitude for e in loaded.timeline] == [1.0, 0.25]
    with pytest.raises(ScenarioError, match="2 entries, counted from 0: amnesty Republic 2003-01, amnesty Republic 2005-01"):
        load_scenario(base, overrides=[twice, "timeline.amnesty Republic.magnitude=0.25"])


@pytest.mark.parametrize(
    ("changes", "without", "said"),
    [
        ({"timeline.War in Irak.magnitude": 0.0}, (), "did you mean 'War in Iraq'"),
        (["timeline.serval.magnitude=0"], (), "--set 'timeline.serval.magnitude=0': 'serval' names nothing"),
        (["timeline.serval.magnitude=0"], (), "did you mean 'French intervention (Serval)'?"),
        ((), ["Serval"], "there is no mechanism or event 'Serval'"),
        ((), ["Serval"], "did you mean 'french-intervention-serval'?"),
    ],
)
def test_an_event_that_is_not_there_has_a_neighbour(changes, without, said):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("aqim", overrides=changes, without=without)
    assert said in str(caught.value)
