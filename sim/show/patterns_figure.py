"""The battery of claims as a figure, as text and as the table of docs/FINDINGS.md."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from sim.evidence.patterns import Pattern, to_pandas
from sim.scenario.numbers import estimate
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

_LOOKS = {"shown": (OKABE_ITO[0], "o", "shown"), "not shown": (SOFT, "s", "not shown"), "contrary": (OKABE_ITO[1], "D", "contrary")}
_SPAN = (-3.0, 30.0)
"""Standard deviations shown; what lies beyond is drawn at the edge."""


def figure(patterns: Sequence[Pattern]) -> Picture:
    """Draw the battery: a row a contrast, its effect in the predicted direction in standard deviations of the outcome, with its interval."""
    rows = [(p, e) for p in patterns for e in p.effects]
    with mpl.rc_context({**STYLE, "font.size": 8.5}):
        drawn = Picture(figsize=(10.0, 1.3 + 0.23 * len(rows)), layout="constrained")
        ax = drawn.subplots()
        for row, (p, e) in enumerate(rows):
            color, mark, _ = _LOOKS[e.verdict]
            scale = e.scale if e.scale > 0.0 else max(abs(e.effect), 1e-12)
            low, middle, high = np.clip(sorted(e.sign * x / scale for x in (e.low, e.effect, e.high)), *_SPAN)
            # Large effects are pressed together, so that small ones can be told from nothing.
            ax.plot([low, high], [row, row], color=color, lw=2, solid_capstyle="butt")
            ax.plot([middle], [row], mark, color=color, ms=4.5)
            if p.effects[0] is e:
                ax.axhline(row - 0.5, color=GRID, lw=0.7, zorder=0)
        ax.axvline(0.0, color=INK, lw=0.9, zorder=0)
        ax.set_xscale("symlog", linthresh=0.5, linscale=1.0)
        ticks = [-1, -0.5, -0.2, 0, 0.2, 0.5, 1, 4, 16]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.set_xticks([], minor=True)
        names = [(f"{p.claim.id}  " if p.effects[0] is e else "") + textwrap.shorten(e.words, 88, placeholder=" …") for p, e in rows]
        ax.set_yticks(range(len(rows)), names)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(_SPAN)
        ax.set_xlabel("effect in the predicted direction\n(standard deviations of the outcome over replicates;\nlogarithmic beyond ± 0.5)")
        counts = {v: sum(p.verdict == v for p in patterns) for v in _LOOKS}
        handles = [
            mpl.lines.Line2D([], [], color=c, marker=m, ls="-", lw=2, label=f"{name} ({counts[v]} claims)") for v, (c, m, name) in _LOOKS.items()
        ]
        drawn.legend(
            handles=handles, loc="outside upper left", ncols=3, frameon=False, title="Claims put to the test, with 95 % intervals", alignment="left"
        )
    return drawn


def write(patterns: Sequence[Pattern], folder: Path) -> list[Path]:
    """Write the battery as a figure (PNG, SVG) and a table (CSV) into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "patterns.csv", folder / "patterns.png", folder / "patterns.svg"]
    to_pandas(patterns).to_csv(paths[0], index=False)
    drawn = figure(patterns)
    with mpl.rc_context({**STYLE, "font.size": 8.5}):
        drawn.savefig(paths[1])
        drawn.savefig(paths[2], metadata={"Date": None})
    return paths


def text(patterns: Sequence[Pattern]) -> str:
    """Return the battery as text: a block a claim."""
    lines = []
    for p in patterns:
        lines += ["", f"{p.claim.id:<4}{p.verdict.upper():<11}{p.claim.says}  ({p.claim.source}; written {p.claim.written})"]
        for e in p.effects:
            sign = "+" if e.sign > 0 else "-"
            lines.append(f"      {e.verdict:<11}{e.words}: predicted {sign}, {estimate(e.effect, e.low, e.high, sign=True)}")
    counts = ", ".join(f"{sum(p.verdict == v for p in patterns)} {v}" for v in _LOOKS)
    return "\n".join([*lines[1:], "", f"{len(patterns)} claims: {counts}"])
