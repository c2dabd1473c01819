"""What the command prints of ensembles and comparisons: plain text, and the same as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.observe.chronicle import Entry
from sim.observe.ensemble import interval
from sim.observe.outcome_words import NEVER, in_full
from sim.observe.turns import WITHIN, Met, Turns
from sim.scenario.numbers import span, told
from sim.world.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.whatif import WhatIf


def outcome_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row per outcome of an ensemble: mean with its 95 % bootstrap interval, range, unit and meaning.

    Of an outcome that may never happen, these are among the runs in which it does, and ``share`` is theirs of all.
    """
    rows = []
    for name, unit, _ in OUTCOMES:
        values = frame[name].dropna().to_numpy()
        mean, low, high = interval(values) if len(values) else (None, None, None)
        span = {"min": float(values.min()), "max": float(values.max())} if len(values) else {"min": None, "max": None}
        happens = {"share": len(values) / len(frame)} if name in NEVER else {}
        rows.append({"outcome": name, "mean": mean, "low": low, "high": high, **span, "unit": unit, "meaning": in_full(name), **happens})
    return rows


def outcome_text(rows: list[dict[str, Any]]) -> str:
    """Return those rows as a table."""
    lines = [f"{'outcome':<24}{'mean':>12}  {'95 % interval of the mean':<28}{'range':<24}unit"]
    for r in rows:
        among = f", where it happens: in {r['share']:.1%} of histories" if "share" in r else ""
        if r["mean"] is None:
            lines.append(f"{r['outcome']:<24}{'never':>12}")
            continue
        reach, about = f"{told(r['min'])} to {told(r['max'])}", span(r["low"], r["high"])
        lines.append(f"{r['outcome']:<24}{told(r['mean']):>12}  {about:<28}{reach:<24}{r['unit']}{among}")
    return "\n".join(lines)


def turn_data(found: Turns) -> dict[str, Any]:
    """Return how often the turns of a record are met, as plain data; shares are of histories, ``by_chance`` of events placed evenly over the run."""
    entries = [{**turn.fact.model_dump(), **_met(met)} for turn, met in zip(found.turns, found.met, strict=True)]
    return {
        "within_months": WITHIN,
        "histories": found.histories,
        "entries": entries,
        "two_fragmentations": None if found.two is None else _met(found.two),
    }


def _met(met: Met) -> dict[str, float]:
    return {"share": met.share, "low": met.low, "high": met.high, "by_chance": met.chance}


def turn_text(found: Turns) -> str:
    """Return the same as a table: a line a turn."""

    def line(date: str, event: str, met: Met, what: str) -> str:
        return f"{date:<20}{event:<15}{met.share:>6.1%}  [{met.low:>5.1%}, {met.high:>6.1%}]  {met.chance:>9.1%}  {what}"

    lines = [
        f"What happened, and the share of {found.histories} histories in which such an event befalls the followed lineage within {WITHIN} months",
        "(each fact met by an event of its own; by chance: as many such events, placed evenly over the run):",
        "",
        f"{'date':<20}{'event':<15}{'share':>6}  {'95 % interval':<15}  {'by chance':>9}  what happened",
    ]
    for turn, met in zip(found.turns, found.met, strict=True):
        date = turn.fact.date + (f" to {turn.fact.until}" if turn.fact.until else "")
        lines.append(line(date, str(turn.fact.event), met, turn.fact.what))
    if found.two is not None:
        among = sum(turn.fragmentation for turn in found.turns)
        lines.append(line("", "two or more", found.two, f"of the {among} fragmentations above, in one history"))
    return "\n".join(lines)


def _plain(entries: list[Entry]) -> list[dict[str, str]]:
    return [{"date": e.date, "kind": e.kind, "text": e.text, "why": e.why} for e in entries]


def what_if_data(found: WhatIf) -> dict[str, Any]:
    """Return a what-if as plain data."""
    return {
        "before": found.before.provenance,
        "after": found.after.provenance,
        "first_difference": None if found.first is None else found.before.date(found.first),
        "columns": found.columns,
        "gone": _plain(found.gone),
        "new": _plain(found.new),
        "moved": [{**_plain([one])[0], "to": other.date} for one, other in found.moved],
        "changed": [{**_plain([one])[0], "to": other.text} for one, other in found.changed],
        "outcomes": {
            name: {column: None if value != value else value for column, value in row.items()}
            for name, row in found.outcomes().to_dict("index").items()
        },
    }


def what_if_text(found: WhatIf) -> str:
    """Return a what-if as text: when the histories part, which events follow, which outcomes differ."""
    from sim.study.whatif import both

    if found.first is None:
        return "Nothing differs: the two histories are the same to the last bit."
    columns = ", ".join(found.columns[:6]) + (" …" if len(found.columns) > 6 else "")
    lines = [f"The two histories first differ in {found.before.date(found.first)}, in {len(found.columns)} state variables: {columns}"]
    for title, entries in (("No longer happens", found.gone), ("Happens instead", found.new)):
        lines += ["", f"{title} ({len(entries)}):", *(f"  {entry}" for entry in entries)]
    lines += ["", f"Happens in another month ({len(found.moved)}):", *(f"  {one} (now {other.date})" for one, other in found.moved)]
    lines += ["", f"Happens in both, but otherwise ({len(found.changed)}):", *(f"  {both(*pair)}" for pair in found.changed)]
    lines += ["", f"{'Outcomes that differ:':<26}{'before':>12}{'after':>12}{'difference':>12}"]
    differ = found.outcomes()
    for name, (before, after, difference) in zip(differ.index, differ.to_numpy(float), strict=True):
        scale = max(abs(before), abs(after))
        # Sums of the same numbers in another order differ in their last digits; nobody needs to read of it.
        if told(difference, scale) != "0":
            apart = "" if math.isnan(difference) else told(difference, scale, sign=True)
            lines.append(f"  {name:<24}{told(before):>12}{told(after):>12}{apart:>12}")
    return "\n".join(lines)
