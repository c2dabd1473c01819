"""What a run writes: the chronicle, the figure, tidy tables and the provenance, into one directory."""

from __future__ import annotations

import json
from pathlib import Path

from sim.observe.chronicle import Entry, chronicle
from sim.observe.history import KEPT, History
from sim.observe.weight import of_weight
from sim.show.history_figure import save

CHRONICLE, FIGURE, PROVENANCE = "chronicle.txt", "history.png", "provenance.json"


def heading(history: History) -> str:
    """Return the heading of a chronicle: title, span, seed, and how to run it again."""
    title = history.scenario.title or history.scenario.name
    return f"{title}\n{history.scenario.start} to {history.scenario.end}; seed {history.seed}, replicate {history.replicate}"


def closing(history: History) -> str:
    """Return the closing lines of a chronicle: what became of every organisation of weight, and the outcomes a reader asks for first."""
    x, weight = history.outcomes, of_weight(history)
    lines = ["What became of them:"]
    lineages = history.lineages()
    told = lineages["organisation_id"].isin(weight.all)
    for row in lineages[told].to_dict("records"):
        fate = (
            f"stands with {row['strength_end']:,.0f}"
            if not row["end"]
            else f"{row['ending']} {row['end']}" + (f" (into {row['heir']})" if row["heir"] else "")
        )
        origin = "" if row["origin"] == "founded" else f", {row['origin']}" + (f" from {row['parent']}" if row["parent"] else "")
        lines.append(f"  {row['organisation']} ({row['kind']}, from {row['start']}{origin}): {fate}; peak {row['peak_strength']:,.0f}")
    rest = lineages[~told]
    if len(rest):
        stand, most = (rest["end"] == "").sum(), rest["peak_strength"].max()
        lines.append(f"  {len(rest)} smaller groups: {stand} stand, {len(rest) - stand} are gone; the largest had {most:,.0f}")
    fate = f"survives, {x['outside_end']:.0%} of it outside its home state" if x["survived"] else "is gone"
    lines.append(
        f"Fragmentations {x['fragmentations']:.0f} (splinters {x['splinters']:.0f}, autonomy {x['autonomies']:.0f}, pledges {x['pledges']:.0f}, "
        f"departures {x['departures']:.0f}); returns {x['returns']:.0f}; mergers {x['mergers']:.0f}; "
        f"the followed lineage {fate}."
    )
    return "\n".join(lines)


def text(entries: list[Entry]) -> str:
    """Return a chronicle as text, a blank line between years."""
    lines: list[str] = []
    for entry in entries:
        if lines and lines[-1][:4] != entry.date[:4]:
            lines.append("")
        lines.append(str(entry))
    return "\n".join(lines)


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

    page = "\n\n".join([heading(history), text(chronicle(history)), closing(history)]) + "\n"
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
