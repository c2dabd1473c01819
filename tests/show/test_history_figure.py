"""The figure of a history: what must be on it, and that the host program's settings stay as they were."""

from __future__ import annotations

import matplotlib as mpl
import pytest

import sim
from sim.show.history_figure import draw, save


@pytest.mark.parametrize("name", sorted(sim.shipped()))
def test_every_shipped_history_can_be_drawn(name, tmp_path):
    before = dict(mpl.rcParams)
    history = sim.run(name, seed=2)
    figure = draw(history, replicates=4)
    titles = [ax.get_title("left") for ax in figure.axes]
    assert titles[0].startswith("World events")
    assert titles[1].startswith("Lineages")
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


def test_the_same_history_is_the_same_picture(tmp_path):
    history = sim.run("dilemma-101", seed=1)
    for name in ("one.svg", "two.svg"):
        save(history, tmp_path / name, replicates=3)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
