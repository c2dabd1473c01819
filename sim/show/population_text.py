"""A population as text: what befell it, what its columns mean, and every fact in a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sim.evidence.following import Followed
from sim.evidence.life_courses import counted
from sim.evidence.sampling import GROUPS
from sim.scenario.numbers import alike

HEADINGS = ("fact", "verdict", "value", "95 % interval", "95 % range", "observed", "what")
KEY = f"""\
fact      its number in docs/population.md
verdict   met, missed: the range meets, or misses, what was observed of groups; shown, contrary, not shown: the interval lies above zero, as the
          literature has it, below zero, or on both sides; reported: on its sign the literature disagrees
interval  of the value, over settings; range: what a data set of {GROUPS} groups may show if the model is right; seeds are in facts.csv"""


def text(followed: Followed, rules: Iterable[str], rows: Sequence[Mapping[str, Any]], pairs: int) -> str:
    """Return a population as text.

    Args:
        followed: The population.
        rules: Inclusion rules under which its groups are counted.
        rows: A row a fact (see :func:`sim.show.population_figure.tables`).
        pairs: Leaders taken in trials.
    """
    c = followed.courses
    groups = ", ".join(f"{len(counted(c, rule).left):,} {rule}" for rule in rules)
    befell = ", ".join(f"{name} {values.sum():,.0f}" for name, values in followed.befell.items())
    lines = [
        f"{followed.seeds} seeds of {c.settings // followed.seeds} settings; groups: {groups}",
        f"in the {(c.last - c.first) // 12} years looked at: {befell}",
        f"leaders lost by groups that had struck: {len(followed.losses.age):,}; leaders taken in trials: {pairs:,}",
        *([f"in {c.full} settings every row for organisations was taken"] if c.full else []),
    ]
    return "\n".join([*lines, "", KEY, "", facts_text(rows)])


def facts_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return facts as a table with headings, a line a fact."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(HEADINGS) - 1)]
    aligned = (str.rjust, str.ljust, str.rjust, str.rjust, str.rjust, str.rjust)
    return "\n".join("  ".join([*(put(cell, width) for put, cell, width in zip(aligned, line, widths, strict=False)), line[-1]]) for line in cells)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    value, low, high, least, most = alike([row[name] for name in ("value", "low", "high", "least", "most")])
    observed = [row["observed_low"], row["observed_high"]]
    seen = "–".join(alike(observed)) if observed[0] == observed[0] else ""
    says = row["says"] if row["unit"] in ("1", "share") else f"{row['says']} ({row['unit']})"
    return str(row["fact"]), row["verdict"], value, f"[{low}, {high}]" if low else "", f"({least}, {most})" if least else "", seen, says
