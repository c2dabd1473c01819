"""A scenario held against data, as a figure, as text and as tables."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from sim.evidence.hold.held import RIVALS, Held, Series, label, table
from sim.evidence.hold.scores import band
from sim.observe.provenance import provenance
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

COLUMNS = 3
MOST_DYADS = 6
MOST_PLACES = 9
MODEL, RIVAL, DATA = OKABE_ITO[0], OKABE_ITO[1], INK
_SKILL = (-3.0, 1.0)
"""Range of the relative gain that is drawn; what lies beyond is drawn at the edge."""


def figure(held: Held, scored: pd.DataFrame) -> Picture:
    """Draw data and model: in all by month, then by year each kind, place and dyad, then what the model gains over the years before.

    Args:
        held: What came out.
        scored: From :func:`sim.evidence.hold.held.scores`.
    """
    series = held.of("deaths", "year") or held.of("level", "year") or held.of("deaths", "month")
    assert series is not None
    shown = _shown(series)
    rows = -(-len(shown) // COLUMNS)
    monthly = held.of("deaths", "month")
    events = held.observed.convention.events
    part = scored[(scored["quantity"] == series.quantity) & (scored["unit"] == series.unit)].iloc[shown]
    heights = [*([1.5] if events else []), *([1.2] * rows), 0.55 + 0.14 * len(shown)]
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        drawn = Picture(figsize=(14.0, 1.0 + 1.75 * sum(heights)), layout="constrained")
        grid = drawn.add_gridspec(len(heights), COLUMNS, height_ratios=heights)
        if events and monthly is not None:
            ax = drawn.add_subplot(grid[0, :])
            _counts(ax, monthly, 0, "All violence: deaths a month")
            handles, names = ax.get_legend_handles_labels()
        for n, c in enumerate(shown):
            ax = drawn.add_subplot(grid[n // COLUMNS + int(events), n % COLUMNS])
            cell = series.cells[c]
            if events:
                _counts(ax, series, c, f"{cell.name}: deaths a {series.unit}")
            else:
                _levels(ax, series, c, cell.name)
                handles, names = ax.get_legend_handles_labels()
        _gains(drawn.add_subplot(grid[-1, :]), part)
        title = f"{held.scenario.title or held.scenario.name} beside {held.observed.convention.name}, {label(held.first)} to {label(held.last)}"
        told = f"{held.replicates} replicates, seed {held.seed}"
        drawn.suptitle(f"{title}   ({told})", fontsize=13, fontweight="bold", x=0.01, ha="left")
        drawn.legend(handles, names, loc="outside lower left", ncols=5, frameon=False)
    return drawn


def _shown(series: Series) -> list[int]:
    """Return the cells that have a panel: all kinds, and the places and dyads in which most happens in the data, then in the model."""
    if series.quantity == "level":
        return list(range(len(series.cells)))
    weight = series.observed.sum(axis=1) + 1e-9 * series.model.sum(axis=(0, 2))
    found = [0]
    for by, most in (("kind", 3), ("place", MOST_PLACES), ("dyad", MOST_DYADS)):
        own = [n for n, cell in enumerate(series.cells) if cell.by == by and weight[n] > 0.0]
        found += sorted(sorted(own, key=lambda n: -weight[n])[:most])
    return found


def _axis(ax: Axes, series: Series, title: str) -> tuple[Any, Any]:
    """Set title and time axis; return where the data's and the shared periods are drawn, in years."""
    ax.set_title("\n".join(textwrap.wrap(title, 62)), fontsize=9.0)
    seen, shared = ((p / 12.0 if series.unit == "month" else p.astype(float)) for p in (series.periods, series.shared))
    margin = 0.02 * max(1.0, shared[-1] - shared[0])
    ax.set_xlim(shared[0] - margin, shared[-1] + margin)
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(integer=True, nbins=16 if series.unit == "month" else 7, min_n_ticks=1))
    return seen, shared


def _counts(ax: Axes, series: Series, cell: int, title: str) -> None:
    """A count over time: bands and median of the ensemble, what was observed, and the mean of the years before."""
    seen, shared = _axis(ax, series, title)
    made = series.model[:, cell]
    for share, alpha in ((0.9, 0.25), (0.5, 0.35)):
        low, high = band(made, share)
        ax.fill_between(shared, low, high, color=MODEL, alpha=alpha, lw=0, step=None, label=f"{share:.0%} of the replicates".replace("%", " %"))
    ax.plot(shared, np.median(made, axis=0), color=MODEL, lw=1.3, label="their median")
    earlier = [series.rival(cell, int(p), RIVALS[0]) for p in series.shared]
    ax.plot(shared, [e.mean() if len(e) else np.nan for e in earlier], color=RIVAL, lw=1.2, ls=":", label="mean of the years before in the data")
    thin, small = (0.6, 2.2) if series.unit == "month" else (0.8, 4.0)
    ax.plot(seen, series.observed[cell], "o-", color=DATA, label="data", lw=thin, ms=small)
    # Zero belongs on the axis, and counts span orders of magnitude.
    ax.set_yscale("symlog", linthresh=10.0)
    ax.yaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    inside = np.isin(series.periods, series.shared)
    top = max(10.0, float(band(made, 0.9)[1].max()), float(series.observed[cell][inside].max()))
    ax.set_ylim(0.0, 1.5 * top)
    ax.grid(axis="y", color=GRID, lw=0.6)


def _levels(ax: Axes, series: Series, cell: int, title: str) -> None:
    """A dyad by year: how many of the replicates have each level, and the level that was observed."""
    _, shared = _axis(ax, series, title)
    ax.set_xlim(shared[0] - 0.6, shared[-1] + 0.6)
    made = series.model[:, cell]
    shares = np.stack([(made == level).mean(axis=0) for level in range(3)])
    bottom = np.zeros(len(shared))
    level_seen = series.observed[cell][np.searchsorted(series.periods, series.shared)]
    names = ("fewer than 25 deaths in the year", "25 to 999", "1,000 and more")
    for level, (color, name) in enumerate(zip((GRID, OKABE_ITO[5], MODEL), names, strict=True)):
        ax.bar(shared, shares[level], bottom=bottom, width=0.9, color=color, label=f"replicates with {name}")
        own = level_seen == level
        # Above the bars, in the same colours, what was observed.
        ax.plot(shared[own], np.full(own.sum(), 1.1), "s", color=color, mec=DATA, ms=7, label="the level in the data" if level == 0 else None)
        bottom = bottom + shares[level]
    ax.set_ylim(0.0, 1.2)
    ax.set_yticks([0.0, 0.5, 1.0])
    ax.set_ylabel("share of replicates")


def _gains(ax: Axes, part: pd.DataFrame) -> None:
    """The relative gain of the model over the years before, by cell, with its interval."""
    ax.set_title("Better than the years before?   1 − CRPS of the model / CRPS of the years before; 95 % interval over years; right of 0 is better")
    ax.axvline(0.0, color=INK, lw=0.9)
    told = part[part["crps years before"] > 0.0] if "crps years before" in part else part.iloc[:0]
    lowest = 0.0
    for n, (_, row) in enumerate(told.iterrows()):
        middle, low, high = (np.clip(row[f"crps gain{end}"] / row["crps years before"], *_SKILL) for end in ("", " low", " high"))
        color = MODEL if low > 0.0 else RIVAL if high < 0.0 else SOFT
        ax.plot([low, high], [n, n], color=color, lw=2, solid_capstyle="butt")
        ax.plot([middle], [n], "o", color=color, ms=4.5)
        lowest = min(lowest, middle, low if low == low else middle)
    names = [textwrap.shorten(name, 60, placeholder=" …") for name in told["name"]] or ["no year before: no rival"]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(lowest - 0.1, _SKILL[1] + 0.05)
    ax.grid(axis="x", color=GRID, lw=0.6)


def text(held: Held, scored: pd.DataFrame) -> str:
    """Return what was read and how the model scores: a line a cell, by year (by month where no whole year is shared)."""
    o = held.observed
    lines = [
        f"{held.scenario.title or held.scenario.name} beside {o.convention.name} ({o.file})",
        f"{o.rows:,} rows; {len(o.month):,} used; {held.replicates} replicates, seed {held.seed}; shared: {label(held.first)} to {label(held.last)}",
        *(f"  left out: {n:,} {reason}" for reason, n in o.left_out.most_common()),
    ]
    if o.others:
        lines.append("  among the other groups: " + ", ".join(f"{name} {n:,}" for name, n in o.others.most_common(8)))
    for series in held.series:
        part = scored[(scored["quantity"] == series.quantity) & (scored["unit"] == series.unit)]
        part = part[part["by"] == "all"] if series.unit == "month" else part[part["by"] != "place and kind"]
        lines += ["", f"{series.quantity} a {series.unit} ({int(part['periods'].iloc[0])} scored)", *_rows(part)]
    lines += [
        "", "CRPS and log score: lower is better. Gain: CRPS of the years before less the model's (above 0: the model is better), 95 % over years.",
        "90 %: share of what was observed in the ensemble's central band, and the share of the ensemble that the band holds. docs/hold.md",
        "Months by cell, places by kind, and cells in which nothing happened are in scores.csv and hold.csv.",
    ]  # fmt: skip
    return "\n".join(lines)


def _rows(part: pd.DataFrame) -> list[str]:
    """Return the lines of a table of scores, those cells left out in which nothing happened, in data or model."""
    rival = "crps years before" in part and bool(part["crps years before"].notna().any())
    lines = [f"  {'':<44}{'data':>9}{'model':>9}{'CRPS':>9}{'before':>9}{'log':>7}{'before':>8}  {'gain in CRPS':<27}{'90 %':>6}{'holds':>7}"]
    for _, row in part.iterrows():
        if row["observed"] == 0.0 and row["model"] < 0.05:
            continue
        line = f"  {textwrap.shorten(row['name'], 43, placeholder=' …'):<44}{row['observed']:>9.2f}{row['model']:>9.2f}{row['crps']:>9.2f}"
        line += (
            f"{row['crps years before']:>9.2f}{row['log']:>7.2f}{row['log years before']:>8.2f}" if rival else f"{'–':>9}{row['log']:>7.2f}{'–':>8}"
        )
        gain = f"{row['crps gain']:+.2f} [{row['crps gain low']:+.2f}, {row['crps gain high']:+.2f}]" if rival else "–"
        lines.append(f"{line}  {gain:<27}{row['in 90 %']:>6.0%}{row['held 90 %']:>7.0%}")
    return lines


def write(held: Held, scored: pd.DataFrame, folder: Path) -> list[Path]:
    """Write tables (``hold.csv``, ``scores.csv``), figure (PNG, SVG), text and provenance into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("hold.csv", "scores.csv", "hold.txt", "hold.png", "hold.svg", "provenance.json")]
    table(held).to_csv(paths[0], index=False)
    scored.to_csv(paths[1], index=False)
    paths[2].write_text(text(held, scored) + "\n", encoding="utf-8")
    drawn = figure(held, scored)
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        drawn.savefig(paths[3])
        drawn.set_layout_engine("none")  # Everything has its place by now.
        drawn.savefig(paths[4], metadata={"Date": None})
    source = provenance(held.scenario, held.seed, 0) | {
        "replicates": held.replicates, "data": held.observed.file, "data_sha256": held.observed.digest, "convention": held.observed.convention.name,
        "names": held.scenario.data.model_dump(mode="json"), "first": label(held.first), "last": label(held.last),
    }  # fmt: skip
    paths[5].write_text(json.dumps(source, indent=1) + "\n", encoding="utf-8")
    return paths


def rows_of(scored: pd.DataFrame) -> Sequence[dict[str, Any]]:
    """Return scores as plain data, with null where a number is not one."""
    return [{name: None if value != value else value for name, value in row.items()} for row in scored.to_dict("records")]  # type: ignore[misc]
