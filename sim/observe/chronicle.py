"""A history as a historian's page: date, who, what, why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.observe.annals import katibas_told, small_groups_told, years_of
from sim.observe.history import History
from sim.observe.names import in_text
from sim.observe.outcome_words import or_none
from sim.observe.sentences import counted, ended, in_full, number, shares, tell, why
from sim.observe.weight import Weight, of_weight
from sim.scenario.schema import TimelineEntry
from sim.scenario.timeline import in_force, month_index
from sim.world import codes
from sim.world.build import identity
from sim.world.layout import CAUSES

MAJOR = (
    codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.DEPARTURE, codes.SURRENDER, codes.RETURN, codes.MERGER, codes.BRAND_CHANGE, codes.SUCCESSION,
    codes.ALLIANCE_MADE, codes.ALLIANCE_BROKEN, codes.CAPTURE, codes.ENDING, codes.BROKER_GROUP, codes.ENTERED, codes.FOUNDING, codes.PURGE,
    codes.OFFER,
)  # fmt: skip
"""Events that a chronicle tells one by one, where they concern an organisation of weight; the others are told by the year."""
_MAKING = (
    codes.SPLINTER, codes.AUTONOMY, codes.PLEDGE, codes.RETURN, codes.MERGER, codes.ENDING, codes.BROKER_GROUP, codes.ENTERED, codes.FOUNDING,
    codes.BRAND_CHANGE,
)  # fmt: skip
"""Those of them by which an organisation comes to be, goes over to somebody, or ceases to be."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the chronicle: date, what happened, and why; ``kind`` is the event's, ``world``, ``record`` or ``year``.

    ``causes`` are all that is recorded, each with its share; ``why`` tells the largest. Both are empty where no cause is recorded.
    """

    date: str
    month: int
    kind: str
    text: str
    why: str = ""
    causes: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.date}  {self.text}" + (f" — {self.why}" if self.why else "")


def told(history: History, weight: Weight) -> np.ndarray[Any, Any]:
    """Return which events of the log a chronicle tells one by one: the major ones of who is near, and how others of weight begin, join and end.

    Args:
        history: Whose log.
        weight: Who has weight (see :func:`sim.observe.weight.of_weight`).
    """
    log = history.log
    near, any_weight = (
        np.isin(log["organisation"], list(those)) | np.isin(log["other"], list(those)) | (log["organisation"] < 0)
        for those in (weight.near, weight.all)
    )
    return (np.isin(log["kind"], MAJOR) & near) | (np.isin(log["kind"], _MAKING) & any_weight)


def _world(history: History) -> Iterator[Entry]:
    """The exogenous events of the scenario's timeline; of one that means somebody also whether this history has him."""
    for entry in in_force(history.scenario):
        t = month_index(history.scenario, entry.date)
        until = f" (to {history.date(min(t + entry.months, history.months) - 1)})" if entry.months > 1 else ""
        label = entry.label or f"{entry.event} {entry.target}".strip()
        yield Entry(entry.date, t, "world", f"[{label}]{until}{struck(history, entry)}")


def struck(history: History, entry: TimelineEntry) -> str:
    """Tell whom a dated event finds in this history, if it names somebody and not only a state, a region or a force.

    A dated death knows no man of the record: the strike falls on whoever leads then. An amnesty or a truce is open to all in its state; if its label
    names a group, that group may be gone, or not be there yet.
    """
    if entry.event in ("amnesty", "peace"):
        return " ".join(["", *_missed(history, entry)])
    if entry.event != "leader_death":
        return ""
    target, t = entry.target, month_index(history.scenario, entry.date)
    who = identity("organisation", target)
    log = history.log[(history.log["kind"] == codes.SUCCESSION) & (history.log["organisation"] == who)]
    fallen = log[(log["month"] == t) & (log["detail"] == 1)]
    falls = f" The strike falls on whoever leads {in_text(target)} then: in this history"
    if len(fallen):
        return f"{falls} on {history.names.told(int(fallen[0]['other']), t)}."
    o = history.tables["organisation"][min(t, history.months)]
    stood = o["alive"][o["identity"] == who]
    return f"{falls} on nobody, for the office {'is empty' if len(stood) and stood[0] else 'is gone with its organisation'}."


def _missed(history: History, entry: TimelineEntry) -> Iterator[str]:
    """Tell of each organisation whom an entry's label names and that does not stand when it begins."""
    t = min(month_index(history.scenario, entry.date), history.months)
    o = history.tables["organisation"][max(t, 0)]
    for spec in history.scenario.organisations:
        if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", entry.label) for name in (spec.name, spec.renamed) if name):
            continue
        who = identity("organisation", spec.name)
        row = np.flatnonzero(o["identity"] == who)
        if not len(row) or o["alive"][row[0]] == 1:
            continue
        over = int(o["ended"][row[0]])
        name = history.names.told(who, t)
        if over < 0:
            yield f"It finds nobody of {name} yet."
        else:
            yield f"It finds nobody of {name} any more: in this history {ended(name, int(o['ending'][row[0]]))} in {in_full(history.date(over))}."


def _record(history: History) -> Iterator[Entry]:
    """What the sources say happened, which the model knows nothing of."""
    for fact in history.scenario.record:
        # Some facts last, and of some the month is uncertain: a reader must not hold the model to a date that nobody knows.
        until = f" between then and {fact.until}" if fact.until else ""
        who = f" to {fact.who}" if fact.who and fact.who not in fact.what else ""
        text = f"{{What happened{who}{until}: {fact.what} ({fact.source})}}"
        yield Entry(fact.date, month_index(history.scenario, fact.date), "record", text)


def _years(history: History, events: np.ndarray[Any, Any]) -> Iterator[Entry]:
    """What happened by the year: the followed lineage and its small events, and how many local groups arose and ended that are not told of by name.

    Args:
        history: Which.
        events: Whether each event of the log is told one by one.
    """
    gone = False
    for year in years_of(history, events):
        told = []
        if year.katibas:
            low = f" ({number(year.dormant)} lying low)" if year.dormant else ""
            told.append(f"The lineage was {year.strength:,.0f} strong in {counted(year.katibas, 'katiba')}{low}.")
        elif not gone:
            told.append("The lineage was gone.")
        gone = not year.katibas
        told += [words for words in (katibas_told(year), small_groups_told(year)) if words]
        if told:
            yield Entry(year.date, year.last, "year", " ".join(told))


def chronicle(history: History) -> list[Entry]:
    """Return the chronicle of a history.

    Major events of organisations of weight (:mod:`sim.observe.weight`) stand one by one, with what drove them; changes of means are told of the
    organisation that is followed; small events and small groups are told by the year. Exogenous events stand in brackets, what the sources say
    happened in braces.

    Returns:
        Entries in order of time; within a month the world's events first, then the record, then the group's, then the year's summary.
    """
    major = told(history, of_weight(history))
    entries = [*_world(history), *_record(history)]
    means = (history.log["kind"] == codes.MEANS_CHANGE) & (history.log["organisation"] == history.focus)
    for event in history.log[major | means]:
        t = int(event["month"])
        entries.append(Entry(history.date(t), t, codes.EVENTS[int(event["kind"])], tell(history, event), why(event), shares(event)))
    order = {"world": 0, "record": 1, "year": 3}
    entries += _years(history, major)
    entries.sort(key=lambda e: (e.month, order.get(e.kind, 2)))
    return entries


def as_json(history: History) -> dict[str, Any]:
    """Return a history as plain data.

    That is: provenance, outcomes, lineages and fates, events with their causes, the chronicle, what a page about it opens and ends with, the record,
    violence, and yearly and monthly series.

    It does not depend on the engine or on threads, so the same history gives the same text.
    """
    from sim.observe.summary import ending, opening  # which read the chronicle

    events, years = history.events(), history.years().astype(object)
    cause_columns = [f"cause: {cause}" for cause in CAUSES]
    records = []
    for row in events.to_dict("records"):
        causes = {cause: row.pop(column) for cause, column in zip(CAUSES, cause_columns, strict=True)}
        row["causes"] = {cause: share for cause, share in causes.items() if share > 0.0}
        records.append(row)
    return {
        "provenance": history.provenance,
        "outcomes": or_none(history.outcomes),
        "lineages": history.lineages().to_dict("records"),
        "fates": history.fates().to_dict("records"),
        "events": records,
        "opening": opening(history),
        "ending": ending(history),
        "chronicle": [{"date": e.date, "kind": e.kind, "text": e.text, "why": e.why} for e in chronicle(history)],
        "record": [fact.model_dump() for fact in history.scenario.record],
        "violence": history.violence().to_dict("list"),
        "years": years.where(years.notna(), None).to_dict("list"),
        "presence": history.presence().to_dict("list"),
        "series": {table: history.series(table).to_dict("list") for table in ("organisation", "region", "community", "elite", "force")},
    }
