"""What leaving each history out found: as text, as Markdown, and as files."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import matplotlib as mpl

from sim.evidence.left_out.asked import LeaveOneOut
from sim.evidence.left_out.told import ALL, FORECASTERS, NEAREST, PARAMETERS, PRIOR, Line, Told, over_all
from sim.show.left_out_figure import left_out_figure
from sim.show.markdown import table
from sim.show.style import STYLE

FIGURE = "leave-one-out"
_HEAD = ("history", "group", "forecaster", "questions", "log", "prior", "difference", "low", "high", "expected", "expected_low", "expected_high")


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        left: The histories.
        draws: Draws of the prior that came to an end in every history.
        told: What was said of each.
    """

    left: LeaveOneOut
    draws: int
    told: list[Told]

    @cached_property
    def lines(self) -> list[Line]:
        """Scores by history, group and forecaster; the means over histories last."""
        return [*(line for t in self.told for line in t.lines), *over_all(self.told, self.left.calibration.spec.seed)]


def _rows(found: Found) -> list[list[str]]:
    """Return the table: a row a history, group and forecaster; the prior stands in a column."""
    rows = []
    for n in found.lines:
        if n.forecaster != PRIOR:
            expected = f"{n.expected:+.3f} [{n.expected_low:+.3f}, {n.expected_high:+.3f}]" if n.forecaster == NEAREST else ""
            gained = f"{n.difference:+.3f} [{n.low:+.3f}, {n.high:+.3f}]"
            rows.append([n.history, n.group, n.forecaster, str(n.questions), f"{n.prior:.3f}", f"{n.log:.3f}", gained, expected])
    return rows


_TITLES = ("left out", "questions", "forecaster", "of", "prior", "log score", "less the prior's, 95 %", "expected, 90 %")


def _ranks(found: Found) -> list[str]:
    parameters = len(found.left.calibration.factors)
    told = {t.others: t.outside for t in found.told}
    return [f"Given {' and '.join(of)}: planted ranks of {outside} of {parameters} parameters leave their band." for of, outside in told.items()]


def text(found: Found) -> str:
    """Return what was found as text."""
    rows = [list(_TITLES), *_rows(found)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_TITLES))]
    lines = [found.left.spec.title or found.left.spec.name, f"{found.draws:,} draws of the prior, each run in {len(found.left.held)} histories", ""]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *_ranks(found), "Negative: better than the prior."])


def page_text(found: Found) -> str:
    """Return what was found as Markdown."""
    lines = [f"{found.draws:,} draws of the prior, each run in {len(found.left.held)} histories. Negative is better than the prior.", ""]
    return "\n".join([*lines, table(_TITLES, _rows(found)), "", " ".join(_ranks(found))])


def files(found: Found) -> dict[str, bytes]:
    """Return what was found as files by name: scores, questions with what was said of each, the report, and it as Markdown."""
    scores = [[_cell(getattr(n, key)) for key in _HEAD] for n in found.lines]
    asked = [
        [t.held.name, a.question.group, a.question.words, _cell(a.happened), *(_cell(float(t.chances[name][k])) for name in FORECASTERS)]
        for t in found.told
        for k, a in enumerate(found.left.questions[t.held.name])
    ]
    texts = {
        "scores.csv": _csv(_HEAD, scores),
        "questions.csv": _csv(("history", "group", "question", "happened", *FORECASTERS), asked),
        "report.txt": text(found) + "\n",
        "table.md": page_text(found) + "\n",
    }
    return {name: content.encode("utf-8") for name, content in texts.items()}


def write_figure(found: Found, folder: Path) -> list[Path]:
    """Draw what was found into a folder, as PNG and SVG."""
    drawn = left_out_figure([n for n in found.lines if n.forecaster != PRIOR], [*(t.held.name for t in found.told), ALL], PARAMETERS)
    paths = [folder / f"{FIGURE}.{form}" for form in ("png", "svg")]
    with mpl.rc_context(STYLE):
        for path in paths:
            drawn.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    return paths


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value)


def _csv(head: tuple[str, ...], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
