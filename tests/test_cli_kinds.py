"""Every verb, given another kind of thing than it takes, names in a sentence the verb that takes it, and at once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.show.scaffold import scaffold
from tests.conftest import QUICK_STUDY

RUN, SWEEP, TEACH = (
    "aqim is a scenario; use: dilemma run aqim",
    "dilemma is an experiment; use: dilemma sweep dilemma",
    "a lesson; use: dilemma teach",
)
STORE, MINE = "store is the store of a sweep; use: dilemma report store", "mine.yaml is a scenario; use: dilemma run mine.yaml"


@pytest.fixture(autouse=True, scope="module")
def _in_a_directory_of_its_own(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("kinds"))
        Path("mine.yaml").write_text(scaffold("mine"), encoding="utf-8")
        sim.sweep(QUICK_STUDY, "store", progress=False)
        yield


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["compare", "dilemma", "dilemma"], SWEEP),
        (["compare", "aqim", "calibrate-aqim,percolation=1"], "use: dilemma calibrate calibrate-aqim"),
        (["hold", "dilemma", "--data", "mine.yaml"], SWEEP),
        (["hold", "store", "--data", "mine.yaml"], STORE),
        (["list", "--events", "dilemma"], SWEEP),
        (["list", "--events", "store"], STORE),
        (["run", "embedding"], TEACH),
        (["run", "2-embedding"], TEACH),
        (["run", "store"], STORE),
        (["whatif", "store", "--without", "M10"], STORE),
        (["sweep", "store"], STORE),
        (["bench", "dilemma"], SWEEP),
        (["teach", "dilemma", "--no-browser"], SWEEP),
        (["report", "aqim"], RUN),
        (["report", "dilemma"], SWEEP),
        (["report", "mine.yaml"], MINE),
        (["plot", "mine.yaml", "--kind", "heat"], MINE),
        (["plot", "aqim", "--kind", "heat"], RUN),
        (["calibrate", "aqim"], RUN),
        (["calibrate", "dilemma"], SWEEP),
        (["calibrate", "mine.yaml"], MINE),
        (["forecast", "calibrate-aqim", "--calibrated", "store"], "use: dilemma calibrate calibrate-aqim"),
        (["score", "aqim", "--frozen", "store"], RUN),
        (["explain", "aqim"], RUN),
        (["explain", "dilemma"], SWEEP),
        (["explain", "mine.yaml"], MINE),
        (["explain", "store"], STORE),
    ],
)
def test_the_verb_is_named(arguments, said, capsys):
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""


def test_which_kind_a_file_is_is_told_before_what_else_its_verb_needs(capsys, monkeypatch):
    from sim.evidence.forests import NoForestsError

    def absent():
        raise NoForestsError("a calibration needs scikit-learn")

    monkeypatch.setattr("sim.evidence.forests.require", absent)
    assert main(["calibrate", "aqim"]) == 2
    assert RUN in capsys.readouterr().err


def test_a_file_that_is_no_store_is_no_missing_directory(capsys):
    Path("empty").write_text("", encoding="utf-8")
    for verb in (["report", "empty"], ["plot", "empty", "--kind", "heat"]):
        assert main(verb) == 2
        assert "empty: is a file, and a store is a directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aqim,percolation=9", "aqim"], "argument 'aqim,percolation=9': parameters.percolation: 9 is out of range"),
        (["aqim", "aqim,percolaton=0.5"], "argument 'aqim,percolaton=0.5': there is nothing named 'percolaton'; did you mean 'percolation'?"),
        (["aqim", "aqim,without=brokrage"], "argument 'aqim,without=brokrage': there is no mechanism or event 'brokrage'"),
        (["aqim", "aqmi"], "did you mean 'aqim'?"),
        (["aqim"], "needs at least two parameter sets"),
        (["aqim", "aqim", "--outcome", "strengthend"], "--outcome 'strengthend': there is no such outcome; did you mean 'strength_end'?"),
    ],
)
def test_a_set_that_cannot_be_run_is_told_of_as_it_was_typed_and_nothing_is_run(arguments, said, capsys):
    assert main(["compare", *arguments]) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert "--set" not in output.err
    assert "ompil" not in output.err


@pytest.mark.parametrize("arguments", [["compare", "aqim", "aqim,percolation=9"], ["calibrate", "aqim"], ["hold", "dilemma", "--data", "x"]])
def test_a_refusal_loads_nothing_heavy(arguments):
    code = (
        f"import sys; from sim.cli import main; main({arguments!r}); print({{'numba', 'scipy', 'pandas', 'sklearn', 'pyarrow'}} & set(sys.modules))"
    )
    before = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert time.perf_counter() - before < 5.0, "far above what it takes, for machines that do other things as well"


@pytest.mark.parametrize("scenario", ["aqim", "mine.yaml", "./mine.yaml"])
def test_the_timeline_of_a_scenario_is_explained_as_its_events_are_listed(scenario, capsys):
    for more in ([], ["--json"]):
        assert main(["list", "--events", scenario, *more]) == 0
        listed = capsys.readouterr().out
        assert main(["explain", f"{scenario}.timeline", *more]) == 0
        assert capsys.readouterr().out == listed


@pytest.mark.parametrize("path", ["timeline.war-in-iraq", "nowhere.timeline", "aqim.timeline.war-in-iraq"])
def test_who_asks_for_an_event_hears_where_events_are_listed(path, capsys):
    assert main(["explain", path]) == 2
    message = capsys.readouterr().err
    assert "dilemma list --events SCENARIO" in message
    assert "did you mean" not in message
