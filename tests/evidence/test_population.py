"""A population of groups: settings that do not depend on each other, rows that agree, facts computed as by hand, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.evidence.population import PRIORS, PopulationSpec, load_population, population, setting
from sim.evidence.population_facts import _age, _endings, _rejoining, facts, resampled
from sim.scenario.errors import ScenarioError
from sim.scenario.load import scenario_hash

SMALL: dict[str, Any] = {"name": "small", "claim": "For tests.", "seed": 4, "settings": 12, "years": 10}


@pytest.fixture(scope="module")
def spec() -> PopulationSpec:
    return PopulationSpec.model_validate(SMALL)


@pytest.fixture(scope="module")
def frame(spec: PopulationSpec) -> pd.DataFrame:
    return population(spec, 2)


def test_a_setting_is_the_same_whichever_others_there_are(spec: PopulationSpec) -> None:
    more = spec.model_copy(update={"settings": 5000})
    assert scenario_hash(setting(spec, 3)) == scenario_hash(setting(more, 3))
    assert len({scenario_hash(setting(spec, n)) for n in range(12)}) == 12
    other = spec.model_copy(update={"seed": 5})
    assert scenario_hash(setting(spec, 3)) != scenario_hash(setting(other, 3))


def test_settings_keep_to_their_priors(spec: PopulationSpec) -> None:
    narrow = spec.model_copy(update={"priors": {"brutality": [0.3, 0.31], "forces": [700.0, 701.0]}})
    for n in range(20):
        made = setting(narrow, n)
        assert all(0.3 <= o.brutality <= 0.31 for o in made.organisations)
        assert all(700.0 <= f.strength <= 701.0 for f in made.forces)
        assert 2 <= len(made.organisations) <= 5
        assert all(PRIORS["grievance"][0] <= c.grievance <= PRIORS["grievance"][1] for c in made.communities)


def test_threads_do_not_matter(spec: PopulationSpec, frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(population(spec, 1), frame)


def test_rows_agree_with_each_other(frame: pd.DataFrame) -> None:
    assert len(frame) > 12
    assert (frame["end"] > frame["start"]).all()
    assert (frame["peak"] >= frame["strength_start"] - 1e-9).all()
    assert ((frame["ending"] == "alive") == ~frame["ended"]).all()
    assert frame[["allied", "away"]].to_numpy().min() >= 0.0
    assert frame[["allied", "away"]].to_numpy().max() <= 1.0 + 1e-9
    assert (frame.loc[frame["origin"] == "founded", "parent"] == 0).all()
    assert (frame.loc[frame["origin"] == "splinter", "parent"] != 0).all()
    assert not frame.duplicated(["setting", "organisation"]).any()
    assert frame["embedded"].any()
    assert not frame["embedded"].all()


def test_the_inclusion_rule_is_kept(spec: PopulationSpec, frame: pd.DataFrame) -> None:
    strict = population(spec.model_copy(update={"least_strength": 200.0, "least_months": 24}), 2)
    assert strict["peak"].min() >= 200.0
    assert strict["months"].min() >= 24
    assert len(strict) == int(((frame["peak"] >= 200.0) & (frame["months"] >= 24)).sum())


def test_without_the_death_the_rest_is_the_same_until_then(spec: PopulationSpec, frame: pd.DataFrame) -> None:
    spared = population(spec, 2, death=False)
    untouched = [n for n in range(12) if not any(entry.event == "leader_death" for entry in setting(spec, n).timeline)]
    for n in untouched:
        pd.testing.assert_frame_equal(frame[frame["setting"] == n].reset_index(drop=True), spared[spared["setting"] == n].reset_index(drop=True))
    assert len(untouched) < 12
    struck = frame[frame["struck"]]
    alive = struck[struck["end"] > struck["struck_month"]].merge(spared, on=["setting", "organisation"], suffixes=("", "_spared"))
    assert (alive["leaders_lost"] >= alive["leaders_lost_spared"] - 3).all()


def made_up(**columns: list[Any]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    rest = {"setting": list(range(size)), "start": [0] * size, "end": [100] * size, "ended": [True] * size, "ending": ["force"] * size}
    return pd.DataFrame({**rest, "origin": ["founded"] * size, **columns})


def test_facts_come_out_as_by_hand() -> None:
    # Two groups die in their second year, two live to their twentieth and then die: 2 deaths in 2 x 24 + 2 x 60 young months, 2 in 2 x 180 old ones.
    frame = made_up(end=[24, 24, 240, 240])
    fact = _age(frame, np.ones(4, bool))
    assert fact.effect == pytest.approx(2 / 168 - 2 / 360)
    # Founded twenty years before it was first seen: all its months are old ones.
    frame = made_up(start=[-240, 0], end=[120, 24])
    assert _age(frame, np.ones(2, bool)).effect == pytest.approx(1 / 24 - 1 / 120)
    mix = _endings(made_up(ending=["force", "force", "inactivity", "amnesty", "politics"]))
    assert mix.effect == pytest.approx(0.4)
    back = _rejoining(made_up(origin=["splinter"] * 4, ending=["return", "return", "force", "absorption"], end=[40, 90, 10, 60]))
    assert back.effect == pytest.approx(0.5)


def test_the_bootstrap_over_settings_is_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(1).normal(3.0, 1.0, 400)
    mean, low, high = resampled(np.array([values, np.ones(400)]).T, lambda t: t[..., 0] / t[..., 1])
    assert mean == pytest.approx(values.mean())
    assert high - low == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_all_nine_facts_are_read(frame: pd.DataFrame, spec: PopulationSpec) -> None:
    found = facts(frame, population(spec, 2, death=False), pairs=10)
    assert sorted({f.number for f in found}) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert all(f.verdict in ("shown", "not shown", "contrary", "reported") for f in found)
    assert all(f.low <= f.effect <= f.high for f in found if not np.isnan(f.effect))


def test_nothing_to_tell_it_from_is_not_a_number() -> None:
    assert np.isnan(resampled(np.zeros((5, 2)), lambda t: t[..., 0] / t[..., 1])).all()


def test_the_command_and_its_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "population-small.yaml"
    file.write_text(yaml.safe_dump({**SMALL, "settings": 4}))
    assert main(["population", str(file), "--out", str(tmp_path / "p"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"] == 4
    assert len(pd.read_parquet(tmp_path / "p" / "groups.parquet")) > 4
    for change, message in (
        ({"priors": {"brutalty": [0.1, 0.2]}}, "did you mean 'brutality'?"),
        ({"priors": {"forces": [0.0, 10.0]}}, "is no range; [low, high] above 0 is wanted"),
        ({"settngs": 3}, "did you mean 'settings'?"),
        ({"settings": 0}, "settings: 0 is out of range"),
    ):
        file.write_text(yaml.safe_dump({**SMALL, **change}))
        with pytest.raises(ScenarioError) as told:
            load_population(file)
        assert message in str(told.value)
        assert str(told.value).startswith(f"{file}:")
        assert main(["population", str(file)]) == 2
    assert load_population("population").settings >= 200
