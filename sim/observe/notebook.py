"""What a notebook shows of a history: its heading, the strength of the lineage as a line, and its chronicle to unfold."""

from __future__ import annotations

import html

import numpy as np

from sim.observe.chronicle import chronicle
from sim.observe.history import History

WIDTH, HEIGHT, HEAD, FOOT = 640, 90, 16, 16
"""Size of the drawing, and of the rows above and below the line where words stand, in pixels."""


def history_html(history: History) -> str:
    """Return a history as HTML for a notebook."""
    lines = "\n".join(str(entry) for entry in chronicle(history))
    return (
        f"<p><b>{html.escape(history.title)}</b><br>{html.escape(history.in_a_line())}</p>{_drawing(history)}"
        f"<details><summary>Chronicle</summary><pre style='white-space: pre-wrap'>{html.escape(lines)}</pre></details>"
    )


def _drawing(history: History) -> str:
    """Return the strength of the followed lineage by month as an SVG."""
    organisation = history.tables["organisation"]
    mine = (organisation["alive"] == 1) & (organisation["lineage"] == history.focus)
    strength = (mine * history.strength()).sum(axis=1)
    top = max(1.0, float(strength.max()))
    x = np.linspace(0.0, WIDTH, len(strength))
    y = HEAD + (HEIGHT - HEAD - FOOT) * (1.0 - strength / top)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    words = 'font-size="12" font-family="sans-serif" fill="currentColor"'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" style="max-width: 100%">'
        f"<title>Strength of the followed lineage by month, at most {top:,.0f}</title>"
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
        f'<text x="0" y="12" {words}>strength of the followed lineage, up to {top:,.0f}</text>'
        f'<text x="0" y="{HEIGHT - 2}" {words}>{history.scenario.start}</text>'
        f'<text x="{WIDTH}" y="{HEIGHT - 2}" text-anchor="end" {words}>{history.scenario.end}</text></svg>'
    )
