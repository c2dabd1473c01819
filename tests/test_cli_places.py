"""Where the command writes: a place that cannot be written is refused in a sentence, before anything is run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.cli import main
from sim.verbs.asking import BadInput
from sim.verbs.places import can_hold, can_hold_file
from tests.conftest import QUICK_STUDY


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("afile").write_text("mine", encoding="utf-8")
    monkeypatch.setattr("sim.engine.is_compiled", _nothing_is_run)


def _nothing_is_run():
    raise AssertionError("the work has begun")


@pytest.mark.parametrize(
    "verb",
    [
        ["run", "dilemma-101"],
        ["run", "dilemma-101", "--force"],
        ["run", "dilemma-101", "--replicates", "3"],
        ["run", "dilemma-101", "--nearest", "3"],
        ["sweep", "dilemma"],
        ["compare", "dilemma-101", "dilemma-101,without=brokerage"],
        ["sensitivity", "screening"],
        ["patterns", "M3"],
        ["patterns", "--gates", "G1"],
        ["evidence", "extinction"],
        ["population", "--settings", "2"],
        ["hold", "dilemma-101", "--data", "afile"],
        ["leave-one-out", "leave-one-out"],
        ["calibrate", "calibrate-aqim"],
        ["forecast", "forecast-aqim", "--calibrated", "docs"],
        ["evidence", "all", "--work"],
    ],
)
@pytest.mark.parametrize("place", ["afile", "afile/x/y", "/proc/x"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(verb, place, capsys):
    if place.startswith("/proc") and not os.path.isdir("/proc/self"):
        pytest.skip("no such file system here")
    Path("docs").mkdir()
    assert main([*verb, place] if verb[-1] == "--work" else [*verb, "--out", place]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert place.split("/x")[0] in output.err
    assert sorted(path.name for path in Path().iterdir()) == ["afile", "docs"]
    assert Path("afile").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (["plot", "store", "--kind", "heat", "--out", "afile"], "afile is a file"),
        (["plot", "store", "--kind", "heat", "--out", "/proc/x"], "/proc/x cannot be made"),
        (["report", "store", "--out", "afile/x"], "afile is a file"),
        (["report", "store", "--out", "store"], "store is a directory; what is wanted is the name of a file"),
        (["report", "store", "--out", "/proc/x"], "/proc cannot be written into"),
    ],
)
def test_what_is_told_of_a_store_has_a_place_first(verb, words, capsys):
    import sim

    sim.sweep(QUICK_STUDY, "store", progress=False)
    capsys.readouterr()
    assert main(verb) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert output.err.count("\n") == 1


def test_the_default_place_is_tried_as_well(capsys):
    Path("dilemma-out").write_text("", encoding="utf-8")
    assert main(["run", "dilemma-101"]) == 2
    assert "dilemma-out is a file, so dilemma-out/dilemma-101-seed-0 cannot be made" in capsys.readouterr().err


def test_trying_leaves_nothing_behind():
    can_hold(Path("a/b/c"))
    can_hold_file(Path("a/b/c.html"))
    assert not Path("a").exists()
    Path("a").mkdir()
    Path("a/kept").write_text("", encoding="utf-8")
    can_hold(Path("a"))
    can_hold_file(Path("a/kept"))
    assert [path.name for path in Path("a").iterdir()] == ["kept"]


def test_a_link_that_leads_nowhere_is_no_place():
    Path("link").symlink_to("nowhere")
    with pytest.raises(BadInput, match="link is a link that leads nowhere"):
        can_hold(Path("link"))


def test_a_calibration_that_is_not_there_is_told_by_its_option(capsys):
    for place, what in (("nowhere", "there is no such directory"), ("afile", "is a file")):
        assert main(["forecast", "forecast-aqim", "--calibrated", place]) == 2
        message = capsys.readouterr().err
        assert f"--calibrated {place}: {what}" in message
        assert "dilemma calibrate writes one" in message
