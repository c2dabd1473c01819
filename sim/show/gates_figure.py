"""The gates as text, as a figure and as a table: every number with its interval, what was wanted of it and whether it came out so."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

from sim.evidence.gates.gate import Gate, Number, numbers_of
from sim.scenario.numbers import estimate
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

_LOOKS = {"met": (OKABE_ITO[0], "o"), "missed": (OKABE_ITO[1], "D"), "reported": (SOFT, "s")}
_MARK = {True: "met", False: "missed", None: ""}


def text(gates: Sequence[Gate]) -> str:
    """Return gates as text: verdict and what decided it, then every number, tables last."""
    lines: list[str] = []
    for gate in gates:
        lines += [f"{gate.id:<4}{gate.verdict.upper():<10}{gate.says}", f"              {gate.found}"]
        lines += [_line(n) for n in gate.numbers if not n.at]
        lines += _tables([n for n in gate.numbers if n.at])
        lines.append("")
    counts = ", ".join(f"{sum(g.verdict == v for g in gates)} {v}" for v in _LOOKS)
    return "\n".join([*lines, f"{len(gates)} gates: {counts}"])


def _line(n: Number) -> str:
    wanted = f"; wanted {n.wanted}" if n.wanted else ""
    return f"      {_MARK[n.met]:<8}{n.words}: {estimate(n.value, n.low, n.high)}{wanted}"


def _tables(numbers: Sequence[Number]) -> list[str]:
    """Return the numbers that came out contrary with their intervals, and below them all in tables, ``*`` where an interval leaves zero out."""
    contrary = [n for n in numbers if n.met is False and n.is_off_zero]
    lines = ["      off zero, and not as wanted:", *(_line(n) for n in contrary)] if contrary else []
    by = {n.at: n for n in numbers}
    tables, rows, columns = (list(dict.fromkeys(n.at[k] for n in numbers)) for k in range(3))
    for table in tables:
        lines += ["", f"      {table:<32}" + "".join(f"{name:>20}" for name in columns)]
        for row in rows:
            cells = ((by[table, row, column].value, "*" if by[table, row, column].is_off_zero else " ") for column in columns)
            lines.append(f"      {row:<32}" + "".join(f"{value:+19.2f}{mark}" for value, mark in cells))
    return lines


_AXES = {"G2": "share of histories", "G5": "share of histories", "G7": "share of groups, or hazard a year"}
"""What the numbers of a gate are that all have one unit."""
_OWN = "each row over the most that its interval reaches; in its own unit at the right"


def _reach(n: Number) -> float:
    return max(abs(x) for x in (n.low, n.high, *(n.between or ()))) or 1.0


def figure(gates: Sequence[Gate]) -> Picture:
    """Draw the gates: a row a number of which something was wanted, with its interval and, at the right, in figures.

    Where the numbers of a gate have one unit they share a scale; else each row has its own, and only which side of nothing it lies on compares.
    """
    shown = [g for g in gates if any(n.met is not None and not n.at for n in g.numbers)]
    rows = {g.id: [n for n in g.numbers if n.met is not None and not n.at] for g in shown}
    heights = [max(1, len(r)) for r in rows.values()] or [1]
    with mpl.rc_context({**STYLE, "font.size": 8.0}):
        drawn = Picture(figsize=(11.0, 1.2 + 0.27 * sum(heights) + 0.95 * len(heights)), layout="constrained")
        axes = drawn.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, gate in zip(axes, shown, strict=False):
            for row, n in enumerate(rows[gate.id]):
                color, mark = _LOOKS[_MARK[n.met]]
                unit = 1.0 if gate.id in _AXES else _reach(n)
                if n.between is not None:
                    ax.fill_betweenx([row - 0.4, row + 0.4], *(x / unit for x in n.between), color=GRID, lw=0, zorder=0)
                ax.plot([n.low / unit, n.high / unit], [row, row], color=color, lw=2, solid_capstyle="butt")
                ax.plot([n.value / unit], [row], mark, color=color, ms=4)
                label = estimate(n.value, n.low, n.high, digits=3)
                ax.annotate(label, (1.0, row), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center", color=color)
            names = [textwrap.fill(n.words, 62) for n in rows[gate.id]]
            ax.set_yticks(range(len(names)), names)
            ax.set_xlabel(_AXES.get(gate.id, _OWN))
            ax.set_ylim(len(names) - 0.4, -0.6)
            ax.axvline(0.0, color=INK, lw=0.7, zorder=0)
            ax.set_title(textwrap.fill(f"{gate.id}  {gate.verdict}: {gate.says}", 64), fontsize=8.5)
        if not shown:
            axes[0].set_axis_off()
    return drawn


def write(gates: Sequence[Gate], folder: Path) -> list[Path]:
    """Write gates as a table (CSV), a figure (PNG, SVG) and text into a folder, made if need be."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"gates.{form}" for form in ("csv", "txt", "png", "svg")]
    pd.DataFrame(numbers_of(gates)).to_csv(paths[0], index=False)
    paths[1].write_text(text(gates) + "\n", encoding="utf-8")
    drawn = figure(gates)
    with mpl.rc_context({**STYLE, "font.size": 8.0}):
        drawn.savefig(paths[2])
        drawn.savefig(paths[3], metadata={"Date": None})
    return paths
