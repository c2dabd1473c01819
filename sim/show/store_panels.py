"""What the figures of a store share: how they look in print and on a projector, which runs they show in which groups, and how panels are laid out."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from sim.observe.outcome_words import in_full
from sim.scenario.errors import listed, nearest
from sim.scenario.numbers import exact
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture
from sim.study.replay import cells
from sim.study.result import ARM, SweepResult
from sim.study.store import StoreError
from sim.study.work import width as interval_width
from sim.world.outcomes import described

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PRINT: Any = {
    **STYLE,
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.linewidth": 0.8,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "figure.figsize": (7.0, 4.2),
    "figure.titlesize": 10.5,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.0,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
}
PROJECTOR: Any = {
    **PRINT,
    "font.size": 18,
    "axes.titlesize": 18,
    "axes.linewidth": 1.6,
    "figure.constrained_layout.h_pad": 0.12,
    "figure.constrained_layout.w_pad": 0.12,
    "figure.figsize": (13.33, 7.5),
    "figure.titlesize": 21,
    "lines.linewidth": 3.0,
    "lines.markersize": 9.0,
    "xtick.major.width": 1.6,
    "ytick.major.width": 1.6,
    "xtick.major.size": 6,
    "ytick.major.size": 6,
    "savefig.dpi": 144,
}
STYLES: dict[str, Any] = {"print": PRINT, "projector": PROJECTOR}
"""Matplotlib settings by style: the width of a page, whose height follows from what is shown, or a slide, whose height is given."""

MOST_GROUPS = 9
DASHES = ("-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
"""Lines differ in their dashes too, for prints in grey."""

_ABSENT = {"policy": "own policies", "without": "all on"}


@dataclass(frozen=True)
class Group:
    """Runs that are shown together.

    Attributes:
        name: Level of the column they are grouped by, in words.
        label: The same with the column's name.
        level: The level itself; None where the scenario's own value is left.
        runs: The runs: a row each, in the order of the store.
    """

    name: str
    label: str
    level: Any
    runs: pd.DataFrame


@dataclass(frozen=True)
class Chosen:
    """The runs of a store that a figure shows.

    Attributes:
        result: The sweep.
        frame: A row a run, with its cell.
        notes: What whoever looks at the figure must know about them.
    """

    result: SweepResult
    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """What the study is called."""
        return str(self.result.manifest["title"] or self.result.manifest["name"])

    def column_label(self, column: str) -> str:
        """Return what figures call a column."""
        return {"policy": "policies", "without": "mechanism off"}.get(column) or self.result.labels.get(column, column)


def quoted(name: str, allowed: Sequence[str], what: str) -> str:
    """Return the message for a name that is not among those allowed."""
    near = nearest(name, allowed)
    return f"{name!r} is not {what}; allowed are {listed(allowed)}" + (f"; did you mean {near!r}?" if near else "")


def choose(result: SweepResult, outcomes: Sequence[str] = (), where: Mapping[str, str] | None = None) -> Chosen:
    """Return the runs of a store that lie where a user says, with the columns that tell them apart and some outcomes.

    Args:
        result: The sweep.
        outcomes: Outcomes to read.
        where: Levels by column: only runs that have them; several levels of a column stand one after another with commas.

    Raises:
        StoreError: If there is no such outcome, column or level, or no run there.
    """
    for name in outcomes:
        if name not in result.outcomes:
            raise StoreError(f"{result.path}: outcome {quoted(name, result.outcomes, 'among the outcomes kept')}")
    frame = result.to_pandas([*result.factors, *outcomes])
    failed = len(result) - len(frame)
    frame["cell"] = cells(result, frame)
    notes = []
    for column, text in (where or {}).items():
        _varies(result, column, "where")
        found = levels(result, frame, column)
        picked = _levels_named(result, column, text, {level_name(column, level): level for level in found})
        # Levels that differ beyond the digits shown share a name, and go together.
        frame = frame[np.any([at_level(frame, column, level) for level in found if level_name(column, level) in picked], axis=0)]
        notes.append(f"only {result.labels.get(column, column)}: {', '.join(picked)}")
    if not len(frame):
        raise StoreError(f"{result.path}: no run " + ("lies there: " + "; ".join(notes) if where else "came to its end; all failed"))
    if failed:
        notes.append(f"{failed:,} runs failed and are left out")
    if not result.complete:
        least, most = result.manifest["runs"]
        notes.append(f"not complete: {len(result):,} of {'at most ' if least != most else ''}{most:,} runs")
    return Chosen(result, frame, tuple(notes))


def groups(chosen: Chosen, by: str | None) -> tuple[list[Group], str, tuple[str, ...]]:
    """Return runs in groups, one a level of a column.

    In a design that moves one factor at a time, the levels of a factor are set beside the point as written, not beside all that others do.

    Args:
        chosen: The runs.
        by: Column; the first that varies where absent.

    Returns:
        The groups, what the column is called (empty where nothing varies), and notes.

    Raises:
        StoreError: If the column does not vary, or has too many levels.
    """
    result, frame = chosen.result, chosen.frame
    if by is not None:
        _varies(result, by, "by")
    column = by or (result.varying[0] if result.varying else None)
    if column is None:
        return [Group("all runs", result.manifest["arms"][0]["scenario"], None, frame)], "", ()
    notes: tuple[str, ...] = ()
    others = [name for name in result.factors if name != column]
    if column in result.factors and others and base_point(result) is not None:
        frame = frame[frame[others].isna().all(axis=1)]
        notes = ("other factors as written",)
    found = levels(result, frame, column)
    if len(found) > MOST_GROUPS:
        few = [name for name in result.varying if len(levels(result, chosen.frame, name)) <= MOST_GROUPS]
        named = f"; columns with so few are {', '.join(few)}" if few else ""
        raise StoreError(
            f"{result.path}: {column} has {len(found):,} levels, and a figure shows at most {MOST_GROUPS}; choose another column with by, or some of"
            f" the levels with where ({column}: {', '.join(level_name(column, x) for x in found[:2])}, …){named}"
        )
    made = []
    for level in found:
        name = level_name(column, level)
        equals = " = " if isinstance(level, float) else (" " if level is None else ": ")
        label = name if column in ARM else f"{chosen.column_label(column)}{equals}{name}"
        made.append(Group(name, label, level, frame[at_level(frame, column, level)]))
    return made, chosen.column_label(column), notes


def base_point(result: SweepResult) -> int | None:
    """Return the point as written of a design that moves one factor at a time; None for another design."""
    if not result.factors:
        return None
    design = result.design()
    moved = design[result.factors].notna().sum(axis=1).to_numpy()
    still = np.flatnonzero(moved == 0)
    return int(design["point"].iloc[still[0]]) if len(still) == 1 and moved.max() == 1 else None


def levels(result: SweepResult, frame: pd.DataFrame, column: str) -> list[Any]:
    """Return the levels of a column that are there, in order: numbers by size, words as they were listed; None (as written) comes first."""
    values = frame[column]
    if values.dtype.kind == "f":
        found: list[Any] = sorted(float(v) for v in values.dropna().unique())
    else:
        there = set(values.dropna().unique())
        order = [arm[column] for arm in result.manifest["arms"]] if column in ARM else list(values.cat.categories)
        found = [word for word in dict.fromkeys(order) if word in there]
    return ([None] if values.isna().any() else []) + found


def level_name(column: str, level: Any) -> str:
    """Return a level in words."""
    if level is None:
        return "as written"
    if isinstance(level, float):
        return exact(level)
    if not level:
        return _ABSENT.get(column, "none")
    return f"{level} off" if column == "without" else str(level)


def at_level(frame: pd.DataFrame, column: str, level: Any) -> pd.Series:
    """Return which runs are at a level."""
    return frame[column].isna() if level is None else frame[column] == level


def _varies(result: SweepResult, column: str, option: str) -> None:
    if column not in result.varying:
        if not result.varying:
            raise StoreError(f"{result.path}: {option} {column!r}: nothing varies in this store")
        raise StoreError(f"{result.path}: {option} {quoted(column, result.varying, 'a column that varies')}")


def _levels_named(result: SweepResult, column: str, text: str, names: Mapping[str, Any]) -> list[str]:
    """Return the names of the levels that a user wrote: one, or several with commas."""
    if (whole := _named(column, text, names)) is not None:
        return [whole]
    picked = []
    for part in str(text).split(","):
        name = _named(column, part.strip(), names)
        if name is None:
            raise StoreError(f"{result.path}: where {column}: {quoted(part.strip(), list(names), 'a level of it')}")
        picked.append(name)
    return list(dict.fromkeys(picked))


def _named(column: str, text: str, names: Mapping[str, Any]) -> str | None:
    """Return the name of a level that a user wrote in words, as a number, or as the store has it."""
    for name, level in names.items():
        if text == name or (isinstance(level, str) and text == level):
            return name
        try:
            if isinstance(level, float) and level_name(column, float(text)) == name:
                return name
        except ValueError:
            continue
    return None


def unit_of(outcome: str) -> str:
    """Return the unit of the mean of an outcome."""
    unit = described(outcome)[0]
    return {"0/1": "share of runs", "1": "dimensionless"}.get(unit, unit)


def meaning_of(outcome: str) -> tuple[str, ...]:
    """Return a note on what an outcome means."""
    found = in_full(outcome)
    return (f"{outcome}: {found[0].lower()}{found[1:].removesuffix('.')}",) if found else ()


def clustered_mean(values: np.ndarray[Any, Any], replicate: np.ndarray[Any, Any], proportion: bool) -> tuple[float, float]:
    """Return a mean and half the width of its 95 % interval: Student's or, for 0/1, Wilson's; runs of one replicate count as a cluster."""
    from scipy.stats import t

    if not len(values):
        return math.nan, math.nan
    mean = float(values.mean())
    _, number = np.unique(replicate, return_inverse=True)
    count = int(number.max()) + 1
    if len(values) == count:
        return mean, (0.5 * interval_width(values, proportion) if count > 1 else math.nan)
    if count < 2:
        return mean, math.nan
    off = np.bincount(number, values - mean)
    error = math.sqrt(count / (count - 1) * float((off**2).sum())) / len(values)
    if proportion:
        # Wilson's interval of as many independent runs as would have this error, of at least one a cluster.
        n = min(len(values), max(count, round(mean * (1.0 - mean) / error**2))) if error > 0.0 else count
        z = 1.959964
        return mean, z / (1.0 + z * z / n) * math.sqrt(mean * (1.0 - mean) / n + z * z / (4.0 * n * n))
    return mean, float(t.ppf(0.975, count - 1)) * error


def grid_of(count: int) -> tuple[int, int]:
    """Return rows and columns of panels."""
    columns = count if count <= 3 else (2 if count == 4 else 3)
    return math.ceil(count / columns), columns


def blank(height: float) -> Figure:
    """Return an empty figure: as high as wanted (inches) on paper, the whole slide on a projector."""
    width, given = mpl.rcParams["figure.figsize"]
    return Picture(figsize=(width, given if width > 10.0 else min(height, 9.5)), layout="constrained")


def wrapped(text: str, width: float, size: float) -> str:
    """Return text broken into lines of so many inches at a size in points."""
    return "\n".join(textwrap.wrap(text, max(8, int(width * 72 / (0.56 * size)))))


def panel_titles(made: Sequence[Group], figure: Figure, columns: int, width: float | None = None) -> list[str]:
    """Return the titles of panels: with the name of the column where all fit into a line of a panel (or of so many inches), else without."""
    width = width or figure.get_figwidth() / columns - 0.045 * float(mpl.rcParams["font.size"])
    size = 1.06 * float(mpl.rcParams["axes.titlesize"])
    labels = [wrapped(group.label, width, size) for group in made]
    return labels if not any("\n" in label for label in labels) else [wrapped(group.name, width, size) for group in made]


def finish(figure: Figure, title: str, notes: Sequence[str], handles: Sequence[Any] = ()) -> None:
    """Put the title above, with the key beneath it where there is one, and notes at the foot; lay the figure out.

    Args:
        figure: The figure.
        title: Its title.
        notes: What whoever looks at it must know; empty ones are passed over.
        handles: What the key shows.
    """
    width = figure.get_figwidth() - 0.3
    base, large = float(mpl.rcParams["font.size"]), float(mpl.rcParams["figure.titlesize"])
    head = wrapped(title, width, 1.1 * large)
    if handles:
        wide = [(0.56 * len(handle.get_label()) + 4.2) * base / 72.0 for handle in handles]
        columns = len(handles) if sum(wide) < width else int(max(1.0, width // max(wide)))
        # A title of its own would lie over the key: both would be put at the top.
        key = figure.legend(
            handles=handles, loc="outside upper left", ncols=columns, frameon=False, title=head, alignment="left",
            title_fontproperties={"weight": "bold", "size": large}, handlelength=2.0, columnspacing=1.2, borderpad=0.1,
        )  # fmt: skip
        key.get_title().set_multialignment("left")
    else:
        figure.suptitle(head, x=0.01, ha="left", fontweight="bold")
    told = "; ".join(dict.fromkeys(note for note in notes if note))
    if told:
        small = 0.78 * base
        figure.supxlabel(wrapped(f"{told[0].upper()}{told[1:]}.", width, small), x=0.01, ha="left", fontsize=small, color=SOFT)
    # Ticks take their sizes from the settings when they are first drawn, which must be now, while these settings hold.
    figure.draw_without_rendering()


def settle(figure: Figure) -> None:
    """Keep a finished figure as it was laid out: written into a file, it would be laid out again, drawn for that alone, once a format."""
    # What the reader's own settings lay out by themselves would come in here.
    with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)


def side_label(figure: Figure, axes: Any, quantity: str, unit: str) -> None:
    """Name the vertical axis of all panels: beside the first where they stand in one row, whose height would be too little for a line."""
    if len(axes) == 1:
        axes[0][0].set_ylabel(f"{quantity}\n({unit})")
    else:
        figure.supylabel(f"{quantity} ({unit})", fontsize=mpl.rcParams["font.size"])


def plain_grid(ax: Axes, axis: Any = "y") -> None:
    """Draw a quiet grid behind everything."""
    ax.grid(axis=axis, color=GRID, lw=0.5 * float(mpl.rcParams["lines.linewidth"]))
    ax.set_axisbelow(True)


def line_look(k: int) -> dict[str, Any]:
    """Return colour and dashes of the k-th group."""
    return {"color": OKABE_ITO[k % len(OKABE_ITO)], "ls": DASHES[k % len(DASHES)]}


def label_ends(ax: Axes, ends: Sequence[tuple[float, float]], names: Sequence[str]) -> None:
    """Name lines beyond the right edge, each with a leader in its colour, pushed apart where they would overlap.

    Args:
        ax: Axes with their final limits, of a figure that is laid out.
        ends: Where each line ends, in the axes' units.
        names: Their names.
    """
    from scipy.optimize import isotonic_regression

    figure: Any = ax.figure
    size, thin = float(mpl.rcParams["font.size"]), 0.6 * float(mpl.rcParams["lines.linewidth"])
    gap = 1.25 * size / (ax.get_window_extent().height * 72.0 / figure.dpi)
    true = [tuple(ax.transLimits.transform(end)) for end in ends]
    # The nearest places that leave a gap between names: least squares under an order, then within the axes.
    order = sorted(range(len(true)), key=lambda k: (true[k][1], -k))
    steps = gap * np.arange(len(order))
    fitted = isotonic_regression(np.array([true[k][1] for k in order]) - steps).x
    placed = dict(zip(order, (np.clip(fitted, 0.0, max(0.0, 1.0 - steps[-1])) + steps).tolist(), strict=True))
    for k, name in enumerate(names):
        (x, y), color = true[k], line_look(k)["color"]
        # Dotted as far as the edge, where a line that ended before it might be read as going on.
        ax.plot([x, 1.0], [y, y], transform=ax.transAxes, clip_on=False, lw=thin, color=SOFT, ls=(0, (1, 3)))
        ax.plot([1.0, 1.03], [y, placed[k]], transform=ax.transAxes, clip_on=False, lw=thin, color=color)
        ax.annotate(
            name, (1.03, placed[k]), xycoords="axes fraction", xytext=(0.3 * size, 0), textcoords="offset points", va="center", color=INK,
            annotation_clip=False,
        )  # fmt: skip
