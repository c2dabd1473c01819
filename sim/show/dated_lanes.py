"""What is dated and given, in lanes above the model's own: the world's events, and what the sources say happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.observe.history import History
from sim.scenario.timeline import in_force, month_index
from sim.show.style import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST_LABEL = 56
"""Letters of a recorded fact that are written into the figure; the chronicle has the whole sentence."""

_Placed = tuple[int, float, float, str, bool]
"""A dated thing in its lane: lane, start, years, label, whether the label stands left of it."""


@dataclass(frozen=True)
class DatedLanes:
    """Dated things with their labels, in as many lanes as it takes for no label to cover another.

    Attributes:
        title: What stands above them.
        placed: The things.
        gap: Years between a thing and its label.
        marker: Matplotlib marker of a thing's date, or an empty text for a stroke.
    """

    title: str
    placed: list[_Placed]
    gap: float
    marker: str

    @property
    def height(self) -> float:
        """Height in the figure, in inches before it is fitted."""
        return 0.3 + 0.19 * (1 + max((lane for lane, *_ in self.placed), default=0))

    def draw(self, ax: Axes) -> None:
        """Draw every thing: a bar as long as it lasts, a mark where it begins, and its label."""
        ax.set_title(self.title)
        for lane, x, length, label, left in self.placed:
            ax.plot([x, x + length], [lane + 0.32, lane + 0.32], color=SOFT, lw=2.5, alpha=0.4, solid_capstyle="butt")
            if self.marker:
                ax.plot([x], [lane], self.marker, color="white", mec=INK, mew=1.3, ms=5.5)
            else:
                ax.plot([x, x], [lane - 0.4, lane + 0.4], color=INK, lw=1.6)
            ax.text(x + (-self.gap if left else self.gap), lane, label, fontsize=9, ha="right" if left else "left", va="center", color=INK)
        ax.set_ylim(max((lane for lane, *_ in self.placed), default=0) + 0.7, -0.7)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)


def years(history: History, months: np.ndarray[Any, Any] | float) -> Any:
    """Return calendar years for months counted from the start (the end of month t is t + 1)."""
    return int(history.scenario.start[:4]) + (int(history.scenario.start[5:]) - 1 + np.asarray(months)) / 12


def dated_lanes(history: History) -> list[DatedLanes]:
    """Return the world's events and, where the scenario has a record, what happened."""
    s, gap = history.scenario, 0.004 * history.months / 12
    world = _place(history, [(month_index(s, e.date), e.months, e.label or e.event) for e in in_force(s)])
    lanes = [DatedLanes("World events (given)", world, gap, "")]
    if s.record:
        facts = [(month_index(s, f.date), month_index(s, f.until or f.date) - month_index(s, f.date), short(f.what)) for f in s.record]
        title = "What happened (record)   (from the sources, never read by the model; whole sentences in the chronicle)"
        lanes.append(DatedLanes(title, _place(history, facts), 1.6 * gap, "D"))
    return lanes


def short(sentence: str) -> str:
    """Return the beginning of a sentence, cut after a word."""
    if len(sentence) <= LONGEST_LABEL:
        return sentence.rstrip(".")
    beginning = sentence[: LONGEST_LABEL - 1]
    return (beginning.rpartition(" ")[0] or beginning).rstrip(",;:") + " …"


def _place(history: History, things: list[tuple[int, int, str]]) -> list[_Placed]:
    """Give each thing (month, months, label) a lane in which no label covers another."""
    span = history.months / 12
    end = float(years(history, history.months))
    lanes: list[float] = []
    placed = []
    for t, months, label in sorted(things, key=lambda thing: thing[0]):
        x, length = float(years(history, t)), min(months, history.months - t) / 12
        width = 0.0058 * span * len(label) + 0.01 * span
        left = x + width > end
        low, high = (x - width, end) if left else (x, x + max(width, length))
        lane = next((k for k, free in enumerate(lanes) if low > free), len(lanes))
        if lane == len(lanes):
            lanes.append(0.0)
        lanes[lane] = high
        placed.append((lane, x, length, label, left))
    return placed
