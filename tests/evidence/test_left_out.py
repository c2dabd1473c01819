"""Leaving one out from file to score: a fence no fact passes, other chances at the same draws, and forecasters whose answers are known."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.evidence.left_out.asked import load_leave_one_out
from sim.evidence.left_out.told import NEAREST, PARAMETERS, PRIOR, RATES, Votes, evidence, losses, rates, read, run_anew, tell
from sim.scenario.errors import ScenarioError
from sim.study.result import SweepResult
from sim.study.sweep import run_sweep

RECORD = [
    {"date": "2002-03", "what": "A break.", "source": "test", "event": "splinter"},
    {"date": "2001-11", "until": "2003-02", "what": "A merger, some time.", "source": "test", "event": "merger"},
    {"date": "2005-06", "what": "A break that is too late to be known.", "source": "test", "event": "splinter"},
]
ONE: dict[str, Any] = {"extends": "dilemma-101", "name": "one", "end": "2005-12", "record": RECORD}
OTHER: dict[str, Any] = {"extends": "dilemma-101", "name": "other", "end": "2005-12", "record": RECORD[:1]}
CALIBRATION: dict[str, Any] = {
    "name": "small", "claim": "For tests.", "scenario": "one.yaml", "seed": 2, "until": 2004,
    "priors": {"home_rate": {"range": [0.001, 0.3], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2003", "of": ["strength"], "year": 2003, "value": 60.0, "scale": "log", "error": 0.1}],
}  # fmt: skip
FACT = {"fact": "Other: strength in 2003", "of": ["strength"], "year": 2003, "value": 60.0, "scale": "log", "error": 0.1}
STANDS = {"event": "The root stands", "of": ["root_stands"], "year": 2004, "happened": True}
LEFT: dict[str, Any] = {
    "name": "left", "claim": "For tests.", "calibration": "calibrate-small.yaml", "histories": 300, "nearest": 0.2, "predicted": 40, "planted": 40,
    "numbers": [{"number": "Break", "of": ["splinters"], "kinds": ["splinter"]}, {"number": "Merger", "of": ["mergers"], "kinds": ["merger"]}],
    "held_out": [
        {"scenario": "one.yaml", "states": [STANDS, {**STANDS, "event": "The brand", "of": ["brand_joined"], "happened": False}]},
        {"scenario": "other.yaml", "facts": [FACT], "states": [STANDS]},
    ],
}  # fmt: skip


def write(folder: Path, **changes: Any) -> Path:
    for name, data in (("one", ONE), ("other", OTHER), ("calibrate-small", CALIBRATION), ("left", {**LEFT, **changes})):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    return folder / "left.yaml"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("left")
    assert main(["leave-one-out", str(write(folder)), "--out", str(folder / "out"), "--workers", "2"]) == 0
    return folder


def test_it_writes_one_table_and_one_figure(done: Path) -> None:
    scores = pd.read_csv(done / "out" / "scores.csv")
    assert set(scores["history"]) == {"one", "other", "all"}
    assert set(scores["forecaster"]) == {PARAMETERS, NEAREST, PRIOR, RATES}
    assert (scores["low"] <= scores["high"]).all()
    assert ((scores["log"] - scores["prior"] - scores["difference"]).abs() < 1e-4).all()
    assert (scores.loc[scores["forecaster"] == PRIOR, "difference"] == 0.0).all()
    assert scores.loc[scores["forecaster"] == NEAREST, "expected"].notna().all()
    # A mean over histories counts each the same.
    mine = scores[(scores["group"] == "all") & (scores["forecaster"] == PARAMETERS)].set_index("history")["difference"]
    assert mine["all"] == pytest.approx((mine["one"] + mine["other"]) / 2, abs=1e-5)
    assert (done / "out" / "table.md").read_text().startswith("300 draws of the prior, each run in 2 histories.")
    assert (done / "out" / "leave-one-out.svg").stat().st_size > 1000
    assert main(["verify", str(done / "out")]) == 0


def test_the_same_draws_in_every_history_under_other_chances(done: Path) -> None:
    one, other = (SweepResult(done / "out" / f"table-{name}").to_pandas() for name in ("one", "other"))
    for name in CALIBRATION["priors"]:
        assert (one[name] == other[name]).all()
    # The same country at the same draws: only luck tells them apart.
    assert (one["strength@2003"] != other["strength@2003"]).mean() > 0.5
    assert np.corrcoef(np.log1p(one["strength@2003"]), np.log1p(other["strength@2003"]))[0, 1] > 0.3


def test_the_same_bytes_again_whatever_the_threads(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("scores.csv", "questions.csv", "report.txt", "draws-one.csv", "draws-other.csv")
    before = {name: (done / "out" / name).read_bytes() for name in names}
    words = ["leave-one-out", str(done / "left.yaml"), "--out", str(done / "out")]
    assert main(words) == 2
    for name in names:
        (done / "out" / name).unlink()
    monkeypatch.setattr("sim.show.left_out_text.write_figure", lambda found, folder: [])
    assert main([*words, "--resume", "--workers", "1", "--json"]) == 0
    assert {name: (done / "out" / name).read_bytes() for name in names} == before


def test_questions_and_what_happened(done: Path) -> None:
    left = load_leave_one_out(done / "left.yaml")
    asked = {a.question.words: a.happened for a in left.questions["one"]}
    assert [words for words in asked if "any in" in words] == [
        *(f"Break, any in {year}" for year in range(2000, 2006)),
        # The merger may have been in any of three years, so none of them is asked.
        *(f"Merger, any in {year}" for year in (2000, 2004, 2005)),
    ]
    assert [words for words, happened in asked.items() if happened] == [
        "splinter in 2001-2003 (2002-03)", "merger in 2000-2004 (2001-11 to 2003-02)", "splinter in 2004-2005 (2005-06)",
        "Break, any in 2002", "Break, any in 2005", "The root stands",
    ]  # fmt: skip


def test_what_is_known_ends_with_the_last_year_that_may_be_used(done: Path) -> None:
    left = load_leave_one_out(done / "left.yaml")
    one, other = left.held
    assert [h.name for h in left.others(one)] == ["other"]
    # Of one's records the splinter of 2005 is not known: one splinter in the five years to 2004.
    assert (one.known_years, one.known(("splinter",)), one.known(("merger",))) == (5, 1, 1)
    told = dict(zip((a.question.words for a in left.questions["other"]), rates(left.questions["other"], other, [one]).tolist(), strict=True))
    assert told["splinter in 2001-2003 (2002-03)"] == pytest.approx(1.0 - (5 / 8) ** 1.5, rel=1e-5)
    assert told["Merger, any in 2000"] == pytest.approx(1.0 - (5 / 6) ** 1.5, rel=1e-5)
    assert told["The root stands"] == pytest.approx((5 / 10) ** 0.5, rel=1e-5)
    assert math.isnan(rates(left.questions["one"], one, [other])[-1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"held_out": [LEFT["held_out"][0], {"scenario": "other.yaml", "facts": [{**FACT, "year": 2005}]}]}, "2005 is after 2004"),
        ({"held_out": [{**LEFT["held_out"][0], "facts": [FACT]}, LEFT["held_out"][1]]}, "one has the facts of small, and no others"),
        ({"held_out": [LEFT["held_out"][0], {"scenario": "other.yaml"}]}, "no other history has facts to 2004"),
        ({"held_out": [LEFT["held_out"][1], LEFT["held_out"][1]]}, "'other' is there twice"),
        ({"held_out": [*LEFT["held_out"], {"scenario": "dilemma-101"}], "numbers": []}, "there is nothing to ask of it"),
        ({"held_out": [LEFT["held_out"][0], {**LEFT["held_out"][1], "states": [{**STANDS, "year": 2007}]}]}, "no span of the years of other"),
        ({"numbers": [{"number": "x", "of": ["spliters"], "kinds": ["splinter"]}]}, "did you mean 'splinters'?"),
        ({"numbers": [{"number": "x", "of": ["splinters"], "kinds": ["entry"]}]}, "no year counts 'entry'"),
        ({"calibration": "dilemma"}, "calibration"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = write(tmp_path, **change)
    with pytest.raises(ScenarioError) as told:
        load_leave_one_out(path)
    assert message in str(told.value)


def test_chances_are_weighed_by_jeffreys_rule() -> None:
    found = Votes(np.array([[1, 0], [1, 1], [0, 1]]), np.array([2, 1, 1]))
    n = 16 / 6
    assert found.effective == pytest.approx(n)
    assert found.chances() == pytest.approx([(n * 0.75 + 0.5) / (n + 1), (n * 0.5 + 0.5) / (n + 1)], rel=1e-5)
    assert found.chances(np.array([0, 0, 2])) == pytest.approx([(n * 0.8 + 0.5) / (n + 1), (n * 0.2 + 0.5) / (n + 1)], rel=1e-5)
    assert losses(np.array([0.25, 0.25]), np.array([True, False])) == pytest.approx([math.log(4.0), -math.log(0.75)], rel=1e-5)


def test_it_helps_where_parameters_decide_and_the_others_tell_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that is gone early elsewhere, for people go home at once, is told to be gone here; and that is so here."""
    monkeypatch.setattr("sim.evidence.left_out.told.LEAST_A_SLOPE", 10)
    gone = {**FACT, "fact": "Other: the root stands in 2003", "of": ["root_stands"], "value": 0.0, "scale": "linear", "error": 0.0}
    held = [{"scenario": "one.yaml", "states": [{**STANDS, "happened": False}]}, {**LEFT["held_out"][1], "facts": [{**FACT, "value": 0.0}, gone]}]
    left = load_leave_one_out(write(tmp_path, held_out=held, numbers=[]))
    stores = {h.name: tmp_path / h.name for h in left.held}
    for h in left.held:
        run_sweep(left.table(h), stores[h.name], count=2)
    tables = read(left, stores)
    known = evidence(left, tables, [left.held[1]])
    (tmp_path / "draws.csv").write_text("home_rate,raid_size\n" + "0.25,10.0\n" * 40)
    run_sweep(left.predictive(left.held[0], tmp_path / "draws.csv"), tmp_path / "anew", count=2)
    told = tell(left, tables, left.held[0], known, run_anew(left, left.held[0], tmp_path / "anew"))
    by = {(line.group, line.forecaster): line for line in told.lines}
    assert by["state", NEAREST].high < 0.0
    assert by["state", PARAMETERS].high < 0.0
    assert by["state", NEAREST].expected < 0.0


def test_the_shipped_file_is_sound_and_infers_on_nothing_later_than_its_fence(capsys: pytest.CaptureFixture[str]) -> None:
    left = load_leave_one_out("leave-one-out")
    until = left.calibration.spec.until
    assert until == 2010
    assert max(year for h in left.held for fact in h.facts for year in fact.years) <= until
    assert {h.name: [o.name for o in left.others(h)] for h in left.held if h.facts} == {"aqim": ["gia-1990s"], "gia-1990s": ["aqim"]}
    assert all(left.questions[h.name] for h in left.held)
    assert main(["check", "leave-one-out", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["ok"]
    assert main(["calibrate", "leave-one-out"]) == 2
    assert "use: dilemma leave-one-out leave-one-out" in capsys.readouterr().err
