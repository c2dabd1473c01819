"""What is dated and given, in lanes above the model's own: the world's events, and what the sources say happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.observe.history import History
from sim.scenario.schema import TimelineEntry
from sim.scenario.timeline import in_force, month_index
from sim.show.style import INK, SOFT, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST_LABEL = 50
"""Letters of a recorded fact that are written into the figure; the chronicle has the whole sentence."""

SIZE, ROW = 9.5, 0.2
"""Size of a label in points, and height of a lane in inches."""
BAND = "#E3E8EE"
"""What lasts is a pale band behind its label, which a line below it would seem to underline."""

_Placed = tuple[int, float, float, str, bool]
"""A dated thing in its lane: lane, start, years, label, whether the label stands left of it."""


@dataclass(frozen=True)
class DatedLanes:
    """Dated things with their labels, in as many lanes as it takes for no label to cover another.

    Attributes:
        title: What stands above them.
        note: What stands beside the title, smaller.
        placed: The things.
        gap: Years between a thing and its label.
        marker: Matplotlib marker of a thing's date, or an empty text for a stroke.
    """

    title: str
    note: str
    placed: list[_Placed]
    gap: float
    marker: str

    @property
    def height(self) -> float:
        """Height of the lanes in inches."""
        return ROW * (1.2 + max((lane for lane, *_ in self.placed), default=0))

    def draw(self, ax: Axes) -> None:
        """Draw every thing: a band as long as it lasts, a mark where it begins, and its label."""
        ax.set_title(self.title)
        ax.set_title(self.note, loc="right", fontsize=SIZE, fontweight="normal", color=SOFT)
        for lane, x, length, label, left in self.placed:
            ax.fill_between([x, x + length], lane - 0.42, lane + 0.42, color=BAND, lw=0, zorder=1)
            if self.marker:
                ax.plot([x], [lane], self.marker, color="white", mec=INK, mew=1.3, ms=5.5, zorder=3, clip_on=False)
            else:
                ax.plot([x, x], [lane - 0.42, lane + 0.42], color=INK, lw=1.8, zorder=3, solid_capstyle="butt", clip_on=False)
            side: Any = {"ha": "right" if left else "left", "va": "center_baseline"}
            ax.text(x + (-self.gap if left else self.gap), lane, label, fontsize=SIZE, color=INK, zorder=4, **side)
        ax.set_ylim(max((lane for lane, *_ in self.placed), default=0) + 0.6, -0.6)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)


def years(history: History, months: np.ndarray[Any, Any] | float) -> Any:
    """Return calendar years for months counted from the start (the end of month t is t + 1)."""
    return int(history.scenario.start[:4]) + (int(history.scenario.start[5:]) - 1 + np.asarray(months)) / 12


def dated_lanes(history: History, inches: float) -> list[DatedLanes]:
    """Return the world's events and, where the scenario has a record, what happened.

    Args:
        history: Which.
        inches: Width of the time axis.
    """
    s, gap = history.scenario, 0.09 * history.months / 12 / inches
    world = _place(history, [(month_index(s, e.date), e.months, _given(e)) for e in in_force(s)], inches)
    lanes = [DatedLanes("World events", "given by the scenario; a band is as long as it lasts", world, gap, "")]
    if s.record:
        facts = [(month_index(s, f.date), month_index(s, f.until or f.date) - month_index(s, f.date), short(f.what)) for f in s.record]
        note = "from the sources, never read by the model; a band spans the months in question"
        lanes.append(DatedLanes("What happened (record)", note, _place(history, facts, inches), 1.2 * gap, "D"))
    return lanes


def _given(entry: TimelineEntry) -> str:
    """Return what an event from outside is called; a dated death falls on whoever leads then, whatever the record calls him."""
    label = entry.label or entry.event
    return f"{label} (whoever leads then)" if entry.event == "leader_death" else label


def width_of(words: str, size: float, weight: str = "normal") -> float:
    """Return how wide words are in inches, at a size in points."""
    font = FontProperties(family=STYLE["font.family"], weight=weight, size=size)
    return float(text_to_path.get_text_width_height_descent(words, font, ismath=False)[0]) / 72.0


def short(sentence: str) -> str:
    """Return the beginning of a sentence, cut after a word."""
    if len(sentence) <= LONGEST_LABEL:
        return sentence.rstrip(".")
    beginning = sentence[: LONGEST_LABEL - 1]
    return (beginning.rpartition(" ")[0] or beginning).rstrip(",;:") + " …"


def _place(history: History, things: list[tuple[int, int, str]], inches: float) -> list[_Placed]:
    """Give each thing (month, months, label) a lane in which no label covers another, and its label a side, in as few lanes as a few orders find."""
    by_time = sorted(things, key=lambda thing: thing[0])
    backwards = _first_fit(history, by_time[::-1], inches)
    # What came first stands above in this one too.
    last = max((lane for lane, *_ in backwards), default=0)
    found = [
        _first_fit(history, by_time, inches),
        [(last - lane, x, length, label, left) for lane, x, length, label, left in backwards],
        _first_fit(history, sorted(by_time, key=lambda thing: -len(thing[2])), inches),
    ]
    return min(found, key=lambda placed: max((lane for lane, *_ in placed), default=0))


def _first_fit(history: History, things: list[tuple[int, int, str]], inches: float) -> list[_Placed]:
    """Give each thing in turn the first lane in which there is room beside it, right of it if there is as good a place."""
    scale = history.months / 12 / inches
    begin, end = float(years(history, 0)), float(years(history, history.months))
    lanes: list[list[tuple[float, float]]] = []
    placed = []
    for t, months, label in things:
        x, length = float(years(history, t)), min(months, history.months - t) / 12
        width = scale * (width_of(label, SIZE) + 0.2)
        right, left = (x - 0.1 * scale, x + max(width, length)), (x - width, x + max(length, 0.1 * scale))
        sides = [(False, right)] if x + width <= end or x - width < begin else []
        sides += [(True, left)] if x - width >= begin else []
        lane, _, is_left, taken = min(
            (next((k for k, there in enumerate(lanes) if all(high < a or low > b for a, b in there)), len(lanes)), is_left, is_left, (low, high))
            for is_left, (low, high) in sides
        )
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append(taken)
        placed.append((lane, x, length, label, is_left))
    return placed
