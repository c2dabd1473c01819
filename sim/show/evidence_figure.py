"""The studies of :mod:`sim.evidence.figures` on disk: a table (CSV), a figure (PNG, SVG) and where they come from (JSON)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from sim.show import evidence_maps, evidence_plots
from sim.show.style import STYLE, Picture

if TYPE_CHECKING:
    import pandas as pd

DRAWINGS: dict[str, Callable[[pd.DataFrame], Picture]] = {
    "extinction": evidence_maps.extinction,
    "embedding": evidence_plots.embedding,
    "channels": evidence_plots.channels,
    "contingency": evidence_plots.contingency,
    "causes": evidence_plots.causes,
    "backfire": evidence_maps.backfire,
    "decapitation": evidence_plots.decapitation,
}
"""How each study is drawn, by its name in :data:`sim.evidence.figures.catalogue.STUDIES`."""


def write(name: str, table: pd.DataFrame, source: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write a study into a folder, made if need be.

    Args:
        name: Name of the study.
        table: What it found.
        source: What it was made from, as plain data.
        folder: Where to.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.{form}" for form in ("csv", "json", "png", "svg")]
    table.to_csv(paths[0], index=False)
    paths[1].write_text(json.dumps(dict(source), indent=1) + "\n", encoding="utf-8")
    with mpl.rc_context(STYLE):
        drawn = DRAWINGS[name](table)
        drawn.savefig(paths[2])
        drawn.savefig(paths[3], metadata={"Date": None})
    return paths
