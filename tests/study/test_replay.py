"""Runs of a store made again: the months are those of the stored run, or there are none."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from scipy.stats import t as student

from sim.model import REPORTERS, DilemmaModel
from sim.observe import provenance
from sim.show.store_panels import clustered_mean
from sim.study import replay as replaying
from sim.study.plan import load_study
from sim.study.replay import RESAMPLES, SERIES, cells, histories, kaplan_meier, kinds_of, quantiles, redrawn, replay, replays, running_rates, spread
from sim.study.result import SweepResult
from sim.study.seal import table_seal
from sim.study.store import Store, StoreError
from sim.study.sweep import InterruptedSweepError, run_sweep
from sim.world import codes

GRID: dict[str, Any] = {
    "name": "grid", "claim": "c", "scenario": "dilemma-101", "seed": 2, "set": {"policies.budget": 1.0}, "ablate": ["embedding"], "replicates": 5,
    "factors": {"force": {"path": "policies.force", "range": [0.1, 0.7]}, "amnesty": {"path": "policies.amnesty", "range": [0.1, 0.7]}},
    "design": {"kind": "grid", "levels": 2},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Returns a function that sweeps the grid, or the grid with changes, into a store of its own."""

    def sweep(**changes: Any) -> Path:
        path = tmp_path_factory.mktemp("stores") / "store"
        run_sweep(load_study({**GRID, **changes}), path, count=1)
        return path

    return sweep


@pytest.fixture(scope="module")
def store(made: Callable[..., Path]) -> Path:
    """The grid: two arms of four cells with five replicates; where both shares are 0.7, every run fails."""
    return made()


def addresses(result: SweepResult) -> list[tuple[int, int]]:
    frame = result.to_pandas([])
    return list(zip(cells(result, frame).tolist(), frame["replicate"].tolist(), strict=True))


def test_the_last_month_is_the_stored_outcome_and_the_events_add_up(store: Path) -> None:
    result = SweepResult(store)
    frame = result.to_pandas(result.outcomes)
    counted = {
        "splinters": "splinter", "autonomies": "autonomy", "departures": "departure", "mergers": "merger", "means_changes": "means change",
        "re_emergences": "re-emergence", "relocations": "relocation", "endings": "ending", "alliances_made": "alliance made",
    }  # fmt: skip
    seen = 0
    for row, months in zip(frame.to_dict("records"), replays(result, addresses(result)), strict=True):
        assert months.replicate == row["replicate"]
        assert months.series["strength"][-1] == row["strength_end"], "the same sum, bit for bit"
        assert (months.series["organisations"][-1] > 0) == bool(months.series["strength"][-1] > 0.0)
        assert {name: months.events[kind].sum() for name, kind in counted.items()} == {name: row[name] for name in counted}
        assert list(months.series) == list(SERIES)
        assert list(months.events) == list(codes.EVENTS)
        assert all(len(x) == 120 for x in (*months.series.values(), *months.events.values()))
        seen += int(sum(e.sum() for e in months.events.values()))
    assert seen > 100, "the runs have something to count"


def test_months_are_those_that_mesa_reports(store: Path) -> None:
    result = SweepResult(store)
    # With brokers and ties off, where organisations end, and one with all on.
    for cell, replicate in ((4, 3), (0, 1)):
        months = replay(result, cell, replicate)
        model = DilemmaModel(result.study.scenario(cell), rng=result.study.spec.seed, replicate=replicate)
        while model.running:
            model.step()
        reported = model.datacollector.get_model_vars_dataframe()
        for name in sorted(set(SERIES) & set(REPORTERS)):
            # Mesa has a row for the start too, and reports nought where nothing stands, of which there is no mean.
            np.testing.assert_allclose(np.nan_to_num(months.series[name]), reported[name].to_numpy(float)[1:], rtol=1e-12, err_msg=name)
        assert np.array_equal(np.cumsum(months.events["return"]), reported["returns"][1:])


def test_series_of_means_are_the_histories_own(store: Path) -> None:
    result = SweepResult(store)
    months, told = replay(result, 5, 0), next(histories(result, [(5, 0)]))
    o = told.tables["organisation"][1:]
    for t in range(0, 120, 17):
        mine = o[t][(o[t]["alive"] == 1) & (o[t]["lineage"] == o[0]["lineage"][0])]
        assert months.series["organisations"][t] == len(mine)
        if len(mine):
            assert months.series["cohesion"][t] == pytest.approx(np.average(mine["cohesion"], weights=mine["strength"]), rel=1e-12)
            assert months.series["crowding"][t] == pytest.approx(np.average(mine["crowding"], weights=mine["strength"]), rel=1e-12)
    assert (told.seed, told.replicate) == (2, 0)


def test_where_no_organisation_stands_there_is_no_mean(made: Callable[..., Path]) -> None:
    # Where people go home as fast as that, some lineages end.
    result = SweepResult(made(set={**GRID["set"], "home_rate": 0.1}))
    gone = result.to_pandas(["survived", "months_survived"])
    gone["cell"] = cells(result, gone)
    row = gone[gone["survived"] == 0.0].iloc[0]
    months = replay(result, int(row["cell"]), int(row["replicate"]))
    end = int(row["months_survived"]) + 1
    assert months.series["organisations"][end:].max() == 0.0
    assert np.isnan(months.series["control"][end:]).all()
    assert np.isfinite(months.series["control"][: end - 1]).all()
    assert not np.isnan(months.series["strength"]).any()


def test_independent_draws_have_addresses_too(made: Callable[..., Path]) -> None:
    result = SweepResult(made(draws="independent", outcomes=["strength_end", "control"], replicates=2))
    frame = result.to_pandas(["strength_end"])
    assert frame["replicate"].is_unique
    ends = [months.series["strength"][-1] for months in replays(result, addresses(result))]
    assert ends == frame["strength_end"].tolist()


def rewritten(store: Path, tmp_path: Path, column: str, change: Callable[[Any], Any]) -> SweepResult:
    """Return a copy of a store with the first value of a column changed, and sealed anew."""
    import shutil

    shutil.copytree(store, tmp_path / "copy")
    file = tmp_path / "copy" / "runs.parquet"
    table = pq.read_table(file)
    values = table.column(column).to_pylist()
    values[0] = change(values[0])
    pq.write_table(table.set_column(table.schema.get_field_index(column), table.schema.field(column), pa.array(values, pa.float64())), file)
    copy = Store(tmp_path / "copy")
    copy.write_manifest({**copy.manifest(), "table": table_seal(file)})
    return SweepResult(tmp_path / "copy")


def test_a_store_that_was_tampered_with_by_a_single_bit_has_no_histories(store: Path, tmp_path: Path) -> None:
    result = rewritten(store, tmp_path, "control", lambda x: math.nextafter(x, 2.0))
    with pytest.raises(StoreError, match=r"cell 0, replicate 0 comes to control 0\.\d+ now, and the store has .*the scenario has changed since"):
        replay(result, 0, 0)
    with pytest.raises(StoreError, match="nothing that the manifest tells of: the store, or a scenario in it, was edited"):
        next(histories(result, [(0, 0)]))
    replay(result, 0, 1)


def test_a_scenario_that_was_edited_is_told_by_its_name(store: Path, tmp_path: Path) -> None:
    result = rewritten(store, tmp_path, "control", lambda x: x)
    file = result.path / "scenarios" / "dilemma-101.json"
    data = json.loads(file.read_text())
    data["emirs"][0]["strength"] *= 1.5
    file.write_text(json.dumps(data))
    with pytest.raises(StoreError, match=r"scenarios/dilemma-101.json: is not what was written .* dilemma sweep EXPERIMENT --out"):
        replay(result, 0, 0)


def test_another_rulebook_is_refused_before_anything_runs(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim import engine

    def never(*_: Any) -> Any:
        raise AssertionError("nothing may run")

    monkeypatch.setattr(provenance, "rulebook_digest", lambda: "f" * 64)
    monkeypatch.setattr(engine, "months_of", never)
    for function in (replays, histories):
        with pytest.raises(StoreError, match=r"was computed by rulebook \w{12}, and this is f{12}: the code has changed since"):
            next(function(SweepResult(store), [(0, 0)]))


def test_a_test_function_has_no_histories(tmp_path: Path) -> None:
    factors = {f"x{k}": {"range": [-3.0, 3.0]} for k in (1, 2, 3)}
    run_sweep(
        load_study({"name": "f", "claim": "c", "function": "ishigami", "factors": factors, "design": {"kind": "lhs", "points": 4}}), tmp_path / "s"
    )
    with pytest.raises(StoreError, match="test function ishigami; a test function has no histories"):
        replay(SweepResult(tmp_path / "s"), 0, 0)


def test_runs_that_are_not_there_are_told(store: Path, tmp_path: Path) -> None:
    result = SweepResult(store)
    for cell, replicate, words in (
        (8, 0, "has no cell 8; its cells are 0 to 7"),
        (0, 5, "has no run of cell 0 with replicate 5$"),
        (0, -1, "has no replicate -1"),
        (3, 2, "cell 3, replicate 2 failed, so it has no history: ScenarioError: .* add up to 1.4"),
    ):
        with pytest.raises(StoreError, match=words):
            replay(result, cell, replicate)
    assert list(replays(result, [])) == []

    def stop(progress: Any) -> None:
        progress.stopping = True

    with pytest.raises(InterruptedSweepError):
        run_sweep(load_study({**GRID, "replicates": 40}), tmp_path / "s", count=1, watch=stop)
    with pytest.raises(StoreError, match="not complete: go on with it with --resume"):
        replay(SweepResult(tmp_path / "s"), 7, 0)
    assert len(replay(SweepResult(tmp_path / "s"), 0, 0).series["strength"]) == 120


def test_only_what_is_asked_for_is_read(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    real = replaying.cells
    monkeypatch.setattr(replaying, "cells", lambda result, frame: (read.append(len(frame)), real(result, frame))[1])
    replay(SweepResult(store), 5, 2)
    # Replicate 2 of point 1, in both arms.
    assert sum(read) == 2


def test_runs_are_spread_evenly_over_cells_and_not_in_step_with_replicates(store: Path) -> None:
    result = SweepResult(store)
    frame = result.to_pandas([])
    frame["cell"] = cells(result, frame)
    some = spread(frame, 12)
    assert len(some) == 12
    assert some["cell"].value_counts().to_dict() == dict.fromkeys(frame["cell"].unique(), 2)
    assert some["replicate"].nunique() == 5, "a step of five would meet replicate 0 alone"
    assert some.index.is_monotonic_increasing
    assert some.equals(spread(frame, 12))
    assert spread(frame, 1000) is frame


def test_replicates_are_drawn_as_a_whole() -> None:
    drawn = redrawn(np.array([4, 9, 4, 9, 7]))
    assert drawn.shape == (RESAMPLES, 5)
    assert (drawn[:, 0] == drawn[:, 2]).all()
    assert (drawn[:, 1] == drawn[:, 3]).all()
    assert (drawn[:, [0, 1, 4]].sum(axis=1) == 3).all()
    # One replicate in many cells: the cells are the sample.
    alone = redrawn(np.zeros(6))
    assert (alone.sum(axis=1) == 6).all()
    assert alone.std() > 0.5


def test_quantiles_are_numpys_and_the_interval_is_that_of_resampled_medians() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(24, 3)).round(1)
    values[:10, 1] = np.nan
    values[:, 2] = np.nan
    replicate = np.arange(24) % 8
    found = quantiles(values, replicate)
    assert found["runs"].tolist() == [24] * 3
    assert found["standing"].tolist() == [24, 14, 0]
    for t, own in ((0, values[:, 0]), (1, values[10:, 1])):
        assert found.loc[t, ["q05", "q25", "median", "q75", "q95"]].tolist() == np.percentile(own, [5, 25, 50, 75, 95]).tolist()
        medians = []
        for weights in redrawn(replicate):
            sample = np.repeat(values[:, t], weights)
            medians.append(np.median(sample[np.isfinite(sample)]))
        assert found.loc[t, ["median_low", "median_high"]].tolist() == pytest.approx(np.percentile(medians, [2.5, 97.5]).tolist())
    assert found.loc[2, "median":].isna().all()


def test_rates_are_running_means_with_an_interval_over_replicates() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(0.3, size=(20, 40))
    found = running_rates(counts, np.arange(20))
    assert found["rate"].to_numpy() == pytest.approx(np.convolve(counts.mean(axis=0), np.ones(12) / 12, "valid"))
    # The first window is months 0 to 11, whose middle is the end of month 5.
    assert found["month"].iloc[[0, -1]].tolist() == [5.0, 33.0]
    assert ((found["low"] <= found["rate"]) & (found["rate"] <= found["high"])).all()
    # Against the interval of a mean of independent runs.
    window = counts[:, :12].mean(axis=1)
    assert found["high"][0] - found["low"][0] == pytest.approx(2 * 1.96 * window.std() / math.sqrt(20), rel=0.15)
    # Doubling every run adds nothing that is new, as long as the copies belong to the same replicate.
    twice = running_rates(np.tile(counts, (2, 1)), np.tile(np.arange(20), 2))
    assert twice["high"].to_numpy() == pytest.approx(found["high"].to_numpy())


def test_runs_of_one_replicate_are_one_piece_of_evidence() -> None:
    values = np.random.default_rng(3).normal(size=12)
    _, alone = clustered_mean(values, np.arange(12), False)
    assert alone == pytest.approx(student.ppf(0.975, 11) * values.std(ddof=1) / math.sqrt(12))
    # The same runs three times over, under the same draws, say nothing new; under others they would.
    again, number = np.tile(values, 3), np.arange(36)
    assert clustered_mean(again, number % 12, False)[1] == pytest.approx(alone)
    assert clustered_mean(again, number, False)[1] < 0.6 * alone
    shares = (values > 0).astype(float)
    assert clustered_mean(np.tile(shares, 3), number % 12, True)[1] == pytest.approx(clustered_mean(shares, np.arange(12), True)[1], rel=0.1)
    assert clustered_mean(np.ones(36), number % 12, True)[1] > 0.05, "that all survived is not certainty"


def test_kaplan_and_meier_by_hand() -> None:
    # 10 runs: two end in month 3, one in month 7, one is lost from sight in month 5, six stand at month 12.
    months = np.array([3, 3, 7, 5, 12, 12, 12, 12, 12, 12], float)
    stands = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 1], bool)
    found = kaplan_meier(months, stands)
    assert found["months"].tolist() == [0, 3, 5, 7, 12]
    assert found["survival"].tolist() == pytest.approx([1.0, 0.8, 0.8, 0.8 * 6 / 7, 0.8 * 6 / 7])
    assert found["at_risk"].tolist() == [10, 10, 8, 7, 6]
    assert found["ended"].tolist() == [0, 2, 0, 1, 0]
    s = 0.8 * 6 / 7
    greenwood = 2 / (10 * 8) + 1 / (7 * 6)
    off = 1.959963984540054 * math.sqrt(greenwood) / math.log(s)
    assert found.loc[3, ["low", "high"]].tolist() == pytest.approx(sorted([s ** math.exp(off), s ** math.exp(-off)]))


def test_survival_of_all_or_none_has_an_interval_all_the_same() -> None:
    months = np.full(50, 120.0)
    found = kaplan_meier(months, np.ones(50, bool))
    assert found["survival"].tolist() == [1.0, 1.0]
    assert found["low"].tolist() == pytest.approx([0.025 ** (1 / 50)] * 2), "the exact limit of 50 of 50"
    assert found["high"].tolist() == [1.0, 1.0]
    none = kaplan_meier(np.array([4.0, 6.0, 6.0]), np.zeros(3, bool))
    assert none["survival"].iloc[-1] == 0.0
    assert none[["low", "high"]].iloc[-1].tolist() == pytest.approx([0.0, 1 - 0.025 ** (1 / 3)])
    assert none.notna().all(axis=None)
    at_once = kaplan_meier(np.array([0.0, 5.0, 5.0]), np.array([False, True, True]))
    assert at_once["survival"].tolist() == pytest.approx([2 / 3, 2 / 3])


def test_events_go_by_their_names_and_by_those_of_outcomes() -> None:
    assert kinds_of(None) == {kind: (kind,) for kind in ("splinter", "autonomy", "pledge", "departure")}
    assert kinds_of("fragmentations") == {"fragmentations": ("splinter", "autonomy", "pledge", "departure")}
    assert kinds_of("broker_groups") == kinds_of("broker-founded group") == {"broker-founded group": ("broker-founded group",)}
    with pytest.raises(ValueError, match=r"there is no event 'mergr'; events are splinter, .*; did you mean 'merger'"):
        kinds_of("mergr")


def test_cells_are_numbered_as_the_study_numbers_them(store: Path) -> None:
    result = SweepResult(store)
    table = result.dataset().to_table(columns=["scenario", "policy", "without", "point"], filter=pc.field("without") == "embedding").to_pandas()
    assert sorted(set(cells(result, table).tolist())) == [4, 5, 6, 7]
