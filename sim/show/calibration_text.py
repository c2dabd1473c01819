"""What a calibration found: as text, as data, and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

from sim.evidence import inference
from sim.evidence.calibration import Calibration
from sim.evidence.forests import Classes
from sim.evidence.inference import FOREST, LEAST_EXPLAINED, REGRESSION, Inferred, Table
from sim.evidence.kept import DRAWS
from sim.scenario.numbers import between, exact
from sim.show.posterior_figure import posterior_figure, statistics_figure
from sim.show.ranks_figure import importances_figure, ranks_figure, rulebooks_figure
from sim.show.style import STYLE

if TYPE_CHECKING:
    import pandas as pd

DIGITS = "%.6g"


@dataclass(frozen=True)
class Found:
    """What a calibration found.

    Attributes:
        calibration: The calibration.
        inferred: What the table says.
        predicted: Histories run anew from the posterior.
        told: Rulebooks by name and what a forest says of them, or None where none are compared.
    """

    calibration: Calibration
    inferred: Inferred
    predicted: Table
    told: tuple[list[str], Classes] | None

    @cached_property
    def posterior(self) -> pd.DataFrame:
        """A row a parameter and reader."""
        return inference.posterior_table(self.calibration, self.inferred)

    @cached_property
    def statistics(self) -> pd.DataFrame:
        """A row a statistic: prior and posterior predictive checks."""
        return inference.statistics_table(self.calibration, self.inferred.table, self.predicted)

    @cached_property
    def importances(self) -> pd.DataFrame:
        """A row a parameter, a column a statistic."""
        return inference.importances_table(self.calibration, self.inferred)

    @cached_property
    def rulebooks(self) -> pd.DataFrame | None:
        """A row a rulebook."""
        return None if self.told is None else inference.rulebooks_table(*self.told)

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        found = {
            "histories": len(self.inferred.table.units),
            "failed": self.inferred.table.failed,
            "misfit": self.inferred.misfit,
            "posterior": self.posterior.to_dict("records"),
            "statistics": self.statistics.to_dict("records"),
        }
        if self.rulebooks is not None:
            found["rulebooks"] = self.rulebooks.to_dict("records")
        return found


def _aligned(rows: Sequence[Sequence[str]], least: tuple[int, ...]) -> list[str]:
    """Return rows as lines, their columns so wide at least, and wider where it takes more; of a negative width: to the left."""
    longest = [1 + max(len(row[k]) for row in rows) for k in range(len(least))]
    wide = [(max(abs(w), n), w < 0) for w, n in zip(least, longest, strict=True)]
    return ["".join(f"{cell:{'<' if left else '>'}{w}}" for cell, (w, left) in zip(row, wide, strict=True)).rstrip() for row in rows]


def text(found: Found) -> str:
    """Return what was found as text: posterior, what is not known, checks, rulebooks."""
    inferred, n = found.inferred, len(found.inferred.table.units)
    planted = len(inferred.ranks[FOREST])
    lines = [
        f"{found.calibration.spec.title or found.calibration.spec.name}",
        f"{n:,} histories of the prior, {inferred.table.failed:,} failed; {len(inferred.draws.rows):,} nearest adjusted; {planted:,} planted",
        f"{inferred.misfit:.0%} of planted histories lie as far from their neighbours as the observed one, or farther",
        *([f"Recalibrated by the ranks of {inferred.taught:,} further planted histories"] if inferred.taught else []),
        "",
    ]
    head = "parameter|prior|median|  90 % by forest|90 % by regression|narrowed|on average|explained|in 50 %|in 90 %|  ranks"
    rows = [head.split("|")]
    by = {(row["parameter"], row["reader"]): row for row in found.posterior.to_dict("records")}
    for f in found.calibration.factors:
        a, b = by[f.name, FOREST], by[f.name, REGRESSION]
        bad = [reader for reader, row in ((FOREST, a), (REGRESSION, b)) if row["ranks_outside"]]
        forest, regression = (f"[{exact(row['q05'])}, {exact(row['q95'])}]" for row in (a, b))
        ranks = f"not uniform: {', '.join(bad)}" if bad else "uniform"
        shares = (f"{a['narrowed']:.0%}", f"{a['narrowed_mean']:.0%}", f"{a['explained']:.2f}", f"{a['covered_50']:.0%}", f"{a['covered_90']:.0%}")
        rows.append([f.name, between(f.low, f.high), exact(a["q50"]), f"  {forest}", regression, *shares, f"  {ranks}"])
    lines += _aligned(rows, (-22, -22, 9, -24, -22, 9, 11, 10, 9, 9, -1))
    silent = [f.name for f, m in zip(found.calibration.factors, inferred.marginals, strict=True) if m.explained < LEAST_EXPLAINED]
    lines += ["", f"The statistics do not tell (under {LEAST_EXPLAINED:.0%} of variance explained): {', '.join(silent) or 'none'}."]
    lines += [f"Of {2 * len(inferred.marginals)} sets of uniform ranks, {0.1 * len(inferred.marginals):.1f} would look otherwise by chance."]
    lines += ["", f"{'parameter':<22}carried by (share of variance lost where it is shuffled)"]
    for row in found.importances.to_dict("records"):
        parts = sorted(((v, k) for k, v in row.items() if k != "parameter" and v >= 0.01), key=lambda x: (-x[0], x[1]))[:3]
        lines.append(f"{row['parameter']:<22}{'; '.join(f'{k} ({v:.2f})' for v, k in parts) or 'nothing'}")
    lines.append("")
    rows = [["statistic", "observed", "  prior 90 %", "below", "  posterior 90 %", "below"]]
    for r in found.statistics.to_dict("records"):
        prior, after = (f"[{exact(r[f'{w}_q05'], 3)}, {exact(r[f'{w}_q95'], 3)}]" for w in ("prior", "posterior"))
        name = r["fact"] + (" (log)" if r["scale"] == "log" else "")
        rows.append([name, exact(r["observed"], 3), f"  {prior}", f"{r['prior_below']:.0%}", f"  {after}", f"{r['posterior_below']:.0%}"])
    lines += _aligned(rows, (-58, 9, -22, 6, -22, 6))
    if found.told is not None and found.rulebooks is not None:
        names, told = found.told
        right = np.trace(told.confusion) / told.confusion.sum()
        lines += ["", f"{'rulebook':<28}{'votes':>7}{'probability':>13}{'its own told':>14}"]
        for k, row in enumerate(found.rulebooks.to_dict("records")):
            name = row["rulebook"] if k == 0 else f"without {row['rulebook']}"
            lines.append(f"{name:<28}{row['votes']:>7.0%}{row['probability']:>13.0%}{row[f'taken for {names[k]}']:>14.0%}")
        chosen = names[told.chosen] if told.chosen == 0 else f"without {names[told.chosen]}"
        by_chance = f"{right:.0%} of histories are told right, {1 / len(names):.0%} by chance"
        lines.append(f"Chosen: {chosen}, right with probability {told.confidence:.2f}; {by_chance}.")
    return "\n".join(lines)


def files(found: Found) -> dict[str, bytes]:
    """Return what was found as files by name: tables as CSV, the report, and points of the posterior as a design."""
    tables = {"posterior": found.posterior, "statistics": found.statistics, "importances": found.importances}
    tables["ranks"] = inference.ranks_table(found.calibration, found.inferred)
    if found.rulebooks is not None:
        tables["rulebooks"] = found.rulebooks
    texts = {f"{name}.csv": table.to_csv(index=False, float_format=DIGITS, lineterminator="\n") for name, table in tables.items()}
    texts |= {DRAWS: inference.draws_text(found.calibration, found.inferred), "report.txt": text(found) + "\n"}
    return {name: content.encode("utf-8") for name, content in texts.items()}


def write_figures(found: Found, folder: Path) -> list[Path]:
    """Draw what was found."""
    figures = {
        "posterior": posterior_figure(found.calibration, found.inferred),
        "ranks": ranks_figure(found.calibration, found.inferred),
        "importances": importances_figure(found.importances),
        "statistics": statistics_figure(found.calibration, found.statistics),
    }
    if found.rulebooks is not None:
        figures["rulebooks"] = rulebooks_figure(found.rulebooks)
    paths = []
    with mpl.rc_context(STYLE):
        for name, drawn in figures.items():
            for form in ("png", "svg"):
                paths.append(folder / f"{name}.{form}")
                drawn.savefig(paths[-1], metadata={"Date": None} if form == "svg" else None)
    return paths
