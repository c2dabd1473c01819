"""The Mesa model as a Mesa user meets it."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

from sim import engine
from sim.model import KINDS, PASSING, REFERENCES, STANDING, DilemmaModel, Emir, Organisation
from sim.scenario.errors import ScenarioError
from sim.scenario.load import change, load_scenario
from sim.world.build import build, parameters


def test_attributes_are_live_both_ways():
    model = DilemmaModel("dilemma-101", rng=1)
    emir = model.agents_by_type[Emir][0]
    assert emir.strength == model.world.emir["strength"][emir.row]
    emir.strength = 77.5
    assert model.world.emir["strength"][emir.row] == 77.5
    model.world.emir["loyalty"][emir.row] = 0.25
    assert emir.loyalty == 0.25
    assert emir.name in {e.name for e in model.setting.emirs}
    assert emir in model.agents_by_type[Organisation][0].emirs


def test_what_names_another_agent_is_that_agent():
    model = DilemmaModel("aqim", rng=1)
    for _ in range(24):
        model.step()
    for table, columns in REFERENCES.items():
        for agent in model.regions if table == "region" else model.agents_by_type[KINDS[table]]:
            for column, kind in columns.items():
                row, named = int(getattr(model.world, table)[column][agent.row]), getattr(agent, column)
                assert named is None or (named.row, named.table) == (row, kind)
                assert (named is None) == (row < 0 or (kind == "organisation" and model.world.organisation["alive"][row] == 0))
    emir = model.agents_by_type[Emir][0]
    assert isinstance(emir.organisation, Organisation)
    assert emir in emir.organisation.emirs
    assert emir in emir.region.emirs
    assert emir.region.name in repr(emir.region)
    # To be moved: by the region, or by its row.
    for place in (model.regions[3], 3):
        emir.region = place
        assert model.world.emir["region"][emir.row] == 3
    assert emir.region is model.regions[3]


def test_a_history_that_is_over_stays_as_it_is():
    model = DilemmaModel("dilemma-101", rng=1)
    while model.running:
        model.step()
    before = (model.month, model.world.emir.tobytes(), len(model.datacollector.get_model_vars_dataframe()))
    model.step()
    assert (model.month, model.world.emir.tobytes(), len(model.datacollector.get_model_vars_dataframe())) == before
    assert not model.running


def test_only_mesas_count_of_calls_goes_on_after_the_end():
    model = DilemmaModel("dilemma-101", rng=1)
    while model.running:
        model.step()
    assert model.steps == model.month == model.months
    model.step()
    assert (model.month, model.steps) == (model.months, model.months + 1)
    text = (Path(__file__).parents[1] / "docs" / "mesa-users.md").read_text(encoding="utf-8")
    assert "Only Mesa's own count of calls, `model.steps`, goes on" in text


def test_agents_come_and_go_with_the_rows():
    model = DilemmaModel("aqim", rng=3)
    met = set()
    for _ in range(200):
        model.step()
        for kind in PASSING:
            table = getattr(model.world, kind.table)
            rows = sorted(agent.row for agent in model.agents_by_type[kind])
            assert rows == np.flatnonzero(table["alive"] == 1).tolist()
            assert all(agent.identity == agent.born_as for agent in model.agents_by_type[kind])
        met |= {agent.unique_id for agent in model.agents_by_type[Emir]}
    assert len(met) > len(model.setting.emirs), "successors and new emirs are agents of their own"
    for kind in STANDING:
        assert len(model.agents_by_type[kind]) == len(getattr(model.world, kind.table))


def test_the_data_collector_has_a_row_for_the_start_and_one_a_month():
    model = DilemmaModel("dilemma-101", rng=1)
    while model.running:
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == model.months + 1 == 121
    # What the world is like at the end of the month before the first.
    assert frame["date"].iloc[0] == "1999-12"
    assert frame["date"].iloc[1] == "2000-01"
    start = load_scenario("dilemma-101")
    assert frame["strength"].iloc[0] == sum(emir.strength for emir in start.emirs)
    assert frame["control"].iloc[0] == start.organisations[0].control
    assert frame["date"].iloc[-1] == "2009-12"
    assert frame["strength"].iloc[-1] == model.outcomes()["strength_end"]


def test_batch_run_gives_what_direct_runs_give():
    from mesa.batchrunner import batch_run

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa's own notices about its next version.
        rows = batch_run(
            DilemmaModel,
            {"scenario": "dilemma-101", "rng": 5, "replicate": range(3), "percolation": [0.2, 0.8], "brokerage": [True, False]},
            number_processes=1, data_collection_period=-1, max_steps=120, display_progress=False,
        )  # fmt: skip
    assert len(rows) == 12
    for row in rows:
        scenario = change(load_scenario("dilemma-101"), {"percolation": row["percolation"], "brokerage": row["brokerage"]})
        one = engine.ensemble(build(scenario, 5), parameters(scenario), 120, [row["replicate"]])
        assert row["fragmentations"] == one["fragmentations"][0]
        assert row["survived"] == one["survived"][0]


def test_a_model_without_a_seed_takes_one_and_tells_it():
    model = DilemmaModel("dilemma-101")
    again = DilemmaModel("dilemma-101", rng=model.draw_seed)
    for _ in range(24):
        model.step()
        again.step()
    assert model.world.emir.tobytes() == again.world.emir.tobytes()
    assert DilemmaModel("dilemma-101").draw_seed != model.draw_seed


def test_a_bad_keyword_is_told_with_its_neighbour():
    with pytest.raises(ScenarioError, match="did you mean 'percolation'"):
        DilemmaModel("dilemma-101", rng=1, percolatio=0.2)
