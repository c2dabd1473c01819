"""The figure and the table of sensitivity indices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.ticker
from matplotlib.figure import Figure

from sim.observe.outcome_words import label_of
from sim.scenario.numbers import span, told
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture
from sim.study.sensitivity import FIRST, MU, MU_STAR, SECOND, SIGMA, TOTAL, Index, Sensitivity
from sim.world.outcomes import described

MOST_FACTORS = 15
_SHOWN: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "saltelli": ((FIRST, "first order (alone)", OKABE_ITO[0], "o"), (TOTAL, "total (with interactions)", OKABE_ITO[1], "s")),
    "morris": ((MU_STAR, "μ*: mean absolute effect", OKABE_ITO[0], "o"), (SIGMA, "σ: spread of effects (interaction, bends)", OKABE_ITO[1], "s")),
}


def figure(found: Sensitivity, labels: dict[str, str]) -> Figure:
    """Draw the indices: a panel an outcome and arm, factors sorted by how much they matter.

    Args:
        found: The indices.
        labels: What each factor is called.
    """
    kinds = _SHOWN[found.method]
    panels = list(dict.fromkeys((i.arm, i.outcome) for i in found.indices))
    rows = min(MOST_FACTORS, len(found.factors))
    columns = 2 if len(panels) > 1 else 1
    lines = max(1, -(-len(panels) // columns))
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(5.4 * columns + 1.0, (1.0 + 0.3 * rows) * lines + 0.7), layout="constrained")
        axes = drawn.subplots(lines, columns, squeeze=False)
        for k, (arm, outcome) in enumerate(panels):
            ax = axes[k // columns][k % columns]
            mine = [i for i in found.indices if (i.arm, i.outcome) == (arm, outcome)]
            _panel(ax, mine, kinds, labels)
            ax.set_title(f"{arm}: {label_of(outcome)}" if arm else label_of(outcome))
            unit = described(outcome)[0]
            per_range = f"effect over a factor's range{'' if unit == '1' else f' ({unit})'}"
            ax.set_xlabel("share of the variance" if found.method == "saltelli" else per_range)
        for k in range(len(panels), lines * columns):
            axes[k // columns][k % columns].set_axis_off()
        largest = f"; the {rows} largest of {len(found.factors)} factors" if rows < len(found.factors) else ""
        title = f"Sensitivity, with 95 % intervals{largest}"
        handles = [mpl.lines.Line2D([], [], color=color, marker=mark, ls="-", lw=2, label=name) for _, name, color, mark in kinds]
        drawn.legend(handles=handles, loc="outside upper left", ncols=2, frameon=False, title=title, alignment="left")
    return drawn


def _panel(ax: Any, mine: list[Index], kinds: tuple[tuple[str, str, str, str], ...], labels: dict[str, str]) -> None:
    by = {(i.factor, i.kind): i for i in mine}
    last = kinds[-1][0] if kinds[-1][0] == TOTAL else kinds[0][0]
    order = sorted({i.factor for i in mine if i.kind == last}, key=lambda name: -by[name, last].value)[:MOST_FACTORS]
    for row, name in enumerate(order):
        for n, (kind, _, color, mark) in enumerate(kinds):
            index, y = by[name, kind], row + 0.2 * (2 * n - 1)
            ax.plot([index.low, index.high], [y, y], color=color, lw=2, solid_capstyle="butt")
            ax.plot([index.value], [y], mark, color=color, ms=5.5)
    ax.axvline(0.0, color=INK, lw=0.9, zorder=0)
    ax.set_yticks(range(len(order)), [labels.get(name, name) for name in order])
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(6))
    ax.grid(axis="x", color=GRID, lw=0.7)
    ax.tick_params(axis="y", colors=SOFT, labelsize=9.5)
    ax.set_axisbelow(True)


def write(found: Sensitivity, labels: dict[str, str], folder: Path) -> list[Path]:
    """Write the indices as a figure (PNG, SVG) and a table (CSV) into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "sensitivity.csv"]
    found.to_pandas().to_csv(paths[0], index=False)
    if found.indices:
        drawn = figure(found, labels)
        with mpl.rc_context(STYLE):
            for form in ("png", "svg"):
                paths.append(folder / f"sensitivity.{form}")
                drawn.savefig(paths[-1], metadata={"Date": None} if form == "svg" else None)
    return paths


DEFINED = {
    "saltelli": (
        "Sobol' indices: shares of an outcome's variance over the whole design. total: what would be lost if the factor were known, alone and",
        "together with others; first: by itself; second: by two together, beyond what each does. Near 0 a factor does nothing.",
    ),
    "morris": (
        "Morris' screening: what an outcome does when one factor moves across its range. mu_star: mean size of the change; mu: mean change, with its",
        "sign; sigma: how much the change differs from place to place (other factors matter, or the effect bends). All in the outcome's unit.",
    ),
}
"""What the indices of a method mean."""
_COLUMNS = {"saltelli": (TOTAL, FIRST), "morris": (MU_STAR, MU, SIGMA)}
MOST_TOLD = 8
"""Factors of an outcome, and pairs of them, that the text tells of; the table has all."""


def text(found: Sensitivity) -> str:
    """Return the indices as text: what they mean, then a block an outcome, with the factors that matter most and their intervals."""
    kinds = _COLUMNS[found.method]
    width = max([24, *(len(i.factor) + 2 for i in found.indices)])
    lines = [*DEFINED[found.method], "Brackets: 95 % intervals."]
    for arm, outcome in dict.fromkeys((i.arm, i.outcome) for i in found.indices):
        mine = {(i.factor, i.kind): i for i in found.indices if (i.arm, i.outcome) == (arm, outcome)}
        unit = described(outcome)[0]
        words = f"{label_of(outcome)} ({outcome}{f', {unit}' if found.method == 'morris' and unit != '1' else ''})"
        lines += ["", f"{arm}: {words}" if arm else words, f"  {'factor':<{width}}" + "".join(f"{kind:<30}" for kind in kinds).rstrip()]
        single = sorted((factor for factor, kind in mine if kind == kinds[0]), key=lambda factor: -mine[factor, kinds[0]].value)
        for factor in single[:MOST_TOLD]:
            cells = "".join(f"{_cell(mine[factor, kind]):<30}" for kind in kinds)
            lines.append(f"  {factor:<{width}}{cells}".rstrip())
        if len(single) > MOST_TOLD:
            lines.append(f"  … and {len(single) - MOST_TOLD} factors that matter less")
        pairs = sorted((i for (_, kind), i in mine.items() if kind == SECOND), key=lambda i: -i.value)
        lines += [f"  {i.factor:<{width}}second {_cell(i)}" for i in pairs[:MOST_TOLD]]
        if len(pairs) > MOST_TOLD:
            lines.append(f"  … and {len(pairs) - MOST_TOLD} pairs that matter less")
    lines += [f"\n{name}: never varies" for name in found.still]
    return "\n".join(lines)


def _cell(index: Index) -> str:
    return f"{told(index.value)} {span(index.low, index.high)}"
