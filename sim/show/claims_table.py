"""The claims as a Markdown table, from the table that ``dilemma patterns --out DIR`` writes."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

from sim.scenario.numbers import estimate
from sim.show.markdown import table


def block(file: Path) -> str:
    """Return the claims of ``patterns.csv`` as a Markdown table, a row a contrast."""
    with file.open(encoding="utf-8", newline="") as opened:
        found = list(csv.DictReader(opened))
    rows = []
    for claim, group in groupby(found, key=lambda row: row["claim"]):
        for n, row in enumerate(group):
            effect = estimate(float(row["effect"]), float(row["low"]), float(row["high"]), sign=True, digits=3)
            sign = "+" if row["predicted"] == "+" else "−"
            head, source = (f"**{claim}** {row['says']}", row["source"]) if n == 0 else ("", "")
            rows.append((head, source, row["contrast"], sign, effect, row["verdict"]))
    return table(("claim", "source", "contrast", "predicted", "effect [95 % interval]", "verdict"), rows)
