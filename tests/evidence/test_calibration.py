"""Calibration: the sampler against a posterior that is known, resumption, prediction, recovery, and what is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.cli import main
from sim.evidence.abc import first_generation, next_generation, sampled, weighted_quantile
from sim.evidence.calibration import FactSpec, distances, load_calibration, read_fact, simulate
from sim.evidence.posterior import calibrate, predict, predictive_table, recover, summary
from sim.evidence.trajectory import trajectories, years_of
from sim.observe.history import run
from sim.scenario.errors import ScenarioError
from sim.study.experiment import shipped_studies
from sim.study.store import StoreError

SMALL: dict[str, Any] = {
    "name": "small", "claim": "For tests.", "scenario": "dilemma-101", "seed": 2, "until": 2005, "particles": 24, "generations": 3,
    "priors": {"recruitment": {"range": [0.1, 5.0], "scale": "log"}, "raid_size": {"range": [2.0, 30.0]}},
    "facts": [{"fact": "Strength in 2003", "series": "strength", "year": 2003, "value": 400.0, "tolerance": 20.0}],
    "later": [{"fact": "Strength in 2009", "series": "strength", "year": 2009, "value": 200.0, "tolerance": 50.0}],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calibrate-small.yaml"
    path.write_text(yaml.safe_dump(SMALL))
    return path


def test_the_sampler_finds_a_posterior_that_is_known() -> None:
    """A normal observation of a uniform parameter: for small distances the posterior is the normal, cut to the unit interval."""

    def distance(unit: np.ndarray[Any, Any], replicate: int) -> float:
        seen = unit[0] + 0.1 * np.random.default_rng([99, replicate]).standard_normal()
        return float(abs(seen - 0.6))

    with ThreadPoolExecutor(1) as pool:
        generation = first_generation(distance, 1, 400, 5, pool)
        for _ in range(4):
            after = next_generation(distance, generation, 0.4, 5, pool, 100_000)
            assert after is not None
            assert after.epsilon <= generation.epsilon
            generation = after
    mean = float(generation.weights @ generation.units[:, 0])
    spread = float(np.sqrt(generation.weights @ (generation.units[:, 0] - mean) ** 2))
    assert mean == pytest.approx(0.6, abs=0.02)
    assert spread == pytest.approx(0.1, abs=0.02)
    assert generation.weights.sum() == pytest.approx(1.0)
    assert 100 < generation.effective <= 400


def test_too_few_accepted_ends_it() -> None:
    with ThreadPoolExecutor(1) as pool:
        generation = first_generation(lambda unit, n: 1.0 + unit[0], 1, 20, 1, pool)
        assert next_generation(lambda unit, n: 9.0, generation, 0.5, 1, pool, 256) is None


def test_threads_and_interruption_do_not_matter(file: Path, tmp_path: Path) -> None:
    calibration = load_calibration(file)
    whole = calibrate(calibration, tmp_path / "one", threads=1)
    two = calibrate(calibration, tmp_path / "two", threads=2)
    next((tmp_path / "two").glob("generation-02-*.npz")).unlink()
    resumed = calibrate(calibration, tmp_path / "two", threads=2, resume=True)
    for a, b, c in zip(whole, two, resumed, strict=True):
        assert a.units.tobytes() == b.units.tobytes() == c.units.tobytes()
        assert a.weights.tobytes() == b.weights.tobytes() == c.weights.tobytes()
    with pytest.raises(StoreError, match="go on with it with --resume"):
        calibrate(calibration, tmp_path / "two")
    file.write_text(yaml.safe_dump({**SMALL, "seed": 3}))
    with pytest.raises(StoreError, match="was made from something else"):
        calibrate(load_calibration(file), tmp_path / "two", resume=True)


def test_it_comes_nearer_and_learns(file: Path, tmp_path: Path) -> None:
    from sim.scenario.load import change, load_scenario

    # Where hardly anybody goes home: an edge of what the prior allows.
    edge = change(load_scenario("dilemma-101"), {"home_rate": 0.001})
    aim = float(trajectories(edge, 9, range(40), 2003)["strength"][:, 3].mean())
    more = {"priors": {"home_rate": {"range": [0.001, 0.2], "scale": "log"}, "raid_size": SMALL["priors"]["raid_size"]}}
    file.write_text(yaml.safe_dump({**SMALL, **more, "particles": 60, "generations": 6, "facts": [{**SMALL["facts"][0], "value": aim}]}))
    calibration = load_calibration(file)
    generations = calibrate(calibration, tmp_path / "c", threads=2)
    medians = [float(np.median(g.distances)) for g in generations]
    assert medians == sorted(medians, reverse=True)
    # It tells of going home, or of raids.
    learned = summary(calibration, generations[-1]).set_index("prior")["learned"]
    assert learned.max() > 0.2
    table = predictive_table(calibration, predict(calibration, generations[-1], 40, 2))
    assert table["kind"].tolist() == ["used", "predicted"]
    before = predictive_table(calibration, predict(calibration, generations[0], 40, 2))
    assert abs(table["mean"].iloc[0] - aim) < 0.7 * abs(before["mean"].iloc[0] - aim)


def test_the_particles_distance_can_be_made_again(file: Path, tmp_path: Path) -> None:
    calibration = load_calibration(file)
    last = calibrate(calibration, tmp_path / "c")[-1]
    for k in (0, 11, 23):
        again = distances(calibration, simulate(calibration, last.units[k], int(last.replicates[k])))
        assert again[0] == last.distances[k] <= last.epsilon


def test_trajectories_are_the_histories_years() -> None:
    from sim.scenario.load import load_scenario

    scenario = load_scenario("dilemma-101")
    series = trajectories(scenario, 4, range(2, 4))
    history = run(scenario, 4, 3)
    o = history.tables["organisation"]
    for y, _ in enumerate(years_of(scenario)):
        end = min(history.months, 12 * (y + 1))
        mine = (o["alive"][end] == 1) & (o["lineage"][end] == o["identity"][0][0])
        assert series["organisations"][1, y] == mine.sum()
    assert series["strength"][1, -1] == pytest.approx(history.outcomes["strength_end"])
    assert series["fragmentations"][1, -1] == history.outcomes["fragmentations"]
    short = trajectories(scenario, 4, range(2, 4), 2003)
    assert all((short[name] == series[name][:, :4]).all() for name in short)


def test_facts_are_read_at_a_year_or_over_a_span() -> None:
    series = {"strength": np.array([[1.0, 2.0, 3.0]]), "splinters": np.array([[1.0, 1.0, 4.0]]), "attacks": np.array([[10.0, 20.0, 40.0]]),
              "attacks_outside": np.array([[0.0, 5.0, 10.0]])}  # fmt: skip
    years = [2000, 2001, 2002]

    def fact(**more: Any) -> FactSpec:
        return FactSpec(**{"fact": "f", "value": 0.0, "tolerance": 1.0, **more})

    assert read_fact(fact(series="strength", year=2001), years, series)[0] == 2.0
    assert read_fact(fact(series="splinters", since=2001, year=2002), years, series)[0] == 3.0
    assert read_fact(fact(series="splinters", since=2000, year=2000), years, series)[0] == 1.0
    assert read_fact(fact(series="share_outside", since=2001, year=2002), years, series)[0] == pytest.approx(10.0 / 30.0)


def test_systematic_samples_follow_the_weights() -> None:
    from sim.evidence.abc import Generation

    weights = np.array([0.5, 0.25, 0.25])
    generation = Generation(0, 1.0, np.array([[0.1], [0.2], [0.3]]), weights, np.zeros(3), np.zeros(3), 3)
    drawn = sampled(generation, 400, 1)[:, 0]
    assert [(drawn == x).sum() for x in (0.1, 0.2, 0.3)] == [200, 100, 100]
    assert weighted_quantile(np.array([3.0, 1.0, 2.0]), weights, 0.5) == 2.0


def test_what_is_planted_is_found_as_often_as_the_interval_says(file: Path) -> None:
    table = recover(load_calibration(file), 4, 2)
    assert len(table) == 8
    mine = table[table["prior"] == "recruitment"]
    assert mine["held"].sum() >= 3
    assert ((table["rank"] >= 0.0) & (table["rank"] <= 1.0 + 1e-9)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"facts": [{**SMALL["facts"][0], "year": 2007}]}, "facts.0.year: 2007 is after 2005, the last year that may be used; put it under later"),
        ({"facts": [{**SMALL["facts"][0], "series": "strengh"}]}, "did you mean 'strength'?"),
        ({"facts": [{**SMALL["facts"][0], "tolerance": 0.0}]}, "facts[0].tolerance"),
        ({"priors": {"raid_siz": {"range": [0.1, 0.2]}}}, "did you mean 'raid_size'?"),
        ({"priors": {"emir_taken": {"range": [0.1, 1.2]}}}, "1.2 is out of range"),
        ({"priors": {"raid_size": {"range": [0.2, 0.1]}}}, "0.2 is not below 0.1"),
        ({"scenario": "dilema-101"}, "scenario"),
        ({"partices": 3}, "did you mean 'particles'?"),
    ],
)
def test_what_is_wrong_is_told(file: Path, change: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(yaml.safe_dump({**SMALL, **change}))
    with pytest.raises(ScenarioError) as told:
        load_calibration(file)
    assert message in str(told.value)
    assert main(["calibrate", str(file)]) == 2


def test_the_command_writes_and_tells(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(file), "--out", str(tmp_path / "c"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [g["number"] for g in found["generations"]] == [0, 1, 2]
    assert len(found["facts"]) == 2
    for name in ("posterior.csv", "predictive.csv", "posterior.png", "predictive.png"):
        assert (tmp_path / "c" / name).stat().st_size > 100
    assert main(["calibrate", str(file), "--out", str(tmp_path / "c"), "--resume"]) == 0
    assert "learned" in capsys.readouterr().out
    assert main(["calibrate", str(file), "--out", str(tmp_path / "r"), "--recover", "1"]) == 0
    assert "of 90 % intervals hold what was planted" in capsys.readouterr().out


def test_shipped_calibrations_are_sound_and_look_no_further_than_they_say() -> None:
    for name in (n for n in shipped_studies() if n.startswith("calibrate")):
        calibration = load_calibration(name)
        assert calibration.spec.name == name
        assert max(f.year for f in calibration.spec.facts) <= calibration.spec.until
        assert calibration.spec.later
