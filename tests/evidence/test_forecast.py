"""Forecasts from file to score: histories that are carried on, rivals whose numbers are known, files that stay as they were frozen, proper scores."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.evidence.calibration import load_calibration
from sim.evidence.forecast import DATED, YEARLY, load_forecast
from sim.evidence.frozen import thaw
from sim.evidence.predictive import POINTS, POSTERIOR, PRIOR, count_quantiles, naive_name
from sim.evidence.scores import brier_score, crps, log_score, score
from sim.scenario.errors import ScenarioError
from sim.study.experiment import shipped_studies
from sim.study.result import SweepResult
from sim.study.sweep import run_sweep

SCENARIO: dict[str, Any] = {
    "extends": "dilemma-101", "name": "tiny", "end": "2007-06",
    "record": [
        {"date": "2003-02", "what": "An early break.", "source": "test", "event": "splinter", "who": "The First"},
        {"date": "2005-06", "what": "A break.", "source": "test", "event": "splinter", "who": "The Second"},
        {"date": "2006-11", "until": "2007-02", "what": "An end.", "source": "test", "event": "ending"},
        {"date": "2006-01", "what": "A new name, which no year counts.", "source": "test", "event": "brand change"},
    ],
}  # fmt: skip
CALIBRATION: dict[str, Any] = {
    "name": "small", "claim": "For tests.", "scenario": "tiny.yaml", "seed": 2, "until": 2004, "histories": 120,
    "priors": {"home_rate": {"range": [0.001, 0.1], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2004", "of": ["strength"], "year": 2004, "value": 40.0, "scale": "log", "error": 0.1}],
    "nearest": 0.2,
}  # fmt: skip
FORECAST: dict[str, Any] = {
    "name": "ahead", "claim": "For tests.", "calibration": "calibrate-small.yaml", "until": 2007, "like": [2001, 2004], "histories": 40,
    "events": [
        {"event": "The root stands", "of": ["root_stands"], "year": 2007, "happened": True},
        {"event": "Half of the attacks outside", "of": ["attacks_outside"], "over": ["attacks"], "year": 2006, "least": 0.5, "before": 0,
         "happened": False},
    ],
    "numbers": [
        {"number": "Breaks", "of": ["splinters", "autonomies"], "kinds": ["splinter", "autonomy"]},
        {"number": "Strength", "of": ["strength"], "known": {2003: 50.0, 2004: 40.0}, "unit": "people"},
        {"number": "Attacks", "of": ["attacks"]},
    ],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def few_a_slope() -> Iterator[None]:
    """Let a table of some eighty histories be read as one of thousands is: its nearest, and not all of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.evidence.inference.LEAST_A_SLOPE", 2)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a forecast reads of a calibration, a forecast of it, and a rival's histories, of which half have what is asked."""
    folder = tmp_path_factory.mktemp("forecast")
    for name, data in (("tiny", SCENARIO), ("calibrate-small", CALIBRATION), ("forecast-ahead", FORECAST)):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    calibration = load_calibration(folder / "calibrate-small.yaml")
    run_sweep(calibration.table(), folder / "calibrated" / "table", count=2)
    draws = [",".join(CALIBRATION["priors"]), *(f"{0.005 * k},{5.0 + k}" for k in range(1, 21))]
    (folder / "calibrated" / "draws.csv").write_text("\n".join(draws) + "\n")
    columns = [f"{name}@{year}" for year in (2005, 2006, 2007) for name in ("splinters", "autonomies", "strength")]
    rows = [",".join("30" if c.startswith("strength") else str(n % 2) for c in columns) for n in range(10)]
    (folder / "rival.csv").write_text("\n".join([",".join(columns), *rows]) + "\n")
    return folder


def run(folder: Path, out: str, *more: str) -> int:
    words = ["forecast", str(folder / "forecast-ahead.yaml"), "--calibrated", str(folder / "calibrated"), "--out", str(folder / out)]
    return main([*words, "--rival", f"other={folder / 'rival.csv'}", *more])


@pytest.fixture(scope="module")
def frozen(folder: Path) -> Path:
    page = folder / "page.md"
    page.write_text("A\n<!-- forecast -->\n<!-- end of forecast -->\nB\n<!-- score -->\n<!-- end of score -->\nC\n")
    assert run(folder, "frozen", "--page", str(page)) == 0
    return folder / "frozen"


def test_questions_are_the_records_and_the_files(folder: Path) -> None:
    asked = load_forecast(folder / "forecast-ahead.yaml")
    dated = [q for q in asked.questions if q.group == DATED]
    assert [(q.first, q.last, q.before) for q in dated] == [(2005, 2006, 1), (2005, 2007, 0)]
    assert dated[1].of == tuple(
        f"ended_by_{how}" for how in ("force", "inactivity", "splintering", "amnesty", "infighting", "politics", "absorption")
    )
    assert [q.words for q in asked.questions if q.group == YEARLY] == [f"Breaks, any in {year}" for year in (2005, 2006, 2007)]
    assert asked.answers == [True, True, True, False, False, True, False]


def test_histories_are_carried_on_and_weighted(folder: Path, frozen: Path) -> None:
    """The prior's probabilities, reckoned again from runs of the scenario, each at its address."""
    asked, result = load_forecast(folder / "forecast-ahead.yaml"), SweepResult(folder / "calibrated" / "table")
    swept = asked.calibration.table()
    said = {f.name: f for f in thaw(frozen).forecasters}
    stands = []
    from sim import engine
    from sim.scenario.timeline import month_count
    from sim.world.build import build, parameters

    for point, row in result.design().head(40).set_index("point").iterrows():
        scenario = swept.scenario(int(point))
        assert resolved(scenario, "home_rate") == row["home_rate"]
        stands.append(engine.ensemble(build(scenario, 2), parameters(scenario), month_count(scenario), [int(point)])["root_survived"][0])
    question = next(n for n, q in enumerate(asked.questions) if q.words == "The root stands")
    assert said[PRIOR].probabilities[question] == pytest.approx((sum(stands) + 0.5) / 41.0, abs=1e-6)
    # The posterior's histories were about 40 strong at the end of 2004, and it says other things than the prior.
    assert said[POSTERIOR].histories == 24
    assert 12.0 < said[POSTERIOR].effective < 24.0
    spread = [np.ptp(said[name].numbers["Strength", 2005]) for name in (POSTERIOR, PRIOR)]
    assert spread[0] < spread[1]


def resolved(scenario: Any, name: str) -> float:
    from sim.scenario.load import resolved_parameters

    return float(resolved_parameters(scenario)[name])


def test_rivals_say_what_they_must(folder: Path, frozen: Path) -> None:
    said = {f.name: f for f in thaw(frozen).forecasters}
    other = said["other"]
    # Five of ten, by Jeffreys' rule; and of what it has no column it says nothing.
    assert other.probabilities[0] == 0.5
    assert math.isnan(other.probabilities[1])
    assert set(other.numbers["Strength", 2006]) == {30.0}
    assert other.numbers["Breaks", 2006] == [0.0] * 50 + [2.0] * 50
    naive = said["as in 2001-2004"]
    # One splinter in four years: within two more, 1 - (4/6)^1.5. The root, which stood: three years on, (4/7)^0.5.
    assert naive.probabilities[0] == pytest.approx(1.0 - (4 / 6) ** 1.5, abs=1e-5)
    assert naive.probabilities[5] == pytest.approx((4 / 7) ** 0.5, abs=1e-5)
    assert naive.numbers["Strength", 2007] == [40.0] * 50 + [50.0] * 50
    assert ("Attacks", 2005) not in naive.numbers


def test_counts_under_jeffreys_prior_are_negative_binomial() -> None:
    for count, years in ((0, 6), (4, 6), (40, 2)):
        size, stays = count + 0.5, years / (years + 1)
        mass = [math.exp(math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1)) * stays**size * (1.0 - stays) ** k for k in range(200)]
        up = np.concatenate([[0.0], np.cumsum(mass)])
        levels = (np.arange(POINTS) + 0.5) / POINTS
        found = np.array(count_quantiles(count, years), int)
        assert ((up[found] < levels) & (levels <= up[found + 1])).all()


def test_scores_are_those_of_the_books() -> None:
    assert log_score(0.25, True) == pytest.approx(math.log(4.0))
    assert log_score(0.25, False) == pytest.approx(-math.log(0.75))
    assert brier_score(0.25, True) == pytest.approx(0.5625)
    rng = np.random.default_rng(3)
    points = rng.gamma(2.0, 3.0, 60)
    direct = np.abs(points - 4.0).mean() - 0.5 * np.abs(points[:, None] - points).mean()
    assert crps(points.tolist(), 4.0) == pytest.approx(direct, rel=1e-12)
    # A sure forecast scores its error; and CRPS is the integral of Brier's score over thresholds.
    assert crps([3.0, 3.0], 5.0) == 2.0
    edges = np.linspace(-5.0, 60.0, 65_001)
    below = np.searchsorted(np.sort(points), edges, side="right") / 60
    assert crps(points.tolist(), 4.0) == pytest.approx(np.sum((below - (edges >= 4.0)) ** 2) * 1e-3, rel=1e-3)
    # Proper: nobody who believes 0.7 does better by saying something else.
    says = np.linspace(0.01, 0.99, 99)
    for rule in (log_score, brier_score):
        expected = [0.7 * rule(p, True) + 0.3 * rule(p, False) for p in says.tolist()]
        assert says[int(np.argmin(expected))] == pytest.approx(0.7)


def test_what_is_frozen_is_scored_under_its_tag(folder: Path, frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["score", str(folder / "forecast-ahead.yaml"), "--frozen", str(frozen)]

    def git(*what: str) -> None:
        subprocess.run(["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org", *what], check=True, capture_output=True)

    git("init", "-q")
    assert main([*words, "--tag", "ahead"]) == 2
    assert "no tag 'ahead'" in capsys.readouterr().err
    git("add", "frozen")
    git("commit", "-qm", "Frozen")
    git("tag", "ahead")
    observed = folder / "observed.csv"
    observed.write_text("number,year,value\nStrength,2006,35\n")
    assert main([*words, "--tag", "ahead", "--observed", str(observed), "--page", str(folder / "page.md"), "--json"]) == 0
    told = capsys.readouterr()
    scores = {(line["what"], line["forecaster"]): line for line in json.loads(told.out)["scores"]}
    assert scores["Strength", "other"]["crps"] == 5.0
    assert scores["by year", "other"]["log"] == pytest.approx(math.log(2.0))
    assert scores["dated", "prior"]["count"] == 2
    assert ("Attacks", "prior") not in scores
    page = (folder / "page.md").read_text()
    assert page.startswith("A\n<!-- forecast -->\nRulebook `")
    assert "under the tag `ahead`" in page
    assert "Not scored, for no number of a year was observed: Attacks." in page
    assert page.endswith("<!-- end of score -->\nC\n")
    table = pd.read_csv(frozen / "scores.csv")
    assert set(table["forecaster"]) == {POSTERIOR, "parameters", PRIOR, "as in 2001-2004", "other"}


def test_the_same_bytes_again_and_nothing_is_written_over(folder: Path, frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: (frozen / name).read_bytes() for name in ("forecast.json", "events.csv", "numbers.csv")}
    assert run(folder, "again", "--workers", "1") == 0
    assert {name: (folder / "again" / name).read_bytes() for name in before} == before
    words = ["forecast", str(folder / "forecast-ahead.yaml"), "--calibrated", str(folder / "calibrated"), "--out", str(frozen)]
    assert main(words) == 2
    assert "holds another forecast, which is not written over" in capsys.readouterr().err
    assert {name: (frozen / name).read_bytes() for name in before} == before
    table = folder / "again" / "events.csv"
    table.write_text(table.read_text().replace("0.5", "0.9"))
    assert main(["score", str(folder / "forecast-ahead.yaml"), "--frozen", str(folder / "again")]) == 2
    assert "is not the table that was frozen" in capsys.readouterr().err


def test_answers_are_not_part_of_what_is_asked(folder: Path, frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = folder / "forecast-other.yaml"
    events = [{**FORECAST["events"][0], "happened": False}, FORECAST["events"][1]]
    other.write_text(yaml.safe_dump({**FORECAST, "events": events}, sort_keys=False))
    answered = [score(load_forecast(folder / name), thaw(frozen)) for name in ("forecast-ahead.yaml", "forecast-other.yaml")]
    assert answered[0].happened != answered[1].happened
    other.write_text(yaml.safe_dump({**FORECAST, "window": 0}, sort_keys=False))
    assert main(["score", str(other), "--frozen", str(frozen)]) == 2
    assert "was asked something else" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"until": 2004}, "2004 is not after 2004"),
        ({"until": 2012}, "2012 is not a year of tiny"),
        ({"like": [2001, 2006]}, "no span up to 2004"),
        ({"events": [{**FORECAST["events"][0], "year": 2003}]}, "2003 to 2003 is not within the years forecast, 2005 to 2007"),
        ({"events": [{**FORECAST["events"][0], "of": ["root_stnds"]}]}, "did you mean 'root_stands'?"),
        ({"numbers": [{**FORECAST["numbers"][0], "kinds": ["brand change"]}]}, "no year counts 'brand change'"),
        ({"numbers": [{**FORECAST["numbers"][1], "known": {2006: 1.0}}]}, "2006 is after 2004; what a forecast may know ends there"),
        ({"numbers": [FORECAST["numbers"][1]] * 2}, "is there twice"),
        ({"windw": 1}, "did you mean 'window'?"),
    ],
)
def test_what_is_wrong_is_told(folder: Path, change: dict[str, Any], message: str) -> None:
    path = folder / "forecast-wrong.yaml"
    path.write_text(yaml.safe_dump({**FORECAST, **change}, sort_keys=False))
    with pytest.raises(ScenarioError) as told:
        load_forecast(path)
    assert message in str(told.value)
    assert main(["check", str(path)]) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("pledges@2005\nmany\n", "line 2, pledges@2005: 'many' is no number"), ("pledges\n1\n", "a row a history"), ("a@1,b@1\n1\n", "has 1 values")],
)
def test_a_rival_that_cannot_be_read_is_told(folder: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wrong.csv").write_text(text)
    words = ["forecast", str(folder / "forecast-ahead.yaml"), "--calibrated", str(folder / "calibrated"), "--out", str(folder / "none")]
    assert main([*words, "--rival", f"other={folder / 'wrong.csv'}"]) == 2
    assert message in capsys.readouterr().err


def test_the_shipped_forecast_asks_what_the_record_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "forecast-aqim"]) == 0
    asked = load_forecast("forecast-aqim")
    assert asked.years == range(2011, 2020)
    dated = [q.words.split(" in ")[0] for q in asked.questions if q.group == DATED]
    assert dated == ["splinter", "autonomy", "merger", "pledge", "ending", "pledge", "return", "merger"]
    assert {year for q in asked.questions for year in range(q.first, q.last + 1)} <= set(asked.years)
    assert [name for name in shipped_studies() if name.startswith("forecast")] == ["forecast-aqim"]
    assert naive_name(asked) == "as in 2005-2010"
