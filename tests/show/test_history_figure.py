"""The figure of a history: what must be on it, and that the host program's settings stay as they were."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.path import Path
from matplotlib.text import Annotation, Text

import sim
from sim.observe.weight import shown
from sim.scenario.mechanisms import MECHANISMS
from sim.show.dated_lanes import years
from sim.show.history_figure import _EVENT_MARKS, draw, save
from sim.world import codes


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_every_shipped_history_can_be_drawn(name, tmp_path):
    before = dict(mpl.rcParams)
    history = sim.run(name, seed=2)
    figure = draw(history, replicates=4)
    titles = [ax.get_title("left") for ax in figure.axes]
    assert titles[0].startswith("World events")
    assert [title.startswith("What happened") for title in titles].count(True) == bool(history.scenario.record)
    assert any(title.startswith("Lineages") for title in titles)
    assert "Strength of the followed lineage" in titles
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert any("Fighter-\nequivalents" in label for label in labels)
    strength = figure.axes[titles.index("Strength of the followed lineage")]
    assert any("replicates" in text.get_text() for text in strength.get_legend().get_texts()), "the range of replicates is drawn"
    written = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert all((entry.label or entry.event) in written for entry in history.scenario.timeline)
    save(history, tmp_path / "history.svg", replicates=2)
    assert dict(mpl.rcParams) == before


def boxes(figure):
    """What is written anywhere in a figure, and its box in pixels, a hair smaller than the letters' own."""
    figure.canvas.draw()
    found = []
    hidden = set()
    for ax in figure.findobj(Axes):
        for axis, k in ((ax.xaxis, 0), (ax.yaxis, 1)):
            low, high = sorted(axis.get_view_interval())
            # An axis keeps labels of ticks beyond its ends, which it does not draw.
            hidden |= {id(text) for text in axis.get_ticklabels(which="both") if not low - 1e-9 <= text.get_position()[k] <= high + 1e-9}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and id(text) not in hidden:
            box = text.get_window_extent()
            found.append((text.get_text(), box.padded(-1.0)))
    return found


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_nothing_that_is_written_covers_anything_else_that_is_written_or_leaves_the_figure(name):
    assert_legible(draw(sim.run(name, seed=3), replicates=2))


@pytest.mark.parametrize("much", [1, 3, 26])
def test_what_was_changed_stands_whole_below_the_title_and_of_very_much_the_first(much):
    without = tuple(MECHANISMS)[:much]
    history = sim.run("dilemma-101", seed=3, without=without)
    figure = draw(history, replicates=0)
    title, *changed = (text.get_text() for text in figure.texts)
    assert title == f"{history.scenario.title}   (one history: seed 3, replicate 0)"
    told = " ".join(changed)
    assert told.startswith(f"Changed: without {without[0]}")
    assert all(f"without {key}" in told for key in without) or told.endswith("…")
    assert len(changed) <= 3
    assert_legible(figure)


def assert_legible(figure):
    written = boxes(figure)
    assert len(written) > 20
    overlaps = [(one, other) for i, (one, a) in enumerate(written) for other, b in written[:i] if a.overlaps(b)]
    assert not overlaps
    outside = [words for words, box in written if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1]
    assert not outside


def test_the_eye_for_overlaps_sees_them():
    figure = draw(sim.run("dilemma-101", seed=1), replicates=0)
    figure.text(0.3, 0.5, "one thing above")
    figure.text(0.31, 0.5, "another")
    written = boxes(figure)
    assert any(a.overlaps(b) for i, (_, a) in enumerate(written) for _, b in written[:i])


def test_what_lasts_is_a_band_behind_its_label_and_no_line_below_it():
    figure = draw(sim.run("aqim", seed=1), replicates=0)
    for lane in figure.axes[:2]:
        bands = [patch for patch in lane.collections if len(patch.get_paths()[0].vertices)]
        assert bands
        assert max(band.get_zorder() for band in bands) < min(text.get_zorder() for text in lane.texts)
        flat = [line for line in lane.lines if len(set(line.get_ydata())) == 1 and len(set(line.get_xdata())) > 1]
        assert not flat


def test_a_dated_death_says_that_whoever_leads_is_struck():
    history = sim.run("aqim", seed=1)
    words = [text.get_text() for text in draw(history, replicates=0).axes[0].texts]
    deaths = [entry.label for entry in history.scenario.timeline if entry.event == "leader_death"]
    assert deaths
    assert all(f"{label} (whoever leads then)" in words for label in deaths)


def test_what_happened_stands_in_a_lane_of_its_own_above_the_models():
    facts = [
        {"date": f"{1999 + k}-0{1 + k % 9}", "what": f"Number {k} does what nobody had thought that he would ever do.", "source": "A book"}
        for k in range(18)
    ]
    facts += [{"date": "2003-05", "until": "2004-02", "what": "A short one.", "source": "A book"}]
    history = sim.run(sim.load("aqim", overrides={"record": facts}), seed=1)
    figure = draw(history, replicates=0)
    written = boxes(figure)
    titles = [ax.get_title("left") for ax in figure.axes]
    lane = figure.axes[1]
    assert titles[1] == "What happened (record)"
    assert titles[2] == "Lineages"
    texts = [text.get_text() for text in lane.texts]
    assert len(texts) == len(facts)
    assert "A short one" in texts
    assert all(any(text.startswith(f"Number {k} does what") for text in texts) for k in range(18))
    assert not [1 for i, (_, a) in enumerate(written) for _, b in written[:i] if a.overlaps(b)]
    spans = [np.ptp(band.get_paths()[0].vertices[:, 0]) for band in lane.collections]
    assert max(spans) == pytest.approx(9 / 12)
    bare = draw(sim.run(sim.load("aqim", overrides={"record": []}), seed=1), replicates=0)
    assert figure.get_figheight() > bare.get_figheight() + 0.5
    assert not any(ax.get_title("left").startswith("What happened") for ax in bare.axes)


def test_a_hundred_local_groups_leave_room_for_those_of_weight_and_are_counted():
    history = sim.run("aqim", seed=1)
    order, ever = shown(history), history.ever()
    assert len(ever) > 3 * len(order)
    lanes = next(ax for ax in draw(history, replicates=0).axes if ax.get_title("left") == "Lineages")
    last = history.tables["organisation"][-1]
    names = [" → ".join(history.names.all_names(int(last["identity"][i]))) for i in order]
    assert [text.get_text() for text in lanes.texts if text.get_text()] == names
    assert f"; {len(ever) - len(order)} other groups" in lanes.get_title("right")


def marked_with(line):
    """How a line's marker looks: its sign, or the outline of its letter."""
    marker = line.get_marker()
    return marker.vertices.tobytes() if isinstance(marker, Path) else marker


@pytest.mark.parametrize("seed", [1, 3, 186])  # In the last, somebody merges into a group that has no lane.
def test_the_key_stands_below_the_lanes_and_explains_every_mark_that_is_drawn(seed):
    history = sim.run("aqim", seed=seed)
    figure = draw(history, replicates=0)
    figure.canvas.draw()
    lanes = next(ax for ax in figure.axes if ax.get_title("left") == "Lineages")
    legends = [child for child in lanes.get_children() if isinstance(child, Legend)]
    below = lanes.get_window_extent().y0
    assert all(legend.get_window_extent().y1 <= below for legend in legends)
    explained = {marked_with(handle) for legend in legends for handle in legend.legend_handles}
    drawn = {marked_with(line) for line in lanes.lines} - {"None", "", None}
    assert drawn <= explained
    # Whoever ended has a mark where his lane ends, or an arrow to where his people went.
    last, order = history.tables["organisation"][-1], shown(history)
    over = [i for i in order if last["ended"][i] >= 0]
    ends = {(round(float(line.get_xdata()[0]), 6), int(line.get_ydata()[0])) for line in lanes.lines if len(line.get_xdata()) == 1}
    arrows = {(round(float(text.xyann[0]), 6), int(text.xyann[1])) for text in lanes.texts if isinstance(text, Annotation)}
    assert {(round(float(years(history, int(last["ended"][i]) + 1)), 6), order.index(i)) for i in over} <= ends | arrows
    # Every departure and every brand joined by whoever has a lane is there.
    there = np.isin(history.log["organisation"], history.tables["organisation"][-1]["identity"][order])
    for kind, (_, look) in _EVENT_MARKS.items():
        if kind != codes.PLEDGE:
            assert (
                sum(line.get_marker() == look["marker"] and line.get_color() == look["color"] for line in lanes.lines)
                == (there & (history.log["kind"] == kind)).sum()
            )


def test_what_is_switched_off_is_not_drawn():
    history = sim.run("aqim", seed=1, overrides=("timeline.0.magnitude=0",))
    label = history.scenario.timeline[0].label
    words = [text.get_text() for text in draw(history, replicates=0).axes[0].texts]
    assert label not in words
    assert history.scenario.timeline[1].label in words


def test_the_same_history_is_the_same_picture(tmp_path):
    history = sim.run("dilemma-101", seed=1)
    for name in ("one.svg", "two.svg"):
        save(history, tmp_path / name, replicates=3)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
