"""What never happened is missing: in tables, means, comparisons, figures and reports; the file keeps what the engine wrote."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pyarrow.dataset as pads
import pytest

import sim
from sim.cli import main
from sim.observe.outcome_words import NEVER, or_none, read
from sim.scenario.errors import ScenarioError
from sim.show.compare_figure import figure, text
from sim.show.report import report
from sim.show.store_figure import plot
from sim.show.study_text import shares_text
from sim.show.terminal import outcome_rows, outcome_text
from sim.study.compare import Sample, compare, groups
from sim.study.plan import load_study
from sim.study.store import RUNS
from sim.study.variance import shares
from sim.world.outcomes import OUTCOMES

MONTH = "brand_joined_month"
EXPERIMENT = {
    "name": "joins", "claim": "When is the brand joined?", "about": [MONTH], "scenario": "dilemma-101", "seed": 1, "replicates": 12,
    "factors": {"joining": {"path": "joining_hazard", "values": [0.0, 0.05, 5.0]}, "percolation": {"values": [0.1, 0.2]}}, "design": {"kind": "grid"},
    "outcomes": [MONTH, "strength_end"],
}  # fmt: skip


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return sim.sweep(EXPERIMENT, tmp_path_factory.mktemp("never") / "s")


def test_every_outcome_that_may_never_happen_says_so_where_it_is_described():
    said = {name for name, _, meaning in OUTCOMES if "or -1" in meaning}
    assert said == set(NEVER)


def test_what_never_happened_is_missing_where_it_is_read_and_not_in_the_file(result):
    written = pads.dataset(result.path / RUNS).to_table().to_pandas()[MONTH]
    months = result.to_pandas()[MONTH]
    assert (written == -1.0).any()
    assert (written >= 0.0).any(), "a brand that is joined gladly is joined by some"
    np.testing.assert_array_equal(months.isna(), written == -1.0)
    np.testing.assert_array_equal(months.dropna(), written[written >= 0.0])
    assert pd.concat(result.frames([MONTH]))[MONTH].isna().sum() == months.isna().sum()
    one = sim.ensemble(sim.load("dilemma-101", overrides=["joining_hazard=0"]), seed=1, replicates=3)
    assert one[MONTH].isna().all()
    assert or_none({MONTH: -1.0, "strength_end": -1.0}) == {MONTH: None, "strength_end": -1.0}


def test_means_are_among_those_to_whom_it_happens_with_their_share(result):
    frame = result.to_pandas()
    (share, other) = shares(result)
    assert share.mean == pytest.approx(frame[MONTH].mean())
    assert share.happens == pytest.approx(frame[MONTH].notna().mean())
    assert other.happens == 1.0
    assert f"where it happens: in {share.happens:.1%} of runs" in shares_text([share, other])
    rows = {row["outcome"]: row for row in outcome_rows(_ensemble(frame))}
    assert rows[MONTH]["mean"] == pytest.approx(frame[MONTH].mean())
    assert rows[MONTH]["min"] >= 0.0
    assert rows[MONTH]["share"] == share.happens
    assert "share" not in rows["strength_end"]
    assert f"in {share.happens:.1%} of histories" in outcome_text(list(rows.values()))
    assert "never" in outcome_text(outcome_rows(_ensemble(frame[frame["joining"] == 0.0])))


def _ensemble(frame):
    """Runs with all outcomes, of which two are looked at."""
    return pd.DataFrame({name: frame[name] if name in frame else np.zeros(len(frame)) for name, _, _ in OUTCOMES})


def test_a_comparison_is_over_pairs_in_which_it_happens_to_both():
    index = pd.Index(range(6), name="replicate")
    runs = [pd.DataFrame({MONTH: months}, index) for months in ([-1, 10, 20, 30, -1, 40], [5, 12, -1, 36, 7, 44], [-1, -1, -1, -1, 9, 9])]
    found = compare([Sample(label, read(frame.astype(float))) for label, frame in zip("abc", runs, strict=True)], [MONTH])
    both, hardly = found.differences
    assert (both.pairs, both.difference) == (3, pytest.approx((2 + 6 + 4) / 3))
    assert (both.first_happens, both.second_happens) == (pytest.approx(4 / 6), pytest.approx(5 / 6))
    assert hardly.draws == 1
    assert math.isnan(hardly.difference)
    told = text(found)
    assert "it happens in 66.7% of runs, and here in 83.3%" in told
    assert "too few pairs in which it happens to both; it happens in 66.7% of runs, and here in 33.3%" in told
    figure(found).draw_without_rendering()


def test_figures_and_the_report_leave_never_out_of_their_means(result):
    frame = result.to_pandas()
    _, data = plot(result, "heat", outcome=MONTH)
    for row in data.itertuples():
        there = frame[(frame["joining"] == row.joining) & (frame["percolation"] == row.percolation)][MONTH].dropna()
        assert row.runs == len(there)
        assert math.isnan(row.mean) if there.empty else row.mean == pytest.approx(there.mean())
    said = report(result, 2)
    assert "never</td>" in said
    assert ">nan" not in said
    assert " of runs" in said[said.index("What the claim is about") : said.index("What was run")]
    assert compare(groups(result, "joining", [MONTH]), [MONTH]).differences


def test_json_and_files_have_null_for_never(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.show.history_figure.BAND_REPLICATES", 0)
    assert main(["run", "dilemma-101", "--set", "joining_hazard=0", "--json", "--out", "x"]) == 0
    assert json.loads(capsys.readouterr().out)["outcomes"][MONTH] is None
    assert json.loads((tmp_path / "x" / "outcomes.json").read_text())[MONTH] is None
    assert main(["compare", "dilemma-101,joining_hazard=0", "dilemma-101", "--outcome", MONTH, "--replicates", "4", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["differences"]
    assert row["difference"] is None
    assert row["first_happens"] == 0.0


def test_replicates_are_not_added_until_a_mean_of_what_may_never_happen_is_known():
    until = {"interval_of": MONTH, "narrower_than": 1.0, "at_most": 100}
    with pytest.raises(ScenarioError, match="is no amount in runs in which it never happens"):
        load_study({**EXPERIMENT, "until": until})
