"""One figure per history: world events, what happened, lineages, strength and cohesion, presence by region, all on one time axis."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.legend
import matplotlib.lines
import matplotlib.ticker
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from sim.observe.ensemble import lineage_months
from sim.observe.history import History
from sim.observe.weight import shown
from sim.show.dated_lanes import dated_lanes, width_of, years
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE
from sim.world import codes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND_REPLICATES = 60
_STYLE = {**STYLE, "axes.titley": 1.0}
"""Nothing stands above a panel that its title would have to give way to: looking for it took a quarter of the drawing."""
WIDTH, RIGHT, TOP, FOOT, HEAD = 15.0, 0.95, 0.75, 0.55, 0.42
"""Inches: width of the figure, its right margin (for a colour bar), its head, its foot, and what a panel's title takes above it."""
LANE, REGION, KEY_ROW, NAMES, KEY_SIZE = 0.28, 0.205, 0.3, 10.0, 9.5
"""Height of a lane, a region's row and a row of the key in inches; size of names and of the key in points."""
CHANGED, CHANGED_SIZE = 0.23, 11.0
"""Height of a line that tells what was changed, in inches, and its size in points."""


def _letter(character: str) -> Outline:
    """Return a letter's outline as a marker: markers in mathematical text load a parser."""
    outline = TextPath((0.0, 0.0), character, prop=FontProperties(family=STYLE["font.family"]))
    box = outline.get_extents()
    return outline.transformed(Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2))


_END_MARKS = {
    codes.BY_FORCE: "X", codes.BY_INACTIVITY: "o", codes.BY_SPLINTERING: "P", codes.BY_AMNESTY: "s", codes.BY_INFIGHTING: "d", codes.BY_POLITICS: "^",
}  # fmt: skip
"""Markers of the endings that leave no heir."""
_INTO_UNDRAWN: dict[str, Any] = {"marker": ">", "color": "white", "mec": INK, "ms": 7, "mew": 1.2}
"""How an end is marked whose heir has no lane."""
_EVENT_MARKS: dict[int, tuple[str, dict[str, Any]]] = {
    codes.BRAND_CHANGE: ("global brand joined", {"marker": "*", "color": "#F0E442", "mec": INK, "ms": 15, "mew": 1.2}),
    codes.PLEDGE: ("pledged to a rival brand", {"marker": "*", "color": "white", "mec": INK, "ms": 15, "mew": 1.2}),
    codes.DEPARTURE: ("departed, founding nothing", {"marker": _letter("↘"), "color": INK, "mec": INK, "ms": 11, "mew": 0.3}),
    codes.SUCCESSION: ("leader lost", {"marker": "v", "color": "white", "mec": INK, "ms": 5.5, "mew": 0.9}),
}
"""What the marks on a lane mean, and how they look, in the order of the key."""


def draw(history: History, replicates: int = BAND_REPLICATES) -> Figure:
    """Draw a history.

    Args:
        history: What to draw.
        replicates: Replicates behind the bands of strength and cohesion (90 % of them lie within); 0 draws no band.

    Returns:
        A Matplotlib figure, 15 inches wide and as high as its lanes and regions need.
    """
    with mpl.rc_context(_STYLE):
        order = shown(history)
        left = 0.25 + max(width_of(name, NAMES, "bold") for name in [_lane_name(history, i) for i in order] + _region_names(history))
        inches = WIDTH - left - RIGHT
        dated = dated_lanes(history, inches)
        key = _in_rows(_key(history, order), inches + RIGHT - 0.1)
        heights = [lanes.height for lanes in dated]
        heights += [LANE * (len(order) + 0.4), 1.45, 0.8, REGION * len(history.scenario.regions)]
        # The key of the lanes has rows of its own below them, where nothing reads as an event.
        below = [0.0] * len(heights)
        below[len(dated)] = KEY_ROW * len(key) + 0.05
        head = _head(history)
        figure, panels = _panels(heights, below, left, inches, TOP + CHANGED * (len(head) - 1))
        for k, words in enumerate(head):
            y = 0.12 if k == 0 else 0.12 + 0.1 + CHANGED * k
            look: Any = {"fontsize": 15, "fontweight": "bold"} if k == 0 else {"fontsize": CHANGED_SIZE}
            figure.text(0.12 / WIDTH, 1.0 - y / figure.get_figheight(), words, ha="left", va="top", **look)
        panels[0].set_xlim(years(history, 0), years(history, history.months))
        for lanes, ax in zip(dated, panels[: len(dated)], strict=True):
            lanes.draw(ax)
        axes = panels[len(dated) :]
        _lineages(history, axes[0], order)
        _beside_the_lanes(history, axes[0], order, key, heights[len(dated)])
        bands = lineage_months(history.scenario, history.seed, replicates) if replicates else {}
        _band(history, axes[1], "strength", bands, "Fighter-\nequivalents", "Strength of the followed lineage")
        _band(history, axes[2], "cohesion", bands, "Cohesion\n(0–1)", "Its cohesion")
        axes[2].set_ylim(0, 1)
        _presence(history, axes[3], figure)
        axes[3].set_xlabel("Year")
        axes[3].xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=22, min_n_ticks=3))
        _year_lines(panels)
        return figure


def _year_lines(panels: list[Axes]) -> None:
    """Draw the last panel's years through those above it, as one thing each: ticks of their own took a quarter of the drawing."""
    begin, end = panels[-1].get_xlim()
    marked = [x for x in panels[-1].xaxis.get_major_locator().tick_values(begin, end) if begin <= x <= end]
    for ax in panels[:-1]:
        lines = LineCollection([[(x, 0.0), (x, 1.0)] for x in marked], colors=GRID, linewidths=0.6, zorder=0.5, transform=ax.get_xaxis_transform())
        ax.add_collection(lines, autolim=False)
        ax.tick_params(labelbottom=False)
        ax.xaxis.set_visible(False)


def _head(history: History) -> list[str]:
    """Return the title of a figure, and what was changed in the scenario for this run, in lines that fit: of very many changes the first."""
    title = history.scenario.title or history.scenario.name
    if not history.changes:
        changed = []
    else:
        letters = int((WIDTH - 0.24) * 72.0 / (0.56 * CHANGED_SIZE))
        changed = textwrap.wrap(f"Changed: {'; '.join(history.changes)}", letters, max_lines=3, placeholder=" …")
    return [f"{title}   (one history: seed {history.seed}, replicate {history.replicate})", *changed]


def _panels(heights: list[float], below: list[float], left: float, inches: float, top: float) -> tuple[Figure, list[Axes]]:
    """Return a figure with panels one above the other on one time axis.

    Args:
        heights: Height of each in inches.
        below: Inches that each keeps free below it.
        left: Left margin in inches.
        inches: Width of the time axis.
        top: Inches that the figure's head takes.
    """
    height = top + sum(heights) + sum(below) + HEAD * (len(heights) - 1) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    panels: list[Axes] = []
    y = top
    for size, free in zip(heights, below, strict=True):
        box = (left / WIDTH, 1.0 - (y + size) / height, inches / WIDTH, size / height)
        panels.append(figure.add_axes(box, sharex=panels[0] if panels else None))
        y += size + free + HEAD
    return figure, panels


def _beside_the_lanes(history: History, ax: Axes, order: list[int], key: list[list[mpl.lines.Line2D]], height: float) -> None:
    """Tell what is not drawn, and the key, in rows below axes so many inches high."""
    rest = [i for i in history.ever() if i not in order]
    note = "bold: the followed lineage"
    if rest:
        note += f"; {len(rest)} other groups, at most {history.strength()[:, rest].sum(axis=1).max():,.0f} strong together, are not drawn"
    ax.set_title(note, loc="right", fontsize=KEY_SIZE, fontweight="normal", color=SOFT)
    for k, handles in enumerate(key):
        ax.add_artist(
            mpl.legend.Legend(
                ax, handles, [str(handle.get_label()) for handle in handles], loc="upper left", ncols=len(handles), frameon=False,
                fontsize=KEY_SIZE, bbox_to_anchor=(0.0, -(0.12 + KEY_ROW * k) / height), bbox_transform=ax.transAxes,
                borderaxespad=0.0, borderpad=0.0, handletextpad=0.5, columnspacing=1.6,
            )
        )  # fmt: skip


def _lane_name(history: History, i: int) -> str:
    """Return what stands beside an organisation's lane: its names, one after the other."""
    return " → ".join(history.names.all_names(int(history.tables["organisation"][-1]["identity"][i])))


def _region_names(history: History) -> list[str]:
    return [r.name if r.name == r.state else f"{r.name} ({r.state})" for r in history.scenario.regions]


def save(history: History, path: Path, replicates: int = BAND_REPLICATES) -> None:
    """Draw a history into a file; the ending of its name chooses PNG, SVG or PDF."""
    figure = draw(history, replicates)
    metadata = {"Creator": "dilemma", "Date": None} if path.suffix == ".svg" else None
    with mpl.rc_context(STYLE):
        figure.savefig(path, metadata=metadata)


def _lineages(history: History, ax: Axes, order: list[int], gutter: bool = True) -> None:
    """Lineages as lanes, those of :func:`sim.observe.weight.shown`.

    They are as thick as they are strong, branch from their parents, merge into their heirs, and end with a mark.

    Args:
        history: Which.
        ax: Where to.
        order: Rows of the organisations, from above.
        gutter: Whether names stand left of the axes; otherwise where lanes begin, which in a small panel is the only place.
    """
    table = history.tables["organisation"]
    last = table[-1]
    lane = {i: k for k, i in enumerate(order)}
    top = max(float(table["strength"].max()), 1.0)
    begin = float(years(history, 0))
    for k, i in enumerate(order):
        color = OKABE_ITO[k % len(OKABE_ITO)]
        alive = np.flatnonzero(table["alive"][:, i] == 1)
        if len(alive) == 0:
            continue
        x = years(history, alive)
        half = 0.4 * np.sqrt(table["strength"][alive, i] / top) + 0.03
        own = last["lineage"][i] == history.focus
        ax.fill_between(x, k - half, k + half, color=color, alpha=0.9 if own else 0.55, lw=0, zorder=3)
        name = _lane_name(history, i)
        if gutter:
            at: Any = {"transform": ax.get_yaxis_transform(), "ha": "right", "va": "center"}
            ax.text(-0.008, k, name, fontsize=NAMES, fontweight="bold" if own else "normal", color=INK, **at)
            # A name and its lane are far apart where the lane begins late.
            ax.plot([begin, x[0]], [k, k], color=GRID, lw=0.8, zorder=1)
        else:
            # On its own lane, left of where it begins, a name meets no other; the first ones have no room there.
            late = x[0] > float(years(history, 0.0072 * history.months * len(name)))
            gap = (-0.004 if late else 0.004) * history.months / 12
            y = k if late else k - half[0] - 0.05
            ax.text(x[0] + gap, y, name, fontsize=9.5, ha="right" if late else "left", va="center" if late else "bottom", color=INK, zorder=6)
        parent = int(last["parent"][i])
        if parent in lane:
            ax.plot([x[0], x[0]], [lane[parent], k], color=color, lw=1.6, ls="-", zorder=2)
        ended, how, heir = int(last["ended"][i]), int(last["ending"][i]), int(last["heir"][i])
        if ended >= 0:
            x_end = float(years(history, ended + 1))
            if heir in lane:
                ax.annotate("", (x_end, lane[heir]), (x_end, k), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.8}, zorder=4)
            elif heir >= 0:
                ax.plot([x_end], [k], zorder=5, **_INTO_UNDRAWN)
            elif how in _END_MARKS:
                ax.plot([x_end], [k], _END_MARKS[how], color=INK, ms=8, zorder=5)
    for kind, i, t in _marks(history, lane):
        # Who departs leaves the lane: the arrow begins at its lower edge.
        lower = 0.24 if kind == codes.DEPARTURE else 0.0
        ax.plot([float(years(history, t + 0.5))], [lane[i] + lower], ls="", zorder=5 if kind == codes.SUCCESSION else 6, **_EVENT_MARKS[kind][1])
    ax.set_title("Lineages")
    ax.set_ylim(len(order) - 0.4, -0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=GRID, lw=0.6)
    ax.set_axisbelow(True)


def _marks(history: History, lane: dict[int, int]) -> list[tuple[int, int, int]]:
    """Return the events that are marked on the lanes: kind, row of the organisation, month. A pledge stands on the lane of who pledges."""
    row = {int(who): i for i, who in enumerate(history.tables["organisation"][-1]["identity"]) if who}
    events = history.log[np.isin(history.log["kind"], list(_EVENT_MARKS))]
    found = [(int(e["kind"]), row.get(int(e["other" if e["kind"] == codes.PLEDGE else "organisation"]), -1), int(e["month"])) for e in events]
    return [(kind, i, t) for kind, i, t in found if i in lane]


def _key(history: History, order: list[int]) -> list[mpl.lines.Line2D]:
    """Return the key of the lanes: what they are, what is marked on them, and how those ended that are drawn."""
    last = history.tables["organisation"][-1]
    line = mpl.lines.Line2D
    marked = {kind for kind, _, _ in _marks(history, {i: k for k, i in enumerate(order)})}
    key = [line([], [], color=SOFT, lw=6, alpha=0.6, solid_capstyle="butt", label="thicker: stronger (by the root)")]
    if any(last["parent"][i] in order for i in order):
        key.append(line([], [], color=SOFT, marker="|", ls="", ms=12, mew=1.8, label="split from the lane above"))
    if any(last["heir"][i] in order for i in order):
        key.append(line([], [], color=SOFT, marker=_letter("↑"), ls="", ms=11, label="merger or return"))
    key += [line([], [], ls="", label=words, **look) for kind, (words, look) in _EVENT_MARKS.items() if kind in marked]
    over = [i for i in order if last["ended"][i] >= 0 and last["heir"][i] not in order]
    if any(last["heir"][i] >= 0 for i in over):
        key.append(line([], [], ls="", label="merged into a group not drawn", **_INTO_UNDRAWN))
    ends = sorted({int(last["ending"][i]) for i in over if last["heir"][i] < 0} & set(_END_MARKS))
    return key + [line([], [], marker=_END_MARKS[how], color=INK, ls="", ms=7, label=f"ended by {codes.ENDINGS[how]}") for how in ends]


def _in_rows(key: list[mpl.lines.Line2D], inches: float) -> list[list[mpl.lines.Line2D]]:
    """Return a key in rows that are no wider than there is room."""
    rows: list[list[mpl.lines.Line2D]] = [[]]
    used = 0.0
    for handle in key:
        # A handle, what parts it from its words, and what parts it from the next: in letters of the key's size.
        width = width_of(str(handle.get_label()), KEY_SIZE) + (2.0 + 0.5 + 1.6) * KEY_SIZE / 72.0
        if rows[-1] and used + width > inches:
            rows.append([])
            used = 0.0
        rows[-1].append(handle)
        used += width
    return rows


def _band(history: History, ax: Axes, what: str, bands: dict[str, np.ndarray[Any, Any]], label: str, title: str) -> None:
    """A monthly series of the lineage, with the range of replicates behind it."""
    o = history.tables["organisation"][1:]
    mine = (o["alive"] == 1) & (o["lineage"] == history.focus)
    strength = np.where(mine, o["strength"], 0.0)
    total = strength.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = (mine * history.strength()[1:]).sum(axis=1) if what == "strength" else (strength * o["cohesion"]).sum(axis=1) / total
    x = years(history, np.arange(1, history.months + 1))
    if bands:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # Months in which no replicate has the lineage any more have no median.
            low, middle, high = np.nanpercentile(bands[what], [5, 50, 95], axis=0)
        ax.fill_between(x, low, high, color="#56B4E9", alpha=0.3, lw=0, label=f"90 % of {len(bands[what])} replicates")
        ax.plot(x, middle, color="#0072B2", lw=1.2, ls="--", label="their median")
    ax.plot(x, own, color=INK, lw=2, label="this history")
    ax.set_title(title)
    ax.set_ylabel(label, fontsize=9.5)
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=GRID, lw=0.7)
    if what == "strength":
        ax.legend(frameon=False, fontsize=9.5, loc="lower right", ncols=3, bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)


def _presence(history: History, ax: Axes, figure: Figure) -> None:
    """Presence of the lineage by region: strength on a logarithmic scale of greys that print."""
    e = history.tables["emir"][1:]
    o = history.tables["organisation"][1:]
    names = _region_names(history)
    states = [r.state for r in history.scenario.regions]
    grid = np.zeros((len(names), history.months))
    mine = (e["alive"] == 1) & (np.take_along_axis(o["lineage"], e["organisation"], axis=1) == history.focus)
    t, row = np.nonzero(mine)
    np.add.at(grid, (e["region"][t, row], t), e["strength"][t, row])
    present = np.ma.masked_less_equal(grid, 0.5)
    start, end = float(years(history, 0)), float(years(history, history.months))
    image = ax.imshow(
        present, aspect="auto", interpolation="nearest", cmap="viridis_r", norm=mpl.colors.LogNorm(1, max(10.0, float(np.max(grid)))),
        extent=(start, end, len(names) - 0.5, -0.5),
    )  # fmt: skip
    ax.set_yticks(range(len(names)), names, fontsize=NAMES, color=INK)
    for k in range(1, len(names)):
        if states[k] != states[k - 1]:
            ax.axhline(k - 0.5, color=SOFT, lw=0.8)
    ax.set_title("Presence of the lineage by region")
    # Beside the axes, so that they stay as wide as those above.
    bar = figure.colorbar(image, cax=ax.inset_axes((1.008, 0.0, 0.012, 1.0)), format="{x:,.0f}")
    bar.set_label("Fighter-equivalents", fontsize=9)
    bar.ax.tick_params(labelsize=9)
