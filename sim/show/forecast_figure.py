"""A forecast as a figure: the numbers of every year, by the posterior and by the prior. What happened is not in it."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path

import matplotlib as mpl

from sim.evidence.forecast import Forecast
from sim.evidence.frozen import Frozen
from sim.evidence.predictive import POINTS, POSTERIOR, PRIOR
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

_COLUMNS = 3


def forecast_figure(forecast: Forecast, frozen: Frozen) -> Picture:
    """Draw a panel a number: the posterior's median, 50 % and 90 %, the prior's median and 90 %, and what was known before."""
    by = {f.name: f.numbers for f in frozen.forecasters}
    numbers, years = forecast.spec.numbers, list(forecast.years)
    rows = math.ceil(len(numbers) / _COLUMNS)
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(11.0, 0.7 + 2.5 * rows), layout="constrained")
        panels = drawn.subplots(rows, _COLUMNS, squeeze=False).ravel()
        for ax, number in zip(panels, numbers, strict=False):
            after, before = ([by[name][number.number, year] for year in years] for name in (POSTERIOR, PRIOR))
            for share, alpha in ((0.9, 0.2), (0.5, 0.4)):
                low, high = (_at(after, 0.5 + sign * share / 2) for sign in (-1, 1))
                ax.fill_between(years, low, high, color=OKABE_ITO[0], alpha=alpha, lw=0)
            ax.plot(years, _at(after, 0.5), color=OKABE_ITO[0], lw=2)
            ax.plot(years, _at(before, 0.5), color=SOFT, lw=1.2)
            for level in (0.05, 0.95):
                ax.plot(years, _at(before, level), color=SOFT, lw=1, ls=":")
            ax.plot(list(number.known), list(number.known.values()), "D", color=INK, ms=4)
            ax.set_title("\n".join(textwrap.wrap(number.number, 36)), fontsize=10)
            ax.set_ylabel("" if number.unit == "1" else number.unit)
            # All of these are counts or shares: from nothing up, and to one at least, where next to nothing is foreseen.
            ax.set_ylim(0.0, max(1.0, ax.get_ylim()[1]))
            ax.xaxis.get_major_locator().set_params(integer=True)
            ax.grid(color=GRID, lw=0.7)
            ax.set_axisbelow(True)
        for ax in panels[len(numbers) :]:
            ax.set_visible(False)
        handles = [
            mpl.lines.Line2D([], [], color=OKABE_ITO[0], lw=2, label="posterior: median, 50 % and 90 %"),
            mpl.lines.Line2D([], [], color=SOFT, lw=1.2, label="prior: median, 90 % dotted"),
            mpl.lines.Line2D([], [], color=INK, marker="D", ls="", ms=4, label="known before"),
        ]
        drawn.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False)
    return drawn


def write_figure(forecast: Forecast, frozen: Frozen, folder: Path) -> list[Path]:
    """Draw a forecast into a folder, as PNG and SVG."""
    paths = [folder / f"forecast.{form}" for form in ("png", "svg")]
    drawn = forecast_figure(forecast, frozen)
    with mpl.rc_context(STYLE):
        for path in paths:
            drawn.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    return paths


def _at(points: list[list[float]], level: float) -> list[float]:
    """Return a quantile of every year."""
    return [year[min(int(level * POINTS), POINTS - 1)] for year in points]
