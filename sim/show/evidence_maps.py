"""Maps of the studies of :mod:`sim.evidence.figures`: where a group dies out, and where force backfires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import TwoSlopeNorm

from sim.show.style import INK, OKABE_ITO, SOFT, Picture

if TYPE_CHECKING:
    import pandas as pd

_Array = np.ndarray[Any, Any]


def extinction(table: pd.DataFrame) -> Picture:
    """Draw survival by effort and force ratio, a panel for each level of recruitment, with R0 = 1; and survival against R0 over all cells."""
    levels = sorted(table["recruitment"].unique())
    drawn = Picture(figsize=(11.0, 8.6), layout="constrained")
    axes = drawn.subplots(2, 2).ravel()
    image = None
    for ax, r in zip(axes, levels, strict=False):
        own = table[table["recruitment"] == r]
        survival, r0 = (own[own["what"] == what].pivot(index="force_ratio", columns="effort", values="value") for what in ("survival", "r0"))
        efforts, ratios = survival.columns.to_numpy(float), survival.index.to_numpy(float)
        image = ax.imshow(survival.to_numpy(), origin="lower", aspect="auto", cmap="cividis", vmin=0.0, vmax=1.0)
        if r0.to_numpy().min() < 1.0 < r0.to_numpy().max():
            ax.contour(r0.to_numpy(), levels=[1.0], colors="white", linewidths=2.4, linestyles="--")
        critical = own[(own["what"] == "critical force ratio") & own["value"].notna()]
        x = np.interp(critical["effort"], efforts, np.arange(len(efforts)))
        # Force ratios stand at equal distances of their logarithm.
        low, y, high = (np.interp(np.log(critical[name]), np.log(ratios), np.arange(len(ratios))) for name in ("low", "value", "high"))
        ax.errorbar(x, y, [y - low, high - y], fmt="o-", color=OKABE_ITO[1], lw=1.8, ms=5, capsize=3, mec="white", mew=0.6)
        ax.set_xticks(range(len(efforts)), [f"{x:g}" for x in efforts])
        ax.set_yticks(range(len(ratios)), [f"{x:,.0f}" if x >= 100.0 else f"{x:.3g}" for x in ratios])
        ax.set_title(f"Recruitment × {r:.2g}")
        ax.set_xlabel("effort put into ties (0 to 1)")
        ax.set_ylabel("force ratio (personnel for each fighter at the start)")
    assert image is not None
    drawn.colorbar(image, ax=list(axes[:3]), location="right", shrink=0.6, label="share of groups that stand after 20 years")
    _collapse(axes[3], table)
    handles = [
        mpl.lines.Line2D([], [], color=OKABE_ITO[1], marker="o", lw=1.8, label="half of the groups stand (95 % interval)"),
        mpl.lines.Line2D([], [], color=SOFT, ls="--", lw=2.4, label="reproduction number R0 = 1 (white in the maps)"),
    ]
    drawn.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    drawn.suptitle("Who dies out: one group, by embedding, force ratio and recruitment", x=0.01, ha="left", fontweight="bold")
    return drawn


def _collapse(ax: Any, table: pd.DataFrame) -> None:
    """Draw survival against the reproduction number, a point a cell, its mark telling recruitment."""
    cells = table[table["what"] == "survival"].merge(table[table["what"] == "r0"], on=["recruitment", "effort", "force_ratio"], suffixes=("", "_r0"))
    for k, (r, own) in enumerate(cells.groupby("recruitment")):
        errors = np.clip([own["value"] - own["low"], own["high"] - own["value"]], 0.0, None)
        ax.errorbar(own["value_r0"], own["value"], errors, fmt="osD^v"[k % 5], color=OKABE_ITO[k], ms=4.5, lw=0.8, alpha=0.85, label=f"× {r:.2g}")
    ax.axvline(1.0, color=SOFT, ls="--", lw=2.0)
    ax.axhline(0.5, color=SOFT, lw=0.7)
    ax.set_xscale("symlog", linthresh=1.0)
    ticks = [x for x in (0, 0.5, 1, 2, 3, 5, 10, 20, 50) if x <= cells["value_r0"].max() * 1.2]
    ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
    ax.set_xticks([], minor=True)
    ax.set_ylim(-0.03, 1.03)
    ax.set_xlabel("reproduction number R0 (mean over months; logarithmic beyond 1)")
    ax.set_ylabel("share of groups that stand after 20 years")
    ax.set_title("Every cell of the three maps")
    ax.legend(title="recruitment", frameon=False, loc="best")


def backfire(table: pd.DataFrame) -> Picture:
    """Draw what twice the force does to recruits, recruits for each fighter, and strength; bold where the interval leaves no change out."""
    readings = list(dict.fromkeys(table["what"]))
    drawn = Picture(figsize=(13.0, 5.4), layout="constrained")
    axes = drawn.subplots(1, len(readings), sharey=True)
    most = float(np.nanquantile(np.abs(table["value"]), 0.98)) or 1.0
    image = None
    for ax, what in zip(axes, readings, strict=True):
        own = table[table["what"] == what]
        value, low, high = (own.pivot(index="absence", columns="discrimination", values=name) for name in ("value", "low", "high"))
        # Purple and green part for all kinds of colour vision; white is no change.
        image = ax.imshow(100.0 * value.to_numpy(), origin="lower", aspect="auto", cmap="PRGn_r", norm=TwoSlopeNorm(0.0, -100.0 * most, 100.0 * most))
        for row in range(len(value)):
            for column in range(len(value.columns)):
                v = value.iat[row, column]
                told = bool(low.iat[row, column] > 0.0 or high.iat[row, column] < 0.0)
                words = "–" if np.isnan(v) else f"{100.0 * v:+.0f}"
                dark = abs(v) > 0.6 * most
                ax.text(
                    column, row, words, ha="center", va="center", fontsize=9.5, color="white" if dark else INK if told else SOFT,
                    fontweight="bold" if told else "normal", fontstyle="normal" if told else "italic",
                )  # fmt: skip
        ax.set_xticks(range(len(value.columns)), [f"{x:g}" for x in value.columns])
        ax.set_yticks(range(len(value)), [f"{x:g}" for x in value.index])
        ax.set_xlabel("discrimination of the force (0 blind, 1 sharp)")
        ax.set_title(what[:1].upper() + what[1:])
    axes[0].set_ylabel("absence of the state at the start (1 − reach)")
    assert image is not None
    drawn.colorbar(image, ax=list(axes), label="change by twice the force, three years later (%)", extend="both")
    drawn.suptitle(
        "When force backfires: above 0, twice the force brings more (bold: the 95 % interval leaves no change out)",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    return drawn
