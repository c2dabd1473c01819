"""The log of violence: whole, the same from both engines, and told when it is not whole."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.world import codes


@functools.cache
def history(name="aqim", seed=1, engine="compiled"):
    return sim.run(name, seed=seed, engine=engine)


@pytest.mark.parametrize("name", ["aqim", "northern-mali-2012", "tunisia-chaambi"])
def test_deaths_by_kind_are_those_of_the_outcomes(name):
    h = history(name)
    deaths = h.violence().groupby("kind")["deaths"].sum()
    for kind, outcome in (("state-based", "deaths_state_based"), ("non-state", "deaths_non_state"), ("one-sided", "deaths_one_sided")):
        assert deaths.get(kind, 0.0) == h.outcomes[outcome]
    assert h.outcomes["deaths_state_based"] > 0.0
    assert h.unrecorded == h.unlogged == 0


def test_who_against_whom_goes_with_the_kind():
    table = history().violence()
    assert set(table["kind"]) <= set(codes.VIOLENCE)
    assert (table["deaths"] >= 0).all()
    assert (table["deaths"] == 0).any(), "violence without deaths is violence"
    assert table["month"].is_monotonic_increasing
    state, civilians = (table["by"] == "state") | (table["against"] == "state"), table["against"] == "civilians"
    assert (civilians == (table["kind"] == "one-sided")).all()
    assert ((state & ~civilians) == (table["kind"] == "state-based")).all()
    assert ((table["by_id"] == -1) == (table["by"] == "state")).all()
    assert ((table["against_id"] == -2) == civilians).all()
    known = set(history().lineages()["organisation_id"])
    assert set(table["by_id"]) | set(table["against_id"]) <= known | {-1, -2}
    assert set(table["region"]) <= {r.name for r in history().scenario.regions}


def test_both_engines_record_the_same():
    one, other = history("dilemma-101", 3), history("dilemma-101", 3, "mesa")
    assert len(one.violent) > 0
    assert one.violent.tobytes() == other.violent.tobytes()
    assert one.violence().equals(other.violence())


def test_what_finds_no_room_is_counted_and_changes_nothing_else(monkeypatch):
    whole = history("dilemma-101", 2)
    monkeypatch.setattr("sim.observe.history.VIOLENCE_ROWS", 10)
    monkeypatch.setattr("sim.observe.history.LOG_ROWS", 4)
    cut = sim.run("dilemma-101", seed=2)
    assert cut.violent.tobytes() == whole.violent[:10].tobytes()
    assert cut.unrecorded == len(whole.violent) - 10
    assert cut.unlogged == len(whole.log) - 4
    assert cut.outcomes == whole.outcomes
    for name, table in whole.tables.items():
        if name != "organisation":  # Its column `entry` is a row of the log.
            assert cut.tables[name].tobytes() == table.tobytes()


def test_the_verb_says_that_a_log_was_full(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sim.show.history_figure.BAND_REPLICATES", 0)
    whole = history("dilemma-101", 2)
    monkeypatch.setattr("sim.observe.history.VIOLENCE_ROWS", 10)
    assert main(["run", "dilemma-101", "--seed", "2", "--out", str(tmp_path)]) == 0
    assert f"its last {len(whole.violent) - 10:,} entries are missing" in capsys.readouterr().err


def test_an_attack_stands_in_it_as_often_as_the_model_counted_it():
    h = history("northern-mali-2012")
    attacks = h.violent[(h.violent["by"] >= 0) & np.isin(h.violent["kind"], (codes.STATE_BASED, codes.ONE_SIDED))]
    assert len(attacks) == h.outcomes["attacks"]
