"""Bad scenarios: each gets exit code 2 and a message with file and line that names what is wrong and what is allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import main
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario
from sim.scenario.yaml_text import read_bytes
from sim.show.scaffold import scaffold

GOOD = scaffold("good")


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def edited(old, new):
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


# name: (text or bytes, a text on the line that must be named (or a number), what the message must say)
BAD = {
    "unknown key": (edited("remoteness: 0.1", "remotness: 0.1"), "remotness", ["remotness", "did you mean 'remoteness'"]),
    "unknown key at the top": (GOOD + "organizations: []\n", "organizations", ["organizations", "did you mean 'organisations'"]),
    "unknown key in a tie": (edited("matrimonial: 0.2", "marriage: 0.2"), "marriage", ["marriage", "matrimonial"]),
    "unknown key in the timeline": (edited("months: 6", "month: 6"), "month: 6", ["month", "did you mean 'months'"]),
    "missing name": (edited("name: good\n", ""), "title:", ["name", "is missing"]),
    "missing focus": (edited("focus: The Front", "#"), "name: good", ["focus", "is missing"]),
    "missing region": (edited("region: Hills, strength: 80,", "strength: 80,"), "Amber", ["emirs[0].region", "is missing"]),
    "a section that is empty": (edited("smugglers:\n  - {name: The Trader, region: Desert, routes: 0.6}", "smugglers:"), "smugglers:", ["smugglers", "a list is wanted, not nothing"]),
    "no organisations": (edited("organisations:\n  - {", "organisations: []\nx:\n  - {"), "organisations: []", ["organisations", "at least 1"]),
    "out of range": (edited("loyalty: 0.8", "loyalty: 1.8"), "Amber", ["emirs[0].loyalty", "1.8", "0 to 1"]),
    "negative strength": (edited("strength: 80", "strength: -80"), "Amber", ["-80", "fighter-equivalents"]),
    "agenda out of range": (edited("agenda: -0.4", "agenda: -4"), "Amber", ["emirs[0].agenda", "-1 to 1"]),
    "text for a number": (edited("loyalty: 0.8", "loyalty: high"), "Amber", ["a number from 0 to 1 is wanted", "'high'"]),
    "truth value for a number": (edited("loyalty: 0.8", "loyalty: yes"), "Amber", ["a number", "truth value"]),
    "number for a name": (edited("name: Amber", "name: 12"), "name: 12", ["a text", "the number 12"]),
    "number for a switch": (edited("# mechanisms: {brokerage: off}", "mechanisms: {brokerage: 0}"), "mechanisms: {", ["on or off", "the number 0"]),
    "fraction for months": (edited("months: 6", "months: 6.5"), "months: 6.5", ["whole number", "6.5"]),
    "list for a mapping": (GOOD + "policies: [1]\n", "policies: [1]", ["a mapping is wanted", "a list"]),
    "mapping for a list": (GOOD + "sources: {a: b}\n", "sources", ["a list is wanted", "a mapping"]),
    "not one of": (edited("event: amnesty", "event: amnisty"), "amnisty", ["amnisty", "did you mean 'amnesty'", "leader_death"]),
    "bad kind": (edited("home: Hills,", "home: Hills, kind: rebels,"), "kind: rebels", ["rebels", "did you mean 'rebel'"]),
    "date with a day": (edited("start: 2000-01", "start: 2000-01-01"), "start:", ["2000-01-01", "YYYY-MM"]),
    "date as a year": (edited("start: 2000-01", "start: 2000"), "start:", ["start", "2000"]),
    "month thirteen": (edited("date: 2003-01", "date: 2003-13"), "2003-13", ["2003-13", "YYYY-MM"]),
    "end before start": (edited("end: 2009-12", "end: 1999-12"), "end:", ["1999-12", "before the start"]),
    "too long": (edited("start: 2000-01", "start: 1900-01").replace("end: 2009-12", "end: 2099-12"), "end:", ["at most 1200"]),
    "event outside": (edited("date: 2003-01", "date: 2013-01"), "2013-01", ["2013-01", "2000-01 to 2009-12"]),
    "unknown region": (edited("organisation: The Front, region: Desert", "organisation: The Front, region: Dessert"), "Dessert", ["Dessert", "did you mean 'Desert'"]),
    "unknown state": (edited("state: Republic, remoteness: 0.9", "state: Republik, remoteness: 0.9"), "Republik", ["Republik", "did you mean 'Republic'"]),
    "unknown neighbour": (edited("neighbours: {Hills: 0.7}", "neighbours: {Hils: 0.7}"), "Hils", ["Hils", "did you mean 'Hills'"]),
    "neighbour of itself": (edited("neighbours: {Hills: 0.7}", "neighbours: {Capital: 0.7}"), "Capital: 0.7", ["no neighbour of itself"]),
    "edge with two values": (edited("neighbours: {Desert: 0.6}", "neighbours: {Desert: 0.6, Capital: 0.3}"), "Capital: 0.3", ["0.3", "0.7", "one ease"]),
    "ease of nothing": (edited("neighbours: {Hills: 0.7}", "neighbours: {Hills: 0}"), "Hills: 0", ["0", "out of range"]),
    "unknown community in a tie": (edited("community: Clans", "community: Clan"), "community: Clan,", ["Clan", "did you mean 'Clans'"]),
    "tie named twice": (
        edited("{community: Clans, pragmatic: 0.3, economic: 0.4}", "{community: Clans}, {community: Clans}"), "{community: Clans}", ["Clans", "already"]),
    "unknown organisation": (edited("- {name: Amber, organisation: The Front", "- {name: Amber, organisation: The Frond"), "The Frond", ["did you mean 'The Front'"]),
    "unknown focus": (edited("focus: The Front", "focus: The Back"), "focus:", ["The Back", "The Front"]),
    "a name taken": (edited("name: Dune", "name: Amber"), "  - {name: Amber, organisation: The Front, region: Desert", ["'Amber' is taken"]),
    "organisation without emirs": (
        edited("  - {name: The Front,", "  - {name: The Void, home: Hills}\n  - {name: The Front,"), "The Void", ["The Void", "no emir"]),
    "absent and never enters": (edited("home: Hills, leader", "home: Hills, absent: true, leader"), "absent: true", ["never enters"]),
    "enters though present": (edited("event: leader_death", "event: entry"), "event: entry", ["there from the start"]),
    "founded later": (edited("home: Hills, leader", "home: Hills, founded: 2004-01, leader"), "founded", ["2004-01", "later than the start"]),
    "target missing": (edited("event: amnesty, target: Republic", "event: amnesty"), "event: amnesty", ["needs a target", "Republic"]),
    "target of the wrong sort": (edited("event: amnesty, target: Republic", "event: amnesty, target: The Front"), "event: amnesty", ["The Front", "states"]),
    "target where none belongs": (edited("event: amnesty, target: Republic", "event: global_cause, target: Republic"), "global_cause", ["no target"]),
    "magnitude out of range": (edited("magnitude: 0.5", "magnitude: 5"), "magnitude: 5", ["5", "0 to 1"]),
    "unknown parameter": (edited("# parameters: {percolation: 0.5}", "parameters: {percolatio: 0.5}"), "percolatio:", ["did you mean 'percolation'"]),
    "parameter out of range": (edited("# parameters: {percolation: 0.5}", "parameters: {percolation: 9}"), "percolation: 9", ["9", "0 to 5"]),
    "parameter as text": (edited("# parameters: {percolation: 0.5}", "parameters: {percolation: much}"), "much", ["a number", "'much'"]),
    "unknown mechanism": (edited("# mechanisms: {brokerage: off}", "mechanisms: {brokrage: off}"), "brokrage", ["did you mean 'brokerage'"]),
    "shares above one": (GOOD + "policies: {budget: 1, force: 0.8, dialogue: 0.8}\n", "policies:", ["1.6", "at most 1"]),
    "budget for nothing": (GOOD + "policies: {budget: 1}\n", "policies:", ["no share"]),
    "policies end before they start": (GOOD + "policies: {budget: 1, force: 1, start: 2005-01, end: 2004-01}\n", "policies:", ["2004-01", "before"]),
    "unknown key in the record": (GOOD + "record:\n  - {date: 2003-01, what: A split., by: B}\n", "what: A split", ["record[0].by", "unknown key 'by'"]),
    "a fact without a source": (GOOD + "record:\n  - {date: 2003-01, what: A split.}\n", "what: A split", ["record[0].source", "is missing"]),
    "a fact of no known kind": (
        GOOD + "record:\n  - {date: 2003-01, what: A split., event: splitter, source: B}\n", "what: A split", ["splitter", "did you mean 'splinter'"]),
    "a fact that is a story": (GOOD + f"record:\n  - {{date: 2003-01, what: {'x' * 201}, source: B}}\n", "what: x", ["201 characters", "at most 200"]),
    "a fact before the start": (GOOD + "record:\n  - {date: 1999-01, what: A split., source: B}\n", "what: A split", ["1999-01", "2000-01 to 2009-12"]),
    "a fact that ends before it begins": (
        GOOD + "record:\n  - {date: 2003-02, until: 2003-01, what: A split., source: B}\n", "what: A split", ["2003-01", "before the fact's date"]),
    "bad scenario name": (edited("name: good", "name: Good Scenario"), "name: Good", ["Good Scenario", "lower case"]),
    "not a number": (edited("loyalty: 0.8", "loyalty: .nan"), "Amber", [".nan", "finite"]),
    "infinity": (edited("strength: 80", "strength: -.inf"), "Amber", ["-.inf", "finite"]),
    "a number beyond floats": (edited("strength: 80", "strength: 1e999"), "Amber", ["1e999", "finite"]),
    "key written twice": (GOOD + "title: again\n", "title: again", ["'title'", "twice", "line 6"]),
    "unclosed bracket": (edited("neighbours: {Hills: 0.7}}", "neighbours: {Hills: 0.7}"), "- {name: Hills", ["not valid YAML"]),
    "tab for indentation": (edited("  - {name: Republic", "\t- {name: Republic"), "\t- {name: Republic", ["not valid YAML"]),
    "a tag that builds objects": (edited("title: A scenario to begin from", "title: !!python/object/apply:os.getcwd []"), "title:", ["python/object", "not allowed"]),
    "an alias of nothing": (edited("summary: One", "summary: *nothing # One"), "summary:", ["nothing"]),
    "two documents": (GOOD + "---\nname: other\n", "---\nname: other", ["second document"]),
    "an empty file": ("", 1, ["is empty"]),
    "only a comment": ("# nothing\n", 1, ["is empty"]),
    "a list": ("- 1\n- 2\n", 1, ["mapping", "a list"]),
    "a word": ("aqim\n", 1, ["mapping", "'aqim'"]),
    "deep nesting": ("name: " + "[" * 3000 + "]" * 3000 + "\n", 1, ["deep"]),
    "billion laughs": ("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + k)}: &{chr(98 + k)} [{','.join(['*' + chr(97 + k)] * 9)}]\n" for k in range(9)), 6, ["explode"]),
    "an anchor inside itself": ("name: &a [*a]\n", 1, ["*a"]),
    "a key that is a list": ("? [a, b]\n: c\n", 1, ["a key is a word"]),
    "UTF-16": (GOOD.encode("utf-16"), 1, ["UTF-16", "UTF-8"]),
    "Latin-1": (edited("A scenario to begin from", "Un scénario").encode("latin-1"), "title:", ["not UTF-8"]),
    "a control character": (edited("A scenario", "A \x07scenario"), "\x07", ["0x07", "does not belong"]),
    "a NUL byte": (GOOD.encode() + b"\x00", GOOD.count("\n") + 1, ["0x00"]),
    "extends nothing": (edited("name: good", "name: good\nextends: nowhere"), "extends", ["nowhere"]),
    "extends a number": (edited("name: good", "name: good\nextends: 3"), "extends", ["the number 3"]),
    "removes what is not there": ("name: x\nextends: dilemma-101\nemirs:\n  - {name: Ambre, remove: true}\n", "Ambre", ["Ambre", "did you mean 'Amber'"]),
    "removes what is needed": ("name: x\nextends: dilemma-101\nregions:\n  - {name: Desert, remove: true}\n", None, ["Desert"]),
}  # fmt: skip


def test_there_are_fifty_and_more():
    assert len(BAD) >= 50


def test_the_good_one_is_good(tmp_path, capsys):
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["check", str(tmp_path / "good.yaml")]) == 0
    assert "ok" in capsys.readouterr().out


@pytest.mark.parametrize("case", BAD)
def test_bad(case, tmp_path, capsys, monkeypatch):
    text, where, said = BAD[case]
    file = tmp_path / "bad.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.chdir(tmp_path)
    assert main(["check", "bad.yaml"]) == 2
    message = capsys.readouterr().err
    assert "Traceback" not in message
    for part in said:
        assert part in message, message
    if where is not None:
        plain = text if isinstance(text, str) else GOOD
        line = where if isinstance(where, int) else line_of(plain, where)
        assert f"bad.yaml:{line}:" in message, f"line {line} is wanted: {message}"
    else:
        assert ".yaml:" in message


@pytest.mark.parametrize(
    ("path", "said"),
    [("missing.yaml", "no such file"), (".", "directory"), ("aqmi", "did you mean 'aqim'"), ("link.yaml", "no such file")],
)
def test_what_cannot_be_read(path, said, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert main(["check", path]) == 2
    assert said in capsys.readouterr().err


def test_a_huge_file_is_refused_unread(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(9_000_000)
    assert main(["check", "huge.yaml"]) == 2
    assert "2,000,000" in capsys.readouterr().err


def test_several_problems_are_told_together_in_the_order_of_the_file(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(edited("loyalty: 0.8", "loyalty: 8").replace("remoteness: 0.1", "remoteness: 11"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert [p.path for p in caught.value.problems] == ["regions[0].remoteness", "emirs[0].loyalty"]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | st.text("{}[]:,-&*! \n\t#'\"ab1.", max_size=120).map(str.encode))
def test_whatever_the_bytes_there_is_a_node_or_a_clear_error(data):
    told = None
    try:
        node = read_bytes(data, "x.yaml")
    except ScenarioError as error:
        told = error.problems
    assert told or isinstance(node.value, dict)
