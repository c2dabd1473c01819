"""The scores of a forecast as a table."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.evidence.scores import Scored


def write_scores(scored: Scored, folder: Path) -> Path:
    """Write the means by group and number into ``scores.csv`` beside the forecast; what was frozen stays as it is."""
    path = folder / "scores.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "forecaster", "count", "log", "brier", "crps"])
        for line in scored.lines:
            writer.writerow([line.what, line.forecaster, line.count, *("" if x is None else f"{x:.6g}" for x in (line.log, line.brier, line.crps))])
    return path
