"""The benchmarks measure what they say: equal outcomes first, a plain Mesa model that is a model, Mesa imported only when it runs."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from sim import engine
from sim.scenario.load import load_scenario
from sim.study import bench
from sim.world.build import Capacity, build, parameters

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _benchmarks_on_the_path(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


@pytest.fixture
def short():
    return load_scenario("dilemma-101", overrides=["end=2005-06"])


def test_comparing_engines_times_what_it_says(short):
    result = bench.compare_engines(short, replicates=1, repeats=2)
    assert (result.scenario, result.months, len(result.comparisons)) == ("dilemma-101", 66, 2)
    against_mesa = result.comparisons[0]
    assert len(against_mesa.ratios) == 2
    assert against_mesa.ratio > 5, "the compiled engine is not even five times as fast as interpreted rules"
    assert "mesa.batch_run" in result.table()
    assert f"{against_mesa.ratio:.1f}" in result.table()
    assert json.loads(json.dumps(result.to_dict()))["comparisons"][0]["ratios"] == against_mesa.ratios


@pytest.mark.parametrize("outcome", ["fragmentations", "strength_end"])
def test_a_comparison_of_different_outcomes_is_refused(short, monkeypatch, outcome):
    honest = engine.ensemble

    def dishonest(*arguments):
        table = honest(*arguments)
        table[outcome] += 1.0
        return table

    monkeypatch.setattr(engine, "ensemble", dishonest)
    with pytest.raises(bench.EnginesDisagreeError, match=outcome):
        bench.engine_against_mesa(short, replicates=1, pairs=1)


def test_the_rows_of_batch_run_are_compared_too(short, monkeypatch):
    honest = engine.ensemble

    def dishonest(*arguments):
        table = honest(*arguments)
        table["returns"][1:] += 1.0  # The first run is compared outcome by outcome; this is seen only in the rows.
        return table

    monkeypatch.setattr(engine, "ensemble", dishonest)
    with pytest.raises(bench.EnginesDisagreeError, match="replicate 1: returns is"):
        bench.engine_against_mesa(short, replicates=2, pairs=1)


def test_pairs_turn_their_order():
    calls = []
    bench.paired("slow", lambda: calls.append("s") or 1, "fast", lambda: calls.append("f") or 1, pairs=3)
    assert calls == ["s", "f", "f", "s", "s", "f"]


def test_a_ratio_is_that_of_the_seconds_per_run():
    comparison = bench.Comparison("slow", "fast", [4.0, 9.0, 8.0], [2.0, 3.0, 1.0])
    assert comparison.ratios == [2.0, 3.0, 8.0]
    assert comparison.ratio == 3.0
    assert comparison.milliseconds == (8000.0, 2000.0)
    assert str(comparison).startswith("fast is 3.0 times as fast as slow (median of 3 pairs, 2.0 to 8.0; ")


def test_mesa_is_imported_only_when_a_comparison_runs():
    code = "import sys, sim.study.bench; sys.exit('mesa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_plain_model_is_a_model_of_the_same_kind():
    from engine_vs_mesa import plain_runs

    rows = plain_runs(16)
    assert len(rows) == 16
    for row in rows:
        assert row["Step"] in (119, 120), "Mesa 3.3 counts the last of 120 steps as 119, Mesa 3.5 as 120"
        assert row["survived"] in (0.0, 1.0)
        assert 0 <= row["fragmentations"] <= 20
        assert 0.0 <= row["control"] <= 1.0
        assert 0.0 <= row["agency_loss"] <= 1.0
        assert 0.0 <= row["strength"] < 5000.0
        assert math.isfinite(row["strength"])
    lasting = [(row["strength"], row["agency_loss"]) for row in rows if row["survived"]]
    assert len(set(lasting)) == len(lasting) > 8, "histories differ by their seed"
    assert any(row["fragmentations"] for row in rows), "nobody ever leaves"
    scenario = load_scenario("dilemma-101")
    table = engine.ensemble(build(scenario, 1), parameters(scenario), 120, range(100))
    mean = sum(row["strength"] for row in rows) / len(rows)
    assert 1 / 3 < mean / table["strength_end"].mean() < 3, "its groups are of another size than the rulebook's"


def test_the_plain_model_loses_its_first_leader_on_the_date_of_the_timeline():
    from plain_mesa import PlainDilemma

    model = PlainDilemma(rng=3)
    killed = []
    model.root.die = lambda: killed.append(model.month)  # He may also die by chance; the dated death is a month of its own.
    while model.running:
        model.step()
    assert 65 in killed


def test_a_country_grows_by_its_number_of_agents_only():
    from scaling import agents, less_room, measure
    from synthetic import country

    small, large = country(24), country(48)
    one, other = (agents(build(scenario, 1)) for scenario in (small, large))
    assert one / 24 == pytest.approx(10.5, rel=0.05)
    assert other == pytest.approx(2 * one, rel=0.05)
    room = Capacity.of(small)
    assert less_room(room).emirs < room.emirs
    size = measure(small, room, months=2, repeats=1)
    assert (size.agents, size.rows, len(size.seconds)) == (one, room.emirs, 1)
    assert size.nanoseconds == pytest.approx(1e9 * size.seconds[0] / one)


def test_fewer_empty_rows_change_no_outcome():
    from scaling import less_room
    from synthetic import country

    scenario = country(24)
    room, p = Capacity.of(scenario), parameters(scenario)
    wide, tight = (engine.ensemble(build(scenario, 1, 0, c), p, 12, range(2)) for c in (room, less_room(room)))
    assert not wide["refused"].any()
    assert wide.tobytes() == tight.tobytes()
