"""Figures of a store: what they show is what the store has, they can be read, and what cannot be drawn is told."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from scipy.stats import norm, t

import sim
from sim.observe.ensemble import interval
from sim.show.colour_scale import colour_ends
from sim.show.store_figure import KINDS, plot, save
from sim.show.store_panels import label_ends, level_name
from sim.study.plan import load_study
from sim.study.replay import cells, replays
from sim.study.result import SweepResult
from sim.study.store import StoreError
from sim.study.sweep import InterruptedSweepError, run_sweep

Stores = Callable[[str], SweepResult]
EXPOSURE = {"path": "percolation", "range": [0.05, 0.6], "label": "Exposure by contact"}
RATE = {"path": "recruitment", "range": [1.0, 6.0]}
STUDIES: dict[str, dict[str, Any]] = {
    "grid": {
        "factors": {"exposure": EXPOSURE, "brokerage": {"values": [True, False]}},
        "design": {"kind": "grid", "levels": 3}, "replicates": 6, "title": "A grid",
    },
    "moved": {
        "factors": {"exposure": EXPOSURE, "rate": RATE, "brokerage": {"values": [True, False]}},
        "design": {"kind": "one-at-a-time"}, "ablate": ["embedding"], "replicates": 8,
    },
    "arms": {
        "policies": {"none": {}, **{name: {"budget": 1, name: 1} for name in ("force", "amnesty", "dialogue", "horizon")}},
        # Where people go home as fast as that, some lineages end.
        "ablate": ["embedding"], "replicates": 10, "set": {"home_rate": 0.05},
    },
    "cloud": {
        "factors": {"exposure": EXPOSURE, "rate": RATE},
        "design": {"kind": "lhs", "points": 24}, "replicates": 3, "outcomes": ["strength_end"],
    },
    "alone": {"replicates": 4},
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Returns a function that sweeps a study of :data:`STUDIES`, once."""
    folder = tmp_path_factory.mktemp("stores")

    @functools.cache
    def made(name: str) -> SweepResult:
        run_sweep(load_study({"name": name, "claim": "c", "scenario": "dilemma-101", "seed": 4, **STUDIES[name]}), folder / name, count=1)
        return SweepResult(folder / name)

    return made


def swept(path: Path, **data: Any) -> SweepResult:
    scenario = {} if {"function", "scenarios"} & set(data) else {"scenario": "dilemma-101"}
    run_sweep(load_study({"name": "own", "claim": "c", **scenario, **data}), path, count=1)
    return SweepResult(path)


def frame_of(result: SweepResult) -> pd.DataFrame:
    frame = result.to_pandas([*result.factors, *result.outcomes])
    frame["cell"] = cells(result, frame)
    return frame


def months_of(result: SweepResult, runs: pd.DataFrame) -> list[Any]:
    return list(replays(result, list(zip(runs["cell"].tolist(), runs["replicate"].tolist(), strict=True))))


def words_of(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")


DRAWN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("fan", "grid", {"replicates": 6}),
    ("fan", "arms", {"replicates": 3, "by": "policy", "series": "support"}),
    ("rates", "arms", {"replicates": 4, "by": "without"}),
    ("rates", "arms", {"replicates": 4, "outcome": "departures"}),
    ("rates", "moved", {"replicates": 4, "outcome": "fragmentations", "by": "brokerage"}),
    ("survival", "arms", {}),
    ("survival", "arms", {"by": "without"}),
    ("heat", "grid", {"outcome": "strength_end"}),
    ("heat", "arms", {"outcome": "strength_end"}),
    ("heat", "cloud", {"outcome": "strength_end"}),
    ("lineages", "arms", {}),
    ("lineages", "alone", {}),
    ("tornado", "moved", {"outcome": "strength_end"}),
)


@pytest.mark.parametrize(("number", "style"), [*((k, "projector") for k in range(len(DRAWN))), *((k, "print") for k in (0, 2, 3, 5, 9, 10, 12))])
def test_figures_are_whole_and_nothing_lies_over_the_titles(store: Stores, number: int, style: Any) -> None:
    kind, name, options = DRAWN[number]
    before = dict(mpl.rcParams)
    figure, data = plot(store(name), kind, style=style, **options)
    assert dict(mpl.rcParams) == before
    assert len(data)
    width, height = figure.get_size_inches()
    assert width == (7.0 if style == "print" else 13.33)
    box = figure.get_tightbbox()
    assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= -0.03, "nothing is cut off"
    # What stands above, beside and beneath the panels meets none of them, nor each other.
    around = [text for text in (figure._suptitle, figure._supxlabel) if text is not None and text.get_text()] + list(figure.legends)
    boxes = [artist.get_window_extent() for artist in around]
    panels = [ax.get_tightbbox() for ax in figure.axes if ax.axison]
    for a, b in [*itertools.combinations(boxes, 2), *itertools.product(boxes, panels), *itertools.combinations(panels, 2)]:
        assert min(a.x1, b.x1) - max(a.x0, b.x0) < 2 or min(a.y1, b.y1) - max(a.y0, b.y0) < 2, "two parts of the figure overlap"
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert min(sizes) >= (5.0 if style == "print" else 9.0)


@pytest.mark.parametrize(("kind", "name", "options"), [DRAWN[k] for k in (0, 2, 5, 7, 11, 12)], ids=[*KINDS])
def test_each_kind_writes_the_same_files_under_one_name(store: Stores, kind: str, name: str, options: dict[str, Any], tmp_path: Path) -> None:
    result = store(name)
    # A PDF takes its time over its fonts, whatever it shows: one kind is enough.
    forms = ("png", "svg", "pdf") if kind == "fan" else ("png", "svg")
    once = save(result, kind, tmp_path / "a", forms, **options)
    again = save(result, kind, tmp_path / "b", forms[1:], **options)
    assert [path.suffix for path in once] == [*(f".{form}" for form in forms), ".csv"]
    assert {path.stem for path in once} == {once[0].stem}
    assert once[0].stem.startswith(kind)
    assert all(path.read_bytes() == (once[0].parent / path.name).read_bytes() for path in again)
    assert once[0].read_bytes().startswith(b"\x89PNG")
    assert kind != "fan" or once[2].read_bytes().startswith(b"%PDF")
    assert "<dc:date>" not in once[1].read_text()
    assert len(pd.read_csv(once[-1])) > 1


def test_the_name_of_a_file_tells_what_it_shows(store: Stores, tmp_path: Path) -> None:
    options: dict[str, Any] = {"series": "control", "by": "without", "where": {"policy": "none, force"}, "style": "projector"}
    paths = save(store("arms"), "fan", tmp_path, ("svg",), replicates=2, **options)
    assert [p.name for p in paths] == [f"fan-control-by-without-policy-none,-force-projector.{form}" for form in ("svg", "csv")]
    assert save(store("grid"), "heat", tmp_path, (), outcome="control", x="brokerage")[0].name == "heat-control-brokerage.csv"


def test_a_fan_shows_the_quantiles_of_the_runs_made_again(store: Stores) -> None:
    result = store("grid")
    figure, data = plot(result, "fan", by="brokerage", series="cohesion", replicates=1000)
    frame = frame_of(result)
    assert data["group"].unique().tolist() == ["brokerage: on", "brokerage: off"]
    for level, part in data.groupby("level"):
        values = np.array([m.series["cohesion"] for m in months_of(result, frame[frame["brokerage"] == level])])
        assert values.shape == (18, 120)
        for name, q in (("q05", 0.05), ("q25", 0.25), ("median", 0.5), ("q75", 0.75), ("q95", 0.95)):
            # Of the runs whose lineage still stands: who is gone has no cohesion.
            np.testing.assert_allclose(part[name], np.nanquantile(values, q, axis=0))
    assert data["date"].iloc[[0, 119]].tolist() == ["2000-01", "2009-12"]
    assert data["year"].iloc[119] == pytest.approx(2010.0)
    titles = [ax.get_title("left") for ax in figure.axes]
    assert titles == ["brokerage: on", "brokerage: off"]
    assert "Cohesion (0–1)" in words_of(figure)
    assert "18 runs a group, pooled over 3 cells" in words_of(figure)


def test_a_fan_of_some_of_the_runs_or_of_one_group_says_so(store: Stores) -> None:
    figure, data = plot(store("grid"), "fan", by="brokerage", replicates=7)
    assert "7 runs (of 18, spread evenly) a group" in words_of(figure)
    assert set(data["runs"]) == {7}
    assert plot(store("alone"), "fan")[1]["group"].unique().tolist() == ["dilemma-101"], "nothing varies"


def test_a_factor_that_is_moved_alone_is_set_beside_the_point_as_written(store: Stores) -> None:
    result = store("moved")
    figure, data = plot(result, "fan", by="rate", where={"without": "all on"})
    frame = frame_of(result)
    assert data["group"].unique().tolist() == ["rate as written", "rate = 1", "rate = 6"]
    assert set(data["runs"]) == {8}
    written = frame[(frame["without"] == "") & frame[["exposure", "rate", "brokerage"]].isna().all(axis=1)]
    values = np.array([m.series["strength"] for m in months_of(result, written)])
    part = data[data["group"] == "rate as written"]
    np.testing.assert_allclose(part["median"], np.median(values, axis=0))
    assert "other factors as written" in words_of(figure)


def test_rates_are_events_of_the_runs_made_again(store: Stores) -> None:
    result = store("arms")
    _, data = plot(result, "rates", by="without", replicates=1000)
    assert data["event"].unique().tolist() == ["splinter", "autonomy", "pledge", "departure"]
    frame = frame_of(result)
    runs = months_of(result, frame[frame["without"] == "embedding"])
    part = data[(data["level"] == "embedding") & (data["event"] == "departure")]
    mean = np.mean([m.events["departure"] for m in runs], axis=0)
    np.testing.assert_allclose(part["rate"], np.convolve(mean, np.ones(12) / 12, "valid"), atol=1e-12)
    assert (part["low"] <= part["rate"] + 1e-12).all()
    assert (part["high"] >= part["rate"] - 1e-12).all()
    _, one = plot(result, "rates", by="without", outcome="fragmentations", replicates=1000)
    together = data[data["level"] == "embedding"].groupby("month")["rate"].sum()
    np.testing.assert_allclose(one.loc[one["level"] == "embedding", "rate"], together, atol=1e-12)


def test_many_groups_have_a_panel_each_and_few_a_line_each(store: Stores) -> None:
    figure, _ = plot(store("arms"), "rates", replicates=2)
    assert [ax.get_title("left") for ax in figure.axes if ax.axison] == ["none", "force", "amnesty", "dialogue", "horizon"]
    figure, _ = plot(store("arms"), "rates", replicates=2, where={"policy": "none,amnesty"})
    assert [ax.get_title("left") for ax in figure.axes] == ["Splinter", "Autonomy", "Pledge", "Departure"]


def test_survival_is_counted_run_by_run(store: Stores) -> None:
    result = store("arms")
    _, data = plot(result, "survival", by="without")
    frame = frame_of(result)
    for level, part in data.groupby("level"):
        runs = frame[frame["without"] == level]
        # Nobody is lost from sight before the end, so the estimate is the share that lasted longer.
        for row in part.itertuples():
            ended = ((runs["months_survived"] <= row.months) & (runs["survived"] == 0.0)).mean()
            assert row.survival == pytest.approx(1.0 - ended)
            assert row.at_risk == (runs["months_survived"] >= row.months).sum()
            assert row.low <= row.survival <= row.high
            assert row.high > row.low
    assert data.loc[data["level"] == "embedding", "survival"].min() < 1.0
    assert data["years"].max() == frame["months_survived"].max() / 12.0


def test_the_runs_at_risk_stand_beneath(store: Stores) -> None:
    result = store("arms")
    figure, _ = plot(result, "survival", by="without")
    below = figure.axes[1]
    shown = {(text.get_position()[0], text.get_position()[1]): text.get_text() for text in below.texts}
    frame = frame_of(result)
    for row, level in enumerate(("", "embedding")):
        months = frame.loc[frame["without"] == level, "months_survived"]
        ticks = sorted(tick for tick, at in shown if at == row and tick >= 0.0)
        assert len(ticks) > 2
        assert [shown[tick, row] for tick in ticks] == [str((months >= 12 * tick).sum()) for tick in ticks]


def test_a_heat_map_has_the_means_of_the_cells(store: Stores) -> None:
    result = store("grid")
    figure, data = plot(result, "heat", outcome="strength_end")
    frame = frame_of(result)
    means = frame.groupby(["exposure", "brokerage"], observed=True)["strength_end"].agg(["mean", "std", "count"])
    assert len(data) == 6
    for row in data.itertuples():
        cell = means.loc[(row.exposure, row.brokerage), :]
        assert row.mean == pytest.approx(cell["mean"])
        assert row.half_width == pytest.approx(t.ppf(0.975, 5) * cell["std"] / math.sqrt(6))
    written = sorted([float(x) for x in text.get_text().replace(",", "").split("\n±")] for text in figure.axes[0].texts)
    assert np.array(written) == pytest.approx(np.array(sorted(data[["mean", "half_width"]].to_numpy().tolist())), abs=0.5)
    assert "Strength of the lineage at the end (mean, fighter-equivalents)" in words_of(figure)


def test_shares_have_wilsons_interval_and_bins_hold_the_runs_of_their_points(store: Stores) -> None:
    frame = frame_of(store("arms"))
    for row in plot(store("arms"), "heat", outcome="survived")[1].itertuples():
        runs = frame[(frame["policy"] == row.policy) & (frame["without"] == ("" if row.without == "all on" else "embedding"))]
        p, n, z = runs["survived"].mean(), len(runs), norm.ppf(0.975)
        assert (row.mean, row.half_width) == pytest.approx((p, z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / 4 / n**2)))
    cloud, (_, binned) = frame_of(store("cloud")), plot(store("cloud"), "heat", outcome="strength_end")
    assert binned["runs"].sum() == len(cloud) == 72
    assert binned.groupby("exposure")["runs"].sum().tolist() == [12] * 6, "equally many points in each bin"


def test_a_level_is_called_what_may_be_typed_for_it() -> None:
    assert [level_name("x", level) for level in (12345.6, 1.2e-6, 0.25)] == ["12346", "0.0000012", "0.25"]


@pytest.mark.parametrize(
    ("means", "half", "share", "least", "most"),
    [
        ([0.99, 1.0], 0.004, True, 0.0, 0.1),
        ([0.0, 0.01], 0.004, True, 0.0, 0.1),
        ([0.1, 0.9], 0.02, True, 1.0, 1.0),
        ([100.0, 101.0], 0.1, False, 0.0, 0.1),
        ([100.0, 140.0], 30.0, False, 0.2, 0.5),
        ([50.0, 500.0], 5.0, False, 1.0, 1.0),
        ([0.0, 0.0], 0.0, False, 0.0, 0.0),
    ],
)
def test_colours_are_opposite_where_values_are(means: list[float], half: float, share: bool, least: float, most: float) -> None:
    low, high = colour_ends(np.array([means]), np.full((1, 2), half), share)
    apart = (max(means) - min(means)) / (high - low) if high > low else 0.0
    assert least <= apart <= most
    assert low <= min(means)
    assert max(means) <= high
    if share:
        assert 0.0 <= low < high <= 1.0


def test_what_is_the_same_everywhere_is_told_and_has_no_scale(store: Stores) -> None:
    figure, table = plot(store("grid"), "heat", outcome="refused")
    assert set(table["mean"]) == {0.0}
    assert "the same everywhere: 0 (events)" in words_of(figure)
    assert len(figure.axes) == 1, "a scale of colours would tell of differences that there are not"
    assert len(plot(store("grid"), "heat", outcome="strength_end")[0].axes) == 2


@pytest.mark.parametrize(("means", "half"), [([0.0, 0.5], 3.0), ([1.0, 2.0], 4.0), ([0.0, 100.0], 0.0)])
def test_no_scale_of_amounts_goes_below_nought(means: list[float], half: float) -> None:
    low, high = colour_ends(np.array([means]), np.full((1, 2), half), False)
    assert 0.0 <= low < high
    assert low <= min(means) < max(means) <= high
    assert colour_ends(np.array([[-1.0, 2.0]]), np.full((1, 2), half), False)[0] <= -1.0, "what lies below nought is shown there"


def test_a_tornado_has_paired_differences_from_the_point_as_written(store: Stores) -> None:
    result = store("moved")
    figure, data = plot(result, "tornado", outcome="strength_end")
    assert len(data) == 2 * 3 * 2
    frame = frame_of(result)
    factors = ["exposure", "rate", "brokerage"]
    for row in data.itertuples():
        arm = frame[frame["without"] == ("" if row.arm == "all on" else "embedding")].set_index("replicate")
        base = arm[arm[factors].isna().all(axis=1)]["strength_end"]
        moved = arm[arm[row.factor] == row.level]["strength_end"]
        apart = (moved - base).to_numpy()
        assert row.pairs == 8
        assert (row.difference, row.low, row.high) == pytest.approx(interval(apart))
    sizes = data.groupby("factor")["difference"].agg(lambda d: d.abs().max())
    assert data["factor"].drop_duplicates().tolist() == sizes.sort_values(ascending=False).index.tolist()
    assert data.loc[data["factor"] == "exposure", "level"].tolist() == [0.05, 0.6, 0.05, 0.6]
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert "Exposure by contact\n0.05 → 0.6" in labels
    assert "brokerage\non → off" in labels
    assert [ax.get_title("left") for ax in figure.axes] == ["all on", "embedding off"]


def test_lineages_are_those_of_the_runs(store: Stores) -> None:
    result = store("moved")
    figure, data = plot(result, "lineages", by="rate", where={"without": "embedding"})
    assert [ax.get_title("left") for ax in figure.axes[:3]] == ["replicate 0", "replicate 1", "replicate 2"]
    point = int(frame_of(result).query("rate == 6.0")["point"].iloc[0])
    own = data[(data["group"] == "rate = 6") & (data["replicate"] == 1)]
    assert set(own["point"]) == {point}
    told = sim.run("dilemma-101", seed=4, replicate=1, overrides=("recruitment=6.0",), without=("embedding",)).lineages()
    pd.testing.assert_frame_equal(own.drop(columns=["group", "point", "replicate"]).reset_index(drop=True), told)


def test_names_at_the_ends_of_lines_do_not_cover_one_another(store: Stores) -> None:
    figure, _ = plot(store("arms"), "survival", style="projector")
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 5
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    ends = Figure(figsize=(4, 3))
    ax = ends.subplots()
    ax.set_ylim(0, 1)
    label_ends(ax, [(1.0, 0.2), (1.0, 0.9), (1.0, 0.21)], ["a", "b", "c"])
    low, top, high = (text.xy[1] for text in ax.texts)
    assert top == pytest.approx(0.9), "who stands alone stays where he is"
    assert (low + high) / 2 == pytest.approx(0.205), "those in the way give way alike"
    assert low < high


def test_a_store_that_is_not_complete_is_drawn_with_a_note(tmp_path: Path) -> None:
    study = load_study({"name": "half", "claim": "c", "scenario": "dilemma-101", **STUDIES["grid"], "replicates": 40})

    def stop(progress: Any) -> None:
        progress.stopping = progress.done > 60

    with pytest.raises(InterruptedSweepError):
        run_sweep(study, tmp_path / "s", count=1, watch=stop)
    result = SweepResult(tmp_path / "s")
    for kind, options in (("heat", {"outcome": "strength_end"}), ("survival", {"by": "exposure"}), ("fan", {"by": "exposure", "replicates": 4})):
        assert f"not complete: {len(result)} of 240 runs" in words_of(plot(result, kind, **options)[0]), kind


def test_runs_that_failed_are_left_out_with_a_note(tmp_path: Path) -> None:
    factors = {name: {"path": f"policies.{name}", "range": [0.1, 0.7]} for name in ("force", "amnesty")}
    result = swept(tmp_path / "s", set={"policies.budget": 1.0}, replicates=3, design={"kind": "grid", "levels": 2}, factors=factors)
    figure, table = plot(result, "heat", outcome="control")
    assert "3 runs failed and are left out" in words_of(figure)
    assert table["runs"].tolist() == [3, 3, 3, 0]
    assert "no runs" in words_of(figure)


WRONG: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("grid", "fann", {}, r"'fann' is not a kind of figure; allowed are fan, rates, .*; did you mean 'fan'\?"),
    ("grid", "fan", {"series": "cohesio"}, r"'cohesio' is not a monthly series; .*; did you mean 'cohesion'\?"),
    ("grid", "fan", {"by": "brokerag"}, r"by 'brokerag' is not a column that varies; allowed are exposure, brokerage; did you mean 'brokerage'\?"),
    ("grid", "fan", {"where": {"exposur": "0.05"}}, r"where 'exposur' is not a column that varies; .*; did you mean 'exposure'\?"),
    ("grid", "fan", {"where": {"exposure": "0.06"}}, r"exposure: '0.06' is not a level of it; allowed are 0.05, 0.325, 0.6; did you mean '0.6'\?"),
    ("grid", "fan", {"style": "projecter"}, r"style: 'projecter' is not a style; .*; did you mean 'projector'\?"),
    ("grid", "fan", {"replicates": 1}, "replicates is 1; an interval needs at least 2"),
    ("grid", "fan", {"outcome": "control"}, "outcome is 'control', and says nothing for a fan figure; it takes by, series"),
    ("grid", "heat", {"by": "exposure"}, "by is 'exposure', and says nothing for a heat figure; it takes outcome, x, y"),
    ("grid", "rates", {"outcome": "splintr"}, r"there is no event 'splintr'; .*; did you mean 'splinter'\?"),
    ("grid", "heat", {"outcome": "contrl"}, r"outcome 'contrl' is not among the outcomes kept; .*; did you mean 'control'\?"),
    ("grid", "heat", {"x": "brokerag"}, r"x 'brokerag' is not a column that varies; .*; did you mean 'brokerage'\?"),
    ("grid", "heat", {"x": "exposure", "y": "exposure"}, "x and y are both 'exposure'; choose another for y: brokerage"),
    ("grid", "tornado", {}, "a tornado needs a one-at-a-time design; this store has a grid design"),
    ("moved", "heat", {"x": "exposure", "y": "rate"}, "this design moves one factor at a time, so exposure and rate are never moved together"),
    ("cloud", "fan", {"by": "rate"}, "rate has 24 levels, and a figure shows at most 9; choose another column with by, or some of the levels with"),
    ("cloud", "survival", {}, "outcome 'months_survived' is not among the outcomes kept; allowed are strength_end"),
    ("alone", "heat", {}, "a heat map needs two columns that vary; this store has 0"),
    ("alone", "fan", {"by": "policy"}, "by 'policy': nothing varies in this store"),
)


@pytest.mark.parametrize(("name", "kind", "options", "words"), WRONG, ids=[f"{w[1]}-{k}" for k, w in enumerate(WRONG)])
def test_what_cannot_be_drawn_is_told_with_the_nearest_name(
    store: Stores, name: str, kind: str, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=words):
        save(store(name), kind, tmp_path / "out", **options)
    with pytest.raises(ValueError, match=r"formats: 'pgn' is not a format; allowed are png, svg, pdf; did you mean 'png'\?"):
        save(store(name), kind, tmp_path / "out", ("pgn",))
    assert not (tmp_path / "out").exists(), "nothing is half written"


def test_a_test_function_has_heat_but_no_fan(tmp_path: Path) -> None:
    factors = {f"x{k}": {"range": [-3.0, 3.0]} for k in (1, 2, 3)}
    result = swept(tmp_path / "s", function="ishigami", factors=factors, design={"kind": "grid", "levels": 3}, replicates=1)
    with pytest.raises(StoreError, match="a test function has no histories"):
        plot(result, "fan", by="x1")
    figure, table = plot(result, "heat")
    assert table["half_width"].isna().all()
    assert "one replicate has no interval" in words_of(figure)
    assert not any("±" in text.get_text() for text in figure.axes[0].texts)


def test_scenarios_with_other_calendars_are_not_pooled(tmp_path: Path) -> None:
    result = swept(tmp_path / "s", scenarios=["dilemma-101", "tunisia-chaambi"], ablate=["brokerage"], replicates=2)
    with pytest.raises(
        StoreError, match=r"dilemma-101 \(2000-01 to 2009-12\) and of tunisia-chaambi .* have no months in common; choose one with where"
    ):
        plot(result, "fan", by="without")
    _, table = plot(result, "fan", by="without", where={"scenario": "tunisia-chaambi"})
    assert table["date"].iloc[0] == "2011-01"
    _, table = plot(result, "fan", by="scenario")
    assert table.groupby("group", sort=False)["date"].first().tolist() == ["2000-01", "2011-01"]


def test_levels_may_be_chosen_by_the_numbers_that_are_shown(store: Stores) -> None:
    rates = np.sort(frame_of(store("cloud"))["rate"].unique())[:2]
    text = ",".join(f"{x:.4g}" for x in rates)
    figure, data = plot(store("cloud"), "fan", by="rate", where={"rate": text})
    assert data["level"].unique().tolist() == rates.tolist()
    assert f"only rate: {text.replace(',', ', ')}" in words_of(figure)


def test_a_single_run_has_no_interval_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="dilemma-101 has 1 run that came to its end; an interval needs at least 2"):
        plot(swept(tmp_path / "s", replicates=1), "fan")
