"""The figure of a comparison: for each outcome, how each parameter set differs from the first, with its interval."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.ticker
from matplotlib.figure import Figure

from sim.observe.outcome_words import label_of
from sim.scenario.numbers import span, told
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture
from sim.study.compare import Comparison, Difference


def figure(found: Comparison) -> Figure:
    """Draw a comparison: a panel an outcome, a row a set; filled where the interval leaves zero out."""
    moved = {d.outcome for d in found.differences if d.draws > 1 and (d.difference or d.low or d.high)}
    names = [name for name in found.shares if name in moved] or list(found.shares)
    idle = [name for name in found.shares if name not in names]
    sets = found.labels[1:]
    columns = 2 if len(names) > 1 else 1
    rows = -(-len(names) // columns)
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(5.2 * columns + 1.2, (0.85 + 0.32 * len(sets)) * rows + 0.8), layout="constrained")
        panels = drawn.subplots(rows, columns, squeeze=False)
        for k, name in enumerate(names):
            mine = [d for d in found.differences if d.outcome == name]
            ax = panels[k // columns][k % columns]
            for row, d in enumerate(mine):
                color = OKABE_ITO[row % len(OKABE_ITO)]
                apart = d.low > 0.0 or d.high < 0.0
                ax.plot([d.low, d.high], [row, row], color=color, lw=2.4, solid_capstyle="butt")
                ax.plot([d.difference], [row], "o", ms=7, color=color, mfc=color if apart else "white", mew=1.8)
            ax.axvline(0.0, color=INK, lw=0.9, zorder=0)
            ax.set_yticks(range(len(sets)), sets if k % columns == 0 else [""] * len(sets))
            ax.set_ylim(len(sets) - 0.4, -0.6)
            ax.grid(axis="x", color=GRID, lw=0.7)
            ax.set_axisbelow(True)
            ax.margins(x=0.12)
            ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5))
            ax.set_title(label_of(name))
            unit = "" if mine[0].unit == "1" else f" ({mine[0].unit})"
            ax.set_xlabel(f"difference{unit}; first: {told(mine[0].first_mean)}", color=SOFT, fontsize=9)
        for k in range(len(names), rows * columns):
            panels[k // columns][k % columns].set_axis_off()
        counts = list(dict.fromkeys(_over(d) for d in found.differences))
        same = f"\nno difference at all in {', '.join(label_of(name) for name in idle)}" if idle else ""
        drawn.suptitle(f"Against {found.labels[0]}: paired differences over {counts[0]}, 95 % intervals (filled: not 0){same}", fontsize=10.5)
    return drawn


def write(found: Comparison, folder: Path) -> list[Path]:
    """Write a comparison as a figure (PNG, SVG) and the table behind it (CSV) into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = figure(found)
    paths = [folder / "compare.png", folder / "compare.svg", folder / "compare.csv"]
    with mpl.rc_context(STYLE):
        drawn.savefig(paths[0])
        drawn.savefig(paths[1], metadata={"Date": None})
    found.to_pandas().to_csv(paths[2], index=False)
    return paths


def text(found: Comparison) -> str:
    """Return a comparison as text: a block an outcome."""
    width = max(24, *(len(label) + 2 for label in found.labels))
    lines = []
    for name, share in found.shares.items():
        mine = [d for d in found.differences if d.outcome == name]
        made_of = "never varies"
        if share is not None:
            made_of = f"variance from parameters {share[0]:.0%} [{share[1]:.0%}, {share[2]:.0%}], from chance {1 - share[0]:.0%}"
        unit = "" if mine[0].unit == "1" else f" ({mine[0].unit})"
        lines += ["", f"{name}{unit}: {made_of}", f"  {found.labels[0]:<{width}}{told(mine[0].first_mean):>10}"]
        lines += [f"  {d.second:<{width}}{told(d.second_mean):>10}   {_told(d)}" for d in mine]
    return "\n".join(lines[1:])


def _told(d: Difference) -> str:
    removed = "" if d.removed is None else f"; pairing took away {d.removed:.0%} of the noise"
    if d.first_happens < 1.0 or d.second_happens < 1.0:
        removed += f"; it happens in {d.first_happens:.1%} of runs, and here in {d.second_happens:.1%}"
    if d.draws < 2:
        return f"too few pairs in which it happens to both{removed}"
    scale = max(abs(d.first_mean), abs(d.second_mean))
    return f"difference {told(d.difference, scale, sign=True)} {span(d.low, d.high, scale, sign=True)} over {_over(d)}{removed}"


def _over(d: Difference) -> str:
    return f"{d.pairs:,} pairs" if d.pairs == d.draws else f"{d.pairs:,} pairs of {d.draws:,} replicates"
