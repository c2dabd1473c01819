"""Figures of a posterior: each parameter beside its prior, and each statistic as prior and posterior predict it."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd

from sim.evidence.calibration import Calibration
from sim.evidence.forests import BINS
from sim.evidence.inference import LEAST_EXPLAINED, Inferred
from sim.scenario.numbers import apart
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

COLUMNS = 6
BARS = 32
"""Bars of a posterior; a whole number of the parts that a forest keeps go into each."""
MOST_SHOWN = 28


def posterior_figure(calibration: Calibration, inferred: Inferred) -> Picture:
    """Draw the posterior of each parameter on its prior's range: by forest (bars), by regression (line), and the prior (dashed).

    What the statistics say nothing of is drawn pale.
    """
    d = len(calibration.factors)
    columns = min(d, COLUMNS)
    rows = -(-d // columns)
    with mpl.rc_context({**STYLE, "font.size": 9}):
        drawn = Picture(figsize=(2.17 * columns, 1.75 * rows + 0.7), layout="constrained")
        axes = drawn.subplots(rows, columns, squeeze=False)
        edges = np.linspace(0.0, 1.0, BARS + 1)
        for k, f in enumerate(calibration.factors):
            ax = axes[k // columns][k % columns]
            found = inferred.marginals[k]
            told = found.explained >= LEAST_EXPLAINED
            forest = found.observed.reshape(BARS, BINS // BARS).sum(axis=1)
            by_regression = np.histogram(inferred.draws.units[:, k], bins=edges, weights=inferred.draws.weights)[0]
            ax.stairs(BARS * forest / max(forest.sum(), 1e-12), edges, fill=True, color=OKABE_ITO[5], alpha=0.9 if told else 0.35)
            ax.stairs(BARS * by_regression, edges, color=OKABE_ITO[1], lw=1.4, alpha=1.0 if told else 0.5)
            ax.axhline(1.0, color=INK, lw=1.0, ls="--")
            ax.set_xlim(0.0, 1.0)
            places = np.array([0.0, 0.5, 1.0])
            ax.set_xticks(places, apart(f.coded(places).tolist()))
            for label, side in zip(ax.get_xticklabels(), ("left", "center", "right"), strict=True):
                label.set_horizontalalignment(side)
            ax.set_title(f.name + (" (log)" if f.logarithmic else ""), fontsize=9.5, color=INK if told else SOFT)
            ax.set_yticks([])
        for k in range(d, rows * columns):
            axes[k // columns][k % columns].set_axis_off()
        words = "blue: by forest, orange: by regression, dashed: prior; pale: the statistics do not tell"
        drawn.suptitle(f"{calibration.spec.title or calibration.spec.name} — {words}", fontsize=10.5, x=0.01, ha="left")
    return drawn


def statistics_figure(calibration: Calibration, checks: pd.DataFrame) -> Picture:
    """Draw what prior and posterior predict of each statistic, with what was observed: 0 and 1 are the ends of the prior's 90 %."""
    shown = checks.head(MOST_SHOWN)
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(10.5, 0.36 * len(shown) + 1.5), layout="constrained")
        ax = drawn.subplots()
        for y, r in enumerate(shown.to_dict("records")):
            ends = np.array([r["prior_q05"], r["prior_q95"], r["posterior_q05"], r["posterior_q95"], r["observed"]])
            # Where the prior is certain, the posterior's and the observed's distance from it are shown in their own unit.
            span = ends[1] - ends[0] or max(float(np.ptp(ends)), 1.0)
            low = ends[0]
            before, after, seen = (ends[:2] - low) / span, (ends[2:4] - low) / span, (ends[4] - low) / span
            ax.plot(before, [y - 0.14] * 2, color=SOFT, lw=2.2, solid_capstyle="butt")
            ax.plot((r["prior_q50"] - low) / span, y - 0.14, "|", color=SOFT, ms=8)
            ax.plot(after, [y + 0.14] * 2, color=OKABE_ITO[0], lw=4, solid_capstyle="butt")
            ax.plot((r["posterior_q50"] - low) / span, y + 0.14, "|", color=INK, ms=8)
            ax.plot(seen, y, "D", color=OKABE_ITO[1], ms=6, zorder=3)
        ax.set_yticks(range(len(shown)), shown["fact"].tolist())
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_xlabel("place in the prior predictive's 90 %")
        ax.tick_params(axis="y", colors=INK, labelsize=9.5)
        ax.grid(axis="x", color=GRID, lw=0.7)
        ax.set_axisbelow(True)
        handles = [
            mpl.lines.Line2D([], [], color=SOFT, lw=2.2, label="prior predictive, 90 %"),
            mpl.lines.Line2D([], [], color=OKABE_ITO[0], lw=4, label="posterior predictive, 90 %"),
            mpl.lines.Line2D([], [], color=OKABE_ITO[1], marker="D", ls="", label="observed"),
        ]
        drawn.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False)
    return drawn
