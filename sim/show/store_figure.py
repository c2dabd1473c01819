"""Figures that compare the parameter sets of a store, with the data behind each as a table."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import matplotlib.patches
import matplotlib.ticker
import numpy as np
from matplotlib.figure import Figure

from sim.observe.ensemble import interval
from sim.observe.outcome_words import label_of
from sim.scenario.numbers import apart
from sim.scenario.numbers import told as told_number
from sim.show.colour_scale import colour_ends
from sim.show.store_histories import fan, lineages, rates, survival
from sim.show.store_panels import (
    STYLES,
    Chosen,
    at_level,
    base_point,
    blank,
    choose,
    clustered_mean,
    finish,
    level_name,
    levels,
    meaning_of,
    plain_grid,
    quoted,
    settle,
    unit_of,
)
from sim.show.style import GRID, INK, OKABE_ITO
from sim.study.result import ARM, SweepResult
from sim.study.store import StoreError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Style = Literal["print", "projector"]
KINDS: dict[str, tuple[str, ...]] = {
    "fan": ("by", "series"),
    "rates": ("by", "outcome"),
    "survival": ("by",),
    "heat": ("outcome", "x", "y"),
    "lineages": ("by",),
    "tornado": ("outcome",),
}
"""Kinds of figure, and which options each takes beside replicates, style and where."""

FORMATS = ("png", "svg", "pdf")
MOST_LEVELS, BINS = 10, 6
MOST_FACTORS, MOST_ARMS = 15, 6


def plot(
    result: SweepResult,
    kind: str,
    *,
    outcome: str | None = None,
    by: str | None = None,
    x: str | None = None,
    y: str | None = None,
    series: str = "strength",
    replicates: int = 200,
    style: Style = "print",
    where: Mapping[str, str] | None = None,
) -> tuple[Figure, pd.DataFrame]:
    """Draw a figure of a store.

    Args:
        result: The sweep. One that is not complete is drawn as far as it is, and says so.
        kind: ``fan`` (a monthly series), ``rates`` (events a month), ``survival`` (Kaplan and Meier), ``heat`` (an outcome over two factors),
            ``lineages`` (who split from whom) or ``tornado`` (the ends of each factor against the point as written).
        outcome: Outcome of heat and tornado (``survived`` or the first kept where absent), event of rates (the four ways to break away where absent).
        by: Column whose levels are set side by side, a factor or a part of the arm; the first that varies where absent.
        x: Column along the horizontal axis of heat.
        y: Column along its vertical axis.
        series: Series of fan, of :data:`sim.study.replay.SERIES`.
        replicates: Runs of a group that are run again at most (fan, rates).
        style: ``print`` (7 inches wide, 9 point) or ``projector`` (a slide).
        where: Levels by column: only runs that have them are shown; several levels of a column stand one after another with commas.

    Returns:
        The figure, and the data that it shows: a row a mark or a point of a line, with its interval.

    Raises:
        ValueError: If kind, series, event, style or replicates is not admissible, or an option says nothing for the kind.
        StoreError: If the store has no such outcome, column or level, or cannot be drawn in this way; the message says what can.
    """
    _check(kind, outcome=outcome, by=by, x=x, y=y, series=None if series == "strength" else series)
    if style not in STYLES:
        raise ValueError(f"style: {quoted(style, list(STYLES), 'a style')}")
    if replicates < 2:
        raise ValueError(f"replicates is {replicates}; an interval needs at least 2")
    named = [] if kind not in ("heat", "tornado") else [outcome or ("survived" if "survived" in result.outcomes else result.outcomes[0])]
    chosen = choose(result, ["months_survived", "survived"] if kind == "survival" else named, where)
    with mpl.rc_context(STYLES[style]):
        if kind == "fan":
            figure, data = fan(chosen, by, series, replicates)
        elif kind == "rates":
            figure, data = rates(chosen, by, outcome, replicates)
        elif kind == "survival":
            figure, data = survival(chosen, by)
        elif kind == "heat":
            figure, data = heat(chosen, named[0], x, y)
        elif kind == "lineages":
            figure, data = lineages(chosen, by)
        else:
            figure, data = tornado(chosen, named[0])
    # As it is laid out now it stays: laid out anew for each format, a file would depend on which were written before it.
    figure.set_layout_engine("none")
    return figure, data


def save(
    result: SweepResult,
    kind: str,
    folder: Path,
    formats: Sequence[str] = ("png",),
    *,
    outcome: str | None = None,
    by: str | None = None,
    x: str | None = None,
    y: str | None = None,
    series: str = "strength",
    replicates: int = 200,
    style: Style = "print",
    where: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write a figure of a store, and the data behind it as CSV, under one name that tells what is shown.

    Args:
        result: The sweep.
        kind: Kind of figure; this and the other options are those of :func:`plot`.
        folder: Where to write; made if need be.
        formats: Formats of the figure: ``png``, ``svg``, ``pdf``.
        outcome: See :func:`plot`.
        by: See :func:`plot`.
        x: See :func:`plot`.
        y: See :func:`plot`.
        series: See :func:`plot`.
        replicates: See :func:`plot`.
        style: See :func:`plot`.
        where: See :func:`plot`.

    Returns:
        The files: figures in the order of formats, then the CSV.

    Raises:
        ValueError: If a format or an option is not admissible.
        StoreError: See :func:`plot`.
    """
    for form in formats:
        if form not in FORMATS:
            raise ValueError(f"formats: {quoted(form, FORMATS, 'a format')}")
    figure, data = plot(
        result, kind, outcome=outcome, by=by, x=x, y=y, series=series, replicates=replicates, style=style, where=where,
    )  # fmt: skip
    words = [kind, series if kind == "fan" else "", outcome or "", f"by-{by}" if by else "", x or "", y or ""]
    words += [part for column, level in (where or {}).items() for part in (column, level)] + [style if style != "print" else ""]
    # Names of factors may hold anything; names of files may not.
    stem = "-".join(re.sub(r"[^\w.,-]+", "-", word).strip("-") for word in words if word)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    settle(figure)
    with mpl.rc_context(STYLES[style]):
        for form in dict.fromkeys(formats):
            paths.append(folder / f"{stem}.{form}")
            dates = {"svg": {"Creator": "dilemma", "Date": None}, "pdf": {"Creator": "dilemma", "CreationDate": None}}.get(form)
            figure.savefig(paths[-1], metadata=dates)
    paths.append(folder / f"{stem}.csv")
    data.to_csv(paths[-1], index=False)
    return paths


def _check(kind: str, **options: str | None) -> None:
    """Refuse a kind that there is not, and options that say nothing for it."""
    if kind not in KINDS:
        raise ValueError(f"kind: {quoted(kind, list(KINDS), 'a kind of figure')}")
    for name, value in options.items():
        if value is not None and name not in KINDS[kind]:
            raise ValueError(f"{name} is {value!r}, and says nothing for a {kind} figure; it takes {', '.join(KINDS[kind])}")


def heat(chosen: Chosen, outcome: str, x: str | None, y: str | None) -> tuple[Figure, pd.DataFrame]:
    """Draw the mean of an outcome over two factors, each cell with the half width of its 95 % interval."""
    import pandas as pd

    result, frame = chosen.result, chosen.frame
    x, y = _two(result, x, y)
    if {x, y} <= set(result.factors) and base_point(result) is not None:
        raise StoreError(f"{result.path}: this design moves one factor at a time, so {x} and {y} are never moved together; draw a tornado")
    if base_point(result) is not None:
        frame = frame[frame[[name for name in result.factors if name not in (x, y)]].isna().all(axis=1)]
    across, up = _Axis(chosen, frame, x), _Axis(chosen, frame, y)
    unit, rows = unit_of(outcome), []
    for j in range(len(up.names)):
        for i in range(len(across.names)):
            runs = frame[(across.place == i) & (up.place == j) & frame[outcome].notna()]
            mean, half = clustered_mean(runs[outcome].to_numpy(), runs["replicate"].to_numpy(), unit == "share of runs")
            rows.append((across.values[i], up.values[j], len(runs), mean, half))
    data = pd.DataFrame(rows, columns=[x, y, "runs", "mean", "half_width"])
    means, halves = (data[name].to_numpy().reshape(len(up.names), len(across.names)) for name in ("mean", "half_width"))
    if not np.isfinite(means).any():
        raise StoreError(f"{result.path}: {x} and {y} leave no run to draw")
    figure = blank(1.7 + 0.5 * len(up.names))
    ax = figure.subplots()
    ends = colour_ends(means, halves, unit == "share of runs")
    image = ax.imshow(np.ma.masked_invalid(means), cmap="viridis", aspect="auto", origin="lower", vmin=ends[0], vmax=ends[1])
    ax.set_facecolor(GRID)
    across.mark(ax.xaxis)
    up.mark(ax.yaxis)
    if up.words:
        ax.invert_yaxis()
    ax.tick_params(length=0)
    known = means[np.isfinite(means)]
    same = f"the same everywhere: {told_number(float(known[0]))} ({unit})" if known.size > 1 and np.ptp(known) == 0.0 else ""
    if not same:
        bar = figure.colorbar(image, ax=ax, pad=0.02, fraction=0.06, aspect=22)
        bar.set_label(f"{label_of(outcome)}\n(mean, {unit})")
    shown = " ± half the width of its 95 % interval" if np.isfinite(halves).any() else "; one replicate has no interval"
    never = frame[outcome].isna().mean()
    among = f"means are over the {1.0 - never:.1%} of runs in which it happens" if never else ""
    told = [f"each cell: mean{shown}", same, among, *meaning_of(outcome), across.note, up.note, *chosen.notes]
    finish(figure, f"{chosen.title}: {label_of(outcome)} by {chosen.column_label(x)} and {chosen.column_label(y)}", told)
    _annotate(ax, image, means, halves)
    return figure, data


class _Axis:
    """An axis of a heat map: the levels of a column, or bins of a column that has too many."""

    def __init__(self, chosen: Chosen, frame: pd.DataFrame, column: str) -> None:
        found = levels(chosen.result, frame, column)
        self.label = chosen.column_label(column)
        self.words = frame[column].dtype.kind != "f"
        self.edges: np.ndarray[Any, Any] | None = None
        self.note = ""
        self.place = np.full(len(frame), -1)
        if len(found) <= MOST_LEVELS:
            self.names = [level_name(column, level) for level in found]
            self.values = self.names if self.words else found
            for k, level in enumerate(found):
                self.place[at_level(frame, column, level).to_numpy()] = k
            return
        if self.words:
            raise StoreError(f"{chosen.result.path}: {column} has {len(found):,} levels; at most {MOST_LEVELS} can be shown: choose some with where")
        values = frame[column].to_numpy()
        # A point counts once, however many replicates it took.
        each = frame.drop_duplicates("cell")[column].dropna().to_numpy()
        self.edges = np.unique(np.quantile(each, np.linspace(0.0, 1.0, BINS + 1)))
        here = np.isfinite(values)
        self.place[here] = np.clip(np.searchsorted(self.edges, values[here], side="right") - 1, 0, len(self.edges) - 2)
        self.ends = apart(self.edges.tolist())
        self.names = [f"{low} to {high}" for low, high in pairwise(self.ends)]
        self.values = self.names
        self.note = f"{self.label} in {len(self.names)} bins of equally many points"

    def mark(self, axis: Any) -> None:
        """Label an axis: levels in the middle of cells, bins by their edges."""
        texts = self.names if self.words else [text.replace("-", "−") for text in (self.names if self.edges is None else self.ends)]
        if self.edges is not None:
            # Away from the corner, where the outermost labels of both axes would meet.
            axis.set_tick_params(pad=0.7 * mpl.rcParams["font.size"])
        axis.set_ticks(np.arange(len(texts)) - (0.0 if self.edges is None else 0.5), texts)
        size, width = float(mpl.rcParams["font.size"]), axis.get_figure().get_figwidth() - 2.5
        if axis.axis_name == "x" and 0.6 * size * (max(len(text) for text in texts) + 1) > 72.0 * width / len(texts):
            for label in axis.get_ticklabels():
                label.set(rotation=30, ha="right", rotation_mode="anchor")
        axis.set_label_text(self.label)


def _two(result: SweepResult, x: str | None, y: str | None) -> tuple[str, str]:
    """Return the two columns of a heat map."""
    for option, name in (("x", x), ("y", y)):
        if name is not None and name not in result.varying:
            raise StoreError(f"{result.path}: {option} {quoted(name, result.varying, 'a column that varies')}")
    free = [name for name in result.varying if name not in (x, y)]
    if len(result.varying) < 2:
        raise StoreError(f"{result.path}: a heat map needs two columns that vary; this store has {len(result.varying)}")
    if x is not None and x == y:
        raise StoreError(f"{result.path}: x and y are both {x!r}; choose another for y: {', '.join(free)}")
    chosen_x = x or free.pop(0)
    return chosen_x, y or next(name for name in free if name != chosen_x)


def _annotate(ax: Axes, image: Any, means: np.ndarray[Any, Any], halves: np.ndarray[Any, Any]) -> None:
    """Write mean and half width into each cell, as large as fits, dark on light and light on dark."""
    figure: Any = ax.figure
    box = ax.get_window_extent()
    high, wide = (side * 72.0 / figure.dpi / n for side, n in zip((box.height, box.width), means.shape, strict=True))
    top = float(np.nanmax(np.abs(means)))
    places = min(4, max(0, 2 - math.floor(math.log10(top)))) if top > 0.0 else 2
    # Nought is added so that what rounds to minus nought is nought.
    texts = [f"{round(m, places) + 0.0:,.{places}f}".replace("-", "−") for m in means.flat]
    texts = [text + ("" if math.isnan(h) else f"\n±{h:,.{places}f}") for text, h in zip(texts, halves.flat, strict=True)]
    longest = max(len(line) for text in texts for line in text.split("\n"))
    size = min(float(mpl.rcParams["font.size"]), 0.92 * wide / (0.64 * longest), 0.92 * high / 2.5)
    for (j, i), text in zip(np.ndindex(means.shape), texts, strict=True):
        if math.isnan(means[j, i]):
            ax.text(i, j, "no runs", ha="center", va="center", fontsize=size, color=INK)
            continue
        red, green, blue, _ = image.cmap(image.norm(means[j, i]))
        dark = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.18
        ax.text(i, j, text, ha="center", va="center", fontsize=size, color="white" if dark else "black", linespacing=1.15)


def tornado(chosen: Chosen, outcome: str) -> tuple[Figure, pd.DataFrame]:
    """Draw what moving each factor alone to its ends does to an outcome: paired differences from the point as written, largest on top."""
    import pandas as pd

    result, frame = chosen.result, chosen.frame
    base = base_point(result)
    if base is None:
        design = result.study.spec.design
        kind = f"a {design.kind} design" if design else "no design"
        raise StoreError(
            f"{result.path}: a tornado needs a one-at-a-time design; this store has {kind}. Its outcomes can be drawn as heat or survival"
        )
    if result.manifest["draws"] != "common":
        raise StoreError(f"{result.path}: its design points do not share their draws (draws: independent), so nothing is paired")
    arms = frame.drop_duplicates(list(ARM)).sort_values("cell")[list(ARM)]
    if len(arms) > MOST_ARMS:
        raise StoreError(f"{result.path}: a tornado shows at most {MOST_ARMS} arms, and there are {len(arms)}; choose some with where")
    design_rows, rows = result.design(), []
    for arm in arms.itertuples(index=False):
        mine = frame[(frame[list(ARM)] == list(arm)).all(axis=1)]
        label = ", ".join(level_name(name, word) for name, word in zip(ARM, arm, strict=True) if name in result.varying)
        by_point: dict[Any, pd.Series] = {p: runs.set_index("replicate")[outcome].dropna() for p, runs in mine.groupby("point")}
        if base not in by_point:
            raise StoreError(f"{result.path}: the point as written has no runs to compare with; go on with the sweep, or drop where")
        for factor in result.factors:
            moved = design_rows[design_rows[factor].notna()]
            order = [v for v in levels(result, moved, factor) if v is not None]
            for end, level in (("low", order[0]), ("high", order[-1])):
                point = int(moved.loc[moved[factor] == level, "point"].iloc[0])
                if point not in by_point:
                    continue
                apart = (by_point[point] - by_point[base]).dropna().to_numpy()
                if len(apart) < 2:
                    continue
                rows.append((label, factor, end, level, *interval(apart), len(apart)))
    data = pd.DataFrame(rows, columns=["arm", "factor", "end", "level", "difference", "low", "high", "pairs"])
    if data.empty:
        raise StoreError(f"{result.path}: no end of a factor shares 2 replicates with the point as written")
    size = data["difference"].abs().groupby(data["factor"]).max()
    ranked = sorted(size.index, key=lambda name: (-size[name], result.factors.index(name)))
    data["rank"] = data["factor"].map({name: k + 1 for k, name in enumerate(ranked)})
    row = {label: k for k, label in enumerate(dict.fromkeys(data["arm"]))}
    place = [row[arm] * len(ranked) + rank for arm, rank in zip(data["arm"], data["rank"], strict=True)]
    data = data.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)
    return _tornado(chosen, outcome, data, ranked), data


def _tornado(chosen: Chosen, outcome: str, data: pd.DataFrame, ranked: list[str]) -> Figure:
    shown, arms = ranked[:MOST_FACTORS], list(dict.fromkeys(data["arm"]))
    columns, lines = min(len(arms), 3), -(-len(arms) // 3)
    figure = blank((0.42 * len(shown) + 0.7) * lines + 1.1)
    axes = figure.subplots(lines, columns, squeeze=False, sharex=True, sharey=True)
    ends = {name: [level_name(name, v) for v in data.loc[data["factor"] == name, "level"].drop_duplicates()] for name in shown}
    for ax, arm in zip(axes.flat, arms, strict=False):
        for row, name in enumerate(shown):
            for d in data[(data["arm"] == arm) & (data["factor"] == name)].itertuples():
                k = int(d.end == "high")
                y, thick = row + (0.19 if k else -0.19), mpl.rcParams["lines.linewidth"]
                ax.barh(y, d.difference, 0.34, color=OKABE_ITO[k], lw=0)
                # The mean has a mark of its own, or no difference at all would look like no data.
                ax.plot([d.low, d.high], [y, y], color=INK, lw=0.8 * thick, solid_capstyle="butt")
                ax.plot([d.difference], [y], "o", color=INK, ms=0.7 * mpl.rcParams["lines.markersize"])
        ax.axvline(0.0, color=INK, lw=0.6 * mpl.rcParams["lines.linewidth"])
        ax.set_title(arm)
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_yticks(range(len(shown)), [f"{chosen.column_label(name)}\n{' → '.join(ends[name])}" for name in shown])
        ax.tick_params(axis="y", length=0)
        ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(8 if columns == 1 else 4))
        plain_grid(ax, "x")
        ax.tick_params(labelbottom=True)
        ax.set_xlabel(f"Difference in {label_of(outcome).lower()} ({unit_of(outcome)})" if columns == 1 else f"Difference\n({unit_of(outcome)})")
    for ax in axes.flat[len(arms) :]:
        ax.set_axis_off()
    listed = any(isinstance(v, str) for v in data["level"])
    words = (f"at its low{' or first' * listed} value", f"at its high{' or last' * listed} value")
    handles = [mpl.patches.Patch(color=OKABE_ITO[k], lw=0, label=name) for k, name in enumerate(words)]
    pairs = sorted(set(data["pairs"]))
    count = f"{pairs[0]:,}" if len(pairs) == 1 else f"{pairs[0]:,} to {pairs[-1]:,}"
    cut = f"the {len(shown)} largest of {len(ranked)} factors" if len(shown) < len(ranked) else ""
    told = [f"paired differences from the point as written over {count} replicates, with 95 % bootstrap intervals", cut, *meaning_of(outcome)]
    finish(figure, f"{chosen.title}: what each factor alone does to {label_of(outcome).lower()}", [*told, *chosen.notes], handles)
    return figure
