"""How much better than the prior each history is told from the others: a panel a group of questions, a row a history."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl

from sim.evidence.left_out.told import ALL, GROUPS, NEAREST, PARAMETERS, RATES, Line
from sim.show.style import GRID, INK, OKABE_ITO, SOFT, STYLE, Picture

_LOOK = {PARAMETERS: (OKABE_ITO[0], "o", -0.22), NEAREST: (OKABE_ITO[1], "s", 0.0), RATES: (SOFT, "^", 0.22)}
"""Colour, mark and place in its row of each forecaster."""
_WORDS = {PARAMETERS: "posterior, run anew", NEAREST: "nearest draws", RATES: "rates of the others' records"}


def left_out_figure(lines: Sequence[Line], histories: Sequence[str], first: str) -> Picture:
    """Draw paired differences from the prior with their 95 % intervals, and what 90 % of planted draws would show.

    Args:
        lines: Scores, the prior's apart.
        histories: Rows, from the top.
        first: The forecaster that was named in advance; its marks are filled.
    """
    shown = [g for g in GROUPS if any(n.group == g for n in lines)]
    with mpl.rc_context(STYLE):
        drawn = Picture(figsize=(3.1 * len(shown) + 1.6, 0.62 * len(histories) + 1.7), layout="constrained")
        panels = drawn.subplots(1, len(shown), sharey=True, squeeze=False)[0]
        for ax, group in zip(panels, shown, strict=True):
            ax.axvline(0.0, color=INK, lw=1.0, ls="--")
            for n in (n for n in lines if n.group == group):
                colour, mark, place = _LOOK[n.forecaster]
                y = histories.index(n.history) + place
                if n.forecaster == NEAREST:
                    ax.plot([n.expected_low, n.expected_high], [y, y], color=GRID, lw=7, solid_capstyle="butt", zorder=1)
                ax.plot([n.low, n.high], [y, y], color=colour, lw=1.6, zorder=2)
                ax.plot(n.difference, y, mark, color=colour, ms=6, mfc=colour if n.forecaster == first else "white", zorder=3)
            ax.set_title("all questions" if group == ALL else group)
            ax.grid(axis="x", color=GRID, lw=0.7)
            ax.set_axisbelow(True)
            ax.margins(x=0.08)
        panels[0].set_yticks(range(len(histories)), ["mean of all" if h == ALL else h for h in histories])
        panels[0].set_ylim(len(histories) - 0.45, -0.55)
        panels[0].tick_params(axis="y", colors=INK, length=0)
        drawn.supxlabel("log score less the prior's; left of zero is better than the prior", fontsize=10.5)
        handles = [
            mpl.lines.Line2D([], [], color=c, marker=m, mfc=c if name == first else "white", lw=1.6, label=_WORDS[name])
            for name, (c, m, _) in _LOOK.items()
        ]
        handles.append(mpl.lines.Line2D([], [], color=GRID, lw=7, label="nearest draws, if the rulebook were right (90 %)"))
        drawn.legend(handles=handles, loc="outside upper left", ncols=4, frameon=False)
    return drawn
