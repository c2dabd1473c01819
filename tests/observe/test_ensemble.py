"""Many replicates of one history, asked for as one history is."""

from __future__ import annotations

import pytest

import sim


def test_an_ensemble_takes_a_name_a_path_or_a_loaded_scenario(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nextends: dilemma-101\n", encoding="utf-8")
    by_name = sim.ensemble("dilemma-101", replicates=3)
    assert by_name.equals(sim.ensemble(sim.load("dilemma-101"), replicates=3))
    assert by_name.equals(sim.ensemble(str(path), replicates=3))
    with pytest.raises(sim.ScenarioError, match="did you mean 'dilemma-101'"):
        sim.ensemble("dilemma-10", replicates=3)
