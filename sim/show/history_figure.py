"""One figure per history: world events, what happened, lineages, strength and cohesion, presence by region, all on one time axis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.lines
import matplotlib.ticker
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.observe.ensemble import lineage_months
from sim.observe.history import History
from sim.observe.weight import shown
from sim.show.dated_lanes import dated_lanes, years
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE
from sim.world import codes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND_REPLICATES = 60
_END_MARKS = {
    codes.BY_FORCE: "X", codes.BY_INACTIVITY: "o", codes.BY_SPLINTERING: "P", codes.BY_AMNESTY: "s", codes.BY_INFIGHTING: "d", codes.BY_POLITICS: "^",
}  # fmt: skip
"""Markers of the endings that leave no heir."""


def draw(history: History, replicates: int = BAND_REPLICATES) -> Figure:
    """Draw a history.

    Args:
        history: What to draw.
        replicates: Replicates behind the bands of strength and cohesion (90 % of them lie within); 0 draws no band.

    Returns:
        A Matplotlib figure, 16 x 10.5 inches, and higher where there is a record to set beside the model.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(16, 10.5), layout="constrained")
        FigureCanvasAgg(figure)
        dated = dated_lanes(history)
        order = shown(history)
        heights = [lanes.height for lanes in dated]
        heights += [0.87 + 0.27 * len(order), 1.7, 0.95, 0.45 + 0.17 * len(history.scenario.regions)]
        # What the record needs is added to the height, so that all others have the room they have without it.
        figure.set_figheight(10.5 * sum(heights) / sum([heights[0], *heights[-4:]]))
        panels = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
        figure.suptitle(
            f"{history.title}   (one history: seed {history.seed}, replicate {history.replicate})", fontsize=15, fontweight="bold", x=0.01, ha="left"
        )
        panels[0].set_xlim(years(history, 0), years(history, history.months))
        for lanes, ax in zip(dated, panels[: len(dated)], strict=True):
            lanes.draw(ax)
        axes = panels[len(dated) :]
        _lineages(history, axes[0], order)
        bands = lineage_months(history.scenario, history.seed, replicates) if replicates else {}
        _band(history, axes[1], "strength", bands, "Strength\n(fighter-equivalents)", "Strength of the followed lineage")
        _band(history, axes[2], "cohesion", bands, "Cohesion (0–1)", "Its cohesion")
        axes[2].set_ylim(0, 1)
        _presence(history, axes[3], figure)
        axes[3].set_xlabel("Year")
        axes[3].xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=22, min_n_ticks=3))
        for ax in panels[:-1]:
            ax.tick_params(labelbottom=False)
        return figure


def save(history: History, path: Path, replicates: int = BAND_REPLICATES) -> None:
    """Draw a history into a file; the ending of its name chooses PNG, SVG or PDF."""
    figure = draw(history, replicates)
    metadata = {"Creator": "dilemma", "Date": None} if path.suffix == ".svg" else None
    with mpl.rc_context(STYLE):
        figure.savefig(path, metadata=metadata)


def _lineages(history: History, ax: Axes, order: list[int]) -> None:
    """Lineages as lanes, those of :func:`sim.observe.weight.shown`.

    They are as thick as they are strong, branch from their parents, merge into their heirs, and end with a mark.
    """
    table = history.tables["organisation"]
    last = table[-1]
    lane = {i: k for k, i in enumerate(order)}
    top = max(float(table["strength"].max()), 1.0)
    used: set[int] = set()
    for k, i in enumerate(order):
        color = OKABE_ITO[k % len(OKABE_ITO)]
        alive = np.flatnonzero(table["alive"][:, i] == 1)
        if len(alive) == 0:
            continue
        x = years(history, alive)
        half = 0.42 * np.sqrt(table["strength"][alive, i] / top) + 0.02
        own = last["lineage"][i] == history.focus
        ax.fill_between(x, k - half, k + half, color=color, alpha=0.9 if own else 0.55, lw=0, zorder=3)
        name = " → ".join(history.names.all_names(int(last["identity"][i])))
        # On its own lane, left of where it begins, a name meets no other; the first ones have no room there.
        late = x[0] > float(years(history, 0.0072 * history.months * len(name)))
        gap = (-0.004 if late else 0.004) * history.months / 12
        y = k if late else k - half[0] - 0.05
        ax.text(x[0] + gap, y, name, fontsize=9.5, ha="right" if late else "left", va="center" if late else "bottom", color=INK, zorder=6)
        parent = int(last["parent"][i])
        if parent in lane:
            ax.plot([x[0], x[0]], [lane[parent], k], color=color, lw=1.4, ls="-", zorder=2)
        ended, how, heir = int(last["ended"][i]), int(last["ending"][i]), int(last["heir"][i])
        if ended >= 0:
            x_end = float(years(history, ended + 1))
            if heir in lane:
                ax.annotate("", (x_end, lane[heir]), (x_end, k), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.6}, zorder=4)
            elif how in _END_MARKS:
                ax.plot([x_end], [k], _END_MARKS[how], color=INK, ms=8, zorder=5)
                used.add(how)
    _marks(history, ax, lane)
    ax.set_title("Lineages   (thickness: strength; line down: split; arrow: merger or return; ★ brand joined; ▼ leader lost)")
    # The key and what is left out stand in a row of their own below the lanes, where nothing reads as an event.
    foot = len(order) + 0.15
    rest = [i for i in history.ever() if i not in lane]
    if rest:
        together = history.strength()[:, rest].sum(axis=1).max()
        note = f"not shown: {len(rest)} other groups, at most {together:,.0f} strong together"
        ax.text(float(years(history, 0.002 * history.months)), foot, note, fontsize=9.5, va="center", color=SOFT, style="italic")
    handles = [
        mpl.lines.Line2D([], [], marker=_END_MARKS[how], color=INK, ls="", ms=7, label=f"ended by {codes.ENDINGS[how]}") for how in sorted(used)
    ]
    if handles:
        bottom = 0.5 / (len(order) + 1.75)
        ax.legend(handles=handles, loc="center right", ncols=len(handles), frameon=False, fontsize=9.5, bbox_to_anchor=(1.0, bottom))
    ax.set_ylim(len(order) + 0.65, -0.95)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _marks(history: History, ax: Axes, lane: dict[int, int]) -> None:
    """Leaders lost and brands joined, on the lanes."""
    row = {int(who): i for i, who in enumerate(history.tables["organisation"][-1]["identity"]) if who}
    for event in history.log:
        i = row.get(int(event["organisation"]), -1)
        if i not in lane:
            continue
        x = float(years(history, int(event["month"]) + 0.5))
        if event["kind"] == codes.SUCCESSION:
            ax.plot([x], [lane[i]], "v", color="white", mec=INK, ms=6, zorder=5)
        elif event["kind"] == codes.BRAND_CHANGE:
            ax.plot([x], [lane[i]], "*", color="#F0E442", mec=INK, ms=14, zorder=6)


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
        ax.legend(frameon=False, fontsize=9, loc="upper right", ncols=3, bbox_to_anchor=(1.0, 1.2))


def _presence(history: History, ax: Axes, figure: Figure) -> None:
    """Presence of the lineage by region: strength on a logarithmic scale of greys that print."""
    e = history.tables["emir"][1:]
    o = history.tables["organisation"][1:]
    names = [r.name for r in history.scenario.regions]
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
    ax.set_yticks(range(len(names)), [f"{n} ({s})" if n != s else n for n, s in zip(names, states, strict=True)], fontsize=8.5)
    for k in range(1, len(names)):
        if states[k] != states[k - 1]:
            ax.axhline(k - 0.5, color=SOFT, lw=0.8)
    ax.set_title("Presence of the lineage by region")
    bar = figure.colorbar(image, ax=ax, pad=0.005, fraction=0.02, aspect=12)
    bar.set_label("Strength\n(fighter-equivalents)", fontsize=8.5)
