"""Plots of the studies of :mod:`sim.evidence.figures`: embedding, channels, events, causes, and leaders killed."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from sim.show.style import GRID, INK, OKABE_ITO, SOFT, Picture

if TYPE_CHECKING:
    import pandas as pd

_MARKS = "osD^vP"
_WORDS = {
    "fragmentations": "fragmentations (events a history)",
    "root_survived": "the organisation stands at the end\n(share of histories)",
    "survived": "somebody of its lineage stands\n(share of histories)",
    "root_months": "months it stands",
    "root_strength_mean": "its mean strength (fighters)",
    "ended": "ended within five years\n(change in share of groups)",
    "breakaways": "groups that broke from it\n(change in events within five years)",
    "strength": "strength five years later\n(change in ln(1 + fighters))",
}


def _bars(ax: Any, rows: pd.DataFrame, x: Any, color: str, mark: str, horizontal: bool = False, **style: Any) -> Any:
    """Draw values with their intervals at places."""
    errors = np.clip([rows["value"] - rows["low"], rows["high"] - rows["value"]], 0.0, None)
    look = {"fmt": mark, "color": color, "ms": 5.5, "lw": 1.6, "capsize": 2.5, **style}
    return ax.errorbar(rows["value"], x, xerr=errors, **look) if horizontal else ax.errorbar(x, rows["value"], yerr=errors, **look)


def embedding(table: pd.DataFrame) -> Picture:
    """Draw outcomes by effort, and below them the paired change over the whole range, as sizes are and at equal size."""
    slopes = table[table["what"] != "level"]
    outcomes, histories = list(dict.fromkeys(slopes["outcome"])), list(dict.fromkeys(table["history"]))
    drawn = Picture(figsize=(12.0, 7.6), layout="constrained")
    axes = drawn.subplots(2, len(outcomes), height_ratios=[3, 2])
    for column, outcome in enumerate(outcomes):
        top, bottom = axes[0, column], axes[1, column]
        for k, history in enumerate(histories):
            own = table[(table["history"] == history) & (table["outcome"] == outcome)]
            level = own[own["what"] == "level"]
            # A hair apart, so that intervals do not hide one another.
            _bars(top, level, level["effort"] + 0.006 * (k - 1), OKABE_ITO[k], f"{_MARKS[k]}-", label=history)
            for j, (what, fill) in enumerate((("slope", "white"), ("slope at equal size", OKABE_ITO[k]))):
                _bars(bottom, own[own["what"] == what], [k + 0.18 * (2 * j - 1)], OKABE_ITO[k], _MARKS[k], horizontal=True, mfc=fill)
        top.set_title(_WORDS[outcome], fontsize=10.5)
        top.set_xlabel("effort put into ties (0 to 1)")
        top.set_ylim(bottom=0.0)
        bottom.axvline(0.0, color=INK, lw=0.9)
        bottom.set_yticks(range(len(histories)), histories if column == 0 else [])
        bottom.set_ylim(len(histories) - 0.5, -0.5)
        bottom.set_xlabel("paired change, least effort to most")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    handles += [mpl.lines.Line2D([], [], color=SOFT, marker="o", ls="", mfc=fill) for fill in ("white", SOFT)]
    labels += ["as sizes are", "at equal size"]
    drawn.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    drawn.suptitle("What embedding does to fragmentation and survival (95 % intervals)", x=0.01, ha="left", fontweight="bold")
    return drawn


def channels(table: pd.DataFrame) -> Picture:
    """Draw each channel's share of what ties do, and what all do together; a panel for each history and outcome."""
    shares = table[table["what"] != "level"]
    outcomes, histories = list(dict.fromkeys(table["outcome"])), list(dict.fromkeys(table["history"]))
    names = [*dict.fromkeys(shares[shares["what"] == "share"]["channel"]), "all"]
    drawn = Picture(figsize=(12.0, 2.2 + 1.75 * len(histories)), layout="constrained")
    axes = drawn.subplots(len(histories), len(outcomes), squeeze=False)
    for row, history in enumerate(histories):
        for column, outcome in enumerate(outcomes):
            ax = axes[row, column]
            own = table[(table["history"] == history) & (table["outcome"] == outcome)]
            for k, name in enumerate(names):
                here = own[(own["what"] != "level") & (own["channel"] == name)]
                _bars(ax, here, [k], INK if name == "all" else OKABE_ITO[k], "s" if name == "all" else "o", horizontal=True)
            ax.axvline(0.0, color=INK, lw=0.9)
            ax.axhline(len(names) - 1.5, color=GRID, lw=1.0)
            ax.set_yticks(range(len(names)), [*names[:-1], "together"] if column == 0 else [])
            ax.set_ylim(len(names) - 0.5, -0.5)
            levels = own[own["what"] == "level"].set_index("channel")["value"]
            none, whole = levels["none"], levels.iloc[-1]
            ax.set_title(f"{history}: {none:.3g} all shut, {whole:.3g} all open", fontsize=9.5, fontweight="normal")
            if row == len(histories) - 1:
                ax.set_xlabel(f"added to: {_WORDS[outcome]}")
    drawn.suptitle(
        "Through which channel ties work: Shapley shares over all combinations (paired, 95 % intervals)", x=0.01, ha="left", fontweight="bold"
    )
    return drawn


def contingency(table: pd.DataFrame) -> Picture:
    """Draw how often a fate turns without each event, beside how often it turns when the event comes a month later, and by chance."""
    fates = list(dict.fromkeys(table["fate"]))
    events = table[table["what"] == "removed"].drop_duplicates("number")
    drawn = Picture(figsize=(14.0, 1.9 + 0.29 * len(events)), layout="constrained")
    axes = drawn.subplots(1, len(fates), sharey=True, sharex=True)
    rows = np.arange(len(events))
    for ax, fate in zip(axes, fates, strict=True):
        own = table[table["fate"] == fate]
        chance = own[own["what"] == "chance"].iloc[0]
        ax.axvspan(chance["low"], chance["high"], color=GRID, lw=0, zorder=0)
        ax.axvline(chance["value"], color=SOFT, lw=1.4, zorder=1)
        for what, shift, color, mark in (("moved", 0.18, SOFT, "o"), ("removed", -0.12, OKABE_ITO[0], "D")):
            here = own[own["what"] == what].sort_values("number")
            _bars(ax, here, rows + shift, color, mark, horizontal=True, ms=4.0, lw=1.2, capsize=0, mfc="white" if what == "moved" else color)
        had = own[own["what"] == "fate"].iloc[0]["value"]
        ax.set_title(f"{textwrap.fill(fate, 20)}\n({had:.0%} of histories)", fontsize=10)
        ax.set_xlim(left=0.0)
        ax.set_xlabel("share of histories turned")
    axes[0].set_yticks(
        rows, [f"{date}  {textwrap.shorten(label, 38, placeholder=' …')}" for date, label in zip(events["date"], events["label"], strict=True)]
    )
    axes[0].set_ylim(len(events) - 0.4, -0.6)
    handles = [
        mpl.lines.Line2D([], [], color=OKABE_ITO[0], marker="D", label="event removed"),
        mpl.lines.Line2D([], [], color=SOFT, marker="o", mfc="white", label="event a month later"),
        mpl.lines.Line2D([], [], color=SOFT, lw=1.4, label="two unrelated histories differ so often (band: 95 %)"),
    ]
    drawn.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    drawn.suptitle("How often one event turns the fate of the lineage (paired, 95 % intervals)", x=0.01, ha="left", fontweight="bold")
    return drawn


def causes(table: pd.DataFrame) -> Picture:
    """Draw which splits are gone without which cause, and beside it the removal of the recorded cause against all others."""
    drawn = Picture(figsize=(13.0, 6.4), layout="constrained")
    left, right = drawn.subplots(1, 2, width_ratios=[3, 2])
    parent = table[table["same"] == "parent"]
    gone = parent[parent["what"] == "gone"]
    arms = list(dict.fromkeys(gone["removed"]))
    recorded = [cause for cause in dict.fromkeys(gone["cause"])]
    cells = gone.pivot(index="cause", columns="removed", values="value").loc[recorded, arms].to_numpy()
    image = left.imshow(100.0 * cells, cmap="cividis", vmin=0.0, vmax=100.0, aspect="auto")
    for row, cause in enumerate(recorded):
        for column, arm in enumerate(arms):
            own = cause == arm
            left.text(
                column, row, f"{100.0 * cells[row, column]:.0f}", ha="center", va="center", fontsize=9,
                color=INK if cells[row, column] > 0.55 else "white", fontweight="bold" if own else "normal",
            )  # fmt: skip
            if own:
                left.add_patch(mpl.patches.Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fill=False, ec=OKABE_ITO[1], lw=2.5))
    counts = gone.drop_duplicates("cause").set_index("cause")["splits"]
    left.set_xticks(range(len(arms)), arms, rotation=40, ha="right")
    left.set_yticks(range(len(recorded)), [f"{cause} ({counts[cause]})" for cause in recorded])
    left.set_xlabel("taken out of the world a year before")
    left.set_ylabel("largest recorded cause (number of splits)")
    left.set_title("Splits that are gone (%)")
    drawn.colorbar(image, ax=left, label="splits gone (%)", shrink=0.8)
    for j, same in enumerate(("parent", "emir")):
        own = table[(table["what"] == "own less placebo") & (table["same"] == same)].set_index("cause").loc[recorded]
        fill = OKABE_ITO[j]
        _bars(right, own, np.arange(len(recorded)) + 0.16 * (2 * j - 1), fill, _MARKS[j], horizontal=True, label=f"same {same}")
    right.axvline(0.0, color=INK, lw=0.9)
    right.set_yticks(range(len(recorded)), recorded)
    right.set_ylim(len(recorded) - 0.5, -0.5)
    right.set_xlabel("gone without its own cause,\nless gone without another\n(share of splits, paired, 95 % interval)")
    right.set_title("Is it the cause, or any disturbance?")
    drawn.legend(
        *right.get_legend_handles_labels(),
        loc="outside lower right",
        ncols=2,
        frameon=False,
        title="the split is gone if nobody leaves any more who is of the",
    )
    drawn.suptitle("Causes of splits, validated by deleting them", x=0.01, ha="left", fontweight="bold")
    return drawn


def decapitation(table: pd.DataFrame) -> Picture:
    """Draw what killing a leader changes, by age and size of the group, a panel for each reading."""
    readings = list(dict.fromkeys(table["what"]))
    cells = table[table["size"] != "contrast"]
    ages, sizes = list(dict.fromkeys(cells["age"])), list(dict.fromkeys(cells["size"]))
    drawn = Picture(figsize=(13.0, 5.8), layout="constrained")
    axes = drawn.subplots(1, len(readings))
    for ax, what in zip(axes, readings, strict=True):
        for k, size in enumerate(sizes):
            own = cells[(cells["what"] == what) & (cells["size"] == size)].set_index("age")
            own = own.loc[[age for age in ages if age in own.index]]
            x = np.array([ages.index(age) for age in own.index]) + 0.13 * (k - (len(sizes) - 1) / 2)
            color = INK if size == "all" else OKABE_ITO[k - 1]
            _bars(
                ax,
                own,
                x,
                color,
                "*" if size == "all" else _MARKS[k - 1],
                label="all sizes" if size == "all" else size,
                ms=9 if size == "all" else 5.5,
            )
        ax.axhline(0.0, color=INK, lw=0.9)
        ax.axvline(0.5, color=GRID, lw=1.0)
        ax.set_xticks(range(len(ages)), [textwrap.fill(age if age != "all" else "all ages", 9) for age in ages])
        ax.set_ylabel(_WORDS[what])
        ax.set_xlabel("years since the first attack")
        shown = table[(table["what"] == what) & (table["size"] == "contrast")]
        told = "\n".join(f"{row.age}: {row.value:+.3f} [{row.low:+.3f}, {row.high:+.3f}]" for row in shown.itertuples())
        ax.set_title(told, fontsize=8.5, fontweight="normal")
    handles, labels = axes[0].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False, title="people under arms when it happens")
    total = int(cells[(cells["age"] == "all") & (cells["size"] == "all")]["pairs"].max()) if len(cells) else 0
    drawn.suptitle(f"A leader killed against the same leader spared: {total:,} pairs (95 % intervals)", x=0.01, ha="left", fontweight="bold")
    return drawn
