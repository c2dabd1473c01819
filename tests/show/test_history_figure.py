"""The figure of a history: what must be on it, and that the host program's settings stay as they were."""

from __future__ import annotations

import matplotlib as mpl
import pytest

import sim
from sim.observe.weight import shown
from sim.show.history_figure import draw, save


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
    assert any("fighter-equivalents" in label for label in labels)
    strength = figure.axes[titles.index("Strength of the followed lineage")]
    assert any("replicates" in text.get_text() for text in strength.get_legend().get_texts()), "the range of replicates is drawn"
    written = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert all((entry.label or entry.event) in written for entry in history.scenario.timeline)
    save(history, tmp_path / "history.svg", replicates=2)
    assert dict(mpl.rcParams) == before


def test_labels_of_world_events_do_not_cover_one_another():
    figure = draw(sim.run("aqim", seed=1), replicates=2)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    overlaps = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b) and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.3 * a.height]
    assert not overlaps


def test_what_happened_stands_in_a_lane_of_its_own_above_the_models_and_covers_nothing():
    facts = [
        {"date": f"{1999 + k}-0{1 + k % 9}", "what": f"Number {k} does what nobody had thought that he would ever do.", "source": "A book"}
        for k in range(18)
    ]
    facts += [{"date": "2003-05", "until": "2004-02", "what": "A short one.", "source": "A book"}]
    history = sim.run(sim.load("aqim", overrides={"record": facts}), seed=1)
    figure = draw(history, replicates=0)
    figure.canvas.draw()
    titles = [ax.get_title("left") for ax in figure.axes]
    lane = figure.axes[1]
    assert titles[1].startswith("What happened (record)")
    assert titles[2].startswith("Lineages")
    texts = [text.get_text() for text in lane.texts]
    assert len(texts) == len(facts)
    assert "A short one" in texts
    assert all(any(text.startswith(f"Number {k} does what") for text in texts) for k in range(18))
    boxes = [text.get_window_extent() for text in lane.texts]
    assert not [1 for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b) and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.3 * a.height]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)
    span = [line for line in lane.lines if len(line.get_xdata()) == 2 and line.get_xdata()[1] - line.get_xdata()[0] > 0]
    assert len(span) == 1
    assert span[0].get_xdata()[1] - span[0].get_xdata()[0] == pytest.approx(9 / 12)
    bare = draw(sim.run(sim.load("aqim", overrides={"record": []}), seed=1), replicates=0)
    assert figure.get_figheight() > bare.get_figheight() == 10.5
    assert not any(ax.get_title("left").startswith("What happened") for ax in bare.axes)


def test_a_hundred_local_groups_leave_room_for_those_of_weight_and_are_counted():
    history = sim.run("aqim", seed=1)
    order, ever = shown(history), history.ever()
    assert len(ever) > 3 * len(order)
    figure = draw(history, replicates=0)
    figure.canvas.draw()
    lanes = next(ax for ax in figure.axes if ax.get_title("left").startswith("Lineages"))
    words = [text.get_text() for text in lanes.texts if text.get_text()]
    last = history.tables["organisation"][-1]
    names = [" → ".join(history.names.all_names(int(last["identity"][i]))) for i in order]
    assert words[: len(names)] == names
    assert any(text.startswith(f"not shown: {len(ever) - len(order)} other groups") for text in words[len(names) :])
    # The key and the note stand below every lane, where nothing reads as an event, and neither covers the other.
    assert lanes.get_ylim()[0] > len(order)
    key = lanes.get_legend()
    if key is not None:
        note = next(text for text in lanes.texts if text.get_text().startswith("not shown"))
        assert not key.get_window_extent().overlaps(note.get_window_extent())
        lowest = lanes.transData.transform((0, len(order) - 1 + 0.44))[1]
        assert key.get_window_extent().y1 < lowest + 12.0


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
