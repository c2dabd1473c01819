"""What a run writes: the chronicle, the figure, tidy tables and the provenance, into one directory."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill

from sim.observe.history import KEPT, History
from sim.observe.story import years_in_prose
from sim.observe.summary import ending, opening
from sim.observe.weight import of_weight
from sim.show.history_figure import save

CHRONICLE, FIGURE, PROVENANCE = "chronicle.txt", "history.png", "provenance.json"

WIDTH = 100
"""Letters of a line of the chronicle."""
KEY = (
    "In [brackets] stands what the scenario gives, in {braces} what the sources say happened. All else the model brought forth by itself, and what "
    "drove an event stands behind it, with its share, in (parentheses)."
)


def heading(history: History) -> str:
    """Return the heading of a chronicle: title, span, seed, and how to run it again."""
    title = history.scenario.title or history.scenario.name
    return f"{title}\n{history.scenario.start} to {history.scenario.end}; seed {history.seed}, replicate {history.replicate}"


def closing(history: History) -> str:
    """Return the closing lines of a chronicle: what kind of history it was, and what became of every organisation of weight."""
    weight = of_weight(history)
    lines = [_wrapped(ending(history)), "", "What became of them:"]
    lineages = history.lineages()
    told = lineages["organisation_id"].isin(weight.all)
    for row in lineages[told].to_dict("records"):
        # What is counted within a month may fall short of what there is at its end.
        most = max(row["peak_strength"], row["strength_end"])
        into = f" into {row['heir']}" if row["heir"] else ""
        fate = f"ended by {row['ending']}{into} in {row['end']}" if row["end"] else f"stands with {row['strength_end']:,.0f}"
        origin = "" if row["origin"] == "founded" else f", {row['origin']}" + (f" from {row['parent']}" if row["parent"] else "")
        lines.append(f"  {row['organisation']} ({row['kind']}, from {row['start']}{origin}): {fate}; at most {most:,.0f}")
    rest = lineages[~told]
    if len(rest):
        stand, most = (rest["end"] == "").sum(), rest["peak_strength"].max()
        lines.append(f"  {len(rest)} smaller groups: {stand} stand, {len(rest) - stand} are gone; the largest had {most:,.0f}")
    return "\n".join(lines)


def text(history: History) -> str:
    """Return a history as prose, wrapped: an opening, then year after year; what is given in brackets, what the sources say happened in braces."""
    parts = [_wrapped(opening(history)), _wrapped(KEY)]
    for year in years_in_prose(history):
        first, *rest = year.prose or ("",)
        # A quiet year is a line; a full one has its year above its paragraphs.
        parts.append(_wrapped(f"{year.year}  {first}".rstrip()))
        parts += [_wrapped(words) for words in rest]
        if year.given:
            parts.append(_wrapped(f"[Given: {' '.join(year.given)}]", "    "))
        if year.record:
            parts.append(_wrapped(f"{{Record: {' '.join(year.record)}}}", "    "))
    return "\n\n".join(parts)


def _wrapped(words: str, indent: str = "") -> str:
    return fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def write(history: History, directory: Path, replicates: int) -> list[Path]:
    """Write a history into a directory, made if need be; each file is written under a temporary name and renamed.

    Args:
        history: What to write.
        directory: Where to; files of an earlier run there are replaced.
        replicates: Replicates behind the figure's bands.

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

    page = "\n\n".join([heading(history), text(history), closing(history)]) + "\n"
    put(CHRONICLE, lambda p: p.write_text(page, encoding="utf-8"))
    put("events.csv", lambda p: history.events().to_csv(p, index=False))
    put("lineages.csv", lambda p: history.lineages().to_csv(p, index=False))
    put("fates.csv", lambda p: history.fates().to_csv(p, index=False))
    put("presence.csv", lambda p: history.presence().to_csv(p, index=False))
    years = history.years()
    put("years.csv", lambda p: years.to_csv(p, index=False))
    put("years.parquet", lambda p: years.to_parquet(p, index=False))
    put("violence.parquet", lambda p: history.violence().to_parquet(p, index=False))
    for table in KEPT:
        put(f"{table}.parquet", lambda p, table=table: history.series(table).to_parquet(p, index=False))
    put("outcomes.json", lambda p: p.write_text(json.dumps(history.outcomes, indent=2) + "\n", encoding="utf-8"))
    put(PROVENANCE, lambda p: p.write_text(json.dumps(history.provenance, indent=2) + "\n", encoding="utf-8"))
    # Last, because its bands take longest: whoever does not wait for them has all the rest.
    put(FIGURE, lambda p: save(history, p, replicates))
    return written
