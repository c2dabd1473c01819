"""What if: one event of the timeline taken out or moved, and the same world with it and without it, under the same draws."""

from __future__ import annotations

from typing import Any

from sim.classroom.playback import playback
from sim.classroom.worlds import draft
from sim.observe.chronicle import Entry
from sim.observe.names import ordinal
from sim.observe.outcome_words import in_full
from sim.scenario.schema import TimelineEntry
from sim.scenario.timeline import month_count, month_index, month_label
from sim.study.whatif import WhatIf, both, what_if
from sim.world.outcomes import OUTCOMES

TOLD = ("survived", "root_survived", "strength_end", "fragmentations", "returns", "mergers", "alliances_made", "attacks", "severity", "grievance_end")
"""Outcomes that the page sets side by side."""

WORDS = {
    "alliance": "alliances",
    "broker": "notables",
    "community": "communities",
    "elite": "political elites",
    "emir": "the emirs",
    "force": "the security forces",
    "organisation": "organisations and their leaderships",
    "region": "regions",
    "smuggler": "smugglers",
    "tie": "ties with communities",
}
"""What the tables of the model are in a lecture."""


def events(scenario: str) -> list[dict[str, Any]]:
    """Return the entries of a scenario's timeline, in the order in which changes count them: kind, label, month, date, length, whether it moves."""
    loaded = draft(scenario).scenario()
    return [
        {"index": n, "kind": e.event, "label": named(e), "month": month_index(loaded, e.date), "date": e.date, "months": e.months}
        for n, e in enumerate(loaded.timeline)
    ]


def named(entry: TimelineEntry) -> str:
    """Return what an entry is called."""
    return entry.label or f"{entry.event.replace('_', ' ')}{' · ' + entry.target if entry.target else ''}"


def change_of(scenario: str, index: int, shift: int | None) -> str:
    """Return the change, as the command line writes it, that takes an entry out (``shift`` is None) or moves it by so many months.

    Raises:
        ValueError: If there is no such entry, or it would leave the scenario's span.
    """
    loaded = draft(scenario).scenario()
    if not 0 <= index < len(loaded.timeline):
        raise ValueError(f"{loaded.name} has no {ordinal(index + 1) if index > 0 else 'such'} event; it has {len(loaded.timeline)}")
    if shift is None:
        return f"timeline.{index}.magnitude=0"
    month = month_index(loaded, loaded.timeline[index].date) + shift
    if not 0 <= month < month_count(loaded):
        raise ValueError(f"moved by {shift} months, {named(loaded.timeline[index])!r} would leave {loaded.start} to {loaded.end}")
    return f"timeline.{index}.date={month_label(loaded, month)}"


def twin(scenario: str, index: int, shift: int | None, seed: int, replicate: int) -> dict[str, Any]:
    """Return a history and the same history with one event taken out or moved.

    Args:
        scenario: Shipped name or path.
        index: Number of the entry in the timeline.
        shift: Months to move it by, or None to take it out.
        seed: Seed of both.
        replicate: Replicate of both.

    Returns:
        ``before`` and ``after`` as :func:`sim.classroom.playback.playback` has them; ``first``, the month at whose end the two first differ, or
        None; ``where``, what differs then; ``gone`` and ``new``, major events that only one of them has; ``moved``, those
        that come in another month; ``outcomes``; ``command``.

    Raises:
        ValueError: See :func:`change_of`.
    """
    change = change_of(scenario, index, shift)
    found = what_if(scenario, (change,), seed=seed, replicate=replicate)
    units = {name: (unit, in_full(name)) for name, unit, _ in OUTCOMES}
    return {
        "before": playback(found.before),
        "after": playback(found.after),
        "first": None if found.first is None else found.first + 1,
        "date": None if found.first is None else found.before.date(found.first),
        "where": _where(found),
        "gone": [_told(e) for e in found.gone],
        "new": [_told(e) for e in found.new],
        "moved": [{**_told(one), "to": other.date} for one, other in found.moved],
        "changed": [{**_told(one), "text": both(one, other).removeprefix(f"{one.date}  ")} for one, other in found.changed],
        "outcomes": [
            {
                "name": name,
                "unit": units[name][0],
                "meaning": units[name][1],
                "before": found.before.outcomes[name],
                "after": found.after.outcomes[name],
            }
            for name in TOLD
        ],
        "command": f"dilemma whatif {scenario} --seed {seed} --replicate {replicate} --change {change}",
    }


def _where(found: WhatIf) -> list[str]:
    """Return in words what differs first."""
    return sorted({WORDS[column.split(".")[0]] for column in found.columns})


def _told(entry: Entry) -> dict[str, Any]:
    return {"month": entry.month + 1, "date": entry.date, "kind": entry.kind, "text": entry.text}
