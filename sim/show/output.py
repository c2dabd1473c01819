"""What a run writes: the chronicle, the figure, tidy tables and the provenance, into one directory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from sim.observe import tables as tidy
from sim.observe.history import KEPT, History
from sim.observe.outcome_words import or_none
from sim.observe.summary import ending, opening
from sim.observe.weight import of_weight
from sim.scenario.overriding import slug
from sim.show.history_figure import save

CHRONICLE, FIGURE, OUTCOMES, PROVENANCE = "chronicle.txt", "history.png", "outcomes.json", "provenance.json"
TIDY = {table.__name__: table for table in (tidy.events, tidy.lineages, tidy.fates, tidy.presence, tidy.years)}
"""Tables that are written as CSV, by the name of their file."""
REQUEST = ("scenario", "scenario_sha256", "seed", "replicate", "replicates")
"""What of a provenance says which run was asked for: the same one, by another version of the rulebook, takes its place."""


class OtherRunError(ValueError):
    """A directory holds another run than the one that is to be written there."""


WIDTH = 100
"""Letters of a line of the chronicle."""
KEY = (
    "In [brackets] stands what the scenario gives, in {braces} what the sources say happened. All else the model brought forth by itself, and what "
    "drove an event stands behind it, with its share, in (parentheses)."
)


def heading(history: History) -> str:
    """Return the heading of a chronicle: title, span, seed, and what was changed for this run."""
    lines = [
        history.scenario.title or history.scenario.name,
        f"{history.scenario.start} to {history.scenario.end}; seed {history.seed}, replicate {history.replicate}",
    ]
    return "\n".join([*lines, *(f"Changed: {change}" for change in history.changes)])


def closing(history: History) -> str:
    """Return the closing lines of a chronicle: what kind of history it was, and what became of every organisation of weight."""
    weight = of_weight(history)
    lines = [_wrapped(ending(history)), "", "What became of them:"]
    rest = []
    for row in tidy.records(tidy.lineages(history)):
        if row["organisation_id"] not in weight.all:
            rest.append(row)
            continue
        into = f" into {row['heir']}" if row["heir"] else ""
        fate = f"ended by {row['ending']}{into} in {row['end']}" if row["end"] else f"stands with {row['strength_end']:,.0f}"
        origin = "" if row["origin"] == "founded" else f", {row['origin']}" + (f" from {row['parent']}" if row["parent"] else "")
        lines.append(f"  {row['organisation']} ({row['kind']}, from {row['start']}{origin}): {fate}; at most {row['peak_strength']:,.0f}")
    if rest:
        lines.append(f"  {others(rest)}")
    return "\n".join(lines)


def others(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how many organisations are not told of by name, how many of them stand and what the largest had, from their lines of the lineages."""
    stand, most = sum(not row["end"] for row in rows), max(row["peak_strength"] for row in rows)
    gone = len(rows) - stand
    if len(rows) == 1:
        return f"1 other group, which {'stands' if stand else 'is gone'}; at most {most:,.0f}"
    fates = [f"{n} {one if n == 1 else many}" for n, one, many in ((stand, "stands", "stand"), (gone, "is gone", "are gone")) if n]
    fate = ("all stand" if stand else "all are gone") if len(fates) == 1 else ", ".join(fates)
    return f"{len(rows)} other groups: {fate}; the largest of these had at most {most:,.0f}"


def text(history: History) -> str:
    """Return a history as prose, wrapped: an opening, then year after year; what is given in brackets, what the sources say happened in braces."""
    parts = [_wrapped(opening(history)), _wrapped(KEY)]
    for year in history.story:
        first, *rest = year.prose or ("",)
        # A quiet year is a line; a full one has its year above its paragraphs.
        parts.append(_wrapped(f"{year.year}  {first}".rstrip()))
        parts += [_wrapped(words) for words in rest]
        if year.given:
            parts.append(_wrapped(f"[Given: {' '.join(year.given)}]", "    "))
        if year.record:
            parts.append(_wrapped(f"{{Record: {' '.join(year.record)}}}", "    "))
    return "\n\n".join(parts)


def page(history: History) -> str:
    """Return the chronicle: its heading, the history as prose, what became of everybody."""
    return "\n\n".join([heading(history), text(history), closing(history)])


def _wrapped(words: str, indent: str = "") -> str:
    return fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def folder_name(scenario: str, changes: Sequence[str], seed: int, replicate: int = 0) -> str:
    """Return the name of a run's directory: a run with something changed has one of its own."""
    changed = slug(changes)
    return f"{scenario}{changed and '-'}{changed}-seed-{seed}" + (f"-replicate-{replicate}" if replicate else "")


def claim(directory: Path, source: Mapping[str, Any]) -> None:
    """See that a directory holds no other run than the one to be written.

    Args:
        directory: Where the run is to be written; it need not be there.
        source: The run's provenance.

    Raises:
        OtherRunError: If another run is there, or a file that a run would replace and nobody says where it is from.
    """
    try:
        there = json.loads((directory / PROVENANCE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        found = [name for name in (CHRONICLE, FIGURE, OUTCOMES) if (directory / name).exists()]
        if found:
            raise OtherRunError(f"{directory} has a {found[0]} that is not known to be of this run") from None
        return
    except ValueError:
        there = {}
    if not isinstance(there, dict) or any(there.get(key) != source.get(key) for key in REQUEST):
        told = there if isinstance(there, dict) else {}
        words = [str(told.get("scenario", "of what is unknown")), f"seed {told.get('seed', 'unknown')}", *(told.get("changes") or ())]
        if all(told.get(key) == source.get(key) for key in (*REQUEST, "changes") if key != "scenario_sha256"):
            words.append("from before the scenario was edited")
        raise OtherRunError(f"{directory} holds another run ({', '.join(words)})")


def write(history: History, directory: Path, replicates: int, tables: bool = False) -> list[Path]:
    """Write a history into a directory, made if need be; each file is written under a temporary name and renamed.

    Args:
        history: What to write.
        directory: Where to; files that are there are replaced (see :func:`claim`).
        replicates: Replicates behind the figure's bands.
        tables: Whether to write every state variable of everybody month by month as well, and the log of violence: a dozen Parquet files.

    Returns:
        Paths written.

    Raises:
        OSError: If the directory cannot be made or written to.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = []

    def put(name: str, make: object) -> None:
        path = directory / name
        temporary = directory / f".{path.stem}.tmp{path.suffix}"
        try:
            make(temporary)  # type: ignore[operator]
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        written.append(path)

    # First, so that what is left of a run that was stopped says whose it is.
    put(PROVENANCE, lambda p: p.write_text(json.dumps(history.provenance, indent=2) + "\n", encoding="utf-8"))
    put(CHRONICLE, lambda p: p.write_text(f"{page(history)}\n", encoding="utf-8"))
    for name, columns in TIDY.items():
        put(f"{name}.csv", lambda p, columns=columns: tidy.write(columns(history), p))
    if tables:
        put("years.parquet", lambda p: history.years().to_parquet(p, index=False))
        put("violence.parquet", lambda p: history.violence().to_parquet(p, index=False))
        for table in KEPT:
            put(f"{table}.parquet", lambda p, table=table: history.series(table).to_parquet(p, index=False))
    put(OUTCOMES, lambda p: p.write_text(json.dumps(or_none(history.outcomes), indent=2) + "\n", encoding="utf-8"))
    # Last, because its bands take longest: whoever does not wait for them has all the rest.
    put(FIGURE, lambda p: save(history, p, replicates))
    return written
