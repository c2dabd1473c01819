"""Figures of a store over time: monthly series, rates of events and lineages of runs made again, and how long lineages lasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.lines
import matplotlib.patches
import matplotlib.ticker
import numpy as np
from matplotlib.figure import Figure

from sim.observe.history import History
from sim.observe.weight import shown as in_order
from sim.scenario.schema import Scenario
from sim.scenario.timeline import month_label
from sim.show import dated_lanes, history_figure
from sim.show.store_panels import (
    DASHES,
    MOST_GROUPS,
    Chosen,
    Group,
    blank,
    finish,
    grid_of,
    groups,
    label_ends,
    level_name,
    line_look,
    panel_titles,
    plain_grid,
    quoted,
    side_label,
)
from sim.show.style import INK
from sim.study.replay import SERIES, WINDOW, Months, histories, kaplan_meier, kinds_of, quantiles, replays, running_rates, spread
from sim.study.result import ARM
from sim.study.store import StoreError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FAINT = "#AAAAAA"
MOST_LINES = 4
"""Lines with bands that one panel can hold."""

_CALLED = {"outside": "Share outside the home state", "tension": "Tension over autonomy", "threat": "Intelligence and pressure faced"}
"""What a series is called where its name says too little."""

_LEAST_STANDING = 0.05
"""A series of means is drawn as long as the lineage stands in this share of the runs, and in two."""


def fan(chosen: Chosen, by: str | None, series: str, most: int) -> tuple[Figure, pd.DataFrame]:
    """Draw a monthly series of the followed lineage: a panel a group, with the median and what half and nine tenths of the runs lie within.

    Args:
        chosen: The runs.
        by: Column they are grouped by.
        series: A series of :data:`sim.study.replay.SERIES`.
        most: Runs of a group at most.

    Raises:
        ValueError: If there is no such series.
        StoreError: If the groups cannot be made, or their runs cannot be run again.
    """
    import pandas as pd

    if series not in SERIES:
        raise ValueError(f"series: {quoted(series, list(SERIES), 'a monthly series')}")
    unit, _ = SERIES[series]
    made, called, notes = groups(chosen, by)
    tables, shown = [], []
    for group in made:
        runs = _sampled(chosen, group, most)
        months = _months(chosen, group, runs)
        table = quantiles(np.array([m.series[series] for m in months]), runs["replicate"].to_numpy())
        tables.append(_dated(table, group, months[0].scenario))
        shown.append(len(runs))
    rows, columns = grid_of(len(made))
    figure = blank(1.75 * rows + 1.3)
    calendars = {(t["year"].iloc[0], t["year"].iloc[-1]) for t in tables}
    axes = figure.subplots(rows, columns, squeeze=False, sharey=True, sharex=len(calendars) == 1)
    titles, line = panel_titles(made, figure, columns), float(mpl.rcParams["lines.linewidth"])
    for k, (ax, title, table) in enumerate(zip(axes.flat, titles, tables, strict=False)):
        t = table[table["standing"] >= max(2.0, _LEAST_STANDING * table["runs"].iloc[0])]
        ax.fill_between(t["year"], t["q05"], t["q95"], color="#56B4E9", alpha=0.28, lw=0)
        ax.fill_between(t["year"], t["q25"], t["q75"], color="#56B4E9", alpha=0.62, lw=0)
        for end in ("median_low", "median_high"):
            ax.plot(t["year"], t[end], color="#0072B2", lw=0.55 * line, ls=DASHES[1])
        ax.plot(t["year"], t["median"], color=INK, lw=0.85 * line)
        ax.set_title(title)
        plain_grid(ax)
        ax.set_xlim(int(table["year"].iloc[0]), table["year"].iloc[-1])
        _years(ax, 4 if columns > 2 else 6 if columns > 1 else 10)
        if k + columns >= len(made):
            ax.set_xlabel("Year")
            ax.tick_params(labelbottom=True)
    for ax in axes.flat[len(made) :]:
        ax.set_axis_off()
    nothing = all(not t["q95"].max() > 0.0 for t in tables)
    axes[0][0].set_ylim(bottom=0.0, top=1.0 if nothing else None)
    side_label(figure, axes, _words(series), "0–1" if unit == "1" else unit)
    handles = [
        mpl.lines.Line2D([], [], color=INK, lw=0.85 * line, label="median"),
        mpl.lines.Line2D([], [], color="#0072B2", lw=0.55 * line, ls=DASHES[1], label="its 95 % interval"),
        mpl.patches.Patch(color="#56B4E9", alpha=0.9, lw=0, label="50 % of runs"),
        mpl.patches.Patch(color="#56B4E9", alpha=0.28, lw=0, label="90 % of runs"),
    ]
    standing = "" if unit != "1" else f"months in which the lineage stands in fewer than {100 * _LEAST_STANDING:.0f} % of the runs are left out"
    head = f"{_words(series)} of the followed lineage{f' by {called}' if called else ''}"
    finish(figure, f"{chosen.title}: {head}", [_drawn(made, shown), standing, "nought throughout" if nothing else "", *notes, *chosen.notes], handles)
    return figure, pd.concat(tables, ignore_index=True)


def rates(chosen: Chosen, by: str | None, event: str | None, most: int) -> tuple[Figure, pd.DataFrame]:
    """Draw how often an event happens: a line a group, with its interval over replicates; the four ways to break away where no event is named.

    Args:
        chosen: The runs.
        by: Column they are grouped by.
        event: An event of :data:`sim.world.codes.EVENTS`, or an outcome that counts one; ``fragmentations`` are the four together.
        most: Runs of a group at most.

    Raises:
        ValueError: If there is no such event.
        StoreError: If the groups cannot be made, or their runs cannot be run again.
    """
    import pandas as pd

    kinds = kinds_of(event)
    made, called, notes = groups(chosen, by)
    tables, shown, window = [], [], WINDOW
    for group in made:
        runs = _sampled(chosen, group, most)
        months = _months(chosen, group, runs)
        shown.append(len(runs))
        for name, counted in kinds.items():
            counts = np.array([np.sum([m.events[kind] for kind in counted], axis=0) for m in months])
            window = min(window, counts.shape[1])
            table = running_rates(counts, runs["replicate"].to_numpy(), window)
            table.insert(0, "event", name)
            tables.append(_dated(table, group, months[0].scenario))
    what = "Fragmentations" if event is None else _words(event)
    told = [_drawn(made, shown), f"running means of {window} months, bands: 95 % bootstrap intervals over replicates", *notes, *chosen.notes]
    return _rates(chosen, made, tables, list(kinds), told, f"{what}{f' by {called}' if called else ''}"), pd.concat(tables, ignore_index=True)


def _rates(chosen: Chosen, made: list[Group], tables: list[pd.DataFrame], kinds: list[str], told: list[str], what: str) -> Figure:
    """Draw rates: a panel a kind of event with a line a group; where the bands of many groups would hide each other, a panel a group."""
    of = {(t["group"].iloc[0], t["event"].iloc[0]): t for t in tables}
    many = len(made) > MOST_LINES
    panels = [[of[group.label, kind] for kind in kinds] for group in made] if many else [[of[g.label, kind] for g in made] for kind in kinds]
    names = [group.label for group in made] if not many else [kind.capitalize() for kind in kinds]
    rows, columns = grid_of(len(panels))
    figure = blank(1.75 * rows + 1.5 if columns > 1 else 4.0)
    axes = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    titles = panel_titles(made, figure, columns) if many else [kind.capitalize() for kind in kinds]
    for n, (ax, panel, title) in enumerate(zip(axes.flat, panels, titles, strict=False)):
        if many and len(kinds) == 1:
            for t in tables:
                ax.plot(t["year"], t["rate"], color=FAINT, lw=0.7 * mpl.rcParams["lines.linewidth"], zorder=1.5)
        for k, t in enumerate(panel):
            ax.fill_between(t["year"], t["low"], t["high"], color=line_look(k)["color"], alpha=0.2, lw=0)
            ax.plot(t["year"], t["rate"], **line_look(k))
        ax.set_title(title if len(panels) > 1 else "")
        ax.margins(x=0.0)
        plain_grid(ax)
        _years(ax, 4 if columns > 2 else 6 if columns > 1 else 10)
        if n + columns >= len(panels):
            ax.set_xlabel("Year")
            ax.tick_params(labelbottom=True)
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    nothing = all(t["high"].max() == 0.0 for t in tables)
    axes[0][0].set_ylim(bottom=0.0, top=1.0 if nothing else None)
    side_label(figure, axes, "Events a month", "all groups")
    direct = len(panels) == 1 and len(made) > 1
    handles = [mpl.lines.Line2D([], [], label=name, **line_look(k)) for k, name in enumerate(names)] if len(names) > 1 and not direct else []
    if many and len(kinds) == 1:
        handles = [mpl.lines.Line2D([], [], label="this group", **line_look(0)), mpl.lines.Line2D([], [], label="each of the others", color=FAINT)]
    finish(figure, f"{chosen.title}: {what}", ["none in any run" if nothing else "", *told], handles)
    if direct:
        label_ends(axes[0][0], [(t["year"].iloc[-1], t["rate"].iloc[-1]) for t in tables], [group.name for group in made])
        figure.draw_without_rendering()
    return figure


def survival(chosen: Chosen, by: str | None) -> tuple[Figure, pd.DataFrame]:
    """Draw how long lineages last: a step line a group with its 95 % interval, and how many are at risk beneath."""
    import pandas as pd

    made, called, notes = groups(chosen, by)
    tables = []
    for group in made:
        table = kaplan_meier(group.runs["months_survived"].to_numpy(), group.runs["survived"].to_numpy() == 1.0)
        table.insert(0, "group", group.label)
        table.insert(1, "level", group.level)
        table.insert(3, "years", table["months"] / 12.0)
        tables.append(table)
    end = max(t["years"].iloc[-1] for t in tables)
    ticks = [v for v in mpl.ticker.MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(0.0, end) if 0.0 <= v <= end + 1e-9]
    many = len(made) > MOST_LINES
    small = (0.8 if many else 0.92) * mpl.rcParams["font.size"]
    row_height = 1.35 * small / 72.0
    figure = blank(3.9 + row_height * len(made))
    rest = figure.get_figheight() - row_height * (len(made) + 6)
    ax, below = figure.subplots(2, 1, sharex=True, height_ratios=[rest, row_height * (len(made) + 0.8)])
    for k, (group, t) in enumerate(zip(made, tables, strict=True)):
        color = line_look(k)["color"]
        if many:  # Bands would hide each other: each line has bars of its own, at other times than those of the other lines.
            own = (np.arange(len(ticks) - 1) + (k + 0.5) / len(made)) * (ticks[1] - ticks[0])
            own = own[own <= t["years"].iloc[-1] + 1e-9]
            at = [t[t["years"] <= time + 1e-9].iloc[-1] for time in own]
            ax.vlines(own, [r["low"] for r in at], [r["high"] for r in at], color=color, lw=0.7 * mpl.rcParams["lines.linewidth"])
        else:
            ax.fill_between(t["years"], t["low"], t["high"], step="post", color=color, alpha=0.2, lw=0)
        ax.step(t["years"], t["survival"], where="post", **line_look(k))
        months = group.runs["months_survived"].to_numpy()
        for tick in ticks:
            if 12.0 * tick <= months.max() + 1e-9:  # Beyond a group's last month it is not known, rather than none.
                standing = int((months >= 12.0 * tick - 1e-9).sum())
                below.text(tick, k, f"{standing:,}", ha="center", va="center_baseline", fontsize=small)
    lowest = min(float(np.nanmin(t["low"])) for t in tables)
    bottom = 0.0 if lowest < 0.55 else np.floor(10.0 * lowest) / 10.0
    ax.set_ylim(bottom, 1.0 + 0.03 * (1.0 - bottom))
    ax.set_xlim(0.0, end)
    ax.set_xticks(ticks)
    ax.set_ylabel("Share of runs in which\nthe lineage still stands")
    ax.yaxis.set_major_locator(mpl.ticker.MaxNLocator(6, steps=[1, 2, 5, 10]))
    plain_grid(ax)
    ax.tick_params(labelbottom=True)
    ax.set_xlabel("Years since the start")
    below.set_ylim(len(made) - 0.4, -0.6)
    below.set_yticks(range(len(made)), [group.name if len(group.name) < 26 else f"{group.name[:24]}…" for group in made])
    below.tick_params(axis="both", length=0, labelbottom=False, pad=2.0 * mpl.rcParams["font.size"], labelsize=small)
    for spine in below.spines.values():
        spine.set_visible(False)
    below.set_title("Runs in which it still stands by then", fontsize=small, fontweight="normal")
    pooled = any(group.runs["cell"].nunique() > 1 for group in made)
    runs = "which take the runs as independent, though those of one replicate share their draws" if pooled else ""
    told = [
        f"{'bars' if many else 'bands'}: 95 % intervals (log-log; exact where all or none stand){', ' if runs else ''}{runs}",
        "" if bottom == 0.0 else f"the axis begins at {bottom:.1f}",
    ]
    finish(figure, f"{chosen.title}: survival of the followed lineage{f' by {called}' if called else ''}", [*told, *notes, *chosen.notes])
    if len(made) > 1:
        label_ends(ax, [(t["years"].iloc[-1], t["survival"].iloc[-1]) for t in tables], [group.name for group in made])
        figure.draw_without_rendering()
    return figure, pd.concat(tables, ignore_index=True)


def lineages(chosen: Chosen, by: str | None) -> tuple[Figure, pd.DataFrame]:
    """Draw who split from whom in up to nine runs: the same replicates in each group, so that their luck is alike.

    Args:
        chosen: The runs.
        by: Column they are grouped by; of each group, the middle point of its first arm is shown.

    Raises:
        StoreError: If the groups cannot be made, or their runs cannot be run again.
    """
    import pandas as pd

    made, called, notes = groups(chosen, by)
    each = MOST_GROUPS if len(made) == 1 else (3 if len(made) <= 3 else 1)
    panels, cases = [], []
    for group in made:
        # The middle point of the first arm: what is nearest to the study's usual case.
        there = np.unique(group.runs["cell"])
        there = there[there // chosen.result.manifest["points"] == there[0] // chosen.result.manifest["points"]]
        runs = group.runs[group.runs["cell"] == there[len(there) // 2]]
        cell, row = int(there[len(there) // 2]), runs.iloc[0]
        arm = ", ".join(
            level_name(name, str(row[name])) for name in ARM if name in chosen.result.varying and name != (by or chosen.result.varying[0])
        )
        cases.append(f"{arm}{', ' if arm else ''}point {row['point']}")
        for point, replicate in runs.head(each)[["point", "replicate"]].to_numpy().tolist():
            panels.append((group, point, (cell, replicate)))
    again = histories(chosen.result, [run for _, _, run in panels])
    found = [(group, point, shown) for (group, point, _), shown in zip(panels, again, strict=True)]
    numbers = list(dict.fromkeys(shown.replicate for _, _, shown in found))
    # Where each group shows the same replicates, groups are rows and replicates columns.
    table_like = 1 < len(made) <= 3 and [shown.replicate for _, _, shown in found] == numbers * len(made)
    rows, columns = (len(made), len(numbers)) if table_like else grid_of(len(found))
    figure = blank(2.1 * rows + 1.0)
    axes = figure.subplots(rows, columns, squeeze=False)
    heads = panel_titles([group for group, _, _ in found], figure, columns, figure.get_figheight() / rows - 0.6 if table_like else None)
    orders = [in_order(shown) for _, _, shown in found]
    tables = []
    for k, (ax, (group, point, shown), order) in enumerate(zip(axes.flat, found, orders, strict=False)):
        # Lanes are as wide in every panel of a scenario, so that branches can be set side by side.
        lanes = max(len(o) for (_, _, other), o in zip(found, orders, strict=True) if other.scenario.name == shown.scenario.name)
        _tree(ax, shown, order, max(3, lanes), figure.get_figheight() / rows)
        alone = f"replicate {shown.replicate}"
        ax.set_title((alone if k < columns else "") if table_like else (heads[k] if len(made) > 1 else alone))
        if table_like and k % columns == 0:
            ax.set_ylabel(heads[k])
        table = shown.lineages()
        table.insert(0, "group", group.label)
        table.insert(1, "point", point)
        table.insert(2, "replicate", shown.replicate)
        tables.append(table)
    for ax in axes.flat[len(found) :]:
        ax.set_axis_off()
    key = "thickness: strength (square root, in each panel its own), line down: split, arrow: merger or return, black mark: end, star: brand joined,"
    key += " triangle: leader lost, pale: other lineages (small local groups left out)"
    pooled = any(group.runs["cell"].nunique() > 1 for group in made)
    points = f"of each group one cell ({'; '.join(dict.fromkeys(cases))})" if pooled else ""
    which = f"replicate {numbers[0]}" if len(numbers) == 1 else ""
    finish(figure, f"{chosen.title}: lineages{f' by {called}' if called else ''}", [key, which, points, *notes, *chosen.notes])
    return figure, pd.concat(tables, ignore_index=True)


def _tree(ax: Axes, shown: History, order: list[int], lanes: int, height: float) -> None:
    """Draw a history's lineages as the figure of a history does, at the size of a panel so many inches high."""
    history_figure._lineages(shown, ax, order, gutter=False)
    ax.grid(visible=False)
    size = float(mpl.rcParams["font.size"])
    lane = max(1.0, 72.0 * height - 5.0 * size) / (lanes + 1)
    for line in ax.lines:
        line.set_markersize(0.065 * size * line.get_markersize())
        line.set_markeredgewidth(0.07 * size)
    last = shown.tables["organisation"][-1]
    roots = {" → ".join(shown.names.all_names(int(last["identity"][i]))) for i in order if last["parent"][i] < 0}
    for text in list(ax.texts):
        # Arrows are texts without words. Of the names, those of the roots have room; all are in the data.
        if text.get_text() in roots:
            name = text.get_text()
            text.set(fontsize=min(0.72 * size, max(0.6 * size, lane)), text=name if len(name) < 20 else f"{name[:18]}…", in_layout=False)
        elif text.get_text():
            text.remove()
    start, end = (float(dated_lanes.years(shown, t)) for t in (0, shown.months))
    ax.set_xlim(start, end + 0.02 * (end - start))
    ax.set_ylim(lanes - 0.4, -max(1.1, 0.55 + 1.1 * size / lane))
    _years(ax, 4)


def _sampled(chosen: Chosen, group: Group, most: int) -> pd.DataFrame:
    runs = spread(group.runs, most)
    if len(runs) < 2:
        raise StoreError(f"{chosen.result.path}: {group.label} has {len(runs)} run that came to its end; an interval needs at least 2")
    return runs


def _months(chosen: Chosen, group: Group, runs: pd.DataFrame) -> list[Months]:
    """Return the months of runs that share a calendar."""
    found: list[Months] = []
    for months in replays(chosen.result, list(zip(runs["cell"].tolist(), runs["replicate"].tolist(), strict=True))):
        one, other = (found or [months])[0].scenario, months.scenario
        if (one.start, one.end) != (other.start, other.end):
            raise StoreError(
                f"{chosen.result.path}: {group.label} has runs of {one.name} ({one.start} to {one.end}) and of {other.name} ({other.start} to"
                f" {other.end}), which have no months in common; choose one with where, or scenario with by"
            )
        found.append(months)
    return found


def _dated(table: pd.DataFrame, group: Group, scenario: Scenario) -> pd.DataFrame:
    """Return a table with its group, and each month's end as a calendar year."""
    month = table.pop("month") if "month" in table else np.arange(len(table), dtype=float)
    start = int(scenario.start[:4]) + (int(scenario.start[5:]) - 1) / 12.0
    table.insert(0, "group", group.label)
    table.insert(1, "level", group.level)
    table.insert(2, "month", month)
    table.insert(3, "date", [month_label(scenario, int(m)) for m in np.floor(month)])
    table.insert(4, "year", start + (np.asarray(month) + 1.0) / 12.0)
    return table


def _drawn(made: list[Group], shown: list[int]) -> str:
    """Return a note on how many runs are behind each group."""
    each = sorted(set(shown))
    count = f"{each[0]:,}" if len(each) == 1 else f"{each[0]:,} to {each[-1]:,}"
    pooled = max(group.runs["cell"].nunique() for group in made)
    of = sorted({len(group.runs) for group in made})
    some = f" (of {of[0]:,}{f' to {of[-1]:,}' if of[-1] > of[0] else ''}, spread evenly)" if of[-1] > each[-1] else ""
    return f"{count} runs{some} a group{f', pooled over {pooled:,} cells' if pooled > 1 else ''}"


def _years(ax: Axes, most: int) -> None:
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(most, integer=True, min_n_ticks=2))
    ax.xaxis.set_major_formatter(mpl.ticker.FormatStrFormatter("%d"))


def _words(name: str) -> str:
    return _CALLED.get(name) or name.replace("_", " ").capitalize()
