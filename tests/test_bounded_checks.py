"""Every check ends soon, or refuses: files that are made to take for ever, and small samples of the two commands that try many."""

from __future__ import annotations

import itertools
import os
import random
import re

import pytest

from sim.cli import main
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load_scenario
from sim.world.build import build
from tests import mutated_files, random_scenarios
from tests.laws import dangling, out_of_range, people_astray

STUDY = "name: e\nclaim: c\nscenario: dilemma-101\nreplicates: 2\n"
CHILD = "name: a\nextends: dilemma-101\n"
LISTED = STUDY + "factors: {{percolation: {{}}}}\ndesign: {{kind: list, file: {}}}\n"
FACTORS = "factors: {percolation: {range: [0, 1]}, held: {path: organisations.The Front.control, range: [0, 1]}}\n"
LONG = "x" * 1_900_000
HOSTILE = {
    "endless list": (LISTED.format("endless.csv"), "does not end within"),
    "a list that is a device": (LISTED.format("/dev/zero"), "is no CSV file"),
    "a cell without end": (LISTED.format("cell.csv"), "not valid CSV: field larger"),
    "a list of too many": (LISTED.format("long.csv"), "more than 250,000 cells"),
    "columns without end": (LISTED.format("wide.csv"), "290,000 columns"),
    "many unknown parameters": (CHILD + "parameters:\n" + "".join(f"  p{n}: 1\n" for n in range(37_000)), "36980 more"),
    "values beyond counting": (CHILD + "parameters:\n" + "".join(f"  p{n}: 1\n" for n in range(60_000)), "more than 75,000 values"),
    "many wrong values": (CHILD + "sources: [" + "1," * 70_000 + "1]\n", "4980 more"),
    "points beyond counting": (STUDY + FACTORS + "design: {kind: lhs, points: 10000000}\n", "less than or equal to 1000000"),
    "a grid beyond counting": (STUDY + FACTORS + "design: {kind: grid, levels: 9999}\n", "makes 99,980,001 points"),
    "trajectories beyond drawing": (STUDY + FACTORS + "design: {kind: morris, trajectories: 200000}\n", "with 2 factors at most 18,518"),
    "many values, all wrong": (
        STUDY
        + "factors: {held: {path: organisations.The Front.control, values: ["
        + ",".join(map(str, range(2, 9000)))
        + "]}}\ndesign: {kind: grid}\n",
        "2 is out of range",
    ),
    "a long name": (f"name: {LONG}\nextends: dilemma-101\n", "is not admissible"),
    "a long key": (CHILD + f"? {LONG}\n: 1\n", "unknown key"),
    "a long path": (STUDY.replace("dilemma-101", LONG), "there is no shipped scenario"),
    "somebody's passwords": ("name: a\nextends: ../../../../../../etc/passwd\n", "is no YAML file"),
    "somebody's settings": ("name: a\nextends: settings.yaml\n", "is no scenario"),
    "somebody's notes": ("name: a\nextends: notes.yaml\n", "cannot be read as a scenario"),
    "a study of somebody's passwords": (STUDY.replace("dilemma-101", "/etc/passwd"), "is no YAML file"),
}


@pytest.fixture
def told(tmp_path, capsys, monkeypatch):
    """Check a file that is refused within two seconds of computing, and return what is told of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cell.csv").write_text("percolation\n" + "1" * 140_000 + "\n")
    (tmp_path / "long.csv").write_text("percolation\n" + "0.5\n" * 250_001)
    (tmp_path / "wide.csv").write_text(",".join(f"x{n}" for n in range(290_000)))
    (tmp_path / "settings.yaml").write_text("password: hunter2\n")
    (tmp_path / "notes.yaml").write_text("hunter2 is what I always use\n")
    if os.path.exists("/dev/zero"):
        (tmp_path / "endless.csv").symlink_to("/dev/zero")

    def check(text):
        (tmp_path / "hostile.yaml").write_text(text)
        # A busy machine computes more slowly, and says so itself.
        try:
            with mutated_files.watched(4 * mutated_files.SECONDS):
                assert main(["check", "hostile.yaml"]) == 2
        except mutated_files.TooSlow:
            pytest.fail("the check does not end")
        return capsys.readouterr().err

    return check


@pytest.mark.skipif(os.name != "posix", reason="no alarm clock here")
@pytest.mark.parametrize("case", HOSTILE)
def test_what_would_take_for_ever_is_refused(told, case):
    text, said = HOSTILE[case]
    message = told(text)
    assert said in message
    assert len(message) < 10_000
    assert "hunter2" not in message
    assert "root:" not in message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_into_which_nobody_writes_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match="nothing more to say"):
        load_scenario(tmp_path / "pipe.yaml")


def test_names_that_make_one_identity_are_told(told):
    message = told(
        CHILD + "emirs: [{name: E2889818, organisation: The Front, region: Hills}, {name: E10264602, organisation: The Front, region: Hills}]\n"
    )
    assert re.search(r"hostile.yaml:3:\d+: emirs\[7\].name: emir 'E10264602' and emir 'E2889818' make one identity", message)


def test_what_check_passes_runs():
    """Sample of ``python -m tests.random_scenarios``, which tries thousands, with bounds checks."""
    found = {number: random_scenarios.complaints(number) for number in range(20)}
    assert {number: wrong for number, wrong in found.items() if wrong} == {}


def test_random_scenarios_stand_at_the_ends_of_ranges_and_have_every_kind_of_event():
    made = [random_scenarios.random_scenario(number) for number in range(200)]
    assert {0.0, 1.0} <= {community["trust"] for data in made for community in data["communities"]}
    assert {0.1, 1.0e5} <= {community["population"] for data in made for community in data["communities"]}
    assert len({entry["event"] for data in made for entry in data["timeline"]}) == 12
    assert made[7] == random_scenarios.random_scenario(7)


def test_a_world_that_breaks_a_law_is_seen():
    world = build(load_scenario("dilemma-101"))
    people = world.community["people"].copy()
    assert [*out_of_range(world), *dangling(world), *people_astray(world, people)] == []
    world.emir["purse"][0] = float("nan")
    world.community["trust"][0] = 1.5
    world.emir["region"][1] = 99
    world.tie["fighters"][0] += 0.5
    assert [text.split()[0] for text in (*out_of_range(world), *dangling(world))] == ["community.trust", "emir.purse", "emir.region"]
    assert people_astray(world, people) == ["fighters in whole numbers", "armed by community", "strength of katibas"]


@pytest.mark.skipif(os.name != "posix", reason="no alarm clock here")
def test_mutated_files_are_checked_or_refused(tmp_path):
    """Sample of ``python -m tests.mutated_files``, which tries thousands."""
    files = mutated_files.originals()
    ends = set()
    for number in range(80):
        ended, wrong = mutated_files.complaint(mutated_files.case(number, files), tmp_path, 4 * mutated_files.SECONDS)
        assert not wrong, (number, wrong)
        ends.add(ended)
    assert ends == {"ok", "refused"}


@pytest.mark.skipif(os.name != "posix", reason="no alarm clock here")
def test_the_watch_stops_what_computes_too_long():
    with pytest.raises(mutated_files.TooSlow), mutated_files.watched(0.05):
        sum(random.Random(0).random() for _ in itertools.count())
