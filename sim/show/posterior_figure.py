"""Figures and text of a calibration: its posterior, how it got there, what it predicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.ticker
import numpy as np

from sim.evidence.abc import Generation
from sim.evidence.calibration import Calibration
from sim.evidence.posterior import predictive_table, summary
from sim.evidence.trajectory import years_of
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

if TYPE_CHECKING:
    import pandas as pd


def posterior_figure(calibration: Calibration, generations: list[Generation]) -> Picture:
    """Draw the posterior of each prior (on its range) beside the prior, and correlations between them where they are strong."""
    last, d = generations[-1], len(calibration.factors)
    columns = 4
    rows = -(-(d + 1) // columns)
    with mpl.rc_context({**STYLE, "font.size": 9.5}):
        drawn = Picture(figsize=(11.0, 2.3 * rows + 0.6), layout="constrained")
        axes = drawn.subplots(rows, columns, squeeze=False)
        for k, f in enumerate(calibration.factors):
            ax = axes[k // columns][k % columns]
            ax.hist(last.units[:, k], bins=np.linspace(0, 1, 16), weights=last.weights * 15, color=OKABE_ITO[0], alpha=0.85)
            ax.axhline(1.0, color=INK, lw=1.2, ls="--")
            places = np.array([0.0, 0.5, 1.0])
            ax.set_xticks(places, [f"{v:.3g}" for v in f.coded(places)])
            ax.set_title(f.name + (" (log)" if f.logarithmic else ""), fontsize=10)
            ax.set_yticks([])
        ax = axes[d // columns][d % columns]
        accepted = [g.acceptance for g in generations]
        distances = [float(np.median(g.distances)) for g in generations]
        ax.plot(range(len(generations)), distances, "o-", color=OKABE_ITO[1], label="median distance")
        ax.plot(range(len(generations)), accepted, "s-", color=OKABE_ITO[2], label="share accepted")
        ax.set_yscale("log")
        ax.set_xlabel("generation")
        ax.set_title("how it came near", fontsize=10)
        ax.legend(frameon=False, fontsize=8.5)
        ax.grid(axis="y", color=GRID, lw=0.7)
        for k in range(d + 1, rows * columns):
            axes[k // columns][k % columns].set_axis_off()
        words = f"{len(last.units)} particles, effective {last.effective:.0f}; bars: posterior, dashed: prior"
        drawn.suptitle(f"{calibration.spec.title or calibration.spec.name}: {words}", fontsize=11, x=0.01, ha="left")
    return drawn


def predictive_figure(calibration: Calibration, series: dict[str, np.ndarray[Any, Any]]) -> Picture:
    """Draw what the posterior says year by year, with the years that were used shaded."""
    years = np.array(years_of(calibration.scenario))
    attacks, outside = (np.diff(series[k], axis=1, prepend=0.0) for k in ("attacks", "attacks_outside"))
    new = series["splinters"] + series["autonomies"] + series["pledges"]
    shown = (
        ("Strength of the lineage (fighter-equivalents)", series["strength"]),
        ("Share of attacks outside Algeria", outside / np.maximum(attacks, 1.0)),
        ("New groups by splinter, autonomy, pledge, so far", new),
        ("Strength in Algeria (fighter-equivalents)", series["home_strength"]),
    )
    points = {0: ("strength",), 1: ("share_outside",), 3: ("home_strength",)}
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(11.0, 6.6), layout="constrained")
        axes = drawn.subplots(2, 2)
        for k, (name, values) in enumerate(shown):
            ax = axes[k // 2][k % 2]
            q = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
            ax.axvspan(years[0] - 0.5, calibration.spec.until + 0.5, color="#F0F0F0", lw=0, zorder=0)
            ax.fill_between(years, q[0], q[4], color=OKABE_ITO[5], alpha=0.35, lw=0, label="90 % of histories")
            ax.fill_between(years, q[1], q[3], color=OKABE_ITO[5], alpha=0.7, lw=0, label="50 %")
            ax.plot(years, q[2], color=OKABE_ITO[0], lw=2, label="median")
            for section, mark in ((calibration.spec.facts, "o"), (calibration.spec.later, "D")):
                for fact in section:
                    if fact.series in points.get(k, ()):
                        at = fact.year if fact.since is None else 0.5 * (fact.since + fact.year)
                        wide = 0.0 if fact.since is None else 0.5 * (fact.year - fact.since)
                        ax.errorbar(at, fact.value, xerr=wide, yerr=fact.tolerance, fmt=mark, color=INK, ms=5, lw=1.2, capsize=2)
            ax.set_title(name)
            ax.set_xlim(years[0] - 0.5, years[-1] + 0.5)
            ax.set_ylim(bottom=0)
            ax.set_xlabel("year")
            ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(6, integer=True))
            ax.grid(axis="y", color=GRID, lw=0.7)
        axes[0][0].legend(frameon=False, loc="upper right")
        words = f"grey: years that were used; points: facts with their tolerance ({chr(9670)} predicted, never used)"
        drawn.suptitle(f"{calibration.spec.title or calibration.spec.name} — {words}", fontsize=10.5, x=0.01, ha="left", color=SOFT)
    return drawn


def text(calibration: Calibration, generations: list[Generation], table: pd.DataFrame) -> str:
    """Return a calibration as text: diagnostics, posterior, facts."""
    lines = [f"{'generation':<12}{'distance to beat':>18}{'median':>10}{'accepted':>10}{'effective':>11}{'proposals':>11}"]
    for g in generations:
        lines.append(
            f"{g.number:<12}{g.epsilon:>18.4g}{float(np.median(g.distances)):>10.4g}{g.acceptance:>10.1%}{g.effective:>11.0f}{g.proposals:>11,}"
        )
    lines += ["", f"{'prior':<22}{'range':<22}{'median':>10}   {'90 % interval':<24}learned"]
    for r in summary(calibration, generations[-1]).itertuples():
        span, about = f"{r.low:g} to {r.high:g}", f"[{r.q05:.4g}, {r.q95:.4g}]"
        lines.append(f"{r.prior:<22}{span:<22}{r.median:>10.4g}   {about:<24}{r.learned:.0%}")
    lines += ["", f"{'fact':<56}{'value':>8}{'model':>9}   {'90 % of histories':<20}{'near':>6}  verdict"]
    for r in table.itertuples():
        about = f"[{r.q05:.3g}, {r.q95:.3g}]"
        kind = "" if r.kind == "used" else " (predicted)"
        lines.append(f"{r.fact:<56}{r.value:>8.3g}{r.mean:>9.3g}   {about:<20}{r.near:>6.0%}  {r.verdict}{kind}")
    return "\n".join(lines)


def write(calibration: Calibration, generations: list[Generation], series: dict[str, np.ndarray[Any, Any]], folder: Path) -> list[Path]:
    """Write the posterior, the predictive table and both figures into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("posterior.csv", "predictive.csv", "posterior.png", "predictive.png", "posterior.svg", "predictive.svg")]
    generations[-1].to_pandas(calibration).to_csv(paths[0], index=False)
    predictive_table(calibration, series).to_csv(paths[1], index=False)
    figures = (posterior_figure(calibration, generations), predictive_figure(calibration, series))
    with mpl.rc_context(STYLE):
        for drawn, png, svg in zip(figures, paths[2:4], paths[4:6], strict=True):
            drawn.savefig(png)
            drawn.savefig(svg, metadata={"Date": None})
    return paths
