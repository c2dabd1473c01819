"""Figures of how far an inference can be trusted: ranks of what was planted, which statistics carry what, and which rulebooks can be told apart."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd

from sim.evidence.calibration import Calibration
from sim.evidence.inference import FOREST, READERS, Inferred
from sim.evidence.ranks import PARTS, band
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

COLUMNS = 6
_COLOURS = {FOREST: OKABE_ITO[5], READERS[0]: OKABE_ITO[1]}


def ranks_figure(calibration: Calibration, inferred: Inferred) -> Picture:
    """Draw histograms of the planted values' ranks, with the band that uniform ranks keep to, all bars at once, in 95 of 100 cases."""
    d, n = len(calibration.factors), len(inferred.ranks[FOREST])
    columns, expected = min(d, COLUMNS), n / PARTS
    rows = -(-d // columns)
    bars_band = band(n, False, inferred.taught)
    edges = np.linspace(0.0, 1.0, PARTS + 1)
    with mpl.rc_context({**STYLE, "font.size": 9}):
        drawn = Picture(figsize=(2.17 * columns, 1.6 * rows + 0.8), layout="constrained")
        axes = drawn.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
        for k, f in enumerate(calibration.factors):
            ax = axes[k // columns][k % columns]
            ax.fill_between([0.0, 1.0], bars_band.low[0] / expected, bars_band.high[0] / expected, color=GRID, lw=0)
            bad = []
            for reader in READERS:
                found = inferred.calibrated(reader, k)
                ax.stairs(found.bars / expected, edges, color=_COLOURS[reader], lw=1.5, label=reader)
                bad += [reader] if found.outside else []
            ax.axhline(1.0, color=INK, lw=0.8, ls="--")
            ax.set_title(f"{f.name} ({', '.join(name[0] for name in bad)})" if bad else f.name, fontsize=9, color=OKABE_ITO[1] if bad else INK)
            ax.set_xlim(0.0, 1.0)
        top = max(2.0, axes[0][0].get_ylim()[1])
        axes[0][0].set_ylim(0.0, top)
        for k in range(d, rows * columns):
            axes[k // columns][k % columns].set_axis_off()
        handles = [mpl.lines.Line2D([], [], color=_COLOURS[reader], lw=1.5, label=f"by {reader}") for reader in READERS]
        words = (
            f"Ranks of {n:,} planted values over what uniform ranks give; grey: 95 % band of all bars at once; (r), (f): by this reader not uniform"
        )
        drawn.legend(handles=handles, loc="outside upper right", ncols=2, frameon=False)
        drawn.suptitle(words, fontsize=10.5, x=0.01, ha="left")
    return drawn


def importances_figure(importances: pd.DataFrame) -> Picture:
    """Draw which statistics carry each parameter: the share of its variance that is lost where a statistic is shuffled."""
    names, facts = importances["parameter"].tolist(), [c for c in importances.columns if c != "parameter"]
    values = importances[facts].to_numpy()
    most = max(0.05, float(values.max()))
    with mpl.rc_context({**STYLE, "font.size": 9}):
        drawn = Picture(figsize=(0.42 * len(facts) + 3.6, 0.26 * len(names) + 3.8), layout="constrained")
        ax = drawn.subplots()
        image = ax.imshow(np.maximum(values, 0.0), cmap="Blues", vmin=0.0, vmax=most, aspect="auto")
        for i, j in zip(*np.nonzero(values >= 0.02), strict=True):
            ax.text(j, i, f"{100 * values[i, j]:.0f}", ha="center", va="center", fontsize=8, color="white" if values[i, j] > 0.6 * most else INK)
        ax.set_yticks(range(len(names)), names)
        ax.set_xticks(range(len(facts)), facts, rotation=55, ha="right", rotation_mode="anchor")
        ax.tick_params(colors=INK, length=0)
        ax.spines[:].set_visible(False)
        drawn.colorbar(image, ax=ax, shrink=0.6, label="share of variance lost (numbers: per cent, from 2)")
    return drawn


def rulebooks_figure(table: pd.DataFrame) -> Picture:
    """Draw which rulebook the observed history comes from, and how well rulebooks can be told apart at all."""
    names = table["rulebook"].tolist()
    shares = table[[f"taken for {name}" for name in names]].to_numpy()
    shown = [name if k == 0 else f"without {name}" for k, name in enumerate(names)]
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(12.5, 0.5 * len(names) + 2.6), layout="constrained")
        left, right = drawn.subplots(1, 2, width_ratios=(1.0, 1.5))
        y = np.arange(len(names))
        left.barh(y - 0.18, table["probability"], height=0.34, color=OKABE_ITO[0], label="probability")
        left.barh(y + 0.18, table["votes"], height=0.34, color=OKABE_ITO[5], label="votes")
        left.axvline(1.0 / len(names), color=INK, lw=1.0, ls="--")
        left.set_yticks(y, shown)
        left.invert_yaxis()
        left.set_title("The observed history")
        left.legend(frameon=False, loc="best")
        right.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
        for i in range(len(names)):
            for j in range(len(names)):
                right.text(j, i, f"{100 * shares[i, j]:.0f}", ha="center", va="center", fontsize=9, color="white" if shares[i, j] > 0.6 else INK)
        right.set_xticks(y, shown, rotation=35, ha="right", rotation_mode="anchor")
        right.set_yticks(y, [""] * len(names))
        right.tick_params(colors=SOFT, length=0)
        right.spines[:].set_visible(False)
        right.set_title("Per cent of each rulebook's own histories taken for …")
    return drawn
