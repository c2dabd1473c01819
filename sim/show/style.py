"""How figures look: colours that the colour-blind can tell apart, sizes that can be read in print and from the back of a room."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure

OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6BB1", "#7F7F7F", "#A6761D")
"""Okabe & Ito's palette (2008) without its yellow, which a projector loses, and three more that keep their distance in grey."""

INK, SOFT, GRID = "#222222", "#666666", "#DDDDDD"

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "text.color": INK,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
    "svg.hashsalt": "dilemma",
}
"""Matplotlib settings, used through ``rc_context`` so that the host program's stay as they are."""


class Picture(Figure):
    """A figure that a notebook shows by itself, without pyplot and its global state."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()
